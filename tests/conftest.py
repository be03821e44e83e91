"""Fixtures that several test modules share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import kept_house
from tests.command_line import Soundproof, runner
from tests.kept_house import Kept
from tests.loopback import Net, Server, serving

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of shared data, or skip: the project's own tests do without it."""
    folder = Path(os.environ.get("SOUNDPROOF_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip("no shared data here: set SOUNDPROOF_SHARED to its folder")
    return folder


@pytest.fixture(scope="session")
def examples() -> Path:
    """Give the folder of our own example episodes."""
    return ROOT / "examples"


@pytest.fixture
def server() -> Iterator[Server]:
    """Give a scripted server on loopback."""
    with serving() as script:
        yield script


@pytest.fixture
def net(server: Server) -> Net:
    """Give an internet whose every name leads to the server."""
    return Net(server.port)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """Give a library with a few episodes and their indexes."""
    house = kept_house.sqlite(tmp_path)
    kept_house.fill(house)
    yield house
    house.library.close()


@pytest.fixture
def soundproof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Soundproof:
    """Give the command line, in a home of its own."""
    return runner(tmp_path, monkeypatch, capsys)
