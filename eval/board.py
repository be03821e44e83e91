"""The board: who stands where, how surely, and what cannot be told yet. Frozen values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kb.errors import SoundproofError


class BoardError(SoundproofError):
    """These votes make no board."""


class Method(StrEnum):
    """Where the intervals come from."""

    SANDWICH = "sandwich by question"
    JACKKNIFE = "leaving out each question in turn"
    PRIOR = "the prior alone: there is one question"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Record:
    """How a contestant fared. Both-bad battles are in no other number; `items` are questions."""

    wins: int
    losses: int
    ties: int
    both_bad: int
    items: int

    @property
    def votes(self) -> int:
        """Give how many votes its rating rests on."""
        return self.wins + self.losses + self.ties


@dataclass(frozen=True, slots=True)
class Rating:
    """Where a contestant stands.

    `points` are 1000 on average; `share` is the expected share of wins against all others on the
    board equally often, ties halved. Of one that is warming up, `tier` and `best` are not told:
    else `tier` 1 is the best, and `best` the probability to be the best of those that are told.
    """

    name: str
    points: Estimate
    share: float
    tier: int | None
    best: float | None
    record: Record

    @property
    def warming(self) -> bool:
        """Tell whether it has too few votes or questions to be ranked."""
        return self.tier is None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two contestants, the higher rated first.

    `gap` is in points, its interval for this pair alone, `error` its standard error; `separated`
    holds for all pairs of the board at once. `needed` are the votes still to come, of the whole
    board as it is voted on now, to separate them with a chance of 80 %: 0 where they are separated,
    None where nobody will give so many, or where they are not `settled`: one of them is warming up.
    """

    higher: str
    lower: str
    gap: Estimate
    error: float
    separated: bool
    settled: bool
    needed: int | None


@dataclass(frozen=True, slots=True)
class Coefficient:
    """What sways a vote beside the contestants, in logits.

    Of being shown first ("position"), or of a covariate, for each of its standard deviations.
    """

    name: str
    value: Estimate


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question whose answers were found both bad."""

    item: str
    both_bad: int
    votes: int
    """All votes on it, those included."""


@dataclass(frozen=True, slots=True)
class Board:
    """The ratings, best first, and all that is told with them.

    `shares` and `surely` have a row and a column for each rating, in their order: the expected share
    of wins of the row's contestant over the column's, and the probability that it is the better of
    the two (both 1/2 on the diagonal). `critical` is what the t of a difference has to reach for the
    two to be separated. `unanswered` has the most often both bad first; `unrated` are contestants
    that have no vote but both-bad ones.
    """

    votes: int
    items: int
    both_bad: int
    controlled: bool
    method: Method
    critical: float
    ratings: tuple[Rating, ...]
    pairs: tuple[Pair, ...]
    shares: tuple[tuple[float, ...], ...]
    surely: tuple[tuple[float, ...], ...]
    coefficients: tuple[Coefficient, ...]
    unanswered: tuple[Unanswered, ...]
    unrated: tuple[str, ...]

    def rating(self, name: str) -> Rating:
        """Give a contestant's rating.

        Raises:
            BoardError: it has none.
        """
        for each in self.ratings:
            if each.name == name:
                return each
        raise _unknown(name, self)

    def pair(self, one: str, other: str) -> Pair:
        """Give the pair of two contestants, in either order.

        Raises:
            BoardError: one of them has no rating, or they are the same.
        """
        for each in self.pairs:
            if {each.higher, each.lower} == {one, other}:
                return each
        raise _unknown(f"the pair of {one} and {other}", self)


def _unknown(what: str, board: Board) -> BoardError:
    names = ", ".join(each.name for each in board.ratings)
    return BoardError(f"The board has no rating of {what}", hint=f"It has: {names}.")
