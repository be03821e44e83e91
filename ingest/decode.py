"""Open and decode audio and video in process. Only what runs in a limited process calls this.

FFmpeg follows what a file tells it to: a playlist named talk.mp3 makes it read other files. So it is
given an opened file, never a path, may read the formats listed here only, and may open nothing more.
"""

# PyAV's stubs leave Packet's type argument open:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, NoReturn

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.error import FFmpegError

from ingest.clock import Bytes, Stamps
from kb.errors import AudioError
from kb.models import Chapter

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet

    from ingest.clock import Clock
    from ingest.ports import Samples

_FORMATS = ("mp3", "mov", "matroska", "ogg", "wav", "flac", "aac", "aiff")
"""Each holds its own sound. FFmpeg's `mov` is also MP4, M4A and 3GP, its `matroska` also WebM."""
_STAMPLESS = ("mp3", "aac")
"""Formats whose times FFmpeg counts up itself, whatever is missing."""
_GUESSED = ("aac",)
"""Formats that do not say how long they are: what FFmpeg reports for them is a guess."""
_LEAST = 50
"""Bytes a second under which a claimed length is not believed."""
_LONGEST = 48 * 3600.0
_MARGIN = 2.0
_PRIMING = 0.1
_TAG_REST = 4096
_HEAD = 65_536
_ID3, _APE = 10, 32
_BLOCK = 10
"""Seconds of sound in a block."""
INCOMPLETE = "Is the download complete? Play it in another program to see what it is."


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says of itself; `seconds` is None and texts are empty where it says nothing."""

    seconds: float | None
    codec: str
    title: str = ""
    artist: str = ""
    album: str = ""
    chapters: tuple[Chapter, ...] = ()


def facts(path: Path) -> Facts:
    """Read a file's header.

    Raises:
        AudioError: it is missing, empty, or holds no audio that we read.
    """
    with opened(path) as (container, stream):
        tags = {
            name.lower(): text for name, text in {**stream.metadata, **container.metadata}.items()
        }
        return Facts(
            seconds=claimed(container, stream),
            codec=stream.codec_context.name,
            title=tags.get("title", ""),
            artist=tags.get("artist", ""),
            album=tags.get("album", ""),
            chapters=_chapters(container),
        )


@contextmanager
def opened(path: Path) -> Generator[tuple[InputContainer, AudioStream]]:
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
                f"{path.name} is not audio that can be read", hint=INCOMPLETE
            ) from error
        except FileNotFoundError as error:
            raise AudioError(f"{path.name} is not there", hint="Check the path.") from error
        except OSError as error:
            raise AudioError(
                f"{path.name} cannot be read: {error.strerror}",
                hint="Give a file that you may read.",
            ) from error
        if not container.streams.audio:
            raise AudioError(f"{path.name} holds no audio", hint=INCOMPLETE)
        yield container, container.streams.audio[0]


def pieces(
    container: InputContainer, stream: AudioStream, clock: Clock, rate: int
) -> Iterator[Samples]:
    """Decode to mono float32 at `rate`; silence stands where the clock shows a hole."""
    mono, end = _Mono(rate), 0.0
    for start, frame in _placed(container, stream, clock):
        if start - end > 1 / rate:
            yield from mono.silent_until(start)
        end = start + frame.samples / frame.sample_rate
        yield from mono.mixed(frame)
    yield from mono.rest()


def blocks(parts: Iterable[Samples], rate: int) -> Iterator[Samples]:
    """Join pieces to blocks of some seconds."""
    held: list[Samples] = []
    size = 0
    for piece in parts:
        held.append(piece)
        size += len(piece)
        if size >= _BLOCK * rate:
            yield np.concatenate(held)
            held, size = [], 0
    if size:
        yield np.concatenate(held)


def sound(path: Path, rate: int) -> Iterator[bytes]:
    """Decode a file to blocks of mono float32.

    Raises:
        AudioError: nothing in it can be decoded.
    """
    decoded = False
    with opened(path) as (container, stream):
        for block in blocks(pieces(container, stream, clock(path, container, stream), rate), rate):
            decoded = True
            yield block.tobytes()
    if not decoded:
        raise AudioError(f"Nothing in {path.name} can be decoded", hint=INCOMPLETE)


def clock(path: Path, container: InputContainer, stream: AudioStream) -> Clock:
    """Give the clock that fits a format."""
    size, length = path.stat().st_size, claimed(container, stream)
    believed = length is not None and 0 < length <= min(size / _LEAST, _LONGEST)
    reach = length + _MARGIN if length is not None and believed else None
    if container.format.name in _STAMPLESS:
        told = (stream.bit_rate or container.bit_rate or 0) / 8
        rate = told or (size / length if length is not None and believed else 0.0)
        with path.open("rb") as file:
            lead = tags(file.read(_HEAD))
        return Bytes(rate, reach, lead)
    return Stamps(_origin(container, stream, length), reach)


def claimed(container: InputContainer, stream: AudioStream) -> float | None:
    """Give the length that the file claims."""
    if container.format.name in _GUESSED:
        return None
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


class _Mono:
    """Mixes down and resamples; an inserted advert may change rate or channels midway."""

    def __init__(self, rate: int) -> None:
        self._rate, self._written = rate, 0
        self._resampler: AudioResampler | None = None
        self._shape: tuple[str, str, int] | None = None

    def mixed(self, frame: AudioFrame) -> Iterator[Samples]:
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._resampler is None or shape != self._shape:
            yield from self.rest()
            self._resampler, self._shape = AudioResampler("flt", "mono", self._rate), shape
        frame.pts = None  # we count samples: a broken clock must not stop the resampler
        yield from self._counted(self._resampler.resample(frame))

    def rest(self) -> Iterator[Samples]:
        """Give what the resampler still holds."""
        resampler, self._resampler = self._resampler, None
        if resampler is not None:
            yield from self._counted(resampler.resample(None))

    def silent_until(self, second: float) -> Iterator[Samples]:
        yield from self.rest()
        missing = round(second * self._rate) - self._written
        while missing > 0:
            piece = np.zeros(min(missing, _BLOCK * self._rate), np.float32)
            missing -= len(piece)
            self._written += len(piece)
            yield piece

    def _counted(self, frames: Iterable[AudioFrame]) -> Iterator[Samples]:
        for frame in frames:
            # Damaged floating point sound holds numbers that are none, and enormous ones.
            piece = np.nan_to_num(frame.to_ndarray()[0], posinf=0.0, neginf=0.0).clip(-1, 1)
            self._written += len(piece)
            yield piece.astype(np.float32, copy=False)


def _placed(
    container: InputContainer, stream: AudioStream, clock: Clock
) -> Iterator[tuple[float, AudioFrame]]:
    """Decode what can be, each frame with the second at which it belongs."""
    try:
        for number, packet in enumerate(container.demux(stream)):
            if not number:
                clock.begin(packet.pos or 0)
            try:
                frames = packet.decode()
            except FFmpegError:
                _lose(packet, clock)
                continue
            if packet.is_corrupt:
                clock.broken()
            for frame in frames:
                seconds = frame.samples / frame.sample_rate
                start = clock.place(frame.time, seconds, packet.size)
                if start is not None:
                    yield start, frame
    except FFmpegError:
        clock.broken()


def _lose(packet: Packet[AudioStream], clock: Clock) -> None:
    """Tell the clock of a packet that cannot be decoded; tags between two joined files are no loss."""
    tagged = min(tags(bytes(packet)), packet.size)
    rest = max(0, packet.size - tagged)
    clock.lost(rest, harmless=tagged > 0 and rest < _TAG_REST)


def tags(content: bytes) -> int:
    """Count the bytes of tags (ID3v1, ID3v2, APE) at the beginning, as far as they say they go."""
    size = 0
    while size < len(content):
        head = content[size : size + 32]
        if head[:3] == b"ID3" and len(head) >= _ID3:
            seven = [byte & 0x7F for byte in head[6:10]]
            size += _ID3 + (seven[0] << 21 | seven[1] << 14 | seven[2] << 7 | seven[3])
        elif head[:3] == b"TAG":
            size += 128
        elif head[:8] == b"APETAGEX" and len(head) == _APE:
            size += _APE + int.from_bytes(head[12:16], "little")
        else:
            break
    return size


def _origin(container: InputContainer, stream: AudioStream, length: float | None) -> float:
    """Give the stamp of the recording's beginning, which may be lost itself.

    A recording taken out of a long stream begins late too: then by more than what is in it.
    """
    first, base = stream.start_time, stream.time_base
    if first is None or base is None:
        first, base = container.start_time or 0, Fraction(1, av.time_base)
    began = float(first * base)
    return 0.0 if _PRIMING < began < (length or 0.0) / 4 else began


def _refuse(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    del flags, options
    raise PermissionError(f"a media file asked for another file: {url}")


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
