"""What makes an answer good: measures from 0 to 1, more is better; docs/evaluation.md has the list.

A question that does not ask for a measure gets none: nothing is made up and nothing averaged in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eval.spans import WITHIN, Returned, found_after, iou, ranks, same
from kb import seal
from kb.models import Mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.spans import Place
    from eval.suites import Asked
    from kb.models import Answer, Citation, Claim, Hit, Tier
    from kb.ports import Library

SHOWN = 300
"""Words of an answer that a reader is taken to read."""

REFUSED, ANSWERED = "unanswerable refused", "answerable answered"
HOLDS = f"holds what it must in {SHOWN}"
CITED_EPISODE, CITED_PLACE, CITED_IOU = "cited episode", "cited place", "cited IoU"
RESOLVES, COVERED, EXACT = "citations resolve", "claims cited", "quotes exact"
RR = "MRR"
GAIN_AT = 10
GAIN = f"nDCG@{GAIN_AT}"
WORDS = {f"found within {limit:,}": limit for limit in (300, 1_000, 2_000)}
EPISODES = {f"episode @{rank}": rank for rank in (1, 3, 5)}
RECALL = {f"recall@{rank}": rank for rank in (5, 10, 20)}
NAMES = (
    *(*WORDS, *EPISODES, *RECALL, RR, GAIN, HOLDS, CITED_EPISODE, CITED_PLACE, CITED_IOU),
    *(RESOLVES, COVERED, EXACT, REFUSED, ANSWERED),
)
"""All measures, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A question with what a contestant found, best first, and what it answered."""

    asked: Asked
    hits: tuple[Hit, ...]
    answer: Answer


@dataclass(slots=True)
class Record:
    """The words of a library as they were saved, to hold answers against; each is read once.

    Nothing here goes by how a document was cut, so that a fault in the cutting shows.
    """

    library: Library
    _said: dict[tuple[str, Tier], tuple[str, str]] = field(
        default_factory=dict[tuple[str, "Tier"], tuple[str, str]], init=False
    )

    def resolves(self, citation: Citation) -> bool:
        """Tell whether a citation leads to a passage of the library and is its very words."""
        return bool(self.library.passages([citation.passage_id])) and self.verbatim(citation)

    def verbatim(self, citation: Citation) -> bool:
        """Tell whether a citation's text stands in its document letter for letter."""
        plain, _ = self._document(citation)
        return " ".join(citation.text.split()) in plain

    def says(self, text: str, citation: Citation) -> bool:
        """Tell whether a text's words, case and punctuation folded, stand in the cited document."""
        _, folded = self._document(citation)
        return _spaced(text) in folded

    def _document(self, citation: Citation) -> tuple[str, str]:
        key = (citation.span.episode_id, citation.tier)
        if key not in self._said:
            document = self.library.document(*key)
            said = " ".join(each.text for each in document.segments) if document else ""
            self._said[key] = (" ".join(said.split()), _spaced(said))
        return self._said[key]


Scores = dict[str, float]
"""What each measure that a question asks for gives."""


def score(tried: Tried, record: Record) -> Scores:
    """Score a question by every measure of `NAMES` that it asks for."""
    asked, answer = tried.asked, tried.answer
    scores = Scores()
    if asked.answerable:
        scores |= _found(asked, tried.hits) | _answered(asked, answer)
    else:
        scores[REFUSED] = float(answer.abstained)
    if not answer.abstained:
        scores |= _backed(answer, record)
    return scores


def holds(asked: Asked, answer: Answer, *, limit: int = SHOWN) -> bool:
    """Tell whether the first `limit` shown words, or who is cited, hold what the answer must."""
    shown = " ".join(claim.text for claim in answer.claims).split()[:limit]
    speakers = [citation.speaker or "" for citation in answer.citations]
    text = " ".join([*shown, *speakers]).lower()
    return not answer.abstained and all(
        any(each.lower() in text for each in group) for group in asked.must_contain
    )


def episode_rank(asked: Asked, hits: Sequence[Hit]) -> float:
    """Give the rank, from 1, of the first right episode among the distinct ones returned."""
    ranked = dict.fromkeys(hit.episode.id for hit in hits)
    return next((n for n, each in enumerate(ranked, 1) if each in asked.episodes), math.inf)


def returned(hits: Sequence[Hit]) -> list[Returned]:
    """Give the words of what was found."""
    return [Returned(hit.passage.span, hit.passage.text) for hit in hits]


def cited(answer: Answer) -> list[Returned]:
    """Give the words of what is cited."""
    return [Returned(each.span, each.text) for each in answer.citations]


def cites(places: Sequence[Place], answer: Answer, *, within: float | None = WITHIN) -> bool:
    """Tell whether an answer cites a right place: its words, or within so many seconds of it."""
    return any(same(place, each, within=within) for place in places for each in cited(answer))


def gain(ranks: Sequence[float], *, cut: int) -> float:
    """Give the nDCG of places first returned at those ranks: Järvelin and Kekäläinen's, binary.

    A passage that holds two places counts for both, the second as if it came right after.

    >>> gain([1, 2], cut=10), gain([1, 1], cut=10), round(gain([2], cut=10), 3), gain([11], cut=10)
    (1.0, 1.0, 0.631, 0.0)
    """
    found = [max(rank, n) for n, rank in enumerate(sorted(ranks), 1)]
    gained = sum(1 / math.log2(1 + rank) for rank in found if rank <= cut)
    return gained / sum(1 / math.log2(1 + n) for n in range(1, min(len(ranks), cut) + 1))


def _found(asked: Asked, hits: Sequence[Hit]) -> Scores:
    """Score what was found for an answerable question."""
    heard = returned(hits)
    after, at = found_after(asked.places, heard), ranks(asked.places, heard)
    episode = episode_rank(asked, hits)
    return {
        **{name: float(after < limit) for name, limit in WORDS.items()},
        **{name: float(episode <= rank) for name, rank in EPISODES.items()},
        **{name: sum(each <= k for each in at) / len(at) for name, k in RECALL.items()},
        RR: 1 / min(at),
        GAIN: gain(at, cut=GAIN_AT),
    }


def _answered(asked: Asked, answer: Answer) -> Scores:
    """Score an answer to an answerable question; where it was refused, nothing is held or cited."""
    places, sources = asked.places, cited(answer)
    overlaps = [iou(place, source) for place in places for source in sources]
    scores = {
        ANSWERED: float(not answer.abstained),
        CITED_EPISODE: float(any(each.span.episode_id in asked.episodes for each in sources)),
        CITED_PLACE: float(cites(places, answer)),
        CITED_IOU: max(overlaps, default=0.0),
    }
    return scores | ({HOLDS: float(holds(asked, answer))} if asked.must_contain else {})


def _backed(answer: Answer, record: Record) -> Scores:
    """Score how an answer stands by its sources, whatever was asked."""
    good = {each.number for each in answer.citations if record.resolves(each)}
    backed = sum(not good.isdisjoint(claim.citations) for claim in answer.claims)
    scores = {COVERED: backed / len(answer.claims)}
    if answer.citations:
        scores[RESOLVES] = len(good) / len(answer.citations)
    quotes = [claim for claim in answer.claims if claim.mark is Mark.QUOTED]
    if quotes:
        exact = sum(_exact(quote, answer, record) for quote in quotes)
        scores[EXACT] = exact / len(quotes)
    return scores


def _exact(quote: Claim, answer: Answer, record: Record) -> bool:
    sources = [each for each in answer.citations if each.number in quote.citations]
    return any(record.says(quote.text, each) for each in sources)


def _spaced(text: str) -> str:
    """Give a text's folded words between spaces, so that one is found in another whole."""
    return f" {' '.join(seal.folded(text))} "
