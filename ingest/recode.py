"""Write the copy that browsers play. Runs in a limited process."""

# PyAV's stubs leave Packet's type argument and encoders' options open:
# pyright: reportUnknownMemberType=false

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame

from ingest import decode
from kb.artefacts import room_needed

_RATE = 48_000
_BITS = 32_000
_EFFORT = {"compression_level": "5"}  # a third of the time of 10, a fifth larger


def plays_well(path: Path) -> bool:
    """Tell whether a file is small WebM/Opus with nothing but sound in it."""
    with decode.opened(path) as (container, stream):
        seconds = decode.claimed(container, stream)
        return (
            "webm" in container.format.name
            and stream.codec_context.name == "opus"
            and len(container.streams) == 1
            and seconds is not None
            and path.stat().st_size * 8 <= 2 * _BITS * seconds
        )


def encode(path: Path, out: Path) -> bool:
    """Encode to WebM/Opus; the same input gives the same bytes. False: it plays well as it is.

    Raises:
        AudioError: nothing can be decoded.
        DiskFullError: no room for it.
    """
    if plays_well(path):
        return False
    exact = {"fflags": "+bitexact"}
    with (
        room_needed(out.parent),
        out.open("wb") as file,
        av.open(file, "w", format="webm", container_options=exact) as container,
    ):
        stream = container.add_stream("libopus", rate=_RATE, layout="mono", options=_EFFORT)
        stream.bit_rate = _BITS
        written = 0
        for block in decode.sound(path, _RATE):
            sound = np.frombuffer(block, np.float32)
            frame = AudioFrame.from_ndarray(sound[np.newaxis], format="flt", layout="mono")
            frame.sample_rate, frame.pts = _RATE, written
            frame.time_base = Fraction(1, _RATE)
            container.mux(stream.encode(frame))
            written += len(sound)
        container.mux(stream.encode(None))
    return True
