"""Drafts of ten development questions: marks, supported share, lengths, and what their exports hold.

Adds the 53 transcripts of the shared development corpus (or takes a library that has them), drafts a
thesis, posts and a blog post of ten questions without a model, and exports them. Then, in each draft,
one sentence after the other has a quote put in that nobody said, and is exported again.

python -m benchmarks.drafts [HOME]   HOME: a library folder to keep or take up
"""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean, median, pstdev

from benchmarks import report
from benchmarks.report import Figure
from benchmarks.retrieval import add_all
from eval import suites
from kb.drafting import posts, receipts
from kb.drafting.making import Asked
from kb.drafting.plain import plain
from kb.drafts import Draft, Kind, Part
from kb.models import Claim, Mark
from kb.seal import folded
from kb.settings import Settings
from ui.wiring import House

_QUESTIONS = 10
_FALSE = "“We sold exactly {n} zebras to the moon, and nobody ever asked.”"


@dataclass(frozen=True, slots=True)
class Made:
    """A draft, the seconds it took, and what its export holds between quotation marks."""

    draft: Draft
    seconds: float
    export: str


def drafts(house: House, questions: Sequence[str]) -> Iterator[Made]:
    """Draft and export everything."""
    for question in questions:
        for kind in Kind:
            began = time.perf_counter()
            draft = house.drafting.draft(kind, Asked(question))
            seconds = time.perf_counter() - began
            yield Made(draft, seconds, receipts.markdown(draft, house.proof).text)


def strays(house: House, made: Made) -> int:
    """Count the quotes of an export that stand in none of the cited documents."""
    heard = [
        " ".join(folded(" ".join(each.text for each in house.library.passages_of(episode_id))))
        for episode_id in dict.fromkeys(each.span.episode_id for each in made.draft.citations)
    ]
    body = made.export.partition("## Receipts")[0].replace("\\", "")
    quotes = (quote for line in plain(body.splitlines()) for quote in line.quotes)
    return sum(
        not any(" ".join(folded(quote)) in said for said in heard)
        for quote in quotes
        if made.draft.question not in quote
    )


def leaks(house: House, made: Made) -> int:
    """Put a false quote in place of each sentence in turn; count those that an export shows."""
    found, proof = 0, house.proof.sitting()
    for number, claim in enumerate(made.draft.claims):
        false = replace(claim, text=_FALSE.format(n=7_000 + number), mark=Mark.QUOTED)
        spoilt = replace(made.draft, parts=tuple(_with(made.draft, number, false)))
        found += "zebras" in receipts.markdown(spoilt, proof).text
    return found


def _with(draft: Draft, number: int, claim: Claim) -> Iterator[Part]:
    for part in draft.parts:
        claims = list(part.claims)
        if 0 <= number < len(claims):
            claims[number] = claim
        number -= len(claims)
        yield replace(part, claims=tuple(claims))


def figures(house: House, made: Sequence[Made]) -> Iterator[Figure]:
    """Give what was measured."""
    claims = [claim for each in made for claim in each.draft.claims]
    marked = [
        claim
        for claim in claims
        if claim.mark in Mark and (claim.citations or claim.why or claim.mark is Mark.OWN_VIEW)
    ]
    yield Figure("sentences with a mark, %", 100 * len(marked) / len(claims), at_least=100)
    for kind in Kind:
        drafted = [each for each in made if each.draft.kind is kind]
        shares = [100 * each.draft.publishable for each in drafted]
        backed = [100 * _backed(each.draft) for each in drafted]
        yield Figure(f"{kind}: publishable, mean %", fmean(shares))
        yield Figure(f"{kind}: publishable, least %", min(shares))
        yield Figure(f"{kind}: quoted or supported, mean %", fmean(backed))
        yield Figure(f"{kind}: quoted or supported, deviation", pstdev(backed))
        yield Figure(f"{kind}: seconds, median", median(each.seconds for each in drafted))
    yield Figure(
        "exported quotes that nobody said", sum(strays(house, each) for each in made), at_most=0
    )
    yield Figure("false quotes put in", sum(len(each.draft.claims) for each in made))
    yield Figure("false quotes exported", sum(leaks(house, each) for each in made), at_most=0)
    short = [
        posts.length(posts.post(part, each.draft.citations))
        for each in made
        for part in each.draft.parts
        if each.draft.kind is Kind.POST
    ]
    blogs = [each.draft for each in made if each.draft.kind is Kind.BLOG]
    yield Figure("longest post, characters", max(short), at_most=posts.LONGEST)
    words = max(posts.words(posts.article(each)) for each in blogs)
    yield Figure("longest blog post, words", words, at_most=posts.BLOG_WORDS)


def _backed(draft: Draft) -> float:
    marks = [claim.mark for claim in draft.claims]
    return sum(mark in (Mark.QUOTED, Mark.SUPPORTED) for mark in marks) / len(marks)


def details(made: Sequence[Made]) -> Iterator[str]:
    """Write the first question's drafts as they are exported."""
    for each in made[: len(Kind)]:
        yield f"## {each.draft.kind}\n\n~~~text\n{each.export}~~~\n"


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
        asked = suites.read(corpus / "qa/dev.jsonl").questions
        questions = [each.text for each in asked if each.answerable][:_QUESTIONS]
        made = list(drafts(house, questions))
        return report.publish(
            "drafts",
            list(figures(house, made)),
            packages=("chromadb", "tantivy", "onnxruntime"),
            details="\n".join(details(made)),
        )


if __name__ == "__main__":
    sys.exit(main())
