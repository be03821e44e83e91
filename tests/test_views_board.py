"""The page Board, without a browser: what it says of a team's votes, and of none."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from eval.models import Choice, Duel, Vote
from eval.polls import Polls
from eval.tally import tally
from tests import drawn, sample_work
from tests.drawn import blocks

pytestmark = pytest.mark.slow  # every test draws a whole page

bare, filled, folder = drawn.bare, drawn.filled, drawn.folder


@pytest.fixture(autouse=True)
def _fresh() -> None:
    st.cache_data.clear()


def board(folder: Path) -> AppTest:
    return drawn.drawn("board", folder)


def choose(page: AppTest, words: str) -> AppTest:
    [control] = [each for each in page.segmented_control if words in each.options]
    return control.set_value(words).run()


def test_the_headline_says_who_has_won_or_that_nobody_has(folder: Path) -> None:
    told = tally(Polls(sample_work.library(folder)).ballots.ballots())

    heading, below = blocks(board(folder), "board-verdict")

    assert heading["text"] == "No winner can be named yet."
    assert below["texts"] == [f"{told.robustness}."]


def test_each_contestant_has_its_row_with_interval_drawn_and_told(folder: Path) -> None:
    told = tally(Polls(sample_work.library(folder)).ballots.ballots()).board

    basis, table = blocks(board(folder), "board")

    assert basis["texts"][0].startswith(f"{told.votes} votes on {told.items} questions")
    assert [row[0] for row in table["rows"]] == [each.name for each in told.ratings]
    for row, rating in zip(table["rows"], told.ratings, strict=True):
        assert row[2] == f"{rating.points.value:.0f}"
        assert 0 <= row[3]["low"] <= row[3]["value"] <= row[3]["high"] <= 1
        assert row[3]["text"] == f"{rating.points.low:.0f} to {rating.points.high:.0f}"


def test_what_cannot_be_said_yet_is_said_with_the_votes_it_takes(folder: Path) -> None:
    title, open_, *_ = blocks(board(folder), "board-open")

    assert title["text"] == "What we cannot say yet"
    assert any("more votes to tell them apart" in each for each in open_["texts"])


def test_questions_nobody_answers_are_named_by_their_words(folder: Path) -> None:
    table = blocks(board(folder), "board-open")[-1]

    assert {row[0] for row in table["rows"]} <= set(sample_work.QUESTIONS)


def test_pairs_are_told_as_a_table_and_two_matrices(folder: Path) -> None:
    gaps, shares, surely = blocks(board(folder), "board-pairs")

    assert len(gaps["rows"]) == 3
    for matrix in (shares, surely):
        assert matrix["head"][1:] == [row[0] for row in matrix["rows"]]
        assert [row[n + 1] for n, row in enumerate(matrix["rows"])] == ["", "", ""]


def test_style_can_be_left_aside(folder: Path) -> None:
    page = board(folder)
    before = blocks(page, "board")[1]["rows"]

    after = blocks(choose(page, "Style left aside"), "board")[1]["rows"]

    assert {row[0] for row in before} == {row[0] for row in after}
    assert before != after


def test_a_judge_is_set_beside_people_and_joined_with_them(folder: Path) -> None:
    [beside] = blocks(choose(board(folder), "Judge"), "board-judge")
    [both] = blocks(choose(board(folder), "People and judge"), "board-judge")

    assert beside["caption"] == "an invented judge, beside people"
    assert both["head"][0:2] == ["one", "other"]
    assert len(both["rows"]) == 3


def test_without_a_judge_none_is_offered(bare: Path) -> None:
    sample_work.fill_votes(sample_work.fill_arena(bare))

    assert board(bare).segmented_control[0].options == ["People"]


def test_voters_who_are_left_out_stay_visible(folder: Path) -> None:
    polls = Polls(sample_work.library(folder))
    polls.exclusions.exclude("cem", by="ana", why="voted with closed eyes")

    page = board(folder)

    audit, decided = blocks(page, "board-audit")
    assert {row[0] for row in audit["rows"]} == {"ana", "ben", "cem"}
    assert "cem was left out by ana: voted with closed eyes" in decided["texts"]
    choose(page, "With those left out")


def test_votes_and_board_can_be_taken_away(folder: Path) -> None:
    names = [each.proto.label for each in board(folder).get("download_button")]

    assert names == ["Votes as CSV", "Votes as JSON lines", "Board as HTML"]


def test_nobody_has_voted_yet(bare: Path) -> None:
    page = board(bare)

    assert page.subheader[0].value == "Nobody has voted yet"
    assert page.code[0].value == "soundproof arena vote"


def test_votes_that_make_no_board_say_why_and_can_still_be_taken_away(bare: Path) -> None:
    polls = sample_work.fill_arena(bare)
    battle = polls.arena().draw("ana")
    assert isinstance(battle, Duel)
    polls.ballots.cast(Vote("ana", battle.id, Choice.BOTH_BAD))

    page = board(bare)

    assert page.text[0].value
    assert blocks(page, "board-audit")[0]["rows"][0][0] == "ana"
