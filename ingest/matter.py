"""What a brief is made of: an episode's sentences, without what was paid for, ready to be quoted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.salience import Salience
from kb import links, quotations, sponsors
from kb.models import Episode, Passage, Tier
from kb.seal import Record

_FEWEST, _MOST = 9, 45
"""Words of a sentence that says something by itself and can be taken in at once."""
_SHORT, _LONG = 6, 60
"""Words of a sentence that says something at all."""
_LEANS = re.compile(
    r"(?:and|but|so|because|it|it['’]s|its|that|that['’]s|this|these|those|they|they['’]re|he|she|then|"
    r"which|or|also|yeah|yes|no|right|well|okay|ok|oh|um|uh|like|there|him|her|them|exactly|sure|"
    r"absolutely|anyway|therefore|however|now)\b",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    r"[\"“”~\[\]|*]|--|…|\.\.\.|https?:|\b(?:um|uh|unintelligible|inaudible)\b", re.IGNORECASE
)
_MARKED = re.compile(r"[\"“”~\[\]|*]|…|\.\.\.|https?:")
"""What would not stand in a quote as it was said."""
_HEDGES = re.compile(
    r"\b(?:you know|i mean|sort of|kind of|i guess|whatever|yeah|really|, like,|like,|okay)\b",
    re.IGNORECASE,
)
_HEDGED = 1
"""How many of those a sentence may have."""
_LISTED = re.compile(r"\s*(?:\d+[.)]|[-*•–(])")
_TALK = re.compile(
    r"\b(?:thank(?:s| you)|welcome (?:back|to)|subscribe|listeners?|(?:this|our|your|the) (?:show|podcast|episode)|"
    r"newsletter|tune in|itunes|pleasure to|happy (?:new year|holidays|birthday)|have a (?:great|good)|next week|show ?notes|(?:my|his|her|your) name is|great to (?:be|have))\b",
    re.IGNORECASE,
)
"""What is said about the show itself."""
_NO_SUBJECT = re.compile(
    r"\W*(?:chapter|part|segment)?\W*\d*\W*|\W*(?:cold open|intro(?:duction)?s?|opening|teaser|trailer|welcome|"
    r"outro|closing|conclusion|wrap[- ]?(?:ping )?up|goodbyes?|bye|credits|break|q ?(?:&|and) ?a)\W*",
    re.IGNORECASE,
)
"""Titles of chapters that say nothing of what is in them."""


@dataclass(frozen=True)
class Matter:
    """One episode's words. `sentences` are those of its transcript, of its notes without one."""

    episode: Episode
    sentences: tuple[Passage, ...]
    notes: tuple[Passage, ...]
    variants: Mapping[str, str]

    @property
    def heard(self) -> bool:
        """Whether its sentences were said: notes are nobody's words to quote."""
        return self.sentences[0].tier is Tier.TRANSCRIPT

    @cached_property
    def record(self) -> Record:
        """What its quotes are sealed against."""
        return Record.of(self.sentences, variants=self.variants)

    @cached_property
    def sponsored(self) -> frozenset[int]:
        """The ordinals of its sentences in sponsor reads."""
        return sponsors.reads(self.episode, self.sentences)

    @cached_property
    def salience(self) -> Salience:
        """What it is about."""
        people = {person.name for person in self.episode.people}
        speakers = {each.speaker for each in self.sentences if each.speaker}
        return Salience.of(self.unpaid, but=" ".join(sorted(people | speakers)))

    @cached_property
    def unpaid(self) -> tuple[Passage, ...]:
        """Its sentences outside sponsor reads."""
        return tuple(each for each in self.sentences if each.first not in self.sponsored)

    @cached_property
    def stretches(self) -> list[Sequence[Passage]]:
        """Its sentences outside sponsor reads, divided where their terms change most."""
        return self.salience.stretches(self.unpaid)

    @cached_property
    def telling(self) -> frozenset[int]:
        """The ordinals of sentences that can be read by themselves."""
        return frozenset(each.first for each in self.unpaid if tells(each.text))

    def best(
        self, within: Sequence[Passage], *, but: frozenset[int] = frozenset()
    ) -> list[Passage]:
        """Give the telling sentences of a stretch, the most telling first."""
        return self.ranked([each for each in within if each.first in self.telling - but])

    def ranked(self, sentences: Sequence[Passage]) -> list[Passage]:
        """Give sentences, those first that are most about what the episode is about."""
        scores = {each.first: self.salience.score(each.text) for each in sentences}
        return sorted(sentences, key=lambda each: (-scores[each.first], each.first))

    def chapter(self, sentence: Passage) -> str:
        """Give the title of the chapter in which a sentence is said, "" where that tells no subject."""
        span = sentence.span
        begun = [
            each
            for each in self.episode.chapters
            if span.start is not None and each.start <= span.start
        ]
        title = begun[-1].title.strip() if begun and span.exact else ""
        return "" if _NO_SUBJECT.fullmatch(title) or sponsors.titled(title) else title

    def quotable(self, sentence: Passage) -> bool:
        """Tell whether a sentence passes the seal as it stands."""
        return self.record.check(sentence.text, near=sentence.span).quotable

    def link(self, sentence: Passage) -> str:
        """Give a link that opens at a sentence: the publisher's, else our own player's."""
        span = sentence.span
        return links.outside(self.episode, span) or links.permalink(span.episode_id, span.start)


def tells(text: str) -> bool:
    """Tell whether a sentence can be quoted by itself: whole, plain, and leaning on none before it."""
    return (
        _FEWEST <= len(text.split()) <= _MOST
        and text[:1].isupper()
        and text.endswith((".", "!"))
        and not _LEANS.match(text)
        and not _BROKEN.search(text)
        and not _TALK.search(text)
        and len(_HEDGES.findall(text)) <= _HEDGED
        and not sponsors.promotes(text)
    )


def speaks(text: str) -> bool:
    """Tell whether a sentence can be quoted, though it may lean on the one before it."""
    return (
        _SHORT <= len(text.split()) <= _LONG
        and text.endswith((".", "!"))
        and not _MARKED.search(text)
        and not _TALK.search(text)
        and not sponsors.promotes(text)
    )


def describes(text: str) -> bool:
    """Tell whether a line of notes says in a sentence what an episode is about."""
    return (
        len(text.split()) >= _FEWEST
        and text.endswith((".", "!"))
        and not _LISTED.match(text)
        and not re.search(r"https?:|\]\(|[~*|]", text)
        and not quotations.found(text)
        and not sponsors.promotes(text)
    )


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence that is worth reading, under a title; `text` is what is said of it."""

    title: str
    sentence: Passage
    text: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """An investment thesis in sentences; one of solution and opportunity may be missing."""

    title: str
    problem: Passage
    solution: Passage | None
    opportunity: Passage | None

    @property
    def parts(self) -> tuple[Passage, ...]:
        """Its sentences, the problem first."""
        return tuple(each for each in (self.problem, self.solution, self.opportunity) if each)


@dataclass(frozen=True, slots=True)
class Picks:
    """What was chosen for a brief; everything but titles and text is found in the episode."""

    overview: str = ""
    conclusion: str = ""
    topics: tuple[Pick, ...] = ()
    themes: tuple[Pick, ...] = ()
    cases: tuple[Case, ...] = ()
    observations: tuple[Pick, ...] = ()
    remarks: tuple[str, ...] = ()


def said(sentence: Passage) -> str:
    """Give a sentence between quotation marks, with its speaker."""
    return f"“{sentence.text}”" + (f" — {sentence.speaker}" if sentence.speaker else "")
