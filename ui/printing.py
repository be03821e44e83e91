"""Answers, passages and episodes as lines of text and as JSON, for the command line."""

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kb.models import Answer, Citation, Claim, Episode, Hit, Span, Tier
from kb.text import clock
from ui.cards import remarks

if TYPE_CHECKING:
    from kb.verify import Fault

_WIDTH = 96
_INDENT = "    "


def answer(given: Answer) -> Iterator[str]:
    """Print an answer with its numbered sources, or why there is none and what came nearest."""
    for remark in given.remarks:
        yield f"({remark})"
    if given.abstained:
        yield f"Not on the record. {given.reason}"
        if given.nearest:
            yield "\nNearest passages:"
        for hit in given.nearest:
            yield from passage(hit)
        return
    yield from cited(given.claims, given.citations)


def cited(claims: Sequence[Claim], citations: Sequence[Citation]) -> Iterator[str]:
    """Print claims with their numbers, and what the numbers stand for."""
    for claim in claims:
        numbers = "".join(f"[{number}]" for number in claim.citations)
        yield _wrapped(f"{claim.text} {numbers}") + "\n"
    yield "Sources"
    for citation in citations:
        yield f"[{citation.number}] {_source(citation)}"
        if citation.link:
            yield f"{_INDENT}{citation.link}"


def passage(hit: Hit) -> Iterator[str]:
    """Print a found passage under the place it comes from."""
    found = hit.passage
    who = f" · {found.speaker}" if found.speaker else ""
    yield f"\n{place(found.span, found.line)}{who} · {hit.episode.title} ({hit.episode.show.title})"
    yield _wrapped(found.text, _INDENT)


def episode(held: Episode) -> Iterator[str]:
    """Print all that is known of an episode but its words."""
    yield held.title
    yield f"{_INDENT}{' · '.join(_facts(held))}"
    yield f"{_INDENT}id: {held.id}"
    if held.link:
        yield f"{_INDENT}{held.link}"
    for remark in remarks(held):
        yield f"{_INDENT}! {remark}"
    if held.summary:
        yield "\n" + _wrapped(held.summary, _INDENT)
    if held.people:
        yield "\nPeople"
    for person in held.people:
        about = f" - {person.about}" if person.about else ""
        yield f"{_INDENT}{person.name} ({person.role}){about}"
    if held.chapters:
        yield "\nChapters"
    for chapter in held.chapters:
        yield f"{_INDENT}{clock(chapter.start):>8}  {chapter.title}"


def line(held: Episode) -> str:
    """Print an episode in two lines."""
    return f"{held.id}\n{_INDENT}{held.title} · {' · '.join(_facts(held))}"


def place(span: Span, at_line: int | None) -> str:
    """Say where something is: its time, "about" where that was interpolated, else its line.

    >>> place(Span("e", 754, 790), None), place(Span("e", 754, 790, exact=False), None)
    ('12:34-13:10', 'about 12:34')
    >>> place(Span("e"), 12), place(Span("e"), None)
    ('line 12', 'no time')
    """
    if span.start is None or span.end is None:
        return f"line {at_line}" if at_line is not None else "no time"
    if not span.exact:
        return f"about {clock(span.start)}"
    return f"{clock(span.start)}-{clock(span.end)}"


def fault(found: "Fault") -> str:
    """Print what is wrong, with what to do on a line of its own where that is not done."""
    if found.mended:
        return f"mended  {found.what}"
    sign = "WRONG" if found.harm else "spare"
    return f"{sign}   {found.what}\n        -> {found.mend}"


def many(count: int, thing: str) -> str:
    """Say how many there are.

    >>> many(1, "episode"), many(2, "file")
    ('1 episode', '2 files')
    """
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def size(count: int) -> str:
    """Say bytes as people do.

    >>> size(999), size(48_300_000)
    ('999 bytes', '48.3 MB')
    """
    for unit, least in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= least:
            return f"{count / least:.1f} {unit}"
    return f"{count} bytes"


def as_json(
    value: "Answer | Episode | Sequence[Hit] | Sequence[Episode] | Sequence[Fault]",
) -> str:
    """Print values as JSON, with `abstained` told on answers."""
    plain: Any = (
        asdict(value) if isinstance(value, Answer | Episode) else [asdict(each) for each in value]
    )
    if isinstance(value, Answer):
        plain["abstained"] = value.abstained
    return json.dumps(plain, ensure_ascii=False, indent=2, default=str)


def _source(citation: Citation) -> str:
    who = f" · {citation.speaker}" if citation.speaker else ""
    weak = "" if citation.tier is Tier.TRANSCRIPT else f" · from the {citation.tier}"
    damaged = " · recording damaged" if citation.suspect else ""
    where = place(citation.span, citation.line)
    return f"{where}{who} · {citation.episode_title} ({citation.show_title}){weak}{damaged}"


def _facts(held: Episode) -> Iterator[str]:
    yield held.show.title
    if held.published:
        yield held.published.isoformat()
    if held.duration:
        yield clock(held.duration)
    yield ", ".join(held.tiers) or "nothing said"


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)
