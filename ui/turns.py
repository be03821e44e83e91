"""One search for many threads: readers take turns where they share something, and only there."""

from threading import RLock

from kb.indexes import Indexes
from kb.models import Filters, Hit, Question
from kb.search import Search


class SearchInTurn(Search):
    """A search that finds for one reader at a time, and is free again while a writer writes.

    Catching up writes to both indexes; two threads that did so at once would share one batch.
    """

    def __init__(self, indexes: Indexes, turn: RLock) -> None:
        super().__init__(indexes)
        self._turn = turn

    def understand(self, text: str) -> Question:
        """Read a question with the names that the library knows."""
        with self._turn:
            return super().understand(text)

    def find(
        self, question: Question, *, filters: Filters | None = None, limit: int = 20
    ) -> list[Hit]:
        """Find the windows that answer a question."""
        with self._turn:
            return super().find(question, filters=filters, limit=limit)
