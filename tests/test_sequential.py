"""The rule that names a winner, and may be looked at after every vote."""

import numpy as np
import pytest

from benchmarks.arena_worlds import World
from eval import sequential
from eval.columns import Columns
from eval.sequential import Evidence

BETS = [n / 10 for n in range(-9, 10)]
PARTS = {1: 1 / 6, 4: 1 / 6, 16: 2 / 3}


def votes(said: str, items: list[str] | None = None) -> Columns:
    """Have x (+) and y (-) battle, = for ties and ! for both bad."""
    winners = {"+": "a", "-": "b", "=": "tie", "!": "both bad"}
    places = items or [f"question {n}" for n in range(len(said))]
    return Columns(["x"] * len(said), ["y"] * len(said), [winners[each] for each in said], places)


def only(columns: Columns) -> Evidence:
    (evidence,) = sequential.watch(columns)
    return evidence


def slowly(columns: Columns) -> list[float]:
    """Give the most that any bettor has made after each vote, as the rule is written down."""
    value = {"a": 1, "b": -1, "tie": 0, "both bad": 0}
    closed: dict[int, dict[str, float]] = {full: {} for full in PARTS}
    said, path, most = dict[str, list[int]](), list[float](), 0.0
    for n, (item, winner) in enumerate(zip(columns.item, columns.winner, strict=True), 1):
        said.setdefault(item, []).append(value[winner])
        for full, questions in closed.items():
            if n >= full * len(said):
                for each, its in said.items():
                    questions.setdefault(each, sum(its) / len(its))
            made = [np.prod([1 + bet * d for d in questions.values()]) for bet in BETS]
            most = max(most, PARTS[full] * float(np.mean(made)) if questions else 0.0)
        path.append(most)
    return path


@pytest.mark.parametrize("items", [3, 20, 200])
def test_the_evidence_is_that_of_bettors_played_by_hand(items: int) -> None:
    random = np.random.default_rng(items)
    said = "".join(random.choice(list("++-=!"), 200))
    places = [f"question {n}" for n in random.integers(0, items, 200)]
    columns = votes(said, places)

    path = slowly(columns)

    evidence = only(columns)
    assert evidence.strength == pytest.approx(path[-1])
    reached = [n for n, made in enumerate(path, 1) if made >= 20]
    assert evidence.vote == (reached[0] if reached else None)


def test_whoever_always_wins_is_the_winner_from_some_vote_on() -> None:
    evidence = only(votes("+" * 30))

    assert (evidence.better, evidence.worse, evidence.won) == ("x", "y", True)
    assert evidence.vote is not None
    assert only(votes("+" * (evidence.vote - 1))).vote is None
    assert only(votes("+" * evidence.vote)).vote == evidence.vote


def test_a_winner_stays_one_whatever_comes_after() -> None:
    evidence = only(votes("+" * 30 + "-" * 300))

    assert (evidence.better, evidence.won) == ("x", True)


def test_the_other_side_wins_as_soon() -> None:
    up, down = only(votes("+" * 30)), only(votes("-" * 30))

    assert (up.better, down.better) == ("x", "y")
    assert up.vote == down.vote


def test_the_side_on_which_it_was_shown_does_not_matter() -> None:
    one = votes("++-=+" * 8)
    turned = Columns(
        one.model_b, one.model_a, [{"a": "b", "b": "a"}.get(w, w) for w in one.winner], one.item
    )

    assert sequential.watch(one) == sequential.watch(turned)


def test_ties_and_both_bad_are_no_evidence() -> None:
    assert only(votes("=!" * 100)).strength == pytest.approx(1 / 6)
    assert not only(votes("=!" * 100)).won


def test_many_votes_on_one_question_are_one_bet() -> None:
    evidence = only(votes("+" * 1000, ["question"] * 1000))

    assert not evidence.won
    assert evidence.strength <= 1.9


def test_the_more_are_watched_the_more_is_wanted() -> None:
    columns = Columns(["x", "y", "z"], ["y", "z", "w"], ["a"] * 3, ["1", "2", "3"])

    watched = sequential.watch(columns)

    assert [each.wanted for each in watched] == [120.0] * 3
    assert only(votes("+")).wanted == 20.0


def test_no_votes_are_no_evidence() -> None:
    assert sequential.watch(Columns([], [], [], [])) == ()


def test_overwhelming_evidence_is_a_number() -> None:
    assert np.isfinite(only(votes("+" * 3000)).strength)


def test_the_winner_has_won_against_each_other() -> None:
    def won(better: str, worse: str, vote: int | None) -> Evidence:
        return Evidence(better, worse, 60.0, 60.0, vote)

    all_three = [won("x", "y", 4), won("x", "z", 9), won("y", "z", None)]
    only_one = [won("x", "y", 4), won("x", "z", None)]

    assert sequential.winner(all_three, ["x", "y", "z"]) == "x"
    assert sequential.winner(only_one, ["x", "y", "z"]) is None
    assert sequential.winner([], []) is None


# Small versions of what the benchmark measures


def called(world: World, times: int) -> float:
    random = np.random.default_rng(2)
    boards = [sequential.watch(world.draw(random)) for _ in range(times)]
    return float(np.mean([any(each.won for each in board) for board in boards]))


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.0, 0.5, 2.0])
@pytest.mark.parametrize(("count", "items"), [(2000, 2000), (1000, 60), (1000, 30)])
def test_equals_are_hardly_ever_told_apart_however_often_one_looks(
    count: int, items: int, spread: float
) -> None:
    assert called(World((0.0, 0.0), count, items, spread=spread), 200) <= 0.05


@pytest.mark.slow
def test_a_clear_difference_is_told() -> None:
    assert called(World((0.5, -0.5), 1000, 60), 50) >= 0.95
