"""What is known of an episode beside its words, as plain text to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb import brief_lines, names
from kb.export import FORMATS
from kb.links import permalink
from kb.models import QuoteStatus
from kb.text import clock
from ui import cards, places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.corrections import Correction
    from kb.models import Brief, Passage, Person, Quote, Thesis, Transcript
    from kb.speakers import Renaming
    from kb.versions import Version

_UNTIMED = ("md", "txt")
_TITLES = {
    "vtt": "WebVTT",
    "srt": "SubRip",
    "json": "JSON (podcast namespace)",
    "md": "Markdown",
    "txt": "Text",
}
_TONES = {QuoteStatus.VERBATIM: "good", QuoteStatus.HEARD_ALIKE: "good"}


def person(each: Person) -> str:
    """Say who somebody is."""
    return " · ".join(filter(None, (each.name, each.role.value, each.about)))


def version(each: Version) -> str:
    """Say what came when from where."""
    come = f"{each.kind.capitalize()} of {cards.day(each.noted)}"
    return f"{come}: {each.origin or each.sha256[:12]}"


# Speakers


def speaker(label: str | None) -> str:
    """Say a speaker's label; turns without one have a name all the same."""
    return label or "Nobody named yet"


def said(sentence: Passage) -> str:
    """Say who says a line, when, and what."""
    head = " · ".join(filter(None, (speaker(sentence.speaker), places.when(sentence.span))))
    return f"{head}: “{sentence.text}”"


def renaming(each: Renaming) -> str:
    """Say what was renamed, by whom."""
    what = f"the line “{each.words}”" if each.words else f"all of {speaker(each.speaker)}"
    return f"{each.name} says {what}{f' ({each.person})' if each.person else ''}"


# Names


def correction(each: Correction) -> str:
    """Say what a correction changes, where, and whose it is."""
    where = "in this episode" if each.episode_id else "everywhere"
    return f"“{each.heard}” is {each.name}, {where}{f' ({each.source})' if each.source else ''}"


def evidence(each: Correction, episode_id: str) -> list[cards.Card]:
    """Show the passages that speak for a correction; those with a time can be heard."""
    return [
        cards.Card(
            title=clock(shown.start) if shown.start is not None else "In the text",
            query=permalink(shown.passage_id.split("/")[0] or episode_id, shown.start),
            text=shown.text,
        )
        for shown in each.evidence
    ]


# Exports


def formats(transcript: Transcript) -> dict[str, str]:
    """Give the formats that a transcript can be exported in, with their names for people.

    Formats that need times are offered where every line has them.
    """
    timed = all(each.start is not None and each.end is not None for each in transcript.segments)
    return {name: _TITLES.get(name, name) for name in FORMATS if timed or name in _UNTIMED}


# The brief


def brief(
    held: Brief, seals: Mapping[str, Quote], misheard: Mapping[str, str]
) -> list[tuple[str, list[cards.Line]]]:
    """Show the seven sections: a heading, and a line for each thing said, its quotes sealed."""
    drawing = _Drawing(seals, misheard)
    sections = (
        drawing.overview(held),
        [line for each in held.themes for line in drawing.theme(each.title, each.text, each.quote)],
        [line for each in held.theses for line in drawing.thesis(each)],
        [
            line
            for each in held.observations
            for line in drawing.theme(each.title, each.text, each.quote)
        ],
        [
            drawing.plain(" · ".join(filter(None, (each.name, each.mentioned_as))))
            for each in held.entities
        ],
        [drawing.plain(post) for post in held.posts],
        [
            line
            for each in held.ideas
            for line in drawing.theme(each.title, each.thesis, each.quote)
        ],
    )
    nothing = [brief_lines.NOTHING[word] for word, _ in brief_lines.SECTIONS if word != "overview"]
    empty = (brief_lines.NOTHING[brief_lines.SUMMARY], *nothing)
    headings = (heading for _, heading in brief_lines.SECTIONS)
    return [
        (f"{number}. {heading}", lines or [drawing.plain(none)])
        for number, (heading, lines, none) in enumerate(
            zip(headings, sections, empty, strict=True), 1
        )
    ]


class _Drawing:
    """Lines of a brief; a quote carries what the seal says of it."""

    def __init__(self, seals: Mapping[str, Quote], misheard: Mapping[str, str]) -> None:
        self._seals = seals
        self._misheard = misheard

    def plain(self, text: str) -> cards.Line:
        return cards.Line(self._named(text))

    def overview(self, held: Brief) -> list[cards.Line]:
        topics = (line for each in held.topics for line in self.theme(each.title, each.text, ""))
        told = (self.plain(text) for text in (held.overview, held.conclusion) if text)
        return [*told, *topics]

    def theme(self, title: str, text: str, quote: str) -> Iterator[cards.Line]:
        yield self.plain(f"{title}: {text}" if title and text else title or text)
        if quote:
            yield self.quote(quote)

    def thesis(self, each: Thesis) -> Iterator[cards.Line]:
        yield self.plain(each.title)
        told = {
            "Problem": each.problem,
            "Solution": each.solution,
            "Opportunity": each.opportunity,
            "Companies": each.companies,
        }
        yield from (self.plain(f"{name}: {text}") for name, text in told.items() if text)
        if each.quote:
            yield self.quote(each.quote)

    def quote(self, claim: str) -> cards.Line:
        sealed = self._seals.get(claim)
        status = sealed.status if sealed else QuoteStatus.UNCHECKED
        if sealed and not sealed.quotable and status is not QuoteStatus.UNCHECKED:
            return cards.Line("", struck=cards.struck([sealed]))
        return cards.Line(
            self._named(claim),
            quoted=True,
            by=(sealed.speaker or "") if sealed else "",
            label=cards.STATUSES[status],
            tone=_TONES.get(status, "plain"),
        )

    def _named(self, text: str) -> str:
        return names.labelled(text, self._misheard)
