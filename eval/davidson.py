"""The model behind the ratings: Davidson's, with a position effect and covariates.

Of contestants a and b with strengths theta, a battle's P(a) : P(b) : P(tie) are
exp(s/2) : exp(-s/2) : exp(gamma), with s = theta_a - theta_b + delta + x'beta. Without ties it is
Bradley and Terry's. Source: Davidson, "On extending the Bradley-Terry model to accommodate ties in
paired comparison experiments", JASA 65 (1970), his nu being exp(gamma).

The likelihood is log-concave; normal priors keep the fit finite where a contestant never loses.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from eval.columns import TIED, sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eval.columns import Coded, Floats, Ints

_ROUNDS = 100
_CLOSE = 1e-10
"""Newton has arrived when no parameter moves by more, in logits."""
_VALUES = np.array([1.0, -1.0, 0.0])
"""What an outcome says of s: for it, against it, neither."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Votes counted together: so often did this pair have this outcome on this item.

    All have a value for each cell; `style` has the shape (cells, covariates).
    """

    a: Ints
    b: Ints
    item: Ints
    outcome: Ints
    count: Floats
    style: Floats

    @classmethod
    def of(cls, votes: Coded, style: Floats | None = None) -> Cells:
        """Count votes; where their style is looked at, each is a cell."""
        if style is not None:
            ones = np.ones(len(votes.a))
            return cls(votes.a, votes.b, votes.item, votes.outcome, ones, style)
        width = len(votes.contestants)
        keys = ((votes.item * width + votes.a) * width + votes.b) * len(_VALUES) + votes.outcome
        cells, counts = np.unique(keys, return_counts=True)
        pairs, outcome = np.divmod(cells, len(_VALUES))
        sides, b = np.divmod(pairs, width)
        item, a = np.divmod(sides, width)
        return cls(a, b, item, outcome, counts.astype(np.float64), np.empty((len(cells), 0)))

    def where(self, chosen: NDArray[np.bool_]) -> Cells:
        """Give some of the cells."""
        return Cells(
            self.a[chosen],
            self.b[chosen],
            self.item[chosen],
            self.outcome[chosen],
            self.count[chosen],
            self.style[chosen],
        )

    def kinds(self, contestants: int) -> tuple[Cells, Ints]:
        """Give what differs to the likelihood, once each, and which of these each cell is.

        The likelihood does not know items; each style is a kind of its own.
        """
        ones = np.ones(len(self.a))
        if self.style.shape[1]:
            each = Cells(self.a, self.b, self.item, self.outcome, ones, self.style)
            return each, np.arange(len(self.a))
        keys = (self.a * contestants + self.b) * len(_VALUES) + self.outcome
        met = np.bincount(keys, minlength=contestants**2 * len(_VALUES)) > 0
        (kinds,) = np.nonzero(met)
        pairs, outcome = np.divmod(kinds, len(_VALUES))
        a, b = np.divmod(pairs, contestants)
        none = np.zeros(len(kinds), np.int64)
        once = Cells(a, b, none, outcome, ones[: len(kinds)], np.empty((len(kinds), 0)))
        return once, (np.cumsum(met) - 1)[keys]

    def pooled(self, contestants: int) -> Cells:
        """Count kinds of cells together."""
        kinds, kind = self.kinds(contestants)
        return replace(kinds, count=sums(self.count, kind, len(kinds.a)))


@dataclass(frozen=True, slots=True)
class Model:
    """Which parameters there are, and the variances of their priors, which are normal around 0.

    The parameters are those of theta in a basis of what sums to 0, then of position, covariates and
    ties, as far as there are. `sway` is the prior of position and covariates: narrower than that of
    theta, so that one that was always shown first and always won owes it to itself. An infinite
    variance is no prior; then there may be no finite fit.
    """

    contestants: int
    covariates: int = 0
    position: bool = True
    ties: bool = True
    theta: float = 4.0
    sway: float = 1.0
    gamma: float = 25.0

    @property
    def basis(self) -> Floats:
        """Give Helmert's contrasts, orthonormal: (contestants, contestants - 1)."""
        size = self.contestants
        below = np.tril(np.ones((size, size)), -1)[1:]
        below[np.arange(size - 1), np.arange(1, size)] = -np.arange(1, size)
        scaled: Floats = (below / np.linalg.norm(below, axis=1, keepdims=True)).T
        return scaled

    @property
    def precision(self) -> Floats:
        """Give the priors' precision of each parameter."""
        kinds = [self.contestants - 1, self.position + self.covariates, int(self.ties)]
        return np.repeat([1 / self.theta, 1 / self.sway, 1 / self.gamma], kinds)

    def design(self, cells: Cells) -> Floats:
        """Give the rows that turn the parameters, without that of ties, into s."""
        basis = self.basis
        here = [np.ones((len(cells.a), 1))] if self.position else []
        return np.hstack([basis[cells.a] - basis[cells.b], *here, cells.style])


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The most probable parameters, and the curvature there: minus the second derivatives."""

    model: Model
    parameters: Floats
    curvature: Floats

    @property
    def theta(self) -> Floats:
        """Give the strengths in logits; they sum to 0."""
        theta: Floats = self.model.basis @ self.parameters[: self.model.contestants - 1]
        return theta

    @property
    def nu(self) -> float:
        """Give exp(gamma), Davidson's nu: 0 where the model knows no ties."""
        return math.exp(self.parameters[-1]) if self.model.ties else 0.0

    def share(self, gap: Floats) -> Floats:
        """Give the expected share of wins at such gaps in logits, ties halved, sides left aside."""
        win, loss = np.exp(gap / 2), np.exp(-gap / 2)
        share: Floats = (win + self.nu / 2) / (win + loss + self.nu)
        return share


def fit(cells: Cells, model: Model, *, start: Floats | None = None) -> Fit:
    """Find the most probable parameters by Newton's method.

    Raises:
        ArithmeticError: there is no finite fit, which only a model without priors can meet.
    """
    problem = _Problem(cells.pooled(model.contestants), model)
    at = np.zeros(len(model.precision)) if start is None else start
    value, slope, curvature = problem.look(at)
    for _ in range(_ROUNDS):
        try:
            step = np.asarray(np.linalg.solve(curvature, slope), np.float64)
        except np.linalg.LinAlgError as error:
            raise ArithmeticError("these votes do not tell the parameters apart") from error
        if np.abs(step).max() < _CLOSE:
            return Fit(model, at, curvature)
        at, (value, slope, curvature) = problem.forward(at, step, value)
    raise ArithmeticError("these votes have no finite fit without priors")


def scatter(fitted: Fit, cells: Cells) -> Floats:
    """Add up, over items, the squares of each item's part of the likelihood's slope at the fit.

    The shape is (parameters, parameters).
    """
    kinds, kind = cells.kinds(fitted.model.contestants)
    slopes = _Problem(kinds, fitted.model).slopes(fitted.parameters)
    # Of items there may be a million, of kinds a few dozen, or the other way round.
    counts = sparse.csr_array((cells.count, (cells.item, kind)))
    items, size = counts.shape
    if size < items:
        return np.asarray(slopes.T @ ((counts.T @ counts) @ slopes), np.float64)
    each = counts @ slopes
    return np.asarray(each.T @ each, np.float64)


class _Problem:
    """The votes as Newton's method looks at them."""

    def __init__(self, cells: Cells, model: Model) -> None:
        self.design = model.design(cells)
        self._model = model
        self._count = cells.count
        self._said = _VALUES[cells.outcome]
        self._tied = (cells.outcome == TIED).astype(np.float64)

    def look(self, at: Floats) -> tuple[float, Floats, Floats]:
        """Give the log of the posterior (up to a constant), its slope and its curvature."""
        margin, tie, norm, s = self._chances(at)
        gamma = at[-1] if self._model.ties else 0.0
        precision = self._model.precision
        told = self._said * s / 2 + self._tied * gamma - norm
        value = float(self._count @ told - precision @ at**2 / 2)
        towards, tied = self._residuals(margin, tie)
        weight = self._count * (1 - tie - margin**2) / 4
        curvature = self.design.T @ (weight[:, None] * self.design)
        slope = self.design.T @ towards
        if self._model.ties:
            cross = self.design.T @ (-self._count * margin * tie / 2)
            corner = self._count @ (tie * (1 - tie))
            curvature = np.block([[curvature, cross[:, None]], [cross[None, :], corner]])
            slope = np.append(slope, tied.sum())
        return value, slope - precision * at, curvature + np.diag(precision)

    def forward(
        self, at: Floats, step: Floats, value: float
    ) -> tuple[Floats, tuple[float, Floats, Floats]]:
        """Go a step, or as much of it as does not lead downhill."""
        ahead = self.look(at + step)
        while not ahead[0] >= value - _CLOSE * (1 + abs(value)):
            step = step / 2
            ahead = self.look(at + step)
        return at + step, ahead

    def slopes(self, at: Floats) -> Floats:
        """Give each cell's slope: (cells, parameters)."""
        margin, tie, _, _ = self._chances(at)
        towards, tied = self._residuals(margin, tie)
        slopes = towards[:, None] * self.design
        return np.column_stack([slopes, tied]) if self._model.ties else slopes

    def _residuals(self, margin: Floats, tie: Floats) -> tuple[Floats, Floats]:
        return self._count * (self._said - margin) / 2, self._count * (self._tied - tie)

    def _chances(self, at: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Give P(a) - P(b), P(tie), the log of the norm, and s, of each cell."""
        s: Floats = self.design @ (at[:-1] if self._model.ties else at)
        half = np.abs(s) / 2
        lost = np.exp(-2 * half)
        tie = np.exp(at[-1] - half) if self._model.ties else np.zeros_like(half)
        norm = 1 + lost + tie
        return np.sign(s) * (1 - lost) / norm, tie / norm, half + np.log(norm), s
