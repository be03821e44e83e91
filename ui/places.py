"""Where in an episode a page stands: from a link, to a link, and the lines around it."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from kb import anchors
from kb.links import permalink
from kb.models import Citation, Episode, Passage, Span, Tier, Unit
from kb.text import clock
from ui.ports import Shelf

_LONGEST = 200
_LINES = re.compile(r"(notes|brief|transcript)\.(\d{1,9})-(\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Lines:
    """Sentences `first` to `last` of a document, both included."""

    tier: Tier
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Place:
    """What a permalink says: an episode and, where known, a second, the lines meant, their words.

    The words are the anchor: where the lines do not hold them any more, they are looked for.
    """

    episode_id: str
    seconds: float | None = None
    lines: Lines | None = None
    said: str = ""

    @property
    def query(self) -> str:
        """Give the link that opens here.

        >>> Place("evals-1", 754.6, Lines(Tier.TRANSCRIPT, 12, 15), "we threw ours away").query
        '?ep=evals-1&t=754&at=transcript.12-15&said=we+threw+ours+away'
        """
        link = permalink(self.episode_id, self.seconds)
        if self.lines is None:
            return link
        lines = f"{self.lines.tier}.{self.lines.first}-{self.lines.last}"
        said = {"said": self.said} if self.said else {}
        return f"{link}&{urlencode({'at': lines} | said)}"


@dataclass(frozen=True, slots=True)
class Page:
    """A place with what is there: the episode, one of its documents, the marked lines in it."""

    episode: Episode
    tier: Tier | None
    sentences: tuple[Passage, ...]
    marked: Lines | None
    seconds: float | None
    lost: bool = False
    """The words that were meant are in this document no more."""


def of(source: Citation | Passage) -> Place:
    """Give the place that a citation or a passage stands for."""
    lines = Lines(source.tier, source.first, source.last)
    return Place(source.span.episode_id, source.span.start, lines, anchors.anchor(source.text))


def read(params: Mapping[str, str]) -> Place | None:
    """Read a permalink's parameters; what makes no sense in them is passed over.

    >>> read({"ep": "evals-1", "t": "754"})
    Place(episode_id='evals-1', seconds=754.0, lines=None, said='')
    >>> read({"ep": "evals-1", "t": "soon", "at": "../../etc"})
    Place(episode_id='evals-1', seconds=None, lines=None, said='')
    """
    episode_id = params.get("ep")
    if not episode_id:
        return None
    lines, said = _lines(params.get("at", "")), params.get("said", "")[:_LONGEST]
    return Place(episode_id, _seconds(params.get("t", "")), lines, said)


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _lines(text: str) -> Lines | None:
    found = _LINES.fullmatch(text)
    return Lines(Tier(found[1]), int(found[2]), int(found[3])) if found else None


def turn_to(shelf: Shelf, place: Place, tier: Tier | None = None) -> Page:
    """Open the episode at a place: in the document meant, else the strongest (that has times).

    Raises:
        NotFoundError: there is no such episode.
    """
    episode = shelf.episode(place.episode_id)
    wanted = tier or (place.lines.tier if place.lines else None)
    documents = {
        tier: tuple(shelf.passages_of(episode.id, unit=Unit.SENTENCE, tier=tier))
        for tier in sorted(episode.tiers, key=lambda tier: tier.strength, reverse=True)
        if wanted in (None, tier)
    }
    if wanted and not documents:
        return turn_to(shelf, Place(place.episode_id, place.seconds))
    chosen = _chosen(documents, timed=place.seconds is not None)
    sentences = documents[chosen] if chosen else ()
    meant = _anchored(place, sentences) if place.lines and place.lines.tier is chosen else place
    if meant is None:
        return Page(episode, chosen, sentences, None, None, lost=True)
    marked = _marked(meant, chosen, sentences)
    return Page(episode, chosen, sentences, marked, _cue(meant, marked, sentences))


def _anchored(place: Place, sentences: Sequence[Passage]) -> Place | None:
    """Give the place where the words that were meant are now; None where they are nowhere."""
    if not place.said or place.lines is None:
        return place
    first, last = place.lines.first, place.lines.last
    if anchors.find(place.said, [each for each in sentences if first <= each.first <= last]):
        return place
    found = anchors.find(place.said, sentences, near=place.seconds)
    if found is None:
        return None
    begin = found[0].first
    lines = Lines(place.lines.tier, begin, max(found[1].last, begin + last - first))
    return Place(place.episode_id, found[0].span.start, lines, place.said)


def _chosen(documents: Mapping[Tier, Sequence[Passage]], *, timed: bool) -> Tier | None:
    with_times = [
        tier
        for tier, sentences in documents.items()
        if any(sentence.span.start is not None for sentence in sentences)
    ]
    return next(iter(with_times if timed and with_times else documents), None)


def _marked(place: Place, tier: Tier | None, sentences: Sequence[Passage]) -> Lines | None:
    if place.lines and place.lines.tier is tier:
        return place.lines
    if tier is None or place.seconds is None:
        return None
    # A link holds whole seconds, so the sentence that starts within that second is meant.
    begun = [s for s in sentences if s.span.start is not None and s.span.start < place.seconds + 1]
    return Lines(tier, begun[-1].first, begun[-1].last) if begun else None


def _cue(place: Place, marked: Lines | None, sentences: Sequence[Passage]) -> float | None:
    if marked and marked is place.lines:
        meant = (sentence.span.start for sentence in sentences if sentence.first == marked.first)
        return next(meant, place.seconds)
    return place.seconds


def when(span: Span) -> str:
    """Say when a span starts, as far as that is known.

    >>> when(Span("e", 864, 870)), when(Span("e", 864, 870, exact=False)), when(Span("e"))
    ('14:24', 'about 14:24', '')
    """
    if span.start is None:
        return ""
    return clock(span.start) if span.exact else f"about {clock(span.start)}"


def turns(sentences: Sequence[Passage]) -> list[tuple[Passage, ...]]:
    """Put the sentences of each turn together."""
    return [tuple(group) for _, group in groupby(sentences, key=lambda sentence: sentence.turn)]
