"""Sentences of spoken text, recognised text and notes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences.spans(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("One. Two!  Three?", ["One.", "Two!", "Three?"]),
        ("It was 3.5 points. Not 4.", ["It was 3.5 points.", "Not 4."]),
        ("Dr. Lee met Mrs. Okafor.", ["Dr. Lee met Mrs. Okafor."]),
        ("The U.S. Senate met.", ["The U.S. Senate met."]),
        ("J. Feld spoke.", ["J. Feld spoke."]),
        ("“Stop.” She did.", ["“Stop.”", "She did."]),
        ("Wait... Now go.", ["Wait...", "Now go."]),
        ("we use node.js daily", ["we use node.js daily"]),
        ("Line one\nline two\n\nline three", ["Line one", "line two", "line three"]),
        ("1. First idea\n2. Second", ["1. First idea", "2. Second"]),
        ("Really?! Yes.", ["Really?!", "Yes."]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_end_where_people_end_them(text: str, wanted: list[str]) -> None:
    assert split(text) == wanted


@given(st.text())
def test_spans_follow_one_another_and_hold_every_word(text: str) -> None:
    found = list(sentences.spans(text))

    flat = [offset for span in found for offset in span]
    assert flat == sorted(flat)
    assert " ".join(split(text)).split() == text.split()
    assert all(piece.strip() == piece != "" for piece in split(text))
