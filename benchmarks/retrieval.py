"""How much of what was asked for is found, on transcripts and questions that others can score again.

Adds the 53 transcripts of the shared development corpus (or takes a library that has them), asks its
questions, and prints: found within 300, 1,000 and 2,000 returned words, right episode among the first
1, 3 and 5, and for answers: the must-contain groups within 300 shown words, the cited place, refusals.

python -m benchmarks.retrieval [HOME]   HOME: a library folder to keep or take up
"""

import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import report
from benchmarks.report import Figure
from ingest.pipeline import Added
from kb.models import Answer, Citation, Hit
from kb.settings import Settings
from ui.wiring import House

SHARED = report.SHARED
CORPUS = SHARED / "data/corpus"
RUN = 6
"""Words in a row that count as the same place in the source."""
DEPTH = 60
"""Passages to look through: more than 2,000 words."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the set with where its answer stands."""

    text: str
    answerable: bool
    episodes: frozenset[str]
    places: tuple[tuple[str, frozenset[tuple[str, ...]]], ...]
    must_contain: tuple[tuple[str, ...], ...]


def words(text: str) -> list[str]:
    """Fold a text to its words, as both question sets and returned passages are compared."""
    return re.findall(r"[a-z0-9]+", text.lower())


def runs(text: str) -> frozenset[tuple[str, ...]]:
    """Give every run of `RUN` words; a shorter text is one run."""
    said = words(text)
    return frozenset(tuple(said[n : n + RUN]) for n in range(max(1, len(said) - RUN + 1)))


def questions(path: Path) -> list[Asked]:
    """Read a question set."""
    return [_asked(json.loads(line)) for line in path.read_text().splitlines()]


def _asked(row: dict[str, object]) -> Asked:
    places = [(p["episode"], runs(p["text"])) for p in row["passages"]]  # type: ignore[attr-defined, index]
    groups = tuple(tuple(group) for group in row.get("answer_must_contain", ()))  # type: ignore[attr-defined]
    return Asked(
        str(row["question"]),
        bool(row["answerable"]),
        frozenset(row["episodes"]),  # type: ignore[arg-type, call-overload]
        tuple(places),
        groups,
    )


def found_after(asked: Asked, hits: Sequence[Hit]) -> float:
    """Count the returned words up to the first that stands in a right place; infinite if none."""
    returned = 0
    for hit in hits:
        said = words(hit.passage.text)
        right = [gold for episode, gold in asked.places if episode == hit.episode.id]
        for n in range(len(said)):
            if any(tuple(said[n : n + len(next(iter(gold)))]) in gold for gold in right):
                return returned + n
        returned += len(said)
    return float("inf")


def episode_rank(asked: Asked, hits: Sequence[Hit]) -> float:
    """Give the rank of the first right episode among the distinct ones returned, from 1."""
    ranked = list(dict.fromkeys(hit.episode.id for hit in hits))
    return next((n for n, each in enumerate(ranked, 1) if each in asked.episodes), float("inf"))


def holds(asked: Asked, answer: Answer, limit: int = 300) -> bool:
    """Tell whether the first `limit` shown words hold one alternative of every group."""
    shown = " ".join(" ".join(claim.text for claim in answer.claims).split()[:limit]).lower()
    speakers = " ".join(citation.speaker or "" for citation in answer.citations).lower()
    return not answer.abstained and all(
        any(option.lower() in f"{shown} {speakers}" for option in group)
        for group in asked.must_contain
    )


def cites(asked: Asked, citations: Sequence[Citation]) -> bool:
    """Tell whether a citation overlaps a right place."""
    return any(
        episode == citation.span.episode_id and gold & runs(citation.text)
        for citation in citations
        for episode, gold in asked.places
    )


def add_all(house: House, manifest: Path) -> tuple[int, float]:
    """Add every transcript of a manifest; give how many were new and the minutes it took."""
    began = time.monotonic()
    added = [
        news for news in house.pipeline.add(str(manifest)) if isinstance(news, Added)
    ]
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
        after = [found_after(each, hits[each.text]) < limit for each in answerable]
        yield Figure(f"found within {limit} words", sum(after) / len(after), at_least=bar)
    for rank, bar in {1: None, 3: 0.74, 5: None}.items():
        right = [episode_rank(each, hits[each.text]) <= rank for each in answerable]
        yield Figure(f"right episode @{rank}", sum(right) / len(right), at_least=bar)
    yield from _answers(house, asked)


def _answers(house: House, asked: Sequence[Asked]) -> Iterator[Figure]:
    from kb.models import Filters  # noqa: PLC0415

    times, answers = [], {}
    for each in asked:
        began = time.perf_counter()
        answers[each.text] = house.ask(each.text, Filters())
        times.append(time.perf_counter() - began)
    yes = [each for each in asked if each.answerable]
    no = [each for each in asked if not each.answerable]
    yield Figure(
        "answer holds what it must, within 300 words",
        sum(holds(each, answers[each.text]) for each in yes) / len(yes),
    )
    yield Figure(
        "a citation overlaps the right place",
        sum(cites(each, answers[each.text].citations) for each in yes) / len(yes),
    )
    yield Figure("unanswerable refused", sum(answers[e.text].abstained for e in no) / len(no))
    yield Figure("answerable refused", sum(answers[e.text].abstained for e in yes) / len(yes))
    stray = [
        citation
        for answer in answers.values()
        for citation in answer.citations
        if citation.text not in _document(house, citation)
    ]
    yield Figure("cited texts that are not verbatim", len(stray), at_most=0)
    yield Figure("seconds a question, median", median(times))


def _document(house: House, citation: Citation) -> str:
    said = house.library.document(citation.span.episode_id, citation.tier)
    joint = " " if citation.tier == "transcript" else " "
    return joint.join(segment.text for segment in said.segments) if said else ""


def main() -> int:
    """Run the benchmark."""
    if not CORPUS.is_dir():
        print("No shared corpus here: set SOUNDPROOF_SHARED to its folder.")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder)
        house = House(Settings(home=home, offline=True))
        new, minutes = add_all(house, CORPUS / "text/dev/manifest.json")
        asked = questions(CORPUS / "qa/dev.jsonl")
        figures = [*measure(house, asked), Figure(f"minutes to add {new} transcripts", minutes)]
        return report.publish(
            "retrieval",
            figures,
            packages=("chromadb", "tantivy", "onnxruntime", "numpy"),
            seed=None,
            details=f"{len(asked)} questions, {sum(each.answerable for each in asked)} answerable.",
        )


if __name__ == "__main__":
    sys.exit(main())
