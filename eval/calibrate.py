"""How well each measure foretells what people vote: would the higher score have won?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval import means
from eval.models import Choice, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eval.means import Mean
    from eval.models import Ballot

    ScoresOf = Mapping[tuple[str, str], Mapping[str, float]]

_WON = {Choice.A: 1.0, Choice.B: -1.0}


@dataclass(frozen=True, slots=True)
class Foretold:
    """How often the side with the higher score won (AUC): .5 is chance, 1 always.

    `differing` is the share of votes on sides whose scores differ; equal ones count half.
    """

    measure: str
    auc: Mean
    differing: float


def calibrate(scores: ScoresOf, ballots: Sequence[Ballot]) -> tuple[Foretold, ...]:
    """Hold measures against votes, the best foreteller first; intervals are clustered by question.

    `scores` gives each measure's value by (item, contestant). Votes for neither side say nothing of
    who wins and are left out, and so are repeats (heard already) and controls (no contestant's work).
    A measure that neither vote nor score speaks of is not in the result.
    """
    votes = [each for each in ballots if each.kind is Kind.PLAIN and each.winner in _WON]
    names = dict.fromkeys(name for each in scores.values() for name in each)
    found = (_foretold(name, list(_heard(name, scores, votes))) for name in names)
    return tuple(sorted((each for each in found if each), key=lambda each: -each.auc.value))


def _heard(measure: str, scores: ScoresOf, votes: Sequence[Ballot]) -> Iterator[tuple[float, str]]:
    """Give 1, half or 0 for each vote that the measure foretold, could not tell, or got wrong."""
    for vote in votes:
        a, b = (
            scores.get((vote.item_id, name), {}).get(measure)
            for name in (vote.model_a, vote.model_b)
        )
        if a is not None and b is not None:
            ahead = (a > b) - (a < b)
            yield (1 + ahead * _WON[vote.winner]) / 2, vote.item_id


def _foretold(measure: str, heard: Sequence[tuple[float, str]]) -> Foretold | None:
    if not heard:
        return None
    values = [value for value, _ in heard]
    differing = sum(value != 0.5 for value in values) / len(values)  # noqa: PLR2004 - an equal score
    return Foretold(measure, means.share(values, [item for _, item in heard]), differing)
