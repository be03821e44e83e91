"""Search by meaning with Chroma: an index of the library's saved vectors, and nothing more.

Exactly one process may have the folder open: two lose vectors without a word. The owner holds a
lock and has left its process id beside it. Texts stay in the library; `held.json` is written after
the vectors, so a kill between the two only makes the next start do one episode again.
"""

import json
import os
import shutil
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from kb.artefacts import disk_full
from kb.errors import IndexOwnedError
from kb.identity import slug
from kb.models import Passage, Scope, Score, Unit

_BATCH = 5_000
"""Chroma takes 5,461 records at most in one call."""
_ROOM = 4 * 2**20
"""Bytes of free disk under which whatever Chroma complains of is laid to the disk."""
_HNSW = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}


class ChromaIndex:
    """A `VectorIndex` in a folder; a collection for each unit, named by embedder and dimension."""

    def __init__(self, folder: Path, *, embedder: str, dimension: int) -> None:
        """Open the folder as its only owner.

        Raises:
            IndexOwnedError: another process has it open.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(folder / "owner.lock")
        owner = folder / "owner.pid"
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            pid = owner.read_text() if owner.exists() else "unknown"
            raise IndexOwnedError(
                f"The vector index in {folder} is open in process {pid}",
                hint="Searching still works beside it; rebuild it where it is open, or stop that.",
            ) from error
        owner.write_text(str(os.getpid()))
        self._names = {unit: f"{slug(embedder)}-{dimension}-{unit}" for unit in Unit}
        self._manifest = folder / f"{slug(embedder)}-{dimension}.held.json"
        self._folder = folder
        with _room_needed(folder):
            self._client = chromadb.PersistentClient(
                str(folder), settings=Settings(anonymized_telemetry=False)
            )
            self._open()

    def _open(self) -> None:
        self._collections = {
            unit: self._client.get_or_create_collection(
                name, embedding_function=None, configuration={"hnsw": _HNSW}
            )
            for unit, name in self._names.items()
        }

    def close(self) -> None:
        """Give the folder up."""
        self._lock.release()

    def held(self) -> Mapping[str, int]:
        if not self._manifest.exists():
            return {}
        held: dict[str, int] = json.loads(self._manifest.read_text())
        return held

    def replace(
        self,
        episode_id: str,
        revision: int,
        passages: Sequence[Passage],
        vectors: NDArray[np.float32],
    ) -> None:
        with _room_needed(self._folder):
            self._delete(episode_id)
            for unit in Unit:
                self._upsert(unit, passages, vectors)
        self._note({**self.held(), episode_id: revision})

    def _upsert(
        self, unit: Unit, passages: Sequence[Passage], vectors: NDArray[np.float32]
    ) -> None:
        rows = [row for row, passage in enumerate(passages) if passage.unit is unit]
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            self._collections[unit].upsert(
                ids=[passages[row].id for row in batch],
                embeddings=vectors[batch],
                metadatas=[_metadata(passages[row]) for row in batch],
            )

    def remove(self, episode_id: str) -> None:
        self._delete(episode_id)
        self._note({key: value for key, value in self.held().items() if key != episode_id})

    def nearest(
        self, vector: NDArray[np.float32], *, limit: int, scope: Scope, unit: Unit
    ) -> list[Score]:
        if frozenset() in (scope.episodes, scope.tiers, scope.speakers):
            return []  # Chroma refuses a filter that lets nothing through
        collection = self._collections[unit]
        found = collection.query(
            query_embeddings=vector[np.newaxis],
            n_results=max(1, min(limit, collection.count())),
            where=_where(scope),
            include=["distances"],
        )
        distances = (found["distances"] or [[]])[0]
        return [
            Score(passage_id, 1 - float(distance))
            for passage_id, distance in zip(found["ids"][0], distances, strict=True)
        ]

    def similarity(
        self, vector: NDArray[np.float32], passage_ids: Sequence[str]
    ) -> dict[str, float]:
        similar = dict[str, float]()
        for collection in self._collections.values() if passage_ids else ():
            found = collection.get(ids=list(passage_ids), include=["embeddings"])
            if found["ids"]:
                values = np.asarray(found["embeddings"], np.float32) @ vector
                similar.update(zip(found["ids"], map(float, values), strict=True))
        return similar

    def clear(self) -> None:
        self._note({})
        for name in self._names.values():
            self._client.delete_collection(name)
        self._open()

    def _delete(self, episode_id: str) -> None:
        for collection in self._collections.values():
            collection.delete(where={"episode": episode_id})

    def _note(self, held: Mapping[str, int]) -> None:
        aside = self._manifest.with_suffix(".part")
        aside.write_text(json.dumps(held))
        aside.replace(self._manifest)


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
