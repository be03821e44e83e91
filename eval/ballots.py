"""Contestants, frozen pieces and votes: rows that are only ever added.

A vote is stored before anything is revealed; the database keeps it to one per voter and battle.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from eval import pieces, rows
from eval.models import Ballot, Battle, Choice, Contestant, Item, Piece, Vote
from kb import schema
from kb.errors import LibraryError, NotFoundError, SettingsError, SourceError
from kb.library import SqlLibrary
from kb.rows import insert_missing


class Ballots:
    """What the library holds of the arena."""

    def __init__(self, library: SqlLibrary, *, now: Callable[[], float] = time.time) -> None:
        self._library = library
        self._now = now

    # Contestants and what they made

    def register(self, contestant: Contestant) -> bool:
        """Register a contestant for good; False where it is registered already.

        One that is only known from an import, which brings no settings, gets them now.

        Raises:
            LibraryError: another has that name, or these very settings.
            SettingsError: no contestant may be called that.
        """
        table = schema.contestants
        with self._library.writing() as db:
            known = [rows.contestant(row) for row in db.execute(sa.select(table)).mappings()]
            if contestant in known:
                return False
            _check_new(contestant, known)
            values = rows.contestant_values(contestant, self._now())
            if not insert_missing(db, table, values):
                bare = table.c.fingerprint == Contestant(contestant.name, ()).fingerprint
                known_by_votes = sa.update(table).where(table.c.name == contestant.name, bare)
                if db.execute(known_by_votes.values(values)).rowcount == 0:
                    raise _another(contestant.name)  # somebody was faster
        return True

    def contestants(self) -> list[Contestant]:
        """Give all contestants in the order in which they were registered."""
        table = schema.contestants
        query = sa.select(table).order_by(table.c.registered, table.c.name)
        with self._library.reading() as db:
            return [rows.contestant(row) for row in db.execute(query).mappings()]

    def contestant(self, name: str) -> Contestant:
        """Give one contestant.

        Raises:
            NotFoundError: there is none of that name.
        """
        for each in self.contestants():
            if each.name == name:
                return each
        raise NotFoundError(
            f"No contestant is called {name}", hint="`soundproof arena contestants` shows them."
        )

    def freeze(self, item: Item, contestant: str, piece: Piece) -> bool:
        """Keep what a contestant made of an item; False where that is kept, and stays as it is.

        Raises:
            NotFoundError: no contestant is called that.
            LibraryError: another item has that id.
        """
        self.contestant(contestant)
        made = {"item_id": item.id, "contestant": contestant, "content": pieces.dumped(piece)}
        with self._library.writing() as db:
            _put_item(db, item)
            return insert_missing(db, schema.pieces, made | {"frozen": self._now()})

    def enter(self, items: Iterable[Item]) -> None:
        """Note items, all or none of them.

        Raises:
            LibraryError: another item has an id of theirs.
        """
        with self._library.writing() as db:
            for each in items:
                _put_item(db, each)

    def items(self) -> list[Item]:
        """Give all items by id."""
        with self._library.reading() as db:
            found = db.execute(sa.select(schema.items).order_by(schema.items.c.id)).mappings()
            return [rows.item(row) for row in found]

    def frozen(self, item_id: str) -> Mapping[str, Piece]:
        """Give what the contestants made of an item, by their names."""
        with self._library.reading() as db:
            return frozen(db, item_id)

    # Votes

    def cast(self, vote: Vote) -> Vote:
        """Store a vote and give the one that stands: the same again is the one vote that is there.

        Its moment is ours, and so are its seconds where they are not given.

        Raises:
            NotFoundError: there is no such battle, its texts are not here, or have no such citation.
            LibraryError: this voter has said something else of this battle, which stands.
            SettingsError: nobody's name is given.
        """
        require_name(vote.voter)
        with self._library.writing() as db:
            battle = battle_row(db, vote.battle_id)
            _require_texts(battle)
            if vote.objections:
                _check_objections(db, battle, vote)
            stamped = self._stamped(vote, battle)
            if insert_missing(db, schema.votes, rows.vote_values(stamped)):
                return stamped
            stands = _vote(db, vote.voter, vote.battle_id)
        if stands is None or _said(stands) != _said(vote):
            raise LibraryError(
                f"{vote.voter} has judged battle {vote.battle_id} already, and that vote stands",
                hint="Votes are never changed. `soundproof arena vote` draws the next battle.",
            )
        return stands

    def vote(self, voter: str, battle_id: str) -> Vote | None:
        """Give what a voter said of a battle."""
        with self._library.reading() as db:
            return _vote(db, voter, battle_id)

    def reveal(self, voter: str, battle_id: str) -> Battle:
        """Give a battle with its names, to somebody whose vote on it is stored.

        Raises:
            NotFoundError: there is no such battle, or its texts are not here.
            LibraryError: this voter has not judged it yet.
        """
        with self._library.reading() as db:
            row = battle_row(db, battle_id)
            if _vote(db, voter, battle_id) is None:
                raise LibraryError(
                    f"{voter} has not judged battle {battle_id} yet",
                    hint="Who made what is told once the vote is stored: soundproof arena vote",
                )
            _require_texts(row)
            made = frozen(db, row["item_id"])
            return rows.battle(row, item_of(db, row["item_id"]), made)

    def battles(self) -> list[Battle]:
        """Give the battles that were judged, oldest first; not those whose texts are elsewhere.

        Repeats and controls are among them.
        """
        table = schema.battles
        voted = table.c.id.in_(sa.select(schema.votes.c.battle_id))
        query = sa.select(table).where(voted, table.c.turn.is_not(None))
        with self._library.reading() as db:
            found = db.execute(query.order_by(table.c.drawn, table.c.id)).mappings().all()
            ids = {str(row["item_id"]) for row in found}
            made = {each: (item_of(db, each), frozen(db, each)) for each in ids}
            return [rows.battle(row, *made[row["item_id"]]) for row in found]

    def ballots(self) -> list[Ballot]:
        """Give every vote with its battle in the order in which they were cast.

        Controls and the votes of excluded voters are among them: what is counted is the board's.
        """
        battles, votes = schema.battles, schema.votes
        said = [each for each in votes.c if each.name not in ("voter", "battle_id", "objections")]
        query = (
            sa.select(battles, votes.c.voter.label("voter_id"), *said)
            .join(votes)
            .order_by(votes.c.cast, votes.c.voter, votes.c.battle_id)
        )
        with self._library.reading() as db:
            return [rows.ballot(row) for row in db.execute(query).mappings()]

    def _stamped(self, vote: Vote, battle: RowMapping) -> Vote:
        """Note the moment, and the time since the battle was first shown to whom it was drawn for."""
        now, seconds = self._now(), vote.seconds
        if seconds is None and battle["turn"] is not None and battle["voter"] == vote.voter:
            seconds = max(0.0, now - battle["drawn"])
        return replace(vote, cast=now, seconds=seconds)


def _check_new(contestant: Contestant, known: Iterable[Contestant]) -> None:
    """Insist that a way of answering has one name, and a name one way of answering."""
    if pieces.plain_name(contestant.name) != contestant.name:
        raise SettingsError(
            f"{contestant.name} is how the arena calls a control", hint="Choose another name."
        )
    for each in known:
        if each.name == contestant.name and each.settings:
            raise _another(each.name)
        if each.settings == contestant.settings and each.settings:
            raise LibraryError(
                f"{contestant.name} is made as {each.name} is, which is registered",
                hint="A way of answering has one name, so that its votes stay together.",
            )


def _another(name: str) -> LibraryError:
    return LibraryError(
        f"{name} is registered with other settings",
        hint="A contestant is never changed, nor withdrawn. Choose another name.",
    )


def choice(word: str) -> Choice:
    """Read a choice as people write it.

    Raises:
        SourceError: there is no such choice.

    >>> choice("A"), choice("both-bad")
    (<Choice.A: 'a'>, <Choice.BOTH_BAD: 'both bad'>)
    """
    try:
        return Choice(word.strip().lower().replace("-", " "))
    except ValueError as error:
        raise SourceError(
            f"{word!r} is not a choice", hint=f"Say one of: {', '.join(Choice)}."
        ) from error


def require_name(voter: str) -> None:
    """Insist that somebody votes.

    Raises:
        SettingsError: the name is empty.
    """
    if not voter.strip():
        raise SettingsError("A vote has a voter", hint="Say who votes: --voter NAME")


def put_names(db: Connection, contestants: Iterable[Contestant], items: Iterable[Item]) -> None:
    """Note contestants and items that are not here yet; the others stay as they are."""
    now = time.time()
    for each in contestants:
        insert_missing(db, schema.contestants, rows.contestant_values(each, now))
    for item in items:
        insert_missing(db, schema.items, rows.item_values(item))


def frozen(db: Connection, item_id: str) -> dict[str, Piece]:
    """Give what the contestants made of an item, by their names."""
    table = schema.pieces
    query = sa.select(table).where(table.c.item_id == item_id).order_by(table.c.contestant)
    return {
        str(row["contestant"]): pieces.loaded(row["content"])
        for row in db.execute(query).mappings()
    }


def battle_row(db: Connection, battle_id: str) -> RowMapping:
    """Give the row of a battle.

    Raises:
        NotFoundError: there is none of that id.
    """
    table = schema.battles
    row = db.execute(sa.select(table).where(table.c.id == battle_id)).mappings().first()
    if row is None:
        raise NotFoundError(
            f"There is no battle {battle_id}",
            hint="`soundproof arena vote` draws one and shows its id.",
        )
    return row


def item_of(db: Connection, item_id: str) -> Item:
    """Give the item of a battle."""
    table = schema.items
    return rows.item(db.execute(sa.select(table).where(table.c.id == item_id)).mappings().one())


def _require_texts(row: RowMapping) -> None:
    if row["turn"] is None:
        raise NotFoundError(
            f"Battle {row['id']} was fought elsewhere",
            hint="Its vote was imported; its texts are in the library where it was cast.",
        )


def _put_item(db: Connection, item: Item) -> None:
    table, here = schema.items, schema.items.c.id == item.id
    if insert_missing(db, table, rows.item_values(item)):
        return
    known = item_of(db, item.id)
    if not known.text:
        db.execute(sa.update(table).where(here).values(rows.item_values(item)))
    elif known != item:
        raise LibraryError(
            f"Item {item.id} is another one already: {known.text[:80]!r}",
            hint="An item is never changed. Give the new one an id of its own.",
        )


def _vote(db: Connection, voter: str, battle_id: str) -> Vote | None:
    table = schema.votes
    query = sa.select(table).where(table.c.voter == voter, table.c.battle_id == battle_id)
    row = db.execute(query).mappings().first()
    return None if row is None else rows.vote(row)


def _said(vote: Vote) -> Vote:
    """Give a vote without its moment, to see whether two say the same."""
    return replace(vote, seconds=None, cast=0.0)


def _check_objections(db: Connection, row: RowMapping, vote: Vote) -> None:
    duel = rows.duel(row, item_of(db, row["item_id"]), frozen(db, row["item_id"]))
    for each in vote.objections:
        side = {Choice.A: duel.a, Choice.B: duel.b}.get(each.side)
        if side is None or each.number not in {known.number for known in side.citations}:
            raise NotFoundError(
                f"Side {each.side} of battle {vote.battle_id} has no citation {each.number}",
                hint="Object to a citation by its side, a or b, and its number.",
            )
