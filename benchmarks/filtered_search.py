"""Whether a filter costs time or misses anything, among about 100,000 passages.

Adds the transcripts of `benchmarks.ingest_rate` (or takes a home that it kept), then asks for the
nearest 400 windows and sentences within one episode, within a show of one in 36, and without a
filter. The judge is a scan of all saved vectors at full length.

python -m benchmarks.filtered_search [--episodes N] [--home FOLDER]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import ingest_rate, report
from benchmarks.ingest_rate import SEED, HashingHouse
from benchmarks.report import Figure
from kb.indexes import make_vectors
from kb.models import Scope, Unit
from kb.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kb.indexes import Indexes
    from kb.models import Score
    from kb.ports import Vectors

_QUESTIONS = 200
_SHOWS = 36
_POOL = 400
_NEAREST = 10


class Judge:
    """Every saved vector in one table."""

    def __init__(self, indexes: Indexes) -> None:
        self.ids, tables, units = list[str](), list["Vectors"](), list[str]()
        for episode_id in indexes.library.revisions():
            passages = indexes.library.passages_of(episode_id)
            episode = indexes.library.episode(episode_id)
            kept = make_vectors(indexes.library, indexes.embedder, episode, passages)
            tables.append(np.load(indexes.library.artefacts.path(kept)).astype(np.float32))
            self.ids += [each.id for each in passages]
            units += [each.unit for each in passages]
        self.vectors, self.units = np.concatenate(tables), np.array(units)
        self.episodes = np.array([each.partition("/")[0] for each in self.ids])

    def nearest(self, vector: Vectors, scope: Scope, unit: Unit) -> set[str]:
        """Give the ids of the ten nearest."""
        inside = self.units == unit.value
        if scope.episodes is not None:
            inside &= np.isin(self.episodes, sorted(scope.episodes))
        rows = np.flatnonzero(inside)
        best = rows[np.argsort(-(self.vectors[rows] @ vector), kind="stable")[:_NEAREST]]
        return {self.ids[int(row)] for row in best}


def measure(
    indexes: Indexes, judge: Judge, scopes: Mapping[str, Sequence[Scope]]
) -> Iterator[Figure]:
    """Ask in each kind of scope; the bars are those of docs/architecture.md."""
    drawn = np.random.default_rng(SEED)
    questions = judge.vectors[drawn.integers(len(judge.ids), size=_QUESTIONS)]
    questions = questions + drawn.normal(size=questions.shape).astype(np.float32) * 0.02
    for told, kinds in scopes.items():
        seconds, found, wanted = list[float](), 0, 0
        for number, question in enumerate(questions):
            scope = kinds[number % len(kinds)]
            began = time.perf_counter()
            both = [(unit, _ask(indexes, question, scope, unit)) for unit in Unit]
            seconds.append(time.perf_counter() - began)
            for unit, scores in both:
                right = judge.nearest(question, scope, unit)
                wanted += len(right)
                found += len(right & {each.passage_id for each in scores[:_NEAREST]})
        warm = np.array(seconds[len(kinds) :]) * 1_000
        exact = 0.98 if told == "no filter" else 0.995
        yield Figure(f"{told}: recall@{_NEAREST}", found / wanted, at_least=exact)
        bar = 20 if told == "no filter" else 15
        yield Figure(f"{told}: ms, 95th percentile", float(np.percentile(warm, 95)), at_most=bar)
        yield Figure(f"{told}: ms, median", float(np.median(warm)))
        yield Figure(f"{told}: ms, first question", 1_000 * seconds[0])


def _ask(indexes: Indexes, vector: Vectors, scope: Scope, unit: Unit) -> list[Score]:
    return indexes.nearest(vector, limit=_POOL, scope=scope, unit=unit)


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.filtered_search")
    parser.add_argument("--episodes", type=int, default=2_350)
    parser.add_argument("--home", type=Path, help="a library that benchmarks.ingest_rate kept")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        house = HashingHouse(Settings(home=given.home or Path(folder) / "home", offline=True))
        if not house.library.revisions():
            files = ingest_rate.write_transcripts(Path(folder), given.episodes)
            list(ingest_rate.add_all(house, files))
        list(house.indexes.catch_up())
        held = sorted(house.library.revisions())
        shows = [Scope(frozenset(held[n::_SHOWS])) for n in range(4)]
        alone = [Scope(frozenset({each})) for each in held[:4]]
        judge = Judge(house.indexes)
        kinds = {"no filter": [Scope()], "one show in 36": shows, "one episode": alone}
        return report.publish(
            "filtered_search",
            list(measure(house.indexes, judge, kinds)),
            packages=("chromadb", "numpy"),
            seed=SEED,
            details=f"{len(judge.ids):,} passages of {len(held):,} episodes; {_QUESTIONS} questions, "
            f"each for {_POOL} windows and {_POOL} sentences, embedding not included. The first "
            "question of a filter reads its episodes' vectors; those are left out of the percentiles.",
        )


if __name__ == "__main__":
    sys.exit(main())
