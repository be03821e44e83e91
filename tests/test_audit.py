"""Voters that look wrong: what each test sees, what honest voters are spared, and nothing decided."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Generator
from scipy import stats

from eval.audit import Audited, Finding, Suspicion, audit, holm, joined, successes
from eval.models import Ballot, Choice, Kind
from kb.errors import SoundproofError
from tests.test_robustness import NoBoardError, strengths

A, B, TIE = Choice.A, Choice.B, Choice.TIE
KNOWN = {"x": 1.5, "y": 0.5, "z": -0.5, "w": -1.5}


def known(ballots: Sequence[Ballot]) -> Mapping[str, float]:
    """Give strengths that everybody knows."""
    del ballots
    return KNOWN


def refuse(ballots: Sequence[Ballot]) -> Mapping[str, float]:
    raise NoBoardError(f"{len(ballots)} votes", hint="More.")


def nothing(ballots: Sequence[Ballot]) -> Mapping[str, float]:
    del ballots
    return {}


def ballot(
    n: int,
    winner: Choice,
    *,
    voter: str = "ana",
    a: str = "x",
    b: str = "y",
    kind: Kind = Kind.PLAIN,
) -> Ballot:
    return Ballot(a, b, winner, f"q{n}", voter, f"{voter} {n} {kind}", kind)


def honest(random: Generator, voter: str, votes: int = 60) -> list[Ballot]:
    """Give the votes of one who sees the strengths as they are, and ties one time in five."""
    cast = list[Ballot]()
    for n in range(votes):
        a, b = random.choice([*KNOWN], 2, replace=False).tolist()
        won = random.random() < 1 / (1 + math.exp(KNOWN[b] - KNOWN[a]))
        choice = TIE if random.random() < 0.2 else A if won else B
        cast.append(ballot(n, choice, voter=voter, a=a, b=b))
    return cast


def a_team(*, odd: Callable[[Ballot], Choice] | None = None) -> list[Ballot]:
    """Give eight voters; the first of them, odd, changes what it says."""
    random = np.random.default_rng(7)
    cast = [each for n in range(8) for each in honest(random, f"voter {n}")]
    return [
        replace(each, winner=odd(each)) if odd and each.voter_id == "voter 0" else each
        for each in cast
    ]


def of(audited: Sequence[Audited], voter: str, suspicion: Suspicion) -> Finding:
    [own] = [each for each in audited if each.voter == voter]
    return next(each for each in own.findings if each.suspicion is suspicion)


def flagged(audited: Sequence[Audited]) -> set[str]:
    return {each.voter for each in audited if each.flagged}


def alone(cast: Sequence[Ballot]) -> Audited:
    """Give the audit of the one voter whose votes are these, beside another of whom all is known."""
    audited = audit([*cast, ballot(99, TIE, voter="ben")], known)
    return next(each for each in audited if each.voter != "ben")


def within(audited: Audited, suspicion: Suspicion) -> Finding:
    return next(each for each in audited.findings if each.suspicion is suspicion)


def left(each: Ballot) -> Choice:
    del each
    return A


def right(each: Ballot) -> Choice:
    del each
    return B


def opposite(each: Ballot) -> Choice:
    return each.winner.swapped


def boosts(name: str) -> Callable[[Ballot], Choice]:
    def odd(each: Ballot) -> Choice:
        return A if each.model_a == name else B if each.model_b == name else each.winner

    return odd


# Who is caught


def test_nobody_is_flagged_in_an_honest_team() -> None:
    assert flagged(audit(a_team(), strengths)) == set()


@pytest.mark.parametrize(
    ("odd", "seen"),
    [
        (left, Suspicion.SIDE),
        (right, Suspicion.SIDE),
        (opposite, Suspicion.AGAINST),
        (boosts("z"), Suspicion.FAVOUR),
    ],
    ids=["always left", "always right", "inverse", "booster"],
)
def test_an_odd_voter_is_flagged_alone_and_first(
    odd: Callable[[Ballot], Choice], seen: Suspicion
) -> None:
    audited = audit(a_team(odd=odd), strengths)

    assert flagged(audited) == {"voter 0"}
    assert audited[0].voter == "voter 0"
    assert audited[0].worst
    assert audited[0].worst.suspicion is seen


def test_whom_a_booster_boosts_is_named() -> None:
    found = of(audit(a_team(odd=boosts("z")), strengths), "voter 0", Suspicion.FAVOUR)

    assert found.about == "z"
    assert found.count == found.of


def test_who_calls_few_ties_is_no_booster() -> None:
    decided = [each for each in honest(np.random.default_rng(3), "ana", 90) if each.winner != TIE]

    assert within(alone(decided), Suspicion.FAVOUR).p > 0.05


def test_an_audit_excludes_nobody() -> None:
    team = a_team(odd=left)

    assert {each.voter for each in audit(team, strengths)} == {each.voter_id for each in team}


# The single tests


def test_the_side_is_tested_exactly() -> None:
    cast = [ballot(n, A if n < 15 else B) for n in range(20)] + [ballot(20, TIE)]

    found = of(audit(cast, known), "ana", Suspicion.SIDE)

    assert (found.count, found.of) == (15, 20)
    assert found.p == pytest.approx(stats.binomtest(15, 20).pvalue)


def test_the_likelihood_is_standardised() -> None:
    mine, theirs = (
        within(alone([ballot(n, won, a="x", b="w") for n in range(10)]), Suspicion.AGAINST)
        for won in (A, B)
    )
    assert mine.z is not None
    assert theirs.z is not None
    assert mine.z > 0 > theirs.z
    assert theirs.p == pytest.approx(stats.norm.cdf(theirs.z))
    assert (mine.count, theirs.count, theirs.of) == (0, 10, 10)


def test_over_many_honest_voters_the_likelihood_is_standard_normal() -> None:
    """Where others are known well: 100 voters who share their tastes stay within a normal's spread."""
    random = np.random.default_rng(5)
    crowd = [each for n in range(100) for each in honest(random, f"crowd {n}", 40)]
    z = [within(each, Suspicion.AGAINST).z or 0.0 for each in audit(crowd, known)]

    # Tastes are reckoned with and nobody here has any: the spread is a little less than one.
    assert abs(float(np.mean(z))) < 0.25
    assert 0.7 < float(np.std(z)) < 1.05


def again(first: Ballot, winner: Choice) -> Ballot:
    return replace(
        first,
        model_a=first.model_b,
        model_b=first.model_a,
        winner=winner,
        battle_id=f"{first.battle_id} again",
        kind=Kind.REPEAT,
        repeats=first.battle_id,
    )


def test_repeats_that_contradict_are_counted() -> None:
    first = [ballot(n, A) for n in range(4)]
    cast = [*first, *(again(each, won) for each, won in zip(first, (A, A, B, TIE), strict=True))]

    found = within(alone(cast), Suspicion.REPEATS)

    # With sides exchanged, "A" again is the other contestant; a tie contradicts nothing.
    assert (found.count, found.of) == (2, 3)
    assert found.p == pytest.approx(stats.binomtest(2, 3, 0.5, alternative="greater").pvalue)


def test_a_repeat_of_what_is_not_known_is_passed_over() -> None:
    cast = [replace(again(ballot(0, A), B), repeats="gone"), ballot(1, A)]

    [found] = audit(cast, known)
    assert Suspicion.REPEATS not in {each.suspicion for each in found.findings}


def test_controls_that_were_missed_are_counted() -> None:
    said = (A, B, TIE, Choice.BOTH_BAD, A)
    cast = [ballot(n, won, kind=Kind.CONTROL, b="x spoilt") for n, won in enumerate(said)]
    intact = {each.battle_id: A for each in cast[:4]}

    found = of(audit(cast, known, intact=intact), "ana", Suspicion.CONTROLS)

    assert (found.count, found.of) == (2, 3)
    assert found.p == pytest.approx(stats.binom.sf(1, 3, 0.2))


def test_the_time_to_vote_is_told_and_not_judged() -> None:
    cast = [replace(ballot(n, TIE), seconds=s) for n, s in enumerate((1.0, 2.0, 9.0, None))]

    [found] = audit(cast, known)

    assert (found.seconds, found.votes, found.flagged) == (2.0, 4, False)


# What cannot be told


@pytest.mark.parametrize("fit", [refuse, nothing])
def test_without_a_board_of_the_others_only_the_voter_itself_is_tested(
    fit: Callable[[Sequence[Ballot]], Mapping[str, float]],
) -> None:
    found = audit([ballot(n, A, voter=voter) for n in range(60) for voter in "ab"], fit)

    assert [{each.suspicion for each in one.findings} for one in found] == [{Suspicion.SIDE}] * 2
    assert flagged(found) == {"a", "b"}


def test_contestants_that_only_one_voter_met_are_not_held_against_them() -> None:
    cast = [ballot(n, B, b="new") for n in range(5)]

    assert within(alone([*cast, ballot(9, A)]), Suspicion.AGAINST).of == 1


def test_a_voter_that_only_ties_cannot_be_told_anything() -> None:
    [found] = audit([ballot(n, Choice.BOTH_BAD) for n in range(9)], known)

    assert (found.findings, found.worst, found.p) == ((), None, 1.0)


def test_no_votes_no_audit() -> None:
    assert audit([], known) == ()


def test_the_fit_never_sees_the_voter() -> None:
    seen = list[set[str]]()

    def fit(ballots: Sequence[Ballot]) -> Mapping[str, float]:
        seen.append({each.voter_id for each in ballots})
        return KNOWN

    audit([ballot(n, A, voter=voter) for n in range(3) for voter in "abc"], fit)

    assert seen == [{"b", "c"}, {"a", "c"}, {"a", "b"}]


def test_another_error_than_a_boards_is_not_swallowed() -> None:
    def fit(ballots: Sequence[Ballot]) -> Mapping[str, float]:
        raise ZeroDivisionError(len(ballots))

    assert issubclass(NoBoardError, SoundproofError)
    with pytest.raises(ZeroDivisionError):
        audit([ballot(0, A), ballot(0, A, voter="ben")], fit)


# Many tests at once


def test_holms_adjustment_is_that_of_the_textbook() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_lies_between_no_adjustment_and_bonferronis(values: list[float]) -> None:
    adjusted = holm(values)

    for raw, p in zip(values, adjusted, strict=True):
        assert raw <= p <= min(1.0, raw * len(values)) + 1e-12 or p == max(adjusted)
    order = sorted(range(len(values)), key=values.__getitem__)
    assert [adjusted[n] for n in order] == sorted(adjusted)


def test_a_test_that_can_tell_nothing_costs_the_others_nothing() -> None:
    telling = Finding(Suspicion.SIDE, 10, 10, 0.002, least=0.002)
    mute = Finding(Suspicion.REPEATS, 1, 1, 0.5, least=0.5)

    assert joined([telling, mute]) == 0.002
    assert joined([telling, replace(telling, p=0.3), mute]) == 0.004
    assert joined([mute]) == 1
    assert joined([]) == 1


@given(st.lists(st.floats(0, 1), max_size=7))
def test_successes_are_those_of_every_way_it_can_come(chances: list[float]) -> None:
    slow = np.zeros(len(chances) + 1)
    for won in product((True, False), repeat=len(chances)):
        slow[sum(won)] += math.prod(p if w else 1 - p for w, p in zip(won, chances, strict=True))

    assert successes(np.array(chances)) == pytest.approx(slow)
