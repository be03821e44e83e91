"""How far the ratings would move with other questions: covariances, and what follows from them.

Votes on one question stand or fall together, so a question is one voice: the sandwich is clustered
by question (Liang and Zeger, Biometrika 73, 1986), its t has one degree of freedom less than there
are questions. With fewer than 40 the sandwich is too short; then each question is left out in turn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from eval import davidson
from eval.board import Method

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.columns import Floats, Ints
    from eval.davidson import Cells, Fit

FEW = 40
"""With fewer questions each is left out in turn."""
_BALANCED = 0.1
"""Below this part of the variance that votes and prior leave, the votes balance by chance."""
_UPPER = 0.975
_DRAWS = 10_000
_SEED = 1952


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """The covariance of a fit's parameters; an infinite `freedom` stands for the normal curve."""

    covariance: Floats
    freedom: float
    method: Method

    @property
    def quantile(self) -> float:
        """Give how many standard errors reach to either end of a 95 % interval."""
        return quantile(_UPPER, self.freedom)


def quantile(chance: float, freedom: float) -> float:
    """Give Student's quantile.

    >>> round(quantile(0.975, 9), 3), round(quantile(0.975, math.inf), 3)
    (2.262, 1.96)
    """
    normal = math.isinf(freedom)
    return float(special.ndtri(chance) if normal else special.stdtrit(freedom, chance))


def spread(fitted: Fit, cells: Cells) -> Spread:
    """Give the covariance of the parameters, from how the questions differ."""
    (items,) = np.nonzero(np.bincount(cells.item))
    if len(items) == 1:
        # Thirty votes on it are one voice: it tells nothing of how others would turn out.
        return Spread(np.diag(1 / fitted.model.precision), math.inf, Method.PRIOR)
    if len(items) < FEW:
        return Spread(_jackknife(fitted, cells, items), len(items) - 1, Method.JACKKNIFE)
    return Spread(_sandwich(fitted, cells, len(items)), len(items) - 1, Method.SANDWICH)


def _sandwich(fitted: Fit, cells: Cells, items: int) -> Floats:
    votes, parameters = float(cells.count.sum()), len(fitted.parameters)
    # Stata's correction: parameters that are fitted take up some of what the questions differ in.
    scale = items / (items - 1) * (votes - 1) / max(1.0, votes - parameters)
    bread = _left(fitted)
    covariance: Floats = scale * bread @ davidson.scatter(fitted, cells) @ bread
    return covariance


def _jackknife(fitted: Fit, cells: Cells, items: Ints) -> Floats:
    without = [cells.where(cells.item != item) for item in items]
    left = np.stack(
        [davidson.fit(each, fitted.model, start=fitted.parameters).parameters for each in without]
    )
    moved = left - fitted.parameters
    covariance: Floats = (len(items) - 1) / len(items) * moved.T @ moved
    return covariance


def _left(fitted: Fit) -> Floats:
    """Give the covariance that votes and prior leave, were each vote on a question of its own."""
    return np.asarray(np.linalg.inv(fitted.curvature), np.float64)


def of_strengths(fitted: Fit, found: Spread, extreme: Sequence[int]) -> Floats:
    """Give the covariance of the strengths: (contestants, contestants).

    `extreme` contestants never lost or never won: there the questions tell nothing of how much
    better or worse they may be, and the interval of theirs, and of each difference to another, is
    at least the one that votes and prior leave. So it is where votes happen to balance on every
    question, which would give an interval of next to no width.
    """
    basis = fitted.model.basis
    size = basis.shape[1]
    told: Floats = basis @ found.covariance[:size, :size] @ basis.T
    left: Floats = basis @ _left(fitted)[:size, :size] @ basis.T
    here, there = _variances(told), _variances(left)
    short = np.maximum(there - here, 0.0).max(axis=1)
    lifted = (here < _BALANCED * there).any(axis=1) | np.isin(np.arange(len(told)), extreme)
    lift: Floats = np.diag(np.where(lifted, short, 0.0))
    return told + lift


def _variances(covariance: Floats) -> Floats:
    """Give the variances of all differences, and on the diagonal those of the strengths."""
    found = _differences(covariance)
    np.fill_diagonal(found, np.diag(covariance))
    return found


def errors(covariance: Floats) -> Floats:
    """Give the standard errors of all differences: (contestants, contestants)."""
    return np.sqrt(np.maximum(_differences(covariance), 0.0))


def _differences(covariance: Floats) -> Floats:
    own = np.diag(covariance)
    found: Floats = own[:, None] + own[None, :] - 2 * covariance
    return found


def surely(theta: Floats, covariance: Floats, freedom: float) -> Floats:
    """Give the probability that the row's contestant is better than the column's."""
    gaps = theta[:, None] - theta[None, :]
    found = errors(covariance)
    reach = np.divide(gaps, found, out=np.zeros_like(gaps), where=found > 0)
    normal = math.isinf(freedom)
    return np.asarray(special.ndtr(reach) if normal else special.stdtr(freedom, reach), np.float64)


def extremes(theta: Floats, covariance: Floats, freedom: float) -> tuple[float, Floats]:
    """Give the critical value of the greatest t among all differences, and each one's P(best).

    From draws of the multivariate t with a fixed seed, as the board of the same votes is the same.
    """
    random = np.random.default_rng(_SEED)
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    drawn = random.standard_normal((_DRAWS, len(theta))) @ root.T
    if math.isfinite(freedom):
        drawn /= np.sqrt(random.chisquare(freedom, (_DRAWS, 1)) / freedom)
    error = errors(covariance)
    greatest: Floats = np.zeros(_DRAWS)
    for one in range(len(theta) - 1):
        gaps = np.abs(drawn[:, one + 1 :] - drawn[:, one : one + 1])
        np.maximum(greatest, (gaps / error[one, one + 1 :]).max(axis=1), out=greatest)
    best = np.bincount(np.argmax(theta + drawn, axis=1), minlength=len(theta)) / _DRAWS
    return float(np.quantile(greatest, 0.95)), best
