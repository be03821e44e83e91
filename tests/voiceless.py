"""Twenty clips in which nobody speaks: silence, noise and music, made by code."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ingest.ports import SAMPLE_RATE

_SECONDS = 35
_TIMES = np.arange(_SECONDS * SAMPLE_RATE) / SAMPLE_RATE
_SCALE = 220.0 * 2 ** (np.array([0, 2, 4, 7, 9, 12, 14, 16]) / 12)

Sound = NDArray[np.float64]


def _noise(slope: float, loudness: float, seed: int) -> Sound:
    """Give noise whose power falls with the frequency: 0 white, 1 pink, 2 brown."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=_TIMES.size))
    spectrum[1:] /= np.arange(1, spectrum.size) ** (slope / 2)
    sound: Sound = np.fft.irfft(spectrum, _TIMES.size)
    sound *= loudness / np.sqrt(np.mean(sound**2))
    return sound


def _melody(beat: float, overtones: int, seed: int) -> Sound:
    """Give plucked notes, one a beat."""
    notes = np.random.default_rng(seed).choice(_SCALE, int(_SECONDS / beat) + 1)
    pitch = notes[(_TIMES / beat).astype(int)]
    decay = np.exp(-3 * (_TIMES % beat) / beat)
    tones = (np.sin(2 * np.pi * n * pitch * _TIMES) / n for n in range(1, overtones + 1))
    sound: Sound = 0.2 * decay * np.sum(list(tones), axis=0)
    return sound


def _chords(seed: int) -> Sound:
    """Give long chords that swell."""
    roots = np.random.default_rng(seed).choice(_SCALE[:4], 10)[(_TIMES / 4).astype(int)] / 2
    swell = 0.5 + 0.5 * np.sin(2 * np.pi * 0.25 * _TIMES)
    tones = (np.sin(2 * np.pi * ratio * roots * _TIMES) for ratio in (1, 1.26, 1.5, 2))
    sound: Sound = 0.06 * swell * np.sum(list(tones), axis=0)
    return sound


def _drums(beat: float, seed: int) -> Sound:
    """Give bursts of noise in time."""
    sound: Sound = _noise(0, 0.3, seed) * np.exp(-30 * (_TIMES % beat))
    return sound


_CLIPS: tuple[Callable[[], Sound], ...] = (
    lambda: 0 * _TIMES,
    lambda: _noise(0, 1e-4, 1),
    lambda: 0 * _TIMES + 0.2,
    lambda: np.where(_TIMES % 7 < 0.002, 0.5, 0.0),
    lambda: _noise(0, 0.003, 2),
    lambda: _noise(0, 0.05, 3),
    lambda: _noise(0, 0.3, 4),
    lambda: _noise(1, 0.05, 5),
    lambda: _noise(2, 0.1, 6),
    lambda: _noise(1, 0.1, 7) * (0.5 + 0.5 * np.sin(2 * np.pi * 0.3 * _TIMES)),
    lambda: 0.1 * np.sin(2 * np.pi * 50 * _TIMES),
    lambda: 0.2 * np.sin(2 * np.pi * 440 * _TIMES),
    lambda: 0.2 * np.sin(2 * np.pi * (200 + 40 * _TIMES) * _TIMES),
    lambda: _melody(0.5, 1, 8),
    lambda: _melody(0.25, 4, 9),
    lambda: _melody(1.0, 8, 10),
    lambda: _chords(11),
    lambda: _chords(12) + _drums(0.5, 13),
    lambda: _drums(0.4, 14),
    lambda: _melody(0.5, 3, 15) + _noise(1, 0.02, 16),
)


def clip(number: int) -> NDArray[np.float32]:
    """Give one of the twenty: 0 to 3 near silence, 4 to 12 noise and hum, 13 to 19 music."""
    return _CLIPS[number]().astype(np.float32)
