"""Who answers better: ballots in, a board out.

board = ratings.rate(Columns.of(ballots))
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from eval import davidson, intervals, planner
from eval.board import (
    Board,
    BoardError,
    Coefficient,
    Estimate,
    Pair,
    Rating,
    Record,
    Unanswered,
)
from eval.columns import BOTH_BAD, TIED, WON_A, WON_B, Columns, code
from eval.davidson import Cells, Model
from eval.models import STYLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eval.columns import Coded, Floats, Ints
    from eval.davidson import Fit
    from eval.intervals import Spread

POINTS = 400 / math.log(10)
"""Points of a logit: 400 more are odds of ten to one."""
AVERAGE = 1000
SETTLED_VOTES, SETTLED_ITEMS = 15, 10
"""With fewer a contestant is warming up."""
POSITION = "position"


def rate(columns: Columns, *, controlled: bool = False, names: Sequence[str] = STYLE) -> Board:
    """Rate the contestants of a board, the style of their pieces left aside where `controlled`.

    `names` are those of the style's covariates.

    Raises:
        SourceError: the columns cannot be read.
        BoardError: there are fewer than two contestants with votes, some never met, even by way of
            others, or the style is not known.
    """
    coded = code(columns)
    votes, unrated = _rated(coded)
    _check(votes)
    style, kept = _style(votes, names) if controlled else (None, ())
    cells = Cells.of(votes, style)
    model = Model(len(votes.contestants), len(kept), ties=bool((votes.outcome == TIED).any()))
    fitted = davidson.fit(cells, model)
    spread = intervals.spread(fitted, cells)
    records = _records(coded, votes)
    told = _Told.of(fitted, spread, votes.contestants, records)
    return Board(
        votes=len(votes.a),
        items=int(np.count_nonzero(np.bincount(votes.item))),
        both_bad=len(coded.a) - len(votes.a),
        controlled=controlled,
        method=spread.method,
        critical=told.critical,
        ratings=tuple(told.ratings()),
        pairs=tuple(told.pairs(len(votes.a))),
        shares=_rows(told.shares),
        surely=_rows(told.surely),
        coefficients=tuple(_coefficients(fitted, spread, (POSITION, *kept))),
        unanswered=tuple(_unanswered(coded)),
        unrated=unrated,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """All that is told of the contestants, best first; in logits."""

    names: tuple[str, ...]
    records: tuple[Record, ...]
    theta: Floats
    covariance: Floats
    errors: Floats
    quantile: float
    critical: float
    best: Floats
    shares: Floats
    surely: Floats

    @classmethod
    def of(
        cls, fitted: Fit, spread: Spread, names: Sequence[str], records: Sequence[Record]
    ) -> _Told:
        extreme = [place for place, each in enumerate(records) if not each.wins * each.losses]
        covariance = intervals.of_strengths(fitted, spread, extreme)
        order = np.argsort(-fitted.theta, kind="stable")
        theta, covariance = fitted.theta[order], covariance[np.ix_(order, order)]
        ranked = tuple(records[int(place)] for place in order)
        # Where hardly anyone has settled, all are compared: nobody is ranked by it.
        settled = [place for place, each in enumerate(ranked) if _settled(each)]
        chosen = settled if len(settled) > 1 else list(range(len(ranked)))
        critical, drawn = intervals.extremes(
            theta[chosen], covariance[np.ix_(chosen, chosen)], spread.freedom
        )
        best = np.zeros(len(theta))
        best[chosen] = drawn
        return cls(
            tuple(names[int(place)] for place in order),
            ranked,
            theta,
            covariance,
            intervals.errors(covariance),
            spread.quantile,
            critical,
            best,
            fitted.share(theta[:, None] - theta[None, :]),
            intervals.surely(theta, covariance, spread.freedom),
        )

    def ratings(self) -> Iterator[Rating]:
        """Yield the ratings."""
        error = np.sqrt(np.diag(self.covariance))
        tiers = self._tiers()
        for place, record in enumerate(self.records):
            settled = _settled(record)
            yield Rating(
                self.names[place],
                _points(self.theta[place], error[place] * self.quantile, AVERAGE),
                float(np.delete(self.shares[place], place).mean()),
                tiers[place],
                float(self.best[place]) if settled else None,
                record,
            )

    def pairs(self, votes: int) -> Iterator[Pair]:
        """Yield all pairs of a board with so many votes."""
        for one, other in combinations(range(len(self.names)), 2):
            gap = float(self.theta[one] - self.theta[other])
            error = float(self.errors[one, other])
            settled = _settled(self.records[one]) and _settled(self.records[other])
            yield Pair(
                self.names[one],
                self.names[other],
                _points(gap, error * self.quantile),
                error * POINTS,
                self._separated(one, other),
                settled,
                planner.needed(gap, error, votes, self.critical) if settled else None,
            )

    def _separated(self, one: int, other: int) -> bool:
        gap = self.theta[one] - self.theta[other]
        settled = _settled(self.records[one]) and _settled(self.records[other])
        return settled and bool(gap >= self.critical * self.errors[one, other])

    def _tiers(self) -> list[int | None]:
        """Give each one's tier: one below the lowest that holds somebody who is surely better."""
        tiers: list[int | None] = []
        for place, record in enumerate(self.records):
            above = [
                tier
                for other, tier in enumerate(tiers)
                if tier is not None and self._separated(other, place)
            ]
            tiers.append(1 + max(above, default=0) if _settled(record) else None)
        return tiers


def _settled(record: Record) -> bool:
    return record.votes >= SETTLED_VOTES and record.items >= SETTLED_ITEMS


def _points(logits: float, half: float, middle: float = 0) -> Estimate:
    """Give an estimate in points; `half` is half its interval's width in logits."""
    ends = (logits, logits - half, logits + half)
    return Estimate(*(middle + POINTS * float(each) for each in ends))


def _rows(table: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(map(float, row)) for row in table)


def _coefficients(fitted: Fit, spread: Spread, names: Sequence[str]) -> Iterator[Coefficient]:
    first = fitted.model.contestants - 1
    for place, name in enumerate(names, first):
        value = float(fitted.parameters[place])
        half = spread.quantile * math.sqrt(spread.covariance[place, place])
        yield Coefficient(name, Estimate(value, value - half, value + half))


def _rated(coded: Coded) -> tuple[Coded, tuple[str, ...]]:
    """Give the votes that count, and the contestants who have none."""
    votes = coded.counted
    size = len(coded.contestants)
    seen = np.bincount(votes.a, minlength=size) + np.bincount(votes.b, minlength=size) > 0
    if seen.all():
        return votes, ()
    rank = np.cumsum(seen) - 1
    kept = tuple(name for name, known in zip(coded.contestants, seen, strict=True) if known)
    unrated = tuple(name for name in coded.contestants if name not in kept)
    return votes.among(kept, rank), unrated


def _check(votes: Coded) -> None:
    if len(votes.contestants) < 2:  # noqa: PLR2004 -- it takes two
        have = f"only {votes.contestants[0]} has" if votes.contestants else "nobody has"
        raise BoardError(
            f"A board takes two contestants with votes, and {have}",
            hint="Battles bring them: soundproof arena battles.",
        )
    parts = _parts(votes)
    if len(parts) > 1:
        said = " | ".join(", ".join(part) for part in parts)
        raise BoardError(
            f"The board falls into {len(parts)} parts that never met: {said}",
            hint="Draw battles between them; until then rate each part by itself.",
        )


def _parts(votes: Coded) -> list[list[str]]:
    """Give the contestants by who can be compared, straight or by way of others."""
    size = len(votes.contestants)
    met = np.bincount(votes.a * size + votes.b, minlength=size * size).reshape(size, size) > 0
    met |= met.T
    head = np.arange(size)
    for _ in range(size):
        # Each takes the least head among those it met; the longest way is one through all.
        heads = np.where(met, head[None, :], size).min(axis=1)
        head = np.minimum(head, heads)
    return [
        [votes.contestants[place] for place in np.flatnonzero(head == first)]
        for first in np.unique(head)
    ]


def _style(votes: Coded, names: Sequence[str]) -> tuple[Floats, tuple[str, ...]]:
    """Give the covariates in units of their spread around 0, without those that are always 0.

    They are not centred: exchanging the sides of a battle changes their sign, and nothing else.
    """
    if votes.style is None or votes.style.shape[1] != len(names):
        raise BoardError(
            f"The votes do not have the style that is asked for: {', '.join(names)}",
            hint="It is known where every battle was drawn by this arena; or show the raw board.",
        )
    scale = np.sqrt((votes.style**2).mean(axis=0))
    kept = np.flatnonzero(scale > 0)
    return votes.style[:, kept] / scale[kept], tuple(names[int(place)] for place in kept)


def _records(coded: Coded, votes: Coded) -> tuple[Record, ...]:
    """Count how each of the rated contestants fared."""
    size = len(votes.contestants)

    def count(of: Ints) -> Ints:
        return np.bincount(of, minlength=size)

    won = count(votes.a[votes.outcome == WON_A]) + count(votes.b[votes.outcome == WON_B])
    lost = count(votes.b[votes.outcome == WON_A]) + count(votes.a[votes.outcome == WON_B])
    tied = votes.outcome == TIED
    ties = count(votes.a[tied]) + count(votes.b[tied])
    met = np.zeros((size, len(votes.items)), np.bool_)
    met[votes.a, votes.item] = met[votes.b, votes.item] = True
    bad = coded.outcome == BOTH_BAD
    rates = np.bincount(
        np.concatenate([coded.a[bad], coded.b[bad]]), minlength=len(coded.contestants)
    )
    poor = dict(zip(coded.contestants, rates, strict=True))
    return tuple(
        Record(int(won[n]), int(lost[n]), int(ties[n]), int(poor[name]), int(met[n].sum()))
        for n, name in enumerate(votes.contestants)
    )


def _unanswered(coded: Coded) -> Iterator[Unanswered]:
    """Yield the questions with both-bad votes, those with the most first."""
    bad = np.bincount(coded.item[coded.outcome == BOTH_BAD], minlength=len(coded.items))
    votes = np.bincount(coded.item, minlength=len(coded.items))
    for place in np.argsort(-bad, kind="stable")[: np.count_nonzero(bad)]:
        yield Unanswered(coded.items[int(place)], int(bad[place]), int(votes[place]))
