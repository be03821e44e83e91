"""What is worked out of each episode's words once, and kept until the episode or the rules change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError

from kb import schema
from kb.errors import NotFoundError
from kb.models import Filters, Tier, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kb.library import SqlLibrary
    from kb.models import Episode, Passage

Made = TypeVar("Made")


@dataclass(frozen=True)
class Derived(Generic[Made]):
    """Something made of every episode's transcript; `kind` names it in the library's recipes.

    `rules` is raised with the code of `make`; `adapter` reads and writes (basis, made) as JSON.
    """

    library: SqlLibrary
    kind: str
    rules: str
    adapter: TypeAdapter[tuple[str, Made]]
    make: Callable[[Episode, Sequence[Passage]], Made]

    def all(self, filters: Filters | None = None) -> Iterator[tuple[Episode, Made]]:
        """Give it for every episode that passes; what is new or changed is made now, and kept."""
        kept, revisions = self._hashes(), self.library.revisions()
        for episode in self.library.episodes(filters or Filters()):
            basis = f"{revisions.get(episode.id, 0)}|{self.rules}"
            found = self._read(kept.get(episode.id))
            if found is None or found[0] != basis:
                found = (basis, self.make(episode, self._said(episode.id)))
                sha256 = self.library.artefacts.put(self.adapter.dump_json(found))
                self.library.remember(self._recipe(episode.id), sha256)
            yield episode, found[1]

    def _said(self, episode_id: str) -> list[Passage]:
        return self.library.passages_of(episode_id, unit=Unit.SENTENCE, tier=Tier.TRANSCRIPT)

    def _recipe(self, episode_id: str) -> str:
        # Between bars stands what it is made of: with the episode it goes, see `kb.keeping`.
        return f"{self.kind}|{episode_id}"

    def _hashes(self) -> Mapping[str, str]:
        """Give what is kept for each episode, in one go: there may be ten thousand."""
        table = schema.derivations
        query = sa.select(table.c.recipe, table.c.sha256)
        with self.library.reading() as db:
            found = db.execute(query.where(table.c.recipe.startswith(self._recipe(""))))
            return {str(row[0]).partition("|")[2]: str(row[1]) for row in found}

    def _read(self, sha256: str | None) -> tuple[str, Made] | None:
        """Read what is kept; None where it is gone, or is another version's."""
        if sha256 is None:
            return None
        try:
            return self.adapter.validate_json(self.library.artefacts.path(sha256).read_bytes())
        except (NotFoundError, ValidationError):
            return None
