"""Two runs of one set, question by question: what changed, how sure that is, and whether it may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval import means, measures
from kb.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.means import Mean
    from eval.runs import Run

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """What a second run has over a first by one measure, on the questions that both have it for.

    `better` and `worse` count questions; `mean` is that of second minus first.
    """

    measure: str
    first: float
    second: float
    mean: Mean
    better: int
    worse: int


@dataclass(frozen=True, slots=True)
class Gate:
    """The least that the second run's mean may have over the first's: below 0, what it may lose."""

    measure: str
    least: float


def gate(text: str) -> Gate:
    """Read a gate as it is written, `MEASURE=MIN_DIFF`.

    >>> gate("found within 1,000=-0.02")
    Gate(measure='found within 1,000', least=-0.02)

    Raises:
        SettingsError: there is no such measure, or no difference from -1 to 1.
    """
    name, _, number = text.rpartition("=")
    measure = name.strip()
    if measure not in measures.NAMES:
        raise SettingsError(
            f"The gate {text!r} names no measure", hint=f"One of: {'; '.join(measures.NAMES)}"
        )
    try:
        least = float(number)
    except ValueError:
        least = float("nan")
    if not -1 <= least <= 1:
        raise SettingsError(
            f"The gate {text!r} gives no difference from -1 to 1",
            hint=f'For example: --gate "{measure}=-0.02"',
        )
    return Gate(measure, least)


def compare(first: Run, second: Run) -> tuple[Difference, ...]:
    """Compare two runs by every measure that both have on some question.

    Raises:
        SettingsError: they are runs of different sets, or one lacks a question.
    """
    _same_questions(first, second)
    both = (name for name in first.measures if name in second.measures)
    found = (_difference(name, first, second) for name in both)
    return tuple(each for each in found if each is not None)


def missed(differences: Sequence[Difference], gates: Sequence[Gate]) -> list[Gate]:
    """Give the gates that the second run does not pass.

    A gate looks at the difference itself, not at its interval: the questions are the same.

    Raises:
        SettingsError: no question of both runs has a gate's measure.
    """
    known = {each.measure: each.mean.value for each in differences}
    for each in gates:
        if each.measure not in known:
            raise SettingsError(
                f"No question has the measure {each.measure} in both runs",
                hint=f"These can be gates here: {'; '.join(known)}",
            )
    return [each for each in gates if known[each.measure] < each.least - _ROUNDING]


def _same_questions(first: Run, second: Run) -> None:
    if first.digest != second.digest:
        raise SettingsError(
            f"The runs are of different sets: {first.suite} and {second.suite}"
            if first.suite != second.suite
            else f"The set {first.suite} was changed between the runs",
            hint="Run both contestants on one set: soundproof eval run SUITE --out FILE",
        )
    ids = ({each.id for each in first.lines}, {each.id for each in second.lines})
    lacking = sorted(ids[0] ^ ids[1])
    if lacking:
        run = first if lacking[0] in ids[1] else second
        raise SettingsError(
            f"The run of {run.contestant} lacks question {lacking[0]}",
            hint="Make it anew: soundproof eval run SUITE --out FILE",
        )


def _difference(measure: str, first: Run, second: Run) -> Difference | None:
    before = {each.id: each.scores for each in first.lines}
    pairs = [
        (before[each.id][measure], each.scores[measure], each.cluster)
        for each in second.lines
        if measure in each.scores and measure in before[each.id]
    ]
    if not pairs:
        return None
    changes = [new - old for old, new, _ in pairs]
    return Difference(
        measure,
        sum(old for old, _, _ in pairs) / len(pairs),
        sum(new for _, new, _ in pairs) / len(pairs),
        means.difference(changes, [cluster for _, _, cluster in pairs]),
        sum(each > _ROUNDING for each in changes),
        sum(each < -_ROUNDING for each in changes),
    )
