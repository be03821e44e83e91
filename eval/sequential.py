"""Who has won: said by a rule that may be looked at after every vote.

A bettor starts with 1 and bets on each question at even odds that one contestant is the better: a
stake of lambda pays lambda times d, the mean of +1, -1 and 0 over the votes on that question. If
neither is better, nobody can expect to gain by that, and the capital E (the mean over nineteen
lambdas from -0.9 to 0.9) ever reaches C with a probability of at most 1/C, however often it is
looked at (Ville's inequality; Ramdas et al., "Game-theoretic statistics and safe anytime-valid
inference", Statistical Science 38, 2023).

That holds only if a d, once it is bet on, no longer moves: whoever looks while each vote still moves
it can wait until it looks well. So a bettor closes questions: it takes them with the votes they have
and never comes back to them. When it does so may depend on how many votes there are, not on what
they say. One closes each question at its first vote; one whenever there are 4 votes for each
question seen so far, one at 16. Each has a fair game of its own, whatever the others see; they share
the chance of a false alarm, a sixth, a sixth and two thirds, and the first with enough for its part
tells. Questions may differ in who is better on them: each is one bet, however many votes it has.

Votes that find both bad count as 0: left out, the verdicts would have a say in when a question is
closed. For the same reason the votes of a pair have to come as they do without regard to its
verdicts: to stop voting on a question because of how it goes would spoil it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eval.columns import code, sums

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from eval.columns import Coded, Columns, Floats, Ints

FALSE_ALARM = 0.05
"""The chance that somebody who is no better is ever called a winner, over all pairs together."""
_BETS = np.arange(-9, 10) / 10
_VALUES = np.array([1.0, -1.0, 0.0, 0.0])
_BETTORS = ((1, 1 / 6), (4, 1 / 6), (16, 2 / 3))
"""After how many votes a question each closes them, and its part of the chance of a false alarm."""
_MOST = 700.0
"""The natural log of what a float can hold."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How strongly the votes say that one contestant is better than the other.

    `strength` is the most that any bettor has made of its part of the stakes, `wanted` what makes a
    winner; `vote` is the number of the ballot with which it was reached, None as long as it is not.
    """

    better: str
    worse: str
    strength: float
    wanted: float
    vote: int | None

    @property
    def won(self) -> bool:
        """Tell whether the better one may be called the winner of the two."""
        return self.vote is not None


def watch(columns: Columns) -> tuple[Evidence, ...]:
    """Weigh the votes of each pair that met, in the order in which they were cast.

    The more contestants, the more pairs are watched, and the more is wanted of each.

    Raises:
        SourceError: the columns cannot be read.
    """
    coded = code(columns)
    size = len(coded.contestants)
    wanted = size * (size - 1) / 2 / FALSE_ALARM
    return tuple(
        _weigh(coded.contestants[one], coded.contestants[other], wanted, votes)
        for one, other, votes in _pairs(coded)
    )


def winner(evidence: Sequence[Evidence], contestants: Sequence[str]) -> str | None:
    """Give the one contestant that has won against each other."""
    for name in contestants:
        beaten = {each.worse for each in evidence if each.won and each.better == name}
        if beaten and beaten == set(contestants) - {name}:
            return name
    return None


@dataclass(frozen=True, slots=True, eq=False)
class _Votes:
    """The votes of a pair in their order: on which of its questions, what, and as which ballot."""

    question: Ints
    said: Floats
    ballot: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Game:
    """A bettor's capital, as a log, after each time it closed questions.

    `ahead` tells whether the first contestant is, `vote` which of the pair's votes it was.
    """

    capital: Floats
    ahead: NDArray[np.bool_]
    vote: Ints


def _weigh(one: str, other: str, wanted: float, votes: _Votes) -> Evidence:
    """Let each bettor play, and find when the first has made enough, or else what was the most."""
    games = [_play(votes, *bettor) for bettor in _BETTORS]
    capital = np.concatenate([game.capital for game in games])
    ahead = np.concatenate([game.ahead for game in games])
    vote = np.concatenate([game.vote for game in games])
    enough = capital >= np.log(wanted)
    won = bool(enough.any())
    # Of those with enough the earliest, else the greatest.
    at = int(np.where(enough, vote, len(votes.said)).argmin() if won else capital.argmax())
    better, worse = (one, other) if ahead[at] else (other, one)
    most = float(np.exp(min(float(capital.max()), _MOST)))
    return Evidence(better, worse, most, wanted, int(votes.ballot[vote[at]]) + 1 if won else None)


def _play(votes: _Votes, full: int, part: float) -> _Game:
    """Play for a bettor that waits for so many votes a question, with its part of the stakes."""
    _, first = np.unique(votes.question, return_index=True)
    size, times = len(first), np.arange(len(votes.said))
    seen = np.cumsum(np.bincount(first, minlength=len(times)))
    (sittings,) = np.nonzero(times + 1 >= full * seen)
    # A question is closed at the first sitting from its first vote on; the last may still be open.
    sitting = np.searchsorted(sittings, first)
    closing = np.append(sittings, len(times))[sitting]
    known = times <= closing[votes.question]
    counts = np.bincount(votes.question[known], minlength=size)
    means = sums(votes.said[known], votes.question[known], size) / counts
    order = np.argsort(closing, kind="stable")
    order = order[closing[order] < len(times)]
    logs = np.cumsum(np.log1p(means[order, None] * _BETS), axis=0)
    (ends,) = np.nonzero(np.diff(closing[order], append=len(times)))
    logs = logs[ends]
    top = logs.max(axis=1, keepdims=True)
    capital = np.exp(logs - top)
    ahead = capital[:, _BETS > 0].sum(axis=1) > capital[:, _BETS < 0].sum(axis=1)
    made = top[:, 0] + np.log(capital.mean(axis=1) * part)
    return _Game(made, ahead, closing[order][ends])


def _pairs(coded: Coded) -> Iterator[tuple[int, int, _Votes]]:
    """Yield each pair that met, with its votes."""
    size = len(coded.contestants)
    one, other = np.minimum(coded.a, coded.b), np.maximum(coded.a, coded.b)
    said = np.where(coded.a == one, 1.0, -1.0) * _VALUES[coded.outcome]
    pairs = one * size + other
    order = np.argsort(pairs, kind="stable")
    found, starts = np.unique(pairs[order], return_index=True)
    for pair, mine in zip(found, np.split(order, starts)[1:], strict=True):
        _, question = np.unique(coded.item[mine], return_inverse=True)
        yield int(pair) // size, int(pair) % size, _Votes(question, said[mine], mine)
