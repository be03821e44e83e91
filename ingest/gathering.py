"""The brief that a language model reads for: stretch by stretch, then summed up; all of it checked.

The model gives titles, statements and sentence numbers. Quotes are looked up by the numbers, a
statement stays only if the sentences it names carry it, and what the model quotes all the same is
sealed like any quote. Each stretch is remembered, so that an interrupted reading goes on.
"""

import re
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from pydantic import TypeAdapter

from ingest.matter import Case, Matter, Pick, Picks, speaks
from ingest.memo import Memo
from ingest.ports import Progress
from kb import quotations, support
from kb.errors import CutOffError, PassingWriterError, TooLongError, WriterError
from kb.gists import Gist, Kind, Pitch, Point, Stated, Summary, named
from kb.models import Mark, Passage, QuoteStatus
from kb.ports import Briefer, Library

_GIST, _SUMMARY = TypeAdapter(Gist), TypeAdapter(Summary)
_NUMBERING = 4
"""Words that a sentence's number and speaker take up."""
_HALVINGS = 4
"""Times that a stretch is halved before its failure is the model's."""
_MOST = {Kind.TOPIC: 8, Kind.THEME: 7, Kind.OBSERVATION: 5}
_CASES = 3
_TITLE = 90
_BACKED = (Mark.SUPPORTED, Mark.QUOTED)


@dataclass(slots=True)
class Gathering:
    """One episode's reading by a model; `quoted` counts the quotes it gave all the same, by status."""

    matter: Matter
    briefer: Briefer
    library: Library
    quoted: Counter[QuoteStatus] = field(default_factory=Counter[QuoteStatus])
    _points: list[tuple[Point, tuple[Passage, ...]]] = field(
        default_factory=list[tuple[Point, tuple[Passage, ...]]], init=False
    )
    _cases: list[Case] = field(default_factory=list[Case], init=False)
    _dropped: int = field(default=0, init=False)

    def picks(self) -> Generator[Progress, None, Picks]:
        """Read the episode and choose from it.

        Raises:
            WriterError: the model cannot be reached, or fails at half of it or more.
        """
        read, failures = 0, list[WriterError]()
        for stretch, gist in self._gists(failures):
            read += 1
            self._take(stretch, gist)
            yield Progress("brief", self.matter.episode.title, self._share(stretch))
        if failures and 2 * len(failures) >= read:
            raise failures[-1]
        chosen = self._chosen(self._summed_up())
        return replace(chosen, remarks=tuple(self._remarks(read, len(failures))))

    def _gists(self, failures: list[WriterError]) -> Iterator[tuple[Sequence[Passage], Gist]]:
        """Read a stretch at a time; what is too long is halved, what fails goes into `failures`."""
        sentences, start, halved, room = self.matter.unpaid, 0, 0, self.briefer.room
        while start < len(sentences):
            stretch = _stretch(sentences[start:], room)
            try:
                gist = self._gist(stretch)
            except (TooLongError, CutOffError):
                if halved == _HALVINGS or len(stretch) == 1:
                    raise
                halved, room = halved + 1, sum(map(_words, stretch)) // 2
                continue
            except PassingWriterError:
                raise  # what was read is kept: the next time goes on from here
            except WriterError as error:
                failures.append(error)
                gist = Gist()
            start += len(stretch)
            yield stretch, gist

    def _gist(self, stretch: Sequence[Passage]) -> Gist:
        known, lines = Memo(self.library, _GIST), [_line(each) for each in stretch]
        recipe = f"gist|{self.briefer.name}|{_digest(lines)}"
        return known.recall(recipe) or known.remember(recipe, self.briefer.read(lines))

    def _take(self, stretch: Sequence[Passage], gist: Gist) -> None:
        """Look up what the numbers stand for; what stands on nothing is dropped."""
        for point in gist.points:
            evidence = self._evidence(stretch, point.sentences)
            self._count(f"{point.title}. {point.text}")
            if evidence and point.title.strip():
                self._points.append((point, evidence))
            else:
                self._dropped += 1
        for pitch in gist.pitches:
            case = self._case(stretch, pitch)
            if case is None:
                self._dropped += 1
            elif all(case.problem.first != other.problem.first for other in self._cases):
                self._cases.append(case)

    def _case(self, stretch: Sequence[Passage], pitch: Pitch) -> Case | None:
        problem = self._evidence(stretch, pitch.problem)
        solution = self._evidence(stretch, pitch.solution)
        opportunity = self._evidence(stretch, pitch.opportunity)
        self._count(pitch.title)
        if not problem or not (solution or opportunity):
            return None
        title = self._title(pitch.title, (*problem, *solution, *opportunity))
        return Case(title, problem[0], next(iter(solution), None), next(iter(opportunity), None))

    def _evidence(self, stretch: Sequence[Passage], numbers: Sequence[int]) -> tuple[Passage, ...]:
        """Give the sentences of those numbers that can be quoted."""
        found = named(numbers, stretch)
        return tuple(each for each in found if speaks(each.text) and self.matter.quotable(each))

    def _summed_up(self) -> Summary:
        """Let the model sum up its points; without a summary the best are the first."""
        texts = list[str]()
        for point, _ in self._points:
            text = f"{point.title}: {point.text}"
            if sum(len(each.split()) + _NUMBERING for each in (*texts, text)) > self.briefer.room:
                break
            texts.append(text)
        if not texts:
            return Summary()
        known, title = Memo(self.library, _SUMMARY), self.matter.episode.title
        recipe = f"summary|{self.briefer.name}|{_digest([title, *texts])}"
        try:
            return known.recall(recipe) or known.remember(recipe, self.briefer.sum_up(title, texts))
        except PassingWriterError:
            raise
        except WriterError:
            return Summary()  # overview and conclusion are then taken from what was said

    def _chosen(self, summary: Summary) -> Picks:
        every = range(len(self._points))
        order = list(dict.fromkeys((*named(summary.best, every), *every)))
        return Picks(
            self._stated(summary.overview),
            self._stated(summary.conclusion),
            self._picked(Kind.TOPIC, order),
            self._picked(Kind.THEME, order),
            tuple(self._cases[:_CASES]),
            self._picked(Kind.OBSERVATION, order),
        )

    def _picked(self, kind: Kind, order: Sequence[int]) -> tuple[Pick, ...]:
        """Give the best points of a kind, none on the same sentence, as they were said."""
        chosen = dict[int, Pick]()
        for point, evidence in (self._points[n] for n in order):
            new = point.kind is kind and evidence[0].first not in chosen
            if new and len(chosen) < _MOST[kind]:
                text = self._backed(point.text, evidence)
                chosen[evidence[0].first] = Pick(
                    self._title(point.title, evidence), evidence[0], text
                )
        return tuple(chosen[first] for first in sorted(chosen))

    def _stated(self, stated: Sequence[Stated]) -> str:
        texts = list[str]()
        for each in stated:
            points = [self._points[n - 1] for n in each.rests_on if 1 <= n <= len(self._points)]
            self._count(each.text)
            texts.append(self._backed(each.text, [e for _, evidence in points for e in evidence]))
        return " ".join(filter(None, dict.fromkeys(texts)))

    def _backed(self, text: str, evidence: Sequence[Passage]) -> str:
        """Give a statement if the sentences it rests on carry it, else ""."""
        plain = _plain(text)
        episode = self.matter.episode
        people = (person.name for person in episode.people)
        context = " ".join((episode.title, episode.show.title, *people))
        weighed = support.weigh(plain, evidence, context=context, variants=self.matter.variants)
        if plain and weighed.mark in _BACKED and all(each.quotable for each in weighed.quotes):
            return plain
        self._dropped += bool(plain)
        return ""

    def _title(self, text: str, evidence: Sequence[Passage]) -> str:
        """Give a title in one plain line; "" where its sentences do not carry it: it claims too."""
        return self._backed(text[:_TITLE], evidence)

    def _count(self, text: str) -> None:
        self.quoted.update(
            self.matter.record.check(each.text).status for each in quotations.found(text)
        )

    def _share(self, stretch: Sequence[Passage]) -> float:
        return (stretch[-1].first + 1) / len(self.matter.sentences)

    def _remarks(self, read: int, failed: int) -> Iterator[str]:
        if failed:
            yield f"{failed} of {read} stretches were left out: the model did not read them."
        if self._dropped:
            yield f"{self._dropped} of the model's points or statements rest on nothing and were left out."


def _stretch(sentences: Sequence[Passage], room: int) -> Sequence[Passage]:
    """Give as many sentences as there is room for; one at least."""
    words = 0
    for count, each in enumerate(sentences):
        words += _words(each)
        if words > room and count:
            return sentences[:count]
    return sentences


def _words(sentence: Passage) -> int:
    return len(sentence.text.split()) + _NUMBERING


def _line(sentence: Passage) -> str:
    return f"{sentence.speaker}: {sentence.text}" if sentence.speaker else sentence.text


def _plain(text: str) -> str:
    """Give a model's text in one line, without what Markdown would read."""
    return " ".join(re.sub(r"[*#~`\[\]<>|]", "", text).split())


def _digest(lines: Sequence[str]) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()
