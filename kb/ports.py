"""What `kb` needs from outside, as small protocols; adapters are chosen in `ui.wiring`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from kb.drafts import Draft, Objection, Order, Section
    from kb.gists import Gist, Summary, Used
    from kb.models import (
        Brief,
        Entry,
        Episode,
        Filters,
        Hit,
        Notes,
        Passage,
        Question,
        Scope,
        Score,
        Tier,
        Transcript,
        Unit,
        Written,
    )

    Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into unit vectors, float32, shape (texts, dimension)."""

    @property
    def name(self) -> str:
        """Model and revision: vectors of different names are never mixed."""
        ...

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors: ...


class VectorIndex(Protocol):
    """Finds passages by meaning. A cache: `held` says what it has, the library what it should.

    Raises:
        IndexOwnedError: at construction, where another process owns the folder.
    """

    def held(self, of: Collection[str] | None = None) -> Mapping[str, int]:
        """Give each indexed episode's id, or only those asked for, and its indexed revision."""
        ...

    def counts(self) -> Mapping[str, int]:
        """Give each indexed episode's number of passages, counted one by one."""
        ...

    def batch(self) -> AbstractContextManager[None]:
        """Write all replacements in the block at once at its end; none of them if it fails."""
        ...

    def replace(
        self, episode_id: str, revision: int, passages: Sequence[Passage], vectors: Vectors
    ) -> None: ...

    def remove(self, episode_id: str) -> None: ...

    def nearest(self, vector: Vectors, *, limit: int, scope: Scope, unit: Unit) -> list[Score]:
        """Find by cosine similarity (-1 to 1), best first. `vector` has shape (dimension,)."""
        ...

    def similarity(self, vector: Vectors, passage_ids: Sequence[str]) -> Mapping[str, float]:
        """Give the cosine similarity of passages found otherwise; unknown ids are left out."""
        ...

    def clear(self) -> None: ...


class WordIndex(Protocol):
    """Finds passages by their words (BM25, stemmed). A cache, like `VectorIndex`."""

    def held(self, of: Collection[str] | None = None) -> Mapping[str, int]: ...

    def counts(self) -> Mapping[str, int]: ...

    def batch(self) -> AbstractContextManager[None]: ...

    def replace(self, episode: Episode, revision: int, passages: Sequence[Passage]) -> None: ...

    def remove(self, episode_id: str) -> None: ...

    def search(
        self, terms: Mapping[str, float], *, limit: int, scope: Scope, unit: Unit
    ) -> list[Score]:
        """Find by weighted terms (plain words, weight 1 for the question's own), best first."""
        ...

    def clear(self) -> None: ...


class Artefacts(Protocol):
    """Files kept under the sha256 of their content."""

    def put(self, content: bytes) -> str: ...

    def put_file(self, path: Path) -> str: ...

    def path(self, sha256: str) -> Path:
        """Give the local path.

        Raises:
            NotFoundError: nothing is kept under that hash.
        """
        ...


class Library(Protocol):
    """The record of what was heard. The truth; every index is a cache of it.

    Raises:
        NotFoundError: an id that is not in the library.
        DiskFullError: on any write.
    """

    @property
    def artefacts(self) -> Artefacts: ...

    def save(self, entry: Entry) -> bool:
        """Write an episode whole, replacing what was there; tell whether anything changed."""
        ...

    def delete(self, episode_id: str) -> None: ...

    def revisions(self) -> Mapping[str, int]:
        """Give each episode's id and the revision of its last change."""
        ...

    def revision(self) -> int:
        """Give the number of the library's last change: it rises with every save and deletion."""
        ...

    def episodes(self, filters: Filters) -> list[Episode]: ...

    def episode(self, episode_id: str) -> Episode: ...

    def episode_by_key(self, key: str) -> Episode | None:
        """Give the episode that has or once had that identity."""
        ...

    def document(self, episode_id: str, tier: Tier) -> Transcript | Notes | Brief | None: ...

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]: ...

    def passages_of(
        self, episode_id: str, *, unit: Unit | None = None, tier: Tier | None = None
    ) -> list[Passage]:
        """Give an episode's passages in the order in which they were saved."""
        ...

    def scope(self, filters: Filters) -> Scope: ...

    def names(self) -> Mapping[str, int]:
        """Give the proper names in all texts with how often each occurs."""
        ...

    def mentions(self, names: Iterable[str]) -> Mapping[str, int]:
        """Give how often each episode has any of these names; those without are left out."""
        ...

    def people(self) -> frozenset[str]:
        """Give the full names of hosts, guests and labelled speakers."""
        ...

    def misheard(self, episode_id: str) -> Mapping[str, str]:
        """Give the corrections that hold for an episode: what was heard, folded, and the name."""
        ...

    def recall(self, recipe: str) -> str | None:
        """Give the sha256 of what was once made by this recipe, if it is still kept."""
        ...

    def remember(self, recipe: str, sha256: str) -> None: ...

    def forget(self, recipe: str) -> None: ...


class Writer(Protocol):
    """Proposes an answer from passages; what it proposes is checked by `kb.ask`.

    Raises:
        WriterError: the model failed or answered nonsense.
    """

    @property
    def name(self) -> str: ...

    def write(self, question: Question, hits: Sequence[Hit]) -> Written: ...


class Briefer(Protocol):
    """Reads an episode for a brief, a stretch at a time, and sums up what it read.

    Raises:
        TooLongError: it was given more than its context holds; half of it may do.
        CutOffError: its reply had no end; less may do.
        PassingWriterError: it cannot be reached now.
        WriterError: it failed, and would fail again.
    """

    @property
    def name(self) -> str:
        """Model and prompts: what was read under one name need not be read again."""
        ...

    @property
    def room(self) -> int:
        """Words that it can be given at once."""
        ...

    @property
    def used(self) -> Used: ...

    def read(self, sentences: Sequence[str]) -> Gist:
        """Read sentences that follow one another, each with its speaker."""
        ...

    def sum_up(self, title: str, points: Sequence[str]) -> Summary:
        """Sum up what was read of all the episode."""
        ...


class Drafter(Protocol):
    """Proposes the sentences of a draft; what it proposes is checked by `kb.drafting.proof`.

    Raises:
        WriterError: the model failed or answered nonsense.
    """

    @property
    def name(self) -> str: ...

    def draft(self, order: Order) -> tuple[Section, ...]: ...


class Critic(Protocol):
    """Objects to sentences of a draft; it changes nothing.

    Raises:
        WriterError: the model failed or answered nonsense.
    """

    @property
    def name(self) -> str: ...

    def objections(self, draft: Draft) -> tuple[Objection, ...]: ...
