"""`soundproof ui` and `serve`: what is started beside the app ends with it, and nothing is lost."""

import json
import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from kb.library import SqlLibrary
from kb.roll import Roll
from tests.conftest import ROOT
from tests.e2e.serving import PROGRAM, Served, free_port, served, wait_until
from ui import door

pytestmark = pytest.mark.slow

_TALK = "WEBVTT - Talk {n}\n\n00:01.000 --> 00:09.000\n<v Ada>The drawer {n} holds a tern.\n"


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    return os.environ | {"SOUNDPROOF_HOME": str(tmp_path / "home"), "SOUNDPROOF_OFFLINE": "1"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def _run(environment: Mapping[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [*PROGRAM, *arguments], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE
    )
    return done.stdout.decode()


def _workers(home: Path) -> list[str]:
    library = SqlLibrary(f"sqlite:///{home / 'library.sqlite'}", home)
    try:
        return list(Roll(library).beats())
    finally:
        library.close()


def _below(pid: int) -> set[int]:
    """Give the processes that a process started, and those that they did."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    children = [child for thread in threads for child in thread.read_text().split()]
    return {each for child in map(int, children) for each in {child, *_below(child)}}


def _gone(pid: int) -> bool:
    """Tell whether a process has ended; one that only waits to be counted has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def _with_worker(home: Path, app: Served) -> set[int]:
    """Wait until the worker is at work; give its processes."""
    wait_until(lambda: _workers(home))
    found = _below(app.process.pid)
    assert found
    return found


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_worker_ends_with_the_app_however_that_ends(
    tmp_path: Path, home: Path, environment: Mapping[str, str], how: signal.Signals
) -> None:
    port, log = free_port(), tmp_path / "log"
    command = [*PROGRAM, "ui", "--no-browser", "--port", str(port)]
    with served(command, port, environment, log) as app:
        beside = _with_worker(home, app)

        app.end(how)

        if how is not signal.SIGKILL:
            assert all(map(_gone, beside)), "the app waits for its worker"
        wait_until(lambda: all(map(_gone, beside)))
        door.check_free("127.0.0.1", port)
    assert f"http://127.0.0.1:{port}" in log.read_text()
    assert "Traceback" not in log.read_text()


def test_a_worker_that_dies_is_started_again(
    tmp_path: Path, home: Path, environment: Mapping[str, str]
) -> None:
    port = free_port()
    command = [*PROGRAM, "ui", "--no-browser", "--port", str(port)]
    with served(command, port, environment, tmp_path / "log") as app:
        [first] = _with_worker(home, app)

        os.kill(first, signal.SIGKILL)

        wait_until(lambda: _below(app.process.pid) - {first})
        app.end(signal.SIGTERM)


@pytest.mark.parametrize("command", [("ui", "--no-browser", "--no-worker"), ("serve",)])
def test_without_a_worker_there_is_none(
    tmp_path: Path, home: Path, environment: Mapping[str, str], command: tuple[str, ...]
) -> None:
    port, left = free_port(), home / "uploads" / "left by a kill"
    left.mkdir(parents=True)
    called = [*PROGRAM, *command, "--port", str(port)]
    with served(called, port, environment, tmp_path / "log") as app:
        assert httpx.get(f"{app.url}/api/v1/episodes").json() == {"items": [], "next": None}
        assert _below(app.process.pid) == set()
        assert _workers(home) == []
        assert not left.exists()
        app.end(signal.SIGTERM)


def test_serve_refuses_an_address_of_others_without_sign_in(
    environment: Mapping[str, str],
) -> None:
    done = subprocess.run(
        [*PROGRAM, "serve", "--host", "0.0.0.0"],  # noqa: S104 - what is refused
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "Without sign-in" in done.stderr.splitlines()[0]
    assert done.stderr.splitlines()[1].startswith("Hint: ")


@pytest.mark.models
def test_app_worker_and_command_line_share_a_library_and_lose_nothing(
    tmp_path: Path, home: Path, environment: Mapping[str, str]
) -> None:
    port, talks = free_port(), [tmp_path / f"talk{n}.vtt" for n in range(12)]
    for n, talk in enumerate(talks):
        talk.write_text(_TALK.format(n=n))
    command = [*PROGRAM, "ui", "--no-browser", "--port", str(port)]
    base = f"http://127.0.0.1:{port}/api/v1"
    with (
        served(command, port, environment, tmp_path / "log") as app,
        httpx.Client(base_url=base, timeout=60) as api,
    ):
        beside = _with_worker(home, app)
        _run(environment, "add", str(talks[0]))
        assert len(api.get("/search", params={"q": "tern"}).json()["items"]) == 1

        _run(environment, "add", "--later", *map(str, talks[1:]))
        _run(environment, "search", "tern")

        wait_until(lambda: len(api.get("/episodes").json()["items"]) == len(talks))
        found = api.get("/search", params={"q": "tern in a drawer", "limit": 50}).json()["items"]
        assert len({each["episode"]["id"] for each in found}) == len(talks)
        assert {each["state"] for each in api.get("/jobs").json()["items"]} == {"done"}
        app.end(signal.SIGKILL)
        wait_until(lambda: all(map(_gone, beside)))
    assert json.loads(_run(environment, "verify", "--json")) == []
