"""Judges and voters, held to simulated teams: rows of the arena's table.

python -m benchmarks.arena runs them with the others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.report import Figure
from eval.audit import audit
from eval.fusion import Fused, Scores, fuse
from eval.models import Ballot, Choice, Kind
from eval.tally import strengths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator

SEED = 4
AGREEMENTS = (0.53, 0.60, 0.70, 0.80, 0.90)
VOTED, MORE = 60, 300
"""Questions with people's votes, and those that the judge alone saw."""
TIES, LEANING = 0.2, 0.1


def rows(*, quick: bool = False) -> Iterator[Figure]:
    """Yield the figures; `quick` takes a tenth of the simulations, and proves nothing."""
    few = 10 if quick else 1
    yield from fusion(4000 // few)
    yield from audits(200 // few)


# People and judge


def fusion(simulations: int) -> Iterator[Figure]:
    """Yield how often the fused interval holds the truth, and what a judge gains.

    The world: 60 questions with people's votes, 300 more that only the judge saw, drawn alike. A
    vote is a tie one time in five, else the one contestant leads by a tenth. The judge's verdict is
    the people's with the probability named, else either of the other two; one in five verdicts
    counts half, as when one order of sides made it a tie. The gate decides whether it is used.
    """
    for agree in AGREEMENTS:
        random = np.random.default_rng((SEED, round(100 * agree)))
        fused = [_fused(random, agree) for _ in range(simulations)]
        truth = (1 - TIES) * LEANING
        name = f"PPI fusion at judge agreement {agree:.2f}"
        covered = float(np.mean([each.best.low <= truth <= each.best.high for each in fused]))
        yield Figure(f"{name}: coverage", covered, at_least=0.93)
        yield Figure(f"{name}: coverage", covered, at_most=0.97)
        yield Figure(f"{name}: judge let in", float(np.mean([each.used for each in fused])))
        alone, best = (
            float(np.mean([(mean.value - truth) ** 2 for mean in means]))
            for means in zip(*((each.people, each.best) for each in fused), strict=True)
        )
        bar = 1.25 if agree == 0.80 else None  # noqa: PLR2004 - the agreement that has a bar
        # By the errors that were made, not by the gain that each fusion believes it has.
        yield Figure(f"{name}: effective votes, times", alone / best, at_least=bar)


def _fused(random: Generator, agree: float) -> Fused:
    votes = _votes(random, VOTED + MORE)
    scores = _verdicts(random, votes, agree)
    return fuse(votes[:VOTED], scores[:VOTED], scores[VOTED:])


def _votes(random: Generator, number: int) -> Scores:
    lead = (1 - TIES) * LEANING
    chances = ((1 - TIES - lead) / 2, TIES, (1 - TIES + lead) / 2)
    return random.choice([-1.0, 0.0, 1.0], number, p=chances)


def _verdicts(random: Generator, votes: Scores, agree: float) -> Scores:
    """Give verdicts of which that share has the class of the vote, the others another's."""
    step = random.choice([1, 2], len(votes)) * (random.random(len(votes)) >= agree)
    verdict = (votes + 1 + step) % 3 - 1
    return np.asarray(verdict * np.where(random.random(len(votes)) < TIES, 0.5, 1.0))


# Voters


class Manner(Enum):
    """How somebody votes."""

    HONEST = "honest"
    LEFT = "always-left"
    INVERSE = "inverse"
    BOOSTER = "booster"
    BEST = "booster of the best"


@dataclass(frozen=True, slots=True)
class Team:
    """Eight voters with 60 votes each on five contestants, 87 points from each to the next.

    Of the 60, three repeat an earlier battle with its sides exchanged and two are controls. On each
    of 30 questions contestants differ from their strengths by a normal draw of deviation `spread`,
    and in each voter's eyes by one of `taste`, so that honest voters do not think alike; ties are
    one vote in five between equals, the first place is worth `position`, one vote in twenty is
    "both bad". Repeats are judged anew; an honest voter passes nine controls of ten. An inverse
    voter says the opposite of what it thinks. A booster takes its contestant wherever it is and is
    honest elsewhere: it is one of those that are not the best, as who boosts the best says nearly
    what everybody says.
    """

    step: float = 0.5
    contestants: int = 5
    voters: int = 8
    votes: int = 60
    repeats: int = 3
    controls: int = 2
    questions: int = 30
    spread: float = 0.5
    taste: float = 0.3
    nu: float = 0.5
    position: float = 0.2
    bad: float = 0.05
    attentive: float = 0.9

    def draw(self, random: Generator, manner: Manner) -> list[Ballot]:
        """Let them vote, the first of them in that manner and the others honestly."""
        size = self.contestants
        strengths = self.step * np.arange(size)[::-1]
        seen = strengths + self.spread * random.standard_normal((self.questions, size))
        ballots = list[Ballot]()
        for voter in range(self.voters):
            eyes = seen + self.taste * random.standard_normal(size)
            own = Manner.HONEST if voter else manner
            ballots += self._voter(random, f"voter {voter}", own, eyes)
        return ballots

    def _voter(self, random: Generator, name: str, manner: Manner, eyes: Scores) -> list[Ballot]:
        plain = self.votes - self.repeats - self.controls
        boosted = "c0" if manner is Manner.BEST else f"c{random.integers(1, self.contestants)}"
        ballots = list[Ballot]()
        first = random.integers(0, self.contestants, plain)
        second = (first + random.integers(1, self.contestants, plain)) % self.contestants
        questions = random.integers(0, self.questions, plain)
        for n, (a, b, q) in enumerate(zip(first, second, questions, strict=True)):
            drawn = Ballot(f"c{a}", f"c{b}", Choice.A, f"q{q}", name, f"{name}/{n}")
            ballots.append(self._cast(random, manner, eyes, drawn, boosted))
        for n in map(int, random.choice(plain, self.repeats, replace=False)):
            old = ballots[n]
            turned = replace(
                old,
                model_a=old.model_b,
                model_b=old.model_a,
                kind=Kind.REPEAT,
                battle_id=f"{old.battle_id}/again",
                repeats=old.battle_id,
            )
            ballots.append(self._cast(random, manner, eyes, turned, boosted))
        return ballots + [self._control(random, name, n, manner) for n in range(self.controls)]

    def _cast(
        self, random: Generator, manner: Manner, eyes: Scores, drawn: Ballot, boosted: str
    ) -> Ballot:
        place = int(drawn.item_id[1:])
        gap = eyes[place, int(drawn.model_a[1:])] - eyes[place, int(drawn.model_b[1:])]
        left, right = math.exp((gap + self.position) / 2), math.exp(-(gap + self.position) / 2)
        drop = random.random() * (left + right + self.nu)
        thought = Choice.A if drop < left else Choice.B if drop < left + right else Choice.TIE
        if random.random() < self.bad:
            thought = Choice.BOTH_BAD
        return replace(drawn, winner=_said(thought, manner, drawn, boosted))

    def _control(self, random: Generator, name: str, number: int, manner: Manner) -> Ballot:
        # The intact side is a: that the sides are drawn matters to nobody but who takes always one.
        turned = bool(random.integers(2))
        thought = Choice.A if random.random() < self.attentive else Choice.B
        said = _said(thought.swapped if turned else thought, manner, None, "")
        winner = said.swapped if turned else said
        place = f"{name}/control {number}"
        return Ballot("c0", "c0 spoilt", winner, "q0", name, place, Kind.CONTROL)


def _said(thought: Choice, manner: Manner, drawn: Ballot | None, boosted: str) -> Choice:
    if manner is Manner.LEFT:
        return Choice.A
    if manner is Manner.INVERSE:
        return thought.swapped
    boosts = manner in (Manner.BOOSTER, Manner.BEST)
    if boosts and drawn and boosted in (drawn.model_a, drawn.model_b):
        return Choice.A if drawn.model_a == boosted else Choice.B
    return thought


def audits(teams: int) -> Iterator[Figure]:
    """Yield how many honest voters are flagged, and how many of each bad kind, one in a team.

    The last three have no bar: they tell where the audit ends.
    """
    team = Team()
    honest = [_flagged(team, seed, Manner.HONEST) for seed in range(teams)]
    yield Figure("audit: honest voters flagged", float(np.mean(honest)), at_most=0.02)
    beside = list[list[bool]]()
    for manner in (Manner.LEFT, Manner.INVERSE, Manner.BOOSTER):
        found = [_flagged(team, seed, manner) for seed in range(teams)]
        yield Figure(f"audit: {manner.value} caught", _first(found), at_least=0.95)
        beside += [rest for _, *rest in found]
    share = float(np.mean(beside))
    yield Figure("audit: honest voters beside a bad one flagged", share, at_most=0.02)
    close = Team(step=0.3)
    for name, of, manner in (
        ("booster of the best caught", team, Manner.BEST),
        ("inverse caught, contestants 52 points apart", close, Manner.INVERSE),
        ("booster caught, contestants 52 points apart", close, Manner.BOOSTER),
    ):
        found = [_flagged(of, seed, manner) for seed in range(teams // 2)]
        yield Figure(f"audit: {name}", _first(found))


def _first(found: list[list[bool]]) -> float:
    return float(np.mean([first for first, *_ in found]))


def _flagged(team: Team, seed: int, manner: Manner) -> list[bool]:
    """Tell of each voter of a team whether the audit flags them."""
    ballots = team.draw(np.random.default_rng((SEED, seed)), manner)
    intact = {each.battle_id: Choice.A for each in ballots if each.kind is Kind.CONTROL}
    flagged = {each.voter: each.flagged for each in audit(ballots, strengths, intact=intact)}
    return [flagged[voter] for voter in sorted(flagged)]
