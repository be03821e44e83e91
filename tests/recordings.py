"""Recordings made by code: tones that tell their own time, in every format, whole and damaged."""

import random
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from ingest.ports import SAMPLE_RATE

# PyAV's stubs leave Packet's type argument open:
# pyright: reportUnknownMemberType=false

Samples = NDArray[np.float32]

FORMATS = {
    "talk.mp3": ("mp3", "libmp3lame"),
    "talk.m4a": ("mp4", "aac"),
    "talk.aac": ("adts", "aac"),
    "talk.webm": ("webm", "libopus"),
    "talk.mkv": ("matroska", "flac"),
    "talk.ogg": ("ogg", "libopus"),
    "talk.flac": ("flac", "flac"),
    "talk.wav": ("wav", "pcm_s16le"),
    "talk.aiff": ("aiff", "pcm_s16be"),
}
_RATE = 48_000
_LOWEST, _APART = 400, 100


def tone(seconds: float, *, loudness: float = 0.3) -> Samples:
    """Give a plain tone at 48 kHz."""
    times = np.arange(int(seconds * _RATE), dtype=np.float32) / _RATE
    return (loudness * np.sin(2 * np.pi * 330 * times)).astype(np.float32)


def beeping(seconds: int) -> Samples:
    """Give soft noise at 48 kHz with a beep at each odd second, each higher than the one before."""
    sound = np.random.default_rng(1).normal(0, 0.02, seconds * _RATE)
    times = np.arange(_RATE // 5) / _RATE
    for number, second in enumerate(range(1, seconds - 1, 2)):
        pitch = _LOWEST + _APART * number
        start = second * _RATE
        sound[start : start + len(times)] += 0.5 * np.sin(2 * np.pi * pitch * times)
    return sound.astype(np.float32)


def beeps(samples: Samples) -> dict[float, float]:
    """Find the beeps of `beeping` again: the second each belongs to, and the one it is at."""
    power = np.convolve(np.square(samples), np.full(160, 1 / 160), "same") > 0.15**2
    found: dict[float, float] = {}
    for onset in np.flatnonzero(power[1:] & ~power[:-1]).tolist():
        piece = samples[onset + 800 : onset + 2400]
        spectrum = np.square(np.abs(np.fft.rfft(piece)))
        peak = int(np.argmax(spectrum))
        pure = spectrum[max(0, peak - 1) : peak + 2].sum() > 0.8 * spectrum.sum()
        if len(piece) == 1600 and pure and peak * 10 > _LOWEST - _APART:
            pitch = peak * 10
            second = 1.0 + 2 * round((pitch - _LOWEST) / _APART)
            found.setdefault(second, onset / SAMPLE_RATE)
    return found


def record(path: Path, sound: Samples, *, tags: Mapping[str, str] | None = None) -> Path:
    """Write mono 48 kHz sound in the format that the name asks for."""
    container_format, codec = FORMATS[f"talk{path.suffix}"]
    with av.open(str(path), "w", format=container_format) as container:
        container.metadata.update(tags or {})
        stream = container.add_stream(codec, rate=_RATE, layout="mono")
        assert isinstance(stream, av.AudioStream)
        for start in range(0, len(sound), 4800):
            piece = sound[np.newaxis, start : start + 4800]
            frame = av.AudioFrame.from_ndarray(piece, format="flt", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = _RATE, start, Fraction(1, _RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _cut(content: bytes) -> bytes:
    return content[: len(content) * 3 // 5]


def _zeroed(content: bytes) -> bytes:
    start, size = len(content) * 2 // 5, len(content) // 8
    return content[:start] + bytes(size) + content[start + size :]


def _overwritten(content: bytes) -> bytes:
    start, size = len(content) * 2 // 5, len(content) // 8
    noise = random.Random(7).randbytes(size)  # noqa: S311 - no secret
    return content[:start] + noise + content[start + size :]


def _headless(content: bytes) -> bytes:
    size = len(content) // 10
    return bytes(size) + content[size:]


def _swapped(content: bytes) -> bytes:
    start, size = len(content) * 2 // 5, len(content) // 8
    one, other = content[start : start + size], content[start + size : start + 2 * size]
    return content[:start] + other + one + content[start + 2 * size :]


DAMAGES: Mapping[str, Callable[[bytes], bytes]] = {
    "truncated": _cut,
    "zeroed hole": _zeroed,
    "random bytes": _overwritten,
    "missing header": _headless,
    "swapped blocks": _swapped,
}
"""Ways to spoil a file: from two fifths on an eighth of it, or its first tenth, or its end."""
