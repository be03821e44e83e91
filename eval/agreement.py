"""How far a judge agrees with people, beside how far people agree with each other.

Everything is counted on battles brought into one order of contestants, in three classes: the one
is preferred, the other, or neither (a tie, or both bad). Intervals are clustered by question:
answers to one question are judged alike. Repeats and planted controls are left out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from eval.columns import first_words
from eval.judge import POINTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from eval.judge import Verdict
    from eval.models import Ballot

ENOUGH = 30
"""Battles below which no share is worth printing."""
_TAIL = 0.025
_NO_ERROR = 1e-12

Table = NDArray[np.float64]
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share or a kappa with its 95 % interval, over so many battles on so many questions.

    All three are NaN where nothing can be told: no battles, or a kappa of voters of whom all
    always say the same.
    """

    value: float
    low: float
    high: float
    battles: int
    questions: int

    @property
    def enough(self) -> bool:
        """Tell whether it rests on enough to be shown."""
        return self.battles >= ENOUGH and not math.isnan(self.value)

    def __str__(self) -> str:
        if self.battles < ENOUGH:
            return f"not enough: {self.battles} of {ENOUGH} battles"
        if not self.enough:
            return "cannot be told"
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True, slots=True)
class Agreement:
    """A judge beside people.

    `flips` is the share of battles on which the order changed its answer, `first` the share of its
    choices that took the piece shown first (an even judge: one half). `people` counts pairs of
    voters on the same item and pair of contestants, `judge` the judge with each voter.
    """

    flips: Estimate
    first: Estimate
    judge: Estimate
    judge_kappa: Estimate
    people: Estimate
    people_kappa: Estimate


def agreement(verdicts: Sequence[Verdict], ballots: Iterable[Ballot]) -> Agreement:
    """Set one judge's verdicts beside people's votes."""
    said = {_key(each.item_id, each.model_a, each.model_b): each for each in verdicts}
    votes = people(ballots)
    both = {
        key: [(_class(_facing(key, said[key])), _class(vote)) for vote in of.values()]
        for key, of in votes.items()
        if key in said
    }
    pairs = {
        key: [(_class(x), _class(y)) for x, y in combinations(of.values(), 2)]
        for key, of in votes.items()
        if len(of) > 1
    }
    flips = {key: (each.flipped, 1) for key, each in said.items()}
    first = {key: each.slots for key, each in said.items() if each.slots[1]}
    return Agreement(
        flips=_share(flips),
        first=_share(first),
        judge=_agreed(both),
        judge_kappa=_kappa(both),
        people=_agreed(pairs),
        people_kappa=_kappa(pairs, mutual=True),
    )


def people(ballots: Iterable[Ballot]) -> dict[Key, dict[str, float]]:
    """Give each voter's verdict on each item and pair of contestants, sides put in one order.

    The key is (item, contestant, contestant), the names sorted; 1 prefers the first, -1 the
    second, 0 neither. Repeats and planted controls are left out.
    """
    votes = defaultdict[Key, dict[str, float]](dict)
    for each in first_words(ballots):
        key = _key(each.item_id, each.model_a, each.model_b)
        sign = 1 if each.model_a == key[1] else -1
        votes[key][each.voter_id] = sign * POINTS[each.winner]
    return dict(votes)


def verdicts_of(verdicts: Iterable[Verdict]) -> dict[Key, float]:
    """Give each verdict's score, keyed and signed as `people` does."""
    return {
        key: _facing(key, each)
        for each in verdicts
        for key in [_key(each.item_id, each.model_a, each.model_b)]
    }


def _key(item: str, one: str, other: str) -> Key:
    return (item, one, other) if one < other else (item, other, one)


def _facing(key: Key, verdict: Verdict) -> float:
    return verdict.score if verdict.model_a == key[1] else -verdict.score


def _class(score: float) -> int:
    """Give 0, 1 or 2 for the second, neither, the first: a judge that flips prefers neither."""
    return 1 + (score > 0) - (score < 0)


# Estimates, clustered by question


def _agreed(pairs: Mapping[Key, Sequence[tuple[int, int]]]) -> Estimate:
    return _share({key: (sum(x == y for x, y in of), len(of)) for key, of in pairs.items()})


def _share(counts: Mapping[Key, tuple[int, int]]) -> Estimate:
    """Estimate the share of hits in (hits, tries) with Korn and Graubard's interval.

    That is Clopper and Pearson's exact interval at the effective number of tries: those of a plain
    sample that would have the variance found between questions (Survey Methodology 24, 1998). It
    does not shrink to a point where every try is a hit: there, each question counts as one try.
    """
    hits, tries = _by_question(counts)
    total, groups = float(tries.sum()), len(tries)
    if not total:
        return Estimate(math.nan, math.nan, math.nan, 0, 0)
    value = float(hits.sum()) / total
    effective = _effective(hits, tries)
    x = value * effective
    low = float(stats.beta.ppf(_TAIL, x, effective - x + 1)) if x > 0 else 0.0
    high = float(stats.beta.isf(_TAIL, x + 1, effective - x)) if x < effective else 1.0
    return Estimate(value, low, high, len(counts), groups)


def _effective(hits: Table, tries: Table) -> float:
    """Give the size of the plain sample that would tell as much as these questions do."""
    total, groups = float(tries.sum()), len(tries)
    value = float(hits.sum()) / total
    if value in (0.0, 1.0) or groups == 1:
        return float(groups)
    errors = max(float(((hits - value * tries) ** 2).sum()) / total**2, _NO_ERROR)
    plain = value * (1 - value) / (errors * groups / (groups - 1))
    ratio = float(stats.t.isf(_TAIL, max(total - 1, 1))) / float(stats.t.isf(_TAIL, groups - 1))
    return min(plain * ratio**2, total)


def _by_question(counts: Mapping[Key, tuple[int, int]]) -> tuple[Table, Table]:
    groups = defaultdict[str, list[tuple[int, int]]](list)
    for (item, *_), pair in counts.items():
        groups[item].append(pair)
    sums = np.array([np.sum(each, axis=0) for each in groups.values()], float).reshape(-1, 2)
    return sums[:, 0], sums[:, 1]


def _kappa(pairs: Mapping[Key, Sequence[tuple[int, int]]], *, mutual: bool = False) -> Estimate:
    """Estimate Cohen's kappa (1960) with a leave-one-question-out jackknife and t(G-1).

    `mutual` counts each pair from both sides: of two voters neither is the first. Where all agree, the jackknife sees no variance: the low end is then that of the agreement.
    """
    tables = defaultdict[str, Table](lambda: np.zeros((3, 3)))
    for (item, *_), of in pairs.items():
        for x, y in of:
            tables[item][x, y] += 1
    stack = np.array([*tables.values()]).reshape(-1, 3, 3)
    if mutual:
        stack = stack + stack.transpose(0, 2, 1)
    whole, groups = stack.sum(axis=0), len(stack)
    value = float(kappa(whole)) if groups else math.nan
    left_out = kappa(whole - stack)
    known = left_out[~np.isnan(left_out)]
    if groups < 2 or math.isnan(value) or len(known) < 2:  # noqa: PLR2004 - one has no variance
        return Estimate(value, math.nan, math.nan, len(pairs), groups)
    error = math.sqrt((groups - 1) / groups * ((known - known.mean()) ** 2).sum())
    reach = float(stats.t.isf(_TAIL, groups - 1)) * error
    low = value - reach
    if not error:
        chance = float(_chance(whole))
        low = (_agreed(pairs).low - chance) / (1 - chance)
    return Estimate(value, max(low, -1.0), min(value + reach, 1.0), len(pairs), groups)


def kappa(table: Table) -> Table:
    """Give Cohen's kappa of tables of counts, shape (..., classes, classes).

    NaN where chance alone would agree on everything.

    >>> round(float(kappa(np.array([[20.0, 5.0], [10.0, 15.0]]))), 3)
    0.4
    """
    total = table.sum(axis=(-2, -1))
    with np.errstate(invalid="ignore", divide="ignore"):
        agreed = np.trace(table, axis1=-2, axis2=-1) / total
        chance = _chance(table)
        return np.asarray((agreed - chance) / (1 - chance))


def _chance(table: Table) -> Table:
    total = table.sum(axis=(-2, -1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((table.sum(axis=-1) * table.sum(axis=-2)).sum(axis=-1) / total**2)
