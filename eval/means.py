"""Means over questions, and how far they would carry to others: intervals clustered by episode.

Questions on one episode stand or fall together (a bad transcript, an odd topic), so an episode is one
voice: the variance of a mean is the jackknife that leaves out one cluster at a time. Clusters are few
and of uneven size, so the degrees of freedom are those of the effective number of clusters, N^2 over
the sum of n_g^2 (Carter, Schnepel and Steigerwald, 2017). A sandwich with t(G-1) is too short there,
and so is a bootstrap, which has no width at all where every question came out alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

_UPPER = 0.975
"""Quantile at the upper end of a 95 % interval."""
_EDGE = 1e-9
"""A mean so near to 0 or 1 is taken for it: quantiles of less are no numbers."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of `count` questions in `clusters` clusters, with its 95 % interval."""

    value: float
    low: float
    high: float
    count: int
    clusters: int


def clusters(questions: Sequence[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Give each question's cluster: those that share an episode, straight or by way of others.

    `questions` pairs an id with its episodes; one without any is a cluster of its own. A cluster is
    called by its first question.

    >>> clusters([("q1", ["a"]), ("q2", ["b"]), ("q3", ["c", "b"]), ("q4", [])])
    {'q1': 'q1', 'q2': 'q2', 'q3': 'q2', 'q4': 'q4'}
    """
    heads = dict[str, str]()
    first = dict[str, str]()
    for question, episodes in questions:
        heads[question] = question
        for episode in episodes:
            other = first.setdefault(episode, question)
            one, two = _head(heads, other), _head(heads, question)
            heads[two] = one
    names = dict[str, str]()
    return {q: names.setdefault(_head(heads, q), q) for q, _ in questions}


def share(values: Sequence[float], clusters: Sequence[Hashable]) -> Mean:
    """Give the mean of values from 0 to 1, its interval within 0 to 1.

    The interval is Korn and Graubard's (Survey Methodology 24, 1998): Clopper and Pearson's exact
    one for as many independent questions as give the clustered variance. So a share of 1 has an
    interval too: all clusters in favour count as one vote each.

    >>> found = share([1, 1, 1, 1], ["a", "a", "b", "c"])
    >>> found.value, round(found.low, 3), found.high
    (1.0, 0.292, 1.0)
    """
    heard = _clustered(values, clusters)
    mean, told = heard.mean, _told(values, heard)
    won, lost = told * mean, told * (1 - mean)
    low = float(special.betaincinv(won, lost + 1, 1 - _UPPER)) if mean > _EDGE else 0.0
    high = float(special.betaincinv(won + 1, lost, _UPPER)) if mean < 1 - _EDGE else 1.0
    return Mean(mean, low, high, len(values), heard.groups)


def difference(values: Sequence[float], clusters: Sequence[Hashable]) -> Mean:
    """Give the mean of paired differences of shares, with a t interval kept within -1 to 1.

    One cluster says nothing of others: its interval is all of that.
    """
    heard = _clustered(values, clusters)
    half = _t(heard.freedom) * heard.error if heard.groups > 1 else math.inf
    low, high = max(-1.0, heard.mean - half), min(1.0, heard.mean + half)
    return Mean(heard.mean, low, high, len(values), heard.groups)


@dataclass(frozen=True, slots=True)
class _Clustered:
    """A mean with its jackknife error, infinite where there is one group, and degrees of freedom."""

    mean: float
    error: float
    freedom: float
    groups: int


def _clustered(values: Sequence[float], clusters: Sequence[Hashable]) -> _Clustered:
    if not values:
        raise ValueError("a mean needs values")
    heard, count = np.asarray(values, np.float64), len(values)
    keys = {each: n for n, each in enumerate(dict.fromkeys(clusters))}
    places = np.array([keys[each] for each in clusters])
    sizes, mean, groups = np.bincount(places), float(heard.mean()), len(keys)
    if groups == 1:
        return _Clustered(mean, math.inf, 0, groups)
    off = (heard.sum() - np.bincount(places, heard)) / (count - sizes) - mean
    error = math.sqrt((groups - 1) / groups * float(off @ off))
    return _Clustered(mean, error, count**2 / float(sizes @ sizes) - 1, groups)


def _told(values: Sequence[float], heard: _Clustered) -> float:
    """Give how many independent questions would tell as much about the mean."""
    mean, count = heard.mean, len(values)
    if not _EDGE < mean < 1 - _EDGE or heard.groups == 1:
        return heard.groups
    # Values that happen to balance in every cluster have next to no error: never more than all say.
    spread = max(float(np.var(values)) * count / (count - 1), 1e-12)
    most = count * mean * (1 - mean) / spread
    told = mean * (1 - mean) / heard.error**2 if heard.error > 0 else math.inf
    return min(told * (_t(count - 1) / _t(heard.freedom)) ** 2, most)


def _t(freedom: float) -> float:
    return float(special.stdtrit(freedom, _UPPER))


def _head(heads: dict[str, str], question: str) -> str:
    while heads[question] != question:
        question = heads[question]
    return question
