"""Answers, places and episodes as the plain text and links that a page draws."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from kb import names
from kb.links import outside
from kb.models import Citation, Claim, Episode, Hit, Mark, Passage, Quote, QuoteStatus, Tier
from kb.text import clock
from ui import places
from ui.places import Page, Place

TIERS = {Tier.TRANSCRIPT: "Transcript", Tier.BRIEF: "Brief", Tier.NOTES: "Show notes"}
"""The three strengths of evidence as a person reads them."""

STATUSES = {
    QuoteStatus.VERBATIM: "Verbatim",
    QuoteStatus.HEARD_ALIKE: "Sounds alike",
    QuoteStatus.STITCHED: "Stitched from several places",
    QuoteStatus.ALTERED: "Altered",
    QuoteStatus.ABSENT: "Not said",
    QuoteStatus.UNCHECKED: "Unchecked",
}
"""What the seal found, as a person reads it."""

_CAVEATS = {
    Mark.QUOTED: "",
    Mark.SUPPORTED: "",
    Mark.OWN_VIEW: "The writer's own view, not said in the library.",
    Mark.UNSUPPORTED: "No passage supports this.",
}
_WEAKER: dict[Tier | None, str] = {Tier.BRIEF: "a brief", Tier.NOTES: "show notes"}
_DOT = " · "


@dataclass(frozen=True, slots=True)
class Badge:
    """A short label and what it is about, which gives its colour."""

    text: str
    tone: str


_SUSPECT = Badge("Recording damaged", "suspect")
_LOST = Badge("Not in the library any more", "suspect")


@dataclass(frozen=True, slots=True)
class Chip:
    """A citation's number in the text: `query` opens its place."""

    number: int
    query: str
    label: str


@dataclass(frozen=True, slots=True)
class Struck:
    """A quote that may not be shown as one, with the nearest words that were said."""

    status: str
    claim: str
    nearest: str = ""
    query: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A claim with its chips; `by` says who a quoted one is from.

    In a draft `label` says how it is backed and `tone` colours that; `edit` names the sentence to
    the page when a person wants to change it.
    """

    text: str
    quoted: bool = False
    by: str = ""
    caveat: str = ""
    chips: tuple[Chip, ...] = ()
    struck: tuple[Struck, ...] = ()
    label: str = ""
    tone: str = ""
    edit: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """Something to open. `link` leads to the publisher's own page; `pick` names it to a draft."""

    title: str
    query: str
    number: int | None = None
    meta: str = ""
    badges: tuple[Badge, ...] = ()
    text: str = ""
    action: str = ""
    link: str = ""
    link_text: str = ""
    pick: str = ""


class Cited(Protocol):
    """What claims are made in: an answer, a draft, a piece of the arena."""

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Give them in the order of their numbers."""
        ...


def line(claim: Claim, answer: Cited) -> Line:
    """Show one claim of what cites for it."""
    cited = [answer.citations[number - 1] for number in claim.citations]
    quoted = claim.mark is Mark.QUOTED
    speakers = dict.fromkeys(citation.speaker or "" for citation in cited)
    return Line(
        text=claim.text,
        quoted=quoted,
        by=_DOT.join(filter(None, speakers)) if quoted else "",
        caveat=_CAVEATS[claim.mark],
        chips=tuple(_chip(citation) for citation in cited),
        struck=struck(claim.quotes),
    )


def struck(quotes: Iterable[Quote]) -> tuple[Struck, ...]:
    """Show what of these quotes is not what was said."""
    return tuple(
        Struck(
            status=STATUSES[each.status],
            claim=each.claim,
            nearest=each.source or "",
            query=Place(each.span.episode_id, each.span.start).query if each.span else "",
            at=places.when(each.span) if each.span else "",
        )
        for each in quotes
        if not each.quotable and each.status is not QuoteStatus.UNCHECKED
    )


def _chip(citation: Citation) -> Chip:
    where = f"{citation.episode_title}, {places.when(citation.span) or TIERS[citation.tier]}"
    return Chip(citation.number, places.of(citation).query, f"Source {citation.number}: {where}")


def source(citation: Citation, *, lost: bool = False) -> Card:
    """Show a citation beside the answer; a lost one is in the library no more."""
    warned = [badge for badge, holds in ((_SUSPECT, citation.suspect), (_LOST, lost)) if holds]
    return Card(
        number=citation.number,
        title=citation.episode_title,
        query=places.of(citation).query,
        meta=_joined(citation.speaker, citation.show_title),
        badges=(_badge(citation.tier), *warned),
        text=citation.text,
        action=_action(places.when(citation.span)),
        link=citation.link or "",
        link_text=_site(citation.link),
        pick="" if lost else places.of(citation).query,
    )


def near(hit: Hit) -> Card:
    """Show a passage that came close to a question without answering it."""
    link = outside(hit.episode, hit.passage.span)
    return Card(
        title=hit.episode.title,
        query=places.of(hit.passage).query,
        meta=_joined(hit.passage.speaker, hit.episode.show.title),
        badges=(_badge(hit.passage.tier),),
        text=hit.passage.text,
        action=_action(places.when(hit.passage.span)),
        link=link or "",
        link_text=_site(link),
        pick=places.of(hit.passage).query,
    )


def shelved(episode: Episode) -> Card:
    """Show an episode in the library's list."""
    return Card(
        title=episode.title,
        query=f"episode{Place(episode.id).query}",
        meta=about(episode),
        badges=tuple(_badge(tier) for tier in sorted(episode.tiers, key=lambda t: -t.strength)),
        text=", ".join(person.name for person in episode.people),
    )


def suggestion(question: str) -> Card:
    """Show a question worth asking; opening it asks it."""
    return Card(title=question, query=f"?{urlencode({'q': question})}")


def remarks(episode: Episode) -> tuple[str, ...]:
    """Say what a person should know before relying on an episode."""
    missed = episode.withdrawn
    gone = () if missed is None else (f"Withdrawn by its publisher; missed on {missed:%d %B %Y}.",)
    return (*gone, *episode.warnings)


def about(episode: Episode) -> str:
    """Say an episode's show, date and length in a line."""
    return _joined(
        episode.show.title,
        day(episode.published) if episode.published else None,
        clock(episode.duration) if episode.duration else None,
    )


def day(when: date) -> str:
    """Say a day as people write it.

    >>> day(date(2025, 3, 9))
    '9 March 2025'
    """
    return f"{when:%d %B %Y}".lstrip("0")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A line of a document; `start` is None where its time is not known."""

    number: int
    start: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says in one go."""

    speaker: str
    at: str
    query: str
    lines: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Jump:
    """A chapter to jump to."""

    title: str
    at: str
    start: float
    query: str


@dataclass(frozen=True, slots=True)
class Player:
    """All that the player draws. A new `cue` moves it to `seconds` and marks `first` to `last`."""

    title: str
    meta: str
    note: str
    label: str
    audio: str
    link: str
    link_text: str
    chapters: tuple[Jump, ...]
    turns: tuple[Turn, ...]
    first: int
    last: int
    seconds: float | None


def player(page: Page, *, chapters: bool, misheard: Mapping[str, str] | None = None) -> Player:
    """Show an episode's audio and one of its documents at a place.

    `misheard` is what corrections say of it: each name stands in brackets behind what was heard.
    """
    episode, sound = page.episode, page.episode.playback or page.episode.audio
    link = None if sound else episode.link or episode.audio_url
    return Player(
        title=episode.title,
        meta=about(episode),
        note=_note(page, sound=bool(sound)),
        label=TIERS[page.tier] if page.tier else "Text",
        audio=f"/audio/{sound}" if sound else "",
        link=link or "",
        link_text=_site(link),
        chapters=tuple(_jumps(episode)) if chapters else (),
        turns=tuple(_turn(group, misheard or {}) for group in places.turns(page.sentences)),
        first=page.marked.first if page.marked else -1,
        last=page.marked.last if page.marked else -1,
        seconds=page.seconds,
    )


def _jumps(episode: Episode) -> Iterable[Jump]:
    for chapter in episode.chapters:
        query = Place(episode.id, chapter.start).query
        yield Jump(chapter.title, clock(chapter.start), chapter.start, query)


def _turn(group: tuple[Passage, ...], misheard: Mapping[str, str]) -> Turn:
    opening = group[0]
    return Turn(
        speaker=opening.speaker or "",
        at=places.when(opening.span),
        query=Place(opening.span.episode_id, opening.span.start).query,
        lines=tuple(
            Sentence(each.first, each.span.start, names.labelled(each.text, misheard))
            for each in group
        ),
    )


def _note(page: Page, *, sound: bool) -> str:
    notes = [
        "" if sound else "The library has no audio of this episode.",
        f"This is {_WEAKER[page.tier]}, not what was said." if page.tier in _WEAKER else "",
        "The words that were cited are not in it any more." if page.lost else "",
        "" if all(each.span.exact for each in page.sentences) else "Times are estimated.",
    ]
    return " ".join(filter(None, notes))


def _badge(tier: Tier) -> Badge:
    return Badge(TIERS[tier], tier.value)


def _action(time: str) -> str:
    return f"Open at {time}" if time else "Open the line"


def _site(link: str | None) -> str:
    return f"At {urlsplit(link).hostname}" if link else ""


def _joined(*parts: str | None) -> str:
    return _DOT.join(part for part in parts if part)
