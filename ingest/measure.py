"""Decode a whole recording once, and say what came of it. Runs in a limited process."""

from dataclasses import dataclass
from pathlib import Path

from ingest import decode
from ingest.clock import Hole
from ingest.ports import SAMPLE_RATE
from ingest.sound import Meter

_CHECKED = 65_536
_LAST_PAGE = 4
_UNKNOWN = (0, 0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a strict decode showed; nothing is judged yet.

    `seconds` is the length with the holes filled, `decoded` that of what was there. `missing` is
    the bytes that the file says it has beyond its end (1 where it just lacks its end). `dead` and
    `noise` are what zeroed and overwritten samples sound like; only PCM, which has nothing to show
    damage by, is searched for them.
    """

    facts: decode.Facts
    size: int
    seconds: float
    decoded: float
    holes: tuple[Hole, ...]
    missing: int
    loudness: float | None
    silences: tuple[tuple[float, float], ...]
    dead: tuple[tuple[float, float], ...] = ()
    noise: tuple[tuple[float, float], ...] = ()


def measure(path: Path) -> Measured:
    """Decode a file from its first packet to its last.

    Raises:
        AudioError: it is missing, empty, or holds no audio that we read.
    """
    facts, meter, length = decode.facts(path), Meter(), 0
    with decode.opened(path) as (container, stream):
        clock = decode.clock(path, container, stream)
        for block in decode.blocks(
            decode.pieces(container, stream, clock, SAMPLE_RATE), SAMPLE_RATE
        ):
            meter.feed(block)
            length += len(block)
    raw = facts.codec.startswith("pcm_")
    seconds = length / SAMPLE_RATE
    return Measured(
        facts=facts,
        size=path.stat().st_size,
        seconds=seconds,
        decoded=max(0.0, seconds - sum(hole.seconds for hole in clock.holes)),
        holes=tuple(clock.holes),
        missing=_missing(path),
        loudness=meter.loudness,
        silences=meter.silences,
        dead=meter.dead if raw else (),
        noise=meter.noise if raw else (),
    )


def _missing(path: Path) -> int:
    """Count the bytes that a RIFF or AIFF header promises beyond the end; 1 for an Ogg without end."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(8)
        file.seek(max(0, size - _CHECKED))
        tail = file.read()
    if head[:4] == b"OggS":
        last = tail.rfind(b"OggS")
        return int(last < 0 or not tail[last + 5 : last + 6] or not tail[last + 5] & _LAST_PAGE)
    if head[:4] not in (b"RIFF", b"FORM"):
        return 0
    told = int.from_bytes(head[4:8], "little" if head[:4] == b"RIFF" else "big")
    return 0 if told in _UNKNOWN else max(0, told + 8 - size)
