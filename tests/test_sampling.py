"""What comes next: the chances, against small known cases and a slow twin."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import sampling
from eval.sampling import FOCUS, Slot, Standing

AB, AC, BC = (("a", "b"), ("a", "c"), ("b", "c"))
EVERY = [Slot(item, pair) for item in ("q1", "q2", "q3") for pair in (AB, AC, BC)]


def test_at_first_every_pair_on_every_item_is_as_likely() -> None:
    assert sampling.chances(EVERY, Standing()) == dict.fromkeys(EVERY, pytest.approx(1 / 9))


def test_an_item_that_the_voter_has_not_seen_comes_first() -> None:
    standing = Standing(votes={Slot("q3", AB): 9}, shown={"q1": 1, "q2": 1})

    assert {each.item_id for each in sampling.chances(EVERY, standing)} == {"q3"}


def test_of_those_the_least_voted_comes_first() -> None:
    standing = Standing(votes={Slot("q1", AB): 1, Slot("q2", BC): 2, Slot("q3", BC): 1})

    assert {each.item_id for each in sampling.chances(EVERY, standing)} == {"q1", "q3"}


def test_on_an_item_a_pair_is_the_likelier_the_fewer_votes_it_has() -> None:
    standing = Standing(votes={Slot("q1", AB): 1, Slot("q1", AC): 3})

    # 1/2 : 1/4 : 1
    assert sampling.chances(EVERY[:3], standing) == {
        Slot("q1", AB): pytest.approx(2 / 7),
        Slot("q1", AC): pytest.approx(1 / 7),
        Slot("q1", BC): pytest.approx(4 / 7),
    }


def test_what_a_voter_has_judged_does_not_come_again() -> None:
    standing = Standing(seen=frozenset(EVERY[1:]), shown={"q1": 2, "q2": 3, "q3": 3})

    assert sampling.chances(EVERY, standing) == {Slot("q1", AB): 1}
    assert sampling.chances(EVERY, Standing(seen=frozenset(EVERY))) == {}


def test_in_focus_the_leader_meets_its_challengers_nine_times_in_ten() -> None:
    chances = sampling.chances(EVERY[:3], Standing(), leader="a")

    assert chances == {
        Slot("q1", AB): pytest.approx(FOCUS / 2 + (1 - FOCUS) / 3),
        Slot("q1", AC): pytest.approx(FOCUS / 2 + (1 - FOCUS) / 3),
        Slot("q1", BC): pytest.approx((1 - FOCUS) / 3),
    }


def test_in_focus_the_tenth_battle_is_any_pair_evenly() -> None:
    standing = Standing(votes={Slot("q1", BC): 99})

    assert sampling.chances(EVERY[:3], standing, "a")[Slot("q1", BC)] == pytest.approx(0.1 / 3)


def test_where_the_leader_has_met_everybody_the_others_go_on() -> None:
    led = frozenset(each for each in EVERY if "a" in each.pair)

    chances = sampling.chances(EVERY, Standing(seen=led), leader="a")

    assert chances == dict.fromkeys((Slot(q, BC) for q in ("q1", "q2", "q3")), pytest.approx(1 / 3))


COUNTS = st.dictionaries(st.sampled_from(EVERY), st.integers(0, 4))
STANDINGS = st.builds(
    Standing,
    votes=COUNTS,
    seen=st.frozensets(st.sampled_from(EVERY)),
    shown=st.dictionaries(st.sampled_from(["q1", "q2", "q3"]), st.integers(0, 2)),
)


@given(STANDINGS, st.sampled_from([None, "a", "b", "nobody"]))
def test_chances_are_of_unseen_slots_and_add_up(standing: Standing, leader: str | None) -> None:
    chances = sampling.chances(EVERY, standing, leader)

    assert not {*chances} & standing.seen
    assert all(chance > 0 for chance in chances.values())
    assert bool(chances) == (standing.seen != {*EVERY})
    assert sum(chances.values()) == pytest.approx(1.0 if chances else 0.0)


@given(STANDINGS)
def test_chances_are_what_a_slow_twin_finds(standing: Standing) -> None:
    assert sampling.chances(EVERY, standing) == pytest.approx(slow_twin(standing))


def slow_twin(standing: Standing) -> dict[Slot, float]:
    """Choose as it is said: an item among the first ones, then a pair on it."""
    votes = Counter[str]()
    for slot, count in standing.votes.items():
        votes[slot.item_id] += count
    left = [each for each in EVERY if each not in standing.seen]
    items = sorted({(standing.shown.get(s.item_id, 0), votes[s.item_id], s.item_id) for s in left})
    first = [item for *rank, item in items if rank == list(items[0][:2])]
    chances = dict[Slot, float]()
    for item in first:
        here = [each for each in left if each.item_id == item]
        weights = [1 / (1 + standing.votes.get(each, 0)) for each in here]
        for slot, weight in zip(here, weights, strict=True):
            chances[slot] = 1 / len(first) * weight / sum(weights)
    return chances
