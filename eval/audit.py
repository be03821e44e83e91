"""Voters that look wrong, for people to look at: an audit reports, it never excludes.

Each voter is put to tests that an honest one passes, tastes being different; their p-values are
joined by Bonferroni within the voter and by Holm (1979) over voters, so that in about one honest
team of twenty somebody is flagged by mistake. What others think is fitted without the voter.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from eval.models import Ballot, Choice, Kind
from kb.errors import SoundproofError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Fit = Callable[[Sequence[Ballot]], Mapping[str, float]]
    """Gives each contestant's strength, in natural units: P(a) / P(b) = exp(difference)."""

LEVEL = 0.05
"""Share of honest teams in which a mistake is risked."""
TASTE = 0.3
"""How far honest voters differ from the others over each contestant: a standard deviation, in logits."""
ATTENTIVE = 0.8
"""Share of planted controls that a voter who reads the citations passes at least."""

_DOUBT = 0.25
"""What is known of a contestant without votes: one over the variance of the ratings' prior."""
_NODES, _AREAS = np.polynomial.hermite_e.hermegauss(5)
_WEIGHTS = _AREAS / _AREAS.sum()
_HABITS = np.linspace(-6, 3, 19)
"""Habits of ties that are reckoned with, as Davidson's log nu."""
_WIDE = 2.0
"""Their deviation around 0, before anything is known of the voter."""
_SIDES = (Choice.A, Choice.B)
Odds = NDArray[np.float64]


class Suspicion(StrEnum):
    """What a voter is tested for."""

    SIDE = "takes one side"
    AGAINST = "goes against the others"
    FAVOUR = "favours a contestant"
    REPEATS = "contradicts itself"
    CONTROLS = "misses planted controls"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a test found: so many of so many cases, and how likely that is of an honest voter.

    The cases are choices of the left side, choices that were the others' less likely one, choices
    of the contestant `about`, repeats contradicted, controls missed. `z` is the standardised
    log-likelihood of the choices, where the test is one of likelihood; `least` is the smallest p
    that so many cases can give.
    """

    suspicion: Suspicion
    count: int
    of: int
    p: float
    about: str = ""
    z: float | None = None
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Audited:
    """One voter's audit. `p` is joined over tests and adjusted for the number of voters.

    `votes` counts all of them, `seconds` is the median time to vote, None where no time is known:
    it is told, and tested for nothing, as people read at many speeds.
    """

    voter: str
    votes: int
    findings: tuple[Finding, ...]
    seconds: float | None
    p: float

    @property
    def flagged(self) -> bool:
        """Tell whether somebody should look at this voter."""
        return self.p <= LEVEL

    @property
    def worst(self) -> Finding | None:
        """Give the least likely finding; None for a voter that no test could be put to."""
        return min(self.findings, key=lambda each: each.p, default=None)


def audit(
    ballots: Sequence[Ballot], fit: Fit, *, intact: Mapping[str, Choice] | None = None
) -> tuple[Audited, ...]:
    """Test every voter, least likely honest first.

    `fit` gets the plain votes of all others and gives strengths; where it refuses (too few votes,
    a board in pieces) the tests against others are left out. `intact` gives the side of each
    planted control whose citations were not shuffled, by battle.
    """
    voters = defaultdict[str, list[Ballot]](list)
    for each in ballots:
        voters[each.voter_id].append(each)
    plain = [each for each in ballots if each.kind is Kind.PLAIN]
    audited = [
        _audited(voter, own, _Others.than(voter, plain, fit), intact or {})
        for voter, own in voters.items()
    ]
    adjusted = holm([each.p for each in audited])
    corrected = [replace(each, p=p) for each, p in zip(audited, adjusted, strict=True)]
    return tuple(sorted(corrected, key=lambda each: (each.p, each.voter)))


def holm(values: Sequence[float]) -> list[float]:
    """Adjust p-values for their number, step down.

    Source: Holm, "A simple sequentially rejective multiple test procedure", 1979.

    >>> [round(p, 4) for p in holm([0.01, 0.04, 0.03, 0.005])]
    [0.03, 0.06, 0.06, 0.02]
    """
    adjusted, floor = [1.0] * len(values), 0.0
    for rank, n in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        floor = max(floor, min(1.0, values[n] * (len(values) - rank)))
        adjusted[n] = floor
    return adjusted


@dataclass(frozen=True, slots=True)
class _Others:
    """What all but one voter think: each contestant's strength, and its variance."""

    strengths: Mapping[str, float]
    variances: Mapping[str, float]

    @classmethod
    def than(cls, voter: str, plain: Sequence[Ballot], fit: Fit) -> _Others:
        """Fit what the others said; they think nothing where that cannot be done."""
        others = [each for each in plain if each.voter_id != voter]
        try:
            strengths = dict(fit(others)) if others else dict[str, float]()
        except SoundproofError:
            strengths = dict[str, float]()
        known = cls(strengths, {})
        told = defaultdict[str, float](lambda: _DOUBT)
        for each in others:
            if each.winner in _SIDES and known.know(each):
                p = known.odds(each)
                for name in (each.model_a, each.model_b):
                    told[name] += p * (1 - p)
        return cls(strengths, {name: 1 / told[name] for name in strengths})

    def know(self, ballot: Ballot) -> bool:
        """Tell whether they met both contestants."""
        return {ballot.model_a, ballot.model_b} <= self.strengths.keys()

    def odds(self, ballot: Ballot) -> float:
        """Give the probability that they choose side a, given that they choose one.

        Ties are left out of it: how often somebody says "tie" is a habit, and an honest one.
        """
        gap = self.strengths[ballot.model_b] - self.strengths[ballot.model_a]
        return 1 / (1 + math.exp(gap))


def _audited(
    voter: str, own: Sequence[Ballot], others: _Others, intact: Mapping[str, Choice]
) -> Audited:
    said = [each for each in own if each.kind is Kind.PLAIN and each.winner is not Choice.BOTH_BAD]
    known = [each for each in said if others.know(each)]
    decided = [each for each in said if each.winner in _SIDES]
    tested = (
        _side(decided),
        _against([each for each in known if each.winner in _SIDES], others),
        _favour(known, others),
        _repeats(own),
        _controls(own, intact),
    )
    findings = tuple(each for each in tested if each is not None)
    p = joined(findings)
    times = [each.seconds for each in own if each.seconds is not None]
    return Audited(voter, len(own), findings, median(times) if times else None, p)


def joined(findings: Sequence[Finding]) -> float:
    """Join a voter's tests into one p-value, by Bonferroni over those that can tell anything.

    Three repeats cannot give a small p, so they do not count as a test that was tried. Source:
    Tarone, "A modified Bonferroni method for discrete data", 1990.
    """
    able = next(
        count
        for count in range(1, len(findings) + 2)
        if sum(each.least <= LEVEL / count for each in findings) <= count
    )
    told = [each.p for each in findings if each.least <= LEVEL / able]
    return min((1.0, *(able * p for p in told)))


def _side(decided: Sequence[Ballot]) -> Finding | None:
    """Test the share of left sides: drawn by a fair coin, they win half the time whatever is liked."""
    if not decided:
        return None
    left, n = sum(each.winner is Choice.A for each in decided), len(decided)
    p = min(1.0, 2 * float(stats.binom.cdf(min(left, n - left), n, 0.5)))
    return Finding(Suspicion.SIDE, left, n, p, least=min(1.0, 2 * 0.5**n))


def _against(met: Sequence[Ballot], others: _Others) -> Finding | None:
    """Test the likelihood of the choices under what the others think, standardised.

    Its variance is that of the choices, of honest tastes, and of the others' strengths; as these
    are not known exactly, even one who thinks like the others falls a little short of them.
    """
    odds = np.array([others.odds(each) for each in met])
    chosen = np.array([each.winner is Choice.A for each in met])
    gaps = np.array([_gap(others.strengths, each, each.model_a) for each in met])
    spread = odds * (1 - odds)
    moved = defaultdict[str, float](float)
    for each, weight in zip(met, gaps * spread, strict=True):
        moved[each.model_a] += weight
        moved[each.model_b] -= weight
    tastes = sum(by**2 * (TASTE**2 + others.variances[name]) for name, by in moved.items())
    variance = float((gaps**2 * spread).sum()) + tastes
    if not variance:
        return None
    blur = sum(
        (others.variances[each.model_a] + others.variances[each.model_b]) * p
        for each, p in zip(met, spread, strict=True)
    )
    z = (float((gaps * (chosen - odds)).sum()) + blur) / math.sqrt(variance)
    unlikely = int(np.sum(chosen == (gaps < 0)))
    return Finding(Suspicion.AGAINST, unlikely, len(met), float(stats.norm.cdf(z)), z=z)


def _gap(strengths: Mapping[str, float], ballot: Ballot, name: str) -> float:
    """Give how far a contestant is ahead of the one it met."""
    gap = strengths[ballot.model_a] - strengths[ballot.model_b]
    return gap if name == ballot.model_a else -gap


def _favour(said: Sequence[Ballot], others: _Others) -> Finding | None:
    """Test the contestant that is chosen most beyond what the others' strengths expect.

    Who boosts one never says "tie" of it: the voter's habit of ties is taken from where it is not.
    """
    tails = dict[str, tuple[float, float, int, int]]()
    for name in sorted({name for each in said for name in (each.model_a, each.model_b)}):
        own = [each for each in said if name in (each.model_a, each.model_b)]
        elsewhere = [each for each in said if name not in (each.model_a, each.model_b)]
        gaps = np.array([_gap(others.strengths, each, name) for each in own])
        taste = math.sqrt(TASTE**2 + others.variances[name]) * _NODES[:, None, None]
        habit = _habit(elsewhere, others)
        won = sum(each.winner in _SIDES and _winner(each) == name for each in own)
        half = (gaps + taste) / 2
        chances = np.exp(half) / (np.exp(half) + np.exp(-half) + np.exp(_HABITS)[:, None])
        counts = np.einsum("t,h,thn->n", _WEIGHTS, habit, successes(chances))
        tails[name] = float(counts[won:].sum()), float(counts[-1]), won, len(own)
    if not tails:
        return None
    name = min(tails, key=tails.__getitem__)
    p, _, won, of = tails[name]
    least = min(least for _, least, *_ in tails.values())
    p, least = (min(1.0, len(tails) * each) for each in (p, least))
    return Finding(Suspicion.FAVOUR, won, of, p, about=name, least=least)


def _habit(said: Sequence[Ballot], others: _Others) -> Odds:
    """Give the probabilities of habits of ties, Davidson's log nu, after what a voter said."""
    gaps = np.array([_gap(others.strengths, each, each.model_a) for each in said])
    tied = np.array([each.winner is Choice.TIE for each in said], float)
    sides = np.log(2 * np.cosh(gaps / 2))
    norm = np.logaddexp(sides, _HABITS[:, None]).sum(axis=1)
    told = _HABITS * tied.sum() - norm - (_HABITS / _WIDE) ** 2 / 2
    chances = np.exp(told - told.max())
    return np.asarray(chances / chances.sum())


def _repeats(own: Sequence[Ballot]) -> Finding | None:
    """Test how often another contestant won when the same two were shown with sides exchanged.

    Whoever judges the pieces contradicts itself at most half the time, and so often only where they
    are alike; who takes one side does it every time.
    """
    before = {each.battle_id: each for each in own}
    pairs = [
        (before[each.repeats], each)
        for each in own
        if each.kind is Kind.REPEAT and each.repeats in before
    ]
    both = [(x, y) for x, y in pairs if x.winner in _SIDES and y.winner in _SIDES]
    if not both:
        return None
    contradicted = sum(_winner(x) != _winner(y) for x, y in both)
    p = float(stats.binom.sf(contradicted - 1, len(both), 0.5))
    return Finding(Suspicion.REPEATS, contradicted, len(both), p, least=0.5 ** len(both))


def _controls(own: Sequence[Ballot], intact: Mapping[str, Choice]) -> Finding | None:
    """Test how often the intact side of a planted control was not preferred; both bad is no answer."""
    planted = [
        each
        for each in own
        if each.kind is Kind.CONTROL
        and each.battle_id in intact
        and each.winner is not Choice.BOTH_BAD
    ]
    if not planted:
        return None
    missed = sum(each.winner is not intact[each.battle_id] for each in planted)
    p = float(stats.binom.sf(missed - 1, len(planted), 1 - ATTENTIVE))
    least = (1 - ATTENTIVE) ** len(planted)
    return Finding(Suspicion.CONTROLS, missed, len(planted), p, least=least)


def _winner(ballot: Ballot) -> str:
    return ballot.model_a if ballot.winner is Choice.A else ballot.model_b


def successes(chances: Odds) -> Odds:
    """Give the exact probabilities of 0, 1, ... successes in tries of unequal chances.

    `chances` has the shape (..., tries), what is given (..., tries + 1).

    >>> successes(np.array([0.5, 0.5, 0.5])).tolist()
    [0.125, 0.375, 0.375, 0.125]
    """
    tries = chances.shape[-1]
    spread = np.zeros((*chances.shape[:-1], tries + 1))
    spread[..., 0] = 1
    for n in range(tries):
        p = chances[..., n : n + 1]
        spread[..., 1:] = spread[..., 1:] * (1 - p) + spread[..., :-1] * p
        spread[..., :1] *= 1 - p
    return spread
