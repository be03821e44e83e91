"""Voters who are left out of the board: by a named person, for a reason, and never for good."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from kb import schema
from kb.errors import NotFoundError, SettingsError
from kb.library import SqlLibrary
from kb.rows import insert_missing


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Somebody's decision to leave a voter out, or (`excluded` False) to let them in again."""

    voter: str
    excluded: bool
    person: str
    why: str
    noted: float


class Exclusions:
    """All such decisions: a later one holds, the earlier ones stay to be read."""

    def __init__(self, library: SqlLibrary, *, now: Callable[[], float] = time.time) -> None:
        self._library = library
        self._now = now

    def exclude(self, voter: str, *, by: str, why: str) -> bool:
        """Leave a voter out of the board from now on; False where they are left out already.

        Raises:
            NotFoundError: they have not voted.
            SettingsError: no person or no reason is named.
        """
        return self._decide(voter, by, why, excluded=True)

    def readmit(self, voter: str, *, by: str, why: str) -> bool:
        """Let a voter back in; False where they are in.

        Raises:
            NotFoundError: they have not voted.
            SettingsError: no person or no reason is named.
        """
        return self._decide(voter, by, why, excluded=False)

    def all(self) -> list[Exclusion]:
        """Give all decisions, oldest first."""
        table = schema.exclusions
        query = sa.select(table).order_by(table.c.noted, table.c.voter, table.c.number)
        with self._library.reading() as db:
            return [
                Exclusion(row["voter"], row["excluded"], row["person"], row["why"], row["noted"])
                for row in db.execute(query).mappings()
            ]

    def excluded(self) -> frozenset[str]:
        """Give the voters who are left out."""
        table = schema.exclusions
        query = sa.select(table.c.voter, table.c.excluded).order_by(table.c.number)
        with self._library.reading() as db:
            last = {str(row[0]): bool(row[1]) for row in db.execute(query)}
        return frozenset(voter for voter, out in last.items() if out)

    def _decide(self, voter: str, by: str, why: str, *, excluded: bool) -> bool:
        if not (by.strip() and why.strip()):
            raise SettingsError(
                "Who counts is decided by a named person, for a reason",
                hint="Give both: --by NAME --why REASON",
            )
        table, votes = schema.exclusions, schema.votes
        of = sa.select(table).where(table.c.voter == voter).order_by(table.c.number.desc())
        with self._library.writing() as db:
            if db.execute(sa.select(votes.c.voter).where(votes.c.voter == voter)).first() is None:
                raise NotFoundError(
                    f"{voter} has not voted", hint="`soundproof arena audit` names the voters."
                )
            last = db.execute(of).mappings().first()
            if (last is not None and last["excluded"]) is excluded:
                return False
            decided = {"voter": voter, "excluded": excluded, "person": by, "why": why}
            number = 1 if last is None else last["number"] + 1
            return insert_missing(db, table, decided | {"number": number, "noted": self._now()})
