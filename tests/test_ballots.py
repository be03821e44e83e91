"""Votes: stored before the reveal, one a voter and battle, never changed; over both databases."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from eval import ballots as rooms
from eval import pieces
from eval.arena import Arena
from eval.ballots import Ballots
from eval.exclusions import Exclusion, Exclusions
from eval.judge import Verdict
from eval.models import Choice, Contestant, Duel, Item, Kind, Objection, Vote
from eval.verdicts import Verdicts
from kb import schema
from kb.errors import LibraryError, NotFoundError, SettingsError, SoundproofError, SourceError
from kb.library import SqlLibrary
from tests.arena_house import HYBRID, WORDS, drawn, fill, item, judge, piece
from tests.test_house_rules import MODULES
from tests.test_jobs import DATABASES, Clock, a_library


@dataclass(frozen=True, slots=True)
class House:
    """A library with its ballots, and a clock that stands still."""

    library: SqlLibrary
    ballots: Ballots
    arena: Arena
    clock: Clock

    def drawn(self, voter: str = "ana") -> Duel:
        """Draw a battle where one is left."""
        return drawn(self.arena, voter)


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    clock = Clock()
    with a_library(request.param, tmp_path) as library:
        arena = Arena(library, random=Random(1), now=clock)  # noqa: S311 - fixed draws
        yield House(library, Ballots(library, now=clock), arena, clock)


@pytest.fixture
def house(empty: House) -> House:
    fill(empty.library)
    return empty


def rows(house: House) -> dict[str, list[str]]:
    """Give all rows of the arena."""
    tables = ("contestants", "items", "pieces", "battles", "votes", "exclusions")
    with house.library.reading() as db:
        return {
            name: sorted(map(repr, db.execute(sa.select(schema.metadata.tables[name]))))
            for name in tables
        }


# Contestants and pieces


def test_contestants_come_in_the_order_in_which_they_were_registered(empty: House) -> None:
    for number, each in enumerate((WORDS, HYBRID)):
        empty.clock.time = 2000.0 + number
        assert empty.ballots.register(each)

    assert empty.ballots.contestants() == [WORDS, HYBRID]
    assert empty.ballots.contestant("hybrid") == HYBRID
    assert not empty.ballots.register(WORDS)
    assert empty.ballots.contestants() == [WORDS, HYBRID]


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (Contestant("words", (("search", "else"),)), "registered with other settings"),
        (Contestant("again", WORDS.settings), "made as words is"),
    ],
)
def test_a_contestant_is_one_name_and_one_set_of_settings(
    empty: House, other: Contestant, message: str
) -> None:
    empty.ballots.register(WORDS)

    with pytest.raises(LibraryError, match=message):
        empty.ballots.register(other)
    assert empty.ballots.contestants() == [WORDS]


def test_no_contestant_is_called_like_a_control(empty: House) -> None:
    with pytest.raises(SettingsError, match="calls a control"):
        empty.ballots.register(Contestant("words (citations shuffled)", ()))


def test_a_contestant_that_is_not_there_is_not_found(house: House) -> None:
    with pytest.raises(NotFoundError, match="No contestant is called nobody"):
        house.ballots.contestant("nobody")
    with pytest.raises(NotFoundError, match="No contestant is called nobody"):
        house.ballots.freeze(item(0), "nobody", piece("It was so."))


def test_a_piece_is_frozen_once(empty: House) -> None:
    empty.ballots.register(WORDS)

    assert empty.ballots.freeze(item(1), "words", piece("It was so."))
    assert not empty.ballots.freeze(item(1), "words", piece("It was otherwise."))

    assert empty.ballots.frozen("q01") == {"words": piece("It was so.")}
    assert empty.ballots.frozen("q02") == {}
    assert empty.ballots.items() == [item(1)]


def test_an_item_stays_what_it_is(house: House) -> None:
    before = rows(house)

    with pytest.raises(LibraryError, match="another one already"):
        house.ballots.freeze(Item("q00", "Something else?"), "words", piece("It was so."))
    assert rows(house) == before


# Casting


def test_a_vote_is_kept_whole(house: House) -> None:
    duel = house.drawn()
    house.clock.time += 12.5
    vote = Vote(
        "ana",
        duel.id,
        Choice.BOTH_BAD,
        reading=Choice.B,
        reasons=("too long", "„so“"),
        objections=(Objection(Choice.A, 2),),
    )

    stored = house.ballots.cast(vote)

    assert stored == replace(vote, seconds=12.5, cast=1012.5)
    assert house.ballots.vote("ana", duel.id) == stored
    assert house.ballots.vote("ben", duel.id) is None


def test_a_double_click_is_one_vote(house: House) -> None:
    duel = house.drawn()
    first = judge(house.ballots, duel, "ana", Choice.B, reasons="clear")
    house.clock.time += 1

    assert judge(house.ballots, duel, "ana", Choice.B, reasons="clear") == first
    assert len(house.ballots.ballots()) == 1


@pytest.mark.parametrize(
    "other",
    [
        Vote("ana", "", Choice.A, reasons=("clear",)),
        Vote("ana", "", Choice.B, reading=Choice.A, reasons=("clear",)),
        Vote("ana", "", Choice.B),
        Vote("ana", "", Choice.B, reasons=("clear",), objections=(Objection(Choice.A, 1),)),
    ],
    ids=["choice", "reading", "reasons", "objections"],
)
def test_another_vote_on_a_battle_is_refused_and_the_first_stands(
    house: House, other: Vote
) -> None:
    duel = house.drawn()
    first = judge(house.ballots, duel, "ana", Choice.B, reasons="clear")

    with pytest.raises(LibraryError, match="that vote stands") as refusal:
        house.ballots.cast(replace(other, battle_id=duel.id))
    assert refusal.value.hint
    assert house.ballots.vote("ana", duel.id) == first


def test_two_voters_may_judge_one_battle(house: House) -> None:
    duel = house.drawn()
    house.clock.time += 7

    judge(house.ballots, duel, "ana", Choice.A)
    other = judge(house.ballots, duel, "ben", Choice.B)

    assert other.seconds is None  # it was not shown to ben first
    assert [(each.voter_id, each.winner) for each in house.ballots.ballots()] == [
        ("ana", Choice.A),
        ("ben", Choice.B),
    ]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (Vote("ana", "nowhere", Choice.A), NotFoundError),
        (Vote(" ", "", Choice.A), SettingsError),
        (Vote("ana", "", Choice.A, objections=(Objection(Choice.A, 9),)), NotFoundError),
        (Vote("ana", "", Choice.A, objections=(Objection(Choice.TIE, 1),)), NotFoundError),
    ],
    ids=["unknown battle", "nobody", "unknown citation", "no side"],
)
def test_a_vote_that_makes_no_sense_is_refused(
    house: House, wrong: Vote, error: type[SoundproofError]
) -> None:
    duel = house.drawn()
    before = rows(house)

    with pytest.raises(error) as refusal:
        house.ballots.cast(replace(wrong, battle_id=wrong.battle_id or duel.id))
    assert refusal.value.hint
    assert rows(house) == before


@pytest.mark.parametrize("word", ["a", "B", "tie", "both bad", "Both-Bad"])
def test_there_are_four_choices(word: str) -> None:
    assert rooms.choice(word).value == word.lower().replace("-", " ")


@pytest.mark.parametrize("word", ["", "c", "both", "a b"])
def test_there_is_no_fifth(word: str) -> None:
    with pytest.raises(SourceError, match="is not a choice") as refusal:
        rooms.choice(word)
    assert refusal.value.hint == "Say one of: a, b, tie, both bad."


# Revealing


def test_names_are_told_once_the_vote_is_stored(house: House) -> None:
    duel = house.drawn()
    with pytest.raises(LibraryError, match="has not judged"):
        house.ballots.reveal("ana", duel.id)
    judge(house.ballots, duel, "ben")
    with pytest.raises(LibraryError, match="ana has not judged"):
        house.ballots.reveal("ana", duel.id)

    judge(house.ballots, duel, "ana")
    battle = house.ballots.reveal("ana", duel.id)

    assert battle.duel == duel
    assert battle.a != battle.b
    assert battle.duel.a == pieces.blind(house.ballots.frozen(duel.item.id)[battle.a])
    assert (battle.kind, battle.voter, battle.of) == (Kind.PLAIN, "ana", None)
    assert house.ballots.battles() == [battle]


def test_an_unknown_battle_cannot_be_revealed(house: House) -> None:
    with pytest.raises(NotFoundError, match="There is no battle nowhere"):
        house.ballots.reveal("ana", "nowhere")


# Counting


def test_ballots_come_in_the_order_in_which_they_were_cast(house: House) -> None:
    given = list[tuple[str, Choice]]()
    for voter, choice in (("ben", Choice.TIE), ("ana", Choice.BOTH_BAD), ("ben", Choice.B)):
        house.clock.time += 1
        judge(house.ballots, house.drawn(voter), voter, choice)
        given.append((voter, choice))

    found = house.ballots.ballots()

    assert [(each.voter_id, each.winner) for each in found] == given
    assert all({each.model_a, each.model_b} < {"words", "meaning", "hybrid"} for each in found)
    assert all(len(each.style) == 5 for each in found)


# Who counts


def test_a_voter_is_left_out_by_somebody_for_a_reason_and_let_in_again(house: House) -> None:
    exclusions = Exclusions(house.library, now=house.clock)
    judge(house.ballots, house.drawn(), "ana")

    assert exclusions.exclude("ana", by="Ines", why="always left")
    assert not exclusions.exclude("ana", by="Jonas", why="me too")
    assert exclusions.excluded() == {"ana"}
    house.clock.time += 1
    assert exclusions.readmit("ana", by="Jonas", why="it was a trackpad")
    assert not exclusions.readmit("ana", by="Jonas", why="again")

    assert exclusions.excluded() == frozenset()
    assert exclusions.all() == [
        Exclusion("ana", excluded=True, person="Ines", why="always left", noted=1000),
        Exclusion("ana", excluded=False, person="Jonas", why="it was a trackpad", noted=1001),
    ]
    assert len(house.ballots.ballots()) == 1


@pytest.mark.parametrize(("by", "why"), [("", "always left"), ("Ines", " ")])
def test_nobody_is_left_out_by_nobody_or_for_nothing(house: House, by: str, why: str) -> None:
    judge(house.ballots, house.drawn(), "ana")

    with pytest.raises(SettingsError, match="a named person"):
        Exclusions(house.library).exclude("ana", by=by, why=why)
    assert Exclusions(house.library).all() == []


def test_who_has_not_voted_cannot_be_left_out(house: House) -> None:
    house.drawn()

    with pytest.raises(NotFoundError, match="ana has not voted"):
        Exclusions(house.library).exclude("ana", by="Ines", why="always left")


# Judges


def test_a_verdict_is_kept_apart_from_votes_and_once(house: House) -> None:
    judge(house.ballots, house.drawn(), "ana")
    [battle] = house.ballots.battles()
    verdict = Verdict(
        "model", battle.duel.id, battle.duel.item.id, battle.a, battle.b, Choice.A, Choice.TIE
    )
    verdicts = Verdicts(house.library)

    assert verdicts.note(verdict)
    assert not verdicts.note(replace(verdict, straight=Choice.B))

    assert verdicts.all() == [verdict]
    assert len(house.ballots.ballots()) == 1


# For good

_CHANGE = re.compile(
    r"(?:update|delete)\((?:schema\.)?(?:pieces|battles|votes|verdicts|exclusions)\b"
)


def test_no_code_changes_or_deletes_what_was_voted() -> None:
    assert _CHANGE.search("db.execute(sa.delete(schema.votes))")
    assert [path for path in MODULES if _CHANGE.search(path.read_text("utf-8"))] == []
