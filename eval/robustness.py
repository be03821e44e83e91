"""How few votes carry the winner: the smallest set found whose removal puts another on top.

Votes are taken away greedily, those that support the winner most against one challenger first, and
every claim is checked by fitting what is left. Source of the idea: Broderick, Giordano and Meager,
"An Automatic Finite-Sample Robustness Metric", 2020.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eval import davidson
from eval.board import BoardError
from eval.columns import OUTCOMES
from eval.davidson import Cells, Model
from eval.models import Ballot, Choice, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    Way = tuple[str, str, Choice]
    """Votes on the same two contestants, shown the same way round, with the same outcome."""
    Weigh = Callable[[Mapping[Way, int]], Mapping[str, float]]
    """Gives strengths by how many votes there are of each way; none where that is no board."""

_PROVEN = 2
_SAME = 1e-9
"""Strengths that differ by less are a fit's rounding."""


@dataclass(frozen=True, slots=True)
class Robustness:
    """The winner, who would be on top instead, and the votes without which it would.

    `instead` is "" and `votes` empty where no removal of up to half of the votes was found.
    """

    winner: str
    instead: str
    votes: tuple[Ballot, ...]

    @property
    def proven(self) -> bool:
        """Tell whether fewer votes certainly do not do it: every smaller removal was tried."""
        return 0 < len(self.votes) <= _PROVEN

    def __str__(self) -> str:
        if not self.votes:
            return f"No removal of up to half of the votes was found that unseats {self.winner}"
        number = len(self.votes)
        votes = f"{'' if self.proven else 'at most '}{number} vote{'s' if number > 1 else ''}"
        return f"Without {votes}, {self.instead} would be on top instead of {self.winner}"


def strengths(counts: Mapping[Way, int]) -> Mapping[str, float]:
    """Give the strengths, in logits, that so many votes of each way tell; none of a board in parts."""
    ways = [way for way, count in counts.items() if count]
    names = sorted({name for a, b, _ in ways for name in (a, b)})
    if not names or not _in_one_part(ways, names):
        return {}
    a, b = (np.array([names.index(way[side]) for way in ways]) for side in (0, 1))
    outcome = np.array([OUTCOMES.index(way[2]) for way in ways])
    count = np.array([counts[way] for way in ways], float)
    cells = Cells(a, b, np.zeros_like(a), outcome, count, np.empty((len(ways), 0)))
    model = Model(len(names), ties=any(way[2] is Choice.TIE for way in ways))
    return dict(zip(names, map(float, davidson.fit(cells, model).theta), strict=True))


def _in_one_part(ways: Collection[Way], names: Sequence[str]) -> bool:
    reached, before = {names[0]}, set[str]()
    while reached != before:
        before = set(reached)
        for a, b, _ in ways:
            if a in reached or b in reached:
                reached |= {a, b}
    return len(reached) == len(names)


def robustness(ballots: Sequence[Ballot], weigh: Weigh = strengths) -> Robustness:
    """Find the fewest votes whose removal changes who is on top.

    Votes that are alike in who met, on which side, with what outcome are worth the same, and the
    newest of them are named. It takes some hundred fits, each as quick on many votes as on few.

    Raises:
        BoardError: the votes make no board.
    """
    counted = [
        each for each in ballots if each.kind is Kind.PLAIN and each.winner is not Choice.BOTH_BAD
    ]
    ways = _by_way(counted)
    whole = weigh({way: len(of) for way, of in ways.items()})
    if not whole:
        raise BoardError(
            "These votes do not make one board, so nobody is on top",
            hint="Draw battles between all contestants first.",
        )
    search = _Search(ways, weigh, max(whole, key=whole.__getitem__))
    removed = search.fewest(whole)
    instead = search.instead(removed) if removed else ""
    return Robustness(search.winner, instead, search.votes(removed))


def _by_way(ballots: Iterable[Ballot]) -> Mapping[Way, Sequence[Ballot]]:
    ways = defaultdict[tuple[str, str, Choice], list[Ballot]](list)
    for each in sorted(ballots, key=lambda each: (-each.cast, each.battle_id, each.voter_id)):
        ways[each.model_a, each.model_b, each.winner].append(each)
    return ways


@dataclass(frozen=True, slots=True)
class _Search:
    """A board's votes by what they are worth, what weighs them, and who is on top.

    A removal is a count of votes for each way.
    """

    ways: Mapping[Way, Sequence[Ballot]]
    weigh: Weigh
    winner: str

    def votes(self, removed: Mapping[Way, int]) -> tuple[Ballot, ...]:
        """Give the votes of a removal."""
        return tuple(each for way, count in removed.items() for each in self.ways[way][:count])

    def without(self, removed: Mapping[Way, int]) -> Mapping[str, float]:
        """Weigh what a removal leaves; nothing where that is no board."""
        return self.weigh({way: len(of) - removed.get(way, 0) for way, of in self.ways.items()})

    def instead(self, removed: Mapping[Way, int]) -> str:
        """Give who is on top after a removal; "" for the winner still, or no board."""
        return self.above(self.without(removed))

    def above(self, strengths: Mapping[str, float]) -> str:
        """Give who is above the winner, the best of them; "" for nobody.

        A winner that is gone with its last vote was not beaten.
        """
        top = max(strengths, key=strengths.__getitem__, default=self.winner)
        least = strengths.get(self.winner, math.inf) + _SAME
        return top if top != self.winner and strengths[top] > least else ""

    def fewest(self, strengths: Mapping[str, float]) -> Mapping[Way, int]:
        """Give the smallest removal found that unseats the winner; empty for none."""
        alone = {way: self.without({way: 1}) for way in self.ways}
        for way, left in alone.items():
            if self.above(left):
                return {way: 1}
        best: Mapping[Way, int] = {}
        for challenger in sorted(strengths, key=lambda name: -strengths[name]):
            if challenger != self.winner:
                order = self.order(challenger, strengths, alone)
                best = self.enough(order, sum(best.values()) - 1 if best else None) or best
        return best

    def order(
        self,
        challenger: str,
        strengths: Mapping[str, float],
        alone: Mapping[Way, Mapping[str, float]],
    ) -> list[Way]:
        """Give the votes that keep the winner above a challenger, worthiest first."""
        ahead = strengths[self.winner] - strengths[challenger]
        worth = {
            way: ahead - (left[self.winner] - left[challenger])
            for way, left in alone.items()
            if {self.winner, challenger} <= left.keys()
        }
        ways = sorted((way for way in worth if worth[way] > 0), key=lambda way: (-worth[way], way))
        return [way for way in ways for _ in self.ways[way]]

    def enough(self, order: Sequence[Way], limit: int | None) -> Mapping[Way, int]:
        """Give the first so many that unseat the winner, by bisection; empty past the limit."""
        half = sum(map(len, self.ways.values())) // 2
        low, high = 0, min(len(order), half if limit is None else limit)
        if not self.instead(Counter(order[:high])):
            return {}
        while high - low > 1:
            middle = (low + high) // 2
            if self.instead(Counter(order[:middle])):
                high = middle
            else:
                low = middle
        return self.spared(Counter(order[:high]))

    def spared(self, removed: Mapping[Way, int]) -> Mapping[Way, int]:
        """Put back each vote that was not needed, the least worthy first."""
        for way in [*removed][::-1]:
            while removed[way] and self.instead(fewer := {**removed, way: removed[way] - 1}):
                removed = fewer
        return {way: count for way, count in removed.items() if count}
