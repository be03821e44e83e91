"""Times as transcripts and show notes write them, and times read off between sparse marks."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

CLOCK = r"(?:\d{1,3}:[0-5]\d:[0-5]\d|\d{1,3}:[0-5]\d)(?:[.,]\d{1,3})?"
"""Pattern of a time: `6:33`, `75:10`, `1:02:03`, `00:14:24.19`, `00:00:01,500`."""

SPELT = r"(?:\d{1,2}h\s?)?\d{1,3}m\s?\d{1,2}s"
"""Pattern of a time in words: `6m33s`, `1h 02m 03s`."""

SPEECH = 15.0
"""Characters a second of ordinary talk: the pace where a document's marks give none."""

Mark: TypeAlias = tuple[int, float]
"""A character position and the second at which it is said."""

_Link: TypeAlias = "tuple[Mark, _Link | None]"


def seconds(text: str) -> float:
    """Read a time that `CLOCK` or `SPELT` matches.

    >>> seconds("6:33"), seconds("1:02:03"), seconds("00:00:01,500"), seconds("6m33s")
    (393.0, 3723.0, 1.5, 393.0)
    """
    total = 0.0
    for part in re.split(r"[:hm]\s?", text.replace(",", ".").rstrip("sS"), flags=re.IGNORECASE):
        total = total * 60 + float(part)
    return total


@dataclass(frozen=True, slots=True)
class Timeline:
    """Times of character positions: rising positions, and the seconds that belong to them.

    Where two marks stand at one position (a break), what ends there ends at the first and what
    starts there starts at the last.
    """

    positions: tuple[int, ...]
    times: tuple[float, ...]

    def start(self, position: int) -> float:
        """Give the second at which a text that begins here begins."""
        return self._between(position, bisect_right(self.positions, position))

    def end(self, position: int) -> float:
        """Give the second at which a text that ends here ends."""
        return self._between(position, bisect_left(self.positions, position))

    def _between(self, position: int, right: int) -> float:
        before, after = self.positions[right - 1], self.positions[right]
        share = (position - before) / (after - before)
        early, late = self.times[right - 1], self.times[right]
        return round(early + (late - early) * share, 3)


def timeline(marks: Iterable[Mark], *, length: int, duration: float | None) -> Timeline | None:
    """Lay a text of `length` characters over its marks; None without marks.

    Counts from 0 before the first mark. After the last one it runs to `duration` where that is
    known and later, else on at the pace of the marks.
    """
    known = rising(marks)
    if not known or length == 0:
        return None
    last = known[-1]
    if duration is None or duration < last[1]:
        duration = last[1] + (length - last[0]) / _pace(known)
    positions, times = zip((0, 0.0), *known, (length, duration), strict=True)
    return Timeline(positions, times)


def _pace(marks: list[Mark]) -> float:
    (first, early), (last, late) = marks[0], marks[-1]
    return (last - first) / (late - early) if last > first and late > early else SPEECH


def rising(marks: Iterable[Mark]) -> list[Mark]:
    """Give the longest run of marks whose times never fall: a mistyped one drops out."""
    times: list[float] = []
    ends: list[_Link] = []  # ends[n] is the last mark of the best run of n + 1
    for mark in marks:
        place = bisect_right(times, mark[1])
        times[place : place + 1] = [mark[1]]
        ends[place : place + 1] = [(mark, ends[place - 1] if place else None)]
    run: list[Mark] = []
    link = ends[-1] if ends else None
    while link:
        run.append(link[0])
        link = link[1]
    return run[::-1]
