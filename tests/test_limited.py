"""A limited process: what comes back is data, and nothing that happens there happens here."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from ingest import limited
from kb.errors import AudioError, DocumentError, SourceError
from kb.models import Chapter
from tests import misbehaviour
from tests.conftest import ROOT

pytestmark = pytest.mark.slow  # every test starts processes

_BASE = 200
"""Megabytes of address space for Python and pydantic, with room."""


def test_dataclasses_and_dates_come_back_as_they_were() -> None:
    parsed = limited.call(
        misbehaviour.parsed, "Café".encode(), (0.0, 12.5), seconds=5, memory_mb=_BASE
    )

    chapters = (Chapter("part 0", 0), Chapter("part 1", 12.5))
    assert parsed == misbehaviour.Parsed("Café", date(2025, 3, 9), chapters)


def test_it_runs_elsewhere_and_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDPROOF_LLM_API_KEY", "secret")

    assert limited.call(misbehaviour.pid, seconds=5, memory_mb=_BASE) != os.getpid()
    known = limited.call(misbehaviour.variables, seconds=5, memory_mb=_BASE)
    assert not [name for name in known if name.startswith(("SOUNDPROOF", "AWS", "HOME"))]


def test_what_a_library_prints_is_not_taken_for_the_answer() -> None:
    assert limited.call(misbehaviour.talks, "yes", seconds=5, memory_mb=_BASE) == "yes"


def test_our_own_errors_come_out_as_they_were_raised() -> None:
    with pytest.raises(DocumentError, match=r"feed\.xml ends in the middle") as refusal:
        limited.call(misbehaviour.refuses, "feed.xml", seconds=5, memory_mb=_BASE)

    assert refusal.value.hint == "Get it again."


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (misbehaviour.crashes, r"its reader crashed \(SIGSEGV\)"),
        (misbehaviour.fails, r"its reader crashed \(status 1\)"),
        (misbehaviour.leaves, r"its reader crashed \(status 0\)"),
        (misbehaviour.lies, "what came of it makes no sense"),
        (misbehaviour.spins, "it takes longer than 1 s"),
        (misbehaviour.sleeps, "it takes longer than 1 s"),
        (misbehaviour.hoards, f"it needs more than {_BASE} MB"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_whatever_goes_wrong_there_is_one_clear_error_here(
    function: Callable[[], object], reason: str
) -> None:
    begun = time.monotonic()

    with pytest.raises(AudioError, match=rf"^talk\.mp3 cannot be read: {reason}$") as refusal:
        limited.call(function, seconds=1, memory_mb=_BASE, subject="talk.mp3", failure=AudioError)

    assert refusal.value.hint
    assert time.monotonic() - begun < 5


def test_files_are_written_up_to_the_limit_alone(tmp_path: Path) -> None:
    path = tmp_path / "out"

    def written(megabytes: int, *, allowed: int) -> int:
        return limited.call(
            misbehaviour.writes,
            path,
            megabytes,
            seconds=5,
            memory_mb=_BASE,
            written_mb=allowed,
        )

    assert written(1, allowed=2) == 2**20
    assert written(3, allowed=2) == -1
    path.unlink()
    assert written(1, allowed=0) == -1


def test_open_files_and_sockets_are_few() -> None:
    assert limited.call(misbehaviour.opens, seconds=5, memory_mb=_BASE) < 64


def test_blocks_arrive_in_order_and_whole() -> None:
    stream = limited.stream(misbehaviour.blocks, 300, 100_000, seconds=5, memory_mb=_BASE)

    assert [(block[0], len(block)) for block in stream] == [(n % 256, 100_000) for n in range(300)]


def test_time_that_we_take_ourselves_is_not_counted() -> None:
    stream = limited.stream(misbehaviour.blocks, 40, 100_000, seconds=0.5, memory_mb=_BASE)

    next(stream)
    time.sleep(1.2)

    assert len(list(stream)) == 39


def children() -> set[str]:
    """Give the ids of this process's own processes."""
    lists = Path("/proc/self/task").glob("*/children")
    return {pid for file in lists for pid in file.read_text().split()}


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="no /proc to look into")
def test_a_stream_that_is_left_early_leaves_no_process() -> None:
    before = children()
    stream = limited.stream(misbehaviour.blocks, 10**6, 100_000, seconds=5, memory_mb=_BASE)
    assert len(list(islice(stream, 3))) == 3
    assert children() - before

    stream.close()

    assert children() - before == set()


@pytest.mark.parametrize(
    ("kind", "failure", "message"),
    [
        ("refusal", DocumentError, "^the rest is missing$"),
        ("crash", SourceError, "crashed"),
        ("silence", SourceError, "takes longer than 1 s"),
    ],
)
def test_a_stream_that_breaks_off_is_an_error_after_what_came(
    kind: str, failure: type[Exception], message: str
) -> None:
    stream = limited.stream(misbehaviour.breaks_off, kind, seconds=1, memory_mb=_BASE)

    assert next(stream) == b"first"
    with pytest.raises(failure, match=message):
        next(stream)


def test_a_stream_that_just_ends_is_no_error() -> None:
    stream = limited.stream(misbehaviour.breaks_off, "end", seconds=1, memory_mb=_BASE)

    assert list(stream) == [b"first"]


def test_when_we_are_killed_the_process_ends_too() -> None:
    script = (
        "from tests import misbehaviour; from ingest import limited\n"
        "for block in limited.stream(misbehaviour.tells_its_pid, seconds=60, memory_mb=200):\n"
        "    print(block.decode(), flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()

    for _ in range(100):
        if not alive(child):
            break
        time.sleep(0.02)
    assert not alive(child)


def alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().split()[2] != "Z"
