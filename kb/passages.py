"""A document -> its sentences and its windows: the two sizes in which it is searched and cited.

A passage never leaves one speaker's turn, and its text is word for word what the document says.
Ids are made of place alone (`episode/tier/w12-15`), so cutting again gives the same ids.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from kb import sentences
from kb.models import Passage, Segment, Span, Tier, Unit

WINDOW = 4
"""Sentences in a window: about 30 s of speech."""
STRIDE = 2
"""Sentences from one window's start to the next's."""
_NUMBERED = re.compile(r"\s*\d+[.)]\s")
_LISTED = re.compile(r"\s*[-*•–]\s")


def cut(episode_id: str, tier: Tier, segments: Sequence[Segment]) -> tuple[Passage, ...]:
    """Cut a document into sentences and overlapping windows of four of them.

    A turn is what one speaker says before the next one does. In notes and briefs it is a block of
    lines that belong together: a numbered item, a heading with its list; a chapter stands alone.
    """
    # A recogniser cuts in mid-sentence, so its segments run on; lines of notes end where they end.
    joint = " " if tier is Tier.TRANSCRIPT else "\n"
    said = [
        sentence
        for turn in _turns(tier, segments)
        for sentence in _sentences(turn, episode_id, joint)
    ]
    whole = [_passage(tier, Unit.SENTENCE, [(n, sentence)]) for n, sentence in enumerate(said)]
    windows = [_passage(tier, Unit.WINDOW, group) for group in _windows(said)]
    return (*whole, *windows)


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    span: Span
    turn: int
    speaker: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class _Turn:
    number: int
    segments: tuple[Segment, ...]


def _turns(tier: Tier, segments: Sequence[Segment]) -> Iterator[_Turn]:
    filled = [segment for segment in segments if segment.text.strip()]
    if tier is Tier.TRANSCRIPT:
        groups = [tuple(group) for _, group in groupby(filled, key=lambda each: each.speaker)]
    else:
        groups = _blocks(filled)
    yield from (_Turn(number, group) for number, group in enumerate(groups))


def _blocks(segments: Sequence[Segment]) -> list[tuple[Segment, ...]]:
    blocks = list[tuple[Segment, ...]]()
    for segment in segments:
        if blocks and _belongs(blocks[-1][-1], segment):
            blocks[-1] = (*blocks[-1], segment)
        else:
            blocks.append((segment,))
    return blocks


def _belongs(before: Segment, line: Segment) -> bool:
    """Tell whether a line goes on with the block of the line before it."""
    if before.start is not None or line.start is not None or _NUMBERED.match(line.text):
        return False
    adjacent = before.line is not None and line.line is not None and line.line - before.line == 1
    return adjacent or _LISTED.match(line.text) is not None


def _sentences(turn: _Turn, episode_id: str, joint: str) -> Iterator[_Sentence]:
    text = joint.join(segment.text for segment in turn.segments)
    starts = _offsets(turn.segments)
    ticks = _Ticks.of(turn.segments, starts)
    for start, end in sentences.spans(text):
        within = turn.segments[bisect_right(starts, start) - 1]
        yield _Sentence(
            text=text[start:end],
            span=ticks.span(episode_id, start, end, exact=within.exact),
            turn=turn.number,
            speaker=within.speaker,
            line=within.line,
        )


def _offsets(segments: Iterable[Segment]) -> list[int]:
    """Give where each segment starts in the text of its turn."""
    offsets, at = list[int](), 0
    for segment in segments:
        offsets.append(at)
        at += len(segment.text) + 1
    return offsets


@dataclass(frozen=True, slots=True)
class _Ticks:
    """Known times at character offsets of a turn; between them time runs evenly."""

    offsets: tuple[int, ...]
    times: tuple[float, ...]

    @classmethod
    def of(cls, segments: Sequence[Segment], starts: Sequence[int]) -> "_Ticks":
        """Collect the times of words, or of whole segments; nothing where one has none."""
        if any(segment.start is None or segment.end is None for segment in segments):
            return cls((), ())
        pairs = [
            pair
            for segment, start in zip(segments, starts, strict=True)
            for pair in _ticks(segment, start)
        ]
        highest, rising = 0.0, list[float]()
        for _, time in pairs:
            highest = max(highest, time)
            rising.append(highest)
        return cls(tuple(offset for offset, _ in pairs), tuple(rising))

    def at(self, offset: int) -> float:
        """Interpolate the time at a character."""
        right = bisect_right(self.offsets, offset)
        if right == 0:
            return self.times[0]
        if right == len(self.offsets):
            return self.times[-1]
        (x0, x1), (t0, t1) = self.offsets[right - 1 : right + 1], self.times[right - 1 : right + 1]
        return t0 + (t1 - t0) * (offset - x0) / (x1 - x0)

    def span(self, episode_id: str, start: int, end: int, *, exact: bool) -> Span:
        """Give the span of the characters from `start` to `end`."""
        if not self.times:
            return Span(episode_id)
        first = self.at(start)
        return Span(episode_id, round(first, 2), round(max(first, self.at(end)), 2), exact)


def _ticks(segment: Segment, offset: int) -> Iterator[tuple[int, float]]:
    if segment.start is None or segment.end is None:
        return
    at = 0
    for word in segment.words:
        found = segment.text.find(word.text, at)
        if found >= 0:
            yield offset + found, word.start
            at = found + len(word.text)
            yield offset + at, word.end
    if at == 0:
        yield offset, segment.start
        yield offset + len(segment.text), segment.end


def _windows(said: Sequence[_Sentence]) -> Iterator[list[tuple[int, _Sentence]]]:
    for _, group in groupby(enumerate(said), key=lambda pair: pair[1].turn):
        turn = list(group)
        for first in range(0, max(len(turn) - WINDOW + STRIDE, 1), STRIDE):
            yield turn[first : first + WINDOW]


def _passage(tier: Tier, unit: Unit, group: Sequence[tuple[int, _Sentence]]) -> Passage:
    (first, opening), (last, closing) = group[0], group[-1]
    span = Span(
        opening.span.episode_id,
        opening.span.start,
        closing.span.end,
        all(sentence.span.exact for _, sentence in group),
    )
    place = f"s{first}" if unit is Unit.SENTENCE else f"w{first}-{last}"
    return Passage(
        id=f"{span.episode_id}/{tier}/{place}",
        span=span,
        tier=tier,
        unit=unit,
        text=" ".join(sentence.text for _, sentence in group),
        first=first,
        last=last,
        turn=opening.turn,
        speaker=opening.speaker,
        line=opening.line,
    )
