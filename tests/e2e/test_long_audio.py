"""Ten hours on the real road: in little memory, and after each kill no window is heard again."""

import signal
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from kb.library import SqlLibrary
from kb.models import Tier, Transcript
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

_HOURS = 10
_RATE = 8_000
_KILLS = (0, 2, 5, 12, 30)
"""Windows that are heard when the process is killed: early ones, as each run decodes up to there."""
_MEGABYTES = 1_500


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write ten hours of short tones: 288 MB, decoded faster than anything smaller."""
    path = tmp_path_factory.mktemp("long") / "talk.wav"
    minute = np.full(60 * _RATE, 128, np.uint8)
    minute[:_RATE] = 128 + 60 * np.sin(np.arange(_RATE) * 0.3)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 1, _RATE, 0, "NONE", ""))
        for _ in range(60 * _HOURS):
            file.writeframesraw(minute.tobytes())
    return path


def walked(home: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Add a recording in a process of its own."""
    command = [sys.executable, "-m", "tests.e2e.long_walk", str(home), *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_ten_hours_take_little_memory_and_five_kills_cost_nothing(
    recording: Path, tmp_path: Path
) -> None:
    for windows in _KILLS:
        killed = walked(tmp_path, recording, windows)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        notes = tmp_path / "heard"
        assert (len(notes.read_text().splitlines()) if notes.exists() else 0) == windows

    done = walked(tmp_path, recording)

    assert done.returncode == 0, done.stderr
    own, child = map(int, done.stdout.split())
    assert own + child <= _MEGABYTES
    starts = (tmp_path / "heard").read_text().split()
    assert len(starts) == len(set(starts)) >= _HOURS * 12
    library = SqlLibrary(f"sqlite:///{tmp_path / 'library.sqlite'}", tmp_path)
    [episode] = library.revisions()
    transcript = library.document(episode, Tier.TRANSCRIPT)
    assert isinstance(transcript, Transcript)
    assert (transcript.segments[-1].end or 0) > _HOURS * 3600 - 400
