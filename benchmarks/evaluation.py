"""The shipped contestants on the development questions, every measure with its interval.

Adds the 53 transcripts of the shared development corpus (or takes a library that has them), and lets
each contestant that ships answer its questions; then each against the first, question by question.

python -m benchmarks.evaluation [HOME]   HOME: a library folder to keep or take up
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import report
from benchmarks.report import Figure
from benchmarks.retrieval import add_all
from eval import compare, runs, suites
from eval.measures import EXACT, RESOLVES
from eval.runs import Run
from kb.settings import Settings
from ui import printing_eval
from ui.wiring import House


def tried(house: House, path: Path) -> Iterator[Run]:
    """Let each contestant answer the questions."""
    suite = suites.read(path)
    for made in house.contestants():
        answerer = house.answerer(made)
        yield runs.whole(suite, answerer, [*runs.lines(suite, answerer, house.library)])


def figures(made: Sequence[Run]) -> Iterator[Figure]:
    """Give what must hold of every answer, whoever wrote it."""
    for run in made:
        for measure in (EXACT, RESOLVES):
            yield Figure(f"{measure}, {run.contestant}", run.mean(measure).value, at_least=1)


def details(made: Sequence[Run]) -> Iterator[str]:
    """Write the table of means, and one of differences for each other contestant."""
    first, *others = made
    yield "## Means\n"
    yield from printing_eval.runs(made)
    for other in others:
        yield f"\n## {first.contestant} and {other.contestant}\n"
        yield from printing_eval.differences(first, other, compare.compare(first, other))


def main() -> int:
    """Run the benchmark."""
    corpus = report.SHARED / "data/corpus"
    if not corpus.is_dir():
        print("No shared corpus here: set SOUNDPROOF_SHARED to its folder.")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder)
        house = House(Settings(home=home, offline=True))
        add_all(house, corpus / "text/dev/manifest.json")
        made = list(tried(house, corpus / "qa/dev.jsonl"))
        return report.publish(
            "evaluation",
            list(figures(made)),
            packages=("chromadb", "tantivy", "onnxruntime", "numpy", "scipy"),
            details="\n".join(details(made)),
        )


if __name__ == "__main__":
    sys.exit(main())
