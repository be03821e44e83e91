"""Scored runs and their differences as tables, for people and for Markdown."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from eval.compare import Difference
from eval.means import Mean
from eval.runs import Run


def runs(made: Sequence[Run]) -> Iterator[str]:
    """Print the means of each run beside one another, with their 95 % intervals."""
    first = made[0]
    known = dict.fromkeys(name for run in made for name in run.measures)
    rows = [[name, *(_mean(run, name) for run in made)] for name in known]
    yield f"{first.suite}: {len(first.lines)} questions; mean, 95 % interval, questions"
    yield ""
    yield from _table([["measure", *(run.contestant for run in made)], *rows])


def differences(first: Run, second: Run, found: Sequence[Difference]) -> Iterator[str]:
    """Print what a second run has over a first, measure by measure."""
    heading = ["measure", "A", "B", "B - A", "95 % interval", "better", "worse", "questions"]
    yield f"A: {first.contestant} ({first.fingerprint})"
    yield f"B: {second.contestant} ({second.fingerprint})"
    yield ""
    yield from _table([heading, *map(_difference, found)])


def as_json(found: Sequence[Difference]) -> str:
    """Print differences as JSON."""
    return json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=2)


def _mean(run: Run, measure: str) -> str:
    if measure not in run.measures:
        return ""
    mean = run.mean(measure)
    return f"{mean.value:.2f} ({_interval(mean)}) {mean.count}"


def _difference(each: Difference) -> list[str]:
    same = not each.better and not each.worse
    return [
        each.measure,
        f"{each.first:.2f}",
        f"{each.second:.2f}",
        f"{each.mean.value:+.3f}",
        "the same on each" if same else _interval(each.mean, sign="+"),
        str(each.better),
        str(each.worse),
        str(each.mean.count),
    ]


def _interval(mean: Mean, *, sign: str = "") -> str:
    return f"{mean.low:{sign}.2f} to {mean.high:{sign}.2f}"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Draw a table, its first row the heading."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"|{'|'.join('-' * (width + 2) for width in widths)}|"
