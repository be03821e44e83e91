"""Question sets with expected places, and how close what was returned comes to them.

The format is that of the shared sets (one JSON object a line: question, answerable, episodes,
passages with the text of each right place, answer_must_contain groups of alternatives). Places are
compared by words, not by ids, so that a set outlives every way of cutting passages.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from kb.models import Answer, Citation, Hit
from kb.ports import Library

RUN = 6
"""Words in a row that count as the same place in a source."""

Run = tuple[str, ...]


class _Place(BaseModel):
    episode: str
    text: str


class _Row(BaseModel):
    question: str
    answerable: bool
    episodes: list[str]
    passages: list[_Place]
    answer_must_contain: list[list[str]] = []


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with where its answer stands; `places` pairs an episode with runs of its words."""

    text: str
    answerable: bool
    episodes: frozenset[str]
    places: tuple[tuple[str, frozenset[Run]], ...]
    must_contain: tuple[tuple[str, ...], ...]


def read(path: Path) -> list[Asked]:
    """Read a question set."""
    rows = [_Row.model_validate_json(line) for line in path.read_text("utf-8").splitlines()]
    return [
        Asked(
            row.question,
            row.answerable,
            frozenset(row.episodes),
            tuple((place.episode, runs(place.text)) for place in row.passages),
            tuple(tuple(group) for group in row.answer_must_contain),
        )
        for row in rows
    ]


def words(text: str) -> list[str]:
    """Fold a text to its words."""
    return re.findall(r"[a-z0-9]+", text.lower())


def runs(text: str) -> frozenset[Run]:
    """Give every run of `RUN` words; a shorter text is one run."""
    said = words(text)
    return frozenset(tuple(said[n : n + RUN]) for n in range(max(1, len(said) - RUN + 1)))


def found_after(asked: Asked, hits: Sequence[Hit]) -> float:
    """Count the returned words up to the first that stands in a right place; infinite if none."""
    returned = 0
    for hit in hits:
        said = words(hit.passage.text)
        right = [gold for episode, gold in asked.places if episode == hit.episode.id]
        lengths = {len(run) for gold in right for run in gold}
        for n in range(len(said)):
            if any(tuple(said[n : n + length]) in gold for length in lengths for gold in right):
                return returned + n
        returned += len(said)
    return float("inf")


def episode_rank(asked: Asked, hits: Sequence[Hit]) -> float:
    """Give the rank, from 1, of the first right episode among the distinct ones returned."""
    ranked = dict.fromkeys(hit.episode.id for hit in hits)
    return next((n for n, each in enumerate(ranked, 1) if each in asked.episodes), float("inf"))


def holds(asked: Asked, answer: Answer, *, limit: int) -> bool:
    """Tell whether the first `limit` shown words, or who is cited, hold what the answer must."""
    shown = " ".join(claim.text for claim in answer.claims).split()[:limit]
    speakers = [citation.speaker or "" for citation in answer.citations]
    text = " ".join([*shown, *speakers]).lower()
    return not answer.abstained and all(
        any(each.lower() in text for each in group) for group in asked.must_contain
    )


def cites(asked: Asked, citations: Sequence[Citation]) -> bool:
    """Tell whether a citation overlaps a right place."""
    return any(
        episode == citation.span.episode_id and not gold.isdisjoint(runs(citation.text))
        for citation in citations
        for episode, gold in asked.places
    )


def stray(library: Library, answer: Answer) -> int:
    """Count the cited texts that do not stand in their document word for word."""
    strays = 0
    for citation in answer.citations:
        document = library.document(citation.span.episode_id, citation.tier)
        said = " ".join(each.text for each in document.segments) if document else ""
        strays += " ".join(citation.text.split()) not in " ".join(said.split())
    return strays
