"""One vote each and none lost: two processes at once, and voters that are killed at any moment."""

import subprocess
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from eval.arena import Arena
from eval.ballots import Ballots
from eval.models import Ballot, Choice, Kind, Vote
from kb import schema
from kb.library import SqlLibrary
from tests.arena_house import drawn, fill
from tests.conftest import ROOT
from tests.test_jobs import DATABASES, address
from tests.test_library import opened

pytestmark = pytest.mark.slow

ITEMS = 12
PAIRS = 3 * ITEMS
_RANDOM = Random(2026)  # noqa: S311 - moments, not secrets


@dataclass(frozen=True, slots=True)
class Site:
    """A library that several processes open."""

    database: str
    home: Path
    library: SqlLibrary

    @contextmanager
    def voter(self, name: str, *more: str) -> Generator[subprocess.Popen[str]]:
        """Run a voter; it is killed in the end, if it is there still."""
        given = [self.database, str(self.home), name, *more]
        command = [sys.executable, "-m", "tests.arena_house", *given]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
            try:
                yield process
            finally:
                process.kill()

    def ballots(self) -> list[Ballot]:
        """Give all votes."""
        return Ballots(self.library).ballots()

    def battles(self) -> int:
        """Count the battles that were drawn."""
        with self.library.reading() as db:
            return int(db.scalar(sa.select(sa.func.count()).select_from(schema.battles)) or 0)


@pytest.fixture(params=DATABASES)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    database = address(request.param, tmp_path)
    with opened(database, tmp_path) as library:
        fill(library, items=ITEMS)
        yield Site(database, tmp_path, library)


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def stored(lines: Iterator[str] | list[str]) -> dict[str, str]:
    """Give what a voter was told is stored: the choice by battle."""
    told = [line.strip().split(" ", 2)[1:] for line in lines if line.startswith("stored")]
    assert len({battle for battle, _ in told}) == len(told)
    return dict(told)


def test_two_tabs_at_once_cast_one_vote_a_battle(site: Site) -> None:
    with site.voter("ana", "--wait") as one, site.voter("ana", "--wait") as other:
        told = dict[str, str]()
        tabs = (one, other)
        assert [said(each) for each in tabs] == ["ready", "ready"]
        for each in tabs:
            assert each.stdin is not None
            each.stdin.close()  # both run from here on without waiting
        for each in tabs:
            assert each.stdout is not None
            mine = stored(list(each.stdout))
            both = told.keys() & mine.keys()  # the same by chance in both tabs: a double click
            assert {told[battle] == mine[battle] for battle in both} <= {True}
            told |= mine
            assert each.wait() == 0

    found = site.ballots()
    assert {each.battle_id: each.winner.value for each in found} == told
    assert len(found) == site.battles()
    plain = Counter((b.item_id, *sorted((b.model_a, b.model_b))) for b in found if plainly(b))
    assert set(plain.values()) == {1}
    assert len(plain) == PAIRS


def plainly(ballot: Ballot) -> bool:
    return ballot.kind is Kind.PLAIN


def test_two_people_at_once_each_judge_everything(site: Site) -> None:
    with site.voter("ana") as ana, site.voter("ben") as ben:
        told = {
            name: stored(process.communicate()[0].splitlines())
            for name, process in (("ana", ana), ("ben", ben))
        }

    found = site.ballots()
    for name, votes in told.items():
        own = [each for each in found if each.voter_id == name]
        assert {each.battle_id: each.winner.value for each in own} == votes
        assert sum(map(plainly, own)) == PAIRS
    assert len(found) == site.battles()


def test_a_voter_killed_before_the_reveal_has_voted_once(site: Site) -> None:
    with site.voter("ana", "--wait") as process:
        assert said(process) == "ready"
        go_on(process)
        line = said(process)
        process.kill()  # the vote is stored, and nothing was revealed
    [(battle, choice)] = stored([line]).items()
    ballots = Ballots(site.library)

    again = ballots.cast(Vote("ana", battle, Choice(choice)))  # the page sends it once more

    assert [each.battle_id for each in site.ballots()] == [battle]
    assert again == ballots.vote("ana", battle)
    assert ballots.reveal("ana", battle).duel.id == battle
    assert drawn(Arena(site.library)).id != battle


def test_voters_killed_at_any_moment_lose_no_vote_and_cast_none_twice(site: Site) -> None:
    told = dict[str, str]()
    for _ in range(6):
        with site.voter("ana") as process:
            assert process.stdout is not None
            lines = [said(process) for _ in range(_RANDOM.randint(2, 6))]
            process.kill()
            lines += [line for line in process.stdout if line.endswith("\n")]
        told |= stored(lines)
        assert told.items() <= {(b.battle_id, b.winner.value) for b in site.ballots()}
        assert site.battles() - len(site.ballots()) <= 1  # what was drawn and is open still

    with site.voter("ana") as process:
        told |= stored(process.communicate()[0].splitlines())
    found = site.ballots()
    assert told.items() <= {(each.battle_id, each.winner.value) for each in found}
    assert sum(map(plainly, found)) == PAIRS
    assert len(found) == site.battles()
