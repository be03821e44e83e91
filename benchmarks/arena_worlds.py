"""Made-up teams that vote, for simulations: what is true of them is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from eval import davidson
from eval.columns import OUTCOMES, TIED, WON_A, WON_B, Columns, Floats
from eval.davidson import Cells, Model

_NODES = 41


@dataclass(frozen=True, slots=True)
class World:
    """A team that votes on questions, each pair and order of sides as likely as any other.

    `theta` are the strengths in logits. On each question they differ by a normal draw with standard
    deviation `spread` for each contestant: on some questions the weaker one is the better. `nu` and
    `position` are Davidson's and the effect of being shown first. `style` are the effects of as many
    covariates, for each of their standard deviations; stronger contestants have more of each. Votes
    are spread evenly over the questions.
    """

    theta: tuple[float, ...]
    votes: int
    items: int
    nu: float = 0.5
    position: float = 0.2
    spread: float = 0.5
    style: tuple[float, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Give the contestants' names, which sort as they stand in `theta`."""
        return tuple(f"contestant {n:02}" for n in range(len(self.theta)))

    def draw(self, random: np.random.Generator) -> Columns:
        """Let them vote."""
        size, votes = len(self.theta), self.votes
        theta = np.array(self.theta)
        here = theta + self.spread * random.standard_normal((self.items, size))
        item = random.permutation(np.arange(votes) % self.items)
        a = random.integers(0, size, votes)
        b = (a + random.integers(1, size, votes)) % size
        style = self._style(theta[a] - theta[b], random)
        gap = here[item, a] - here[item, b] + self.position + style @ np.array(self.style)
        chances = _chances(gap, self.nu)
        outcome = (random.random(votes)[:, None] > np.cumsum(chances, axis=1)[:, :2]).sum(axis=1)
        return Columns(
            [self.names[n] for n in a],
            [self.names[n] for n in b],
            [OUTCOMES[n] for n in outcome],
            [f"question {n}" for n in item],
            style if self.style else None,
        )

    def _style(self, gaps: Floats, random: np.random.Generator) -> Floats:
        drawn = random.standard_normal((len(gaps), len(self.style))) + gaps[:, None]
        scaled: Floats = drawn / np.sqrt((drawn**2).mean(axis=0))
        return scaled


@cache
def truth(world: World) -> dict[str, float]:
    """Give the strengths, in logits, that a world's votes tend to as questions are added.

    With questions that differ these are a little closer together than `theta`: the fit to what is
    expected of each pair, over questions. Without style only.
    """
    size = len(world.theta)
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    weights = weights / weights.sum()
    a, b = np.nonzero(~np.eye(size, dtype=bool))
    theta = np.array(world.theta)
    gaps = (theta[a] - theta[b] + world.position)[:, None] + nodes * world.spread * np.sqrt(2)
    counts = (_chances(gaps.ravel(), world.nu).reshape(*gaps.shape, 3) * weights[:, None]).sum(1)
    cells = Cells(
        np.repeat(a, 3),
        np.repeat(b, 3),
        np.zeros(3 * len(a), np.int64),
        np.tile([WON_A, WON_B, TIED], len(a)),
        counts.ravel(),
        np.empty((3 * len(a), 0)),
    )
    found = davidson.fit(cells, Model(size, theta=np.inf, sway=np.inf, gamma=np.inf)).theta
    return dict(zip(world.names, map(float, found), strict=True))


def never_lost(items: int) -> Columns:
    """Give 60 votes: 29 wins of one over three others, and 31 votes among these."""
    others = ["one", "two", "three"]
    rest = [(others[n % 3], others[(n + 1) % 3], "ab"[n % 2]) for n in range(31)]
    won = [("unbeaten", others[n % 3], "a") for n in range(29)]
    a, b, winner = zip(*won, *rest, strict=True)
    return Columns(a, b, winner, [f"question {n % items}" for n in range(60)])


def halved(cells: Cells) -> Cells:
    """Count each tie as half a win of either side."""
    tied = cells.outcome == TIED
    ties = cells.where(tied)
    half = [
        replace(ties, outcome=np.full(len(ties.a), won), count=ties.count / 2)
        for won in (WON_A, WON_B)
    ]
    parts = [cells.where(~tied), *half]
    return Cells(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("a", "b", "item", "outcome", "count", "style")
        )
    )


def _chances(gaps: Floats, nu: float) -> Floats:
    """Give the chances of a, b and a tie: (gaps, 3)."""
    weights = np.stack([np.exp(gaps / 2), np.exp(-gaps / 2), np.full(len(gaps), nu)], axis=1)
    chances: Floats = weights / weights.sum(axis=1, keepdims=True)
    return chances
