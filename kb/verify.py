"""Compares the library with its artefacts and its indexes, and mends what can be made anew.

Thrown away is only what a recipe makes again, and what killed writes left; damaged audio and
documents are named, with what to do.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from kb import indexes as kb_indexes
from kb import keeping, schema
from kb.errors import LibraryError, NotFoundError, SoundproofError
from kb.models import Filters

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping

    from kb.artefacts import ArtefactStore, Stored
    from kb.indexes import Indexes
    from kb.keeping import Owner
    from kb.library import SqlLibrary
    from kb.ports import VectorIndex, WordIndex

_ON_ITS_WAY = 3_600.0
"""Seconds for which a file that nothing names may still be on its way into the library."""
_MEND = "soundproof verify --mend"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong, and what to do where that has not been done."""

    what: str
    mend: str
    mended: bool = False
    harm: bool = True
    """False for what only takes room."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Looks at everything that is kept; with `mend` it repairs as it goes."""

    library: SqlLibrary
    store: ArtefactStore
    indexes: Callable[[], Indexes]
    mend: bool = False
    now: Callable[[], float] = time.time

    def run(self) -> Iterator[Fault]:
        """Yield each fault as it is found; where the database is damaged, that alone."""
        broken = list(self._database())
        yield from broken
        if broken:
            return
        spoilt = yield from self._artefacts()
        yield from self._documents(spoilt)
        yield from self._searchable()

    def _database(self) -> Iterator[Fault]:
        """Ask SQLite; PostgreSQL checks foreign keys by itself and has tools of its own."""
        restore = "soundproof restore BACKUP --force"
        try:
            with self.library.reading() as db:
                if db.dialect.name != "sqlite":
                    return
                said = [str(each) for each in db.scalars(sa.text("PRAGMA integrity_check"))]
                loose = db.execute(sa.text("PRAGMA foreign_key_check")).all()
        except LibraryError as error:
            yield Fault(str(error), restore)
            return
        yield from (
            Fault(f"The database is damaged: {each}", restore) for each in said if each != "ok"
        )
        if loose:
            yield Fault(f"{len(loose)} rows of the database belong to no other", restore)

    def _artefacts(self) -> Generator[Fault, None, Collection[str]]:
        """Check every file; give the ids of episodes whose files are damaged or missing."""
        with self.library.reading() as db:
            owners, recipes = keeping.owners(db), keeping.derivations(db)
            needed = keeping.named(db) | keeping.waiting(db, self.store)
        held = {each.name: each for each in self.store.held()}
        damaged = {name for name in held if not self._intact(name)}
        spoilt = sorted(damaged | ({*owners, *recipes.values()} - held.keys()))
        for name in spoilt:
            state = "damaged" if name in damaged else "missing"
            owner = owners.get(name)
            yield _of_an_episode(state, owner) if owner else self._made_anew(state, name, recipes)
        needed |= {part for recipe in recipes for part in recipe.split("|")[1:]}
        needed |= {*recipes.values(), *damaged}
        unnamed = (each for name, each in held.items() if name not in needed)
        yield from self._swept("that nothing needs", unnamed)
        yield from self._swept("that a killed write left", self.store.leftovers())
        return {owners[name].episode_id for name in spoilt if name in owners}

    def _intact(self, name: str) -> bool:
        try:
            return self.store.intact(name)
        except NotFoundError:  # deleted since it was listed
            return True

    def _made_anew(self, state: str, name: str, recipes: Mapping[str, str]) -> Fault:
        """Throw away what is only kept so as not to make it again."""
        if self.mend:
            with self.library.writing() as db:
                keeping.forget(db, (each for each in recipes if recipes[each] == name))
            if state == "damaged":
                self.store.remove(name)
        return Fault(f"What was made once is {state}: {name[:12]}…", _MEND, self.mend)

    def _swept(self, why: str, files: Iterable[Stored]) -> Iterator[Fault]:
        old = [each for each in files if each.modified < self.now() - _ON_ITS_WAY]
        if not old:
            return
        if self.mend:
            for each in old:
                self.store.remove(each.name)
        size = sum(each.size for each in old)
        yield Fault(f"{len(old)} files {why} take {size} bytes", _MEND, self.mend, harm=False)

    def _documents(self, spoilt: Collection[str]) -> Iterator[Fault]:
        for episode in self.library.episodes(Filters()):
            for tier in episode.tiers if episode.id not in spoilt else ():
                try:
                    self.library.document(episode.id, tier)
                except LibraryError as error:
                    yield Fault(str(error), _again(episode.id))

    def _searchable(self) -> Iterator[Fault]:
        """Check that both indexes hold every passage at the library's revision, and no others."""
        try:
            indexes = self.indexes()
        except SoundproofError as error:  # the rest could be looked at without a model
            yield Fault(f"The indexes cannot be looked at: {error}", error.hint)
            return
        yield from self._level("word", indexes.words)
        yield from self._level("vector", indexes.meaning)
        if self.mend:
            for _ in replace(indexes).catch_up():  # a copy trusts nothing that it saw before
                pass
            self._embed(indexes)

    def _level(self, name: str, index: WordIndex | VectorIndex) -> Iterator[Fault]:
        """Compare an index with the library; what is wrong is taken out, to be caught up with."""
        held, counts = index.held(), index.counts()
        wanted, passages = self.library.revisions(), self._passages()
        wrong = [
            each
            for each in sorted({*held, *wanted})
            if held.get(each) != wanted.get(each) or counts.get(each, 0) != passages.get(each, 0)
        ]
        if not wrong:
            return
        if self.mend:
            for each in wrong:
                index.remove(each)
        episodes = f"{len(wrong)} episodes, {wrong[0]} first" if len(wrong) > 1 else wrong[0]
        yield Fault(f"The {name} index is behind or wrong on {episodes}", _MEND, self.mend)

    def _passages(self) -> Mapping[str, int]:
        of = schema.passages.c.episode_id
        with self.library.reading() as db:
            counted = db.execute(sa.select(of, sa.func.count()).group_by(of))
            return {str(row[0]): int(row[1]) for row in counted}

    def _embed(self, indexes: Indexes) -> None:
        """Make the saved vectors that are missing, so that a rebuild need not."""
        for episode in self.library.episodes(Filters()):
            passages = self.library.passages_of(episode.id)
            kb_indexes.make_vectors(self.library, indexes.embedder, episode, passages)


def _of_an_episode(state: str, owner: Owner) -> Fault:
    return Fault(f"{owner.part} of {owner.episode_id} is {state}", _again(owner.episode_id))


def _again(episode_id: str) -> str:
    return f"soundproof delete {episode_id}, then add it again, or restore a backup"
