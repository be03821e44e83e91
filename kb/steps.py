"""An answer with the work that was done for it, counted as it was done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kb.errors import WriterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.ask import Asker
    from kb.models import Answer, Filters, Hit, Question, Written
    from kb.ports import Writer


@dataclass(frozen=True, slots=True)
class Steps:
    """How many episodes were searched, passages read by the writer, its statements checked."""

    searched: int
    read: int
    checked: int


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer and the steps that led to it.

    It `fell_back` where the writer failed: asked again, it may be another.
    """

    answer: Answer
    steps: Steps
    fell_back: bool = False


def answered(asker: Asker, question: str, filters: Filters) -> Asked:
    """Answer a question and count the work; errors are those of `Asker.answer`."""
    tally = _Tally()
    counted = replace(
        asker,
        writer=_Counted(asker.writer, tally),
        fallback=_Counted(asker.fallback, tally) if asker.fallback else None,
    )
    answer = counted.answer(question, filters)
    library = asker.search.indexes.library
    within = library.scope(filters).episodes
    searched = len(library.revisions() if within is None else within)
    return Asked(answer, Steps(searched, tally.read, tally.checked), tally.failed)


@dataclass(slots=True)
class _Tally:
    """What the writers of one answer were given and what they proposed."""

    read: int = 0
    checked: int = 0
    failed: bool = False


@dataclass(frozen=True, slots=True)
class _Counted:
    """A writer whose work is counted."""

    writer: Writer
    tally: _Tally

    @property
    def name(self) -> str:
        return self.writer.name

    def write(self, question: Question, hits: Sequence[Hit]) -> Written:
        """Write as the writer does."""
        self.tally.read = max(self.tally.read, len(hits))
        try:
            written = self.writer.write(question, hits)
        except WriterError:
            self.tally.failed = True
            raise
        self.tally.checked += len(written.statements)
        return written
