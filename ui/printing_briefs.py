"""Briefs with the seals of their quotes, as Markdown and as JSON, for the command line."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from ingest.brief import Briefed
from kb import briefs
from kb.models import Brief, Episode, Quote, QuoteStatus, Tier, Unit
from kb.ports import Library
from kb.seal import Record

_INDENT = "    "


def seals(
    library: Library, episode: Episode, brief: Brief, variants: Mapping[str, str]
) -> dict[str, Quote]:
    """Check a brief's quotes against the episode's transcript; without one they stay unchecked."""
    heard = library.passages_of(episode.id, unit=Unit.SENTENCE, tier=Tier.TRANSCRIPT)
    return briefs.sealed(brief, Record.of(heard, variants=variants) if heard else None)


def as_json(made: Briefed, sealed: Mapping[str, Quote]) -> str:
    """Print a brief, each of its quotes as sealed, and what it took."""
    held = {
        "episode": made.episode.id,
        "changed": made.changed,
        "brief": asdict(made.brief),
        "quotes": [asdict(quote) for quote in sealed.values()],
        "remarks": made.remarks,
        "used": asdict(made.used),
        "quoted_before_the_seal": made.quoted,
    }
    return json.dumps(held, ensure_ascii=False, indent=2)


def line(made: Briefed, sealed: Mapping[str, Quote]) -> str:
    """Print in two lines which brief was made, and how its quotes stand."""
    said = "Briefed" if made.changed else "Already here"
    quotes = _counts(Counter(quote.status for quote in sealed.values()))
    maker = made.brief.origin.detail
    return f"{said}: {made.episode.title}\n{_INDENT}by {maker} · quotes: {quotes or 'none'}"


def asides(made: Briefed) -> Iterator[str]:
    """Yield what is no part of the brief: remarks, tokens, what the model quoted."""
    yield from made.remarks
    if made.used.requests:
        about = "about " if made.used.estimated else ""
        yield (
            f"{made.used.requests} requests: {about}{made.used.prompt} tokens in, "
            f"{about}{made.used.reply} out"
        )
    if made.quoted:
        yield f"Quotes in the model's own text, before the seal: {_counts(made.quoted)}"


def _counts(quotes: Mapping[QuoteStatus, int]) -> str:
    return ", ".join(f"{count} {status}" for status, count in sorted(quotes.items()))
