"""What a recogniser says is doubted first, then cut at sentence ends."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import heard
from ingest.heard import Stretch
from kb.models import Word


def spoken(text: str, *, start: float = 0, pace: float = 0.3) -> Stretch:
    words = (
        Word(f" {word}", start + pace * place, start + pace * (place + 1))
        for place, word in enumerate(text.split())
    )
    return Stretch(tuple(words), silence=0.1, confidence=-0.2, repetition=1.3)


def improbable(text: str) -> Stretch:
    said = spoken(text)
    return replace(said, words=tuple(replace(word, probability=0.09) for word in said.words))


def texts(*stretches: Stretch) -> list[str]:
    return [segment.text for segment in heard.segments(stretches)]


def test_each_sentence_is_a_segment_with_the_times_of_its_words() -> None:
    first, second = heard.segments([spoken("We tried. It worked well!", pace=0.5)])

    assert (first.text, first.start, first.end) == ("We tried.", 0, 1)
    assert (second.text, second.start, second.end) == ("It worked well!", 1, 2.5)
    assert [word.text for word in second.words] == ["It", "worked", "well!"]


def test_a_title_or_a_number_ends_no_sentence() -> None:
    assert texts(spoken("Dr. Lee scored 3.5 points.")) == ["Dr. Lee scored 3.5 points."]


def test_a_sentence_may_run_over_two_stretches() -> None:
    assert texts(spoken("We ran"), spoken("the evals twice.", start=0.6)) == [
        "We ran the evals twice."
    ]


def test_a_long_pause_ends_a_segment() -> None:
    assert texts(spoken("so anyway"), spoken("welcome back", start=5)) == [
        "so anyway",
        "welcome back",
    ]


def test_a_language_without_spaces_is_kept_as_it_was_written() -> None:
    words = (Word("評価", 0, 0.5), Word("が", 0.5, 0.6), Word("先です。", 0.6, 1))

    (segment,) = heard.segments([Stretch(words, silence=0, confidence=0, repetition=1)])

    assert segment.text == "評価が先です。"


@pytest.mark.parametrize(
    "doubtful",
    [
        replace(spoken("Thanks for watching!"), silence=0.9, confidence=-1.4),
        replace(spoken("and and and and and and"), repetition=2.6),
        spoken("far too many words to be said in so little time", pace=0.01),
        improbable("Thank you."),
    ],
)
def test_what_whisper_makes_up_is_dropped(doubtful: Stretch) -> None:
    assert texts(spoken("Before."), doubtful, spoken("After.", start=9)) == ["Before.", "After."]


def test_what_is_dropped_is_marked_with_its_times() -> None:
    kept, made_up = spoken("We tried."), replace(spoken("and and and", start=4), repetition=2.6)

    [(start, end)] = heard.doubted([kept, made_up, Stretch((), 1, -2, 1)])

    assert start == 4
    assert end == pytest.approx(4.9)


def test_one_improbable_word_among_others_is_kept() -> None:
    [first, *others] = spoken("Evals at Ojibwe came first of all.").words
    stretch = Stretch((replace(first, probability=0.01), *others), 0.1, -0.2, 1.3)

    assert len(texts(stretch)) == 1


@pytest.mark.parametrize(
    "sound",
    [
        replace(spoken("Yes, quietly but surely."), silence=0.9, confidence=-0.3),
        replace(spoken("Mumbled all the same."), silence=0.1, confidence=-1.4),
        spoken("Yes, I know.", pace=0.05),
    ],
)
def test_one_doubt_alone_drops_nothing(sound: Stretch) -> None:
    assert len(texts(sound)) == 1


def test_nothing_heard_is_no_segment() -> None:
    assert heard.segments([]) == ()
    assert heard.segments([Stretch((), silence=0, confidence=0, repetition=0)]) == ()
    assert heard.segments([Stretch((Word(" ", 0, 1),), 0, 0, 1)]) == ()


@given(st.text(alphabet="abAB .!?'\"1\n…", max_size=200))
def test_no_word_is_lost_or_doubled_whatever_is_said(text: str) -> None:
    said = [word for segment in heard.segments([spoken(text)]) for word in segment.words]

    assert [word.text for word in said] == text.split()
