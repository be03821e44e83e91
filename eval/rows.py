"""The arena's values <-> rows of the library's tables."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import RowMapping

from eval import pieces
from eval.models import (
    Ballot,
    Battle,
    Choice,
    Contestant,
    Duel,
    Item,
    Kind,
    Objection,
    Piece,
    Vote,
)


def contestant_values(contestant: Contestant, now: float) -> dict[str, Any]:
    """Give the columns of a contestant."""
    return {
        "name": contestant.name,
        "fingerprint": contestant.fingerprint,
        "settings": [list(each) for each in contestant.settings],
        "registered": now,
    }


def contestant(row: RowMapping) -> Contestant:
    """Make the contestant of a row."""
    return Contestant(row["name"], tuple((name, value) for name, value in row["settings"]))


def item(row: RowMapping) -> Item:
    """Make the item of a row."""
    return Item(row["id"], row["text"], row["kind"])


def item_values(item: Item) -> dict[str, Any]:
    """Give the columns of an item."""
    return {"id": item.id, "kind": item.kind, "text": item.text}


def vote_values(vote: Vote) -> dict[str, Any]:
    """Give the columns of a vote."""
    return {
        "voter": vote.voter,
        "battle_id": vote.battle_id,
        "choice": vote.choice.value,
        "reading": None if vote.reading is None else vote.reading.value,
        "reasons": list(vote.reasons),
        "objections": [[each.side.value, each.number] for each in vote.objections],
        "seconds": vote.seconds,
        "cast": vote.cast,
    }


def vote(row: RowMapping) -> Vote:
    """Make the vote of a row."""
    return Vote(
        voter=row["voter"],
        battle_id=row["battle_id"],
        choice=Choice(row["choice"]),
        reading=_choice(row["reading"]),
        reasons=tuple(row["reasons"]),
        objections=tuple(Objection(Choice(side), number) for side, number in row["objections"]),
        seconds=row["seconds"],
        cast=row["cast"],
    )


def duel(row: RowMapping, item: Item, made: Mapping[str, Piece]) -> Duel:
    """Make the duel of a battle's row, of all that the contestants made of its item."""
    sides = {"a": made[row["a"]], "b": made[row["b"]]}
    if row["shuffled"]:
        sides[row["shuffled"]] = pieces.loaded(row["planted"])
    return Duel(row["id"], item, pieces.blind(sides["a"]), pieces.blind(sides["b"]))


def battle(row: RowMapping, item: Item, made: Mapping[str, Piece]) -> Battle:
    """Make the battle of a row."""
    a, b = sides(row)
    return Battle(
        duel=duel(row, item, made),
        a=a,
        b=b,
        kind=Kind(row["kind"]),
        voter=row["voter"],
        propensity=row["propensity"],
        drawn=row["drawn"],
        of=row["repeats"] or None,
    )


def sides(row: RowMapping) -> tuple[str, str]:
    """Name who made either side of a battle; a spoilt side has a name of its own."""
    a, b = (
        pieces.shuffled_name(row[side]) if row["shuffled"] == side else str(row[side])
        for side in "ab"
    )
    return a, b


def ballot(row: RowMapping) -> Ballot:
    """Make the ballot of a battle's row joined with a vote's, whose voter is the `voter_id`."""
    a, b = sides(row)
    return Ballot(
        model_a=a,
        model_b=b,
        winner=Choice(row["choice"]),
        item_id=row["item_id"],
        voter_id=row["voter_id"],
        battle_id=row["id"],
        kind=Kind(row["kind"]),
        repeats=row["repeats"],
        reading=_choice(row["reading"]),
        propensity=row["propensity"],
        seconds=row["seconds"],
        cast=row["cast"],
        style=tuple(row["style"]),
        reasons=tuple(row["reasons"]),
    )


def battle_values(ballot: Ballot) -> dict[str, Any]:
    """Give the columns of the battle behind a ballot that was cast elsewhere: it has no turn here."""
    names = {"a": ballot.model_a, "b": ballot.model_b}
    spoilt = [side for side, name in names.items() if pieces.plain_name(name) != name]
    return {side: pieces.plain_name(name) for side, name in names.items()} | {
        "id": ballot.battle_id,
        "item_id": ballot.item_id,
        "kind": ballot.kind.value,
        "repeats": ballot.repeats,
        "shuffled": "".join(spoilt),
        "planted": "",
        "style": list(ballot.style),
        "propensity": ballot.propensity,
        "voter": ballot.voter_id,
        "turn": None,
        "drawn": ballot.cast - (ballot.seconds or 0.0),
    }


def counted_values(ballot: Ballot) -> dict[str, Any]:
    """Give the columns of the vote in a ballot."""
    return vote_values(
        Vote(
            ballot.voter_id,
            ballot.battle_id,
            ballot.winner,
            ballot.reading,
            ballot.reasons,
            seconds=ballot.seconds,
            cast=ballot.cast,
        )
    )


def _choice(value: str | None) -> Choice | None:
    return None if value is None else Choice(value)
