"""A model as a judge: asked in both orders, scored by the mean of the two; flips are never dropped.

A judge sees what a voter sees and answers as one, but its verdicts are kept apart from people's
votes: `eval.agreement` sets them side by side, `eval.fusion` brings them together where it pays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from eval.models import Choice, Kind
from kb.text import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eval.models import Battle, Duel, Piece
    from eval.ports import Judge
    from kb.models import Citation

POINTS = {Choice.A: 1, Choice.B: -1, Choice.TIE: 0, Choice.BOTH_BAD: 0}
"""What a verdict says of side a against side b: two that are both bad are preferred equally."""


class Reader(Protocol):
    """A model that compares two texts about a subject: `a`, `b`, `tie` or `both bad`.

    Raises:
        WriterError: the model failed, answered nonsense, or cannot take in as much.
    """

    @property
    def name(self) -> str:
        """Name the model and the version of what it is asked."""
        ...

    def compare(self, subject: str, a: str, b: str) -> str:
        """Say which text the evidence it cites supports better."""
        ...


@dataclass(frozen=True, slots=True)
class ModelJudge:
    """A `Judge` that lets a model read both pieces as `sheet` writes them down."""

    reader: Reader

    @property
    def name(self) -> str:
        """Name the model."""
        return self.reader.name

    def prefers(self, duel: Duel) -> Choice:
        """Let the model say it."""
        return Choice(self.reader.compare(duel.item.text, sheet(duel.a), sheet(duel.b)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge said of a battle's pieces in both orders, and who made them.

    `straight` was said with the sides as drawn, `crossed` with the sides exchanged; in both, `A`
    is what `model_a` made.
    """

    judge: str
    battle_id: str
    item_id: str
    model_a: str
    model_b: str
    straight: Choice
    crossed: Choice

    @property
    def score(self) -> float:
        """Give the mean of the two answers: 1 for `model_a`, -1 for `model_b`, in steps of a half."""
        return (POINTS[self.straight] + POINTS[self.crossed]) / 2

    @property
    def flipped(self) -> bool:
        """Tell whether the order changed the answer."""
        return self.straight is not self.crossed

    @property
    def slots(self) -> tuple[int, int]:
        """Count how often it took the piece that it saw first, and how often it took either."""
        first = (self.straight is Choice.A) + (self.crossed is Choice.B)
        chosen = sum(POINTS[each] != 0 for each in (self.straight, self.crossed))
        return first, chosen


def judge(by: Judge, battle: Battle) -> Verdict:
    """Ask a judge about a battle's two pieces, in both orders.

    Raises:
        WriterError: the judge's model failed; there is no verdict by halves.
    """
    duel = battle.duel
    straight = by.prefers(duel)
    crossed = by.prefers(replace(duel, a=duel.b, b=duel.a)).swapped
    return Verdict(by.name, duel.id, duel.item.id, battle.a, battle.b, straight, crossed)


def judged(by: Judge, battles: Iterable[Battle]) -> Iterator[Verdict]:
    """Judge plain battles one by one, each pair of contestants once on an item."""
    seen = set[tuple[str, frozenset[str]]]()
    for battle in battles:
        key = (battle.duel.item.id, frozenset((battle.a, battle.b)))
        if battle.kind is Kind.PLAIN and key not in seen:
            seen.add(key)
            yield judge(by, battle)


def sheet(piece: Piece) -> str:
    """Write a piece down for a model: claims with their numbers, then what the numbers cite.

    Why a piece says nothing is left out: the reason would tell which kind of writer gave it.
    """
    if not piece.claims:
        return "(It gives no answer.)"
    claims = [
        " ".join([claim.text, *(f"[{number}]" for number in claim.citations)])
        for claim in piece.claims
    ]
    return "\n".join([*claims, "Sources:", *map(_source, piece.citations)])


def _source(citation: Citation) -> str:
    start = citation.span.start
    at = (citation.speaker, citation.episode_title, "" if start is None else clock(start))
    return f"[{citation.number}] {', '.join(filter(None, at))}: “{citation.text}”"
