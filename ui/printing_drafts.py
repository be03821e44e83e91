"""Drafts as lines of text and as JSON."""

from __future__ import annotations

import json
import textwrap
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kb.drafting import posts
from kb.drafting.proof import LOST
from kb.drafting.receipts import leaves, share
from kb.drafts import Kind
from kb.models import Mark
from ui import printing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.drafting.critic import Review
    from kb.drafting.desk import Kept, Title
    from kb.drafts import Draft, Part
    from kb.models import Claim

_WIDTH = 96
_INDENT = "    "


def draft(kept: Kept) -> Iterator[str]:
    """Print a draft: each sentence with its number and mark, what is wrong with it, the sources."""
    made = kept.draft
    yield f"{made.title}\n{_INDENT}{made.kind} {kept.id} · {made.writer} · {share(made)}"
    for remark in made.remarks:
        yield f"({remark})"
    number = 1
    for part in made.parts:
        yield f"\n{part.title}{_counted(made, part)}".rstrip()
        for claim in part.claims:
            yield from _sentence(number, claim)
            number += 1
    yield "\nSources"
    for citation in made.citations:
        weak = f" · {citation.link}" if citation.link else ""
        where = printing.place(citation.span, citation.line)
        who = citation.speaker or "speaker unknown"
        yield f"[{citation.number}] {where} · {who} · {citation.episode_title}{weak}"


def title(each: Title) -> str:
    """Print a draft in a line."""
    day = datetime.fromtimestamp(each.updated, UTC).date().isoformat()
    return f"{each.id}  {day}  {each.kind:<6}  {each.person}  {each.title}"


def review(told: Review) -> Iterator[str]:
    """Print what a critic holds against a draft, and whether it passes."""
    for each in told.objections:
        about = "the whole" if each.sentence is None else f"sentence {each.sentence}"
        yield f"{about}: {each.what}"
    if told.points < told.most:
        yield f"{told.points} of {told.most} points are left: a draft does not pass by losing its point."
    state = "It passes." if told.passed else "It does not pass."
    yield f"{state} Critic: {told.critic}; {printing.many(told.points, 'point')}."


def faults(made: Draft) -> Iterator[str]:
    """Print the sentences that nothing carries, and why."""
    for number, claim in enumerate(made.claims, 1):
        if claim.mark is Mark.UNSUPPORTED:
            yield from _sentence(number, claim)


def as_json(value: Kept | Review | Sequence[Title]) -> str:
    """Print values as JSON; of a draft, the share that can be published too."""
    from kb.drafting.critic import Review  # noqa: PLC0415
    from kb.drafting.desk import Kept  # noqa: PLC0415 - heavy: it brings the database

    if isinstance(value, Kept):
        more: dict[str, object] = {"publishable": value.draft.publishable}
    elif isinstance(value, Review):
        more = {"passed": value.passed}
    else:
        return _json([asdict(each) for each in value])
    return _json(asdict(value) | more)


def _json(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=False, indent=2, default=str)


def _sentence(number: int, claim: Claim) -> Iterator[str]:
    """Print a sentence under its number; one whose quote nobody said is struck."""
    numbers = "".join(f"[{each}]" for each in claim.citations)
    struck = "" if leaves(claim) else "STRUCK "
    yield textwrap.fill(
        f"{number}. ({struck}{claim.mark}) {claim.text} {numbers}",
        _WIDTH,
        subsequent_indent=_INDENT,
    )
    if claim.why:
        lost = " (it is shown as it was)" if claim.why == LOST else ""
        yield textwrap.fill(
            f"! {claim.why}{lost}", _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT
        )


def _counted(made: Draft, part: Part) -> str:
    if made.kind is not Kind.POST:
        return ""
    return f" · {posts.length(posts.post(part, made.citations))} of {posts.LONGEST} characters"
