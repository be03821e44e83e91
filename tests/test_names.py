"""Names: folding, matching, finding them in a text, and mending misspelt ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import names
from kb.names import Ledger, Piece
from kb.seal import folded

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


# Corrections laid over a text


MISHEARD = {"tau": "TAO", "data bricks": "Databricks", "chase": "Patrick Chase"}


@pytest.mark.parametrize(
    ("heard", "shown"),
    [
        ("It gives Tau more data.", "It gives Tau [TAO] more data."),
        ("TAU, tau and Tau's", "TAU [TAO], tau [TAO] and Tau [TAO]'s"),
        ("Data bricks’ own", "Data bricks [Databricks]’ own"),
        ("Data-Bricks and data\nbricks", "Data-Bricks [Databricks] and data\nbricks [Databricks]"),
        ("Ask Chase.", "Ask Chase [Patrick Chase]."),
        ("Tau-based", "Tau [TAO]-based"),
    ],
)
def test_a_correction_stands_behind_what_was_heard(heard: str, shown: str) -> None:
    assert names.labelled(heard, MISHEARD) == shown


@pytest.mark.parametrize(
    "heard",
    ["Taut and statue", "Taus", "the data. Bricks fell", "Databricks and TAO", "Patrick Chase", ""],
)
def test_other_words_and_names_that_are_right_are_left_alone(heard: str) -> None:
    assert names.labelled(heard, MISHEARD) == heard


@given(st.text(alphabet="tau TAO,.'-\n"))
def test_the_words_as_they_were_heard_are_all_still_there(text: str) -> None:
    found = list(names.pieces(text, MISHEARD))

    assert "".join(piece.text for piece in found) == text
    assert all(names.key(piece.text) == "tau" for piece in found if piece.name)


def test_a_page_gets_what_was_heard_and_what_was_meant_apart() -> None:
    assert list(names.pieces("Ask Tau", MISHEARD)) == [Piece("Ask "), Piece("Tau", "TAO")]


@given(st.text())
def test_corrections_fold_words_as_the_seal_does(text: str) -> None:
    assert names.key(text) == " ".join(folded(text))
