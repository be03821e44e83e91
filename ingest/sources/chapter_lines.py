"""Chapters in the lines of show notes, in every form in which people write them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from ingest import timecodes
from kb.models import Chapter

_STAMP = rf"(?:{timecodes.CLOCK}|{timecodes.SPELT})"
_RANGE = rf"(?P<time>{_STAMP})(?:\s*(?:[-–—]|to)\s*(?P<until>{_STAMP}))?"
_AFTER = r"(?:\s*[-–—:|]+\s*|\s+)"
_LEADING = re.compile(
    rf"(?:[\[(]\s*{_RANGE}\s*[\])]|{_RANGE.replace('time', 'plain').replace('until', 'last')})"
    rf"{_AFTER}(?P<title>(?![ap]\.?m\b)\S.*)",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    rf"(?P<title>\S.*?)(?:\s*[\[(]\s*{_RANGE}\s*[\])]|(?:\s*[-–—|:]|\s)\s*(?P<plain>{_STAMP}))"
)
_TOGETHER = re.compile(rf"[\[(]({_STAMP})[\])]\s*[-–—:]?\s*([^\[(]*[^\[(\s])")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*\)")
_ADDRESS = re.compile(r"\s*[(<]?https?://[^\s()<>]+[)>]?")
_BULLET = re.compile(r"^(?:[-*•+‣▶►⏱⌚]\ufe0f?|\d{1,3}[.)]|#{1,6})\s+")
_MARKUP = re.compile(r"\*\*|__|`|^\||\|$")
_FEWEST = {_LEADING: 2, _TRAILING: 3}
"""Times that make chapters of lines; a sentence may end with one more easily than begin."""


@dataclass(frozen=True, slots=True)
class Found:
    """A chapter, and the place of its line among the lines."""

    place: int
    chapter: Chapter


@dataclass(frozen=True, slots=True)
class _Entry:
    place: int
    start: float
    until: float | None
    title: str


def find(lines: Iterable[str], *, duration: float | None) -> tuple[Found, ...]:
    """Give the chapters: of the form that most lines have, in rising order.

    A chapter ends where it says, else where the next begins, and the last one with the episode.
    """
    bare = [plain(line) for line in lines]
    kinds = ([*_entries(bare, form)] for form in _FEWEST)
    kept = [_rising(entries, least) for entries, least in zip(kinds, _FEWEST.values(), strict=True)]
    return tuple(_ended(max([*kept, _together(bare)], key=len), duration))


def is_one(line: str) -> bool:
    """Tell whether a line reads like a chapter that begins with its time."""
    return _LEADING.fullmatch(plain(line)) is not None


def plain(line: str) -> str:
    """Take bullets, emphasis and the addresses of links off a line.

    >>> plain("* **[6:33](https://a.example/?t=393)** Why votes? (https://a.example/votes)")
    '6:33 Why votes?'
    >>> plain("| 6:33 | Why votes? |")
    '6:33 | Why votes?'
    """
    text = " ".join(line.split())
    text = _MARKUP.sub("", _ADDRESS.sub("", _LINK.sub(r"\1", text))).strip()
    return _MARKUP.sub("", _BULLET.sub("", text, count=1)).strip()


def _entries(lines: Iterable[str], form: re.Pattern[str]) -> Iterator[_Entry]:
    for place, line in enumerate(lines):
        found = form.fullmatch(line)
        if found and re.search(r"\w", found["title"]):
            said = found.groupdict()
            until = said.get("until") or said.get("last")
            yield _Entry(
                place,
                timecodes.seconds(said["time"] or said["plain"] or ""),
                timecodes.seconds(until) if until else None,
                found["title"].strip(" |"),
            )


def _together(lines: Iterable[str]) -> list[_Entry]:
    """Read chapters that all stand in one line: `(0:00) Intro (0:49) Votes (3:10) Judges`."""
    kinds = (
        _rising([_Entry(place, timecodes.seconds(t), None, title) for t, title in found], 3)
        for place, line in enumerate(lines)
        if (found := _TOGETHER.findall(line))
    )
    none: list[_Entry] = []
    return max(kinds, key=len, default=none)


def _rising(entries: list[_Entry], fewest: int) -> list[_Entry]:
    kept = timecodes.rising((number, entry.start) for number, entry in enumerate(entries))
    return [entries[number] for number, _ in kept] if len(kept) >= fewest else []


def _ended(entries: list[_Entry], duration: float | None) -> Iterator[Found]:
    if not entries:
        return
    end = duration if duration and duration >= entries[-1].start else None
    nexts = [*(later.start for _, later in pairwise(entries)), end]
    for entry, after in zip(entries, nexts, strict=True):
        ends = [time for time in (entry.until, after) if time is not None and time >= entry.start]
        yield Found(entry.place, Chapter(entry.title, entry.start, min(ends, default=None)))
