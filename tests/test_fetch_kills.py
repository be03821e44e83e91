"""Downloads whose process is killed at any moment: every file is right in the end."""

import hashlib
import random
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.partial import SUFFIXES
from tests.conftest import ROOT
from tests.loopback import Reply, Route, Server, serving

FILES = 12
"""Per behaviour of the server."""
KILLS = 4
"""Aimed at each file; some come too late."""
LANDED = 34
"""Kills that must not have come too late: with five behaviours, 170."""
SIZE = 1_500_000


@dataclass
class Downloader:
    """The process that forks a child for each download."""

    process: subprocess.Popen[str]

    def run(self, url: str, folder: Path, host: str, *, kill_after: float = 0) -> int:
        """Download, and give the exit code."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{url} {folder} {host} {kill_after}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@pytest.fixture
def downloader() -> Iterator[Downloader]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.downloader"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        yield Downloader(process)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as script:
        yield script


def content(seed: int) -> bytes:
    return random.Random(seed).randbytes(SIZE)  # noqa: S311 - a file, no secret


def answer(headers: Mapping[str, str], body: bytes, tag: str, cut: int | None = None) -> Reply:
    """Serve what is asked for, in its time; a connection breaks off after `cut` bytes."""
    validated = {"ETag": tag} if tag else {}
    found = re.fullmatch(r"bytes=(\d+)-", headers.get("range", ""))
    start = int(found[1]) if found and headers.get("if-range") == tag else 0
    left = body[start:]
    if not start:
        return Reply(left[:cut], headers=validated, length=len(left), pause=0.01)
    ranged = validated | {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
    return Reply(left[:cut], 206, ranged, length=len(left), pause=0.01)


def ranges(seed: int) -> Route:
    return lambda headers: answer(headers, content(seed), '"v1"')


def no_ranges(seed: int) -> Route:
    return lambda _: answer({}, content(seed), '"v1"')


def drops(seed: int) -> Route:
    return lambda headers: answer(headers, content(seed), '"v1"', cut=400_000)


def no_length(seed: int) -> Route:
    return lambda _: Reply(content(seed), headers={"ETag": 'W/"v1"'}, framed="chunked", pause=0.01)


def changes(seed: int) -> Route:
    """Have a new version at the third request."""
    asked = 0

    def route(headers: Mapping[str, str]) -> Reply:
        nonlocal asked
        asked += 1
        new = asked >= 3
        return answer(headers, content(seed + FILES if new else seed), '"v2"' if new else '"v1"')

    return route


@pytest.mark.slow
@pytest.mark.parametrize("behaviour", [ranges, no_ranges, drops, no_length, changes])
def test_a_download_that_is_killed_ends_with_the_right_bytes(
    downloader: Downloader,
    server: Server,
    tmp_path: Path,
    behaviour: Callable[[int], Route],
) -> None:
    moments = random.Random(behaviour.__name__)  # noqa: S311 - repeatable, no secret
    kills = 0
    for seed in range(1, FILES + 1):
        folder, path = tmp_path / str(seed), f"/{seed}.mp3"
        server.routes[path] = behaviour(seed)
        for _ in range(KILLS):
            moment = moments.uniform(0.001, 0.15)
            code = downloader.run(server.url(path), folder, server.host, kill_after=moment)
            kills += code == -signal.SIGKILL

        assert downloader.run(server.url(path), folder, server.host) == 0
        whole = {hashlib.sha256(content(version)).hexdigest() for version in (seed, seed + FILES)}
        files = [file for file in folder.iterdir() if file.suffix not in SUFFIXES]
        assert {file.stem for file in files} <= whole
        assert files
        assert all(hashlib.sha256(file.read_bytes()).hexdigest() == file.stem for file in files)
        assert not list(folder.glob("*.part"))

    assert kills >= LANDED, "the kills come too late to try anything"
