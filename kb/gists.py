"""What a language model makes of a stretch of an episode: points with the sentences they rest on.

It names sentences by number and is never asked for quotes: those are looked up afterwards.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

Thing = TypeVar("Thing")


class Kind(StrEnum):
    """What a point is good for in a brief."""

    TOPIC = "topic"
    THEME = "theme"
    OBSERVATION = "observation"


@dataclass(frozen=True, slots=True)
class Point:
    """Something that is said; `sentences` are the numbers of those that say it, from 1."""

    kind: Kind
    title: str
    text: str
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pitch:
    """What an investor may want to hear of; each part is the numbers of the sentences that say it."""

    title: str
    problem: tuple[int, ...]
    solution: tuple[int, ...]
    opportunity: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Gist:
    """All that a stretch holds."""

    points: tuple[Point, ...] = ()
    pitches: tuple[Pitch, ...] = ()


@dataclass(frozen=True, slots=True)
class Stated:
    """A sentence of a summary, and the numbers of what it rests on, from 1."""

    text: str
    rests_on: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What an episode is about and what it comes to; `best` are the numbers worth keeping."""

    overview: tuple[Stated, ...] = ()
    conclusion: tuple[Stated, ...] = ()
    best: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Used:
    """Tokens that went in and came out of a model, over all requests.

    `estimated` where a server did not count them: then they are reckoned from the words.
    """

    prompt: int = 0
    reply: int = 0
    requests: int = 0
    estimated: bool = False


def named(numbers: Iterable[int], among: Sequence[Thing]) -> tuple[Thing, ...]:
    """Give what a model's numbers stand for, from 1, each once; those that name nothing are left out.

    >>> named((2, 2, 9, 0), "ab")
    ('b',)
    """
    return tuple(among[n - 1] for n in dict.fromkeys(numbers) if 1 <= n <= len(among))
