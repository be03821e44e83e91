"""How far the ratings would move with other questions."""

import math

import numpy as np
import pytest
from scipy import stats

from benchmarks.arena_worlds import World
from eval import davidson, intervals
from eval.board import Method
from eval.columns import code
from eval.davidson import Cells, Fit, Model

THREE = (0.5, 0.0, -0.5)


def fitted(votes: int, items: int) -> tuple[Fit, Cells]:
    counted = Cells.of(code(World(THREE, votes, items).draw(np.random.default_rng(5))))
    return davidson.fit(counted, Model(3)), counted


def test_few_questions_are_left_out_in_turn() -> None:
    found, counted = fitted(120, 12)

    spread = intervals.spread(found, counted)

    assert (spread.method, spread.freedom) == (Method.JACKKNIFE, 11)
    without = [davidson.fit(counted.where(counted.item != item), Model(3)) for item in range(12)]
    moved = [each.parameters - found.parameters for each in without]
    expected = 11 / 12 * sum(np.outer(each, each) for each in moved)
    assert spread.covariance == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize(("items", "method"), [(39, Method.JACKKNIFE), (40, Method.SANDWICH)])
def test_from_forty_questions_on_it_is_the_sandwich(items: int, method: Method) -> None:
    assert intervals.spread(*fitted(160, items)).method == method


def test_the_sandwich_is_close_to_leaving_out_each_of_many_questions() -> None:
    found, counted = fitted(2000, 500)

    sandwich = intervals.spread(found, counted).covariance

    without = (davidson.fit(counted.where(counted.item != item), Model(3)) for item in range(500))
    moved = [each.parameters - found.parameters for each in without]
    expected = 499 / 500 * sum(np.outer(each, each) for each in moved)
    assert np.sqrt(np.diag(sandwich)) == pytest.approx(np.sqrt(np.diag(expected)), rel=0.02)


def test_one_question_leaves_the_prior() -> None:
    found, counted = fitted(30, 1)

    spread = intervals.spread(found, counted)

    assert (spread.method, spread.freedom) == (Method.PRIOR, math.inf)
    assert spread.quantile == pytest.approx(1.959964)


def test_extreme_contestants_have_at_least_the_priors_width_alone_and_against_each() -> None:
    found, counted = fitted(400, 50)
    told = intervals.spread(found, counted)
    told = intervals.Spread(told.covariance / 50, told.freedom, told.method)

    plain = intervals.of_strengths(found, told, ())
    lifted = intervals.of_strengths(found, told, [1])

    basis = found.model.basis
    left = basis @ np.linalg.inv(found.curvature)[:2, :2] @ basis.T
    assert lifted[1, 1] >= left[1, 1]
    assert (intervals.errors(lifted)[1] >= intervals.errors(left)[1] - 1e-12).all()
    assert np.delete(np.delete(lifted - plain, 1, 0), 1, 1) == pytest.approx(np.zeros((2, 2)))


def test_what_the_votes_tell_less_of_than_the_prior_stays_as_it_is() -> None:
    found, counted = fitted(400, 50)
    told = intervals.spread(found, counted)
    wide = intervals.Spread(told.covariance * 50, told.freedom, told.method)

    assert intervals.of_strengths(found, wide, [0, 1, 2]) == pytest.approx(
        intervals.of_strengths(found, wide, ())
    )


@pytest.mark.parametrize("freedom", [9, 59, math.inf])
@pytest.mark.parametrize("size", [2, 3, 6])
def test_the_greatest_t_of_alike_contestants_is_tukeys(size: int, freedom: float) -> None:
    critical, best = intervals.extremes(np.zeros(size), np.eye(size), freedom)

    # The studentized range, which is of single contestants: sqrt(2) times that of differences.
    exact = stats.studentized_range.ppf(0.95, size, freedom) / math.sqrt(2)
    assert critical == pytest.approx(float(exact), rel=0.02)
    assert best == pytest.approx(np.full(size, 1 / size), abs=0.02)


def test_the_same_votes_give_the_same_critical_value() -> None:
    found, counted = fitted(400, 50)
    told = intervals.of_strengths(found, intervals.spread(found, counted), ())

    one, other = (intervals.extremes(found.theta, told, 49) for _ in range(2))

    assert one[0] == other[0]
    assert (one[1] == other[1]).all()


@pytest.mark.parametrize("freedom", [9, math.inf])
def test_of_two_the_probability_to_be_best_is_that_of_being_better(freedom: float) -> None:
    theta, covariance = np.array([0.4, -0.4]), np.eye(2) * 0.3

    surely = intervals.surely(theta, covariance, freedom)
    _, best = intervals.extremes(theta, covariance, freedom)

    assert best[0] == pytest.approx(surely[0, 1], abs=0.02)
    assert surely + surely.T == pytest.approx(np.ones((2, 2)))
