"""The command line, run in the test's own process."""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FakeEmbedder
from ui import cli
from ui.wiring import House


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401
        return json.loads(self.out)


Soundproof = Callable[..., Ran]


def runner(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Soundproof:
    """Give what runs a command in a home of its own, offline, with fakes for the models."""
    monkeypatch.chdir(home)
    monkeypatch.setenv("SOUNDPROOF_HOME", str(home / "home"))
    monkeypatch.setenv("SOUNDPROOF_OFFLINE", "1")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.delenv("SOUNDPROOF_DEBUG", raising=False)
    monkeypatch.setattr(House, "embedder", property(lambda _: FakeEmbedder()))

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["soundproof", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return Ran(int(ended.value.code or 0), out, err)

    return run


def refused(ran: Ran, message: str, *, status: int = 1) -> None:
    """Check that a command failed in two lines, and left nothing on stdout."""
    assert (ran.status, ran.out) == (status, "")
    lines = ran.err.strip().splitlines()
    assert len(lines) == 2, ran.err
    assert re.match(rf"Error: .*{message}", lines[0]), lines[0]
    assert re.match(r"Hint: \S", lines[1])
