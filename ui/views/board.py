"""Board: who answers better, how surely, and what cannot be told yet."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import streamlit as st

from eval import audit, export, fusion, pieces
from eval.agreement import Agreement
from eval.audit import Audited
from eval.board import Board, BoardError
from eval.fusion import Fused
from eval.judge import Verdict
from eval.models import Ballot
from eval.tally import Tally, strengths, tally
from ui import cards_arena, report, widgets
from ui.ports import House
from ui.sheet import Heading, Lines

_ALL, _PLAIN, _EVERYONE = "As voted", "Style left aside", "With those left out"
_PEOPLE, _JUDGE, _BOTH = "People", "Judge", "People and judge"


def show(house: House) -> None:
    """Draw the page."""
    ballots = house.polls.ballots.ballots()
    if not ballots:
        st.subheader("Nobody has voted yet", anchor=False)
        st.text("Vote on the page Arena, or on the command line:", width="stretch")
        st.code("soundproof arena vote", language=None)
        return
    try:
        told = _tally(_state(ballots), house.polls.exclusions.excluded(), ballots)
    except BoardError as error:
        widgets.failed(error)
    else:
        _told(house, told)
        _exported(ballots, told)
    with st.expander("Audit of the voters"):
        _audit(house, ballots)


def _state(ballots: Sequence[Ballot]) -> tuple[int, float]:
    """Tell the votes from those of another time: they are only ever added."""
    return len(ballots), max(each.cast for each in ballots)


@st.cache_data(show_spinner=False, max_entries=8)
def _tally(state: tuple[int, float], excluded: frozenset[str], _ballots: Sequence[Ballot]) -> Tally:
    del state
    return tally(_ballots, excluded)


@st.cache_data(show_spinner=False, max_entries=8)
def _audited(state: tuple[int, float], _ballots: Sequence[Ballot]) -> tuple[Audited, ...]:
    del state
    return audit.audit(_ballots, strengths, intact=pieces.intact(_ballots))


@st.cache_data(show_spinner=False, max_entries=8)
def _beside(
    state: tuple[int, float, int], _ballots: Sequence[Ballot], _verdicts: Sequence[Verdict]
) -> Mapping[str, tuple[Agreement, Mapping[tuple[str, str], Fused]]]:
    del state
    return fusion.beside(_verdicts, _ballots)


def _told(house: House, told: Tally) -> None:
    winner, carried = cards_arena.verdict(told)
    widgets.sheet("board-verdict", [Heading(winner), Lines((carried,))])
    with st.container(horizontal=True):
        verdicts = house.polls.verdicts.all()
        whose = _whose(verdicts)
        board = _which(told) if whose == _PEOPLE else told.board
    if whose == _PEOPLE:
        _people(house, told, board)
    else:
        _judged(house.polls.counted(), verdicts, fused=whose == _BOTH)


def _whose(verdicts: Sequence[Verdict]) -> str:
    """Offer the judge beside people as soon as one was asked."""
    offered = [_PEOPLE, _JUDGE, _BOTH] if verdicts else [_PEOPLE]
    return st.segmented_control("Whose word", offered, default=_PEOPLE, required=True)


def _which(told: Tally) -> Board:
    boards = {_ALL: told.board, _PLAIN: told.controlled, _EVERYONE: told.everyone}
    offered = {name: board for name, board in boards.items() if board is not None}
    return offered[st.segmented_control("Which board", [*offered], default=_ALL, required=True)]


def _people(house: House, told: Tally, board: Board) -> None:
    widgets.sheet("board", [Lines((cards_arena.basis(board),)), cards_arena.ratings(board)])
    questions = {each.id: each.text for each in house.polls.ballots.items()}
    open_ = cards_arena.unsaid(told)
    bad = cards_arena.nobody_answers(board, questions)
    widgets.sheet(
        "board-open",
        [
            Heading("What we cannot say yet", small=True),
            Lines(open_ or ("All contestants are told apart.",)),
            *((Heading("Questions nobody answers", small=True), bad) if bad.rows else ()),
        ],
    )
    with st.expander("Pair by pair"):
        widgets.sheet(
            "board-pairs",
            [cards_arena.gaps(board), cards_arena.shares(board), cards_arena.surely(board)],
        )
    with st.expander("What sways a vote"):
        widgets.sheet("board-sways", [cards_arena.swaying(board)])


def _judged(ballots: Sequence[Ballot], verdicts: Sequence[Verdict], *, fused: bool) -> None:
    found = _beside((*_state(ballots), len(verdicts)), ballots, verdicts)
    widgets.sheet(
        "board-judge",
        [
            cards_arena.fused(name, both) if fused else cards_arena.agreement(name, beside)
            for name, (beside, both) in found.items()
        ],
    )


def _exported(ballots: Sequence[Ballot], told: Tally) -> None:
    made = f"Made by Soundproof on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    with st.container(horizontal=True):
        st.download_button(
            "Votes as CSV",
            lambda: export.csv_text(ballots),
            "votes.csv",
            "text/csv",
            on_click="ignore",
        )
        st.download_button(
            "Votes as JSON lines",
            lambda: export.jsonl_text(ballots),
            "votes.jsonl",
            "application/jsonl",
            on_click="ignore",
        )
        st.download_button(
            "Board as HTML",
            lambda: report.html(told, made=made),
            "board.html",
            "text/html",
            on_click="ignore",
        )


def _audit(house: House, ballots: Sequence[Ballot]) -> None:
    made = tuple(cards_arena.decisions(house.polls.exclusions.all()))
    note = "Nobody is left out but by a named person: soundproof arena audit --exclude VOTER."
    widgets.sheet(
        "board-audit", [cards_arena.audit(_audited(_state(ballots), ballots)), Lines((note, *made))]
    )
