"""The arena as plain blocks to draw: what a voter is told, the board, judge and audit beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from eval.models import Choice
from ui import cards, printing_arena
from ui.printing import many
from ui.sheet import Reach, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from eval.agreement import Agreement
    from eval.audit import Audited
    from eval.board import Board, Rating
    from eval.exclusions import Exclusion
    from eval.fusion import Fused
    from eval.models import Duel, Piece
    from eval.reveal import Reveal
    from eval.tally import Tally
    from ui.cards import Card, Line

_SIDES = {Choice.A: "left", Choice.B: "right"}


# Voting


def citation_names(duel: Duel) -> tuple[str, ...]:
    """Name the citations of both sides as the command line does: a1, a2, b1."""
    sides = (("a", duel.a), ("b", duel.b))
    return tuple(f"{side}{each.number}" for side, piece in sides for each in piece.citations)


def claims(piece: Piece) -> tuple[Line, ...]:
    """Show what a side of a duel says: it is blind, nothing in it tells the writer."""
    return tuple(cards.line(each, piece) for each in piece.claims)


def evidence(piece: Piece) -> tuple[Card, ...]:
    """Show what a side cites, to be heard and for nothing else."""
    return tuple(replace(cards.source(each), pick="") for each in piece.citations)


def chosen(told: Reveal, choice: Choice) -> str:
    """Say in words what stands as the vote.

    A planted control has one contestant on both sides; its name says which was spoilt.
    """
    names = {Choice.A: told.battle.a, Choice.B: told.battle.b}
    if choice in names:
        return f"You chose the {_SIDES[choice]} answer, {choice.upper()}: {names[choice]}."
    return "You called it a tie." if choice is Choice.TIE else "You found both answers bad."


def reveal(told: Reveal) -> tuple[Table, ...]:
    """Tell who made what, in what they differ, and what the vote moved."""
    battle = told.battle
    checks = zip(("Left, A", "Right, B"), (battle.a, battle.b), told.checks, strict=True)
    stand = Table(
        "Who answered",
        ("", "made by", "citations that stand word for word"),
        tuple((side, name, f"{each.standing} of {each.of}") for side, name, each in checks),
    )
    differ = Table(
        "In what they differ",
        ("setting", battle.a, battle.b),
        tuple((each.setting, each.a or "none", each.b or "none") for each in told.differences),
    )
    moved = Table(
        "How the board moved",
        ("", "points", "change"),
        tuple(
            (
                move.name,
                f"{move.after:.0f}",
                "new" if move.before is None else f"{move.after - move.before:+.0f}",
            )
            for move in told.moves
        ),
    )
    return tuple(each for each in (stand, differ, moved) if each.rows)


# The board


def verdict(told: Tally) -> tuple[str, str]:
    """Say who has won, if anybody has, and how few votes carry who is on top."""
    winner = f"Winner: {told.winner}." if told.winner else "No winner can be named yet."
    return winner, f"{told.robustness}."


def basis(board: Board) -> str:
    """Say what a board rests on."""
    return (
        f"{many(board.votes, 'vote')} on {many(board.items, 'question')}, {board.both_bad} both bad;"
        f" 95 % intervals: {board.method}."
    )


def ratings(board: Board) -> Table:
    """Show where everybody stands, the intervals on one scale."""
    low = min(each.points.low for each in board.ratings)
    high = max(each.points.high for each in board.ratings)
    return Table(
        "Points, 1000 on average; a tier lower means surely worse than somebody above",
        ("", "tier", "points", "95 % interval", "share of wins", "best", "votes"),
        tuple(_rating(each, low, max(high - low, 1.0)) for each in board.ratings),
    )


def _rating(one: Rating, low: float, reach: float) -> tuple[str | Reach, ...]:
    points = one.points
    low_, value, high_ = ((each - low) / reach for each in (points.low, points.value, points.high))
    return (
        one.name,
        "warming up" if one.tier is None else str(one.tier),
        f"{points.value:.0f}",
        Reach(low_, value, high_, f"{points.low:.0f} to {points.high:.0f}"),
        f"{one.share:.0%}",
        "" if one.best is None else f"{one.best:.0%}",
        str(one.record.votes),
    )


def shares(board: Board) -> Table:
    """Show the expected share of wins of each over each."""
    return _matrix("Expected share of wins, row against column", board, board.shares)


def surely(board: Board) -> Table:
    """Show how probable it is that one is better than the other."""
    return _matrix("Probability that the row is better than the column", board, board.surely)


def _matrix(caption: str, board: Board, values: Sequence[Sequence[float]]) -> Table:
    names = tuple(each.name for each in board.ratings)
    rows = tuple(
        (name, *("" if n == m else f"{value:.0%}" for m, value in enumerate(row)))
        for n, (name, row) in enumerate(zip(names, values, strict=True))
    )
    return Table(caption, ("", *names), rows)


def swaying(board: Board) -> Table:
    """Show what sways a vote beside the contestants."""
    return Table(
        "What sways a vote beside the contestants",
        ("", "logits", "95 % interval"),
        tuple(
            (
                each.name,
                f"{each.value.value:+.2f}",
                f"{each.value.low:+.2f} to {each.value.high:+.2f}",
            )
            for each in board.coefficients
        ),
    )


def unsaid(told: Tally) -> tuple[str, ...]:
    """Say what cannot be told yet, and what it takes."""
    board = told.board
    return (
        *(
            f"{each.name} is warming up: {many(each.record.votes, 'vote')} on"
            f" {many(each.record.items, 'question')}."
            for each in board.ratings
            if each.warming
        ),
        *(f"{name} has no vote but both bad." for name in board.unrated),
        *(f"{printing_arena.plan(pair)}." for pair in board.pairs if not pair.separated),
        *(() if told.controlled else ("What style does is unknown: some votes came without it.",)),
    )


def nobody_answers(board: Board, questions: Mapping[str, str]) -> Table:
    """List the questions whose answers were found both bad; `questions` are their texts by id."""
    return Table(
        "Questions whose answers were found both bad",
        ("question", "both bad", "votes"),
        tuple(
            (questions.get(each.item) or each.item, str(each.both_bad), str(each.votes))
            for each in board.unanswered
        ),
    )


def gaps(board: Board) -> Table:
    """Show every pair: the gap, and the votes that it takes to tell the two apart."""
    return Table(
        "Every two contestants, and what it takes to tell them apart",
        ("higher", "lower", "gap in points", "95 % interval", "told apart"),
        tuple(
            (
                pair.higher,
                pair.lower,
                f"{pair.gap.value:.0f}",
                f"{pair.gap.low:.0f} to {pair.gap.high:.0f}",
                _needed(pair.needed, separated=pair.separated, settled=pair.settled),
            )
            for pair in board.pairs
        ),
    )


def _needed(needed: int | None, *, separated: bool, settled: bool) -> str:
    if separated:
        return "yes"
    if not settled:
        return "once both have settled"
    return "alike as far as anybody will vote" if needed is None else f"after {needed} more votes"


# Judge and audit


def agreement(judge: str, told: Agreement) -> Table:
    """Set a judge beside people."""
    return Table(
        f"{judge}, beside people",
        ("", "share or kappa, with its 95 % interval"),
        (
            ("agrees with people", str(told.judge)),
            ("people with each other", str(told.people)),
            ("kappa with people", str(told.judge_kappa)),
            ("kappa of people", str(told.people_kappa)),
            ("changed its mind with the order", str(told.flips)),
            ("took what came first", str(told.first)),
        ),
    )


def fused(judge: str, pairs: Mapping[tuple[str, str], Fused]) -> Table:
    """Show what people prefer, with the judge where it gains enough."""
    rows = (
        (
            one,
            other,
            f"{each.best.value:+.2f}",
            f"{each.best.low:+.2f} to {each.best.high:+.2f}",
            f"people and judge, {each.gain:.2f} times the votes" if each.used else "people alone",
        )
        for (one, other), each in pairs.items()
    )
    return Table(
        f"Preference by people and {judge}: 1 is always the one, -1 always the other",
        ("one", "other", "preference", "95 % interval", "from"),
        tuple(rows),
    )


def audit(found: Iterable[Audited]) -> Table:
    """Show what each voter was tested for; an audit leaves nobody out."""
    return Table(
        "Voters, least likely honest first",
        ("voter", "", "votes", "seconds a vote", "p", "most unlikely"),
        tuple(_audited(each) for each in found),
    )


def _audited(one: Audited) -> tuple[str, ...]:
    worst = one.worst
    about = f" {worst.about}" if worst and worst.about else ""
    return (
        one.voter,
        "look at" if one.flagged else "well",
        str(one.votes),
        "" if one.seconds is None else f"{one.seconds:.0f}",
        f"{one.p:.2g}",
        f"{worst.suspicion}{about}: {worst.count} of {worst.of}" if worst else "",
    )


def decisions(made: Iterable[Exclusion]) -> Iterator[str]:
    """Say who was left out or let in again, by whom and why."""
    for each in made:
        state = "left out" if each.excluded else "let in again"
        yield f"{each.voter} was {state} by {each.person}: {each.why}"
