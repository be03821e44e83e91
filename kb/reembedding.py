"""An embedder for an episode that grows: what was embedded of it is not embedded again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kb import indexes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.models import Episode
    from kb.ports import Embedder, Library, Vectors


@dataclass(frozen=True, slots=True)
class Reusing:
    """Looks up the texts it knows, and has the others embedded."""

    embedder: Embedder
    known: Mapping[str, Vectors]

    @property
    def name(self) -> str:
        """Name the embedder behind it: the vectors are the same."""
        return self.embedder.name

    @property
    def dimension(self) -> int:
        """Give the length of a vector."""
        return self.embedder.dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give a unit vector for each text; those it knows as they were kept, at half precision."""
        new = [each for each in dict.fromkeys(texts) if each not in self.known]
        made = dict(zip(new, self.embedder.embed(new), strict=True)) if new else {}
        rows = [made[each] if each in made else self.known[each] for each in texts]
        return np.array(rows, np.float32).reshape(len(texts), self.dimension)


def reusing(library: Library, embedder: Embedder, episode: Episode) -> Reusing:
    """Give an embedder that knows the vectors of an episode as the library has it."""
    held = library.passages_of(episode.id)
    as_searched = indexes.searched(held, library.misheard(episode.id))
    vectors = indexes.vectors_of(library, embedder, episode, as_searched).astype(np.float32)
    texts = [indexes.embedded_text(episode, each) for each in as_searched]
    return Reusing(embedder, dict(zip(texts, vectors, strict=True)))
