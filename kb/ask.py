"""A question -> an Answer: retrieve, write, check, cite, or say that it is not on the record.

A writer only proposes. Here every place it names is looked up in the library, every quote is sealed
against the words there, every figure and name is looked for in them; what fails is left out, and
the answer says so. Citation numbers are ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb import citing, seal, support
from kb.errors import WriterError
from kb.models import Answer, Citation, Claim, Filters, Mark, Tier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.models import Hit, Passage, Question, Statement, Written
    from kb.ports import Library, Writer
    from kb.search import Search

READ = 16
"""Passages that a writer gets to see."""
NEAREST = 3
"""Passages shown where there is no answer."""

_WEAK = {
    Tier.NOTES: "This rests on show notes, not on the words that were said.",
    Tier.BRIEF: "This rests on a summary, not on the words that were said.",
}
_DROPPED = "{count} of {all} statements were left out: their sources do not carry them."


@dataclass(frozen=True, slots=True)
class Asker:
    """Answers questions from a library; `fallback` writes where `writer` fails.

    `read` is the number of passages that the writer gets to see.
    """

    search: Search
    writer: Writer
    fallback: Writer | None = None
    read: int = READ

    def answer(self, text: str, filters: Filters | None = None) -> Answer:
        """Answer a question, or say why not and show what came nearest.

        Raises:
            EmptyLibraryError: the library holds nothing yet.
            NotFoundError: the filters name something that is not there.
            WriterError: the writer failed and there is no other.
        """
        question = self.search.understand(text)
        hits = self.search.find(question, filters=filters, limit=self.read)
        remarks = list[str]()
        if question.mended != question.text:
            remarks.append(f"Searched for: {question.mended}")
        writer, written, checked = self._written(question, hits, remarks)
        nearest = tuple(hits[:NEAREST])
        if not checked.claims:
            reason = written.reason or "Nothing that was found carries an answer."
            return Answer(text, (), (), nearest, reason, writer.name, tuple(remarks))
        strongest = max((each.tier for each in checked.citations), key=lambda tier: tier.strength)
        if strongest in _WEAK:
            remarks.append(_WEAK[strongest])
        claims, citations = tuple(checked.claims), tuple(checked.citations)
        return Answer(text, claims, citations, nearest, "", writer.name, tuple(remarks))

    def _written(
        self, question: Question, hits: Sequence[Hit], remarks: list[str]
    ) -> tuple[Writer, Written, _Checked]:
        """Let the writer write and check it; where nothing is left of it, let the fallback."""
        library = self.search.indexes.library
        try:
            written = self.writer.write(question, hits)
        except WriterError as error:
            if self.fallback is None:
                raise
            remarks.append(f"{error}. {error.hint} Answered in verbatim sentences instead.")
        else:
            checked = _check(written, library)
            if checked.dropped:
                total = len(written.statements)
                remarks.append(_DROPPED.format(count=checked.dropped, all=total))
            if checked.claims or not checked.dropped or self.fallback is None:
                return self.writer, written, checked
        written = self.fallback.write(question, hits)
        return self.fallback, written, _check(written, library)


@dataclass(slots=True)
class _Checked:
    """What is left of a proposal, numbered as it is read."""

    claims: list[Claim] = field(default_factory=list[Claim])
    citations: list[Citation] = field(default_factory=list[Citation])
    dropped: int = 0


def _check(written: Written, library: Library) -> _Checked:
    checked = _Checked()
    wanted = [each for statement in written.statements for each in statement.passage_ids]
    passages = library.passages(wanted)
    for statement in written.statements:
        ids = dict.fromkeys(statement.passage_ids)
        cited = [passages[each] for each in ids if each in passages]
        if not cited or not _carried(statement, cited, library):
            checked.dropped += 1
            continue
        numbers = [
            citing.number(run, checked.citations, library.episode) for run in seal.runs(cited)
        ]
        mark = Mark.QUOTED if statement.quoted else Mark.SUPPORTED
        checked.claims.append(Claim(statement.text, mark, tuple(dict.fromkeys(numbers))))
    return checked


def _carried(statement: Statement, cited: Sequence[Passage], library: Library) -> bool:
    """Tell whether the cited words carry a statement: a quote word for word, else by `kb.support`."""
    if statement.quoted:
        return any(seal.check(statement.text, run).quotable for run in seal.runs(cited))
    episodes = dict.fromkeys(each.span.episode_id for each in cited)
    titles = " ".join(library.episode(each).title for each in episodes)
    return support.weigh(statement.text, cited, context=titles).mark is not Mark.UNSUPPORTED
