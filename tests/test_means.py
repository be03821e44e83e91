"""Intervals of means: clustered by episode, honest at both ends, and right as often as they say."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from eval import means

SEED = 4
LONE = [str(n) for n in range(40)]


def test_lone_questions_have_the_exact_interval_of_a_share() -> None:
    """Clopper and Pearson's for 29 of 40, by scipy; the clustered variance is n/(n-1) of its own."""
    values = [1.0] * 29 + [0.0] * 11

    found = means.share(values, LONE)
    exact = stats.binomtest(29, 40).proportion_ci(method="exact")

    assert found.value == 29 / 40
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=0.01)
    assert (found.count, found.clusters) == (40, 40)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_share_of_all_or_none_has_an_interval_of_one_vote_a_cluster(value: float) -> None:
    found = means.share([value] * 12, ["a", "b", "c"] * 4)
    exact = stats.binomtest(3 * int(value), 3).proportion_ci(method="exact")

    assert (found.low, found.high) == pytest.approx((exact.low, exact.high))


def test_one_cluster_says_next_to_nothing() -> None:
    half, change = means.share([1, 0], "aa"), means.difference([1, 0], "aa")

    assert half.high - half.low > 0.95
    assert (change.low, change.high) == (-1, 1)


def test_questions_that_stand_and_fall_together_tell_less() -> None:
    values = [1.0, 1.0, 0.0, 0.0] * 10
    together = [str(n // 2) for n in range(40)]

    lone, clustered = means.share(values, LONE), means.share(values, together)

    assert clustered.low < lone.low < lone.high < clustered.high


def test_a_difference_has_the_t_interval_of_cluster_means_where_clusters_are_alike() -> None:
    values = [0.5, 0.1, -0.2, 0.4, 0.0, 0.3]
    per_cluster = [0.3, 0.1, 0.15]
    low, high = stats.t.interval(0.95, 2, 1.1 / 6, stats.sem(per_cluster))

    found = means.difference(values, "aabbcc")

    assert (found.low, found.high) == pytest.approx((low, high))


def test_a_mean_of_nothing_is_no_mean() -> None:
    with pytest.raises(ValueError, match="needs values"):
        means.share([], [])


def test_the_error_is_that_of_leaving_out_one_cluster_at_a_time() -> None:
    """The slow twin: the jackknife as it is written, on clusters of uneven size."""
    rng = np.random.default_rng(SEED)
    values, keys = rng.random(30), rng.integers(0, 7, 30)
    off = [values[keys != each].mean() - values.mean() for each in range(7)]
    error = np.sqrt(6 / 7 * sum(each**2 for each in off))
    freedom = 30**2 / sum(int((keys == each).sum()) ** 2 for each in range(7)) - 1

    found = means.difference([*map(float, values)], [*map(int, keys)])

    assert found.high - found.low == pytest.approx(2 * error * stats.t.ppf(0.975, freedom))
    assert freedom < 6


@given(
    st.lists(
        st.tuples(st.floats(0, 1, allow_subnormal=False), st.integers(0, 5)),
        min_size=1,
        max_size=30,
    )
)
@example([(0.0, 0), (1e-175, 1)])
def test_an_interval_holds_its_mean_and_stays_between_0_and_1(
    rows: list[tuple[float, int]],
) -> None:
    found = means.share([value for value, _ in rows], [key for _, key in rows])

    assert 0 <= found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high <= 1


SIZES = (11, 8, 5, 4, 3, 3, 2, 2, 2, 1, 1)
"""Questions in each cluster: few and uneven, as in a set over some episodes."""


@pytest.mark.parametrize("share", [0.5, 0.85])
def test_intervals_hold_the_truth_as_often_as_they_say(share: float) -> None:
    """Seven questions in ten fall with their episode."""
    rng = np.random.default_rng(SEED)
    keys = np.repeat(np.arange(len(SIZES)), SIZES)
    worlds, held = 400, 0
    for _ in range(worlds):
        whole = (rng.random(len(SIZES)) < share)[keys]
        values = np.where(rng.random(len(keys)) < 0.7, whole, rng.random(len(keys)) < share)
        found = means.share([*map(float, values)], [*map(int, keys)])
        held += found.low <= share <= found.high
    assert held / worlds >= 0.93


def test_intervals_of_differences_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(SEED)
    keys = np.repeat(np.arange(len(SIZES)), SIZES)
    worlds, held = 400, 0
    for _ in range(worlds):
        values = rng.normal(0, 0.1, len(SIZES))[keys] + rng.normal(0, 0.1, len(keys))
        found = means.difference([*map(float, values)], [*map(int, keys)])
        held += found.low <= 0 <= found.high
    assert 0.93 <= held / worlds <= 0.97


def test_episodes_join_the_questions_on_them_in_a_chain() -> None:
    asked: list[tuple[str, list[str]]] = [
        ("q1", ["a"]),
        ("q2", ["c"]),
        ("q3", ["b", "a"]),
        ("q4", ["c", "b"]),
        ("q5", []),
    ]

    found = means.clusters(asked)

    assert len({found[q] for q in ("q1", "q2", "q3", "q4")}) == 1
    assert found["q5"] == "q5"
