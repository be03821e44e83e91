"""How many votes are still needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import planner


def test_twice_the_gap_needs_a_quarter_of_the_votes() -> None:
    wide, narrow = (planner.needed(gap, 50, 400, 2.0) for gap in (40, 20))

    assert wide is not None
    assert narrow is not None
    assert (narrow + 400) / (wide + 400) == pytest.approx(4, rel=0.01)


def test_what_is_separated_needs_none() -> None:
    assert planner.needed(100, 50, 400, 2.0) == 0
    assert planner.needed(-100, 50, 400, 2.0) == 0


@pytest.mark.parametrize("gap", [0.0, 1e-9, 1e-300])
def test_nobody_separates_equals(gap: float) -> None:
    assert planner.needed(gap, 50, 400, 2.0) is None


def test_surer_takes_longer() -> None:
    even = planner.needed(40, 50, 400, 2.0, chance=0.5)
    sure = planner.needed(40, 50, 400, 2.0, chance=0.9)

    assert even is not None
    assert sure is not None
    assert even < sure


@given(
    gap=st.floats(-500, 500),
    error=st.floats(1, 500),
    votes=st.integers(1, 100_000),
)
def test_with_the_planned_votes_the_gap_is_expected_to_reach_beyond_the_critical_value(
    gap: float, error: float, votes: int
) -> None:
    more = planner.needed(gap, error, votes, 2.5)

    if more:
        later = error * (votes / (votes + more)) ** 0.5
        assert abs(gap) / later >= 2.5
