"""Draws battles: one open battle a voter, sides by a fair coin, its propensity stored with it.

The propensity is the probability with which this kind, item, pair and order were drawn, given all
that had been judged by then.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from threading import Lock
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from eval import pieces, rows, sampling
from eval.ballots import Ballots, frozen, item_of, require_name
from eval.models import Battle, Duel, Kind, Piece
from eval.sampling import Slot, Standing
from kb import schema
from kb.errors import LibraryError
from kb.library import SqlLibrary
from kb.models import Citation
from kb.rows import insert_missing

REPEATS, CONTROLS = 0.05, 0.03
APART = 5
"""A repeat comes that many battles after its original at least: not while it is remembered."""

_FAIR = 0.5


@dataclass(frozen=True, slots=True)
class NothingLeft:
    """A voter has judged every pair on every item; `battles` is how many that took."""

    voter: str
    battles: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """A battle before it is written; of a control, the side that is `spoilt` and what it shows."""

    item_id: str
    a: str
    b: str
    kind: Kind
    propensity: float
    repeats: str = ""
    spoilt: str = ""
    planted: str = ""


class Arena:
    """Sets two pieces before a voter, and remembers that it did; one serves many threads."""

    def __init__(
        self,
        library: SqlLibrary,
        *,
        random: Random | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._library = library
        self._random = random or Random()  # noqa: S311 - a fair draw, no secret
        self._now = now
        self._turn = Lock()
        self._made = dict[tuple[str, str], Piece]()  # by item and contestant
        self._slots = list[Slot]()
        self._state: tuple[object, ...] = ()

    def draw(self, voter: str, *, leader: str | None = None) -> Duel | NothingLeft:
        """Give the voter's open battle again, or else draw the next one.

        With a `leader`, most battles set it against its challengers.

        Raises:
            LibraryError: there is one contestant, or no item with two pieces.
            NotFoundError: no contestant is called like the leader.
            SettingsError: nobody's name is given.
        """
        require_name(voter)
        if leader is not None:
            Ballots(self._library).contestant(leader)
        with self._library.reading() as db:
            opened = _opened(db, voter)
        if opened is not None:
            return opened  # as at every click on its page: nothing else is read for that
        with self._turn:
            self._catch_up()
            return self._next(voter, leader)

    def _next(self, voter: str, leader: str | None) -> Duel | NothingLeft:
        while True:
            with self._library.writing() as db:
                opened = _opened(db, voter)
                if opened is not None:
                    return opened
                own = _own(db, voter)
                plan = self._plan(own, _standing(db, own), leader)
                if plan is None:
                    return NothingLeft(voter, len(own))
                # Where another tab was faster, its battle is the open one that is found next.
                insert_missing(db, schema.battles, self._values(plan, voter, _turn(own)))

    def set_before(self, judge: str) -> Iterator[Battle]:
        """Give a battle of each pair on each item of which a judge that is a model has said nothing.

        It is no voter: every pair comes once, with its sides by a fair coin.

        Raises:
            LibraryError: there is nothing to compare.
        """
        with self._turn:
            self._catch_up()
            slots = self._slots
        with self._library.reading() as db:
            judged = _judged(db, judge)
        for slot in slots:
            if slot not in judged:
                with self._turn:
                    battle = self._set(judge, slot)
                yield battle

    def _set(self, judge: str, slot: Slot) -> Battle:
        """Give the judge's battle of a pair on an item, drawing it where there is none."""
        voter = f"judge {judge}"
        while True:
            with self._library.writing() as db:
                own = _own(db, voter)
                for row in own:
                    if _slot(row) == slot:
                        made = {name: self._made[slot.item_id, name] for name in slot.pair}
                        return rows.battle(row, item_of(db, slot.item_id), made)
                a, b = slot.pair if self._coin() else slot.pair[::-1]
                plan = _Plan(slot.item_id, a, b, Kind.PLAIN, _FAIR)
                # Where another process was faster, this turn is taken: look again.
                insert_missing(db, schema.battles, self._values(plan, voter, _turn(own)))

    def _catch_up(self) -> None:
        """Read what was frozen since the last draw: a piece never changes."""
        table = schema.pieces
        with self._library.reading() as db:
            state = db.execute(sa.select(sa.func.count(), sa.func.max(table.c.frozen))).one()
            if tuple(state) != self._state:
                self._made = {
                    (str(row["item_id"]), str(row["contestant"])): pieces.loaded(row["content"])
                    for row in db.execute(sa.select(table)).mappings()
                }
                self._slots = _differing(self._made)
                self._state = tuple(state)
        if not self._slots:
            raise _no_battle(Ballots(self._library), sampling.slots(self._made))

    def _plan(
        self, own: Sequence[RowMapping], standing: Standing, leader: str | None
    ) -> _Plan | None:
        """Choose kind, item, pair and order; None where nothing is left to judge."""
        chances = sampling.chances(self._slots, standing, leader)
        if not chances:
            return None
        again = _repeatable(own)
        repeats, lot = (REPEATS if again else 0.0), self._random.random()
        if lot < repeats:
            row = self._random.choice(again)
            chance = repeats / len(again)
            return _Plan(row["item_id"], row["b"], row["a"], Kind.REPEAT, chance, repeats=row["id"])
        [slot] = self._random.choices(list(chances), list(chances.values()))
        controls = CONTROLS if self._spoilable(slot) else 0.0
        if lot >= 1 - controls:
            return self._control(slot, chances)
        a, b = slot.pair if self._coin() else slot.pair[::-1]
        chance = (1 - repeats - controls) * chances[slot] / 2
        return _Plan(slot.item_id, a, b, Kind.PLAIN, chance)

    def _control(self, slot: Slot, chances: dict[Slot, float]) -> _Plan:
        """Set a piece against itself with other citations: the words are no reason to choose."""
        name = self._random.choice(self._spoilable(slot))
        piece = self._made[slot.item_id, name]
        spoilt = pieces.shuffled(piece, self._strangers(slot.item_id, name), self._random)
        led_here = sum(
            chance / len(self._spoilable(each))
            for each, chance in chances.items()
            if each.item_id == slot.item_id and name in self._spoilable(each)
        )
        return _Plan(
            slot.item_id,
            name,
            name,
            Kind.CONTROL,
            CONTROLS * led_here / 2,
            spoilt="a" if self._coin() else "b",
            planted=pieces.dumped(spoilt),
        )

    def _spoilable(self, slot: Slot) -> list[str]:
        """Give those of a pair whose citations there are others for."""
        return [name for name in slot.pair if self._strangers(slot.item_id, name)]

    def _strangers(self, item_id: str, name: str) -> Sequence[Citation]:
        others = [piece for (item, _), piece in self._made.items() if item != item_id]
        return pieces.strangers(self._made[item_id, name], others)

    def _coin(self) -> bool:
        return self._random.random() < _FAIR

    def _values(self, plan: _Plan, voter: str, turn: int) -> dict[str, object]:
        a, b = (self._made[plan.item_id, name] for name in (plan.a, plan.b))
        return {
            "id": uuid4().hex,
            "item_id": plan.item_id,
            "a": plan.a,
            "b": plan.b,
            "kind": plan.kind.value,
            "repeats": plan.repeats,
            "shuffled": plan.spoilt,
            "planted": plan.planted,
            "style": list(pieces.style(a, b)),
            "propensity": plan.propensity,
            "voter": voter,
            "turn": turn,
            "drawn": self._now(),
        }


def _differing(made: Mapping[tuple[str, str], Piece]) -> list[Slot]:
    """Give the pairs whose pieces differ: of two that say the same there is nothing to say."""
    return [
        each
        for each in sampling.slots(made)
        if len({pieces.blind(made[each.item_id, name]) for name in each.pair}) > 1
    ]


def _no_battle(ballots: Ballots, pairs: Sequence[Slot]) -> LibraryError:
    if pairs:
        return LibraryError(
            "All contestants say the same on every item: there is nothing to judge",
            hint="Register one that differs more (soundproof arena new), or ask other questions.",
        )
    if len(ballots.contestants()) < 2:  # noqa: PLR2004 - it takes two
        return LibraryError(
            "The arena has fewer than two contestants",
            hint="Register another way of answering: soundproof arena new",
        )
    return LibraryError(
        "On no item are there two contestants' pieces to compare",
        hint="Let the contestants answer some questions: soundproof arena battles",
    )


def _own(db: Connection, voter: str) -> Sequence[RowMapping]:
    """Give the battles that were drawn for a voter (`mine`) or judged by them (`judged`)."""
    battles, votes = schema.battles, schema.votes
    said = sa.and_(votes.c.battle_id == battles.c.id, votes.c.voter == voter)
    mine = sa.and_(battles.c.voter == voter, battles.c.turn.is_not(None))
    query = (
        sa.select(battles, mine.label("mine"), votes.c.voter.is_not(None).label("judged"))
        .outerjoin(votes, said)
        .where(sa.or_(battles.c.voter == voter, votes.c.voter == voter))
        .order_by(battles.c.turn, battles.c.id)
    )
    return db.execute(query).mappings().all()


def _opened(db: Connection, voter: str) -> Duel | None:
    """Give the battle that was drawn for a voter, who has not judged it."""
    battles, votes = schema.battles, schema.votes
    said = sa.and_(votes.c.battle_id == battles.c.id, votes.c.voter == voter)
    query = (
        sa.select(battles)
        .outerjoin(votes, said)
        .where(battles.c.voter == voter, battles.c.turn.is_not(None), votes.c.voter.is_(None))
        .order_by(battles.c.turn, battles.c.id)
        .limit(1)
    )
    row = db.execute(query).mappings().first()
    if row is None:
        return None
    return rows.duel(row, item_of(db, row["item_id"]), frozen(db, row["item_id"]))


def _judged(db: Connection, judge: str) -> frozenset[Slot]:
    """Give the pairs on items of which a judge has said something."""
    battles, verdicts = schema.battles, schema.verdicts
    query = sa.select(battles).join(verdicts).where(verdicts.c.judge == judge)
    return frozenset(_slot(row) for row in db.execute(query).mappings())


def _turn(own: Sequence[RowMapping]) -> int:
    return 1 + max((row["turn"] for row in own if row["mine"]), default=0)


def _repeatable(own: Sequence[RowMapping]) -> list[RowMapping]:
    """Give the battles that this voter judged a while ago and has not been given again."""
    again, turn = {row["repeats"] for row in own}, _turn(own)
    return [
        row
        for row in own
        if (row["mine"] and row["judged"] and row["kind"] == Kind.PLAIN)
        and row["turn"] <= turn - APART
        and row["id"] not in again
    ]


def _standing(db: Connection, own: Sequence[RowMapping]) -> Standing:
    battles, votes, count = schema.battles, schema.votes, sa.func.count()
    columns = (battles.c.item_id, battles.c.a, battles.c.b)
    plain = sa.select(*columns, count.label("votes")).join(votes)
    counted = plain.where(battles.c.kind == Kind.PLAIN.value).group_by(*columns)
    total = Counter[Slot]()
    for row in db.execute(counted).mappings():
        total[_slot(row)] += int(row["votes"])
    seen = frozenset(_slot(row) for row in own if row["kind"] == Kind.PLAIN)
    return Standing(total, seen, Counter(str(row["item_id"]) for row in own))


def _slot(row: RowMapping) -> Slot:
    first, second = sorted((str(row["a"]), str(row["b"])))
    return Slot(row["item_id"], (first, second))
