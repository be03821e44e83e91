"""People and a judge together: unbiased however bad the judge is, tighter where it is good."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from eval.fusion import FEWEST, GAIN, Scores, fuse, preferences
from eval.judge import Verdict
from eval.models import Ballot, Choice, Kind
from tests.test_agreement import ballot, verdict

A, B, TIE = Choice.A, Choice.B, Choice.TIE


def drawn(seed: int, n: int, *, agree: float) -> tuple[Scores, Scores]:
    """Draw votes of +1 or -1 and a judge that says the same so often."""
    random = np.random.default_rng(seed)
    votes = random.choice([-1.0, 1.0], n)
    return votes, np.where(random.random(n) < agree, votes, -votes)


def test_the_mean_of_people_is_students() -> None:
    votes, scores = drawn(1, 40, agree=0.8)

    alone = fuse(votes, scores, np.zeros(0)).people

    low, high = stats.ttest_1samp(votes, 0).confidence_interval()
    assert (alone.value, alone.low, alone.high) == pytest.approx((votes.mean(), low, high))


@pytest.mark.parametrize("agree", [0.6, 0.8, 0.95])
@pytest.mark.parametrize("more", [20, 60, 600])
def test_the_weight_is_the_one_of_least_variance(agree: float, more: int) -> None:
    votes, scores = drawn(2, 60, agree=agree)
    _, further = drawn(3, more, agree=agree)
    spread = np.var([*scores, *further], ddof=1)

    def variance(weight: float) -> float:
        covered = np.cov(votes, scores)
        residual = covered[0, 0] - 2 * weight * covered[0, 1] + weight**2 * spread
        return float(residual / 60 + weight**2 * spread / more)

    least = optimize.minimize_scalar(variance, bounds=(0, 1), method="bounded").x
    assert fuse(votes, scores, further).weight == pytest.approx(least, abs=1e-4)


def test_the_estimate_moves_with_what_the_judge_says_elsewhere() -> None:
    votes, scores = drawn(4, 60, agree=0.9)

    better = fuse(votes, scores, np.repeat([1.0, -1.0], (400, 200)))
    worse = fuse(votes, scores, np.repeat([1.0, -1.0], (200, 400)))

    expected = votes.mean() + better.weight * (1 / 3 - scores.mean())
    assert better.both.value == pytest.approx(expected)
    assert better.both.value > worse.both.value


def test_the_gain_is_that_of_the_theory() -> None:
    # With N more questions for n, the variance falls by rho^2 N / (n + N).
    votes, scores = drawn(5, 4_000, agree=0.8)
    _, more = drawn(6, 16_000, agree=0.8)

    assert fuse(votes, scores, more).gain == pytest.approx(1 / (1 - 0.6**2 * 0.8), abs=0.04)


def test_a_judge_that_guesses_is_not_listened_to() -> None:
    votes, _ = drawn(7, 60, agree=0.8)
    _, guesses = drawn(8, 60, agree=0.5)

    fused = fuse(votes, guesses, drawn(9, 600, agree=0.5)[1])

    assert fused.gain < GAIN
    assert not fused.used
    assert fused.best == fused.people


def test_a_judge_that_says_the_opposite_is_not_turned_round() -> None:
    votes, scores = drawn(10, 60, agree=0.9)

    fused = fuse(votes, -scores, drawn(11, 600, agree=0.9)[1])

    assert (fused.weight, fused.used) == (0, False)
    assert fused.both.value == fused.people.value


@pytest.mark.parametrize(("n", "more"), [(FEWEST - 1, 100), (40, FEWEST - 1), (40, 0)])
def test_few_questions_are_not_fused(n: int, more: int) -> None:
    votes, scores = drawn(12, n, agree=1)

    fused = fuse(votes, scores, drawn(13, more, agree=1)[1])

    assert not fused.used
    assert (fused.questions, fused.more) == (n, more)


def test_a_judge_that_always_says_the_same_adds_nothing() -> None:
    votes, _ = drawn(14, 40, agree=1)

    assert not fuse(votes, np.ones(40), np.ones(100)).used


def test_people_who_all_say_the_same_need_no_judge() -> None:
    fused = fuse(np.ones(20), drawn(15, 20, agree=1)[1], drawn(16, 50, agree=1)[1])

    assert (fused.people.low, fused.people.high, fused.used) == (1, 1, False)


@pytest.mark.parametrize("agree", [0.55, 0.8])
def test_the_interval_covers_what_it_says_through_the_gate(agree: float) -> None:
    """400 worlds in which nobody is better, 40 questions with votes and 120 without."""
    held = list[bool]()
    for seed in range(400):
        votes, scores = drawn(seed, 160, agree=agree)
        best = fuse(votes[:40], scores[:40], scores[40:]).best
        held.append(best.low <= 0 <= best.high)

    assert 0.92 <= np.mean(held) <= 0.98


@given(
    st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=12, max_size=30),
    st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0]), min_size=40, max_size=60),
)
def test_exchanging_the_contestants_exchanges_the_answer(
    votes: list[float], scores: list[float]
) -> None:
    n = len(votes)
    of, seen, more = np.array(votes), np.array(scores[:n]), np.array(scores[n:])

    one, other = fuse(of, seen, more), fuse(-of, -seen, -more)

    assert one.both.value == pytest.approx(-other.both.value)
    assert (one.both.low, one.both.high) == pytest.approx((-other.both.high, -other.both.low))
    assert -1 <= one.both.low <= one.both.high <= 1


# From ballots and verdicts


def a_board(voted: int, judged: int) -> tuple[list[Ballot], list[Verdict]]:
    votes = [ballot(n, "x", (A, A, B)[n % 3]) for n in range(voted)]
    # The judge says what people say, and on every seventh question the opposite.
    said = [
        verdict(n, ((A, A, B)[n % 3]) if n % 7 else (A, A, B)[n % 3].swapped) for n in range(judged)
    ]
    return votes, said


def test_each_two_that_met_are_fused_over_questions() -> None:
    votes, said = a_board(30, 150)

    [(pair, fused)] = preferences(votes, said).items()

    assert pair == ("hybrid", "words")
    assert (fused.questions, fused.more) == (30, 120)
    assert fused.used
    assert fused.both.high - fused.both.low < fused.people.high - fused.people.low


def test_a_question_counts_once_however_many_voted_on_it() -> None:
    votes, said = a_board(30, 150)
    many = [ballot(0, f"voter {n}", A) for n in range(20)]

    assert preferences([*votes, *many], said) == preferences(votes, said)


def test_the_order_of_sides_does_not_matter() -> None:
    votes, said = a_board(30, 150)
    turned = [
        replace(each, model_a=each.model_b, model_b=each.model_a, winner=each.winner.swapped)
        for each in votes
    ]

    assert preferences(turned, said) == preferences(votes, said)


def test_votes_that_the_judge_has_not_seen_are_not_lost() -> None:
    votes, said = a_board(30, 150)

    [fused] = preferences(votes, said[1:]).values()

    assert not fused.used
    assert fused.best == preferences(votes, said)["hybrid", "words"].people


def test_people_without_a_judge_stand_alone() -> None:
    votes, _ = a_board(30, 0)

    [fused] = preferences(votes, []).values()

    assert fused.best == fused.people
    assert fused.people.value == pytest.approx(1 / 3)


def test_one_question_and_planted_controls_are_no_mean() -> None:
    votes = [ballot(0, "x", A), *(ballot(n, "x", A, kind=Kind.CONTROL) for n in range(20))]

    assert preferences(votes, a_board(0, 50)[1]) == {}
