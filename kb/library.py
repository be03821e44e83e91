"""The record: SQLAlchemy 2 over SQLite (WAL) by default, PostgreSQL by URL.

An episode is written whole in one transaction: that is the commit point of its ingest. Each write
gives it the next revision; an index that holds a lower one is behind.
"""

import sqlite3
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256 as _sha256
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from kb import names, rows, schema, speakers
from kb.artefacts import ArtefactStore, FolderArtefacts, disk_full
from kb.errors import LibraryError, NewerLibraryError, NotFoundError
from kb.models import (
    Brief,
    Entry,
    Episode,
    Filters,
    Notes,
    Passage,
    Scope,
    Tier,
    Transcript,
    Unit,
)

_DOCUMENTS: dict[Tier, TypeAdapter[Any]] = {
    Tier.NOTES: TypeAdapter(Notes),
    Tier.BRIEF: TypeAdapter(Brief),
    Tier.TRANSCRIPT: TypeAdapter(Transcript),
}
_CHUNK = 5_000
"""Rows a statement: under the limits of SQLite and PostgreSQL on bound parameters."""


class SqlLibrary:
    """A `Library` in an SQL database, its files beside it in `folder`."""

    def __init__(self, url: str, folder: Path, artefacts: ArtefactStore | None = None) -> None:
        """Open the library, making or upgrading its tables; its files are in `folder` by default.

        Raises:
            NewerLibraryError: a later version of Soundproof wrote it.
            LibraryError: it cannot be opened.
        """
        self._folder = folder
        self._artefacts = artefacts or FolderArtefacts(folder / "artefacts")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._engine = _engine(url)
            try:
                self._upgrade()
            except BaseException:
                self.close()
                raise
        except (ImportError, OSError, SQLAlchemyError) as error:
            raise _unopened(folder, error) from error

    def close(self) -> None:
        """Let go of the database's connections."""
        self._engine.dispose()

    @property
    def artefacts(self) -> ArtefactStore:
        """Give the files that are kept by hash."""
        return self._artefacts

    # Writing

    def save(self, entry: Entry) -> bool:
        """Write an episode whole, replacing what was there; tell whether anything changed."""
        documents = {
            tier: self._artefacts.put(_DOCUMENTS[tier].dump_json(document))
            for tier, document in entry.documents.items()
        }
        with self.writing() as db:
            if rows.renamings(db, entry.episode.id):
                entry = _renamed(db, entry)
            changed = _put(db, entry, documents)
            rows.note_history(db, entry, documents, time.time())
        return changed

    def rename_again(self, db: Connection, episode_id: str) -> None:
        """Cut an episode's transcript anew: what people say of its speakers has changed.

        Raises:
            NotFoundError: there is no episode of that id.
            LibraryError: its transcript is damaged on disk.
        """
        found = _found(rows.read_episodes(db, schema.episodes.c.id == episode_id), episode_id)
        hashes = rows.documents(db, episode_id)
        if Tier.TRANSCRIPT not in hashes:
            return
        raw = self._document(episode_id, Tier.TRANSCRIPT, hashes[Tier.TRANSCRIPT])
        entry = Entry(found, {Tier.TRANSCRIPT: raw}, tuple(rows.passages_of(db, episode_id)))
        _put(db, _renamed(db, entry), hashes)

    def count_again(self, db: Connection, episode_ids: Iterable[str]) -> None:
        """Count the names of episodes anew and raise their revisions: corrections have changed."""
        for episode_id in episode_ids:
            (episode,) = rows.read_episodes(db, schema.episodes.c.id == episode_id)
            rows.recount(db, episode, _next_revision(db))

    def delete(self, episode_id: str) -> None:
        """Delete an episode's rows; its artefacts stay for others that share them."""
        with self.writing() as db:
            _next_revision(db)
            db.execute(sa.delete(schema.episodes).where(schema.episodes.c.id == episode_id))

    def remember(self, recipe: str, sha256: str) -> None:
        """Note what a recipe made, so that it need not be made again."""
        with self.writing() as db:
            db.execute(sa.delete(schema.derivations).where(schema.derivations.c.recipe == recipe))
            db.execute(sa.insert(schema.derivations).values(recipe=recipe, sha256=sha256))

    def forget(self, recipe: str) -> None:
        """Drop what a recipe made, because it turned out to be of no use."""
        with self.writing() as db:
            db.execute(sa.delete(schema.derivations).where(schema.derivations.c.recipe == recipe))

    # Reading

    def recall(self, recipe: str) -> str | None:
        """Give the hash of what a recipe once made, if it is still kept."""
        query = sa.select(schema.derivations.c.sha256).where(schema.derivations.c.recipe == recipe)
        with self.reading() as db:
            sha256: str | None = db.scalar(query)
        if sha256 is None:
            return None
        try:
            self._artefacts.path(sha256)
        except NotFoundError:
            return None
        return sha256

    def revisions(self) -> Mapping[str, int]:
        """Give each episode's id and the revision of its last change."""
        with self.reading() as db:
            found = db.execute(sa.select(schema.episodes.c.id, schema.episodes.c.revision))
            return {str(row[0]): int(row[1]) for row in found}

    def revision(self) -> int:
        """Give the number of the library's last change."""
        counter = schema.counter
        query = sa.select(counter.c.value).where(counter.c.name == "revision")
        with self.reading() as db:
            return int(db.scalar(query) or 0)

    def episodes(self, filters: Filters) -> list[Episode]:
        """Give the episodes that pass the filters, newest first."""
        scope = self.scope(filters)
        with self.reading() as db:
            found = rows.read_episodes(db)
        wanted = [e for e in found if scope.episodes is None or e.id in scope.episodes]
        return [e for e in wanted if not filters.tiers or filters.tiers & set(e.tiers)]

    def episode(self, episode_id: str) -> Episode:
        """Give one episode.

        Raises:
            NotFoundError: there is none of that id.
        """
        with self.reading() as db:
            found = rows.read_episodes(db, schema.episodes.c.id == episode_id)
        return _found(found, episode_id)

    def episode_by_key(self, key: str) -> Episode | None:
        """Give the episode that has or once had that identity, if it is here."""
        aliases = schema.aliases
        other = sa.select(aliases.c.episode_id).where(aliases.c.key == key)
        for known_by in (schema.episodes.c.key == key, schema.episodes.c.id.in_(other)):
            with self.reading() as db:
                found = rows.read_episodes(db, known_by)
            if found:
                return found[0]
        return None

    def document(self, episode_id: str, tier: Tier) -> Transcript | Notes | Brief | None:
        """Give one of an episode's documents as it was saved."""
        with self.reading() as db:
            sha256 = rows.documents(db, episode_id).get(tier)
        return None if sha256 is None else self._document(episode_id, tier, sha256)

    def _document(self, episode_id: str, tier: Tier, sha256: str) -> Transcript | Notes | Brief:
        try:
            document: Transcript | Notes | Brief = _DOCUMENTS[tier].validate_json(
                self._artefacts.path(sha256).read_bytes()
            )
        except ValidationError as error:
            raise LibraryError(
                f"The {tier} of {episode_id} is damaged on disk",
                hint="Add the episode again to make it anew.",
            ) from error
        return document

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        """Give passages by id; ids that are not there are left out."""
        found, wanted = dict[str, Passage](), iter(ids)
        with self.reading() as db:
            while chunk := list(islice(wanted, _CHUNK)):
                query = sa.select(schema.passages).where(schema.passages.c.id.in_(chunk))
                passages = map(rows.passage, db.execute(query).mappings())
                found.update((passage.id, passage) for passage in passages)
        return found

    def passages_of(
        self, episode_id: str, *, unit: Unit | None = None, tier: Tier | None = None
    ) -> list[Passage]:
        """Give an episode's passages in the order in which they were saved."""
        with self.reading() as db:
            return rows.passages_of(db, episode_id, unit=unit, tier=tier)

    def misheard(self, episode_id: str) -> Mapping[str, str]:
        """Give the corrections that hold for an episode: what was heard, folded, and the name."""
        with self.reading() as db:
            return rows.misheard(db, episode_id)

    def scope(self, filters: Filters) -> Scope:
        """Resolve names and dates into ids and labels.

        A person's own turns are in scope, and the unlabelled ones of episodes they are in.

        Raises:
            NotFoundError: no show, person or episode is called that.
        """
        with self.reading() as db:
            episodes = rows.matching_episodes(db, filters)
            speakers = None
            if filters.person is not None:
                known = set(rows.labels(db))
                speakers = frozenset(n for n in known if names.matches(filters.person, n)) | {None}
        return Scope(episodes, filters.tiers or None, speakers)

    def names(self) -> Mapping[str, int]:
        """Give the proper names in all texts with how often each occurs."""
        table = schema.names
        query = sa.select(table.c.name, sa.func.sum(table.c.count)).group_by(table.c.name)
        with self.reading() as db:
            return {str(row[0]): int(row[1]) for row in db.execute(query)}

    def mentions(self, names: Iterable[str]) -> Mapping[str, int]:
        """Give how often each episode has any of these names; those without are left out."""
        table = schema.names
        query = (
            sa.select(table.c.episode_id, sa.func.sum(table.c.count))
            .where(table.c.name.in_(list(names)))
            .group_by(table.c.episode_id)
        )
        with self.reading() as db:
            return {str(row[0]): int(row[1]) for row in db.execute(query)}

    def people(self) -> frozenset[str]:
        """Give the full names of hosts, guests and labelled speakers."""
        with self.reading() as db:
            return rows.people(db)

    # The database

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """Open a transaction that only reads."""
        try:
            with self._engine.connect().execution_options(reading=True) as db:
                yield db
        except DBAPIError as error:
            raise _unopened(self._folder, error) from error

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """Open a transaction that is kept whole, or not at all."""
        try:
            with self._engine.begin() as db:
                yield db
        except DBAPIError as error:
            raise _unopened(self._folder, error) from error

    def _upgrade(self) -> None:
        """Bring the tables to this code's version, one process at a time."""
        if self._version() == schema.VERSION:
            return
        with FileLock(self._folder / "migrate.lock"), self._engine.begin() as db:
            from alembic import command  # noqa: PLC0415 - half a second that most starts can save
            from alembic.config import Config  # noqa: PLC0415

            if db.dialect.name == "postgresql":  # where other machines may be upgrading too
                db.execute(sa.text("SELECT pg_advisory_xact_lock(736)"))
            config = Config()
            config.set_main_option("script_location", "kb:migrations")
            config.set_main_option("path_separator", "os")
            config.attributes["connection"] = db
            command.upgrade(config, "head")

    def _version(self) -> str | None:
        with self._engine.connect().execution_options(reading=True) as db:
            if not sa.inspect(db).has_table("alembic_version"):
                return None
            version: str | None = db.scalar(sa.text("SELECT version_num FROM alembic_version"))
        if version is not None and version > schema.VERSION:
            raise NewerLibraryError(
                f"The library in {self._folder} was written by a later version of Soundproof",
                hint="Update Soundproof, or set SOUNDPROOF_HOME to another folder.",
            )
        return version


def _engine(url: str) -> Engine:
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _tune_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _tune_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see _begin_sqlite
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(db: Connection) -> None:
    """Take the write lock at once where a write is coming: a later upgrade could be refused."""
    db.exec_driver_sql("BEGIN" if db.get_execution_options().get("reading") else "BEGIN IMMEDIATE")


def _unopened(folder: Path, error: Exception) -> LibraryError:
    reason = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    if "is full" in reason:
        return disk_full(folder)
    return LibraryError(
        f"The library in {folder} cannot be used: {reason}",
        hint="Check SOUNDPROOF_HOME and SOUNDPROOF_DATABASE_URL, and that the folder is writable.",
    )


def _digest(entry: Entry, documents: Mapping[Tier, str]) -> str:
    """Hash all that `save` would write, so that writing the same again is seen as no change."""
    said = repr((entry.episode, sorted(documents.items()), entry.passages))
    return _sha256(said.encode()).hexdigest()


def _found(episodes: Sequence[Episode], episode_id: str) -> Episode:
    if not episodes:
        raise NotFoundError(
            f"No episode {episode_id} in the library",
            hint="`soundproof list` shows the episodes and their ids.",
        )
    return episodes[0]


def _renamed(db: Connection, entry: Entry) -> Entry:
    """Lay over an episode what people said of its speakers; its people stay as their source has them."""
    episode = entry.episode
    said, given = rows.renamings(db, episode.id), rows.people_as_given(db, episode.id)
    if episode.people == speakers.people(given, said):  # as they were read here
        entry = replace(entry, episode=replace(episode, people=given))
    return speakers.renamed(entry, said)


def _put(db: Connection, entry: Entry, documents: Mapping[Tier, str]) -> bool:
    """Write an episode unless it is there just so; tell whether anything changed."""
    digest, table = _digest(entry, documents), schema.episodes
    if digest == db.scalar(sa.select(table.c.digest).where(table.c.id == entry.episode.id)):
        return False
    _replace(db, entry, documents, digest)
    return True


def _replace(db: Connection, entry: Entry, documents: Mapping[Tier, str], digest: str) -> None:
    episode = entry.episode
    rows.put_show(db, episode.show)
    rows.put_episode(db, episode, digest=digest, revision=_next_revision(db))
    for table, values in rows.parts(entry, documents, rows.misheard(db, episode.id)):
        for start in range(0, len(values), _CHUNK):
            db.execute(sa.insert(table), values[start : start + _CHUNK])


def _next_revision(db: Connection) -> int:
    """Count up under the row's lock, so that no two writers get the same number."""
    counter = schema.counter
    raised = (
        sa.update(counter).where(counter.c.name == "revision").values(value=counter.c.value + 1)
    )
    value: int | None = db.scalar(raised.returning(counter.c.value))
    if value is None:
        db.execute(sa.insert(counter).values(name="revision", value=1))
        return 1
    return value
