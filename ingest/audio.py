"""Open, check and decode audio and video: the door to FFmpeg, which runs in limited processes."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ingest import decode, limited, recode
from ingest import measure as measuring
from ingest.decode import Facts  # noqa: TC001 - surveys are saved and read by their annotations
from ingest.ports import SAMPLE_RATE, Window
from kb.artefacts import room_needed
from kb.errors import AudioError
from kb.models import Health
from kb.text import clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingest.measure import Measured
    from ingest.ports import Samples

_MEMORY = 768
"""Megabytes of address space for a child: Python, numpy and FFmpeg take 200, long indexes the rest."""
_AT_LEAST = 8.0
_BYTES_A_SECOND = 20_000
_ENCODING = 4
_COPY = 2048
_SHORTFALL = 2.0
_FEED_SHORTFALL, _FEED_SHARE = 15.0, 0.02
_ADVERTS, _ADVERTS_SHARE = 600.0, 0.25
_FAILED = 0.1
_BYTES_SHARE, _BYTES_LEAST = 0.9, 10_000
_SEARCH = 30.0
_PAUSE = 0.5
_STEP = 160


@dataclass(frozen=True, slots=True)
class Survey:
    """A verdict on a recording, after decoding all of it once.

    `seconds` is its length on the clock of `windows`: what is lost is counted as silence.
    `loudness` is that of the mono mix in LUFS (None: nothing is to be heard); `silences` are the
    (start, end) of two seconds and more that are 30 LU quieter. `reasons` are for people.
    """

    facts: Facts
    health: Health
    reasons: tuple[str, ...]
    seconds: float
    loudness: float | None
    silences: tuple[tuple[float, float], ...]


def probe(path: Path) -> Facts:
    """Read a file's header.

    Raises:
        AudioError: it is missing, empty, or holds no audio that we read.
    """
    return limited.call(
        decode.facts,
        path,
        seconds=_AT_LEAST,
        memory_mb=_MEMORY,
        subject=path.name,
        failure=AudioError,
    )


def survey(path: Path, *, promised: float | None = None, length: int | None = None) -> Survey:
    """Decode the whole file and judge it by what it claims, and what its feed promised.

    `promised` is the feed's duration in seconds, `length` its (or the server's) size in bytes.

    * failed: less than a tenth of what was promised (or else claimed) can be decoded.
    * suspect: something is damaged or missing; it is more than 2 s shorter than the file says, more
      than 15 s and 2 % shorter than the feed says, or more than 10 minutes and a quarter longer:
      up to there it may be adverts. Fewer bytes than nine tenths of `length` count where no
      `promised` length shows that nothing is missing.
    * ok: all else.

    Raises:
        AudioError: it is missing, empty, or holds no audio that we read.
    """
    measured = limited.call(
        measuring.measure,
        path,
        seconds=_time(path),
        memory_mb=_MEMORY,
        subject=path.name,
        failure=AudioError,
    )
    reasons = (*_damage(measured), *_shortfalls(measured, promised, length))
    expected = promised or measured.facts.seconds or 0.0
    failed = not measured.decoded or measured.decoded < _FAILED * expected
    health = Health.SUSPECT if reasons else Health.OK
    return Survey(
        facts=measured.facts,
        health=Health.FAILED if failed else health,
        reasons=reasons,
        seconds=measured.seconds,
        loudness=measured.loudness,
        silences=measured.silences,
    )


def windows(path: Path, *, seconds: float = 300) -> Iterator[Window]:
    """Decode into windows of at most `seconds`, cut where it is quietest, in constant memory.

    A place that cannot be decoded is silence of its length, so that all after it has its time.

    Raises:
        AudioError: on the first step where nothing can be decoded.
    """
    size = int(seconds * SAMPLE_RATE)
    start = held = 0
    pieces: list[Samples] = []
    for piece in _decoded(path):
        pieces.append(piece)
        held += len(piece)
        while held >= size:
            samples = np.concatenate(pieces)
            cut = quietest(samples[:size])
            yield Window(start / SAMPLE_RATE, samples[:cut])
            start, held, pieces = start + cut, held - cut, [samples[cut:]]
    if held:
        yield Window(start / SAMPLE_RATE, np.concatenate(pieces))


def quietest(samples: Samples) -> int:
    """Give the middle of the quietest half second near the end: a cut there splits no word."""
    first = len(samples) - min(int(_SEARCH * SAMPLE_RATE), len(samples) // 2)
    width = int(_PAUSE * SAMPLE_RATE)
    energy = np.cumsum(np.square(samples[first:], dtype=np.float64))[::_STEP]
    steps = width // _STEP
    if len(energy) <= steps:
        return len(samples)
    return first + int(np.argmin(energy[steps:] - energy[:-steps])) * _STEP + width // 2


def playback(path: Path, out: Path) -> None:
    """Write a small mono WebM/Opus copy in which browsers seek exactly, on the clock of `windows`.

    A file that is one already is copied as it is.

    Raises:
        AudioError: nothing can be decoded.
        DiskFullError: no room for the copy.
    """
    part = out.with_name(out.name + ".part")
    try:
        with room_needed(out.parent):
            encoded = limited.call(
                recode.encode,
                path,
                part,
                seconds=_ENCODING * _time(path),
                memory_mb=_MEMORY,
                written_mb=_COPY,
                subject=path.name,
                failure=AudioError,
            )
            if not encoded:
                shutil.copyfile(path, part)
            _sync(part)
            part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _decoded(path: Path) -> Iterator[Samples]:
    """Decode to mono float32 at `SAMPLE_RATE`, some seconds at a time."""
    blocks = limited.stream(
        decode.sound,
        path,
        SAMPLE_RATE,
        seconds=_time(path),
        memory_mb=_MEMORY,
        subject=path.name,
        failure=AudioError,
    )
    for block in blocks:
        yield np.frombuffer(block, np.float32)


def _time(path: Path) -> float:
    """Give the seconds that decoding a file may take: some, and more for a larger one."""
    return _AT_LEAST + (path.stat().st_size / _BYTES_A_SECOND if path.is_file() else 0.0)


def _damage(measured: Measured) -> Iterator[str]:
    """Say what is wrong inside a recording."""
    if not measured.decoded:
        yield "nothing in it can be decoded"
    elif measured.loudness is None:
        yield "it is silent from beginning to end"
    if measured.holes:
        lost = sum(hole.seconds for hole in measured.holes)
        places = "one place" if len(measured.holes) == 1 else f"{len(measured.holes)} places"
        first = (
            f"{'' if len(measured.holes) == 1 else 'first '}near {clock(measured.holes[0].start)}"
        )
        rest = f", {lost:.0f} s were replaced by silence" if lost >= 1 else ""
        yield f"audio is damaged in {places}, {first}{rest}"
    for kind, found in (("zeros", measured.dead), ("noise", measured.noise)):
        if found:
            seconds = sum(end - start for start, end in found)
            yield f"{seconds:.1f} s of {kind} stand in for sound, first near {clock(found[0][0])}"


def _shortfalls(measured: Measured, promised: float | None, length: int | None) -> Iterator[str]:
    """Say where a recording is not as long as it should be."""
    claimed, ends = measured.facts.seconds, f"audio ends at {clock(measured.seconds)}"
    if claimed and claimed - measured.seconds > _SHORTFALL:
        yield f"{ends}, the file says {clock(claimed)}"
    if measured.missing:
        yield "the file breaks off before its end"
    short = promised and promised - measured.seconds > max(_FEED_SHORTFALL, _FEED_SHARE * promised)
    long = promised and measured.seconds - promised > _ADVERTS + _ADVERTS_SHARE * promised
    if promised and (short or long):
        yield f"{ends}, the feed says {clock(promised)}"
    told = length if length and length >= _BYTES_LEAST and (short or not promised) else 0
    if measured.size < _BYTES_SHARE * told:
        yield f"file has {_megabytes(measured.size)} of the {_megabytes(told)} that were promised"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
