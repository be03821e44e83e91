"""Questions: their words, their names put right, and the kind of answer they want."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import questions
from kb.models import Question, Want
from kb.names import Ledger

LEDGER = Ledger(
    {"Databricks": 9, "Stoica": 5, "Ion": 5, "TAO": 4, "Feld": 3, "Jonas": 3, "Lathe": 2}
)
PEOPLE = {"Ion Stoica", "Jonas Feld"}


def read(text: str) -> Question:
    return questions.read(text, LEDGER, PEOPLE)


def test_common_words_are_not_looked_for() -> None:
    assert set(read("What did they say about the price of onions?").terms) == {"price", "onions"}


def test_a_misspelt_name_is_put_right_and_said_so() -> None:
    question = read("What does Ion Stoyca think of Databrix' models?")

    assert question.text == "What does Ion Stoyca think of Databrix' models?"
    assert question.mended == "What does Ion Stoica think of Databricks' models?"
    assert {"Stoica", "Databricks"} <= set(question.terms)


@pytest.mark.parametrize(
    "text", ["What about Tesla?", "Who pays at Lathe?", "what is a label worth", "", "?!", "日本は"]
)
def test_what_is_right_or_unknown_is_left_as_it_is(text: str) -> None:
    assert read(text).mended == text


def test_names_know_which_of_them_are_people() -> None:
    asked = {name.text: name.person for name in read("Did Feld leave Lathe?").names}

    assert asked == {"Feld": True, "Lathe": False}


def test_a_person_who_opens_the_question_is_a_name_and_another_word_is_not() -> None:
    assert [name.text for name in read("Jonas said what about drawers?").names] == ["Jonas"]
    assert read("Drawers are what?").names == ()


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("At what minute do they speak of onions?", Want.MOMENT),
        ("How far in is the drawer mentioned?", Want.MOMENT),
        ("How many cases a month?", Want.NUMBER),
        ("What percentage of labels are wrong?", Want.NUMBER),
        ("In his own words, why the drawer?", Want.OWN_WORDS),
        ("Quote what she said of onions", Want.OWN_WORDS),
        ("Who hosts the Night Desk?", Want.HOST),
    ],
)
def test_it_tells_what_kind_of_answer_is_wanted(text: str, want: Want) -> None:
    assert want in read(text).wants


@pytest.mark.parametrize(
    "text", ["Why do they keep cases in a drawer?", "What is said of onions?", "", "The host city"]
)
def test_most_questions_want_no_kind_in_particular(text: str) -> None:
    assert read(text).wants == frozenset()


@given(st.text(max_size=200))
def test_any_text_can_be_asked(text: str) -> None:
    question = read(text)

    assert question.text == text
    assert all(weight > 0 for weight in question.terms.values())
