"""The arena as lines of text: duels, reveals, boards, audits."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, cast

from eval.models import Choice
from ui import printing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eval.agreement import Agreement
    from eval.audit import Audited
    from eval.board import Board, Pair, Rating
    from eval.calibrate import Foretold
    from eval.fusion import Fused
    from eval.models import Contestant, Duel, Piece
    from eval.reveal import Reveal
    from eval.tally import Tally

_INDENT = "    "
_WIDTH = 24


def contestant(made: Contestant, *, votes: int | None) -> Iterator[str]:
    """Print a contestant; `votes` is None where it is not registered yet."""
    state = "ships, not registered yet" if votes is None else printing.many(votes, "vote")
    yield f"{made.name} · {made.fingerprint if made.settings else 'from elsewhere'} · {state}"
    settings = " ".join(f"{name}={value}" for name, value in made.settings if value)
    yield f"{_INDENT}{settings or 'settings unknown'}"


def duel(one: Duel) -> Iterator[str]:
    """Print two pieces, one after the other: all that a voter gets to know."""
    yield f"Battle {one.id}"
    yield f"\n{one.item.text}"
    for side, piece in (("A", one.a), ("B", one.b)):
        yield f"\n--- {side} ---\n"
        yield from _piece(piece)


def reveal(told: Reveal, choice: Choice) -> Iterator[str]:
    """Print who made what, once the vote is stored."""
    battle = told.battle
    chosen = {Choice.A: f"A, {battle.a}", Choice.B: f"B, {battle.b}"}
    yield f"Your vote is stored: {chosen.get(choice, choice.value)}."
    sides = zip("AB", (battle.a, battle.b), told.checks, strict=True)
    for side, name, check in sides:
        yield f"{_INDENT}{side} is {name}: {check.standing} of {check.of} citations stand word for word"
    for each in told.differences:
        yield f"{_INDENT}{each.setting}: {each.a or 'none'} | {each.b or 'none'}"
    for move in told.moves:
        was = "new" if move.before is None else f"{move.after - move.before:+.0f}"
        yield f"{_INDENT}{move.name}: {move.after:.0f} ({was})"


def tally(told: Tally) -> Iterator[str]:
    """Print the boards, with what cannot be told yet."""
    yield from board(told.board)
    yield ""
    if told.winner is not None:
        yield f"Winner: {told.winner} (by a rule that may be looked at after every vote)."
    else:
        yield "No winner can be named yet."
    yield f"{told.robustness}."
    for each in told.board.unanswered:
        yield f"{each.item}: both bad in {each.both_bad} of {printing.many(each.votes, 'vote')}"
    if told.controlled is not None:
        yield "\nWith style left aside:"
        yield from board(told.controlled)
    if told.everyone is not None:
        yield "\nWith the votes of those who are left out:"
        yield from board(told.everyone)


def board(told: Board) -> Iterator[str]:
    """Print a board: ratings, what sways, what is needed to tell more."""
    bad = f", {told.both_bad} both bad" if told.both_bad else ""
    yield (
        f"{printing.many(told.votes, 'vote')} on {printing.many(told.items, 'question')}{bad};"
        f" 95 % intervals: {told.method}"
    )
    yield f"{'tier':<5}{'':<{_WIDTH}}{'points':>7}  {'95 % interval':<15}{'share':>6}{'best':>6}{'votes':>7}"
    for each in told.ratings:
        yield _rating(each)
    for name in told.unrated:
        yield f"{'':<5}{name:<{_WIDTH}} no vote but both bad"
    for coefficient in told.coefficients:
        value = coefficient.value
        yield f"{coefficient.name}: {value.value:+.2f} logits ({value.low:+.2f} to {value.high:+.2f})"
    for pair in told.pairs:
        if not pair.separated:
            yield plan(pair)


def plan(pair: Pair) -> str:
    """Say what it takes to separate two contestants."""
    gap = f"{pair.gap.value:.0f} points ({pair.gap.low:.0f} to {pair.gap.high:.0f})"
    told = f"{pair.higher} over {pair.lower}: {gap}"
    if pair.separated:
        return f"{told}, separated"
    if not pair.settled:
        return f"{told}, to be told once both have settled"
    if pair.needed is None:
        return f"{told}, alike as far as anybody will vote"
    return f"{told}, about {pair.needed} more votes to tell them apart"


def audited(one: Audited) -> Iterator[str]:
    """Print what an audit found of a voter."""
    state = "LOOK AT" if one.flagged else "well"
    pace = "" if one.seconds is None else f", {one.seconds:.0f} s a vote"
    yield f"{state:<8}{one.voter}: {printing.many(one.votes, 'vote')}{pace}, p {one.p:.3g}"
    for each in one.findings:
        about = f" {each.about}" if each.about else ""
        yield f"{_INDENT}{each.suspicion}{about}: {each.count} of {each.of}, p {each.p:.3g}"


def agreement(judge: str, told: Agreement) -> Iterator[str]:
    """Print a judge beside people."""
    yield judge
    for name, value in (
        ("agrees with people", told.judge),
        ("people with each other", told.people),
        ("kappa with people", told.judge_kappa),
        ("kappa of people", told.people_kappa),
        ("changed by the order", told.flips),
        ("took what came first", told.first),
    ):
        yield f"{_INDENT}{name:<{_WIDTH}} {value}"


def fused(pairs: Mapping[tuple[str, str], Fused]) -> Iterator[str]:
    """Print what people prefer, with the judge where it gains enough."""
    for (one, other), each in pairs.items():
        best = each.best
        who = f"with the judge ({each.gain:.2f} times the votes)" if each.used else "people alone"
        value = f"{best.value:+.2f} ({best.low:+.2f} to {best.high:+.2f})"
        yield f"{_INDENT}{one} over {other}: {value}, {who}"


def foretold(found: Sequence[Foretold]) -> Iterator[str]:
    """Print how well measures foretell votes."""
    for each in found:
        auc = each.auc
        yield (
            f"{each.measure:<44} {auc.value:.2f} ({auc.low:.2f} to {auc.high:.2f}),"
            f" differing on {each.differing:.0%}"
        )


def as_json(value: object) -> str:
    """Print values as JSON."""
    return json.dumps(_plain(value), ensure_ascii=False, indent=2, allow_nan=False)


def _plain(value: object) -> object:
    """Give what JSON knows: fields by name, sequences as lists, null for what is not a number."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in cast("Sequence[object]", value)]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _piece(piece: Piece) -> Iterator[str]:
    if piece.claims:
        yield from printing.cited(piece.claims, piece.citations)
    else:
        yield piece.reason


def _rating(one: Rating) -> str:
    points = one.points
    tier = "-" if one.tier is None else str(one.tier)
    best = "-" if one.best is None else f"{one.best:.0%}"
    interval = f"{points.low:.0f} to {points.high:.0f}"
    row = f"{tier:<5}{one.name:<{_WIDTH}}{points.value:>7.0f}  {interval:<15}{one.share:>6.0%}{best:>6}"
    return f"{row}{one.record.votes:>7}{'  warming up' if one.warming else ''}"
