"""One owner of Chroma's folder, and a server as soon as there are two: nothing is lost on the way."""

import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from kb.adapters.chroma import ChromaIndex
from kb.adapters.chroma_home import ChromaFolder
from kb.errors import FetchError, IndexOwnedError, SettingsError
from kb.models import Scope, Unit
from tests.conftest import ROOT
from tests.contracts.test_vector_indexes import (
    DIMENSION,
    EPISODES,
    QUESTION,
    filled,
    ids,
    passages,
    vectors,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has one process alone"),
]

_WORKER = """
    import sys
    from pathlib import Path
    from kb.adapters.chroma import ChromaIndex
    from tests.contracts.test_vector_indexes import passages, vectors
    index = ChromaIndex(Path(sys.argv[1]), embedder="bag of words", dimension=24)
    print("open", flush=True)
    for line in sys.stdin:
        name, first, last = line.split()
        for n in range(int(first), int(last)):
            index.replace(f"{name}-{n}", n + 1, passages(f"{name}-{n}"), vectors(60, seed=n))
            print(n, flush=True)
        print("done", flush=True)
"""


class Worker:
    """A process that has the index open and writes what it is told to."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(_WORKER), str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.said() == "open"

    def said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def write(self, name: str, first: int, last: int) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{name} {first} {last}\n")
        self.process.stdin.flush()

    def finish(self) -> None:
        while (said := self.said()) != "done":
            assert said, "the worker failed"

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Worker]]:
    """Give what starts a worker on the test's folder; all are gone at the end."""
    with ExitStack() as stack:

        def started() -> Worker:
            worker = Worker(tmp_path)
            stack.callback(worker.kill)
            return worker

        yield started


@pytest.fixture(autouse=True)
def no_server_is_left(tmp_path: Path) -> Iterator[None]:
    yield
    until(lambda: not alive(owner(tmp_path).get("pid", 0)) or "port" not in owner(tmp_path))


def opened(folder: Path) -> ChromaIndex:
    return ChromaIndex(folder, embedder="bag of words", dimension=DIMENSION)


def owner(folder: Path) -> dict[str, int]:
    sign = folder / "owner.json"
    owned: dict[str, int] = json.loads(sign.read_text()) if sign.exists() else {}
    return owned


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return pid > 0 and stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def until(true: Callable[[], bool], *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def whole(index: ChromaIndex, *, episodes: int) -> None:
    """Insist that so many episodes are there with every passage, and that each is found."""
    assert index.counts() == dict.fromkeys(index.held(), 60)
    assert len(index.held()) == episodes
    found = index.nearest(QUESTION, limit=30 * episodes, scope=Scope(), unit=Unit.WINDOW)
    assert len({score.passage_id for score in found}) == len(found) == 30 * episodes


def test_a_process_that_is_alone_starts_no_server(tmp_path: Path) -> None:
    index = opened(tmp_path)

    assert owner(tmp_path) == {"pid": os.getpid()}
    index.close()


def test_a_second_process_shares_what_an_idle_first_one_had_and_both_go_on(
    tmp_path: Path, start: Callable[[], Worker]
) -> None:
    first = opened(tmp_path)
    before = ids(filled(first))

    second = start()

    assert "port" in owner(tmp_path)
    with pytest.raises(Timeout):
        FileLock(tmp_path / "owner.lock").acquire(timeout=0)
    second.write("second", 0, 3)
    second.finish()
    assert before < ids(first, limit=5_000)
    assert first.held() == {"evals-1": 1, "tao-2": 2, "labels-3": 3} | {
        f"second-{n}": n + 1 for n in range(3)
    }
    first.replace("third-1", 9, passages("third-1"), vectors(60, seed=9))
    whole(first, episodes=7)
    first.close()


def test_the_server_ends_with_its_last_user_and_the_next_is_alone_again(
    tmp_path: Path, start: Callable[[], Worker]
) -> None:
    first = opened(tmp_path)
    before = ids(filled(first))
    start().kill()
    server = owner(tmp_path)
    assert ids(first) == before
    assert alive(server["pid"])

    first.close()
    until(lambda: not alive(server["pid"]))
    again = opened(tmp_path)

    assert owner(tmp_path) == {"pid": os.getpid()}
    assert ids(again) == before
    again.close()


def test_two_writers_lose_nothing(tmp_path: Path, start: Callable[[], Worker]) -> None:
    left, right = start(), start()

    left.write("left", 0, 25)
    right.write("right", 0, 25)
    left.finish()
    right.finish()

    index = opened(tmp_path)
    whole(index, episodes=50)
    index.close()


def test_two_writers_of_the_same_episodes_leave_each_once(
    tmp_path: Path, start: Callable[[], Worker]
) -> None:
    left, right = start(), start()

    left.write("same", 0, 15)
    right.write("same", 0, 15)
    left.finish()
    right.finish()

    index = opened(tmp_path)
    whole(index, episodes=15)
    index.close()


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_writer_takes_nothing_with_it(
    tmp_path: Path, start: Callable[[], Worker], seed: int
) -> None:
    left, right = start(), start()
    left.write("left", 0, 20)
    right.write("right", 0, 20)
    told = 0
    for _ in range(random.Random(seed).randrange(2, 12)):  # noqa: S311 - moments, not secrets
        told = int(right.said()) + 1

    right.kill()
    left.finish()

    index = opened(tmp_path)
    held = index.held()
    assert {f"left-{n}" for n in range(20)} | {f"right-{n}" for n in range(told)} <= held.keys()
    again = start()
    again.write("right", 0, 20)
    again.finish()
    whole(index, episodes=40)
    index.close()


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_server_is_started_again_and_nothing_is_lost(
    tmp_path: Path, start: Callable[[], Worker], seed: int
) -> None:
    left, right = start(), start()
    left.write("left", 0, 20)
    right.write("right", 0, 20)
    for _ in range(random.Random(seed).randrange(2, 12)):  # noqa: S311 - moments, not secrets
        left.said()

    killed = owner(tmp_path)["pid"]
    os.kill(killed, signal.SIGKILL)
    left.finish()
    right.finish()

    index = opened(tmp_path)
    assert owner(tmp_path)["pid"] != killed
    whole(index, episodes=40)
    index.close()


def test_an_index_that_another_process_emptied_is_filled_again(
    tmp_path: Path, start: Callable[[], Worker]
) -> None:
    first = opened(tmp_path)
    filled(first)
    start()
    second = opened(tmp_path)

    second.clear()

    assert (first.held(), ids(first)) == ({}, set())
    filled(first)
    assert second.held() == dict(zip(EPISODES, (1, 2, 3), strict=True))
    assert ids(second) == ids(first) != set()
    first.close()
    second.close()


def test_a_second_owner_is_refused_and_a_rebuild_gives_the_same_ids_five_times(
    tmp_path: Path,
) -> None:
    first = opened(tmp_path)
    before = ids(filled(first), limit=5_000)

    for _ in range(5):
        with pytest.raises(Timeout):
            FileLock(tmp_path / "owner.lock").acquire(timeout=0)
        first.clear()
        assert ids(filled(first), limit=5_000) == before
    first.close()


def test_an_owner_that_does_not_answer_is_named_and_left_alone(
    tmp_path: Path, start: Callable[[], Worker]
) -> None:
    first = start()
    first.process.send_signal(signal.SIGSTOP)

    with pytest.raises(IndexOwnedError, match=f"in process {first.process.pid}$") as refusal:
        ChromaFolder(tmp_path, patience=0.5)

    assert "rebuild it where it is open" in refusal.value.hint
    first.process.send_signal(signal.SIGCONT)
    first.write("first", 0, 1)
    first.finish()


def test_what_a_killed_process_had_open_is_free(
    tmp_path: Path, start: Callable[[], Worker]
) -> None:
    first = start()
    first.write("first", 0, 2)
    first.finish()
    first.kill()

    index = opened(tmp_path)

    assert owner(tmp_path) == {"pid": os.getpid()}
    whole(index, episodes=2)
    index.close()


def test_a_server_elsewhere_is_used_by_its_address(
    tmp_path: Path, start: Callable[[], Worker]
) -> None:
    start()
    sharing = opened(tmp_path)
    url = f"http://127.0.0.1:{owner(tmp_path)['port']}"

    there = ChromaIndex(tmp_path / "unused", embedder="other", dimension=DIMENSION, url=url)

    assert ids(filled(there)) == ids(filled(sharing))
    assert not (tmp_path / "unused").exists()
    there.close()
    sharing.close()


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://127.0.0.1:9", FetchError),
        ("127.0.0.1:8000", SettingsError),
        ("file:///etc/passwd", SettingsError),
        ("http://", SettingsError),
    ],
)
def test_an_address_without_a_server_is_told(
    tmp_path: Path, url: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        ChromaIndex(tmp_path, embedder="other", dimension=DIMENSION, url=url)
