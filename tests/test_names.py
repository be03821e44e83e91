"""Names: folding, matching, finding them in a text, and mending misspelt ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import names
from kb.names import Ledger

LEDGER = Ledger(
    {
        "Databricks": 9,
        "Stoica": 5,
        "TAO": 4,
        "Feld": 3,
        "Jonas": 3,
        "Zoë": 2,
        "Lathe": 2,
        "LMArena": 1,
    }
)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert names.fold(names.fold(text)) == names.fold(text)


@pytest.mark.parametrize("wanted", ["feld", "Jonas Feld", "feld, jonas", "ZOE"])
def test_a_name_matches_when_all_its_words_are_there(wanted: str) -> None:
    assert names.matches(wanted, "Jonas Zoë Feld")


@pytest.mark.parametrize("wanted", ["jon", "Jonas Quill", "", "!?"])
def test_a_name_does_not_match_by_half_or_by_nothing(wanted: str) -> None:
    assert not names.matches(wanted, "Jonas Zoë Feld")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We asked Databricks. They asked Lathe's lawyers.", {"Databricks", "Lathe"}),
        ("The drawer. Nobody opened it.", set[str]()),
        ("I'm told I can't.", set[str]()),
        ("She said: “Ask Mara.”", {"Mara"}),
        ("iPhone and LMArena open no sentence", {"LMArena"}),
        ("", set[str]()),
    ],
)
def test_names_are_the_capitals_that_do_not_open_a_sentence(text: str, found: set[str]) -> None:
    assert set(names.spelled(text)) - {"iPhone"} == found


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("Databrix", "Databricks"),
        ("Databriks", "Databricks"),
        ("Stoyca", "Stoica"),
        ("Tau", "TAO"),
        ("Lath", "Lathe"),
    ],
)
def test_a_slip_of_the_pen_or_ear_is_mended(asked: str, meant: str) -> None:
    assert LEDGER.alike(asked)[:1] == (meant,)


@pytest.mark.parametrize("asked", ["Rust", "Oracle", "Tesla", "Ed", ""])
def test_another_name_is_left_alone(asked: str) -> None:
    assert LEDGER.alike(asked) == ()


def test_a_known_name_is_known_in_any_case_and_accent() -> None:
    assert all(map(LEDGER.knows, ["databricks", "ZOE", "Zoë"]))
    assert not LEDGER.knows("Databrick")


def test_of_two_names_as_near_the_more_frequent_is_meant() -> None:
    ledger = Ledger({"Marla": 1, "Marta": 8})

    assert ledger.alike("Marka") == ("Marta", "Marla")


def test_a_name_has_one_spelling_the_most_frequent() -> None:
    ledger = Ledger({"Tao": 1, "TAO": 6})

    assert ledger.alike("Tau") == ("TAO",)
