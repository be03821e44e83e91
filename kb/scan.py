"""Search by meaning without an index: the vectors in scope are looked at one and all. Exact.

What a filter leaves is mostly a few episodes, and to scan those is quicker, and surer, than to have
a graph of everything walked with most of it forbidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kb.models import Score, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from kb.models import Passage, Scope
    from kb.ports import Vectors


@dataclass(frozen=True, slots=True)
class Rows:
    """One episode's passages of one unit: what a scope looks at, and the vectors at half precision."""

    ids: tuple[str, ...]
    tiers: NDArray[np.str_]
    speakers: NDArray[np.str_]
    """"" where nobody is named."""
    vectors: NDArray[np.float16]

    def within(self, scope: Scope) -> Rows:
        """Give the rows whose tier and speaker are in scope."""
        kept = np.ones(len(self.ids), np.bool_)
        if scope.tiers is not None:
            kept &= np.isin(self.tiers, sorted(scope.tiers))
        if scope.speakers is not None:
            kept &= np.isin(self.speakers, sorted(each or "" for each in scope.speakers))
        return self if kept.all() else self._at(np.flatnonzero(kept).tolist())

    def _at(self, rows: list[int]) -> Rows:
        ids = tuple(self.ids[row] for row in rows)
        return Rows(ids, self.tiers[rows], self.speakers[rows], self.vectors[rows])


def rows_of(
    passages: Sequence[Passage], vectors: NDArray[np.float16] | Vectors
) -> Mapping[Unit, Rows]:
    """Sort an episode's passages by unit."""
    return {unit: _rows_of(unit, passages, vectors) for unit in Unit}


def _rows_of(
    unit: Unit, passages: Sequence[Passage], vectors: NDArray[np.float16] | Vectors
) -> Rows:
    rows = [row for row, passage in enumerate(passages) if passage.unit is unit]
    chosen = [passages[row] for row in rows]
    return Rows(
        tuple(passage.id for passage in chosen),
        np.array([passage.tier.value for passage in chosen], np.str_),
        np.array([passage.speaker or "" for passage in chosen], np.str_),
        np.asarray(vectors[rows], np.float16),
    )


def nearest(vector: Vectors, episodes: Iterable[Rows], *, limit: int, scope: Scope) -> list[Score]:
    """Find the rows most similar to a vector, best first; ties in the order of ids."""
    kept = [rows for each in episodes if (rows := each.within(scope)).ids]
    if not kept:
        return []
    ids = [each for rows in kept for each in rows.ids]
    values = np.concatenate([rows.vectors for rows in kept]).astype(np.float32) @ vector
    best = np.arange(len(ids))
    if len(ids) > limit:
        last = np.partition(values, -limit)[-limit]
        best = np.flatnonzero(values >= last)  # with all that tie for the last place
    scores = [Score(ids[row], float(values[row])) for row in best]
    return sorted(scores, key=lambda score: (-score.value, score.passage_id))[:limit]
