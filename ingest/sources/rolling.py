"""Captions that roll: each shows the line before once more. Automatic ones of YouTube do.

00:00:00.160 --> 00:00:02.389          a new line, its words marked with their times
hello<00:00:00.480><c> and</c><00:00:00.640><c> welcome</c>

00:00:02.389 --> 00:00:02.399          ten milliseconds: the same line, moved up
hello and welcome

00:00:02.399 --> 00:00:04.550          the same line again, and a new one below it
hello and welcome
to<00:00:02.560><c> the</c><00:00:02.720><c> show</c>
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.timecodes import CLOCK, seconds
from kb.models import Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.sources.cues import Cue

_STAMP = re.compile(rf"<({CLOCK})>")
_TAG = re.compile(r"<[^<>]*>")


def unrolled(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """Leave in each caption only what it shows anew; captions that do not roll stay as they are.

    A line that is really said twice is shown twice at once, so it stays.
    """
    if not _roll(cues):
        return tuple(cues)
    new: list[Cue] = []
    shown: tuple[str, ...] = ()
    for cue in cues:
        lines = _plain(cue)
        fresh = cue.lines[_repeated(shown, lines) :]
        if fresh:
            new.append(replace(cue, lines=fresh))
        shown = lines
    return tuple(new)


def words(cue: Cue) -> tuple[Word, ...]:
    """Read the times of words, where marks such as `<00:00:00.480>` stand between them."""
    first, *marked = _STAMP.split(cue.text)
    if not marked:
        return ()
    starts = [cue.start, *map(seconds, marked[::2])]
    ends = [*starts[1:], max(cue.end, starts[-1])]
    return tuple(
        Word(word, start, end)
        for text, start, end in zip([first, *marked[1::2]], starts, ends, strict=True)
        for word in html.unescape(_TAG.sub("", text)).split()
        if start <= end
    )


def _roll(cues: Sequence[Cue]) -> bool:
    """Tell whether most captions begin with the line before and a good part add one below it."""
    pairs = [(_plain(one), _plain(two)) for one, two in pairwise(cues)]
    again = [_repeated(one, two) for one, two in pairs]
    added = sum(1 for (_, two), lines in zip(pairs, again, strict=True) if 0 < lines < len(two))
    return sum(map(bool, again)) * 2 > len(pairs) and added * 4 >= len(pairs)


def _repeated(shown: tuple[str, ...], lines: tuple[str, ...]) -> int:
    """Count the lines at the head that were the last ones shown before."""
    longest = min(len(shown), len(lines))
    return next((n for n in range(longest, 0, -1) if shown[-n:] == lines[:n]), 0)


def _plain(cue: Cue) -> tuple[str, ...]:
    return tuple(" ".join(_TAG.sub("", line).split()) for line in cue.lines)
