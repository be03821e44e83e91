"""The model behind the ratings, against published fits, other libraries and a slow twin."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from benchmarks.arena_worlds import World, halved
from eval import davidson
from eval.columns import TIED, WON_A, WON_B, Columns, Floats, code
from eval.davidson import Cells, Model

# Agresti, Categorical Data Analysis (2nd edition), table 10.10: the American League East of 1987,
# wins of the home team and of the visitors.
TEAMS = ("Baltimore", "Boston", "Cleveland", "Detroit", "Milwaukee", "New York", "Toronto")
GAMES = """
Milwaukee: Detroit 4-3, Toronto 4-2, New York 4-3, Boston 6-1, Cleveland 4-2, Baltimore 6-0
Detroit: Milwaukee 3-3, Toronto 4-2, New York 4-3, Boston 6-0, Cleveland 6-1, Baltimore 4-3
Toronto: Milwaukee 2-5, Detroit 4-3, New York 2-4, Boston 4-3, Cleveland 4-2, Baltimore 6-0
New York: Milwaukee 3-3, Detroit 5-1, Toronto 2-5, Boston 4-3, Cleveland 4-2, Baltimore 6-1
Boston: Milwaukee 5-1, Detroit 2-5, Toronto 3-3, New York 4-2, Cleveland 5-2, Baltimore 6-0
Cleveland: Milwaukee 2-5, Detroit 3-3, Toronto 3-4, New York 4-3, Boston 4-2, Baltimore 2-4
Baltimore: Milwaukee 2-5, Detroit 1-5, Toronto 1-6, New York 2-4, Boston 1-6, Cleveland 3-4
"""
# Davidson (1970), example 2: six brands of chocolate pudding; i, j, wins of i, wins of j, ties.
PUDDINGS = (
    (1, 2, 19, 22, 16), (1, 3, 16, 19, 12), (2, 3, 19, 19, 10), (1, 4, 18, 23, 13),
    (2, 4, 23, 19, 9), (3, 4, 19, 20, 15), (1, 5, 13, 19, 18), (2, 5, 16, 20, 12),
    (3, 5, 16, 15, 17), (4, 5, 17, 14, 16), (1, 6, 18, 21, 12), (2, 6, 22, 20, 12),
    (3, 6, 13, 18, 10), (4, 6, 14, 19, 18), (5, 6, 11, 21, 12),
)  # fmt: skip
BARE = Model(2, theta=np.inf, sway=np.inf, gamma=np.inf)


def cells(rows: list[tuple[int, int, int, float]]) -> Cells:
    a, b, outcome, count = (np.array(column) for column in zip(*rows, strict=True))
    none = np.zeros(len(rows), np.int64)
    return Cells(a, b, none, outcome, count.astype(float), np.empty((len(rows), 0)))


def baseball() -> Cells:
    rows = list[tuple[int, int, int, float]]()
    for line in GAMES.strip().splitlines():
        home, _, visitors = line.partition(": ")
        for visit in visitors.split(", "):
            name, _, score = visit.rpartition(" ")
            sides = (TEAMS.index(home), TEAMS.index(name))
            won, lost = map(int, score.split("-"))
            rows += [(*sides, WON_A, won), (*sides, WON_B, lost)]
    return cells(rows)


def puddings() -> Cells:
    return cells(
        [
            (i - 1, j - 1, outcome, count)
            for i, j, *counts in PUDDINGS
            for outcome, count in zip((WON_A, WON_B, TIED), counts, strict=True)
        ]
    )


# Known answers


def test_agrestis_baseball_without_the_home_field() -> None:
    model = replace(BARE, contestants=7, position=False, ties=False)

    theta = davidson.fit(baseball(), model).theta

    # Table 10.11: strengths over Baltimore's.
    over = {team: round(float(each - theta[0]), 2) for team, each in zip(TEAMS, theta, strict=True)}
    assert over == {
        "Baltimore": 0.0,
        "Boston": 1.11,
        "Cleveland": 0.68,
        "Detroit": 1.44,
        "Milwaukee": 1.58,
        "New York": 1.25,
        "Toronto": 1.29,
    }


def test_agrestis_baseball_with_the_home_field() -> None:
    model = replace(BARE, contestants=7, ties=False)

    fitted = davidson.fit(baseball(), model)

    worth = np.exp(fitted.theta) / np.exp(fitted.theta).sum()
    assert np.sort(worth).round(3).tolist() == [0.044, 0.088, 0.137, 0.157, 0.164, 0.19, 0.22]
    assert fitted.parameters[-1].round(3) == 0.302


def test_davidsons_puddings() -> None:
    fitted = davidson.fit(puddings(), replace(BARE, contestants=6, position=False))

    # The paper stops after seven rounds of a slower method, which leaves the fifth digit open.
    worth = np.exp(fitted.theta) / np.exp(fitted.theta).sum()
    printed = [0.1388005, 0.1729985, 0.1617420, 0.1653930, 0.1586805, 0.2023855]
    assert worth == pytest.approx(printed, abs=5e-5)
    assert fitted.nu == pytest.approx(0.7468147, abs=5e-5)


def test_the_errors_of_davidsons_puddings() -> None:
    fitted = davidson.fit(puddings(), replace(BARE, contestants=6, position=False))

    left = np.linalg.inv(fitted.curvature)
    basis = fitted.model.basis
    errors = np.sqrt(np.diag(basis @ left[:5, :5] @ basis.T))
    # As the R package PlackettLuce prints them, for the strengths around their mean.
    printed = [0.121949, 0.121818, 0.126823, 0.122003, 0.127054, 0.126594]
    assert errors == pytest.approx(printed, abs=1e-5)
    assert np.sqrt(left[-1, -1]) == pytest.approx(0.082499, abs=1e-5)


# A slow twin


def slowly(votes: Columns, style: Floats, model: Model) -> list[float]:
    """Maximise the posterior as the model is written down, vote by vote."""
    coded = code(votes)
    size, width = model.contestants, model.covariates

    def badness(at: Floats) -> float:
        theta, delta = at[:size], at[size]
        beta, gamma = at[size + 1 : size + 1 + width], at[-1]
        told = (theta**2).sum() / (2 * model.theta) + gamma**2 / (2 * model.gamma)
        told += (delta**2 + (beta**2).sum()) / (2 * model.sway)
        for n, outcome in enumerate(coded.outcome):
            s = theta[coded.a[n]] - theta[coded.b[n]] + delta + style[n] @ beta
            weights = np.exp([s / 2, -s / 2, gamma])
            told -= np.log(weights[outcome] / weights.sum())
        return float(told)

    found = optimize.minimize(badness, np.zeros(size + 2 + width), method="BFGS", tol=1e-7)
    return [float(value) for value in found.x]


def test_newtons_fit_is_that_of_a_slow_search() -> None:
    world = World((0.5, 0.0, -0.5), 60, 12, style=(0.4, 0.0))
    votes = world.draw(np.random.default_rng(3))
    assert votes.style is not None
    model = Model(3, covariates=2)

    fitted = davidson.fit(Cells.of(code(votes), votes.style), model)

    *rest, gamma = slowly(votes, votes.style, model)
    assert [*fitted.theta, *fitted.parameters[2:-1]] == pytest.approx(rest, abs=1e-4)
    assert fitted.nu == pytest.approx(np.exp(gamma), abs=1e-4)


def test_counting_votes_together_changes_nothing() -> None:
    votes = code(World((0.5, 0.0, -0.5), 200, 10).draw(np.random.default_rng(3)))
    model = Model(3)

    together = davidson.fit(Cells.of(votes), model)
    apart = davidson.fit(Cells.of(votes, np.zeros((200, 1))), replace(model, covariates=1))

    assert together.theta == pytest.approx(apart.theta, abs=1e-9)
    assert len(Cells.of(votes).a) < 200


@pytest.mark.parametrize("items", [8, 200])
@pytest.mark.parametrize("effects", [(), (0.3,)])
def test_the_scatter_is_that_of_slopes_taken_item_by_item(
    items: int, effects: tuple[float, ...]
) -> None:
    votes = code(World((0.5, 0.0, -0.5), 200, items, style=effects).draw(np.random.default_rng(3)))
    counted = Cells.of(votes, votes.style)
    model = Model(3, covariates=len(effects))
    fitted = davidson.fit(counted, model)

    expected = np.zeros((len(fitted.parameters), len(fitted.parameters)))
    for item in range(items):
        slope = slope_of(counted.where(counted.item == item), fitted)
        expected += np.outer(slope, slope)

    assert davidson.scatter(fitted, counted) == pytest.approx(expected, abs=1e-4)


def slope_of(some: Cells, fitted: davidson.Fit) -> Floats:
    """Take the slope of the likelihood by differences, from the probabilities as written down."""
    model = fitted.model

    def told(at: Floats) -> float:
        s = model.design(some) @ at[:-1]
        weights = np.stack([np.exp(s / 2), np.exp(-s / 2), np.full(len(s), np.exp(at[-1]))])
        chances = weights[some.outcome, np.arange(len(s))] / weights.sum(axis=0)
        return float(some.count @ np.log(chances))

    at, step = fitted.parameters, 1e-5
    steps = step * np.eye(len(at))
    return np.array([(told(at + each) - told(at - each)) / (2 * step) for each in steps])


# What holds of any votes

votes_of_four = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 3), st.integers(0, 2)), min_size=1, max_size=30
)


@given(votes_of_four)
def test_exchanging_the_sides_turns_the_position_and_nothing_else(
    drawn: list[tuple[int, int, int]],
) -> None:
    swap = {WON_A: WON_B, WON_B: WON_A, TIED: TIED}
    votes = [(a, (a + on) % 4, outcome, 1.0) for a, on, outcome in drawn]
    turned = [(b, a, swap[outcome], 1.0) for a, b, outcome, _ in votes]

    one, other = (davidson.fit(cells(each), Model(4)) for each in (votes, turned))

    assert one.theta == pytest.approx(other.theta, abs=1e-7)
    assert one.parameters[3] == pytest.approx(-other.parameters[3], abs=1e-7)
    assert one.nu == pytest.approx(other.nu, rel=1e-6)


@given(votes_of_four)
def test_with_priors_any_votes_have_a_finite_fit_around_0(
    drawn: list[tuple[int, int, int]],
) -> None:
    fitted = davidson.fit(cells([(a, (a + on) % 4, o, 1.0) for a, on, o in drawn]), Model(4))

    assert np.isfinite(fitted.parameters).all()
    assert fitted.theta.sum() == pytest.approx(0, abs=1e-9)


def test_shares_of_both_sides_add_up() -> None:
    fitted = davidson.fit(puddings(), Model(6))
    gaps = np.array([-3.0, 0.0, 0.2, 3.0])

    assert fitted.share(gaps) + fitted.share(-gaps) == pytest.approx(np.ones(4))
    assert fitted.share(np.zeros(1)) == pytest.approx([0.5])


def test_without_priors_one_that_always_wins_has_no_fit() -> None:
    with pytest.raises(ArithmeticError):
        davidson.fit(cells([(0, 1, WON_A, 5.0)]), replace(BARE, position=False, ties=False))


# Other libraries


def two_thousand() -> Columns:
    return World((0.6, 0.2, 0.0, -0.2, -0.6), 2000, 60).draw(np.random.default_rng(4))


def centred(scores: Floats) -> Floats:
    logs: Floats = np.log(scores)
    return logs - float(logs.mean())


def test_half_ties_are_those_of_evalica_within_a_hundredth_of_a_point() -> None:
    evalica = pytest.importorskip("evalica", reason="an oracle of the dev extra")
    votes, coded = two_thousand(), code(two_thousand())
    kinds = {"a": evalica.Winner.X, "b": evalica.Winner.Y, "tie": evalica.Winner.Draw}
    winners = [kinds[each] for each in votes.winner]

    found = evalica.bradley_terry(
        votes.model_a, votes.model_b, winners, tolerance=1e-12, limit=10_000
    )

    ours = davidson.fit(
        halved(Cells.of(coded)), replace(BARE, contestants=5, position=False, ties=False)
    )
    theirs = centred(found.scores[list(coded.contestants)].to_numpy())
    assert ours.theta * 173.7178 == pytest.approx(theirs * 173.7178, abs=0.01)


def test_ties_are_those_of_evalicas_newman_within_a_hundredth_of_a_point() -> None:
    evalica = pytest.importorskip("evalica", reason="an oracle of the dev extra")
    votes, coded = two_thousand(), code(two_thousand())
    kinds = {"a": evalica.Winner.X, "b": evalica.Winner.Y, "tie": evalica.Winner.Draw}
    winners = [kinds[each] for each in votes.winner]

    found = evalica.newman(votes.model_a, votes.model_b, winners, tolerance=1e-12, limit=10_000)

    ours = davidson.fit(Cells.of(coded), replace(BARE, contestants=5, position=False))
    theirs = centred(found.scores[list(coded.contestants)].to_numpy())
    assert ours.theta * 173.7178 == pytest.approx(theirs * 173.7178, abs=0.01)
    # Newman's v is half of Davidson's nu.
    assert ours.nu == pytest.approx(2 * found.v, abs=1e-6)


def test_wins_are_those_of_choix_within_a_hundredth_of_a_point() -> None:
    choix = pytest.importorskip("choix", reason="an oracle of the dev extra")
    coded = code(two_thousand())
    pairs = [
        (a, b) if outcome == WON_A else (b, a)
        for a, b, outcome in zip(coded.a, coded.b, coded.outcome, strict=True)
        if outcome != TIED
    ]
    plain = Cells.of(coded)

    ours = davidson.fit(
        plain.where(plain.outcome != TIED),
        replace(BARE, contestants=5, position=False, ties=False),
    )

    theirs = choix.opt_pairwise(5, pairs, tol=1e-12)
    theirs = (theirs - theirs.mean()) * 173.7178
    assert ours.theta * 173.7178 == pytest.approx(theirs, abs=0.01)
