"""What `eval` needs from outside: somebody who answers, and a model that judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.models import Choice, Contestant, Duel
    from kb.models import Answer, Hit


class Answerer(Protocol):
    """A contestant at work over the library.

    Raises:
        WriterError: its model failed.
    """

    @property
    def contestant(self) -> Contestant: ...

    def find(self, question: str, *, limit: int) -> Sequence[Hit]:
        """Find what it would answer from, best first."""
        ...

    def answer(self, question: str) -> Answer: ...


class Judge(Protocol):
    """Says which of two pieces the evidence supports better, as they are shown to it.

    Raises:
        WriterError: the model failed or answered nonsense.
    """

    @property
    def name(self) -> str: ...

    def prefers(self, duel: Duel) -> Choice: ...
