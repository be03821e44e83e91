"""Workers that are killed at any moment: what was queued is done, and done once."""

import hashlib
import os
import random
import subprocess
import sys
import time
import uuid
import wave
from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from ingest.ports import Progress
from kb import schema
from kb.jobs import State
from kb.models import Tier
from tests.conftest import ROOT
from tests.e2e.worker_process import Bench, opened

pytestmark = pytest.mark.slow

_SECONDS = 240
_RANDOM = random.Random(2026)  # noqa: S311 - moments, not secrets


@contextmanager
def working(
    database: str, queue: str, home: Path, *, seconds: float = 0.05
) -> Generator[subprocess.Popen[str]]:
    """Run a worker that hears a window in so many seconds; what is left at the end is killed."""
    given = [database, queue, str(home), str(seconds)]
    command = [sys.executable, "-m", "tests.e2e.worker_process", *given]
    log = (home / "worker.log").open("a")
    with (
        log,
        subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", (home / "worker.log").read_text()
            yield process
        finally:
            process.kill()


def origins(folder: Path, *, talks: range, recordings: range) -> Iterator[str]:
    """Write transcripts, and recordings of three windows; what they hold is told by their number."""
    folder.mkdir(exist_ok=True)
    for number in talks:
        cues = [
            f"{n // 60:02}:{n % 60:02}.000 --> {n // 60:02}:{n % 60:02}.900\n"
            f"<v {'Ada' if n % 3 else 'Ben'}>Benchmark {number} failed {n} times. We kept it.\n"
            for n in range(60)
        ]
        path = folder / f"talk{number}.vtt"
        path.write_text(f"WEBVTT - Talk {number}\n\n" + "\n".join(cues))
        yield str(path)
    for number in recordings:
        times = np.arange(6 * 16_000) / 16_000
        path = folder / f"recording{number}.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, 16_000, 0, "NONE", ""))
            tone = 8_000 * np.sin((2_000 + 10 * number) * times)
            file.writeframes(tone.astype("<i2").tobytes())
        yield str(path)


def submitted(bench: Bench, paths: Iterator[str]) -> int:
    """Queue everything, and give how many jobs that is."""
    jobs = {
        bench.dispatcher.submit(found).id
        for path in paths
        for found in bench.pipeline.find(path)
        if not isinstance(found, Progress)
    }
    return len(jobs)


def unfinished(bench: Bench) -> int:
    return sum(1 for job in bench.jobs.jobs(limit=1_000) if not job.state.over)


def landed(bench: Bench, expected: int) -> None:
    """Check that every job is done, and its episode in the library once and whole."""
    jobs = bench.jobs.jobs(limit=1_000)
    assert [(job.title, job.reason) for job in jobs if job.state is not State.DONE] == []
    episodes = [str(job.episode_id) for job in jobs]
    assert len(set(episodes)) == len(jobs) == expected
    assert set(bench.library.revisions()) == set(episodes)
    for episode in episodes:
        assert bench.library.document(episode, Tier.TRANSCRIPT) is not None
        ids = [each.id for each in bench.library.passages_of(episode)]
        assert ids
        assert len(ids) == len(set(ids))
    with bench.library.reading() as db:
        kept = db.execute(sa.select(schema.derivations.c.sha256)).scalars().all()
    for sha256 in kept:
        content = bench.library.artefacts.path(sha256).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sha256


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


def test_one_worker_on_sqlite_killed_at_each_step_and_at_random_loses_nothing(
    tmp_path: Path, home: Path
) -> None:
    database, queue = f"sqlite:///{home / 'library.sqlite'}", f"sqlite:///{home / 'queue.sqlite'}"
    bench = opened(database, queue, home)
    total = submitted(bench, origins(tmp_path / "in", talks=range(8), recordings=range(12)))
    kills = 0

    for step in ("fetch", "hear", "land") * 3:
        with working(database, queue, home) as process:
            kills += _killed_during(bench, step, process)
    # As often as that no step is cut off too often to be tried again, however slow the machine is.
    for _ in range(12):
        with working(database, queue, home) as process:
            _wait_until(partial(_begun, bench, time.time()))
            time.sleep(_RANDOM.uniform(0.0, 1.0))
            process.kill()
            kills += 1
    with working(database, queue, home):
        _wait_for_the_end(bench)

    assert kills >= 12
    landed(bench, total)
    bench.close()


def _killed_during(bench: Bench, step: str, process: subprocess.Popen[str]) -> bool:
    """Kill a worker as soon as a job is seen in that step; False where none comes to it."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        running = bench.jobs.jobs(state=State.RUNNING)
        if any(job.step == step and job.updated > time.time() - 1 for job in running):
            process.kill()
            return True
        time.sleep(0.01)
    return False


def _begun(bench: Bench, since: float) -> bool:
    """Tell whether some job has gone on since then, or nothing is left to do."""
    return any(job.updated > since for job in bench.jobs.jobs(limit=1_000)) or not unfinished(bench)


def _nth(turn: int, size: int) -> range:
    return range(turn * size, (turn + 1) * size)


def _joined(bench: Bench, before: Collection[str]) -> bool:
    """Tell whether another worker has taken something, or nothing is left to take."""
    return bool(_at_work(bench) - set(before)) or not unfinished(bench)


def _at_work(bench: Bench) -> set[str]:
    """Give the workers that have taken something from the queue and have not lost it again."""
    taken = "SELECT DISTINCT executor_id FROM dbos.workflow_status WHERE executor_id IS NOT NULL"
    with bench.library.reading() as db:
        if not sa.inspect(db).has_table("workflow_status", schema="dbos"):
            return set()
        return {str(each) for each in db.scalars(sa.text(taken))}


def _wait_for_the_end(bench: Bench) -> None:
    _wait_until(lambda: not unfinished(bench))


def _wait_until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SECONDS
    while not done() and time.monotonic() < deadline:
        time.sleep(0.1)


@pytest.fixture
def postgres() -> Iterator[str]:
    """Give the address of an empty database of its own."""
    server = os.environ.get("SOUNDPROOF_TEST_POSTGRES")
    if not server:
        pytest.skip("SOUNDPROOF_TEST_POSTGRES names no database")
    name = f"workers_{uuid.uuid4().hex[:8]}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        db.exec_driver_sql(f"CREATE DATABASE {name}")
    yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as db:
        db.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


def test_two_workers_on_one_postgresql_share_a_queue_though_one_is_killed_ten_times(
    tmp_path: Path, home: Path, postgres: str
) -> None:
    bench = opened(postgres, postgres, home)
    total = kills = 0

    with working(postgres, postgres, home, seconds=0.25):
        for turn in range(10):
            before = _at_work(bench)
            with working(postgres, postgres, home, seconds=0.25) as process:
                # Queued once both are there: however slow a start is, there is work to share.
                total += submitted(
                    bench, origins(tmp_path / "in", talks=_nth(turn, 2), recordings=_nth(turn, 4))
                )
                _wait_until(partial(_joined, bench, before))
                time.sleep(_RANDOM.uniform(0.0, 1.0))
                process.kill()
                kills += bool(_at_work(bench) - before)
        _wait_for_the_end(bench)

    assert (total, kills) == (60, 10)
    landed(bench, total)
    bench.close()
