"""A conversation as a session keeps it."""

import json
from datetime import date

import pytest

from kb.models import Filters, Tier
from ui.talk import MOST, Turn, said

FILTERS = (
    Filters(),
    Filters("desk", "Mara", date(2024, 2, 29), date(2025, 1, 1), frozenset(Tier)),
    Filters(since=date(2025, 3, 9)),
)


@pytest.mark.parametrize("filters", FILTERS)
def test_a_turn_is_read_back_from_plain_values(filters: Filters) -> None:
    turn = Turn("Why?", filters, 7)

    assert Turn.of(turn.plain) == turn
    assert json.loads(json.dumps(turn.plain))[0] == "Why?"


def test_a_page_drawn_again_asks_nothing_new() -> None:
    turns = said((), Turn("Why?", Filters(), 7), again=True)

    assert said(turns, Turn("Why?", Filters(), 8), again=False) == turns
    assert said(turns, Turn("Why?", Filters(), 7), again=True) == turns


def test_the_same_question_of_a_changed_library_is_a_new_one_when_it_is_sent() -> None:
    turns = said((), Turn("Why?", Filters(), 7), again=True)

    assert len(said(turns, Turn("Why?", Filters(), 8), again=True)) == 2


def test_other_filters_are_another_question() -> None:
    turns = said((), Turn("Why?", Filters(), 7), again=True)

    assert len(said(turns, Turn("Why?", FILTERS[1], 7), again=False)) == 2


def test_the_oldest_go() -> None:
    turns = said((), Turn("0?", Filters(), 1), again=True)
    for number in range(1, MOST + 5):
        turns = said(turns, Turn(f"{number}?", Filters(), 1), again=True)

    assert (len(turns), turns[0].question) == (MOST, "5?")
