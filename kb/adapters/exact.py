"""Search by meaning without an index: every saved vector is looked at. Exact, and held in memory.

Serves a process that may not open Chroma's folder because another one owns it and is too busy to
hand it over, and the tests as the slow twin of Chroma.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.models import Passage, Scope, Score, Unit


@dataclass(frozen=True, slots=True)
class _Held:
    revision: int
    passages: tuple[Passage, ...]
    vectors: NDArray[np.float32]


class ExactIndex:
    """A `VectorIndex` that scans."""

    def __init__(self) -> None:
        self._held = dict[str, _Held]()

    def held(self, of: Collection[str] | None = None) -> Mapping[str, int]:
        return {
            episode_id: held.revision
            for episode_id, held in self._held.items()
            if of is None or episode_id in of
        }

    def counts(self) -> Mapping[str, int]:
        return {episode_id: len(held.passages) for episode_id, held in self._held.items()}

    def batch(self) -> AbstractContextManager[None]:
        return nullcontext()

    def replace(
        self,
        episode_id: str,
        revision: int,
        passages: Sequence[Passage],
        vectors: NDArray[np.float32],
    ) -> None:
        self._held[episode_id] = _Held(revision, tuple(passages), vectors)

    def remove(self, episode_id: str) -> None:
        self._held.pop(episode_id, None)

    def nearest(
        self, vector: NDArray[np.float32], *, limit: int, scope: Scope, unit: Unit
    ) -> list[Score]:
        scores = [
            Score(passage.id, float(value))
            for episode_id, held in self._held.items()
            if scope.episodes is None or episode_id in scope.episodes
            for passage, value in zip(held.passages, held.vectors @ vector, strict=True)
            if passage.unit is unit and _in_scope(passage, scope)
        ]
        return sorted(scores, key=lambda score: (-score.value, score.passage_id))[:limit]

    def similarity(
        self, vector: NDArray[np.float32], passage_ids: Sequence[str]
    ) -> dict[str, float]:
        wanted = set(passage_ids)
        return {
            passage.id: float(held.vectors[row] @ vector)
            for held in self._held.values()
            for row, passage in enumerate(held.passages)
            if passage.id in wanted
        }

    def clear(self) -> None:
        self._held.clear()


def _in_scope(passage: Passage, scope: Scope) -> bool:
    return (scope.tiers is None or passage.tier in scope.tiers) and (
        scope.speakers is None or passage.speaker in scope.speakers
    )
