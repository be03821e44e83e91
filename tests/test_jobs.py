"""What people see of the work in hand, over SQLite and, where one is named, PostgreSQL."""

import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from kb.errors import AudioError, LibraryError, NotFoundError
from kb.jobs import Jobs, State
from kb.library import SqlLibrary
from tests.conftest import ROOT
from tests.samples import JOB
from tests.test_library import POSTGRES, emptied, opened, sqlite_url

DATABASES = [
    "sqlite",
    pytest.param(
        "postgres",
        marks=pytest.mark.skipif(not POSTGRES, reason="SOUNDPROOF_TEST_POSTGRES names no database"),
    ),
]
NO_AUDIO = AudioError("talk.mp3 is not audio", hint="Tell its publisher.")
ENDS: dict[State, Callable[[Jobs, str], object]] = {
    State.DONE: lambda jobs, job_id: jobs.finish(job_id, "talk-1"),
    State.FAILED: lambda jobs, job_id: jobs.fail(job_id, NO_AUDIO),
    State.CANCELLED: lambda jobs, job_id: jobs.cancel(job_id),
}


def address(kind: str, folder: Path) -> str:
    """Give the address of an empty database."""
    return sqlite_url(folder) if kind == "sqlite" else emptied(POSTGRES)


@contextmanager
def a_library(kind: str, folder: Path) -> Generator[SqlLibrary]:
    with opened(address(kind, folder), folder) as library:
        yield library


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=DATABASES)
def jobs(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Jobs]:
    with a_library(request.param, tmp_path) as library:
        yield Jobs(library, now=clock)


def open_job(jobs: Jobs, job_id: str = "talk-1") -> bool:
    return jobs.open(job_id, parcel="ab" * 32, origin="https://cdn.example/1.mp3", title="Talk")


# From open to done


def test_a_new_job_waits(jobs: Jobs) -> None:
    assert open_job(jobs)

    assert jobs.job("talk-1") == replace(JOB, created=1000, updated=1000)


def test_a_job_that_is_known_stays_as_it_is(jobs: Jobs) -> None:
    open_job(jobs)
    jobs.begin("talk-1", "fetch")
    before = jobs.job("talk-1")

    assert not open_job(jobs)
    assert jobs.job("talk-1") == before


def test_a_job_is_followed_to_its_end(jobs: Jobs, clock: Clock) -> None:
    open_job(jobs)
    clock.time = 1010
    assert jobs.begin("talk-1", "fetch")
    clock.time = 1020
    assert jobs.advance("talk-1", 0.25)
    running = jobs.job("talk-1")
    jobs.wait("talk-1")
    waiting = jobs.job("talk-1")
    jobs.finish("talk-1", "talk-99")
    done = jobs.job("talk-1")

    assert (running.state, running.step, running.fraction) == (State.RUNNING, "fetch", 0.25)
    assert (running.created, running.started, running.updated) == (1000, 1010, 1020)
    assert (waiting.state, waiting.fraction) == (State.WAITING, None)
    assert (done.state, done.fraction, done.episode_id) == (State.DONE, 1.0, "talk-99")


def test_the_time_left_is_reckoned_from_what_is_done(jobs: Jobs, clock: Clock) -> None:
    open_job(jobs)
    assert jobs.job("talk-1").seconds_left is None
    jobs.begin("talk-1", "hear")
    assert jobs.job("talk-1").seconds_left is None
    jobs.advance("talk-1", 0.0)
    assert jobs.job("talk-1").seconds_left is None
    clock.time += 30
    jobs.advance("talk-1", 0.25)
    assert jobs.job("talk-1").seconds_left == 90
    jobs.advance("talk-1", 1.0)
    assert jobs.job("talk-1").seconds_left == 0
    jobs.wait("talk-1")
    assert jobs.job("talk-1").seconds_left is None


def test_a_job_says_why_it_waits_until_it_goes_on(jobs: Jobs) -> None:
    open_job(jobs)
    jobs.wait("talk-1", "The server is busy", "Nothing to do.")
    waiting = jobs.job("talk-1")
    jobs.begin("talk-1", "fetch")

    assert (waiting.reason, waiting.hint) == ("The server is busy", "Nothing to do.")
    assert (jobs.job("talk-1").reason, jobs.job("talk-1").hint) == ("", "")


def test_a_failed_job_says_why_and_what_to_do(jobs: Jobs) -> None:
    open_job(jobs)
    jobs.fail("talk-1", NO_AUDIO)

    failed = jobs.job("talk-1")
    assert (failed.state, failed.reason) == (State.FAILED, "talk.mp3 is not audio")
    assert failed.hint == "Tell its publisher."


# What is over


@pytest.mark.parametrize("state", list(ENDS))
def test_what_is_over_stays_so(jobs: Jobs, state: State) -> None:
    open_job(jobs)
    ENDS[state](jobs, "talk-1")
    over = jobs.job("talk-1")

    assert not jobs.begin("talk-1", "land")
    assert not jobs.advance("talk-1", 0.5)
    jobs.wait("talk-1", "why")
    jobs.finish("talk-1", "another")
    jobs.fail("talk-1", NO_AUDIO)
    with pytest.raises(LibraryError, match=f"Talk is {state} already"):
        jobs.cancel("talk-1")

    assert over.state is state
    assert jobs.job("talk-1") == over


@pytest.mark.parametrize("state", list(ENDS))
def test_what_is_over_can_begin_again(jobs: Jobs, state: State) -> None:
    open_job(jobs)
    jobs.begin("talk-1", "hear")
    ENDS[state](jobs, "talk-1")

    again = jobs.reopen("talk-1")

    assert again == jobs.job("talk-1")
    assert (again.state, again.attempt, again.step) == (State.WAITING, 2, "")
    assert (again.reason, again.hint, again.fraction) == ("", "", None)
    assert jobs.begin("talk-1", "fetch")


def test_what_is_not_over_cannot_begin_again(jobs: Jobs) -> None:
    open_job(jobs)
    with pytest.raises(LibraryError, match="Talk is waiting: there is nothing to retry"):
        jobs.reopen("talk-1")
    jobs.begin("talk-1", "fetch")
    with pytest.raises(LibraryError, match="Talk is running"):
        jobs.reopen("talk-1")
    assert jobs.job("talk-1").attempt == 1


def test_a_job_can_be_cancelled_while_it_runs(jobs: Jobs) -> None:
    open_job(jobs)
    jobs.begin("talk-1", "hear")

    jobs.cancel("talk-1")

    assert jobs.job("talk-1").state is State.CANCELLED
    assert not jobs.advance("talk-1", 0.5)


# Finding jobs


def test_a_job_is_named_by_how_its_id_begins(jobs: Jobs) -> None:
    for each in ("talk-one-1", "talk-two-2", "talk-two-22"):
        open_job(jobs, each)

    assert jobs.job("talk-o").id == "talk-one-1"
    assert jobs.job("talk-two-2").id == "talk-two-2"
    with pytest.raises(NotFoundError, match="More than one job begins with 'talk-t'"):
        jobs.job("talk-t")


@pytest.mark.parametrize("wanted", ["", "nothing", "%", "talk_1", "TALK"])
def test_a_name_that_stands_for_no_job_is_an_error(jobs: Jobs, wanted: str) -> None:
    open_job(jobs)

    for act in (jobs.job, jobs.cancel, jobs.reopen):
        with pytest.raises(NotFoundError, match="No job begins with") as refusal:
            act(wanted)
        assert refusal.value.hint


def test_a_step_of_a_job_that_is_gone_does_not_begin(jobs: Jobs) -> None:
    assert not jobs.begin("gone", "fetch")
    assert not jobs.advance("gone", 0.5)


def test_what_is_not_over_is_listed_first_and_the_newest_first(jobs: Jobs, clock: Clock) -> None:
    for number, name in enumerate("abcdef"):
        clock.time = 1000.0 + number // 2
        open_job(jobs, name)
    jobs.finish("f", "talk")
    jobs.cancel("e")
    jobs.begin("a", "fetch")

    assert [job.id for job in jobs.jobs()] == ["c", "d", "a", "b", "e", "f"]
    assert [job.id for job in jobs.jobs(limit=2)] == ["c", "d"]
    assert [job.id for job in jobs.jobs(state=State.WAITING)] == ["c", "d", "b"]
    assert [job.id for job in jobs.jobs(state=State.FAILED)] == []


def test_only_the_end_is_over() -> None:
    over = {state for state in State if state.over}

    assert over == {State.DONE, State.FAILED, State.CANCELLED} == set(ENDS)


# Two processes

_OPEN = """
import sys
from pathlib import Path
from kb.jobs import Jobs
from kb.library import SqlLibrary
library = SqlLibrary(sys.argv[1], Path(sys.argv[2]))
jobs = Jobs(library)
print("ready", flush=True)
sys.stdin.readline()
print(sum(jobs.open(f"talk-{n}", parcel="p", origin="o", title="Talk") for n in range(20)))
library.close()
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", DATABASES)
def test_what_two_processes_open_at_once_is_one_job(kind: str, tmp_path: Path) -> None:
    url = address(kind, tmp_path)
    with opened(url, tmp_path) as library:
        command = [sys.executable, "-c", _OPEN, url, str(tmp_path)]
        both = [
            subprocess.Popen(
                command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            for _ in range(2)
        ]
        for process in both:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in both:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        opened_by = [int(process.communicate(timeout=60)[0]) for process in both]

        jobs = Jobs(library).jobs()
    assert sum(opened_by) == len(jobs) == 20
    assert {replace(job, id="", created=0, updated=0).state for job in jobs} == {State.WAITING}
