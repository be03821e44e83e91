"""The arena's values: frozen, whole at construction. Moments are seconds since 1970.

What a voter sees is a `Duel`, which knows no contestant; who made which side is in the `Battle`,
which is only given out once the vote is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.models import Citation, Claim


class Choice(StrEnum):
    """What a voter can say of two pieces. `BOTH_BAD` is no tie: it is counted apart."""

    A = "a"
    B = "b"
    TIE = "tie"
    BOTH_BAD = "both bad"

    @property
    def swapped(self) -> Choice:
        """Give the same verdict with the sides exchanged."""
        return {Choice.A: Choice.B, Choice.B: Choice.A}.get(self, self)


class Kind(StrEnum):
    """Why a battle was drawn."""

    PLAIN = "plain"
    REPEAT = "repeat"
    """One that the voter has judged before, with its sides exchanged."""
    CONTROL = "control"
    """One side's citations were shuffled: whoever reads them prefers the other."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A named way of answering. What it is, is in its settings: name and value, sorted by name."""

    name: str
    settings: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("a contestant has a name")
        if list(self.settings) != sorted(dict(self.settings).items()):
            raise ValueError("settings are sorted by name, each given once")

    @property
    def fingerprint(self) -> str:
        """Give the hash of what it is, whatever it is called.

        >>> Contestant("words", (("search", "words"),)).fingerprint
        'aced764fee72'
        """
        said = "\n".join(f"{name}={value}" for name, value in self.settings)
        return sha256(said.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Item:
    """What the contestants work on: a question, or the subject of a draft.

    `kind` is `answer`, `thesis` or `post`.
    """

    id: str
    text: str
    kind: str = "answer"


@dataclass(frozen=True, slots=True)
class Piece:
    """What a contestant made of an item, frozen: claims and citations, or none and the reason."""

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Duel:
    """Two pieces side by side, as a voter gets to see them: nothing here says who made them."""

    id: str
    item: Item
    a: Piece
    b: Piece


@dataclass(frozen=True, slots=True)
class Battle:
    """A duel with what stays hidden until the vote.

    `a` and `b` are contestants' names, `voter` whom it was drawn for, `of` the battle that it
    repeats, `propensity` the probability with which this item, pair and order were drawn.
    """

    duel: Duel
    a: str
    b: str
    kind: Kind
    voter: str
    propensity: float
    drawn: float
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """A voter's word that a citation does not support what it stands behind."""

    side: Choice
    number: int


@dataclass(frozen=True, slots=True)
class Vote:
    """What a voter said: which side the evidence supports better, and which reads better, if asked.

    `seconds` is the time from the battle's first showing, None where that is not known.
    """

    voter: str
    battle_id: str
    choice: Choice
    reading: Choice | None = None
    reasons: tuple[str, ...] = ()
    objections: tuple[Objection, ...] = ()
    seconds: float | None = None
    cast: float = 0.0


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote with its battle, as it is counted, exported and imported: one row.

    `style` are the covariates of the battle, (a-b)/(a+b+1) each, in the order of `STYLE`.
    """

    model_a: str
    model_b: str
    winner: Choice
    item_id: str
    voter_id: str
    battle_id: str
    kind: Kind = Kind.PLAIN
    repeats: str = ""
    reading: Choice | None = None
    propensity: float = 1.0
    seconds: float | None = None
    cast: float = 0.0
    style: tuple[float, ...] = ()
    reasons: tuple[str, ...] = ()


STYLE = ("words", "marks", "supported citations", "unsupported citations", "quotes")
"""What of a piece may sway a vote beside its substance; `marks` are lists and bold."""
