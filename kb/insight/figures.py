"""Sentences that say what will be by when, or give a figure of something. By rule.

Not every number is a figure: versions, episodes, times of day, lists and addresses are left out,
and so is what is said about the show itself.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kb import seal, sponsors
from kb.insight import dates
from kb.insight.commonplace import FUNCTION
from kb.models import Episode, Passage


class Kind(StrEnum):
    """What a statement gives: a day by which it will show, or a figure."""

    PREDICTION = "prediction"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it was said, and what it is of ("" where nothing follows)."""

    said: str
    of: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence with a day or a figure, word for word.

    `id` is made of episode and words, so that it stays with a new transcript of the same words.
    `when` are the words for the day, `due` the last day they can mean; None where nobody knows.
    """

    id: str
    kind: Kind
    words: str
    passage_id: str
    start: float | None
    speaker: str | None
    figures: tuple[Figure, ...] = ()
    when: str = ""
    due: date | None = None


_FUTURE = re.compile(
    r"\bwill\b|\bwon['’]t\b|['’]ll\b|\bgoing to (?!the\b)|\bgonna\b|\bexpect(?:s|ed|ing)?\b|\bpredict\w*\b"
    r"|\bforecast\w*\b|\bmy bet\b|\b(?:I|we)(?:['’]d| would)? bet\b|\bplan(?:s|ning)? to\b"
    r"|\baim(?:s|ing)? (?:to|for)\b|\b(?:is|are) set to\b|\bprojected\b|\banticipat\w+\b|\bon track\b"
    r"|\b(?:by|before) (?:the )?(?:end of|year|20\d\d)\b|\bset to\b|\bshould (?:be|have|see)\b"
)
_PAST = re.compile(
    r"\b(?:was|were|did|had) (?:\w+ )?(?:going to|planning|expect\w*|supposed)\b|\bused to\b"
    r"|\b(?:last|past|previous) (?:\w+ ){0,2}(?:month|quarter|year|decade)s?\b|\bago\b|\bif\b",
    re.IGNORECASE,
)
_SHOW = re.compile(
    r"\b(?:episodes?|podcast|this show|the show|subscribe|newsletter|tune in|see you|join us|listeners"
    r"|tickets?|register|conference|summit|meetup|webinar|sponsor\w*|discount|promo|coupon|slash"
    r"|call us|phone|zip code|room \d|minutes? (?:in|mark))\b",
    re.IGNORECASE,
)
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_SPELT = (
    r"(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty"
    r"|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|half|a couple|several|a few|tens)"
)
_SCALE = r"(?:hundred|thousand|million|billion|trillion|bn|[kKMB](?![\w-]))"
_COUNTED = (
    r"(?:users?|customers?|clients?|employees?|people|engineers?|developers?|companies|startups"
    r"|enterprises|parameters?|tokens?|GPUs?|CPUs?|servers?|patients?|students?|dollars?|bucks|euros?"
    r"|cents?|downloads?|stars?|subscribers?|members?|languages?|models?|papers?|projects?|images?"
    r"|documents?|queries|requests?|records?|rows?|samples?|examples?|votes?|points?|countries|cities"
    r"|robots?|cars?|jobs?|gigabytes?|terabytes?|petabytes?|megabytes?|gigs?|watts|megawatts"
    r"|gigawatts|kilowatts|tons|miles|acres|organi[sz]ations?|datasets?|articles?|contributors?)"
)
_FIGURE = re.compile(
    rf"(?<![\w.$-])(?:[$€£] ?{_NUMBER}(?: ?{_SCALE})?"
    rf"|{_NUMBER} ?(?:%|percent\b|per cent\b)|\b{_SPELT}(?:[- ]{_SPELT})? percent\b"
    rf"|{_NUMBER}(?:x|X| times)\b(?! \d)"
    rf"|(?:{_NUMBER}|{_SPELT}) ?{_SCALE}(?![\w-])(?: [a-z]+){{0,2}}?"
    rf"|{_NUMBER}(?:\+)? (?:(?!or |and )[a-z]+ ){{0,1}}?(?={_COUNTED}\b))",
)
_OF = re.compile(r"\s*((?:of |in |more |less |faster |cheaper )?(?:[\w'’-]+ ?){1,3})")
_SMALL = re.compile(rf"^(?:19|20)\d\d |^\d\+?(?: (?!{_SCALE}|times|percent|%)|$)")
"""A count below ten of something: seldom worth keeping."""
_NOTHING = re.compile(
    r"^(?:now|or|go|and|plus|to|is|are|was|were|the|a|an|it|that|this|so|then|as|if|I|we|you|they"
    r"|report|times|sure|agree|right|yes|there|here|at|on|by|for|from|with|because|which|when)\b",
    re.IGNORECASE,
)
"""What follows a number and says nothing of what it is of."""
_ALONE = re.compile(r"[$€£%xX]|percent|per cent|times$")
"""What makes a number tell something though nothing follows it."""
_IDIOM = re.compile(r"^(?:100 ?%|(?:a |one )?hundred percent|100 percent|\d+/\d+)$", re.IGNORECASE)
_RETOLD = re.compile(
    r"\b(?:says?|said|saying|like|asks?|prompt)[,:]? [\"“]|^[\"“]|\b(?:dive into|revisit|look back"
    r"|have you know|talk(?:ing)? about|discuss)\b|\[laughter",
    re.IGNORECASE,
)
"""Words put into a mouth, and what is said about the talk itself: nobody predicts there."""
_LEAST, _MOST = 5, 80
"""Words of a sentence worth keeping."""


def statements(episode: Episode, sentences: Sequence[Passage]) -> tuple[Statement, ...]:
    """Find the predictions and figures in an episode, outside sponsor reads, in order."""
    paid = sponsors.reads(episode, sentences)
    found = (
        read(sentence, episode.published) for sentence in sentences if sentence.first not in paid
    )
    return tuple(dict.fromkeys(each for each in found if each is not None))


def read(sentence: Passage, said: date | None) -> Statement | None:
    """Read a sentence said on a day; None where it gives neither a day to come nor a figure."""
    text = sentence.text
    if (
        not _LEAST <= len(text.split()) <= _MOST
        or text.rstrip().endswith("?")
        or _SHOW.search(text)
    ):
        return None
    numbers, when = figures(text), _due(text, said)
    if not numbers and when is None:
        return None
    return Statement(
        _id(sentence),
        Kind.FIGURE if when is None else Kind.PREDICTION,
        text,
        sentence.id,
        sentence.span.start,
        sentence.speaker,
        numbers,
        when.words if when else "",
        when.day if when else None,
    )


def figures(text: str) -> tuple[Figure, ...]:
    """Find the figures in a sentence: money, shares, multiples, counts of something.

    >>> figures("In Python 3.11 we cut 40 percent of costs and serve 3 million users.")
    (Figure(said='40 percent', of='of costs'), Figure(said='3 million', of='users'))
    """
    found = list[Figure]()
    for match in _FIGURE.finditer(text):
        said, of = match.group().strip(), _of(text[match.end() :])
        telling = of and not _SMALL.match(match.group())
        if not _IDIOM.match(said) and (telling or _ALONE.search(said)):
            found.append(Figure(said, of))
    return tuple(found)


def _of(after: str) -> str:
    found = _OF.match(
        re.split(r"[,.;:!?—]| -|\b(?:and|or|but|that|is|are|was|were|will|has|have)\b", after)[0]
    )
    words = found[1].split() if found and not _NOTHING.match(found[1]) else []
    while words and words[-1].lower() in FUNCTION:
        words.pop()
    return " ".join(words)


def _due(text: str, said: date | None) -> dates.When | None:
    """Give the day that a sentence says something will be by, None where it says no such thing."""
    if not _FUTURE.search(text) or _PAST.search(text) or _RETOLD.search(text):
        return None
    spoken = (
        when for when in dates.spoken(text, said) if when.day is None or not said or when.day > said
    )
    return next(spoken, None)


def _id(sentence: Passage) -> str:
    words = " ".join(seal.folded(sentence.text))
    return hashlib.sha256(f"{sentence.span.episode_id}|{words}".encode()).hexdigest()[:16]
