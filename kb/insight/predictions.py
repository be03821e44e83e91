"""What people said will be by when, and the figures they gave; what became of it, a person marks."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from pydantic import TypeAdapter

from kb import links, names, schema
from kb.errors import NotFoundError
from kb.insight import figures
from kb.insight.derived import Derived
from kb.insight.figures import Kind, Statement
from kb.library import SqlLibrary
from kb.models import Episode, Filters

_RULES = "5"
"""Raise it with the rules of `kb.insight.figures`, `kb.insight.dates` or `kb.sponsors`."""
_KEPT: TypeAdapter[tuple[str, tuple[Statement, ...]]] = TypeAdapter(
    tuple[str, tuple[Statement, ...]]
)


class Outcome(StrEnum):
    """What became of a prediction."""

    TRUE = "came true"
    FALSE = "did not"
    PARTLY = "partly"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Marking:
    """What a person says became of a statement; `noted` in seconds since 1970."""

    outcome: Outcome
    person: str
    note: str
    noted: float


@dataclass(frozen=True, slots=True)
class Told:
    """A statement in its episode, with what became of it where a person said so."""

    statement: Statement
    episode: Episode
    marking: Marking | None = None

    @property
    def clip(self) -> str:
        """The link that plays it."""
        return links.permalink(self.episode.id, self.statement.start)


class Predictions:
    """The predictions and figures of a library."""

    def __init__(self, library: SqlLibrary, *, now: Callable[[], float] = time.time) -> None:
        self._library = library
        self._now = now
        self._kept = Derived(library, "figures", _RULES, _KEPT, figures.statements)

    def all(self, filters: Filters | None = None, *, kind: Kind | None = None) -> list[Told]:
        """Give what was said, the newest episode first; `filters.person` is who said it.

        Raises:
            NotFoundError: the filters name a show, person or episode that is not there.
        """
        marks = self._markings()
        person = filters.person if filters else None
        return [
            Told(statement, episode, marks.get(statement.id))
            for episode, said in self._kept.all(filters)
            for statement in said
            if kind in (None, statement.kind)
            if person is None or names.matches(person, statement.speaker or "")
        ]

    def due(self, by: date, filters: Filters | None = None) -> list[Told]:
        """Give the predictions that a day has caught up with and nobody has settled, oldest first."""
        open_ones = [
            (each.statement.due, each)
            for each in self.all(filters, kind=Kind.PREDICTION)
            if each.marking is None or each.marking.outcome is Outcome.UNCLEAR
        ]
        late = [(day, each) for day, each in open_ones if day is not None and day <= by]
        return [each for _, each in sorted(late, key=lambda pair: pair[0])]

    def mark(self, wanted: str, outcome: Outcome, *, person: str, note: str = "") -> Told:
        """Note what became of a statement, named by how its id begins.

        Raises:
            NotFoundError: none begins so, or several do.
        """
        found = [each for each in self.all() if wanted and each.statement.id.startswith(wanted)]
        if len({each.statement.id for each in found}) != 1:
            many = f"{len(found)} statements begin" if found else "No statement begins"
            raise NotFoundError(
                f"{many} with {wanted!r}", hint="soundproof predictions shows their ids."
            )
        told, marking = found[0], Marking(outcome, person, note, self._now())
        self._put(told.statement.id, marking)
        return Told(told.statement, told.episode, marking)

    def _put(self, statement_id: str, marking: Marking) -> None:
        table = schema.outcomes
        with self._library.writing() as db:
            db.execute(sa.delete(table).where(table.c.statement_id == statement_id))
            db.execute(
                sa.insert(table).values(
                    statement_id=statement_id,
                    outcome=marking.outcome.value,
                    person=marking.person,
                    note=marking.note,
                    noted=marking.noted,
                )
            )

    def _markings(self) -> Mapping[str, Marking]:
        with self._library.reading() as db:
            rows = db.execute(sa.select(schema.outcomes)).mappings()
            return {
                row["statement_id"]: Marking(
                    Outcome(row["outcome"]), row["person"], row["note"], row["noted"]
                )
                for row in rows
            }
