"""Plain wav files in place of FFmpeg, for tests of what happens around the audio, in milliseconds."""

import shutil
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest import audio
from ingest.audio import Survey
from ingest.decode import Facts
from ingest.ports import SAMPLE_RATE, Window
from kb.errors import AudioError
from kb.models import Health


def wav(seconds: float, *, pitch: float = 330) -> bytes:
    """Give a tone as the content of a wav file."""
    times = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    data = (8_000 * np.sin(2 * np.pi * pitch * times)).astype("<i2").tobytes()
    head = b"RIFF" + (36 + len(data)).to_bytes(4, "little") + b"WAVEfmt " + bytes([16, 0, 0, 0])
    form = (1, 2), (1, 2), (SAMPLE_RATE, 4), (2 * SAMPLE_RATE, 4), (2, 2), (16, 2)
    fields = b"".join(value.to_bytes(size, "little") for value, size in form)
    return head + fields + b"data" + len(data).to_bytes(4, "little") + data


def install(monkeypatch: pytest.MonkeyPatch, *, window: float = 300) -> None:
    """Let these stand in for `ingest.audio`, whose own tests show what it does."""

    def windows(path: Path) -> Iterator[Window]:
        size, samples = int(window * SAMPLE_RATE), _read(path)[1]
        for start in range(0, len(samples), size):
            yield Window(start / SAMPLE_RATE, samples[start : start + size])

    def probe(path: Path) -> Facts:
        return Facts(_read(path)[0], "pcm")

    monkeypatch.setattr(audio, "probe", probe)
    monkeypatch.setattr(audio, "survey", _survey)
    monkeypatch.setattr(audio, "playback", shutil.copyfile)
    monkeypatch.setattr(audio, "windows", windows)


def _survey(path: Path, *, promised: float | None = None) -> Survey:
    claimed, samples = _read(path)
    seconds = len(samples) / SAMPLE_RATE
    expected = max(claimed, promised or 0)
    health = Health.SUSPECT if seconds < expected else Health.OK
    return Survey(
        facts=Facts(claimed, "pcm"),
        health=Health.FAILED if seconds < 0.1 * expected else health,
        reasons=(f"{seconds:.0f} s of {expected:.0f} s",) if seconds < expected else (),
        seconds=seconds,
        loudness=-20.0,
        silences=(),
    )


def _read(path: Path) -> tuple[float, NDArray[np.float32]]:
    """Give the seconds that a wav file claims, and what is in it."""
    try:
        with wave.open(str(path), "rb") as file:
            frames = file.getnframes()
            data = file.readframes(frames)
    except (OSError, EOFError, wave.Error) as error:
        raise AudioError(f"{path.name} is not audio", hint="Look at it.") from error
    samples = np.frombuffer(data, "<i2").astype(np.float32)
    return frames / SAMPLE_RATE, samples
