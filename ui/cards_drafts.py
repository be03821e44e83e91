"""Drafts as plain text to draw: each sentence with how it is backed, in words and in a sign."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kb.drafting import receipts
from kb.drafting.proof import LOST
from kb.drafts import Kind
from kb.models import Mark
from ui import cards, places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.drafting.critic import Review
    from kb.drafting.desk import Title
    from kb.drafts import Draft
    from kb.models import Claim, Passage

KINDS = {Kind.THESIS: "Thesis", Kind.POST: "Posts", Kind.BLOG: "Blog post"}
_MARKS = {
    Mark.QUOTED: ("“” Quoted", "good"),
    Mark.SUPPORTED: ("✓ Supported", "good"),
    Mark.OWN_VIEW: ("◇ Own view", "own"),
    Mark.UNSUPPORTED: ("✕ Unsupported", "bad"),
}


def parts(draft: Draft) -> list[tuple[str, list[cards.Line]]]:
    """Show each part: its title, and a line for each sentence, numbered from 1 over all parts."""
    numbers = iter(range(1, len(draft.claims) + 1))
    return [
        (part.title, [_line(claim, draft, next(numbers)) for claim in part.claims])
        for part in draft.parts
    ]


def _line(claim: Claim, draft: Draft, number: int) -> cards.Line:
    label, tone = _MARKS[claim.mark]
    why = "" if claim.mark in (Mark.QUOTED, Mark.SUPPORTED) else claim.why
    # Marks of its own stand in a quoted sentence already.
    drawn = replace(cards.line(claim, draft), quoted=False)
    return replace(drawn, label=label, tone=tone, caveat=why, edit=str(number))


def share(draft: Draft) -> str:
    """Say how much of a draft can be published, and what its sentences are."""
    return f"{receipts.share(draft)}."


def sources(draft: Draft, lost: frozenset[int]) -> list[cards.Card]:
    """Show what a draft cites; what is in the library no more says so."""
    return [
        replace(cards.source(each, lost=each.number in lost), pick="") for each in draft.citations
    ]


def shelf(titles: list[Title]) -> list[cards.Card]:
    """Show the drafts that are kept."""
    return [
        cards.Card(
            title=each.title,
            query=f"drafts?{urlencode({'draft': each.id})}",
            meta=f"{KINDS[each.kind]} · {each.person} · {_day(each.updated)}",
        )
        for each in titles
    ]


def _day(seconds: float) -> str:
    return cards.day(datetime.fromtimestamp(seconds, UTC))


def chosen(query: str, sentences: tuple[Passage, ...], title: str) -> cards.Card:
    """Show a passage that was chosen for a draft."""
    first = sentences[0]
    return cards.Card(
        title=title,
        query=query,
        meta=" · ".join(filter(None, (first.speaker, places.when(first.span)))),
        text=" ".join(each.text for each in sentences),
        pick=query,
    )


def gone(query: str) -> cards.Card:
    """Show a chosen passage that is not there any more; it can be let go."""
    return cards.Card(title="A passage you chose", query=query, text=LOST, pick=query)


def review(told: Review) -> Iterator[str]:
    """Say what a critic holds against a draft, and whether it passes."""
    for each in told.objections:
        about = "The whole" if each.sentence is None else f"Sentence {each.sentence}"
        yield f"{about}: {each.what}"
    if told.points < told.most:
        yield f"{told.points} of {told.most} points are left: it does not pass by losing its point."
    yield f"{'It passes.' if told.passed else 'It does not pass.'} Critic: {told.critic}."
