"""What the views need from the rest of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.models import Answer, Episode, Filters, Passage, Tier, Unit


class Shelf(Protocol):
    """The part of `kb.ports.Library` that is read on a page.

    Raises:
        NotFoundError: an id that is not in the library.
    """

    def revisions(self) -> Mapping[str, int]: ...

    def episodes(self, filters: Filters) -> list[Episode]: ...

    def episode(self, episode_id: str) -> Episode: ...

    def passages_of(
        self, episode_id: str, *, unit: Unit | None = None, tier: Tier | None = None
    ) -> list[Passage]: ...


class House(Protocol):
    """All that a page can ask for; `ui.wiring.house` gives the real one."""

    @property
    def library(self) -> Shelf: ...

    def ask(self, question: str, filters: Filters) -> Answer: ...

    def suggestions(self) -> tuple[str, ...]:
        """Give three questions that what is in the library answers."""
        ...
