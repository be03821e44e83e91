"""Hybrid search: words and meaning, brought together by adding standardised scores.

Each side gives its best windows and the best single sentences; every candidate is scored by all
three, each score standardised over the candidates, and the weighted sum orders them. Adding scores
found half as much again as fusing ranks (docs/architecture.md has the measurements).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from kb import questions
from kb.errors import EmptyLibraryError
from kb.models import Filters, Hit, Unit
from kb.names import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kb.indexes import Indexes
    from kb.models import Episode, Question, Scope
    from kb.ports import Vectors

POOL = 400
"""Candidates from each side."""


@dataclass(frozen=True, slots=True)
class Mix:
    """How much each side counts; one that counts nothing gives no candidates.

    `words` (BM25), `meaning` (cosine) and `sentence` (the best single sentence's cosine) weigh
    standardised scores; `named` is added for each name in the question where it is an episode's
    main subject.
    """

    words: float = 1.0
    meaning: float = 1.5
    sentence: float = 0.5
    named: float = 1.5


HYBRID = Mix()
"""What found most on a development set, see docs/architecture.md."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the library held at a revision, for understanding questions."""

    revision: int
    ledger: Ledger
    people: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Met:
    """The episodes that were found at a revision of the library."""

    revision: int
    episodes: dict[str, Episode] = field(default_factory=dict[str, "Episode"])


def require_episodes(revisions: Mapping[str, int]) -> None:
    """Insist that the library holds something.

    Raises:
        EmptyLibraryError: it does not.
    """
    if not revisions:
        raise EmptyLibraryError(
            "The library is empty: there is nothing to ask yet",
            hint="Add an episode first: soundproof add FILE-OR-ADDRESS",
        )


@dataclass(slots=True)
class Search:
    """Finds passages. Brings the indexes level with the library before each question."""

    indexes: Indexes
    mix: Mix = HYBRID
    _known: _Known | None = field(default=None, init=False)
    _met: _Met | None = field(default=None, init=False)

    def understand(self, text: str) -> Question:
        """Read a question with the names that the library knows.

        Raises:
            EmptyLibraryError: the library holds nothing yet.
        """
        library = self.indexes.library
        revision = library.revision()
        if self._known is None or self._known.revision != revision:
            require_episodes(library.revisions())
            self._known = _Known(revision, Ledger(library.names()), library.people())
        return questions.read(text, self._known.ledger, self._known.people)

    def find(
        self, question: Question, *, filters: Filters | None = None, limit: int = 20
    ) -> list[Hit]:
        """Find the windows that answer a question, best first, none half seen already.

        Raises:
            NotFoundError: the filters name a show, person or episode that is not there.
        """
        for _ in self.indexes.catch_up():
            pass
        scope = self.indexes.library.scope(filters or Filters())
        ranked = self._ranked(question, scope)
        passages = self.indexes.library.passages(_unseen(ranked, limit))
        episodes = self._episodes({each.span.episode_id for each in passages.values()})
        return [
            Hit(passages[each], episodes[passages[each].span.episode_id], *scores)
            for each, scores in ranked.items()
            if each in passages
        ]

    def _episodes(self, wanted: Iterable[str]) -> Mapping[str, Episode]:
        """Give episodes, each read once for each state of the library."""
        library = self.indexes.library
        revision = library.revision()
        if self._met is None or self._met.revision != revision:
            self._met = _Met(revision)
        known = self._met.episodes
        known.update({each: library.episode(each) for each in wanted if each not in known})
        return known

    def _ranked(self, question: Question, scope: Scope) -> dict[str, tuple[float, float, float]]:
        """Give candidates' fused score, BM25 and cosine by id, best first."""
        vector = self.indexes.embedder.embed([question.mended])[0]
        words = self._by_words(question, scope) if self.mix.words else {}
        meaning = self._by_meaning(vector, scope) if self.mix.meaning else {}
        meaning |= self.indexes.meaning.similarity(vector, [*(words.keys() - meaning.keys())])
        ids = list(meaning)
        if not ids:
            return {}
        sides = (
            [words.get(each, 0.0) for each in ids],
            [meaning[each] for each in ids],
            self._sentences(vector, scope, ids),
        )
        weights = np.array((self.mix.words, self.mix.meaning, self.mix.sentence), np.float32)
        fused = weights @ np.stack([_standardised(side) for side in sides])
        fused += self.mix.named * self._named(question, ids)
        order = np.argsort(-fused, kind="stable")
        return {ids[n]: (float(fused[n]), sides[0][n], sides[1][n]) for n in order}

    def _by_words(self, question: Question, scope: Scope) -> dict[str, float]:
        found = self.indexes.words.search(question.terms, limit=POOL, scope=scope, unit=Unit.WINDOW)
        return {score.passage_id: score.value for score in found}

    def _by_meaning(self, vector: Vectors, scope: Scope) -> dict[str, float]:
        found = self.indexes.nearest(vector, limit=POOL, scope=scope, unit=Unit.WINDOW)
        return {score.passage_id: score.value for score in found}

    def _named(self, question: Question, windows: Sequence[str]) -> Vectors:
        """Give each window how much its episode is about the names in the question, 0 to 1 a name."""
        about = np.zeros(len(windows), np.float32)
        for name in question.names:
            counts = self.indexes.library.mentions(name.spellings)
            most = math.log1p(max(counts.values(), default=1))
            about += [
                math.log1p(counts.get(window.partition("/")[0], 0)) / most for window in windows
            ]
        return about

    def _sentences(self, vector: Vectors, scope: Scope, windows: Sequence[str]) -> list[float]:
        """Give each window its best sentence's cosine; those not among the nearest get the last."""
        found = self.indexes.nearest(vector, limit=2 * POOL, scope=scope, unit=Unit.SENTENCE)
        nearest = {score.passage_id: score.value for score in found}
        least = min(nearest.values(), default=0.0)
        return [
            max((nearest.get(each, least) for each in _sentence_ids(window)), default=least)
            for window in windows
        ]


def _sentence_ids(window: str) -> list[str]:
    """Give the ids of a window's sentences: ids are made of place alone, see `kb.passages`.

    >>> _sentence_ids("evals-1/transcript/w12-14")
    ['evals-1/transcript/s12', 'evals-1/transcript/s13', 'evals-1/transcript/s14']
    """
    document, _, place = window.rpartition("/")
    first, _, last = place.removeprefix("w").partition("-")
    return [f"{document}/s{n}" for n in range(int(first), int(last) + 1)]


def _standardised(values: Sequence[float]) -> Vectors:
    array = np.asarray(values, np.float32)
    deviation = float(array.std())
    return (array - array.mean()) / deviation if deviation > 0 else array * 0


def _unseen(ranked: Iterable[str], limit: int) -> list[str]:
    """Leave out windows of which half or more was already returned.

    >>> _unseen(["e/notes/w0-3", "e/notes/w2-5", "e/notes/w1-4", "e/notes/w6-9"], 2)
    ['e/notes/w0-3', 'e/notes/w6-9']
    """
    seen = set[str]()
    chosen = list[str]()
    for window in ranked:
        sentences = set(_sentence_ids(window))
        if 2 * len(sentences - seen) > len(sentences):
            seen |= sentences
            chosen.append(window)
        if len(chosen) == limit:
            break
    return chosen
