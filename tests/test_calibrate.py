"""How well measures foretell votes: the area under the curve, by its definition."""

import numpy as np
import pytest

from eval import calibrate
from eval.models import Ballot, Choice, Kind

SCORES = {
    ("q1", "x"): {"MRR": 1.0, "cited place": 1.0},
    ("q1", "y"): {"MRR": 0.5, "cited place": 1.0},
    ("q2", "x"): {"MRR": 0.2},
    ("q2", "y"): {"MRR": 0.4},
}


def ballot(
    item: str, winner: Choice, *, a: str = "x", b: str = "y", kind: Kind = Kind.PLAIN
) -> Ballot:
    return Ballot(a, b, winner, item, "voter", "battle", kind)


def test_the_higher_score_wins_or_it_does_not() -> None:
    votes = [ballot("q1", Choice.A), ballot("q2", Choice.B), ballot("q2", Choice.A)]

    found = {each.measure: each for each in calibrate.calibrate(SCORES, votes)}

    assert found["MRR"].auc.value == pytest.approx(2 / 3)
    assert (found["MRR"].auc.count, found["MRR"].auc.clusters) == (3, 2)
    assert found["MRR"].auc.low < 2 / 3 < found["MRR"].auc.high


def test_it_does_not_matter_on_which_side_a_contestant_stood() -> None:
    there = [ballot("q1", Choice.A), ballot("q2", Choice.A)]
    back = [ballot("q1", Choice.B, a="y", b="x"), ballot("q2", Choice.B, a="y", b="x")]

    assert calibrate.calibrate(SCORES, there) == calibrate.calibrate(SCORES, back)


def test_equal_scores_count_half_and_say_so() -> None:
    found = {e.measure: e for e in calibrate.calibrate(SCORES, [ballot("q1", Choice.B)])}

    assert (found["cited place"].auc.value, found["cited place"].differing) == (0.5, 0)
    assert (found["MRR"].auc.value, found["MRR"].differing) == (0, 1)


def test_what_names_no_winner_of_contestants_is_left_out() -> None:
    votes = [
        *(ballot("q1", Choice.TIE), ballot("q1", Choice.BOTH_BAD)),
        *(ballot("q1", Choice.A, kind=Kind.REPEAT), ballot("q1", Choice.A, kind=Kind.CONTROL)),
        *(ballot("q9", Choice.A), ballot("q1", Choice.A, b="z")),
    ]

    assert calibrate.calibrate(SCORES, votes) == ()
    assert calibrate.calibrate({}, [ballot("q1", Choice.A)]) == ()


def test_it_is_the_area_under_the_curve() -> None:
    """The slow twin: winners' leads against losers', every vote told from both sides."""
    rng = np.random.default_rng(4)
    scores = {(f"q{n}", who): {"MRR": float(rng.integers(0, 4))} for n in range(60) for who in "xy"}
    votes = [ballot(f"q{n}", Choice.A if rng.random() < 0.6 else Choice.B) for n in range(60)]
    leads = [
        (scores[v.item_id, "x"]["MRR"] - scores[v.item_id, "y"]["MRR"])
        * (1 if v.winner is Choice.A else -1)
        for v in votes
    ]
    slow = sum((lead > 0) + (lead == 0) / 2 for lead in leads) / len(leads)

    [found] = calibrate.calibrate(scores, votes)

    assert found.auc.value == pytest.approx(slow)


def test_the_best_foreteller_comes_first() -> None:
    votes = [ballot("q1", Choice.A), ballot("q2", Choice.B)]

    assert [each.measure for each in calibrate.calibrate(SCORES, votes)] == ["MRR", "cited place"]
