"""Where a decoded frame belongs on a recording's clock, and where something is missing.

One lost stretch must not shift all that follows. Most formats stamp their packets with times; MP3 and
AAC streams have none, and there the bytes that could not be decoded tell how long they were.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import inf

_SLACK = 0.1
"""Seconds that a stamp may be off before it counts: the clocks of recorders jitter."""
_JUMP = 0.25
_NEAR = 1.0
_RESTART = 60.0
_OPEN_REACH = 600.0
_SETTLED = 2.0
_PADDING = 4096


@dataclass(frozen=True, slots=True)
class Hole:
    """A damaged place: the second at which it begins, and the seconds of silence that fill it."""

    start: float
    seconds: float


class Clock(ABC):
    """Places frames one after the other, and keeps what is missing between them."""

    def __init__(self) -> None:
        self.holes: list[Hole] = []
        self._now = self._noted = 0.0

    @abstractmethod
    def lost(self, size: int, *, harmless: bool = False) -> None:
        """Hear of bytes that could not be decoded; `harmless` ones were never sound."""

    @abstractmethod
    def place(self, stamp: float | None, seconds: float, size: int) -> float | None:
        """Give the second at which a frame of `size` bytes begins, None where it has no place."""

    def begin(self, position: int) -> None:
        """Hear at which byte of the file the first packet was found."""
        del position

    def broken(self) -> None:
        """Note damage here and now."""
        self._note(0.0)

    def _note(self, seconds: float) -> None:
        """Keep a hole that begins now; places side by side are one."""
        if self.holes and self._now - self._noted < _NEAR:
            last = self.holes.pop()
            self.holes.append(Hole(last.start, last.seconds + seconds))
        else:
            self.holes.append(Hole(self._now, seconds))
        self._noted = self._now + seconds


class Stamps(Clock):
    """Goes by the times that a format gives its packets, as far as they can be believed.

    `origin` is the stamp of the recording's beginning. A gap that leads past `reach` (the claimed
    end; None where there is none) is a broken clock and not followed, nor is one that starts anew.
    What was in its place before is left out: blocks that changed places must not shift the rest.
    """

    def __init__(self, origin: float, reach: float | None) -> None:
        super().__init__()
        self._origin, self._reach = origin, reach
        self._damaged, self._early, self._expected = False, 0.0, inf

    def lost(self, size: int, *, harmless: bool = False) -> None:
        """Remember it for the next frame, whose stamp tells how long it was."""
        del size
        self._damaged = self._damaged or not harmless

    def place(self, stamp: float | None, seconds: float, size: int) -> float | None:
        """Go by the stamp, unless it leads nowhere."""
        del size
        late = 0.0 if stamp is None else stamp - self._origin - self._now
        if late < -_SLACK and not self._anew(late, seconds):
            self._note(0.0)
            return None
        if late > _JUMP and not self._confirmed(stamp or 0.0, seconds):
            self._note(0.0)
            return None
        gap = late if late > _SLACK else 0.0
        reach = self._now + _OPEN_REACH if self._reach is None else self._reach
        if late < -_SLACK or self._now + gap > reach:
            self._origin += late
            self._damaged, gap = True, 0.0
        if self._damaged or gap > _JUMP:
            self._note(gap)
        start = self._now + gap
        self._now = start + seconds
        self._damaged, self._early = False, 0.0
        return start

    def _confirmed(self, stamp: float, seconds: float) -> bool:
        """Believe a jump when the next frame goes on from there: one frame alone may be rubbish."""
        expected, self._expected = self._expected, stamp + seconds
        return abs(stamp - expected) < _SLACK

    def _anew(self, late: float, seconds: float) -> bool:
        """Tell a clock that starts again from frames that come late: those end soon."""
        self._early += seconds
        return self._now + late < _NEAR or self._early > _RESTART


class Bytes(Clock):
    """Goes by the bytes: `rate` of them a second until the recording's own rate is known.

    `lead` is how many of them are tags, before the first that sounds.
    """

    def __init__(self, rate: float, reach: float | None, lead: int = 0) -> None:
        super().__init__()
        self._rate, self._reach = rate, inf if reach is None else reach
        self._size = self._seconds = 0.0
        self._pending, self._damaged = 0, False
        self._lead = lead

    def begin(self, position: int) -> None:
        """Count what lies between the tags and the first packet, if it is more than padding."""
        if position > self._lead + _PADDING:
            self.lost(position - self._lead)

    def lost(self, size: int, *, harmless: bool = False) -> None:
        """Remember how many they were: their number tells how long it was."""
        self._pending += size
        self._damaged = self._damaged or not harmless

    def place(self, stamp: float | None, seconds: float, size: int) -> float | None:
        """Go on after the frame before, and what was lost since."""
        del stamp
        rate = self._size / self._seconds if self._seconds > _SETTLED else self._rate
        gap = min(self._pending / rate if rate else 0.0, max(0.0, self._reach - self._now))
        if self._damaged:
            self._note(gap)
        start = self._now + gap
        self._now = start + seconds
        self._size, self._seconds = self._size + size, self._seconds + seconds
        self._pending, self._damaged = 0, False
        return start
