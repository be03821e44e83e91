"""An earlier answer as it reads now: speakers renamed, titles mended, words that moved found again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from kb import citing, seal
from kb.errors import NotFoundError
from kb.models import Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.models import Answer, Citation, Episode, Passage, Tier


class Shelf(Protocol):
    """The part of `kb.ports.Library` in which citations are looked up."""

    def episode(self, episode_id: str) -> Episode: ...  # noqa: D102 - as in kb.ports

    def passages_of(  # noqa: D102 - as in kb.ports
        self, episode_id: str, *, unit: Unit | None = None, tier: Tier | None = None
    ) -> list[Passage]: ...


@dataclass(frozen=True, slots=True)
class Renewed:
    """An answer whose citations are as the library has them; `lost` numbers those it has no more."""

    answer: Answer
    lost: frozenset[int]


def renewed(answer: Answer, shelf: Shelf) -> Renewed:
    """Look every citation of an answer up again; one that is gone stays as it was, and is named."""
    pairs = [(each, now(each, shelf)) for each in answer.citations]
    citations = tuple(found or old for old, found in pairs)
    lost = frozenset(old.number for old, found in pairs if found is None)
    return Renewed(replace(answer, citations=citations), lost)


def now(citation: Citation, shelf: Shelf) -> Citation | None:
    """Give a citation as it is now; None where its episode or its words are gone."""
    try:
        episode = shelf.episode(citation.span.episode_id)
    except NotFoundError:
        return None
    sentences = shelf.passages_of(episode.id, unit=Unit.SENTENCE, tier=citation.tier)
    run = _run(citation, sentences)
    return citing.cite(citation.number, run, episode) if run else None


def _run(citation: Citation, sentences: Sequence[Passage]) -> tuple[Passage, ...]:
    """Give the sentences that hold the cited words: where they were, else the nearest place."""
    there = tuple(each for each in sentences if citation.first <= each.first <= citation.last)
    if " ".join(each.text for each in there) == citation.text:
        return there

    def away(place: tuple[Passage, ...]) -> float:
        return abs((place[0].span.start or 0.0) - (citation.span.start or 0.0))

    return min(map(tuple, seal.places(citation.text, sentences)), key=away, default=())
