"""The seven-section brief of an episode: Markdown in and out, and its quotes sealed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb import brief_lines, links, quotations
from kb.brief_lines import CONCLUSION, NOTHING, SECTIONS, SUMMARY, TOPICS, Item, joined, unquoted
from kb.errors import DocumentError
from kb.models import Brief, Entity, Episode, Idea, Origin, Quote, QuoteStatus, Theme, Thesis
from kb.seal import Record
from kb.text import clock, repair

MADE = "model"
"""The kind of origin of a brief that was made here; an imported one is a `file`."""

_ROLE = re.compile(r" [-–—] ")
_STITCH = re.compile(r"\s*,\s*,\s*")
_STRUCK = "~~"
_MARKS = str.maketrans('"“”', "''’")
_RECOGNISED = 3


def recognised(text: str) -> bool:
    """Tell whether a text is a brief: at least three of the seven headings are there."""
    return len(brief_lines.sections(text)) >= _RECOGNISED


def parse(text: str, origin: Origin) -> Brief:
    """Read a brief. Text is repaired, missing parts stay empty, quotes are claims.

    Raises:
        DocumentError: none of the seven headings is there.
    """
    sections = brief_lines.sections(repair(text).replace(_STRUCK, ""))
    if not sections:
        raise DocumentError(
            f"{origin.detail} is no brief: none of the seven headings is there",
            hint=f"A section begins with a line like **1. {SECTIONS[0][1]}:**",
        )
    body = {number: [line for _, line in lines] for number, lines in sections.items()}
    items = {number: tuple(brief_lines.items(body.get(number, []))) for number in range(2, 8)}
    parts = brief_lines.parts(body.get(1, []))
    return Brief(
        overview=joined(parts[SUMMARY]),
        topics=tuple(map(_theme, brief_lines.items(parts[TOPICS]))),
        conclusion=joined(parts[CONCLUSION]),
        themes=tuple(map(_theme, items[2])),
        theses=tuple(map(_thesis, items[3])),
        observations=tuple(map(_theme, items[4])),
        entities=tuple(map(_entity, items[5])),
        posts=tuple(joined([item.head, item.text]) for item in items[6]),
        ideas=tuple(map(_idea, items[7])),
        segments=tuple(brief_lines.segments(sections)),
        origin=origin,
    )


@dataclass(frozen=True, slots=True)
class Claimed:
    """A quote that a brief claims, the lines where it does, and the pieces it is stitched from.

    Two commas in a row are where a recogniser's pieces were joined; most quotes are one piece.
    """

    text: str
    lines: tuple[int, ...]
    pieces: tuple[str, ...]


def quotes(brief: Brief) -> tuple[Claimed, ...]:
    """Give the distinct quotes that a brief claims, those in its running text too; none is checked."""
    claimed = (
        *(theme.quote for theme in (*brief.topics, *brief.themes, *brief.observations)),
        *(thesis.quote for thesis in brief.theses),
        *(idea.quote for idea in brief.ideas),
    )
    running = (said.text for text in _running(brief) for said in quotations.found(text))
    every = (*filter(None, claimed), *running)
    return tuple(
        Claimed(
            text,
            tuple(part.line for part in brief.segments if part.line and _claims(part.text, text)),
            tuple(filter(None, _STITCH.split(text))),
        )
        for text in dict.fromkeys(every)
    )


def sealed(brief: Brief, record: Record | None) -> dict[str, Quote]:
    """Check every quote of a brief against what was heard, by its text; None is no transcript."""
    against = record or Record.of(())
    return {each.text: against.check(each.text) for each in quotes(brief)}


def to_markdown(
    brief: Brief, seals: Mapping[str, Quote] | None = None, episode: Episode | None = None
) -> str:
    """Write the seven sections; `parse` reads the same out of them.

    With `seals` each quote carries its mark, speaker and time, with a link that opens `episode`
    there; what nobody said so is struck, beside the nearest real words.
    """
    writing = _Writing(seals or {}, episode, made=brief.origin.kind == MADE)
    sections = (
        writing.overview(brief),
        writing.numbered("theme", map(writing.theme, brief.themes)),
        writing.numbered("thes[ie]s", map(writing.thesis, brief.theses)),
        writing.numbered("observation", map(writing.theme, brief.observations)),
        writing.listed("compan|entit", (writing.struck(_named(each)) for each in brief.entities)),
        writing.numbered("post", ([writing.struck(post)] for post in brief.posts)),
        writing.numbered("blog", map(writing.idea, brief.ideas)),
    )
    lines: list[str] = []
    for number, ((_, heading), content) in enumerate(zip(SECTIONS, sections, strict=True), 1):
        lines += [f"**{number}. {heading}:**", "", *content]
    return "\n".join(lines)


def _running(brief: Brief) -> Iterable[str]:
    yield from (brief.overview, brief.conclusion, *brief.posts)
    for theme in (*brief.topics, *brief.themes, *brief.observations):
        yield from (theme.title, theme.text)
    for thesis in brief.theses:
        yield from (thesis.title, thesis.problem, thesis.solution, thesis.opportunity)
        yield thesis.companies
    for idea in brief.ideas:
        yield from (idea.title, idea.thesis)
    yield from map(_named, brief.entities)


def _claims(line: str, quote: str) -> bool:
    within = f'"{quote}"' in line or f"“{quote}”" in line
    return within or (quote in line and brief_lines.quotes_field(line))


# Reading


def _theme(item: Item) -> Theme:
    title, text = item.titled
    return Theme(title, text, unquoted(item.get("quote")))


def _thesis(item: Item) -> Thesis:
    return Thesis(
        title=item.titled[0],
        problem=item.get("problem"),
        solution=item.get("solution"),
        quote=unquoted(item.get("quote")),
        opportunity=item.get("opportunity"),
        companies=item.get("relevant companies"),
    )


def _idea(item: Item) -> Idea:
    title = item.get("title") or item.titled[0]
    return Idea(unquoted(title), item.get("thesis"), unquoted(item.get("quote")))


def _entity(item: Item) -> Entity:
    """Read `Name (address) - role`; what else is in parentheses belongs to the role."""
    name, *role = _ROLE.split(joined([item.head, item.text]), maxsplit=1)
    aside = ""
    if name.endswith(")") and " (" in name:
        name, _, aside = name[:-1].rpartition(" (")
    if aside.startswith(("http://", "https://")):
        return Entity(name.strip("*"), "".join(role), aside)
    return Entity(name.strip("*"), "; ".join(filter(None, [aside, *role])))


# Writing


@dataclass(frozen=True, slots=True)
class _Writing:
    """Lines of Markdown, with the seals that are known. A brief that was `made` here says what is not there."""

    seals: Mapping[str, Quote]
    episode: Episode | None
    made: bool

    def overview(self, brief: Brief) -> list[str]:
        return [
            *("**Overall Summary:**", self.struck(brief.overview) or self._nothing(SUMMARY), ""),
            *("**Key Topics:**", "", *self.numbered(TOPICS, map(self.theme, brief.topics))),
            *("**Conclusion:**", self.struck(brief.conclusion) or self._nothing(CONCLUSION), ""),
        ]

    def numbered(self, part: str, items: Iterable[list[str]]) -> list[str]:
        lines: list[str] = []
        for number, (head, *rest) in enumerate(items, start=1):
            lines += [f"{number}. {head}", *(f"   {line}" for line in rest), ""]
        return lines or self._empty(part)

    def listed(self, part: str, items: Iterable[str]) -> list[str]:
        lines = [f"{number}. {item}" for number, item in enumerate(items, start=1)]
        return [*lines, ""] if lines else self._empty(part)

    def theme(self, theme: Theme) -> list[str]:
        text = [self.struck(theme.text)] if theme.text else []
        return [f"{self.struck(theme.title)}:", *text, *_fields(Quote=self._quote(theme.quote))]

    def thesis(self, thesis: Thesis) -> list[str]:
        return [
            f"{self.struck(thesis.title)}:",
            *_fields(Problem=self.struck(thesis.problem), Solution=self.struck(thesis.solution)),
            *_fields(Quote=self._quote(thesis.quote), Opportunity=self.struck(thesis.opportunity)),
            *_fields(**{"Relevant Companies": self.struck(thesis.companies)}),
        ]

    def idea(self, idea: Idea) -> list[str]:
        # A title between quotation marks would read as a quote; it needs them only to keep its own.
        title = self.struck(idea.title)
        title = f'"{title}"' if idea.title.startswith(('"', "“")) else title
        fields = _fields(Thesis=self.struck(idea.thesis), Quote=self._quote(idea.quote))
        return [f"Title: {title}", *fields]

    def struck(self, text: str) -> str:
        """Strike the quotes within a text that nobody said so."""
        for said in reversed(quotations.found(text)):
            quote = self.seals.get(said.text)
            if quote is not None and _refused(quote):
                start, end = max(said.start - 1, 0), said.end + 1  # with its marks
                text = f"{text[:start]}{_STRUCK}{text[start:end]}{_STRUCK}{text[end:]}"
        return text

    def _quote(self, text: str) -> str:
        """Give a quote with its seal after it: without quotation marks, so that it is read back."""
        quote = self.seals.get(text)
        if not text or quote is None:
            return f'"{text}"' if text else ""
        strike = _STRUCK if _refused(quote) else ""
        return f'{strike}"{text}"{strike} — {self._sealed(quote)}'

    def _sealed(self, quote: Quote) -> str:
        if quote.quotable:
            return f"{self._place(quote)}, {quote.status}"
        heard = [each for each in (quote.pieces or (quote,)) if each.source]
        if not heard:
            return str(quote.status)
        nearest = " and ".join(
            f"‘{(each.source or '').translate(_MARKS)}’ ({self._place(each)})" for each in heard
        )
        return f"{quote.status}; what was said: {nearest}"

    def _place(self, quote: Quote) -> str:
        """Say who and when, with a link that opens there."""
        span = quote.span
        if span is None or span.start is None:
            return quote.speaker or "no times here"
        link = (self.episode and links.outside(self.episode, span)) or links.permalink(
            span.episode_id, span.start
        )
        at = f"[{clock(span.start)}]({link})"
        return f"{quote.speaker}, {at}" if quote.speaker else at

    def _empty(self, part: str) -> list[str]:
        nothing = self._nothing(part)
        return [nothing, ""] if nothing else []

    def _nothing(self, part: str) -> str:
        return NOTHING[part] if self.made else ""


def _refused(quote: Quote) -> bool:
    return not quote.quotable and quote.status is not QuoteStatus.UNCHECKED


def _named(entity: Entity) -> str:
    address = f" ({entity.url})" if entity.url else ""
    role = f" - {entity.mentioned_as}" if entity.mentioned_as else ""
    return f"{entity.name}{address}{role}"


def _fields(**fields: str) -> list[str]:
    return [f"{name}: {text}" for name, text in fields.items() if text]
