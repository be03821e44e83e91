"""The ballots as the statistics take them: columns of strings, and these as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from eval.models import Ballot, Choice, Kind
from kb.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OUTCOMES = (Choice.A, Choice.B, Choice.TIE, Choice.BOTH_BAD)
"""An outcome is a place in this."""
WON_A, WON_B, TIED, BOTH_BAD = range(4)
_PLACES = {str(choice): place for place, choice in enumerate(OUTCOMES)}


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Ballots, a column each, row by row in the order in which they were cast.

    `winner` holds the values of `Choice`; `style`, where it is known of every ballot, has the shape
    (ballots, covariates).

    Raises:
        SourceError: the columns differ in length, or a covariate is not a number.
    """

    model_a: Sequence[str]
    model_b: Sequence[str]
    winner: Sequence[str]
    item: Sequence[str]
    style: Floats | None = None

    def __post_init__(self) -> None:
        rest = (
            self.model_b,
            self.winner,
            self.item,
            *(() if self.style is None else (self.style,)),
        )
        lengths = [len(self.model_a), *map(len, rest)]
        if len(set(lengths)) != 1:
            raise SourceError(
                f"The columns of the ballots have {', '.join(map(str, lengths))} rows",
                hint="Each ballot is a row of every column.",
            )
        if self.style is not None and not (self.style.ndim == 2 and np.isfinite(self.style).all()):  # noqa: PLR2004 -- rows and columns
            raise SourceError(
                "The style of the ballots is no table of numbers",
                hint="It has a row for each ballot and a finite number for each covariate.",
            )

    def __len__(self) -> int:
        return len(self.model_a)

    @classmethod
    def of(cls, ballots: Sequence[Ballot]) -> Columns:
        """Take what counts: each voter's first word on plain battles, no repeats, no controls."""
        plain = first_words(ballots)
        widths = {len(ballot.style) for ballot in plain}
        known = len(widths) == 1 and widths != {0}
        return cls(
            [ballot.model_a for ballot in plain],
            [ballot.model_b for ballot in plain],
            [ballot.winner for ballot in plain],
            [ballot.item_id for ballot in plain],
            np.array([ballot.style for ballot in plain], np.float64) if known else None,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Ballots as numbers: contestants are places in their sorted names, items in their order.

    `a`, `b`, `item` and `outcome` have a value for each ballot, both-bad ones too.
    """

    contestants: tuple[str, ...]
    items: tuple[str, ...]
    a: Ints
    b: Ints
    item: Ints
    outcome: Ints
    style: Floats | None

    @property
    def counted(self) -> Coded:
        """Give those that say which is better, or that neither is: the others are counted apart."""
        said = self.outcome != BOTH_BAD
        style = None if self.style is None else self.style[said]
        a, b, item, outcome = (each[said] for each in (self.a, self.b, self.item, self.outcome))
        return Coded(self.contestants, self.items, a, b, item, outcome, style)

    def among(self, contestants: tuple[str, ...], places: Ints) -> Coded:
        """Give the same with contestants at other places; the others have no ballots."""
        a, b = places[self.a], places[self.b]
        return Coded(contestants, self.items, a, b, self.item, self.outcome, self.style)


def first_words(ballots: Iterable[Ballot]) -> list[Ballot]:
    """Give what counts: what each voter said first of two contestants on an item, in plain battles."""
    said = dict[tuple[str, str, frozenset[str]], Ballot]()
    for each in ballots:
        if each.kind is Kind.PLAIN:
            pair = frozenset((each.model_a, each.model_b))
            said.setdefault((each.voter_id, each.item_id, pair), each)
    return list(said.values())


def code(columns: Columns) -> Coded:
    """Read columns.

    Raises:
        SourceError: a winner is unknown, or a contestant is set against itself.
    """
    contestants = tuple(sorted({*columns.model_a, *columns.model_b}))
    places = {name: place for place, name in enumerate(contestants)}
    a, b = _places(columns.model_a, places), _places(columns.model_b, places)
    if (a == b).any():
        name = contestants[int(a[a == b][0])]
        raise SourceError(
            f"A ballot sets {name} against itself", hint="A battle has two contestants."
        )
    items, item = _numbered(columns.item)
    outcome = _outcomes(columns.winner)
    return Coded(contestants, items, a, b, item, outcome, columns.style)


def _numbered(names: Sequence[str]) -> tuple[tuple[str, ...], Ints]:
    """Number names in the order in which they come."""
    known = dict.fromkeys(names)
    if len(known) == len(names):
        return tuple(known), np.arange(len(names))
    return tuple(known), _places(names, dict(zip(known, count(), strict=False)))


def _places(names: Sequence[str], places: Mapping[str, int]) -> Ints:
    return np.fromiter(map(places.__getitem__, names), np.int64, len(names))


def _outcomes(winners: Sequence[str]) -> Ints:
    try:
        return _places(winners, _PLACES)
    except KeyError as error:
        raise SourceError(
            f"A ballot's winner is {error}", hint=f"It is one of: {', '.join(OUTCOMES)}."
        ) from error


def sums(values: Floats, places: Ints, size: int) -> Floats:
    """Add up values by the place that each belongs to: (size,)."""
    return np.bincount(places, values, minlength=size).astype(np.float64, copy=False)
