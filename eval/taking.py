"""Votes that were cast elsewhere, taken into this library: all of them, or none."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from eval import pieces, rows
from eval.ballots import put_names
from eval.models import Ballot, Contestant, Item
from kb import schema
from kb.errors import LibraryError
from kb.library import SqlLibrary

Row = Mapping[str, object]
_UNSAID = {"voter", "turn", "drawn", "planted", "objections"}
"""Columns of which a ballot knows nothing, or only what its own voter's row says."""


def take(library: SqlLibrary, ballots: Sequence[Ballot]) -> int:
    """Take in votes that were cast elsewhere; give how many were new here.

    Contestants and items that are not known here are noted by their names, and no more is known of
    them. A vote that is here already, the very same, stays as it is.

    Raises:
        LibraryError: a vote or a battle is here already and is another one; then none is taken in.
    """
    with library.writing() as db:
        _note_names(db, ballots)
        _add(db, schema.battles, ("id",), [rows.battle_values(each) for each in ballots])
        votes = [rows.counted_values(each) for each in ballots]
        return _add(db, schema.votes, ("voter", "battle_id"), votes)


def _note_names(db: Connection, ballots: Sequence[Ballot]) -> None:
    names = {pieces.plain_name(name) for each in ballots for name in (each.model_a, each.model_b)}
    contestants = [Contestant(name, ()) for name in sorted(names)]
    items = [Item(each, "") for each in sorted({each.item_id for each in ballots})]
    put_names(db, contestants, items)


def _add(db: Connection, table: sa.Table, key: Sequence[str], given: Sequence[Row]) -> int:
    """Insert the rows that are missing, and give how many those are."""
    known = dict[tuple[object, ...], Row]()
    for row in db.execute(sa.select(table)).mappings():
        known[tuple(row[name] for name in key)] = dict(row)
    new = list[Row]()
    for values in given:
        which = tuple(values[name] for name in key)
        if which not in known:
            known[which] = values
            new.append(values)
        elif any(known[which][name] != values[name] for name in {*values} - _UNSAID):
            what = f"{table.name.removesuffix('s')} {' '.join(map(str, which))}"
            raise LibraryError(
                f"The {what} is here already, and is another one",
                hint="Nothing was taken in. What is here is never changed.",
            )
    if new:
        db.execute(sa.insert(table), new)
    return len(new)
