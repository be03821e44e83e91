"""Places in a source: by words, and by seconds only where those are exact."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import spans
from eval.spans import Place, Returned, words
from kb.models import Span

TALK = "one two three four five six seven eight nine ten eleven twelve"
GOLD = Place("e", "four five six seven eight nine ten")


def cut(text: str, *, episode: str = "e") -> Returned:
    return Returned(Span(episode), text)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (TALK, True),
        ("Four, five, six -- SEVEN eight? Nine.", True),
        ("five six seven eight nine ten eleven", True),
        ("four five six seven eight", False),
        ("eight nine ten eleven twelve", False),
        ("ten nine eight seven six five four", False),
        ("", False),
    ],
)
def test_six_words_in_a_row_are_the_same_place_and_five_are_not(text: str, *, same: bool) -> None:
    assert spans.same(GOLD, cut(text)) is same


def test_the_same_words_in_another_episode_are_another_place() -> None:
    assert not spans.same(GOLD, cut(TALK, episode="other"))
    assert spans.iou(GOLD, cut(TALK, episode="other")) == 0


def test_a_place_of_fewer_words_has_to_stand_there_whole() -> None:
    title = Place("e", "Becoming a Company")

    assert spans.same(title, cut("(6:33) Becoming a company [2]"))
    assert not spans.same(title, cut("becoming a firm"))


def test_words_are_counted_up_to_the_one_where_the_place_begins() -> None:
    returned = [cut("a b c"), cut(TALK, episode="other"), cut(f"x {TALK}")]

    assert spans.found_after([GOLD], returned) == 3 + 12 + 1 + 3
    assert spans.found_after([GOLD], returned[:2]) == math.inf
    assert (
        spans.found_after([Place("e", "none of these words stand anywhere"), GOLD], returned) == 19
    )


def test_each_place_has_the_rank_at_which_it_first_comes() -> None:
    other = Place("e", "seven eight nine ten eleven twelve")

    assert spans.ranks([GOLD, other], [cut("a"), cut(GOLD.text), cut(TALK)]) == [2, 3]
    assert spans.ranks([GOLD, other], []) == [math.inf, math.inf]


@pytest.mark.parametrize(
    ("span", "same"),
    [
        (Span("e", 0, 85), True),
        (Span("e", 0, 84.9), False),
        (Span("e", 105, 106), True),
        (Span("e", 125, 140), True),
        (Span("e", 125.1, 140), False),
        (Span("e", 105, 106, exact=False), False),
        (Span("other", 105, 106), False),
        (Span("e"), False),
    ],
)
def test_fifteen_seconds_are_near_where_both_times_are_exact(span: Span, *, same: bool) -> None:
    place = Place("e", GOLD.text, 100, 110)

    assert spans.same(place, Returned(span, "other words")) is same
    assert not spans.same(place, Returned(span, "other words"), within=None)
    assert not spans.same(GOLD, Returned(span, "other words"))


@pytest.mark.parametrize(
    ("text", "overlap"),
    [
        (GOLD.text, 1),
        (TALK, 7 / 12),
        ("one two three four five six seven eight nine", 6 / 10),
        ("five six seven eight nine ten eleven twelve", 6 / 9),
        ("six seven eight nine ten", 0),
    ],
)
def test_what_both_share_is_divided_by_what_either_has(text: str, overlap: float) -> None:
    assert spans.iou(GOLD, cut(text)) == pytest.approx(overlap)


@given(st.integers(0, 30), st.integers(6, 20), st.integers(0, 30), st.integers(6, 20))
def test_overlap_of_stretches_is_that_of_their_positions(
    start: int, length: int, other: int, long: int
) -> None:
    said = [f"w{n}" for n in range(60)]
    one, two = range(start, start + length), range(other, other + long)
    place = Place("e", " ".join(said[n] for n in one))

    found = spans.iou(place, cut(" ".join(said[n] for n in two)))

    shared = len(set(one) & set(two))
    assert found == (shared / len({*one, *two}) if shared >= spans.RUN else 0)


def test_letters_beyond_ascii_are_words_too() -> None:
    assert words("Zoë's café, naïve_Straße") == ["zoë", "s", "café", "naïve", "strasse"]
