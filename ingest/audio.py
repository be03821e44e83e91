"""Open, check and decode audio and video. The one module that talks to FFmpeg (through PyAV).

FFmpeg follows what a file tells it to: a playlist named talk.mp3 makes it read other files. So it is
given an opened file, never a path, may read the formats listed here only, and may open nothing more.
"""

# PyAV's stubs leave Packet's type argument open:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, NoReturn

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.error import FFmpegError

from ingest.ports import SAMPLE_RATE, Window
from kb.artefacts import room_needed
from kb.errors import AudioError
from kb.models import Chapter
from kb.text import clock

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.container import InputContainer

    from ingest.ports import Samples

_FORMATS = ("mp3", "mov", "matroska", "ogg", "wav", "flac", "aac", "aiff")
"""Each holds its own sound. FFmpeg's `mov` is also MP4, M4A and 3GP, its `matroska` also WebM."""
_TIMELESS = ("aac",)
"""Formats that do not say how long they are: what FFmpeg reports for them is a guess."""
_SHORTFALL = 2.0
_JUMP = 0.25
_SEARCH = 30.0
_PAUSE = 0.5
_STEP = 160
_PLAYBACK_RATE = 48_000
_PLAYBACK_BITS = 32_000
_PLAYBACK_EFFORT = {"compression_level": "5"}  # a third of the time of 10, a fifth larger
_INCOMPLETE = "Is the download complete? Play it in another program to see what it is."


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says of itself; `seconds` is None and texts are empty where it says nothing."""

    seconds: float | None
    codec: str
    title: str = ""
    artist: str = ""
    album: str = ""
    chapters: tuple[Chapter, ...] = ()


def probe(path: Path) -> Facts:
    """Read a file's header.

    Raises:
        AudioError: it is missing, empty, or holds no audio that we read.
    """
    with _opened(path) as (container, stream):
        tags = {
            name.lower(): text for name, text in {**stream.metadata, **container.metadata}.items()
        }
        return Facts(
            seconds=_claimed(container, stream),
            codec=stream.codec_context.name,
            title=tags.get("title", ""),
            artist=tags.get("artist", ""),
            album=tags.get("album", ""),
            chapters=_chapters(container),
        )


def check(path: Path) -> list[str]:
    """Decode the whole file and say where it falls short of what it claims; no news is good news.

    Raises:
        AudioError: nothing of it can be decoded.
    """
    damage: list[float] = []
    decoded = sum(len(piece) for piece in _pieces(path, SAMPLE_RATE, damage)) / SAMPLE_RATE
    claimed = probe(path).seconds
    warnings: list[str] = []
    if damage:
        places = "one place" if len(damage) == 1 else f"{len(damage)} places"
        warnings.append(f"audio is damaged in {places}, first near {clock(damage[0])}")
    if claimed and claimed - decoded > _SHORTFALL:
        warnings.append(f"audio ends at {clock(decoded)}, the file says {clock(claimed)}")
    return warnings


def windows(path: Path, *, seconds: float = 300) -> Iterator[Window]:
    """Decode into windows of at most `seconds`, cut where it is quietest, in constant memory.

    Damaged places are left out; `check` names them.

    Raises:
        AudioError: on the first step where nothing can be decoded.
    """
    size = int(seconds * SAMPLE_RATE)
    start = held = 0
    pieces: list[Samples] = []
    for piece in _pieces(path, SAMPLE_RATE, []):
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
            if _plays_well(path):
                shutil.copyfile(path, part)
            else:
                _encode(path, part)
            _sync(part)
            part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _refuse(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    del flags, options
    raise PermissionError(f"a media file asked for another file: {url}")


@contextmanager
def _opened(path: Path) -> Generator[tuple[InputContainer, AudioStream]]:
    """Open a file's first audio stream."""
    with ExitStack() as stack:
        try:
            if not path.stat().st_size:
                raise AudioError(f"{path.name} is empty", hint="Is the download complete?")
            file = stack.enter_context(path.open("rb"))
            container = stack.enter_context(
                av.open(
                    file,
                    "r",
                    container_options={"format_whitelist": ",".join(_FORMATS)},
                    metadata_errors="replace",
                    io_open=_refuse,
                )
            )
        except FFmpegError as error:
            raise AudioError(
                f"{path.name} is not audio that can be read", hint=_INCOMPLETE
            ) from error
        except FileNotFoundError as error:
            raise AudioError(f"{path.name} is not there", hint="Check the path.") from error
        except OSError as error:
            raise AudioError(
                f"{path.name} cannot be read: {error.strerror}",
                hint="Give a file that you may read.",
            ) from error
        if not container.streams.audio:
            raise AudioError(f"{path.name} holds no audio", hint=_INCOMPLETE)
        yield container, container.streams.audio[0]


def _pieces(path: Path, rate: int, damage: list[float]) -> Iterator[Samples]:
    """Decode to mono float32; the second at which something was lost is added to `damage`."""
    decoded = 0
    with _opened(path) as (container, stream):
        for frame in _mono(_frames(container, stream, damage), rate):
            piece = frame.to_ndarray()[0].astype(np.float32, copy=False)
            decoded += len(piece)
            yield piece
    if not decoded:
        raise AudioError(f"Nothing in {path.name} can be decoded", hint=_INCOMPLETE)


def _frames(
    container: InputContainer, stream: AudioStream, damage: list[float]
) -> Iterator[AudioFrame]:
    """Decode what can be, noting the second at which a packet cannot or the clock jumps."""
    now = stream.start_time * float(stream.time_base or 0) if stream.start_time else 0.0
    try:
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except FFmpegError:
                damage.append(now)
                continue
            for frame in frames:
                time = now if frame.time is None else frame.time
                if time - now > _JUMP:
                    damage.append(now)
                now = time + frame.samples / frame.sample_rate
                yield frame
    except FFmpegError:
        damage.append(now)


def _mono(frames: Iterator[AudioFrame], rate: int) -> Iterator[AudioFrame]:
    """Mix down and resample; an inserted advert may change rate or channels midway."""
    resampler, shape = AudioResampler("flt", "mono", rate), None
    for frame in frames:
        now = (frame.format.name, frame.layout.name, frame.sample_rate)
        if shape not in (None, now):
            yield from resampler.resample(None)
            resampler = AudioResampler("flt", "mono", rate)
        shape = now
        frame.pts = None  # we count samples: a broken clock must not stop the resampler
        yield from resampler.resample(frame)
    yield from resampler.resample(None)


def _claimed(container: InputContainer, stream: AudioStream) -> float | None:
    """Give the length that the file claims."""
    if container.format.name in _TIMELESS:
        return None
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


def _chapters(container: InputContainer) -> tuple[Chapter, ...]:
    """Give the chapters in order of time, without those that cannot be."""
    found = [
        Chapter(
            title=chapter["metadata"].get("title", ""),
            start=float(chapter["start"] * chapter["time_base"]),
            end=float(chapter["end"] * chapter["time_base"]),
        )
        for chapter in container.chapters()
        if chapter["time_base"]
    ]
    sound = (chapter for chapter in found if 0 <= chapter.start < (chapter.end or inf))
    return tuple(sorted(sound, key=lambda chapter: chapter.start))


def _plays_well(path: Path) -> bool:
    """Tell whether a file is small WebM/Opus with nothing but sound in it."""
    with _opened(path) as (container, stream):
        seconds = _claimed(container, stream)
        return (
            "webm" in container.format.name
            and stream.codec_context.name == "opus"
            and len(container.streams) == 1
            and seconds is not None
            and path.stat().st_size * 8 <= 2 * _PLAYBACK_BITS * seconds
        )


def _encode(path: Path, out: Path) -> None:
    """Encode to WebM/Opus; the same input gives the same bytes."""
    exact = {"fflags": "+bitexact"}
    with (
        out.open("wb") as file,
        av.open(file, "w", format="webm", container_options=exact) as container,
    ):
        stream = container.add_stream(
            "libopus", rate=_PLAYBACK_RATE, layout="mono", options=_PLAYBACK_EFFORT
        )
        stream.bit_rate = _PLAYBACK_BITS
        written = 0
        for piece in _pieces(path, _PLAYBACK_RATE, []):
            frame = AudioFrame.from_ndarray(piece[np.newaxis], format="flt", layout="mono")
            frame.sample_rate, frame.pts = _PLAYBACK_RATE, written
            frame.time_base = Fraction(1, _PLAYBACK_RATE)
            container.mux(stream.encode(frame))
            written += len(piece)
        container.mux(stream.encode(None))


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
