"""Sealed quotes as lines and as JSON, for the command line."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from kb import links
from kb.models import Difference, Episode, Quote
from ui.printing import place

_INDENT = "    "


def lines(sealed: Sequence[Quote], episode: Episode) -> Iterator[str]:
    """Print each quote under its status: the real words, where they are, what differs."""
    for quote in sealed:
        yield f"{quote.status}: {quote.claim}"
        if quote.pieces:
            for piece in quote.pieces:
                yield from _heard(piece, episode)
        else:
            yield from _heard(quote, episode)
        yield from (f"{_INDENT}{_difference(each)}" for each in quote.differences)


def as_json(sealed: Sequence[Quote], episode: Episode) -> str:
    """Print quotes as JSON, with whether each may be shown as one, and its link."""
    plain = [
        asdict(quote) | {"quotable": quote.quotable, "link": _link(quote, episode)}
        for quote in sealed
    ]
    return json.dumps(plain, ensure_ascii=False, indent=2)


def _heard(quote: Quote, episode: Episode) -> Iterator[str]:
    if quote.source is None or quote.span is None:
        return
    who = f" · {quote.speaker}" if quote.speaker else ""
    yield f"{_INDENT}{place(quote.span, None)}{who} · heard: {quote.source}"
    link = _link(quote, episode)
    if link:
        yield f"{_INDENT}{link}"


def _link(quote: Quote, episode: Episode) -> str | None:
    return links.outside(episode, quote.span) if quote.span else None


def _difference(each: Difference) -> str:
    """Say what differs.

    >>> (
    ...     _difference(Difference("number", "14", "40")),
    ...     _difference(Difference("negation", "", "not")),
    ... )
    ('number: "14" was "40"', 'negation: "not" is left out')
    """
    if not each.claimed:
        return f'{each.kind}: "{each.heard}" is left out'
    if not each.heard:
        return f'{each.kind}: "{each.claimed}" was not heard'
    return f'{each.kind}: "{each.claimed}" was "{each.heard}"'
