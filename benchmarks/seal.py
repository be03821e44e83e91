"""Whether a reversal slips through the seal, and whether honest quotes pass it.

Draws honest and forged claims from the shared development corpus (`benchmarks.seal_cases`, rules in
docs/evidence.md), and prints what is refused and accepted by kind, beside a fuzzy match (rapidfuzz
partial_ratio of 90 or more) and a plain search for the same words; what a quote costs against three
hours of speech; and how the sample brief's quotes stand.

python -m benchmarks.seal [--misses]   --misses: print every claim that was judged wrongly
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rapidfuzz import fuzz

from benchmarks import report, seal_cases
from benchmarks.report import Figure
from benchmarks.seal_cases import Case, Talk
from kb import briefs
from kb.models import Origin, Passage, QuoteStatus, Span, Tier, Unit
from kb.seal import Record

SEEDS = (20261122, 7, 99)
EPISODES = 12
EACH = 24
"""Cases of each kind and seed."""
FUZZY = 90
THREE_HOURS = 30_000
"""Words that are spoken in three hours."""
TIMES = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """A case, and what each way of checking made of it."""

    seed: int
    case: Case
    accepted: Mapping[str, bool]


def judge(talks: Sequence[Talk], seed: int) -> Iterator[Judged]:
    """Check every case of a seed in each way."""
    records = {talk.id: Record.of(talk.sentences) for talk in talks}
    texts = {talk.id: seal_cases.plain(" ".join(s.text for s in talk.sentences)) for talk in talks}
    for case in seal_cases.cases(talks, EACH, seed):
        claim, text = seal_cases.plain(case.claim), texts[case.episode]
        yield Judged(
            seed,
            case,
            {
                "the seal": records[case.episode].check(case.claim).quotable,
                "fuzzy match": fuzz.partial_ratio(claim, text) >= FUZZY,
                "same words": f" {claim} " in f" {text} ",
            },
        )


def share(judged: Sequence[Judged], way: str, *, honest: bool) -> float:
    """Give the percentage that a way judged wrongly."""
    those = [each for each in judged if each.case.honest == honest]
    return 100 * sum(each.accepted[way] != honest for each in those) / len(those)


def table(judged: Sequence[Judged]) -> str:
    """Give wrong verdicts by kind and way, as Markdown."""
    kinds = Counter((each.case.kind, each.case.honest) for each in judged)
    ways = list(judged[0].accepted)
    wrong = Counter(
        (each.case.kind, way)
        for each in judged
        for way in ways
        if each.accepted[way] != each.case.honest
    )
    rows = [
        f"| {kind} | {'honest' if honest else 'forged'} | {count} | "
        + " | ".join(str(wrong[kind, way]) for way in ways)
        + " |"
        for (kind, honest), count in kinds.items()
    ]
    return "\n".join(
        [f"| kind | is | cases | wrong: {' | '.join(ways)} |", "|---" * 6 + "|", *rows]
    )


def timed(talks: Sequence[Talk], judged: Sequence[Judged]) -> Iterator[Figure]:
    """Time claims against three hours of speech, and making those ready.

    Processor time: one thread does it all, and other work on the machine does not count.
    """
    heard = list[Passage]()
    words = 0
    for sentence in (each for talk in talks for each in talk.sentences):
        if words < THREE_HOURS:
            heard.append(sentence)
            words += len(sentence.text.split())
    began = time.process_time()
    record = Record.of(heard)
    yield Figure("three hours made ready once, ms", 1000 * (time.process_time() - began))
    for honest in (True, False):
        claims = [each.case.claim for each in judged if each.case.honest == honest][::9]
        spent = [_milliseconds(record, claim) for claim in claims]
        kind = "honest" if honest else "forged"
        bar = 50.0
        yield Figure(f"{kind} quote against three hours, ms", median(spent), at_most=bar)
        yield Figure(f"{kind} quote against three hours, ms, slowest", max(spent))


def _milliseconds(record: Record, claim: str) -> float:
    """Give the median of several checks."""
    spent = list[float]()
    for _ in range(TIMES):
        began = time.process_time()
        record.check(claim)
        spent.append(1000 * (time.process_time() - began))
    return median(spent)


def sample_brief(folder: Path) -> Iterator[Figure]:
    """Seal the sample brief's quotes: without a transcript, and against one that holds the pieces."""
    text = next(folder.glob("003_*.txt")).read_text("utf-8")
    quotes = briefs.quotes(briefs.parse(text, Origin("file", "003")))
    unchecked = [Record.of(()).check(quote.text).status for quote in quotes]
    yield Figure(
        "sample brief: quotes unchecked without a transcript",
        sum(status is QuoteStatus.UNCHECKED for status in unchecked),
        at_least=len(quotes),
    )
    pieces = [piece for quote in quotes for piece in reversed(quote.pieces)]
    record = Record.of(_spoken(pieces))
    sealed = {quote: record.check(quote.text).status for quote in quotes}
    stitched = [quote for quote in quotes if len(quote.pieces) > 1]
    found = sum(sealed[quote] is QuoteStatus.STITCHED for quote in stitched)
    yield Figure("sample brief: stitched quotes found", found, at_least=len(stitched))
    whole = [quote for quote in quotes if len(quote.pieces) == 1]
    found = sum(sealed[quote] is QuoteStatus.VERBATIM for quote in whole)
    yield Figure("sample brief: other quotes found verbatim", found, at_least=len(whole))


def _spoken(texts: Sequence[str]) -> list[Passage]:
    """Make a transcript of texts with something between any two."""
    said = [each for text in texts for each in (text, "And then somebody asked about the weather.")]
    return [
        Passage(f"e/s{n}", Span("e"), Tier.TRANSCRIPT, Unit.SENTENCE, text, n, n, 0, "Jonathan")
        for n, text in enumerate(said)
    ]


def figures(judged: Sequence[Judged]) -> Iterator[Figure]:
    """Yield what was judged wrongly: of each seed, and in all by each way of checking."""
    for seed in SEEDS:
        of_seed = [each for each in judged if each.seed == seed]
        for honest, what in ((False, "forged accepted"), (True, "honest refused")):
            yield Figure(f"{what}, seed {seed}, %", share(of_seed, "the seal", honest=honest))
    for way in judged[0].accepted:
        ours = way == "the seal"
        accepted, refused = (share(judged, way, honest=honest) for honest in (False, True))
        yield Figure(f"{way}: forged accepted, %", accepted, at_most=0.5 if ours else None)
        yield Figure(f"{way}: honest refused, %", refused, at_most=3.0 if ours else None)
    for honest, kind in ((True, "honest"), (False, "forged")):
        count = sum(each.case.honest == honest for each in judged)
        yield Figure(f"{kind} cases", count, at_least=400)


def misses(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield the claims that the seal judged wrongly."""
    for each in judged:
        if each.accepted["the seal"] != each.case.honest:
            yield f"{each.case.kind}: {each.case.claim}\n    of: {each.case.made_of}"


def main() -> int:
    """Run the benchmark."""
    data = report.SHARED / "data"
    manifest = data / "corpus/text/dev/manifest.json"
    if not manifest.is_file():
        print("No shared corpus here: set SOUNDPROOF_SHARED to its folder.")
        return 1
    drawn = {seed: seal_cases.talks(manifest, EPISODES, seed) for seed in SEEDS}
    judged = [each for seed in SEEDS for each in judge(drawn[seed], seed)]
    measured = [*figures(judged), *timed(drawn[SEEDS[0]], judged), *sample_brief(data / "seeds")]
    if "--misses" in sys.argv:
        print("\n".join(misses(judged)))
    return report.publish(
        "seal", measured, packages=("rapidfuzz",), seed=SEEDS[0], details=table(judged)
    )


if __name__ == "__main__":
    sys.exit(main())
