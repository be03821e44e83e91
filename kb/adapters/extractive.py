"""The writer that needs no model: it answers in sentences that were said, word for word.

It reads the found windows in order, leaves out questions, fillers and promotion, goes from an
interviewer's question to the guest's answer, and widens each pick to a passage that can be read by
itself. It refuses where a name of the question occurs nowhere near, where the kind of answer asked
for is missing, or where nothing comes close.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

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
_CLOSE = 0.33
"""Cosine under which the best passage is too far, unless it holds the question's words."""
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
        fitting = [hit for hit in hits if _fits(question, hit)]
        if not fitting:
            return Written((), _unfit(question))
        near = [hit for hit in fitting if self._has_person(question, hit)]
        missing = self._missing(question, near[:_PICKS])
        if missing is not None:
            return Written((), f"{missing.text} is not mentioned in anything that comes near.")
        if not _close(question, near):
            return Written((), "Nothing in the library comes close enough to the question.")
        return self._picked(question, near)

    def _picked(self, question: Question, hits: Sequence[Hit]) -> Written:
        statements = list[Statement]()
        words, shown = 0, ""
        least = hits[0].score * _FALLOFF
        for hit in hits:
            if statements and (hit.score < least or len(statements) == _PICKS):
                break
            run = self._passage(question, hit)
            text = " ".join(each.text for each in run)
            new = [each for each in run if names.fold(each.text) not in shown]
            if 2 * len(new) > len(run) and words + len(text.split()) <= _WORDS:
                words += len(text.split())
                shown += f" {names.fold(text)}"
                statements.append(Statement(text, tuple(each.id for each in run), quoted=True))
        return Written(tuple(statements), "" if statements else _unfit(question))

    def _passage(self, question: Question, hit: Hit) -> list[Passage]:
        """Give the sentences to show for a hit: one unbroken run within a turn."""
        document = self.library.passages_of(
            hit.passage.span.episode_id, unit=Unit.SENTENCE, tier=hit.passage.tier
        )
        within = document[hit.passage.first : hit.passage.last + 1]
        telling = [each for each in within if _tells(question, each)]
        if not telling:
            return _reply(document, within[-1])
        if hit.passage.tier is not Tier.TRANSCRIPT:
            return within  # a block of lines is read whole: its first line may be all it is about
        return _widened(document, telling[0].first, telling[-1].last)

    def _has_person(self, question: Question, hit: Hit) -> bool:
        people = [name for name in question.names if name.person]
        context = self._context(hit)
        return not people or any(_said(name, context) for name in people)

    def _missing(self, question: Question, hits: Sequence[Hit]) -> Name | None:
        """Give a name of the question that is said nowhere around what was found."""
        context = set[str]().union(*(self._context(hit) for hit in hits))
        return next((name for name in question.names if not _said(name, context)), None)

    def _context(self, hit: Hit) -> set[str]:
        """Give the folded words of a hit's turn, of its episode's title, and of who is in it."""
        episode, passage = hit.episode, hit.passage
        document = self.library.passages_of(episode.id, unit=Unit.SENTENCE, tier=passage.tier)
        if passage.tier is Tier.TRANSCRIPT:
            document = _around(document, passage)
        texts = [each.text for each in document]
        texts += [f"{person.name} {person.about}" for person in episode.people]
        return set(names.fold(" ".join((episode.title, episode.show.title, *texts))).split())


def _fits(question: Question, hit: Hit) -> bool:
    """Tell whether a hit can hold the kind of answer that is asked for."""
    passage = hit.passage
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
        "Nothing in the library comes close enough to the question.",
    )


def _close(question: Question, hits: Sequence[Hit]) -> bool:
    """Tell whether the best hits mean what is asked, or hold enough of its words."""
    if not hits:
        return False
    if max(hit.meaning for hit in hits[:_PICKS]) >= _CLOSE:
        return True
    asked = set(questions.content(question.mended))
    held = set(names.fold(" ".join(hit.passage.text for hit in hits[:_PICKS])).split())
    return bool(asked) and len(asked & held) >= _COVERED * len(asked)


def _said(name: Name, context: set[str]) -> bool:
    """Tell whether a name occurs; endings may differ ("China", "Chinese"), figures may not."""
    for spelling in name.spellings:
        words = names.fold(spelling).split()
        if (
            all(word in context for word in words)
            or names.fold(spelling).replace(" ", "") in context
        ):
            return True
        stem = words[0][: max(4, len(words[0]) - 3)] if len(words) == 1 else ""
        if len(stem) > 3 and stem.isalpha() and any(word.startswith(stem) for word in context):
            return True
    return False


def _tells(question: Question, sentence: Passage) -> bool:
    """Tell whether a sentence says something: no question, filler, heading or promotion."""
    text = sentence.text
    promotes = _PROMOTION.search(text) and not _ASKS_SPONSOR.search(question.text)
    return not (
        text.endswith("?")
        or (sentence.span.start is None or sentence.tier is Tier.TRANSCRIPT)
        and len(text.split()) < _FILLER
        or _HEADING.fullmatch(text)
        or promotes
    )


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
        and sum(len(each.text.split()) for each in document[first : last + 2]) <= _PASSAGE
    ):
        last += 1
    return list(document[first : last + 1])


def _around(document: Sequence[Passage], passage: Passage) -> list[Passage]:
    """Give the sentences of a passage's turn and of the turns beside it."""
    return [each for each in document if abs(each.turn - passage.turn) <= 1]
