"""How much of what was asked for is found, on transcripts and questions that others can score again.

Adds the 53 transcripts of the shared development corpus (or takes a library that has them), asks its
questions, and prints: found within 300, 1,000 and 2,000 returned words, right episode among the first
1, 3 and 5, and for answers: the must-contain groups within 300 shown words, the cited place, refusals.

python -m benchmarks.retrieval [HOME]   HOME: a library folder to keep or take up
"""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks import report
from benchmarks.report import Figure
from eval import suites
from eval.measures import SHOWN, Record, cites, episode_rank, holds, returned
from eval.runs import DEPTH
from eval.spans import found_after
from eval.suites import Asked
from ingest.pipeline import Added
from kb.models import Filters
from kb.settings import Settings
from ui.wiring import House


def add_all(house: House, manifest: Path) -> tuple[int, float]:
    """Add every transcript of a manifest; give how many were new and the minutes it took."""
    began = time.monotonic()
    added = [news for news in house.pipeline.add(str(manifest)) if isinstance(news, Added)]
    for _ in house.indexes.catch_up():
        pass
    return sum(each.changed for each in added), (time.monotonic() - began) / 60


def measure(house: House, asked: Sequence[Asked]) -> Iterator[Figure]:
    """Ask everything and yield the figures."""
    answerable = [each for each in asked if each.answerable]
    hits = {
        each.text: house.search.find(house.search.understand(each.text), limit=DEPTH)
        for each in answerable
    }
    bars: dict[int, float | None] = {300: None, 1000: 0.60, 2000: None}
    for limit, bar in bars.items():
        after = [found_after(each.places, returned(hits[each.text])) < limit for each in answerable]
        yield Figure(f"found within {limit} words", sum(after) / len(after), at_least=bar)
    for rank, bar in {1: None, 3: 0.74, 5: None}.items():
        right = [episode_rank(each, hits[each.text]) <= rank for each in answerable]
        yield Figure(f"right episode @{rank}", sum(right) / len(right), at_least=bar)
    yield from _answers(house, asked)


def _answers(house: House, asked: Sequence[Asked]) -> Iterator[Figure]:
    seconds, answers = list[float](), []
    for each in asked:
        began = time.perf_counter()
        answers.append((each, house.ask(each.text, Filters())))
        seconds.append(time.perf_counter() - began)
    yes = [(each, answer) for each, answer in answers if each.answerable]
    no = [answer for each, answer in answers if not each.answerable]
    held = sum(holds(each, answer) for each, answer in yes)
    cited = sum(cites(each.places, answer, within=None) for each, answer in yes)
    yield Figure(f"answer holds what it must, within {SHOWN} words", held / len(yes))
    yield Figure("a citation overlaps a right place", cited / len(yes))
    yield Figure("unanswerable refused", sum(answer.abstained for answer in no) / len(no))
    yield Figure("answerable refused", sum(answer.abstained for _, answer in yes) / len(yes))
    record = Record(house.library)
    sources = [each for _, answer in answers for each in answer.citations]
    strays = sum(not record.verbatim(each) for each in sources)
    yield Figure("cited texts that are not verbatim", strays, at_most=0)
    yield Figure("seconds a question, median", median(seconds))


def main() -> int:
    """Run the benchmark."""
    corpus = report.SHARED / "data/corpus"
    if not corpus.is_dir():
        print("No shared corpus here: set SOUNDPROOF_SHARED to its folder.")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder)
        house = House(Settings(home=home, offline=True))
        new, minutes = add_all(house, corpus / "text/dev/manifest.json")
        known = suites.roster(house.library)
        asked = suites.settled(suites.read(corpus / "qa/dev.jsonl"), known).questions
        figures = [*measure(house, asked), Figure(f"minutes to add {new} transcripts", minutes)]
        return report.publish(
            "retrieval",
            figures,
            packages=("chromadb", "tantivy", "onnxruntime", "numpy"),
            details=f"{len(asked)} questions, {sum(each.answerable for each in asked)} answerable.",
        )


if __name__ == "__main__":
    sys.exit(main())
