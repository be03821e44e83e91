"""A disk that fills up while an episode is added: said plainly, and nothing is lost."""

import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from kb import weights

pytestmark = [pytest.mark.slow, pytest.mark.models]


@pytest.fixture
def disk(tmp_path: Path) -> Generator[Path]:
    """Give a small disk of its own, with room for a library's models outside it."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)],  # noqa: S607
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    (place / "home").mkdir()
    (tmp_path / "models").mkdir()
    (place / "home/models").symlink_to(tmp_path / "models")
    yield place
    subprocess.run(["umount", str(place)], check=True)  # noqa: S607


def soundproof(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    settings = {"SOUNDPROOF_HOME": str(home), "SOUNDPROOF_OFFLINE": "1"}
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *words],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | settings,
    )


def test_a_full_disk_is_said_in_two_lines_and_the_same_command_goes_on(
    disk: Path, examples: Path, tmp_path: Path
) -> None:
    if weights.locate("all-MiniLM-L6-v2", tmp_path / "weights") is None:
        pytest.skip("the packaged weights are not installed")
    source = str(examples / "who-keeps-the-score.vtt")
    refused = 0

    for size in ("64k", "150k", "250k", "400k", "600k", "800k", "1200k"):
        subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)  # noqa: S607
        done = soundproof(disk / "home", "add", source)
        if done.returncode:
            refused += 1
            message, hint = done.stderr.strip().splitlines()[-2:]
            assert "is full; nothing that was saved is lost" in message, done.stderr
            assert hint.startswith("Hint: Make room")
            assert "Traceback" not in done.stderr

    assert refused >= 3
    subprocess.run(["mount", "-o", "remount,size=16m", str(disk)], check=True)  # noqa: S607
    assert soundproof(disk / "home", "add", source).returncode == 0
    found = soundproof(disk / "home", "ask", "Why keep an old test that everybody passes?")
    assert "[1]" in found.stdout
