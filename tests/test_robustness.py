"""The fewest votes that carry a winner: found greedily, held to trying every removal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.models import Ballot, Choice, Kind
from eval.robustness import robustness
from kb.errors import SoundproofError

A, B, TIE = Choice.A, Choice.B, Choice.TIE
_SAME = 1e-9


class NoBoardError(SoundproofError):
    """Says that there are too few contestants."""


def strengths(ballots: Sequence[Ballot]) -> dict[str, float]:
    """Fit Bradley and Terry's model, a tie half a win each, with a prior N(0, 4), by Newton."""
    counted = [each for each in ballots if each.winner is not Choice.BOTH_BAD]
    names = sorted({name for each in counted for name in (each.model_a, each.model_b)})
    if len(names) < 2:
        raise NoBoardError("Only one contestant", hint="Add another.")
    rows = np.zeros((len(counted), len(names)))
    for row, each in zip(rows, counted, strict=True):
        row[names.index(each.model_a)], row[names.index(each.model_b)] = 1, -1
    won = np.array([{A: 1.0, TIE: 0.5, B: 0.0}[each.winner] for each in counted])
    theta = np.zeros(len(names))
    for _ in range(12):
        p = 1 / (1 + np.exp(-rows @ theta))
        slope = rows.T @ (won - p) - theta / 4
        theta += np.linalg.solve((rows.T * (p * (1 - p))) @ rows + np.eye(len(names)) / 4, slope)
    return dict(zip(names, theta.tolist(), strict=True))


def weigh(counts: Mapping[tuple[str, str, Choice], int]) -> Mapping[str, float]:
    """Fit votes of which only the number of each way is known."""
    names = {name for (a, b, _), count in counts.items() if count for name in (a, b)}
    return strengths(laid_out(counts)) if len(names) > 1 else {}


def laid_out(counts: Mapping[tuple[str, str, Choice], int]) -> list[Ballot]:
    return [
        Ballot(*way, "q", "ana", f"{way} {n}")
        for way, count in counts.items()
        for n in range(count)
    ]


def votes(*told: tuple[str, str, int]) -> list[Ballot]:
    """Give so many wins of the first over the second, each with an id of its own; "=" for a tie."""
    return [
        Ballot(a, b.removeprefix("="), TIE if "=" in b else A, f"q{n}", "ana", f"{a}{b}{n}")
        for a, b, count in told
        for n in range(count)
    ]


def ids(ballots: Sequence[Ballot]) -> set[str]:
    return {each.battle_id for each in ballots}


def without(ballots: Sequence[Ballot], removed: Sequence[Ballot]) -> list[Ballot]:
    gone = ids(removed)
    return [each for each in ballots if each.battle_id not in gone]


def top(found: Mapping[str, float]) -> str:
    return max(found, key=found.__getitem__)


def fewest(ballots: Sequence[Ballot], most: int) -> int | None:
    """Try every removal of up to so many votes: the slow, obvious way."""
    winner = top(strengths(ballots))
    for size in range(1, most + 1):
        for gone in combinations(ballots, size):
            try:
                left = strengths(without(ballots, gone))
            except SoundproofError:
                continue
            if winner in left and left[top(left)] > left[winner] + _SAME:
                return size
    return None


def test_a_lead_of_one_vote_is_gone_with_two() -> None:
    board = votes(("x", "y", 5), ("y", "x", 4))

    found = robustness(board, weigh)

    assert (found.winner, found.instead, found.proven) == ("x", "y", True)
    assert [(each.model_a, each.winner) for each in found.votes] == [("x", A)] * 2
    assert str(found) == "Without 2 votes, y would be on top instead of x"


def test_the_votes_that_are_named_do_it() -> None:
    board = votes(("x", "y", 12), ("y", "x", 6), ("y", "z", 9), ("z", "y", 7), ("z", "x", 5))

    found = robustness(board, weigh)

    assert found.votes
    assert top(strengths(board)) == found.winner
    assert top(strengths(without(board, found.votes))) == found.instead != found.winner


def test_a_single_vote_that_decides_is_found() -> None:
    board = votes(("x", "y", 3), ("y", "x", 3), ("x", "z", 4), ("y", "z", 4), ("x", "=y", 1))
    board += [Ballot("x", "z", A, "q9", "ben", "the one")]

    found = robustness(board, weigh)

    assert len(found.votes) == fewest(board, 1) == 1
    assert str(found).startswith("Without 1 vote,")


def test_what_is_found_greedily_is_said_to_be_at_most_that() -> None:
    board = votes(("x", "y", 20), ("y", "x", 10))

    found = robustness(board, weigh)

    assert len(found.votes) == 11
    assert not found.proven
    assert str(found) == "Without at most 11 votes, y would be on top instead of x"


def test_a_winner_that_half_of_the_votes_do_not_unseat_is_said_so() -> None:
    found = robustness(votes(("x", "y", 9)), weigh)

    assert (found.winner, found.instead, found.votes) == ("x", "", ())
    assert str(found) == "No removal of up to half of the votes was found that unseats x"


def test_the_newest_of_like_votes_are_named() -> None:
    board = [replace(each, cast=float(n)) for n, each in enumerate(votes(("x", "y", 5)))]

    found = robustness([*board, *votes(("y", "x", 4))], weigh)

    assert ids(found.votes) == {"xy4", "xy3"}


def test_what_is_not_counted_is_not_removed() -> None:
    board = votes(("x", "y", 5), ("y", "x", 4))
    others = [
        replace(each, battle_id=f"other {kind} {n}", kind=kind, winner=choice)
        for n, each in enumerate(votes(("x", "y", 5)))
        for kind, choice in ((Kind.CONTROL, A), (Kind.REPEAT, A), (Kind.PLAIN, Choice.BOTH_BAD))
    ]

    assert robustness([*others, *board], weigh) == robustness(board, weigh)


def test_a_winner_whose_votes_are_all_gone_was_not_beaten() -> None:
    found = robustness(votes(("x", "y", 1), ("y", "=z", 1)), weigh)

    assert (found.winner, found.instead) == ("x", "")


def test_votes_that_make_no_board_is_an_error() -> None:
    with pytest.raises(SoundproofError, match="not make one board"):
        robustness([], weigh)


boards = st.lists(
    st.tuples(st.sampled_from(["xy", "yx", "xz", "zx", "yz", "zy"]), st.sampled_from([A, B, TIE])),
    min_size=4,
    max_size=11,
).map(
    lambda told: [
        Ballot(pair[0], pair[1], won, f"q{n}", "ana", f"b{n}") for n, (pair, won) in enumerate(told)
    ]
)


@settings(max_examples=40, deadline=None)
@given(boards)
def test_small_removals_are_the_smallest_and_others_no_smaller_than_those(
    board: list[Ballot],
) -> None:
    ranked = sorted(strengths(board).values())
    if ranked[-1] - ranked[-2] < 1e-6:
        return  # nobody is on top
    found = robustness(board, weigh)

    exact = fewest(board, 2)
    if found.proven or exact == 1:
        assert len(found.votes) == exact
    elif found.votes:
        assert exact is None or exact <= len(found.votes)
        assert top(strengths(without(board, found.votes))) == found.instead


@pytest.mark.slow
def test_what_is_found_is_mostly_the_fewest() -> None:
    """30 boards of 14 votes over three contestants, against trying all removals of up to 4."""
    random = np.random.default_rng(1)
    excess = list[int]()
    for _ in range(30):
        board = [
            Ballot(a, b, A, f"q{n}", "v", f"b{n}")
            for n in range(14)
            for a, b in [random.choice(["x", "y", "z"], 2, replace=False).tolist()]
        ]
        exact, found = fewest(board, 4), robustness(board, weigh)
        if exact is not None:
            excess.append(len(found.votes) - exact if found.votes else 99)

    assert len(excess) > 10
    assert min(excess) >= 0
    assert np.mean(np.array(excess) == 0) >= 0.9
