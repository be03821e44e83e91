"""Battles: one open one a voter, fair sides, repeats and controls, and chances that are true."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Barrier

import pytest
import sqlalchemy as sa

from eval import arena, pieces
from eval.arena import APART, CONTROLS, REPEATS, Arena, NothingLeft
from eval.ballots import Ballots
from eval.judge import Verdict
from eval.models import Battle, Choice, Contestant, Duel, Kind, Piece, Vote
from eval.polls import Polls
from eval.sampling import Slot
from eval.verdicts import Verdicts
from kb import schema
from kb.errors import LibraryError, NotFoundError, SettingsError
from kb.library import SqlLibrary
from tests.arena_house import CONTESTANTS, HYBRID, WORDS, drawn, fill, item, judge, piece
from tests.test_jobs import DATABASES, Clock, a_library

NAMES = {each.name for each in CONTESTANTS}


@dataclass(frozen=True, slots=True)
class House:
    """A library, its ballots and its arena with a fixed seed."""

    library: SqlLibrary
    ballots: Ballots
    arena: Arena

    def drawn(self, voter: str = "ana", *, leader: str | None = None) -> Duel:
        """Draw a battle where one is left."""
        return drawn(self.arena, voter, leader=leader)

    def battle(self, voter: str = "ana", *, leader: str | None = None) -> Battle:
        """Draw a battle, judge it and look behind it."""
        duel = self.drawn(voter, leader=leader)
        judge(self.ballots, duel, voter)
        return self.ballots.reveal(voter, duel.id)

    def battles(self) -> int:
        """Count the battles that were drawn."""
        with self.library.reading() as db:
            return int(db.scalar(sa.select(sa.func.count()).select_from(schema.battles)) or 0)


def seeded(library: SqlLibrary, seed: int = 7) -> House:
    clock = Clock()
    random = Random(seed)  # noqa: S311 - fixed draws
    return House(library, Ballots(library, now=clock), Arena(library, random=random, now=clock))


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with a_library(request.param, tmp_path) as library:
        yield seeded(library)


@pytest.fixture
def house(empty: House) -> House:
    fill(empty.library)
    return empty


# One open battle


def test_a_reload_shows_the_same_battle(house: House) -> None:
    assert house.drawn() == house.drawn()
    assert house.battles() == 1


def test_another_tab_shows_the_same_battle(house: House) -> None:
    there = Arena(house.library)

    assert drawn(there) == house.drawn()
    assert house.battles() == 1


def test_every_voter_has_a_battle_of_their_own(house: House) -> None:
    assert house.drawn("ana").id != house.drawn("ben").id


def test_after_the_vote_comes_the_next(house: House) -> None:
    first = house.drawn()
    judge(house.ballots, first, "ana")

    assert house.drawn().item != first.item


def test_a_voter_judges_every_pair_on_every_item_once(house: House) -> None:
    while isinstance(duel := house.arena.draw("ana"), Duel):
        judge(house.ballots, duel, "ana")
    found = house.ballots.ballots()

    plain = [(b.item_id, *sorted((b.model_a, b.model_b))) for b in found if b.kind is Kind.PLAIN]
    assert len(plain) == len(set(plain)) == 9
    assert house.arena.draw("ana") == NothingLeft("ana", len(found))
    assert isinstance(house.arena.draw("ben"), Duel)


def test_items_take_turns(house: House) -> None:
    shown = [house.battle().duel.item.id for _ in range(9)]

    assert all(len(set(shown[n : n + 3])) == 3 for n in (0, 3, 6))


def test_what_is_frozen_later_is_judged_too(house: House) -> None:
    while isinstance(duel := house.arena.draw("ana"), Duel):
        judge(house.ballots, duel, "ana")
    late = item(9)
    for each in (WORDS, HYBRID):
        house.ballots.freeze(late, each.name, piece(f"Made by number {len(each.name)}."))

    assert house.drawn().item == late


def test_a_pair_with_fewer_votes_is_drawn_before_the_others(house: House) -> None:
    met = Counter[frozenset[str]]()
    for n in range(18):
        battle = house.battle(f"voter{n}")
        met[frozenset((battle.a, battle.b))] += battle.kind is Kind.PLAIN

    assert min(met.values()) >= 3


# What cannot be drawn


@pytest.mark.parametrize("contestants", [[], [WORDS]])
def test_an_arena_with_one_contestant_says_so(empty: House, contestants: list[Contestant]) -> None:
    fill(empty.library, contestants=contestants)

    with pytest.raises(LibraryError, match="fewer than two contestants") as refusal:
        empty.arena.draw("ana")
    assert "arena new" in refusal.value.hint
    assert empty.battles() == 0


def test_contestants_that_made_nothing_of_the_same_item_do_not_meet(empty: House) -> None:
    for n, each in enumerate((WORDS, HYBRID)):
        empty.ballots.register(each)
        empty.ballots.freeze(item(n), each.name, piece("It was so."))

    with pytest.raises(LibraryError, match="On no item") as refusal:
        empty.arena.draw("ana")
    assert "arena battles" in refusal.value.hint


def test_nobody_draws_nothing(house: House) -> None:
    with pytest.raises(SettingsError, match="has a voter"):
        house.arena.draw(" ")


def test_an_unknown_leader_is_told(house: House) -> None:
    with pytest.raises(NotFoundError, match="No contestant is called nobody"):
        house.arena.draw("ana", leader="nobody")
    assert house.battles() == 0


# Sides and names


def test_nothing_in_a_duel_says_who_made_it(house: House) -> None:
    for n in range(30):
        said = repr(house.drawn(f"voter{n}"))
        assert not [name for name in NAMES if name in said]
        assert "shuffled" not in said


def test_sides_are_fair_and_are_stored(house: House) -> None:
    left = Counter[bool]()
    for n in range(60):
        battle = house.battle(f"voter{n}")
        if battle.kind is Kind.PLAIN:
            assert battle.duel.a == pieces.blind(
                house.ballots.frozen(battle.duel.item.id)[battle.a]
            )
            left[battle.a < battle.b] += 1

    assert 0.3 < left[True] / left.total() < 0.7  # of fair coins all but 1 in 500


def test_in_focus_the_leader_is_in_most_battles(house: House) -> None:
    battles = [house.battle(f"voter{n}", leader="hybrid") for n in range(40)]

    led = [each for each in battles if "hybrid" in (each.a, each.b)]
    assert 30 <= len(led) < 40


# Kinds and their chances


def test_the_chance_of_a_first_battle_is_known(house: House) -> None:
    battles = [house.drawn(f"voter{n}").id for n in range(70)]
    for n, battle_id in enumerate(battles):  # nobody votes before everybody has drawn
        house.ballots.cast(vote_on(battle_id, f"voter{n}"))
    found = house.ballots.ballots()

    # One of 3 items, 3 pairs and 2 orders; of a control, one of 3 contestants and 2 sides.
    known = {Kind.PLAIN: (1 - CONTROLS) / 18, Kind.CONTROL: CONTROLS / 18}
    assert all(each.propensity == pytest.approx(known[each.kind]) for each in found)
    assert 1 <= sum(each.kind is Kind.CONTROL for each in found) <= 6


def vote_on(battle_id: str, voter: str) -> Vote:
    return Vote(voter, battle_id, Choice.TIE)


def test_a_control_sets_a_piece_against_itself_with_other_evidence(house: House) -> None:
    battle = first_of(house, Kind.CONTROL)
    [ballot] = [each for each in house.ballots.ballots() if each.kind is Kind.CONTROL]
    [intact] = pieces.intact([ballot]).values()
    whole, spoilt = (
        (battle.duel.a, battle.duel.b) if intact is Choice.A else (battle.duel.b, battle.duel.a)
    )

    assert {battle.a, battle.b} == {ballot.model_a, ballot.model_b}
    [name] = {battle.a, battle.b} & NAMES
    assert {battle.a, battle.b} == {name, pieces.shuffled_name(name)}
    assert whole == pieces.blind(house.ballots.frozen(battle.duel.item.id)[name])
    assert spoilt.claims == whole.claims
    talks = {each.span.episode_id for each in whole.citations}
    assert not talks & {each.span.episode_id for each in spoilt.citations}
    assert ballot.style == (0.0,) * 5


def first_of(house: House, kind: Kind) -> Battle:
    for n in range(300):
        battle = house.battle(f"voter{n}")
        if battle.kind is kind:
            return battle
    pytest.fail(f"no {kind} in 300 battles")


def test_where_nothing_can_be_shuffled_there_are_no_controls(empty: House) -> None:
    fill(empty.library, items=1)

    found = [empty.battle(f"voter{n}") for n in range(30)]

    assert {each.kind for each in found} == {Kind.PLAIN}
    assert found[0].propensity == pytest.approx(1 / 6)


def test_a_repeat_is_an_earlier_battle_with_its_sides_exchanged(empty: House) -> None:
    fill(empty.library, items=25)
    battles = list[Battle]()
    while not (battles and battles[-1].kind is Kind.REPEAT):
        battles.append(empty.battle())
    again = battles.pop()
    order = [each.duel.id for each in battles]
    assert again.of is not None
    earlier = battles[order.index(again.of)]

    assert (again.a, again.b) == (earlier.b, earlier.a)
    assert (again.duel.a, again.duel.b) == (earlier.duel.b, earlier.duel.a)
    assert earlier.kind is Kind.PLAIN
    assert len(order) - order.index(again.of) >= APART
    plain = [each for each in battles[: len(battles) + 1 - APART] if each.kind is Kind.PLAIN]
    assert again.propensity == pytest.approx(REPEATS / len(plain))


@pytest.mark.slow
def test_kinds_come_in_their_shares_and_nothing_is_repeated_twice(tmp_path: Path) -> None:
    with a_library("sqlite", tmp_path) as library:
        house = seeded(library)
        fill(library, items=80)
        while isinstance(duel := house.arena.draw("ana"), Duel):
            judge(house.ballots, duel, "ana")
        found = house.ballots.ballots()

    count = Counter(each.kind for each in found)
    assert count[Kind.PLAIN] == 240
    assert 0.03 < count[Kind.REPEAT] / len(found) < 0.075
    assert 0.015 < count[Kind.CONTROL] / len(found) < 0.05
    repeated = [each.repeats for each in found if each.kind is Kind.REPEAT]
    assert len(repeated) == len(set(repeated))


def test_pieces_that_say_the_same_are_not_set_against_each_other(empty: House) -> None:
    for contestant in CONTESTANTS:
        empty.ballots.register(contestant)
        same = piece("All of us say this.") if contestant != HYBRID else piece("I do not.")
        empty.ballots.freeze(item(1), contestant.name, same)

    met = {frozenset((each.a, each.b)) for each in (empty.battle() for _ in range(2))}

    assert met == {frozenset((HYBRID.name, other)) for other in NAMES - {HYBRID.name}}
    assert isinstance(empty.arena.draw("ana"), NothingLeft)


def test_where_all_say_the_same_there_is_nothing_to_judge(empty: House) -> None:
    for contestant in CONTESTANTS:
        empty.ballots.register(contestant)
        empty.ballots.freeze(item(1), contestant.name, piece("All of us say this."))

    with pytest.raises(LibraryError, match="All contestants say the same"):
        empty.arena.draw("ana")


# Before a judge


def test_a_judge_is_set_before_every_pair_once(house: House) -> None:
    battles = list(house.arena.set_before("llama"))

    slots = {(each.duel.item.id, frozenset((each.a, each.b))) for each in battles}
    assert len(battles) == len(slots) == 9
    assert {each.kind for each in battles} == {Kind.PLAIN}
    assert len({(each.a, each.b) for each in battles}) > 3  # sides are drawn


def test_what_a_judge_was_set_before_waits_for_it(house: House) -> None:
    before = [each.duel.id for each in house.arena.set_before("llama")]

    assert [each.duel.id for each in house.arena.set_before("llama")] == before
    assert house.battles() == 9


def test_a_judge_is_asked_once(house: House) -> None:
    first = next(iter(house.arena.set_before("llama")))
    said = Verdict("llama", first.duel.id, first.duel.item.id, first.a, first.b, Choice.A, Choice.A)
    Verdicts(house.library).note(said)

    again = {each.duel.id for each in house.arena.set_before("llama")}
    assert len(again) == 8
    assert first.duel.id not in again
    assert len(list(house.arena.set_before("another"))) == 9


def test_a_judge_s_battles_are_no_voter_s(house: House) -> None:
    list(house.arena.set_before("llama"))

    assert house.ballots.battles() == []
    assert house.battle().voter == "ana"


# Many at once, and large


def test_voters_who_come_at_once_to_a_fresh_arena_all_get_a_battle(empty: House) -> None:
    fill(empty.library, items=150)
    voters = [f"voter{n}" for n in range(8)]
    start = Barrier(len(voters))

    def come(voter: str) -> Duel | NothingLeft:
        start.wait(10)
        return empty.arena.draw(voter)

    with ThreadPoolExecutor(len(voters)) as pool:
        duels = list(pool.map(come, voters))

    assert len({each.id for each in duels if isinstance(each, Duel)}) == len(voters)


def test_an_open_battle_is_shown_without_reading_what_else_was_made(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    duel, read = house.drawn(), list[str]()
    load = pieces.loaded

    def counted(content: str) -> Piece:
        read.append(content)
        return load(content)

    monkeypatch.setattr(pieces, "loaded", counted)

    assert drawn(Arena(house.library)) == duel
    assert len(read) == len(CONTESTANTS)  # of its own item


def test_an_arena_reads_what_was_made_once_for_all_voters(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    polls = Polls(house.library)
    drawn(polls.arena(), "ana")
    monkeypatch.setattr(arena, "_differing", _never)

    assert drawn(polls.arena(), "ben").item.id.startswith("q")


def _never(made: object) -> list[Slot]:
    raise AssertionError(made)
