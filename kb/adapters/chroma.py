"""Search by meaning with Chroma: an index of the library's saved vectors, and nothing more.

Texts stay in the library. Which revision of an episode is held is a record of Chroma's too, in a
collection of its own and written after the vectors: one log keeps both, so a kill between the two
only makes the next start do some episodes again. Who has the folder open: `kb.adapters.chroma_home`.
"""

import math
import shutil
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.errors import ChromaError, NotFoundError
from numpy.typing import NDArray

from kb.adapters.chroma_home import ChromaAddress, ChromaFolder, Home
from kb.artefacts import disk_full
from kb.errors import FetchError
from kb.identity import slug
from kb.models import Passage, Scope, Score, Unit

_BATCH = 5_000
"""Chroma takes 5,461 records at most in one call."""
_ATTEMPTS = 4
_ROOM = 4 * 2**20
"""Bytes of free disk under which whatever Chroma complains of is laid to the disk."""
_HNSW: Mapping[str, str | int] = {
    "space": "cosine",
    "ef_construction": 100,
    "max_neighbors": 16,
    "ef_search": 200,
}
"""Twice as much of either costs 2.5 times the work for each vector that comes in, and finds .999
rather than .995 of the nearest ten: measured on 28,604 passages."""
_MARKS: Mapping[str, str | int] = {"space": "l2", "ef_construction": 8, "max_neighbors": 4}
"""Marks are fetched by id and never searched: the least that Chroma can be asked to build."""

_Made = TypeVar("_Made")
_Filling = tuple[str, int, Sequence[Passage], NDArray[np.float32]]


class ChromaIndex:
    """A `VectorIndex`; a collection for each unit, named by embedder and dimension."""

    def __init__(self, folder: Path, *, embedder: str, dimension: int, url: str = "") -> None:
        """Open the folder alone or through its server; with `url`, use the server there instead.

        Raises:
            IndexOwnedError: another process has the folder open and does not hand it over.
            FetchError: no server answers at `url`.
        """
        self._names = {unit: f"{slug(embedder)}-{dimension}-{unit}" for unit in Unit}
        self._marks_name = f"{slug(embedder)}-{dimension}-held"
        self._folder = folder
        self._pending: dict[str, _Filling] | None = None
        self._client: ClientAPI | None = None
        with _room_needed(folder):
            self._home: Home = ChromaAddress(url) if url else ChromaFolder(folder)
        self._do(lambda: None)

    def close(self) -> None:
        """Give the folder up."""
        self._home.close()

    def held(self, of: Collection[str] | None = None) -> Mapping[str, int]:
        return self._do(lambda: dict(self._held(of)))

    def counts(self) -> Mapping[str, int]:
        return self._do(self._counts)

    @contextmanager
    def batch(self) -> Generator[None]:
        pending = self._pending = {}
        try:
            yield
        finally:
            self._pending = None
        if pending:
            with self._home.writing():
                self._do(lambda: self._fill([*pending.values()]))

    def replace(
        self,
        episode_id: str,
        revision: int,
        passages: Sequence[Passage],
        vectors: NDArray[np.float32],
    ) -> None:
        if self._pending is None:
            with self.batch():
                self.replace(episode_id, revision, passages, vectors)
        else:
            self._pending[episode_id] = (episode_id, revision, passages, vectors)

    def remove(self, episode_id: str) -> None:
        with self._home.writing():
            self._do(lambda: self._remove(episode_id))

    def nearest(
        self, vector: NDArray[np.float32], *, limit: int, scope: Scope, unit: Unit
    ) -> list[Score]:
        if frozenset() in (scope.episodes, scope.tiers, scope.speakers):
            return []  # Chroma refuses a filter that lets nothing through
        found = self._do(
            lambda: self._collections[unit].query(
                query_embeddings=vector[np.newaxis],
                n_results=limit,
                where=_where(scope),
                include=["distances"],
            )
        )
        distances = (found["distances"] or [[]])[0]
        return [
            Score(passage_id, 1 - float(distance))
            for passage_id, distance in zip(found["ids"][0], distances, strict=True)
        ]

    def similarity(
        self, vector: NDArray[np.float32], passage_ids: Sequence[str]
    ) -> dict[str, float]:
        return self._do(lambda: self._similarity(vector, passage_ids)) if passage_ids else {}

    def clear(self) -> None:
        with self._home.writing():
            self._do(self._clear)

    # Inside a turn

    def _do(self, work: Callable[[], _Made]) -> _Made:
        """Work on the collections; again from the start where they went away meanwhile.

        All work can be done twice: what is written is keyed by ids.
        """
        for _ in range(_ATTEMPTS):
            with self._home.using() as client, _room_needed(self._folder):
                try:
                    self._open(client)
                    return work()
                except NotFoundError:  # another process emptied the index: there are new ones
                    self._client = None
                except httpx.TransportError:  # the server was killed
                    self._home.lost()
        raise FetchError(
            "The server of the vector index stops again and again",
            hint=f"See server.log in {self._folder}; the library itself is whole.",
        )

    def _open(self, client: ClientAPI) -> None:
        """Find the collections of a client that is new."""
        if client is self._client:
            return
        self._collections = {unit: _collection(client, self._names[unit], _HNSW) for unit in Unit}
        self._marks = _collection(client, self._marks_name, _MARKS)
        self._client = client

    def _held(self, of: Collection[str] | None) -> Iterator[tuple[str, int]]:
        if of is None:
            pages = _pages(self._marks)
        else:
            wanted = sorted(of)
            chunks = (wanted[n : n + _BATCH] for n in range(0, len(wanted), _BATCH))
            pages = (self._marks.get(ids=chunk, include=["metadatas"]) for chunk in chunks)
        for page in pages:
            for episode_id, mark in zip(page["ids"], page["metadatas"] or [], strict=True):
                yield episode_id, int(mark["revision"])

    def _counts(self) -> Mapping[str, int]:
        counts = Counter(dict.fromkeys((each for each, _ in self._held(None)), 0))
        for collection in self._collections.values():
            for page in _pages(collection):
                counts.update(str(each["episode"]) for each in page["metadatas"] or [])
        return counts

    def _fill(self, fillings: Sequence[_Filling]) -> None:
        """Write new vectors over old, take out what is stale, and mark the episodes last."""
        episodes = [episode_id for episode_id, *_ in fillings]
        for unit, collection in self._collections.items():
            rows = [
                (passage, vector)
                for _, _, passages, vectors in fillings
                for passage, vector in zip(passages, vectors, strict=True)
                if passage.unit is unit
            ]
            before = collection.get(where={"episode": {"$in": episodes}}, include=[])["ids"]
            for start in range(0, len(rows), _BATCH):
                _upsert(collection, rows[start : start + _BATCH])
            _delete(collection, set(before) - {passage.id for passage, _ in rows})
        self._marks.upsert(
            ids=episodes,
            embeddings=[_somewhere(each) for each in episodes],
            metadatas=[{"revision": revision} for _, revision, *_ in fillings],
        )

    def _remove(self, episode_id: str) -> None:
        for collection in self._collections.values():
            collection.delete(where={"episode": episode_id})
        self._marks.delete(ids=[episode_id])

    def _similarity(
        self, vector: NDArray[np.float32], passage_ids: Sequence[str]
    ) -> dict[str, float]:
        similar = dict[str, float]()
        for collection in self._collections.values():
            found = collection.get(ids=list(passage_ids), include=["embeddings"])
            if found["ids"]:
                values = np.asarray(found["embeddings"], np.float32) @ vector
                similar.update(zip(found["ids"], map(float, values), strict=True))
        return similar

    def _clear(self) -> None:
        """Make all collections anew, the marks first: without them everything counts as missing."""
        client = self._client
        for name in (self._marks_name, *self._names.values()):
            if client is not None:
                client.delete_collection(name)
        self._client = None


def _collection(client: ClientAPI, name: str, hnsw: Mapping[str, str | int]) -> chromadb.Collection:
    return client.get_or_create_collection(
        name, embedding_function=None, configuration={"hnsw": dict(hnsw)}
    )


def _pages(collection: chromadb.Collection) -> Iterator[Any]:
    """Yield all records' ids and metadata, as much at a time as Chroma lets through."""
    for start in range(0, collection.count(), _BATCH):
        yield collection.get(limit=_BATCH, offset=start, include=["metadatas"])


def _upsert(
    collection: chromadb.Collection, rows: Sequence[tuple[Passage, NDArray[np.float32]]]
) -> None:
    collection.upsert(
        ids=[passage.id for passage, _ in rows],
        embeddings=np.stack([vector for _, vector in rows]),
        metadatas=[_metadata(passage) for passage, _ in rows],
    )


def _delete(collection: chromadb.Collection, stale: Collection[str]) -> None:
    ids = sorted(stale)
    for start in range(0, len(ids), _BATCH):
        collection.delete(ids=ids[start : start + _BATCH])


def _somewhere(episode_id: str) -> list[float]:
    """Give a mark a place of its own: Chroma keeps no record without a vector."""
    turn = 2 * math.pi * zlib.crc32(episode_id.encode()) / 2**32
    return [math.cos(turn), math.sin(turn)]


@contextmanager
def _room_needed(folder: Path) -> Generator[None]:
    """Turn Chroma's many words for a full disk into ours: not all of them name it."""
    try:
        yield
    except ChromaError as error:
        if "is full" in str(error) or shutil.disk_usage(folder).free < _ROOM:
            raise disk_full(folder) from error
        raise


def _metadata(passage: Passage) -> Mapping[str, str]:
    return {
        "episode": passage.span.episode_id,
        "tier": passage.tier.value,
        "speaker": passage.speaker or "",
    }


def _where(scope: Scope) -> Any:  # noqa: ANN401 - Chroma's own filter language
    wanted: dict[str, Collection[str] | None] = {
        "episode": scope.episodes,
        "tier": None if scope.tiers is None else {tier.value for tier in scope.tiers},
        "speaker": None
        if scope.speakers is None
        else {speaker or "" for speaker in scope.speakers},
    }
    clauses = [
        {field: {"$in": sorted(values)}} for field, values in wanted.items() if values is not None
    ]
    if not clauses:
        return None
    return clauses[0] if len(clauses) == 1 else {"$and": clauses}
