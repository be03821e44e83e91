"""From what a recogniser says of a window to segments: doubt first, then cut at sentence ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, log
from typing import TYPE_CHECKING

from kb import sentences
from kb.models import Segment, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SILENT = 0.6
_UNSURE = -1.0
_REPETITIVE = 2.4
_WORDS_A_SECOND = 8.0
_LIKELY = 0.15
_NEVER = 1e-6
_PAUSE = 2.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A recogniser's own unit: its words (text with the spaces around it) and what it doubts.

    `silence` is the probability that nobody speaks, `confidence` the mean log probability of the
    tokens, `repetition` the gzip compression ratio of the text: Whisper's three measures.
    """

    words: tuple[Word, ...]
    silence: float
    confidence: float
    repetition: float

    @property
    def believable(self) -> bool:
        """Tell speech from what Whisper makes up in silence, or says over and over."""
        if not self.words:
            return False
        seconds = max(1.0, self.words[-1].end - self.words[0].start)
        invented = self.silence > _SILENT and self.confidence < _UNSURE
        return (
            not invented
            and self._likelihood > _LIKELY
            and self.repetition <= _REPETITIVE
            and len(self.words) <= _WORDS_A_SECOND * seconds
        )

    @property
    def _likelihood(self) -> float:
        """Give the geometric mean of the words' probabilities."""
        logs = (log(max(word.probability, _NEVER)) for word in self.words)
        return exp(sum(logs) / len(self.words))


def segments(stretches: Iterable[Stretch]) -> tuple[Segment, ...]:
    """Cut what is believable into segments of a sentence each; a long pause ends one too."""
    words = [word for stretch in stretches if stretch.believable for word in stretch.words]
    return tuple(
        _segment(sentence)
        for run in _runs(word for word in words if word.text.strip())
        for sentence in _sentences(run)
    )


def doubted(stretches: Iterable[Stretch]) -> tuple[tuple[float, float], ...]:
    """Give the start and end of what was heard and is not believed: marked, and never indexed."""
    return tuple(
        (stretch.words[0].start, max(word.end for word in stretch.words))
        for stretch in stretches
        if stretch.words and not stretch.believable
    )


def _runs(words: Iterable[Word]) -> Iterator[list[Word]]:
    """Part the words where nobody speaks for long."""
    run: list[Word] = []
    for word in words:
        if run and word.start - run[-1].end > _PAUSE:
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _sentences(words: list[Word]) -> Iterator[list[Word]]:
    """Part a run of words where `kb.sentences` sees a sentence end."""
    text = "".join(word.text for word in words)
    ends = [end for _, end in sentences.spans(text)]
    sentence: list[Word] = []
    length = 0
    for word in words:
        sentence.append(word)
        length += len(word.text)
        if ends and len(text[:length].rstrip()) >= ends[0]:
            yield sentence
            sentence, ends = [], ends[1:]
    if sentence:
        yield sentence


def _segment(words: list[Word]) -> Segment:
    return Segment(
        text="".join(word.text for word in words).strip(),
        start=words[0].start,
        end=max(word.end for word in words),
        words=tuple(replace(word, text=word.text.strip()) for word in words),
    )
