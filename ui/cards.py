"""Answers, places and episodes as the plain text and links that a page draws."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from kb.links import outside
from kb.models import Answer, Citation, Claim, Episode, Hit, Mark, Passage, Tier
from kb.text import clock
from ui import places
from ui.places import Page, Place

TIERS = {Tier.TRANSCRIPT: "Transcript", Tier.BRIEF: "Brief", Tier.NOTES: "Show notes"}
"""The three strengths of evidence as a person reads them."""

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


@dataclass(frozen=True, slots=True)
class Chip:
    """A citation's number in the text: `query` opens its place."""

    number: int
    query: str
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """A claim of an answer with its chips; `by` says who a quoted one is from."""

    text: str
    quoted: bool
    by: str
    caveat: str
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """Something to open. `link` leads to the publisher's own page."""

    title: str
    query: str
    number: int | None = None
    meta: str = ""
    badges: tuple[Badge, ...] = ()
    text: str = ""
    action: str = ""
    link: str = ""
    link_text: str = ""


def line(claim: Claim, answer: Answer) -> Line:
    """Show one claim of an answer."""
    cited = [answer.citations[number - 1] for number in claim.citations]
    quoted = claim.mark is Mark.QUOTED
    speakers = dict.fromkeys(citation.speaker or "" for citation in cited)
    return Line(
        text=claim.text,
        quoted=quoted,
        by=_DOT.join(filter(None, speakers)) if quoted else "",
        caveat=_CAVEATS[claim.mark],
        chips=tuple(_chip(citation) for citation in cited),
    )


def _chip(citation: Citation) -> Chip:
    where = f"{citation.episode_title}, {places.when(citation.span) or TIERS[citation.tier]}"
    return Chip(citation.number, places.of(citation).query, f"Source {citation.number}: {where}")


def source(citation: Citation) -> Card:
    """Show a citation beside the answer."""
    return Card(
        number=citation.number,
        title=citation.episode_title,
        query=places.of(citation).query,
        meta=_joined(citation.speaker, citation.show_title),
        badges=(_badge(citation.tier), *([_SUSPECT] if citation.suspect else [])),
        text=citation.text,
        action=_action(places.when(citation.span)),
        link=citation.link or "",
        link_text=_site(citation.link),
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
    )


def shelved(episode: Episode) -> Card:
    """Show an episode in the library's list."""
    return Card(
        title=episode.title,
        query=Place(episode.id).query,
        meta=about(episode),
        badges=tuple(_badge(tier) for tier in sorted(episode.tiers, key=lambda t: -t.strength)),
        text=", ".join(person.name for person in episode.people),
    )


def suggestion(question: str) -> Card:
    """Show a question worth asking; opening it asks it."""
    return Card(title=question, query=f"?{urlencode({'q': question})}")


def remarks(episode: Episode) -> tuple[str, ...]:
    """Say what a person should know before relying on an episode."""
    day = episode.withdrawn
    gone = () if day is None else (f"Withdrawn by its publisher; missed on {day:%d %B %Y}.",)
    return (*gone, *episode.warnings)


def about(episode: Episode) -> str:
    """Say an episode's show, date and length in a line."""
    return _joined(
        episode.show.title,
        f"{episode.published:%d %B %Y}".lstrip("0") if episode.published else None,
        clock(episode.duration) if episode.duration else None,
    )


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


def player(page: Page, *, chapters: bool) -> Player:
    """Show an episode's audio and one of its documents at a place."""
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
        turns=tuple(_turn(group) for group in places.turns(page.sentences)),
        first=page.marked.first if page.marked else -1,
        last=page.marked.last if page.marked else -1,
        seconds=page.seconds,
    )


def _jumps(episode: Episode) -> Iterable[Jump]:
    for chapter in episode.chapters:
        query = Place(episode.id, chapter.start).query
        yield Jump(chapter.title, clock(chapter.start), chapter.start, query)


def _turn(group: tuple[Passage, ...]) -> Turn:
    opening = group[0]
    return Turn(
        speaker=opening.speaker or "",
        at=places.when(opening.span),
        query=Place(opening.span.episode_id, opening.span.start).query,
        lines=tuple(Sentence(each.first, each.span.start, each.text) for each in group),
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
