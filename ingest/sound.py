"""How loud a recording is, and where it is silent: measured while it is decoded.

Loudness is that of ITU-R BS.1770-5 (LUFS, gated), of the mono mix at `SAMPLE_RATE`: steps of 100 ms are
weighted by frequency, four at a time are gated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ingest.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ingest.ports import Samples

    Steps = NDArray[np.float64]

_STEP = SAMPLE_RATE // 10
_PER_SECOND = 10
_GATED = 4
_SHELF = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (1.0, -1.69065929318241, 0.73248077421585),
)
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""The two filters of BS.1770 at 48 kHz: numerator and denominator."""
_FILTERED = 48_000
_OFFSET, _NOTHING = -0.691, 1e-20
_ABSOLUTE, _RELATIVE = -70.0, -10.0
_QUIETER = -30.0
_SILENCE = 2.0
_DEAD = 0.5
_EDGE, _FADED = SAMPLE_RATE // 100, -40.0
_LOUD, _FLAT, _NOISE = 0.2, 0.4, 0.2


class Meter:
    """Is fed samples at `SAMPLE_RATE` and keeps a few figures for each tenth of a second."""

    def __init__(self) -> None:
        self._rest: Samples = np.zeros(0, np.float32)
        self._power: list[Steps] = []
        self._peak: list[Steps] = []
        self._first: list[Steps] = []
        self._last: list[Steps] = []
        self._noise: list[Steps] = []

    def feed(self, samples: Samples) -> None:
        """Take the next samples: some seconds at a time are fastest."""
        samples = np.concatenate([self._rest, samples])
        steps = samples[: len(samples) // _STEP * _STEP].reshape(-1, _STEP)
        self._rest = samples[steps.size :]
        if not steps.size:
            return
        spectrum = np.square(np.abs(np.fft.rfft(steps))) * (2 / _STEP**2)
        self._power.append(spectrum @ _WEIGHTS)
        self._peak.append(np.abs(steps).max(axis=1))
        self._last.append(_edge(steps[:, ::-1]))
        self._first.append(_edge(steps))
        self._noise.append(_noisy(spectrum[:, 1:]))

    @property
    def loudness(self) -> float | None:
        """Give the integrated loudness in LUFS, None where there is nothing to be heard."""
        power = _joined(self._power)
        if len(power) < _GATED:
            return None
        blocks = np.convolve(power, np.full(_GATED, 1 / _GATED), "valid")
        heard = blocks[_lufs(blocks) > _ABSOLUTE]
        if not heard.size:
            return None
        heard = heard[_lufs(heard) > _lufs(heard.mean()) + _RELATIVE]
        return round(float(_lufs(heard.mean())), 1)

    @property
    def silences(self) -> tuple[tuple[float, float], ...]:
        """Give the stretches of two seconds and more that are 30 LU under the loudness."""
        loudness = self.loudness
        threshold = _ABSOLUTE if loudness is None else loudness + _QUIETER
        return tuple(_runs(_lufs(_joined(self._power)) < threshold, _SILENCE))

    @property
    def dead(self) -> tuple[tuple[float, float], ...]:
        """Give the stretches of half a second and more of nothing but zeros, cut into the sound.

        A gate that silences pauses fades out first, so it leaves hardly anything at the edges.
        """
        loudness, first, last = self.loudness, _joined(self._first), _joined(self._last)
        if loudness is None:
            return ()
        found = _runs(_joined(self._peak) == 0, _DEAD)
        sharp = 10 ** ((loudness + _FADED) / 10)
        return tuple(
            (start, end)
            for start, end in found
            if max(last[: _step(start)][-2:], default=0.0) > sharp
            and max(first[_step(end) :][:2], default=0.0) > sharp
        )

    @property
    def noise(self) -> tuple[tuple[float, float], ...]:
        """Give the stretches of loud white noise: what random bytes sound like."""
        return tuple(_runs(_joined(self._noise) > 0, _NOISE))


def _edge(steps: Samples) -> Steps:
    """Give the power of the first hundredth of a second that is not zero, for each step."""
    begins = np.argmax(steps != 0, axis=1)[:, np.newaxis]
    places = np.minimum(begins + np.arange(_EDGE), steps.shape[1] - 1)
    edge: Steps = np.square(np.take_along_axis(steps, places, axis=1)).mean(axis=1)
    return edge


def _step(second: float) -> int:
    return round(second * _PER_SECOND)


def _noisy(spectrum: Steps) -> Steps:
    """Give 1 for the steps that are loud and have a flat spectrum, else 0."""
    mean = spectrum.mean(axis=1)
    flatness = np.exp(np.log(spectrum + 1e-20).mean(axis=1)) / (mean + 1e-20)
    noisy: Steps = np.where((spectrum.sum(axis=1) > _LOUD**2) & (flatness > _FLAT), 1.0, 0.0)
    return noisy


def _weights() -> Steps:
    """Give the power response of both filters at each frequency of a step's spectrum."""
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(_STEP, 1 / SAMPLE_RATE) / _FILTERED)
    response = np.ones(len(turn), np.complex128)
    for above, below in (_SHELF, _HIGH_PASS):
        response *= np.polyval(above[::-1], turn) / np.polyval(below[::-1], turn)
    return np.square(np.abs(response))


_WEIGHTS = _weights()


def _lufs(power: Steps) -> Steps:
    levels: Steps = _OFFSET + 10 * np.log10(np.maximum(power, _NOTHING))
    return levels


def _joined(parts: list[Steps]) -> Steps:
    return np.concatenate(parts) if parts else np.zeros(0)


def _runs(flags: NDArray[np.bool_], least: float) -> Iterator[tuple[float, float]]:
    """Give the start and end in seconds of the runs that last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    for start, end in edges.reshape(-1, 2).tolist():
        if end - start >= least * _PER_SECOND:
            yield start / _PER_SECOND, end / _PER_SECOND
