"""A contestant at work: the answer path with its settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.models import Contestant
    from kb.ask import Asker
    from kb.models import Answer, Hit


@dataclass(frozen=True, slots=True)
class Answering:
    """An `Answerer` over an asker that is set up as the contestant says."""

    contestant: Contestant
    asker: Asker

    def find(self, question: str, *, limit: int) -> Sequence[Hit]:
        """Find what it would answer from, best first."""
        search = self.asker.search
        return search.find(search.understand(question), limit=limit)

    def answer(self, question: str) -> Answer:
        """Answer by itself: no other writer helps out where its own fails."""
        return self.asker.answer(question)
