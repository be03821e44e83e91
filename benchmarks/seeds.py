"""The two sample documents: their sixteen questions, each answer printed with its verdict.

An answerable question is right when the printed answer, sources included, holds one alternative of
every must-contain group; an unanswerable one when it is refused.

python -m benchmarks.seeds
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import report
from benchmarks.report import Figure
from eval import suites
from eval.measures import Record
from eval.suites import Asked
from kb.models import Answer, Filters
from kb.settings import Settings
from ui import printing
from ui.wiring import House


def right(asked: Asked, answer: Answer) -> bool:
    """Tell whether an answer is what the set asks for."""
    if not asked.answerable or answer.abstained:
        return answer.abstained != asked.answerable
    shown = " ".join(" ".join(printing.answer(answer)).lower().split())
    return all(any(each.lower() in shown for each in group) for group in asked.must_contain)


def details(answers: list[tuple[Asked, Answer]]) -> Iterator[str]:
    """Write each question, its verdict, and the answer as the command line prints it."""
    for number, (asked, answer) in enumerate(answers, 1):
        verdict = "right" if right(asked, answer) else "WRONG"
        kind = "answerable" if asked.answerable else "unanswerable"
        yield f"## {number}. {asked.text}\n\n{kind}: **{verdict}**\n\n```text"
        yield from printing.answer(answer)
        yield "```\n"


def main() -> int:
    """Run the benchmark."""
    data = report.SHARED / "data"
    if not data.is_dir():
        print("No shared data here: set SOUNDPROOF_SHARED to its folder.")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        house = House(Settings(home=Path(folder), offline=True))
        for document in sorted((data / "seeds").iterdir()):
            for _ in house.pipeline.add(str(document)):
                pass
        asked, record = suites.read(data / "corpus/qa/seeds.jsonl").questions, Record(house.library)
        answers = [(each, house.ask(each.text, Filters())) for each in asked]
        verdicts = [(each.answerable, right(each, answer)) for each, answer in answers]
        figures = [
            Figure("answerable right, of 12", verdicts.count((True, True)), at_least=9),
            Figure("unanswerable refused, of 4", verdicts.count((False, True)), at_least=3),
            Figure(
                "cited texts that are not verbatim",
                sum(not record.verbatim(each) for _, a in answers for each in a.citations),
                at_most=0,
            ),
        ]
        return report.publish(
            "seeds",
            figures,
            packages=("chromadb", "tantivy", "onnxruntime"),
            details="\n".join(details(answers)),
        )


if __name__ == "__main__":
    sys.exit(main())
