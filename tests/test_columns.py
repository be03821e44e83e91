"""Ballots as columns, and as numbers."""

from dataclasses import replace

import numpy as np
import pytest

from eval import columns
from eval.columns import Columns
from eval.models import Ballot, Choice, Kind
from kb.errors import SourceError


def ballot(
    a: str,
    b: str,
    winner: Choice,
    *,
    kind: Kind = Kind.PLAIN,
    style: tuple[float, ...] = (),
) -> Ballot:
    return Ballot(a, b, winner, "q", "ann", "1", kind=kind, style=style)


def test_contestants_are_numbered_by_name_and_items_as_they_come() -> None:
    coded = columns.code(Columns(["b", "c"], ["a", "b"], ["a", "tie"], ["late", "early"]))

    assert coded.contestants == ("a", "b", "c")
    assert coded.items == ("late", "early")
    assert coded.a.tolist() == [1, 2]
    assert coded.b.tolist() == [0, 1]
    assert coded.item.tolist() == [0, 1]
    assert coded.outcome.tolist() == [columns.WON_A, columns.TIED]


def test_both_bad_is_not_among_the_counted() -> None:
    style = np.array([[1.0], [2.0]])
    coded = columns.code(Columns(["a", "a"], ["b", "b"], ["both bad", "b"], ["1", "2"], style))

    assert coded.counted.outcome.tolist() == [columns.WON_B]
    assert coded.counted.item.tolist() == [1]
    assert coded.counted.style is not None
    assert coded.counted.style.tolist() == [[2.0]]


def test_repeats_and_controls_do_not_count() -> None:
    ballots = [
        ballot("x", "y", Choice.A, style=(0.5, 1.0)),
        ballot("y", "x", Choice.A, kind=Kind.REPEAT),
        ballot("x", "y", Choice.B, kind=Kind.CONTROL),
    ]

    taken = Columns.of(ballots)

    assert (list(taken.model_a), list(taken.winner)) == (["x"], ["a"])
    assert taken.style is not None
    assert taken.style.tolist() == [[0.5, 1.0]]


def test_style_that_some_ballots_lack_is_not_known() -> None:
    ballots = [ballot("x", "y", Choice.A, style=(0.5,)), ballot("x", "z", Choice.A)]

    assert Columns.of(ballots).style is None
    assert Columns.of([]).style is None


def test_a_voter_s_first_word_on_a_pair_counts() -> None:
    first, again = ballot("x", "y", Choice.A), ballot("y", "x", Choice.A)

    assert Columns.of([first, again]).model_a == ["x"]
    assert len(Columns.of([first, replace(again, voter_id="another")])) == 2
    assert len(Columns.of([first, replace(again, item_id="another")])) == 2


@pytest.mark.parametrize("winner", ["c", "", "A", "left"])
def test_a_fifth_choice_is_named(winner: str) -> None:
    with pytest.raises(SourceError, match=f"winner is '{winner}'") as caught:
        columns.code(Columns(["x"], ["y"], [winner], ["q"]))

    assert "both bad" in caught.value.hint


def test_nobody_battles_against_itself() -> None:
    with pytest.raises(SourceError, match="sets y against itself"):
        columns.code(Columns(["x", "y"], ["y", "y"], ["a", "a"], ["q", "q"]))


def test_columns_of_different_length_are_no_ballots() -> None:
    with pytest.raises(SourceError, match="2, 1, 2, 2 rows"):
        Columns(["x", "x"], ["y"], ["a", "a"], ["q", "q"])
    with pytest.raises(SourceError, match="1, 1, 1, 1, 2 rows"):
        Columns(["x"], ["y"], ["a"], ["q"], np.zeros((2, 3)))


@pytest.mark.parametrize("style", [np.zeros(1), np.array([[np.nan]]), np.array([[np.inf]])])
def test_style_is_a_table_of_numbers(style: columns.Floats) -> None:
    with pytest.raises(SourceError, match="no table of numbers"):
        Columns(["x"], ["y"], ["a"], ["q"], style)


def test_no_ballots_are_read_too() -> None:
    assert columns.code(Columns([], [], [], [])).contestants == ()
