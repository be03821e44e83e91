"""All that is told of the votes at once."""

import pytest

from eval import ratings
from eval.board import BoardError
from eval.columns import Columns
from eval.models import Ballot, Choice, Kind
from eval.tally import strengths, tally

NAMES = ("words", "meaning", "hybrid")


def ballot(
    number: int, a: str, b: str, winner: Choice, *, voter: str = "ana", kind: Kind = Kind.PLAIN
) -> Ballot:
    style = (0.1 * (number % 5 - 2), 0.0, 0.2 * (number % 3 - 1), 0.0, 0.05)
    return Ballot(a, b, winner, f"q{number:03}", voter, f"b{number}", kind, style=style)


def season(count: int = 120, voter: str = "ana") -> list[Ballot]:
    """Give votes in which hybrid beats the others, and those beat each other in turn."""
    made = list[Ballot]()
    for n in range(count):
        a, b = NAMES[n % 3], NAMES[(n + 1) % 3]
        best = (
            a if "hybrid" in (a, b) and a == "hybrid" else b if b == "hybrid" else NAMES[n // 3 % 2]
        )
        winner = Choice.A if best == a else Choice.B
        made.append(ballot(n, a, b, Choice.TIE if n % 10 == 0 else winner, voter=voter))
    return made


def test_the_winner_is_named_once_the_votes_carry_it() -> None:
    told = tally(season(600))

    assert told.winner == "hybrid"
    assert told.board.ratings[0].name == "hybrid"
    assert told.robustness.winner == "hybrid"


def test_a_winner_of_before_is_not_named_once_the_votes_have_turned() -> None:
    won = [ballot(n, "x", "y", Choice.A) for n in range(20)]
    turned = [ballot(n, "x", "y", Choice.B) for n in range(20, 220)]

    assert tally(won).winner == "x"
    assert tally([*won, *turned]).winner is None


def test_few_votes_name_nobody() -> None:
    assert tally(season(12)).winner is None


def test_who_is_left_out_is_on_the_other_board() -> None:
    honest, other = season(60), season(60, voter="eve")

    told = tally([*honest, *other], {"eve"})

    assert told.everyone is not None
    assert (told.board.votes, told.everyone.votes) == (60, 120)
    assert told.board == tally(honest).board
    assert tally(honest).everyone is None


def test_style_is_left_aside_where_it_is_known() -> None:
    votes = season(60)
    bare = [
        Ballot(v.model_a, v.model_b, v.winner, v.item_id, v.voter_id, v.battle_id) for v in votes
    ]

    controlled = tally(votes).controlled
    assert controlled is not None
    assert {each.name for each in controlled.coefficients} == {
        *("position", "words", "supported citations", "quotes")
    }
    assert tally(bare).controlled is None


def test_strengths_are_the_board_s_points_in_logits() -> None:
    votes = season(90)
    board = ratings.rate(Columns.of(votes))

    found = strengths(votes)

    for each in board.ratings:
        assert ratings.AVERAGE + ratings.POINTS * found[each.name] == pytest.approx(
            each.points.value, abs=1e-6
        )


def test_controls_and_repeats_move_nothing() -> None:
    votes = season(30)
    more = [
        ballot(900 + n, "words", "hybrid", Choice.A, kind=kind)
        for n, kind in enumerate([Kind.CONTROL, Kind.REPEAT] * 10)
    ]

    assert strengths([*votes, *more]) == strengths(votes)
    assert tally([*votes, *more]).board == tally(votes).board


def test_no_votes_make_no_strengths_and_nor_do_parts_that_never_met() -> None:
    with pytest.raises(BoardError):
        strengths([])
    with pytest.raises(BoardError):
        strengths([ballot(1, "words", "meaning", Choice.A), ballot(2, "hybrid", "x", Choice.A)])
    with pytest.raises(BoardError):
        tally([])
