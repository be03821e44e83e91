"""What a voter judges next, as chances that can be written down: it is drawn from just these."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

FOCUS = 0.9
"""Share of leader against challengers in focus mode; the rest is any pair, evenly."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Two contestants, by name in order, on an item: what a voter judges once."""

    item_id: str
    pair: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """What was judged: `votes` of everybody on each slot; of the voter, the slots `seen` already.

    `shown` counts the voter's battles on each item.
    """

    votes: Mapping[Slot, int] = field(default_factory=dict[Slot, int])
    seen: frozenset[Slot] = frozenset()
    shown: Mapping[str, int] = field(default_factory=dict[str, int])


def slots(made: Iterable[tuple[str, str]]) -> list[Slot]:
    """Pair up the contestants that made something of an item, given as (item, contestant).

    >>> slots([("q1", "b"), ("q1", "a"), ("q2", "a")])
    [Slot(item_id='q1', pair=('a', 'b'))]
    """
    makers = defaultdict[str, list[str]](list)
    for item_id, contestant in sorted(made):
        makers[item_id].append(contestant)
    return [Slot(item, pair) for item, names in makers.items() for pair in combinations(names, 2)]


def chances(
    every: Sequence[Slot], standing: Standing, leader: str | None = None
) -> dict[Slot, float]:
    """Give the probability of each slot to be the voter's next; nothing where all are judged.

    The item least shown to the voter, then least voted; on it a pair by 1 / (1 + its votes there).
    """

    def rarity(slot: Slot) -> float:
        return 1 / (1 + standing.votes.get(slot, 0))

    unseen = [each for each in every if each not in standing.seen]
    led = [each for each in unseen if leader in each.pair]
    if not led:
        return _spread(unseen, standing, rarity)
    focused = _spread(led, standing, rarity)
    evenly = _spread(unseen, standing, lambda _: 1.0)
    mixed = {
        each: FOCUS * focused.get(each, 0.0) + (1 - FOCUS) * evenly.get(each, 0.0)
        for each in unseen
    }
    return {each: chance for each, chance in mixed.items() if chance}


def _spread(
    open_: Sequence[Slot], standing: Standing, weigh: Callable[[Slot], float]
) -> dict[Slot, float]:
    """Spread the chances evenly over the items that come first, and by weight over their pairs."""
    votes = Counter[str]()
    for slot, count in standing.votes.items():
        votes[slot.item_id] += count
    ranks = {
        each.item_id: (standing.shown.get(each.item_id, 0), votes[each.item_id]) for each in open_
    }
    first = min(ranks.values(), default=None)
    weights = {each: weigh(each) for each in open_ if ranks[each.item_id] == first}
    totals = defaultdict[str, float](float)
    for slot, weight in weights.items():
        totals[slot.item_id] += weight
    return {slot: weight / totals[slot.item_id] / len(totals) for slot, weight in weights.items()}
