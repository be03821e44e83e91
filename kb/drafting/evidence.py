"""What a draft can be made of: passages that were chosen, or those that a question finds.

Sponsor reads are kept out. What speaks against is looked for on purpose, with a question of its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from kb import questions, sponsors
from kb.drafting import leanings
from kb.drafting.leanings import Leaning
from kb.drafts import Excerpt
from kb.errors import NotFoundError
from kb.models import Filters, Hit, Passage, Question, Tier, Unit
from kb.names import fold
from kb.ports import Library
from kb.search import Search

_READ, _CONTRARY = 20, 20
"""Passages that a question, and the question for the opposite, bring."""
_MEANING, _BY_NAME = 0.33, 0.25
"""Cosine under which a passage is too far, unless it holds the question's words."""
_COVERED = 0.5
_SHORTEST, _LONGEST = 6, 60
"""Words of a sentence that says anything; words of an excerpt."""
_AGAINST = "but problem risk wrong fails disagree however downside"
_LEANS = re.compile(
    r"(?:and|but|so|because|it|it's|that|that's|this|these|those|they|he|she|then|which|or|also)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Evidence:
    """Reads a library for one draft; each document is fetched once."""

    library: Library
    _documents: dict[tuple[str, Tier], list[Passage]] = field(
        default_factory=dict[tuple[str, Tier], list[Passage]]
    )
    _sponsored: dict[tuple[str, Tier], frozenset[int]] = field(
        default_factory=dict[tuple[str, Tier], frozenset[int]]
    )

    def chosen(self, named: Sequence[str]) -> tuple[Excerpt, ...]:
        """Give the passages that ids or permalinks name.

        Raises:
            NotFoundError: one of them names nothing that was said.
        """
        found = dict[str, Excerpt]()
        for each in named:
            sentences = self._named(each)
            sponsored = self.sponsored(sentences[0])
            kept = tuple(one for one in sentences if one.first not in sponsored)
            if kept:
                episode = self.library.episode(kept[0].span.episode_id)
                found.setdefault(kept[0].id, Excerpt(kept, episode))
        return tuple(found.values())

    def cited(self, named: Sequence[str]) -> tuple[Passage, ...]:
        """Give the sentences of the passages that ids or permalinks name, as `chosen` does."""
        return tuple(each for excerpt in self.chosen(named) for each in excerpt.sentences)

    def asked(
        self, search: Search, question: Question, filters: Filters | None = None
    ) -> tuple[Excerpt, ...]:
        """Give what a question finds, best first, and then what asking for the opposite adds."""
        hits = search.find(question, filters=filters, limit=_READ)
        against = search.understand(f"{question.text} {_AGAINST}")
        contrary = search.find(against, filters=filters, limit=_CONTRARY)
        seen = set[str]()
        near = tuple(self._excerpts(question, hits, seen))
        far = self._excerpts(question, contrary, seen, contrary=True) if near else ()
        return (*near, *far)

    def document(self, passage: Passage) -> list[Passage]:
        """Give the sentences of the document that a passage is from."""
        key = (passage.span.episode_id, passage.tier)
        if key not in self._documents:
            self._documents[key] = self.library.passages_of(key[0], unit=Unit.SENTENCE, tier=key[1])
        return self._documents[key]

    def sponsored(self, passage: Passage) -> frozenset[int]:
        """Give the ordinals of what was paid for in the document that a passage is from."""
        key = (passage.span.episode_id, passage.tier)
        if key not in self._sponsored:
            episode = self.library.episode(key[0])
            self._sponsored[key] = sponsors.reads(episode, self.document(passage))
        return self._sponsored[key]

    def _excerpts(
        self, question: Question, hits: Sequence[Hit], seen: set[str], *, contrary: bool = False
    ) -> Iterator[Excerpt]:
        asked = frozenset(questions.content(question.mended))
        for hit in hits:
            if hit.passage.tier is not Tier.TRANSCRIPT and Tier.TRANSCRIPT in hit.episode.tiers:
                continue  # a summary does not stand in for words that are there
            run = self._telling(hit.passage)
            text = " ".join(each.text for each in run)
            against = not contrary or leanings.strength(text, Leaning.AGAINST) > 0
            fresh = run and not any(each.id in seen for each in run)
            if fresh and against and _near(question, hit, asked):
                seen.update(each.id for each in run)
                yield Excerpt(tuple(run), hit.episode, contrary)

    def _telling(self, passage: Passage) -> list[Passage]:
        """Give the stretch of a window that says most: no question, filler or advert, nothing cut."""
        document, sponsored = self.document(passage), self.sponsored(passage)
        first = passage.first
        if first and _LEANS.match(document[first].text) and _joined(document, first):
            first -= 1
        within = document[first : passage.last + 1]
        runs = (within[a:b] for a in range(len(within)) for b in range(a + 1, len(within) + 1))
        telling = (run for run in runs if all(_says(each, sponsored) for each in run))
        short = [run for run in telling if len(run) == 1 or _words(run) <= _LONGEST]
        return max(short, key=lambda run: (_whole(run), _words(run)), default=list[Passage]())

    def _named(self, said: str) -> list[Passage]:
        """Give the sentences that an id or a permalink stands for."""
        query = parse_qs(urlsplit(said).query)
        if "ep" in query:
            return self._at(query)
        passage = self.library.passages([said]).get(said)
        if passage is None:
            raise NotFoundError(
                f"No passage {said} is in the library",
                hint="`soundproof search --json` gives the ids of passages.",
            )
        return self.document(passage)[passage.first : passage.last + 1]

    def _at(self, query: Mapping[str, Sequence[str]]) -> list[Passage]:
        """Give the sentence that is said at a permalink's second, with the rest of its window."""
        episode = self.library.episode(query["ep"][0])
        told = query.get("t", ["0"])[0]
        seconds = float(told) if _number(told) else 0.0
        windows = self.library.passages_of(episode.id, unit=Unit.WINDOW, tier=Tier.TRANSCRIPT)
        later = (each for each in windows if each.span.end is not None and each.span.end > seconds)
        found = next(later, None)
        if found is None:
            raise NotFoundError(
                f"Nothing is said at second {seconds:.0f} of {episode.id}",
                hint="Copy the link of a line in the app, or name a passage by its id.",
            )
        return self.document(found)[found.first : found.last + 1]


def _number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdigit()


def _says(sentence: Passage, sponsored: frozenset[int]) -> bool:
    return (
        sentence.first not in sponsored
        and not sentence.text.endswith("?")
        and len(sentence.text.split()) >= _SHORTEST
    )


def _joined(document: Sequence[Passage], at: int) -> bool:
    return document[at - 1].turn == document[at].turn


def _whole(run: Sequence[Passage]) -> int:
    """Count the ends of a run that can stand: it opens by itself, and its last sentence ends."""
    opens = not _LEANS.match(run[0].text) and not run[0].text[:1].islower()
    return opens + (run[-1].text[-1:] in ".!?…”\"'’)")


def _words(run: Sequence[Passage]) -> int:
    return sum(len(each.text.split()) for each in run)


def _near(question: Question, hit: Hit, asked: frozenset[str]) -> bool:
    """Tell whether a passage is about what is asked: in meaning, or in half of the words."""
    if hit.meaning >= (_BY_NAME if question.names else _MEANING):
        return True
    held = asked & set(fold(hit.passage.text).split())
    return bool(asked) and len(held) >= _COVERED * len(asked)
