"""Keeps the two indexes and the saved vectors level with the library.

The library is the truth. Whatever an index holds at another revision is replaced, whatever the
library no longer has is removed; so a kill at any moment, or another process's `add`, costs no more
than a little work at the next question.
"""

from __future__ import annotations

import hashlib
import io
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from kb import names, scan
from kb.errors import NotFoundError
from kb.models import Tier, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from kb.models import Episode, Passage, Scope, Score
    from kb.ports import Embedder, Library, VectorIndex, Vectors, WordIndex
    from kb.scan import Rows

TRUSTED = 60.0
"""Seconds for which an index is taken to hold what this process last saw in it."""
EPISODES, PASSAGES = 64, 4_000
"""A portion is written when it has so many of either."""
WIDE = 1_500
"""A filter that leaves more episodes than this leaves most: the index's own filter serves it."""

EMBEDDED = "titled-2"
"""Names what `embedded_text` gives; part of an index's name, so that two ways never mix."""


def embedded_text(episode: Episode, passage: Passage) -> str:
    """Give what is embedded: a transcript's window under its episode's title, else the bare text.

    A sentence or a line of notes is so short that the title would drown it.
    """
    titled = passage.unit is Unit.WINDOW and passage.tier is Tier.TRANSCRIPT
    return f"{episode.title}. {passage.text}" if titled else passage.text


def searched(passages: Sequence[Passage], misheard: Mapping[str, str]) -> Sequence[Passage]:
    """Give passages as they are searched: behind what was heard for a name stands the name."""
    if not misheard:
        return passages
    return [replace(each, text=names.labelled(each.text, misheard)) for each in passages]


def make_vectors(
    library: Library, embedder: Embedder, episode: Episode, passages: Sequence[Passage]
) -> str:
    """Embed passages, keep the vectors (fp16, row by row) and give their hash; made only once."""
    as_searched = searched(passages, library.misheard(episode.id))
    return _made(library, embedder, episode, as_searched)


def vectors_of(
    library: Library, embedder: Embedder, episode: Episode, as_searched: Sequence[Passage]
) -> NDArray[np.float16]:
    """Give the vectors of passages row by row, made where they are not kept; see `searched`."""
    sha256 = _made(library, embedder, episode, as_searched)
    saved = np.load(library.artefacts.path(sha256), allow_pickle=False)
    return np.asarray(saved, np.float16).reshape(len(as_searched), embedder.dimension)


def _made(
    library: Library, embedder: Embedder, episode: Episode, passages: Sequence[Passage]
) -> str:
    texts = [embedded_text(episode, passage) for passage in passages]
    digest = hashlib.sha256(repr(texts).encode()).hexdigest()
    recipe = f"vectors|{embedder.name}|{episode.id}|texts {digest}"
    known = library.recall(recipe)
    if known is not None:
        return known
    file = io.BytesIO()
    np.save(file, embedder.embed(texts).astype(np.float16))
    sha256 = library.artefacts.put(file.getvalue())
    library.remember(recipe, sha256)
    return sha256


@dataclass(frozen=True, slots=True)
class _Ready:
    """An episode with all that the indexes are to hold of it; `vectors` only if they are needed."""

    episode: Episode
    revision: int
    passages: Sequence[Passage]
    """As they are searched."""
    vectors: Vectors | None


@dataclass(slots=True)
class _Seen:
    """What this process saw of library and indexes, and how long ago (`at`) it last looked at all."""

    at: float
    words: dict[str, int]
    meaning: dict[str, int]
    wanted: Mapping[str, int] = field(default_factory=dict[str, int])
    revision: int | None = None
    """The library's, once both indexes were level with it."""


@dataclass(slots=True)
class Indexes:
    """The word index and the vector index over one library."""

    library: Library
    embedder: Embedder
    words: WordIndex
    meaning: VectorIndex
    clock: Callable[[], float] = time.monotonic
    _seen: _Seen | None = field(default=None, init=False)
    _shelf: OrderedDict[str, tuple[int, Mapping[Unit, Rows]]] = field(
        default_factory=OrderedDict[str, "tuple[int, Mapping[Unit, Rows]]"], init=False
    )
    """Vectors of episodes that filters asked for, the last asked for at the end."""

    def catch_up(self) -> Iterator[str]:
        """Bring both indexes level, yielding each episode's id when it is done.

        Where nothing changed since the last time that is one small question to the library. All is
        compared once a minute: another process may have emptied an index and been killed.
        """
        revision = self.library.revision()
        seen, old = self._seen, self.clock() - TRUSTED
        if seen is not None and seen.at > old and seen.revision == revision:
            return
        wanted = self.library.revisions()
        if seen is None or seen.at <= old:
            seen = _Seen(self.clock(), dict(self.words.held()), dict(self.meaning.held()))
        else:  # others write too: what looks behind may have been done by them
            behind = _behind(wanted, seen)
            seen.words.update(self.words.held(behind))
            seen.meaning.update(self.meaning.held(behind))
        seen.wanted, seen.revision, self._seen = wanted, None, seen
        self._put_out(seen)
        for ready in self._portions(_behind(wanted, seen), seen):
            self._replace(ready, seen)
            yield from (each.episode.id for each in ready)
        seen.revision = revision

    def rebuild(self) -> Iterator[str]:
        """Empty both indexes and fill them from the library."""
        self.words.clear()
        self.meaning.clear()
        self._seen = None
        yield from self.catch_up()

    def nearest(self, vector: Vectors, *, limit: int, scope: Scope, unit: Unit) -> list[Score]:
        """Find passages by meaning: exactly in the few episodes of a filter, else by the index."""
        if scope.episodes is None or len(scope.episodes) > WIDE:
            return self.meaning.nearest(vector, limit=limit, scope=scope, unit=unit)
        held = (self._rows(each) for each in sorted(scope.episodes))
        return scan.nearest(vector, (rows[unit] for rows in held), limit=limit, scope=scope)

    def _put_out(self, seen: _Seen) -> None:
        """Remove what the library no longer has."""
        for gone in seen.words.keys() - seen.wanted.keys():
            self.words.remove(gone)
            del seen.words[gone]
        for gone in seen.meaning.keys() - seen.wanted.keys():
            self.meaning.remove(gone)
            del seen.meaning[gone]

    def _portions(self, behind: Iterable[str], seen: _Seen) -> Iterator[list[_Ready]]:
        """Make episodes ready in portions that are worth one commit and fit in memory."""
        portion = list[_Ready]()
        for episode_id in behind:
            try:
                portion.append(self._ready(episode_id, seen))
            except NotFoundError:
                continue  # deleted a moment ago: the next time puts it out
            passages = sum(len(each.passages) for each in portion)
            if len(portion) == EPISODES or passages >= PASSAGES:
                yield portion
                portion = []
        if portion:
            yield portion

    def _ready(self, episode_id: str, seen: _Seen) -> _Ready:
        revision = seen.wanted[episode_id]
        episode = self.library.episode(episode_id)
        passages = self._searched(episode_id)
        needed = seen.meaning.get(episode_id) != revision
        vectors = self._vectors(episode, passages).astype(np.float32) if needed else None
        return _Ready(episode, revision, passages, vectors)

    def _replace(self, portion: Sequence[_Ready], seen: _Seen) -> None:
        with self.words.batch(), self.meaning.batch():
            for each in portion:
                episode_id = each.episode.id
                if seen.words.get(episode_id) != each.revision:
                    self.words.replace(each.episode, each.revision, each.passages)
                if each.vectors is not None:
                    self.meaning.replace(episode_id, each.revision, each.passages, each.vectors)
        for each in portion:
            seen.words[each.episode.id] = seen.meaning[each.episode.id] = each.revision

    def _rows(self, episode_id: str) -> Mapping[Unit, Rows]:
        """Give an episode's vectors in memory, reading them at the first question that needs them."""
        revision = self._seen.wanted.get(episode_id, 0) if self._seen else 0
        kept = self._shelf.pop(episode_id, None)
        if kept is None or kept[0] != revision:
            kept = (revision, self._read_rows(episode_id))
        self._shelf[episode_id] = kept
        if len(self._shelf) > WIDE:
            self._shelf.popitem(last=False)
        return kept[1]

    def _read_rows(self, episode_id: str) -> Mapping[Unit, Rows]:
        try:
            episode = self.library.episode(episode_id)
        except NotFoundError:
            nothing = np.zeros((0, self.embedder.dimension), np.float16)
            return scan.rows_of((), nothing)
        passages = self._searched(episode_id)
        return scan.rows_of(passages, self._vectors(episode, passages))

    def _searched(self, episode_id: str) -> Sequence[Passage]:
        return searched(self.library.passages_of(episode_id), self.library.misheard(episode_id))

    def _vectors(self, episode: Episode, passages: Sequence[Passage]) -> NDArray[np.float16]:
        return vectors_of(self.library, self.embedder, episode, passages)


def _behind(wanted: Mapping[str, int], seen: _Seen) -> list[str]:
    return [
        episode_id
        for episode_id, revision in wanted.items()
        if seen.words.get(episode_id) != revision or seen.meaning.get(episode_id) != revision
    ]
