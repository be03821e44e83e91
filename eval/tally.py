"""All that is told of an arena's votes at once: both boards, who has won, how few votes carry it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval import ratings, robustness, sequential
from eval.board import BoardError
from eval.columns import Columns, first_words
from eval.models import Choice

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from eval.board import Board
    from eval.models import Ballot
    from eval.robustness import Robustness
    from eval.sequential import Evidence


@dataclass(frozen=True, slots=True)
class Tally:
    """What the votes say.

    `board` leaves out the voters who are excluded, `everyone` does not (None where nobody is);
    `controlled` leaves style aside, None where that is not known. `winner` is said by the rule that
    may be looked at after every vote, None as long as nobody has won, or once the votes have turned.
    """

    board: Board
    controlled: Board | None
    everyone: Board | None
    evidence: tuple[Evidence, ...]
    winner: str | None
    robustness: Robustness


def tally(ballots: Sequence[Ballot], excluded: Collection[str] = ()) -> Tally:
    """Count votes.

    Raises:
        BoardError: they make no board.
    """
    votes = [each for each in ballots if each.voter_id not in excluded]
    columns = Columns.of(votes)
    board = ratings.rate(columns)
    evidence = sequential.watch(columns)
    names = [each.name for each in board.ratings]
    won = sequential.winner(evidence, [*names, *board.unrated])
    return Tally(
        board=board,
        controlled=_controlled(columns),
        everyone=ratings.rate(Columns.of(ballots)) if len(votes) < len(ballots) else None,
        evidence=evidence,
        winner=won if won == names[0] else None,
        robustness=robustness.robustness(first_words(votes)),
    )


def strengths(ballots: Sequence[Ballot]) -> Mapping[str, float]:
    """Give each contestant's strength in logits, by plain votes alone and without intervals.

    Raises:
        BoardError: they make no board.
    """
    ways = Counter[tuple[str, str, Choice]](
        (each.model_a, each.model_b, each.winner)
        for each in first_words(ballots)
        if each.winner is not Choice.BOTH_BAD
    )
    found = robustness.strengths(ways)
    if not found:
        raise BoardError(
            "These votes make no board: nobody met, or some never met the others",
            hint="Vote first: soundproof arena vote",
        )
    return found


def _controlled(columns: Columns) -> Board | None:
    try:
        return ratings.rate(columns, controlled=True)
    except BoardError:  # votes from elsewhere may come without their style
        return None
