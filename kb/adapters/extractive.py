"""The writer that needs no model: it answers in sentences that were said, word for word.

It reads the found windows in order, leaves out questions, fillers and promotion, goes from an
interviewer's question to the guest's answer, and widens each pick to a passage that can be read by
itself. It refuses where a name of the question occurs nowhere near, where the kind of answer asked
for is missing, or where nothing comes close.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kb import names, questions
from kb.models import (
    Hit,
    Name,
    Passage,
    Question,
    Role,
    Statement,
    Tier,
    Unit,
    Want,
    Written,
)
from kb.ports import Library

_WORDS = 280
"""Words of an answer in all."""
_PASSAGE = 75
"""Words to which a pick is widened within its turn."""
_CLOSE, _CLOSE_BY_NAME = 0.33, 0.25
"""Cosine under which the best passage is too far, unless it holds the question's words; with a name
that the question and the document share, less will do."""
_COVERED = 0.5
"""Share of the question's words that such a passage must hold."""
_FALLOFF = 0.35
"""Share of the best score under which a passage adds nothing."""
_PICKS = 4
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|"
    r"forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|half|quarter|third|"
    r"twice|double|none|zero|percent|nobody)\b",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"^(?:and|but|so|because|it|it's|that|that's|this|these|those|they|he|she|then|which|or|also)\b",
    re.IGNORECASE,
)
_PROMOTION = re.compile(
    r"\b(?:promo code|sponsor(?:ed)? (?:of|by)|brought to you by|use (?:the )?code|sign up at|"
    r"free trial|our sponsors?|this (?:episode|show) is (?:sponsored|supported))\b|\.com/",
    re.IGNORECASE,
)
_ASKS_SPONSOR = re.compile(r"\b(?:sponsor|advert|promot)", re.IGNORECASE)
_HEADING = re.compile(r"\W*\*\*.*\*\*\W*|(?:\d+[.)]\s*)?[^.!?]{0,90}:")
_FAR = "Nothing in the library comes close enough to the question."
_FILLER = 4
"""Words that a sentence must have to say anything."""


@dataclass(frozen=True, slots=True)
class ExtractiveWriter:
    """Writes verbatim passages from a library."""

    library: Library

    @property
    def name(self) -> str:
        return "extractive"

    def write(self, question: Question, hits: Sequence[Hit]) -> Written:
        reading = _Reading(self.library, question)
        named = reading.named(hits)
        missing = reading.missing(named[:_PICKS])
        if missing is not None:
            return Written((), f"{missing.text} is not mentioned in anything that comes near.")
        fitting = [hit for hit in named if _fits(question, hit)]
        if not fitting:
            return Written((), _unfit(question))
        if not _close(question, fitting):
            return Written((), _FAR)
        picks = tuple(reading.picks(fitting))
        return Written(picks, "" if picks else _unfit(question))


@dataclass(slots=True)
class _Reading:
    """One question's reading of the library; each document is fetched once."""

    library: Library
    question: Question
    documents: dict[tuple[str, Tier], list[Passage]] = field(
        default_factory=dict[tuple[str, Tier], list[Passage]]
    )
    contexts: dict[tuple[str, Tier], frozenset[str]] = field(
        default_factory=dict[tuple[str, Tier], frozenset[str]]
    )

    def picks(self, hits: Sequence[Hit]) -> Iterator[Statement]:
        """Yield passages of the best hits until enough is said; none says again what was said."""
        count, words, shown = 0, 0, ""
        least = hits[0].score * _FALLOFF
        for hit in hits:
            if count and (hit.score < least or count == _PICKS):
                return
            run = self._passage(hit)
            text = " ".join(each.text for each in run)
            new = [each for each in run if names.fold(each.text) not in shown]
            if 2 * len(new) > len(run) and words + len(text.split()) <= _WORDS:
                count, words = count + 1, words + len(text.split())
                shown += f" {names.fold(text)}"
                yield Statement(text, tuple(each.id for each in run), quoted=True)

    def named(self, hits: Sequence[Hit]) -> Sequence[Hit]:
        """Keep the hits in whose document every name of the question occurs; else any person.

        A question about two episodes has its names in different documents.
        """
        wanted = self.question.names
        people = [name for name in wanted if name.person]
        whole = [hit for hit in hits if all(_said(name, self._context(hit)) for name in wanted)]
        if whole or not people:
            return whole or hits
        return [hit for hit in hits if any(_said(name, self._context(hit)) for name in people)]

    def missing(self, hits: Sequence[Hit]) -> Name | None:
        """Give a name of the question that none of the hits' documents mentions."""
        for name in self.question.names:
            if not any(_said(name, self._context(hit)) for hit in hits):
                return name
        return None

    def _passage(self, hit: Hit) -> list[Passage]:
        """Give the sentences to show for a hit: one unbroken run within a turn."""
        document = self._document(hit)
        within = document[hit.passage.first : hit.passage.last + 1]
        if hit.passage.speaker is None:
            within = _answering(within)
        telling = [each for each in within if _tells(self.question, each)]
        if not telling:
            return _reply(document, within[-1])
        if hit.passage.tier is not Tier.TRANSCRIPT:
            return within  # a block of lines is read whole: its first line may be all it is about
        return _widened(document, telling[0].first, telling[-1].last)

    def _context(self, hit: Hit) -> frozenset[str]:
        """Give the folded words of a hit's document, of its titles, and of who is in it."""
        key = (hit.episode.id, hit.passage.tier)
        if key not in self.contexts:
            people = (f"{person.name} {person.about}" for person in hit.episode.people)
            misheard = self.library.misheard(hit.episode.id)
            said = (names.labelled(each.text, misheard) for each in self._document(hit))
            texts = (hit.episode.title, hit.episode.show.title, *people, *said)
            self.contexts[key] = frozenset(names.fold(" ".join(texts)).split())
        return self.contexts[key]

    def _document(self, hit: Hit) -> list[Passage]:
        key = (hit.episode.id, hit.passage.tier)
        if key not in self.documents:
            self.documents[key] = self.library.passages_of(
                hit.episode.id, unit=Unit.SENTENCE, tier=hit.passage.tier
            )
        return self.documents[key]


def _fits(question: Question, hit: Hit) -> bool:
    """Tell whether a hit can hold the kind of answer that is asked for."""
    passage = hit.passage
    heard = Tier.TRANSCRIPT in hit.episode.tiers
    if heard and passage.tier is not Tier.TRANSCRIPT and Want.MOMENT not in question.wants:
        return False  # a summary does not stand in for words that are there
    fits = {
        Want.MOMENT: passage.span.start is not None,
        Want.NUMBER: _NUMBER.search(passage.text) is not None,
        Want.OWN_WORDS: passage.tier is Tier.TRANSCRIPT
        or (passage.tier is Tier.BRIEF and "“" in passage.text.replace('"', "“")),
        Want.HOST: any(person.role is Role.HOST for person in hit.episode.people),
    }
    return all(fits[want] for want in question.wants)


def _unfit(question: Question) -> str:
    reasons = {
        Want.MOMENT: "What comes near has no times: the moment cannot be given.",
        Want.NUMBER: "No figure is given in anything that comes near.",
        Want.OWN_WORDS: "Nobody's own words on this are in the library.",
        Want.HOST: "The host is not named in what is in the library.",
    }
    return next(
        (reasons[want] for want in Want if want in question.wants),
        _FAR,
    )


def _close(question: Question, hits: Sequence[Hit]) -> bool:
    """Tell whether the best hits mean what is asked, or hold enough of its words."""
    if not hits:
        return False
    nearest = max(hit.meaning for hit in hits[:_PICKS])
    if nearest >= (_CLOSE_BY_NAME if question.names else _CLOSE):
        return True
    asked = set(questions.content(question.mended))
    held = set(names.fold(" ".join(hit.passage.text for hit in hits[:_PICKS])).split())
    return bool(asked) and len(asked & held) >= _COVERED * len(asked)


def _said(name: Name, context: frozenset[str]) -> bool:
    """Tell whether a name occurs; endings may differ ("China", "Chinese"), figures may not.

    Of a compound ("spaCy-makers") one part is enough: the asker may have put it together.
    """
    parts = [part for spelling in name.spellings for part in names.fold(spelling).split()]
    plain = [names.fold(spelling) for spelling in name.spellings if spelling.istitle()]
    joined = {names.fold(spelling).replace(" ", "") for spelling in name.spellings}
    return not context.isdisjoint({*parts, *joined}) or any(
        word.startswith(_stem(each)) for each in plain if each.isalpha() for word in context
    )


def _stem(word: str) -> str:
    """Cut an ending of up to three letters, leaving four or more; a plural's s at least."""
    return word[: max(4, len(word) - 3)].removesuffix("s")


def _tells(question: Question, sentence: Passage) -> bool:
    """Tell whether a sentence says something: no question, filler, heading or promotion."""
    text = sentence.text
    promotes = _PROMOTION.search(text) and not _ASKS_SPONSOR.search(question.text)
    return not (
        text.endswith("?")
        or (
            (sentence.span.start is None or sentence.tier is Tier.TRANSCRIPT)
            and len(text.split()) < _FILLER
        )
        or _HEADING.fullmatch(text)
        or promotes
    )


def _answering(within: list[Passage]) -> list[Passage]:
    """Start after the last question where something follows: without labels, another voice."""
    asked = [n for n, each in enumerate(within) if each.text.endswith("?")]
    return within[asked[-1] + 1 :] or within if asked else within


def _reply(document: Sequence[Passage], asked: Passage) -> list[Passage]:
    """Give the opening of the turn after a question: where its answer is."""
    after = asked.last + 1
    if asked.tier is not Tier.TRANSCRIPT or not asked.text.endswith("?") or after >= len(document):
        return []
    return _widened(document, after, after)


def _widened(document: Sequence[Passage], first: int, last: int) -> list[Passage]:
    """Widen a run back to what its first words lean on and forward to a readable length."""
    turn = document[first].turn
    if _LEANS.match(document[first].text) and first > 0 and document[first - 1].turn == turn:
        first -= 1
    while (
        last + 1 < len(document)
        and document[last + 1].turn == turn
        and not document[last + 1].text.endswith("?")  # another voice, where none is labelled
        and sum(len(each.text.split()) for each in document[first : last + 2]) <= _PASSAGE
    ):
        last += 1
    return list(document[first : last + 1])
