"""Quotes in running text: found whole, where they stand, and nothing else."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import quotations


def found(text: str) -> list[str]:
    return [each.text for each in quotations.found(text)]


SAID = "We threw ours away, and nobody asked."


@pytest.mark.parametrize(
    "text",
    [
        f'He said "{SAID}" and left.',
        f"He said “{SAID}” and left.",
        f"He said ‘{SAID}’ and left.",
        f"Er sagte „{SAID}“ und ging.",
        f"He said ⟪{SAID}⟫ and left.",
        f"He said ❮{SAID}❯ and left.",
        f"He said ״{SAID}״ and left.",
        f"Il a dit «{SAID}» hier.",
        f"He said:\n\n> {SAID}\n\nThen he left.",
        f"> “{SAID}”\n> — Ada Lovelace",
        "> We threw ours away,\n> and nobody asked.\n",
        f"“{SAID}” ",
    ],
)
def test_marks_of_every_kind_and_blocks_are_known(text: str) -> None:
    assert found(text) == [SAID]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No quote at all.",
        'The "attention" layer and the "drawer method".',
        'It is 5" by 7", as the carpenter says it is.',
        'An "open mark that never ends in this text.',
        "It's the model's own fault, isn't it, Ada's.",
        "“”",
    ],
)
def test_turns_of_phrase_inches_and_apostrophes_are_no_quotes(text: str) -> None:
    assert found(text) == []


def test_apostrophes_stay_inside_single_marks() -> None:
    assert found("She said ‘we don’t know what’s next’.") == ["we don’t know what’s next"]


def test_a_quote_that_is_split_by_words_of_ones_own_claims_them_too() -> None:
    assert found("“We wrote” 97 “new cases” every “month at Lathe”") == [
        "We wrote 97 new cases every month at Lathe"
    ]
    assert found("The “attention layer” beats the “drawer method”.") == []
    assert found(f"“{SAID}” he said, “and that was that, always.”") == [
        SAID,
        "and that was that, always.",
    ]


def test_several_quotes_come_in_their_order_with_their_places() -> None:
    text = f'A: "{SAID}"\n> It was never about the money.\nB: “The answer was always no.”'

    every = quotations.found(text)

    assert [each.text for each in every] == [
        SAID,
        "It was never about the money.",
        "The answer was always no.",
    ]
    assert text[every[0].start : every[0].end] == SAID
    assert [each.start for each in every] == sorted(each.start for each in every)


@given(st.text(alphabet="ab .,\n>\"“”'‘’«»-", max_size=60))
def test_whatever_the_text_places_lie_in_it_and_apart(text: str) -> None:
    every = quotations.found(text)

    assert all(0 <= each.start < each.end <= len(text) for each in every)
    assert all(a.end <= b.start for a, b in pairwise(every))
