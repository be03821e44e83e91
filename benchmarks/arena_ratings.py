"""The board's promises, held to simulated teams: rows of the arena's table.

python -m benchmarks.arena runs them with the others.
"""

from __future__ import annotations

import time
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

import evalica
import numpy as np

from benchmarks.arena_worlds import World, halved, never_lost, truth
from benchmarks.report import Figure
from eval import davidson, ratings, sequential
from eval.columns import Columns, code
from eval.davidson import Cells, Model
from eval.ratings import POINTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEED = 4
LADDER = (0.75, 0.45, 0.15, -0.15, -0.45, -0.75)
"""Six contestants, 52 points from each to the next."""
PLANTED = 0.30
_WINNERS = {"a": evalica.Winner.X, "b": evalica.Winner.Y, "tie": evalica.Winner.Draw}


def rows(*, quick: bool = False) -> Iterator[Figure]:
    """Yield the figures; `quick` takes a tenth of the simulations, and proves nothing."""
    few = 10 if quick else 1
    yield from coverage(400 // few)
    yield from unbeaten()
    yield from against_evalica()
    yield from speed()
    yield from style(400 // few)
    yield from false_winners(1000 // few)
    yield from power(400 // few)


def coverage(simulations: int) -> Iterator[Figure]:
    """Yield how often the 95 % interval of a difference holds the true one."""
    settings = [(votes, votes) for votes in (100, 500, 2000)] + [(1000, 30), (300, 15)]
    for votes, items in settings:
        world = World(LADDER, votes, items)
        share = _covered(world, simulations)
        where = "one a question" if items == votes else f"on {items} questions"
        name = f"coverage, {votes} votes {where}"
        yield Figure(name, share, at_least=0.93)
        yield Figure(name, share, at_most=0.97)


def _covered(world: World, simulations: int) -> float:
    random = np.random.default_rng(SEED)
    true = truth(world)
    held = []
    for _ in range(simulations):
        for pair in ratings.rate(world.draw(random)).pairs:
            gap = POINTS * (true[pair.higher] - true[pair.lower])
            held.append(pair.gap.low <= gap <= pair.gap.high)
    return float(np.mean(held))


def unbeaten() -> Iterator[Figure]:
    """Yield the widths of the intervals of one that won 29 of 29, on many and on few questions."""
    for items in (60, 20):
        points = ratings.rate(never_lost(items)).rating("unbeaten").points
        width = points.high - points.low
        name = f"unbeaten: 29 of 29 in 60 votes on {items} questions, width in points"
        yield Figure(name, width, at_least=1)
        yield Figure(name, width, at_most=1500)


def against_evalica() -> Iterator[Figure]:
    """Yield the greatest differences to another library, in points, on the same 2,000 votes."""
    columns = World(LADDER, 2000, 60).draw(np.random.default_rng(SEED))
    winners = [_WINNERS[each] for each in columns.winner]
    sides = (columns.model_a, columns.model_b, winners)
    halves = evalica.bradley_terry(*sides, tolerance=1e-12, limit=100_000)
    newman = evalica.newman(*sides, tolerance=1e-12, limit=100_000)
    votes = code(columns)
    cells = Cells.of(votes)
    bare = Model(len(votes.contestants), position=False, theta=np.inf, sway=np.inf, gamma=np.inf)
    plain = davidson.fit(halved(cells), replace(bare, ties=False))
    tied = davidson.fit(cells, bare)
    for name, theirs, ours in (
        ("Bradley-Terry with half ties", halves, plain),
        ("Newman = Davidson", newman, tied),
    ):
        logs = np.log(theirs.scores[list(votes.contestants)].to_numpy())
        apart = np.abs(logs - logs.mean() - ours.theta).max() * POINTS
        yield Figure(f"against evalica, {name}, points", float(apart), at_most=0.01)


def speed() -> Iterator[Figure]:
    """Yield the median of five full boards, of the slowest of three ways to spread the votes."""
    for votes, bar in ((2_000, 0.05), (100_000, 0.2), (1_000_000, 1.0)):
        slowest = max(_seconds(World(LADDER, votes, items)) for items in (30, 60, votes))
        yield Figure(f"full board of {votes:,} votes from strings, seconds", slowest, at_most=bar)
    controlled = _seconds(World(LADDER, 100_000, 60, style=(PLANTED, 0, 0, 0, 0)))
    yield Figure("the same of 100,000 votes with five covariates, seconds", controlled)


def _seconds(world: World) -> float:
    columns = world.draw(np.random.default_rng(SEED))
    taken = []
    for _ in range(5):
        fresh = Columns(
            _anew(columns.model_a),
            _anew(columns.model_b),
            _anew(columns.winner),
            _anew(columns.item),
            columns.style,
        )
        start = time.perf_counter()
        ratings.rate(fresh, controlled=columns.style is not None)
        taken.append(time.perf_counter() - start)
    return median(taken)


def _anew(column: Sequence[str]) -> list[str]:
    """Give strings as a file gives them: each one new, its hash not yet known."""
    return "\n".join(column).split("\n")


def style(simulations: int) -> Iterator[Figure]:
    """Yield how well a planted effect of style is found, that goes along with being better."""
    random = np.random.default_rng(SEED)
    effects = (PLANTED, 0, 0, 0, 0)
    found = _effect(World(LADDER, 100_000, 60, spread=0, style=effects), random)
    yield Figure("planted style effect .30 at 100,000 votes, off by", abs(found[0]), at_most=0.03)
    world = World(LADDER, 500, 60, spread=0, style=effects)
    held = [_effect(world, random)[1] for _ in range(simulations)]
    yield Figure(
        "planted style effect .30 at 500 votes, covered", float(np.mean(held)), at_least=0.93
    )


def _effect(world: World, random: np.random.Generator) -> tuple[float, bool]:
    """Give how far off the effect is, and whether its interval holds the true one."""
    board = ratings.rate(world.draw(random), controlled=True)
    value = board.coefficients[1].value
    return value.value - PLANTED, value.low <= PLANTED <= value.high


def false_winners(simulations: int) -> Iterator[Figure]:
    """Yield how often somebody is called a winner among equals, looked at after every vote.

    The worst of several worlds: two contestants or four, questions alike or not at all.
    """
    for votes, items, spreads in ((2000, 2000, (0.5,)), (1000, 30, (0.0, 0.5, 2.0))):
        worst = max(
            _called(World((0.0,) * size, votes, items, spread=spread), simulations)
            for size in (2, 4)
            for spread in spreads
        )
        where = "distinct" if items == votes else str(items)
        name = f"false winners, looked at after each of {votes:,} votes on {where} questions"
        yield Figure(name, worst, at_most=0.05)


def _called(world: World, simulations: int) -> float:
    random = np.random.default_rng(SEED)
    boards = (sequential.watch(world.draw(random)) for _ in range(simulations))
    return float(np.mean([any(each.won for each in board) for board in boards]))


def power(simulations: int) -> Iterator[Figure]:
    """Yield how often a gap of 100 points shows in 1,000 votes on 60 questions.

    Between two contestants: by the board's interval, and by the rule that may be looked at after
    every vote. And between the two outer ones of six, which share the votes with four others.
    """
    half = 50 / POINTS
    two = World((half, -half), 1000, 60)
    random = np.random.default_rng(SEED)
    drawn = [two.draw(random) for _ in range(simulations)]
    apart = [ratings.rate(each).pairs[0].separated for each in drawn]
    yield Figure("power for 100 points, 1,000 votes on 60 questions", _mean(apart), at_least=0.90)
    won = [sequential.watch(each)[0].won for each in drawn]
    yield Figure("the same, a winner by the peek-safe rule", _mean(won))
    six = World((half, 0, 0, 0, 0, -half), 1000, 60)
    boards = (ratings.rate(six.draw(random)) for _ in range(simulations))
    shown = [each.pair(six.names[0], six.names[5]).separated for each in boards]
    yield Figure("the same between two of six contestants, separated", _mean(shown))


def _mean(values: Sequence[bool]) -> float:
    return float(np.mean(values))
