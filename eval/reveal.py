"""What a voter is told once the vote is stored: who, how they differ, what was wrong, what moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval import ratings
from eval.board import BoardError
from eval.tally import strengths
from kb import seal
from kb.models import Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.models import Ballot, Battle, Contestant, Piece
    from eval.polls import Polls
    from kb.models import Citation
    from kb.ports import Library


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting in which two contestants differ; "" where one does not have it."""

    setting: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Check:
    """So many of a piece's citations still stand word for word in the library."""

    standing: int
    of: int


@dataclass(frozen=True, slots=True)
class Move:
    """A contestant's points before a vote and with it; None where it had no rating yet."""

    name: str
    before: float | None
    after: float


@dataclass(frozen=True, slots=True)
class Reveal:
    """A battle after the vote."""

    battle: Battle
    differences: tuple[Difference, ...]
    checks: tuple[Check, Check]
    moves: tuple[Move, ...]


def reveal(polls: Polls, voter: str, battle_id: str) -> Reveal:
    """Tell who made what, to somebody whose vote is stored.

    Raises:
        NotFoundError: there is no such battle.
        LibraryError: this voter has not judged it yet.
    """
    battle, library = polls.ballots.reveal(voter, battle_id), polls.library
    made = {each.name: each for each in polls.ballots.contestants()}
    a, b = (made.get(name) for name in (battle.a, battle.b))
    after = polls.counted()
    before = [each for each in after if (each.voter_id, each.battle_id) != (voter, battle_id)]
    return Reveal(
        battle,
        differences(a, b) if a and b else (),
        (_checked(battle.duel.a, library), _checked(battle.duel.b, library)),
        moves(before, after),
    )


def differences(a: Contestant, b: Contestant) -> tuple[Difference, ...]:
    """Give the settings in which two contestants differ."""
    here, there = dict(a.settings), dict(b.settings)
    return tuple(
        Difference(name, here.get(name, ""), there.get(name, ""))
        for name in sorted(here | there)
        if here.get(name) != there.get(name)
    )


def moves(before: Sequence[Ballot], after: Sequence[Ballot]) -> tuple[Move, ...]:
    """Give how the board moved; nothing as long as there is no board."""
    old, new = _points(before), _points(after)
    return tuple(Move(name, old.get(name), points) for name, points in new.items())


def _points(ballots: Sequence[Ballot]) -> dict[str, float]:
    try:
        found = strengths(ballots)
    except BoardError:
        return {}
    best_first = sorted(found, key=found.__getitem__, reverse=True)
    return {name: ratings.AVERAGE + ratings.POINTS * found[name] for name in best_first}


def _checked(piece: Piece, library: Library) -> Check:
    return Check(sum(_stands(each, library) for each in piece.citations), len(piece.citations))


def _stands(cited: Citation, library: Library) -> bool:
    sentences = library.passages_of(cited.span.episode_id, unit=Unit.SENTENCE, tier=cited.tier)
    return any(seal.places(cited.text, sentences))
