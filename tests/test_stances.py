"""For, against or beside: what a rule may suggest, and where it says nothing."""

import pytest

from kb.insight import stances
from kb.insight.stances import Stance

LEAK = "Public benchmarks leak into training data"


def stance(statement: str, text: str) -> Stance | None:
    judged = stances.weigh(statement, text)
    return judged.stance if judged else None


@pytest.mark.parametrize(
    "text",
    [
        "Every public benchmark leaks into the training data.",
        "The soup was cold. Benchmarks are leaking into training, we saw it.",
        "It is not only benchmarks: public tests leak into training data too.",
    ],
)
def test_what_says_the_same_is_for(text: str) -> None:
    assert stance(LEAK, text) is Stance.FOR


@pytest.mark.parametrize(
    "text",
    [
        "Public benchmarks do not leak into training data.",
        "We never saw a benchmark leak into training.",
        "I doubt that benchmarks leak into training data.",
        "That public benchmarks leak into training is a myth.",
    ],
)
def test_what_denies_it_is_against(text: str) -> None:
    assert stance(LEAK, text) is Stance.AGAINST


@pytest.mark.parametrize(
    "text",
    [
        "Do public benchmarks leak into training data?",
        "If benchmarks leak into training, test anew.",
    ],
)
def test_questions_and_conditions_are_context(text: str) -> None:
    assert stance(LEAK, text) is Stance.CONTEXT


def test_words_spread_over_sentences_are_context() -> None:
    text = "The benchmark was old. It was public. The data came later."
    assert stance(LEAK, text) is Stance.CONTEXT


@pytest.mark.parametrize("text", ["The soup was cold.", "Benchmarks.", "", "?!"])
def test_what_speaks_of_something_else_is_nothing(text: str) -> None:
    assert stance(LEAK, text) is None


def test_two_denials_agree() -> None:
    statement = "Labels will not get cheaper"
    assert stance(statement, "I don't think labels get cheaper.") is Stance.FOR


def test_the_opposite_word_turns_it() -> None:
    judged = stances.weigh("Labels get cheaper", "Labels get more expensive each year.")
    assert judged is not None
    assert judged.stance is Stance.AGAINST
    assert "expensive" in judged.why


def test_a_statement_of_nothing_matches_nothing() -> None:
    assert stances.weigh("It is what it is", "It is what it is.") is None
