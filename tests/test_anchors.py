"""Cited words are found again in a transcript whose times and sentences have moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import anchors
from kb.models import Passage, Span, Tier, Unit

TALK = (
    "Everybody shows a benchmark.",
    "We threw ours away. Nobody missed it.",
    "It measured memory, and nothing else.",
    "We threw ours away - twice!",
)


def sentences(*texts: str, shift: float = 0.0) -> list[Passage]:
    return [
        Passage(
            id=f"e/transcript/s{number}",
            span=Span("e", shift + 10 * number, shift + 10 * number + 9),
            tier=Tier.TRANSCRIPT,
            unit=Unit.SENTENCE,
            text=text,
            first=number,
            last=number,
            turn=0,
        )
        for number, text in enumerate(texts)
    ]


def found(said: str, talk: list[Passage], near: float | None = None) -> tuple[int, int] | None:
    place = anchors.find(said, talk, near=near)
    return place and (place[0].first, place[1].last)


def test_an_anchor_is_found_whatever_became_of_punctuation_and_case() -> None:
    assert found(anchors.anchor("It measured memory - and NOTHING else"), sentences(*TALK)) == (
        2,
        2,
    )


def test_of_several_places_the_nearest_is_meant() -> None:
    talk = sentences(*TALK)

    assert found("we threw ours away", talk, near=12.0) == (1, 1)
    assert found("we threw ours away", talk, near=29.0) == (3, 3)
    assert found("we threw ours away", talk) == (1, 1)


def test_words_that_run_over_a_sentence_s_end_are_found_in_both() -> None:
    assert found("missed it it measured memory", sentences(*TALK)) == (1, 2)


@pytest.mark.parametrize("said", ["", "—", "nobody said this", "else we threw them"])
def test_what_is_not_there_is_nowhere(said: str) -> None:
    assert found(said, sentences(*TALK)) is None
    assert found(said, []) is None


@given(st.integers(0, 3), st.floats(0, 3_600), st.lists(st.just("An advert."), max_size=4))
def test_adverts_put_in_front_move_what_is_found_and_lose_nothing(
    cited: int, shift: float, adverts: list[str]
) -> None:
    then, now = sentences(*TALK), sentences(*adverts, *TALK, shift=shift)
    near = then[cited].span.start

    place = anchors.find(anchors.anchor(then[cited].text), now, near=near)

    assert place is not None
    assert anchors.anchor(place[0].text).startswith(anchors.anchor(TALK[cited])[:12])
