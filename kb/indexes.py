"""Keeps the two indexes and the saved vectors level with the library.

The library is the truth. Whatever an index holds at another revision is replaced, whatever the
library no longer has is removed; so a kill at any moment, or another process's `add`, costs no more
than a little work at the next question.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kb.models import Tier, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.models import Episode, Passage
    from kb.ports import Embedder, Library, VectorIndex, Vectors, WordIndex


EMBEDDED = "titled-2"
"""Names what `embedded_text` gives; part of an index's name, so that two ways never mix."""


def embedded_text(episode: Episode, passage: Passage) -> str:
    """Give what is embedded: a transcript's window under its episode's title, else the bare text.

    A sentence or a line of notes is so short that the title would drown it.
    """
    titled = passage.unit is Unit.WINDOW and passage.tier is Tier.TRANSCRIPT
    return f"{episode.title}. {passage.text}" if titled else passage.text


def make_vectors(
    library: Library, embedder: Embedder, episode: Episode, passages: Sequence[Passage]
) -> str:
    """Embed passages, keep the vectors (fp16, row by row) and give their hash; made only once."""
    texts = [embedded_text(episode, passage) for passage in passages]
    recipe = f"vectors|{embedder.name}|{hashlib.sha256(repr(texts).encode()).hexdigest()}"
    known = library.recall(recipe)
    if known is not None:
        return known
    file = io.BytesIO()
    np.save(file, embedder.embed(texts).astype(np.float16))
    sha256 = library.artefacts.put(file.getvalue())
    library.remember(recipe, sha256)
    return sha256


@dataclass(frozen=True, slots=True)
class Indexes:
    """The word index and the vector index over one library."""

    library: Library
    embedder: Embedder
    words: WordIndex
    meaning: VectorIndex

    def catch_up(self) -> Iterator[str]:
        """Bring both indexes level, yielding each episode's id as it is done."""
        wanted = self.library.revisions()
        words, meaning = dict(self.words.held()), dict(self.meaning.held())
        for gone in words.keys() - wanted.keys():
            self.words.remove(gone)
        for gone in meaning.keys() - wanted.keys():
            self.meaning.remove(gone)
        for episode_id, revision in wanted.items():
            behind = [index.get(episode_id) != revision for index in (words, meaning)]
            if any(behind):
                self._replace(episode_id, revision, words=behind[0], meaning=behind[1])
                yield episode_id

    def rebuild(self) -> Iterator[str]:
        """Empty both indexes and fill them from the library."""
        self.words.clear()
        self.meaning.clear()
        yield from self.catch_up()

    def _replace(self, episode_id: str, revision: int, *, words: bool, meaning: bool) -> None:
        episode = self.library.episode(episode_id)
        passages = self.library.passages_of(episode_id)
        if words:
            self.words.replace(episode, revision, passages)
        if meaning:
            self.meaning.replace(episode_id, revision, passages, self._vectors(episode, passages))

    def _vectors(self, episode: Episode, passages: Sequence[Passage]) -> Vectors:
        sha256 = make_vectors(self.library, self.embedder, episode, passages)
        saved = np.load(self.library.artefacts.path(sha256), allow_pickle=False)
        return np.asarray(saved, np.float32).reshape(len(passages), self.embedder.dimension)
