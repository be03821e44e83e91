"""Fakes of the ports in `kb.ports`: in memory, plain, and held to the same tests as the real ones."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb import names
from kb.errors import NotFoundError, WriterError
from kb.identity import audio_key, slug
from kb.models import (
    Brief,
    Entry,
    Episode,
    Filters,
    Hit,
    Notes,
    Passage,
    Question,
    Scope,
    Score,
    Statement,
    Tier,
    Transcript,
    Unit,
    Written,
)

Vectors = NDArray[np.float32]


@dataclass(slots=True)
class FakeEmbedder:
    """A hashed bag of words: texts that share words are near. Counts the texts it embedded."""

    name: str = "bag of words"
    dimension: int = 512
    embedded: int = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for word in names.fold(text).split() or [""]:
                vectors[row, zlib.crc32(word.encode()) % self.dimension] += 1
        lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / lengths


@dataclass(slots=True)
class FakeVectorIndex:
    """Keeps every vector beside its passage."""

    rows: dict[str, tuple[Passage, Vectors]] = field(
        default_factory=dict[str, tuple[Passage, Vectors]]
    )
    revisions: dict[str, int] = field(default_factory=dict[str, int])

    def held(self, of: Collection[str] | None = None) -> Mapping[str, int]:
        return {key: held for key, held in self.revisions.items() if of is None or key in of}

    def counts(self) -> Mapping[str, int]:
        found = Counter(passage.span.episode_id for passage, _ in self.rows.values())
        return {key: found[key] for key in self.revisions}

    def batch(self) -> AbstractContextManager[None]:
        return nullcontext()

    def replace(
        self, episode_id: str, revision: int, passages: Sequence[Passage], vectors: Vectors
    ) -> None:
        self.remove(episode_id)
        for passage, vector in zip(passages, vectors, strict=True):
            self.rows[passage.id] = (passage, vector)
        self.revisions[episode_id] = revision

    def remove(self, episode_id: str) -> None:
        self.revisions.pop(episode_id, None)
        kept = self.rows.items()
        self.rows = {key: row for key, row in kept if row[0].span.episode_id != episode_id}

    def nearest(self, vector: Vectors, *, limit: int, scope: Scope, unit: Unit) -> list[Score]:
        wanted = [key for key, (passage, _) in self.rows.items() if within(passage, scope, unit)]
        return best(self.similarity(vector, wanted), limit)

    def similarity(self, vector: Vectors, passage_ids: Sequence[str]) -> Mapping[str, float]:
        return {
            each: float(self.rows[each][1] @ vector) for each in passage_ids if each in self.rows
        }

    def clear(self) -> None:
        self.rows.clear()
        self.revisions.clear()


@dataclass(slots=True)
class FakeWordIndex:
    """Counts the words that match; knows no stems."""

    texts: dict[str, tuple[Passage, ...]] = field(default_factory=dict[str, tuple[Passage, ...]])
    revisions: dict[str, int] = field(default_factory=dict[str, int])

    def held(self, of: Collection[str] | None = None) -> Mapping[str, int]:
        return {key: held for key, held in self.revisions.items() if of is None or key in of}

    def counts(self) -> Mapping[str, int]:
        return {key: len(passages) for key, passages in self.texts.items()}

    def batch(self) -> AbstractContextManager[None]:
        return nullcontext()

    def replace(self, episode: Episode, revision: int, passages: Sequence[Passage]) -> None:
        self.texts[episode.id], self.revisions[episode.id] = tuple(passages), revision

    def remove(self, episode_id: str) -> None:
        self.texts.pop(episode_id, None)
        self.revisions.pop(episode_id, None)

    def search(
        self, terms: Mapping[str, float], *, limit: int, scope: Scope, unit: Unit
    ) -> list[Score]:
        wanted = {
            word: weight for term, weight in terms.items() for word in names.fold(term).split()
        }
        scores = {
            passage.id: sum(wanted.get(word, 0.0) for word in names.fold(passage.text).split())
            for passages in self.texts.values()
            for passage in passages
            if within(passage, scope, unit)
        }
        return best({key: value for key, value in scores.items() if value}, limit)

    def clear(self) -> None:
        self.texts.clear()
        self.revisions.clear()


def within(passage: Passage, scope: Scope, unit: Unit) -> bool:
    """Tell whether a passage of that unit is in scope."""
    return (
        passage.unit is unit
        and (scope.episodes is None or passage.span.episode_id in scope.episodes)
        and (scope.tiers is None or passage.tier in scope.tiers)
        and (scope.speakers is None or passage.speaker in scope.speakers)
    )


def best(scores: Mapping[str, float], limit: int) -> list[Score]:
    """Give the highest scores first; ties in the order of ids."""
    ordered = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return [Score(key, value) for key, value in ordered[:limit]]


@dataclass(frozen=True, slots=True)
class FakeArtefacts:
    """Files in one flat folder."""

    folder: Path

    def put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / sha256).write_bytes(content)
        return sha256

    def put_file(self, path: Path) -> str:
        return self.put(path.read_bytes())

    def path(self, sha256: str) -> Path:
        if sha256 not in {each.name for each in self.folder.glob("*")}:
            raise NotFoundError(f"No file is kept under {sha256}", hint="Put it there.")
        return self.folder / sha256


class FakeLibrary:
    """The record as dictionaries: the slow, obvious twin of `SqlLibrary`."""

    def __init__(self, folder: Path) -> None:
        self.artefacts = FakeArtefacts(folder)
        self._entries = dict[str, Entry]()
        self._revisions = dict[str, int]()
        self._recipes = dict[str, str]()
        self._also = dict[str, str]()
        self._writes = 0
        self.corrected = dict[str, str]()

    def save(self, entry: Entry) -> bool:
        changed = self._entries.get(entry.episode.id) != entry
        if changed:
            self._writes += 1
            self._entries[entry.episode.id] = entry
            self._revisions[entry.episode.id] = self._writes
        audio = entry.episode.audio
        for key in (*entry.also, *([audio_key(audio)] if audio else [])):
            self._also.setdefault(key, entry.episode.id)
        return changed

    def delete(self, episode_id: str) -> None:
        self._writes += 1
        self._entries.pop(episode_id, None)
        self._revisions.pop(episode_id, None)

    def revisions(self) -> Mapping[str, int]:
        return dict(self._revisions)

    def revision(self) -> int:
        return self._writes

    def episodes(self, filters: Filters) -> list[Episode]:
        scope = self.scope(filters)
        found = [
            entry.episode
            for entry in self._entries.values()
            if scope.episodes is None or entry.episode.id in scope.episodes
            if not filters.tiers or filters.tiers & entry.documents.keys()
        ]
        return sorted(found, key=_newest_first)

    def episode(self, episode_id: str) -> Episode:
        if episode_id not in self._entries:
            raise NotFoundError(f"No episode {episode_id} in the library", hint="Add it.")
        return self._entries[episode_id].episode

    def episode_by_key(self, key: str) -> Episode | None:
        known = {e.episode.key: e.episode.id for e in self._entries.values()}
        entry = self._entries.get(known.get(key) or self._also.get(key, ""))
        return entry.episode if entry else None

    def document(self, episode_id: str, tier: Tier) -> Transcript | Notes | Brief | None:
        entry = self._entries.get(episode_id)
        return entry.documents.get(tier) if entry else None

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        known = {each.id: each for entry in self._entries.values() for each in entry.passages}
        return {each: known[each] for each in ids if each in known}

    def passages_of(
        self, episode_id: str, *, unit: Unit | None = None, tier: Tier | None = None
    ) -> list[Passage]:
        entry = self._entries.get(episode_id)
        passages = entry.passages if entry else ()
        return [
            each for each in passages if unit in (None, each.unit) and tier in (None, each.tier)
        ]

    def scope(self, filters: Filters) -> Scope:
        chosen = list(_chosen(filters, list(self._entries.values())))
        speakers: frozenset[str | None] | None = None
        if filters.person is not None:
            labels = {each.speaker for entry in self._entries.values() for each in entry.passages}
            speakers = frozenset(n for n in labels if n and names.matches(filters.person, n)) | {
                None
            }
        episodes = frozenset[str].intersection(*chosen) if chosen else None
        return Scope(episodes, filters.tiers or None, speakers)

    def names(self) -> Mapping[str, int]:
        return sum(map(_named, self._entries.values()), Counter[str]())

    def mentions(self, names: Iterable[str]) -> Mapping[str, int]:
        wanted = set(names)
        counts = {key: _named(entry) for key, entry in self._entries.items()}
        return {
            key: sum(found[name] for name in wanted)
            for key, found in counts.items()
            if wanted & found.keys()
        }

    def people(self) -> frozenset[str]:
        return frozenset(who for entry in self._entries.values() for who in _people(entry))

    def misheard(self, episode_id: str) -> Mapping[str, str]:
        del episode_id
        return self.corrected

    def recall(self, recipe: str) -> str | None:
        sha256 = self._recipes.get(recipe)
        kept = sha256 is not None and (self.artefacts.folder / sha256).exists()
        return sha256 if kept else None

    def remember(self, recipe: str, sha256: str) -> None:
        self._recipes[recipe] = sha256

    def forget(self, recipe: str) -> None:
        self._recipes.pop(recipe, None)


def _newest_first(episode: Episode) -> tuple[int, str, str]:
    return (-episode.published.toordinal() if episode.published else 1, episode.title, episode.id)


def _named(entry: Entry) -> Counter[str]:
    counts = names.spelled(entry.episode.title)
    for person in entry.episode.people:
        counts.update(names.words(person.name))
    for passage in entry.passages:
        if passage.unit is Unit.SENTENCE:
            counts.update(names.spelled(passage.text))
    return counts


def _people(entry: Entry) -> set[str]:
    hosts_and_guests = {person.name for person in entry.episode.people}
    return hosts_and_guests | {each.speaker for each in entry.passages if each.speaker}


def _chosen(filters: Filters, entries: Sequence[Entry]) -> Iterator[frozenset[str]]:
    """Yield the ids that pass each filter that is set."""
    if filters.show is not None:
        wanted = filters.show
        yield _some(
            "show",
            (
                e.episode.id
                for e in entries
                if slug(wanted) == e.episode.show.id or names.matches(wanted, e.episode.show.title)
            ),
        )
    if filters.person is not None:
        wanted = filters.person
        yield _some(
            "person",
            (
                e.episode.id
                for e in entries
                if any(names.matches(wanted, who) for who in _people(e))
            ),
        )
    if filters.episode is not None:
        wanted = filters.episode
        exact = [e.episode.id for e in entries if e.episode.id == wanted]
        begun = (e.episode.id for e in entries if e.episode.id.startswith(wanted))
        yield _some("episode", exact or begun)
    if filters.since is not None or filters.until is not None:
        yield frozenset(e.episode.id for e in entries if _in_time(e.episode, filters))


def _in_time(episode: Episode, filters: Filters) -> bool:
    day = episode.published
    return (
        day is not None
        and (filters.since is None or filters.since <= day)
        and (filters.until is None or day <= filters.until)
    )


def _some(kind: str, ids: Iterable[str]) -> frozenset[str]:
    found = frozenset(ids)
    if not found:
        raise NotFoundError(f"No {kind} of that name is in the library", hint="Say another.")
    return found


@dataclass(frozen=True, slots=True)
class FakeWriter:
    """Writes what it was told to, or fails."""

    statements: tuple[Statement, ...] = ()
    reason: str = "The fake was told nothing."
    name: str = "fake writer"
    failure: WriterError | None = None

    def write(self, question: Question, hits: Sequence[Hit]) -> Written:
        del question, hits
        if self.failure is not None:
            raise self.failure
        return Written(self.statements, "" if self.statements else self.reason)
