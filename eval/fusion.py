"""Judge and people together, by prediction-powered inference (PPI++).

People's votes on some questions are corrected by what a judge says of these and of many more: the
estimate stays unbiased however bad the judge is, and is tighter where the judge is good. Source:
Angelopoulos, Duchi and Zrnic, "PPI++: Efficient Prediction-Powered Inference", 2023. It holds where
the questions that people voted on are a fair draw of all that were judged, as the arena draws them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from eval.agreement import agreement, people, verdicts_of
from eval.judge import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from eval.agreement import Agreement
    from eval.models import Ballot

GAIN = 1.1
"""The gate: a judge that gains fewer effective votes than this stays out."""
FEWEST = 10
"""Questions with votes, and questions without, below which nothing is fused."""
_TAIL = 0.025

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean preference with its 95 % interval: 1 is always the one, -1 always the other."""

    value: float
    error: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Fused:
    """What people alone say, and what they say with the judge.

    `weight` is how much the judge is listened to, 0 to 1; `gain` is how many times as many votes
    people alone would have needed for the same error. `questions` have people's votes and the
    judge's verdict, `more` the verdict alone.
    """

    people: Mean
    both: Mean
    weight: float
    gain: float
    questions: int
    more: int

    @property
    def used(self) -> bool:
        """Tell whether the judge gains enough to be listened to at all."""
        return self.gain >= GAIN and min(self.questions, self.more) >= FEWEST

    @property
    def best(self) -> Mean:
        """Give what is to be shown."""
        return self.both if self.used else self.people


def beside(
    verdicts: Iterable[Verdict], ballots: Sequence[Ballot]
) -> Mapping[str, tuple[Agreement, Mapping[tuple[str, str], Fused]]]:
    """Set each judge beside people, by its name: how far they agree, and what both prefer."""
    own = defaultdict[str, list[Verdict]](list)
    for each in verdicts:
        own[each.judge].append(each)
    return {name: (agreement(of, ballots), preferences(ballots, of)) for name, of in own.items()}


def preferences(
    ballots: Iterable[Ballot], verdicts: Iterable[Verdict]
) -> Mapping[tuple[str, str], Fused]:
    """Fuse votes and verdicts for every two contestants that met, by their sorted names.

    A question counts once, with the mean of its votes: votes on one question are alike. A pair
    of which people judged fewer than two questions is left out.
    """
    voted = defaultdict[tuple[str, str], dict[str, float]](dict)
    for (item, one, other), votes in people(ballots).items():
        voted[one, other][item] = sum(votes.values()) / len(votes)
    scored = defaultdict[tuple[str, str], dict[str, float]](dict)
    for (item, one, other), score in verdicts_of(verdicts).items():
        scored[one, other][item] = score
    return {
        pair: _pair(votes, scored.get(pair, {})) for pair, votes in voted.items() if len(votes) > 1
    }


def _pair(votes: Mapping[str, float], scores: Mapping[str, float]) -> Fused:
    alone = _mean(np.array([*votes.values()]))
    common = [item for item in votes if item in scores]
    if len(common) < len(votes):
        # Votes that the judge has not seen count for people alone; fusing a part would lose them.
        return Fused(alone, alone, 0.0, 1.0, len(common), 0)
    more = [score for item, score in scores.items() if item not in votes]
    return fuse(
        np.array([votes[item] for item in common]),
        np.array([scores[item] for item in common]),
        np.array(more, float),
    )


def fuse(votes: Scores, scores: Scores, more: Scores) -> Fused:
    """Fuse the votes on n questions, the judge's scores there, and its scores on N `more`.

    The estimate is mean(votes - w scores) + w mean(more), its variance
    var(votes - w scores) / n + w^2 var(scores) / N, and w what makes that least, within 0 and 1:
    cov(votes, scores) / ((1 + n / N) var(scores)). The interval is Student's with n - 2 degrees
    of freedom: w is fitted to the same questions.
    """
    n, further = len(votes), len(more)
    alone = _mean(votes)
    spread = float(np.var([*scores, *more], ddof=1)) if n + further > 1 else 0.0
    if n < FEWEST or further < FEWEST or not spread:
        return Fused(alone, alone, 0.0, 1.0, n, further)
    together = float(np.cov(votes, scores)[0, 1])
    weight = min(max(together / ((1 + n / further) * spread), 0.0), 1.0)
    residuals = votes - weight * scores
    variance = float(residuals.var(ddof=2)) / n + weight**2 * spread / further
    both = _interval(
        float(residuals.mean()) + weight * float(more.mean()), math.sqrt(variance), n - 2
    )
    gain = (alone.error / both.error) ** 2 if both.error else 1.0
    return Fused(alone, both, weight, gain, n, further)


def _mean(votes: Scores) -> Mean:
    n = len(votes)
    return _interval(float(votes.mean()), float(votes.std(ddof=1)) / math.sqrt(n), n - 1)


def _interval(value: float, error: float, freedom: int) -> Mean:
    reach = float(stats.t.isf(_TAIL, freedom)) * error
    return Mean(value, error, max(value - reach, -1.0), min(value + reach, 1.0))
