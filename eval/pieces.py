"""Pieces: how one is kept, how it is shown to a voter, what of it may sway a vote, how one is spoilt."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from pydantic import BaseModel, ValidationError

from eval.models import Ballot, Choice, Kind, Piece
from kb.drafts import Draft
from kb.errors import LibraryError
from kb.models import Answer, Citation, Claim, Mark

NO_ANSWER = "Not on the record."
"""What a voter sees of a piece without claims: its own reason tells which kind of writer gave it."""

_ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s", re.MULTILINE)
_BOLD = re.compile(r"\*\*[^*\n]+\*\*|__[^_\n]+__")
_SHUFFLED = " (citations shuffled)"


class _Kept(BaseModel, frozen=True):
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    reason: str


def of(made: Answer | Draft) -> Piece:
    """Take of an answer or a draft what is judged: neither who wrote it nor remarks on how."""
    reason = made.reason if isinstance(made, Answer) else ""
    return Piece(made.claims, made.citations, reason)


def dumped(piece: Piece) -> str:
    """Write a piece as JSON, to the last bit of its times."""
    kept = _Kept(claims=piece.claims, citations=piece.citations, reason=piece.reason)
    return kept.model_dump_json()


def loaded(text: str) -> Piece:
    """Read a piece that `dumped` wrote.

    Raises:
        LibraryError: it is damaged.
    """
    try:
        kept = _Kept.model_validate_json(text)
    except ValidationError as error:
        raise LibraryError(
            "A piece of the arena is damaged in the library", hint="Restore a backup."
        ) from error
    return Piece(kept.claims, kept.citations, kept.reason)


def blind(piece: Piece) -> Piece:
    """Give a piece as a voter may see it: what stands around the words is alike on all sides.

    A writer shows in how its claims are marked and checked, and in why it refuses.
    """
    claims = tuple(
        replace(each, text=each.text.strip(), mark=Mark.SUPPORTED, quotes=(), why="")
        for each in piece.claims
    )
    return Piece(claims, piece.citations, "" if claims else NO_ANSWER)


# What may sway


def style(a: Piece, b: Piece) -> tuple[float, ...]:
    """Compare two pieces in what `eval.models.STYLE` names, as (a-b)/(a+b+1) each."""
    counts = zip(_counts(a), _counts(b), strict=True)
    return tuple((x - y) / (x + y + 1) for x, y in counts)


def _counts(piece: Piece) -> tuple[int, ...]:
    texts = [claim.text for claim in piece.claims]
    backed = _numbers(piece, backed=True)
    return (
        sum(len(text.split()) for text in texts),
        sum(len(_ITEM.findall(text)) + len(_BOLD.findall(text)) for text in texts),
        len(backed),
        len(_numbers(piece, backed=False) - backed),
        sum(claim.mark is Mark.QUOTED for claim in piece.claims),
    )


def _numbers(piece: Piece, *, backed: bool) -> set[int]:
    """Give the citations behind claims that passed their check, or behind those that did not."""
    passed = (Mark.QUOTED, Mark.SUPPORTED)
    claims = [each for each in piece.claims if (each.mark in passed) is backed]
    return {number for each in claims for number in each.citations}


# Controls


def strangers(piece: Piece, others: Sequence[Piece]) -> tuple[Citation, ...]:
    """Give what other items' pieces cite, each place once, that cannot support this one.

    Places in episodes that this piece does not cite, or, where those are too few, any that it does
    not cite itself; none where there are too few still.
    """
    places = {each.passage_id: each for other in others for each in other.citations}
    own = {each.passage_id for each in piece.citations}
    episodes = {each.span.episode_id for each in piece.citations}
    foreign = [each for each in places.values() if each.span.episode_id not in episodes]
    elsewhere = [each for each in places.values() if each.passage_id not in own]
    needed = len(piece.citations)
    enough = (found for found in (foreign, elsewhere) if len(found) >= needed > 0)
    return tuple(next(enough, ()))


def shuffled(piece: Piece, pool: Sequence[Citation], random: Random) -> Piece:
    """Put citations of the pool in place of a piece's own: same words, same numbers, other evidence.

    Within an answer the citations are about one thing, and a claim may stand on several of them; so
    they are shuffled between questions, and whoever reads one sees that it is about something else.
    """
    drawn = random.sample(list(pool), len(piece.citations))
    moved = zip(piece.citations, drawn, strict=True)
    return replace(piece, citations=tuple(replace(new, number=old.number) for old, new in moved))


def shuffled_name(name: str) -> str:
    """Name the spoilt side of a control: a contestant of its own, of which no board knows.

    >>> shuffled_name("hybrid"), plain_name("hybrid (citations shuffled)")
    ('hybrid (citations shuffled)', 'hybrid')
    """
    return name + _SHUFFLED


def plain_name(name: str) -> str:
    """Give the contestant whose piece a side shows, spoilt or not."""
    return name.removesuffix(_SHUFFLED)


def intact(ballots: Iterable[Ballot]) -> dict[str, Choice]:
    """Give, by battle, the side of each control that a voter who reads the citations prefers."""
    return {
        each.battle_id: Choice.A if each.model_a == plain_name(each.model_a) else Choice.B
        for each in ballots
        if each.kind is Kind.CONTROL
    }
