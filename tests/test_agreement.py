"""A judge beside people: known kappas, honest intervals, and what is left out of the count."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Generator
from scipy import stats

from eval.agreement import ENOUGH, Estimate, agreement, kappa
from eval.judge import Verdict
from eval.models import Ballot, Choice, Kind

A, B, TIE = Choice.A, Choice.B, Choice.TIE


def ballot(
    item: int,
    voter: str,
    winner: Choice,
    *,
    kind: Kind = Kind.PLAIN,
    a: str = "hybrid",
    b: str = "words",
) -> Ballot:
    return Ballot(a, b, winner, f"q{item}", voter, f"{item}-{voter}-{kind}", kind)


def verdict(item: int, straight: Choice, crossed: Choice | None = None) -> Verdict:
    said = straight if crossed is None else crossed
    return Verdict("j", f"b{item}", f"q{item}", "hybrid", "words", straight, said)


# The arithmetic


def test_cohens_kappa_is_that_of_the_textbook() -> None:
    # 50 grant proposals, two readers: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no.
    assert float(kappa(np.array([[20.0, 5.0], [10.0, 15.0]]))) == pytest.approx(0.4)


def test_kappa_knows_nothing_of_readers_who_always_say_the_same() -> None:
    assert math.isnan(float(kappa(np.array([[50.0, 0.0], [0.0, 0.0]]))))


@given(st.lists(st.integers(0, 40), min_size=9, max_size=9))
def test_kappa_does_not_hang_on_who_is_first_nor_pass_one(counts: list[int]) -> None:
    table = np.array(counts, float).reshape(3, 3)
    value = float(kappa(table))

    assert math.isnan(value) or value <= 1 + 1e-12
    assert value == pytest.approx(float(kappa(table.T)), nan_ok=True)


def test_flips_and_first_slots_are_counted_over_all_verdicts() -> None:
    found = agreement(
        [verdict(1, A), verdict(2, A, B), verdict(3, B), verdict(4, TIE, A), verdict(5, TIE)], []
    )

    assert found.flips.value == 2 / 5
    # Of the seven choices the first slot had those of q1, both of q2, and one of q3.
    assert found.first.value == 4 / 7
    assert found.flips.battles == found.flips.questions == 5


def test_a_judge_that_flips_agrees_only_with_those_who_prefer_neither() -> None:
    votes = [ballot(1, "ana", A), ballot(1, "ben", B), ballot(1, "cem", TIE)]

    assert agreement([verdict(1, A, B)], votes).judge.value == 1 / 3
    assert agreement([verdict(1, A, TIE)], votes).judge.value == 1 / 3


def test_both_bad_prefers_neither() -> None:
    assert agreement([verdict(1, TIE)], [ballot(1, "ana", Choice.BOTH_BAD)]).judge.value == 1


def test_sides_are_put_in_one_order() -> None:
    turned = ballot(1, "ben", B, a="words", b="hybrid")

    found = agreement([verdict(1, A)], [ballot(1, "ana", A), turned])

    assert (found.judge.value, found.people.value) == (1, 1)


def test_people_are_compared_pair_by_pair() -> None:
    votes = [ballot(1, "ana", A), ballot(1, "ben", A), ballot(1, "cem", B), ballot(2, "ana", A)]

    found = agreement([], votes).people

    assert (found.value, found.battles, found.questions) == (1 / 3, 1, 1)


def test_repeats_controls_and_other_contestants_are_left_out() -> None:
    votes = [
        ballot(1, "ana", A),
        ballot(1, "ben", A, kind=Kind.CONTROL),
        ballot(1, "ana", B, kind=Kind.REPEAT),
        ballot(1, "cem", A, b="meaning"),
    ]

    found = agreement([verdict(1, A)], votes)

    assert (found.judge.value, found.judge.battles, found.people.battles) == (1, 1, 0)


@pytest.mark.parametrize("said", [[], [verdict(1, A)]])
def test_nothing_voted_is_nothing_told(said: Sequence[Verdict]) -> None:
    found = agreement(said, [])

    for each in (found.judge, found.judge_kappa, found.people, found.people_kappa):
        assert math.isnan(each.value)
        assert not each.enough


# What is shown


def test_fewer_than_thirty_battles_are_not_enough() -> None:
    def doubly_voted(battles: int) -> Estimate:
        votes = [ballot(n, voter, (A, B)[n % 2]) for n in range(battles) for voter in "xy"]
        return agreement([], votes).people

    assert str(doubly_voted(ENOUGH - 1)) == "not enough: 29 of 30 battles"
    assert str(doubly_voted(ENOUGH)) == "1.00 (0.88 to 1.00)"


def test_a_kappa_of_voters_who_always_say_the_same_cannot_be_told() -> None:
    votes = [ballot(n, voter, A) for n in range(ENOUGH) for voter in "xy"]

    found = agreement([], votes)

    assert str(found.people_kappa) == "cannot be told"
    assert found.people.enough


# Intervals


def test_where_all_agree_the_interval_is_no_point() -> None:
    votes = [ballot(n, voter, (A, B)[n % 2]) for n in range(40) for voter in "xy"]

    found = agreement([], votes)

    # Clopper and Pearson, 40 of 40: the 40th root of 0.025.
    assert found.people.low == pytest.approx(0.025 ** (1 / 40))
    assert found.people_kappa.value == 1
    assert found.people_kappa.low == pytest.approx(2 * found.people.low - 1)


def test_with_a_battle_a_question_the_interval_is_near_the_exact_one() -> None:
    votes = [ballot(n, "x", A if n < 30 else B) for n in range(40)]

    found = agreement([verdict(n, A) for n in range(40)], votes).judge

    exact = stats.binomtest(30, 40).proportion_ci(method="exact")
    assert found.value == 0.75
    assert found.low == pytest.approx(exact.low, abs=0.01)
    assert found.high == pytest.approx(exact.high, abs=0.01)


def test_the_same_votes_on_fewer_questions_tell_less() -> None:
    alone = [ballot(n, "x", A if n < 30 else B) for n in range(40)]
    together = [
        replace(each, item_id=f"q{n // 10}", model_b=f"words {n % 10}")
        for n, each in enumerate(alone)
    ]
    said = [
        replace(verdict(0, A), item_id=each.item_id, model_b=each.model_b)
        for each in (*alone, *together)
    ]

    wide, narrow = agreement(said, together).judge, agreement(said, alone).judge

    assert wide.value == narrow.value
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def clustered(random: Generator, questions: int, each: int) -> list[tuple[Verdict, Ballot]]:
    """Give battles on questions some of which are harder to agree on: a beta of mean .75."""
    hard = random.beta(6, 2, questions)
    return [
        (
            replace(verdict(q, A if sign else B), model_b=f"words {n}"),
            replace(
                ballot(q, "x", A if (random.random() < hard[q]) == sign else B),
                model_b=f"words {n}",
            ),
        )
        for q in range(questions)
        for n in range(each)
        for sign in [bool(random.integers(2))]
    ]


@pytest.mark.slow
def test_intervals_cover_what_they_say() -> None:
    """300 worlds of 30 questions with 5 battles each: agreement .75, kappa .5."""
    covered = np.zeros(2)
    for seed in range(300):
        said, votes = zip(*clustered(np.random.default_rng(seed), 30, 5), strict=True)
        found = agreement(said, votes)
        covered += (
            found.judge.low <= 0.75 <= found.judge.high,
            found.judge_kappa.low <= 0.5 <= found.judge_kappa.high,
        )

    assert (covered / 300 >= 0.92).all()
