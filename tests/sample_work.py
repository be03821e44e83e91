"""The sample house with an arena, votes of a small team, a judge, and jobs in every state."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from random import Random

from eval.arena import Arena
from eval.judge import Verdict
from eval.models import Choice, Contestant, Duel, Item, Piece, Vote
from eval.polls import Polls
from kb.errors import SourceError
from kb.jobs import Job, Jobs
from kb.library import SqlLibrary
from kb.models import Citation, Claim, Mark, Passage, Tier
from tests import sample_house
from tests.sample_house import EVALS, FakeHouse
from ui.printing import many

LANTERN, HARBOUR, COPPER = (
    Contestant(name, (("recipe", f"{name}-recipe"), ("writer", f"{name}-writer")))
    for name in ("lantern", "harbour", "copper")
)
CONTESTANTS = (LANTERN, HARBOUR, COPPER)
SECRETS = tuple(
    word
    for each in CONTESTANTS
    for word in (each.name, *dict(each.settings).values(), each.fingerprint)
)
"""What nobody may learn before the vote; no question and no answer has these words."""

QUESTIONS = (
    "Why throw a benchmark away?",
    "Where are the new cases kept?",
    "What does nobody show?",
    "How many cases are written each month?",
    "What does a leaked benchmark measure?",
    "What came instead of the old test?",
    "Who shows a benchmark, and who its failures?",
    "What was thrown away?",
    "How long do cases stay in the drawer?",
    "When is a test no test any more?",
    "What does a case cost?",
    "Who may open the drawer?",
)
_NOISE = 0.45
_STRENGTH = {"lantern": 3, "harbour": 2, "copper": 1}


@dataclass(frozen=True, slots=True)
class FakeSender:
    """A `Sender` without a queue: the rows alone."""

    rows: Jobs

    def retry(self, job_id: str) -> Job:
        return self.rows.reopen(job_id)

    def cancel(self, job_id: str) -> Job:
        return self.rows.cancel(job_id)


@dataclass(frozen=True, slots=True)
class FakeWorkers:
    """A `Workers` of some that live: their numbers rise with the seconds."""

    living: tuple[str, ...]

    def beats(self) -> Mapping[str, int]:
        return dict.fromkeys(self.living, int(time.monotonic()))


@dataclass(frozen=True, slots=True)
class WorkingHouse(FakeHouse):
    """The sample `House` with its arena, its jobs, and whoever is at work."""

    workers: tuple[str, ...] = ("desk",)

    @property
    def polls(self) -> Polls:
        return Polls(self.library)

    @property
    def jobs(self) -> Jobs:
        return Jobs(self.library)

    @property
    def dispatcher(self) -> FakeSender:
        return FakeSender(self.jobs)

    @property
    def roll(self) -> FakeWorkers:
        return FakeWorkers(self.workers)


@cache
def library(folder: Path) -> SqlLibrary:
    """Open the library of a folder, once."""
    folder.mkdir(parents=True, exist_ok=True)
    return SqlLibrary(f"sqlite:///{folder / 'library.sqlite'}", folder)


def house(folder: Path, *, workers: tuple[str, ...] = ("desk",)) -> WorkingHouse:
    """Give the house over a folder's library."""
    return WorkingHouse(library(folder), workers)


def fill(folder: Path, playback: str | None = None) -> None:
    """Fill a folder's library with all there is to see; `playback` is the first episode's audio."""
    sample_house.fill(library(folder), playback)
    polls = fill_arena(folder)
    fill_votes(polls)
    fill_verdicts(polls)
    fill_jobs(folder)


def fill_arena(
    folder: Path, texts: Sequence[str] = QUESTIONS, *, extra: Contestant | None = None
) -> Polls:
    """Freeze the contestants' answers to the questions, cited from the sample episode."""
    polls = Polls(library(folder))
    for rank, contestant in enumerate((*CONTESTANTS[:2], extra or COPPER)):
        polls.ballots.register(contestant)
        for n, text in enumerate(texts):
            polls.ballots.freeze(Item(f"q{n}", text), contestant.name, _piece(n, rank))
    return polls


def _piece(question: int, rank: int) -> Piece:
    """Give an answer; the stronger, the more of it rests on what was said about the question."""
    cited = tuple(_citation(n, 4 * (question + n) + rank + 1) for n in range(1, 4 - rank))
    claims = [Claim(each.text, Mark.QUOTED, (each.number,)) for each in cited]
    also = Claim(f"What is heard here is told {many(len(cited), 'time')}.", Mark.SUPPORTED, (1,))
    return Piece((*claims, also), cited)


@cache
def _spoken() -> tuple[Passage, ...]:
    return tuple(sample_house.house().library.passages_of(EVALS.id, tier=Tier.TRANSCRIPT))


def _citation(number: int, sentence: int) -> Citation:
    passage = next(each for each in _spoken() if each.first == each.last == sentence)
    return Citation(
        number,
        passage.id,
        passage.span,
        passage.tier,
        passage.text,
        passage.first,
        passage.last,
        EVALS.title,
        EVALS.show.title,
        speaker=passage.speaker,
    )


def fill_votes(
    polls: Polls, voters: tuple[str, ...] = ("ana", "ben", "cem"), *, most: int = 30
) -> None:
    """Let a team vote: mostly, but not always, for the stronger contestant."""
    random = Random(7)  # noqa: S311 - an invented team
    arena, ballots = Arena(polls.library, random=random), polls.ballots
    for voter in voters:
        for _ in range(most):
            drawn = arena.draw(voter)
            if not isinstance(drawn, Duel):
                break
            ballots.cast(Vote(voter, drawn.id, _choice(drawn, random), seconds=20.0))


def _choice(drawn: Duel, random: Random) -> Choice:
    lengths = [len(piece.citations) for piece in (drawn.a, drawn.b)]
    if random.random() < _NOISE or lengths[0] == lengths[1]:
        return random.choice(list(Choice))
    return Choice.A if lengths[0] > lengths[1] else Choice.B


def fill_verdicts(polls: Polls) -> None:
    """Let an invented judge say something of every battle that people judged."""
    for each in polls.ballots.battles():
        said = Choice.A if _STRENGTH.get(each.a, 0) >= _STRENGTH.get(each.b, 0) else Choice.B
        polls.verdicts.note(
            Verdict(
                "an invented judge", each.duel.id, each.duel.item.id, each.a, each.b, said, said
            )
        )


def _hour_ago() -> Callable[[], float]:
    """Give a clock that stood at an hour ago and goes on by a minute at each look."""
    minutes = count(1)
    return lambda: time.time() - 3600 + 60 * next(minutes)


def fill_jobs(folder: Path) -> Jobs:
    """Note a job in each state; the failed one says why."""
    jobs = Jobs(library(folder), now=_hour_ago())
    for name in ("done", "failed", "cancelled", "running", "waiting"):
        jobs.open(
            f"{name}-1",
            parcel=name,
            origin="https://feeds.example/show.xml",
            title=f"The {name} talk",
        )
    jobs.begin("done-1", "index")
    jobs.finish("done-1", EVALS.id)
    jobs.begin("failed-1", "fetch")
    error = SourceError(
        "The audio ends at 14:56, the feed says 30:02",
        hint="Try again later: soundproof jobs retry failed-1",
    )
    jobs.fail("failed-1", error)
    jobs.cancel("cancelled-1")
    jobs.begin("running-1", "transcribe")
    jobs.advance("running-1", 0.4)
    return jobs
