"""Votes that are cast once, and battles that name nobody: rows of the arena's table.

python -m benchmarks.arena runs them with the others.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from benchmarks.report import ROOT, Figure
from eval.arena import NothingLeft
from eval.models import Choice, Contestant, Item, Piece, Vote
from eval.polls import Polls
from kb.library import SqlLibrary
from kb.models import Citation, Claim, Mark, Span, Tier
from ui import printing_arena

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 4
SHOWN = 200
_KILLS = "tests/e2e/test_votes.py"


def rows() -> Iterator[Figure]:
    """Yield the figures."""
    yield from once()
    yield from anonymity()


def once() -> Iterator[Figure]:
    """Yield how many of the tests with two tabs, two people and kills ended with one vote each."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", _KILLS]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own tests
    counts = {state: int(n) for n, state in re.findall(r"(\d+) (passed|failed|error)", ran.stdout)}
    passed = counts.get("passed", 0)
    yield Figure("one vote each, none lost: trials of processes", passed, at_least=4)
    yield Figure("one vote each, none lost: failures", sum(counts.values()) - passed, at_most=0)


def anonymity() -> Iterator[Figure]:
    """Yield how many of 200 battles, as text and as JSON, hold a name or setting before the vote."""
    with tempfile.TemporaryDirectory() as folder:
        library = SqlLibrary(f"sqlite:///{folder}/library.sqlite", Path(folder))
        random = Random(SEED)  # noqa: S311 - no secret
        polls = Polls(library)
        made = [_contestant(number) for number in range(5)]
        for n, contestant in enumerate(made):
            polls.ballots.register(contestant)
            for item in range(30):
                polls.ballots.freeze(_item(item), contestant.name, _piece(n, item, random))
        hidden = {part for each in made for part in (each.name, each.fingerprint, *_parts(each))}
        hidden.add(Mark.QUOTED.value)
        shown = list(_shown(polls, random))
        library.close()
    leaks = sum(any(each in page for each in hidden) for page in shown)
    yield Figure("battles rendered", len(shown), at_least=SHOWN)
    yield Figure("of them with a contestant's name or setting", leaks, at_most=0)


def _shown(polls: Polls, random: Random) -> Iterator[str]:
    """Draw battles and give each as it is printed, then vote."""
    arena = polls.arena()
    for _ in range(SHOWN):
        duel = arena.draw("ana")
        if isinstance(duel, NothingLeft):
            return
        yield "\n".join([*printing_arena.duel(duel), printing_arena.as_json(duel)])
        polls.ballots.cast(Vote("ana", duel.id, random.choice(list(Choice))))


def _contestant(number: int) -> Contestant:
    """Give one with words that stand nowhere else."""
    return Contestant(f"Quokka {number}", (("retriever", f"wombat-{number}"), ("writer", "numbat")))


def _parts(contestant: Contestant) -> list[str]:
    return [value for _, value in contestant.settings]


def _item(number: int) -> Item:
    return Item(f"q{number:02}", f"What was said of tide {number}?")


def _piece(contestant: int, item: int, random: Random) -> Piece:
    """Give what a contestant says, or, one time in ten, a refusal that would tell who refuses."""
    if random.random() < 0.1:  # noqa: PLR2004 - the share
        return Piece((), (), f"numbat {contestant} found nothing")
    span = Span(f"talk{item}", 10.0 * contestant, 10.0 * contestant + 5)
    said = f"The tide {item} was {random.randint(1, 900)} cm that day."
    place = f"talk{item}/transcript/s{contestant}"
    cited = Citation(1, place, span, Tier.TRANSCRIPT, said, contestant, contestant, "Tides", "Sea")
    mark = Mark.SUPPORTED if contestant else Mark.QUOTED  # writers differ in that
    return Piece((Claim(said, mark, (1,)),), (cited,))
