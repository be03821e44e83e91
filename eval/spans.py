"""Where an answer stands in a source, and how close what was returned comes to it.

Places are compared by their words, and by times only where a set says that those are exact: never
by the ids of passages, so that a set outlives every way of cutting them.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.models import Span

RUN = 6
"""Words in a row that count as the same place in a source."""
WITHIN = 15.0
"""Seconds between two stretches of exact times that still count as the same place."""

Run = tuple[str, ...]


@dataclass(frozen=True)  # no slots: its runs are kept
class Place:
    """A stretch of an episode, word for word; `start` and `end` only where they are exact."""

    episode: str
    text: str
    start: float | None = None
    end: float | None = None

    @cached_property
    def runs(self) -> frozenset[Run]:
        """Give every run of `RUN` words; a shorter place is one run."""
        return frozenset(_runs(words(self.text), RUN))


@dataclass(frozen=True, slots=True)
class Returned:
    """A passage or citation as it was returned: the words of a stretch of an episode."""

    span: Span
    text: str


def words(text: str) -> list[str]:
    """Fold a text to its words.

    >>> words("It's GPT-2 - again.")
    ['it', 's', 'gpt', '2', 'again']
    """
    return re.findall(r"[^\W_]+", text.casefold())


def first_word(place: Place, returned: Returned) -> int | None:
    """Give the first word, from 0, at which a returned text stands in a place; None if nowhere."""
    if returned.span.episode_id != place.episode:
        return None
    said, length = words(returned.text), len(next(iter(place.runs)))
    return next((n for n, run in enumerate(_runs(said, length)) if run in place.runs), None)


def found_after(places: Sequence[Place], returned: Sequence[Returned]) -> float:
    """Count the returned words up to the first that stands in a right place; infinite if none."""
    before = 0
    for each in returned:
        found = [at for place in places if (at := first_word(place, each)) is not None]
        if found:
            return before + min(found)
        before += len(words(each.text))
    return math.inf


def ranks(places: Sequence[Place], returned: Sequence[Returned]) -> list[float]:
    """Give the rank, from 1, at which each place is first returned; infinite where it is not."""
    return [
        next((n for n, each in enumerate(returned, 1) if same(place, each, within=None)), math.inf)
        for place in places
    ]


def same(place: Place, returned: Returned, *, within: float | None = WITHIN) -> bool:
    """Tell whether a text shares a run of words with a place, or lies `within` seconds of it.

    Seconds are looked at only where both have exact times; None looks at words alone.
    """
    if first_word(place, returned) is not None:
        return True
    return within is not None and _apart(place, returned.span) <= within


def iou(place: Place, returned: Returned) -> float:
    """Give the words that both stretches share, divided by those of either; 0 to 1.

    Both are stretches of one document, so what they share is one stretch: the longest run of words
    that stands in both. Less than a run of `RUN` words is chance, and counts as nothing.
    """
    if first_word(place, returned) is None:
        return 0.0
    one, other = words(place.text), words(returned.text)
    shared = SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size
    return shared / (len(one) + len(other) - shared)


def _runs(said: Sequence[str], length: int) -> Iterator[Run]:
    for n in range(max(1, len(said) - length + 1)):
        yield tuple(said[n : n + length])


def _apart(place: Place, span: Span) -> float:
    """Give the seconds between two stretches: 0 where they overlap, infinite where they cannot."""
    timed = (place.start, place.end, span.start, span.end)
    start, end, first, last = timed
    if place.episode != span.episode_id or not span.exact:
        return math.inf
    if start is None or end is None or first is None or last is None:
        return math.inf
    return max(0.0, first - end, start - last)
