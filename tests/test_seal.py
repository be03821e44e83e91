"""The seal: word for word or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import seal
from kb.models import Passage, QuoteStatus, Span, Tier, Unit
from tests.samples import JONAS, LEAKS

SENTENCES = [
    each for each in LEAKS.passages if (each.unit, each.tier) == (Unit.SENTENCE, Tier.TRANSCRIPT)
]
SAID = "We wrote 40 new cases every month at Lathe. We kept them in a drawer."


def test_the_same_words_are_sealed_with_their_place_and_speaker() -> None:
    quote = seal.check(SAID, SENTENCES)

    assert (quote.status, quote.speaker, quote.source) == (QuoteStatus.VERBATIM, JONAS, SAID)
    assert quote.span is not None
    assert (quote.span.start, quote.span.end) == (18, 24)
    assert quote.quotable


@pytest.mark.parametrize(
    "claim",
    [
        "we wrote 40 new cases every month at lathe — we kept them in a drawer",
        "“WE WROTE 40 NEW CASES”",
        "every month at Lathe. We kept them",
        "drawer",
    ],
)
def test_case_punctuation_and_length_do_not_matter(claim: str) -> None:
    assert seal.check(claim, SENTENCES).status is QuoteStatus.VERBATIM


def test_the_source_is_the_whole_sentences_as_heard() -> None:
    assert (
        seal.check("cases every", SENTENCES).source == "We wrote 40 new cases every month at Lathe."
    )


@pytest.mark.parametrize(
    "claim",
    [
        "We wrote 14 new cases every month at Lathe.",
        "We wrote 40 cases every month at Lathe.",
        "We never wrote 40 new cases every month at Lathe.",
        "We wrote 40 new cases every month at Databricks.",
        "We kept them in a drawer. We wrote 40 new cases",
        "The answer was yes.",
        "The answer was not no.",
        "4 0 new cases",
        "rawer",
        "",
        "...",
        "日本",
    ],
)
def test_one_word_that_differs_breaks_the_seal(claim: str) -> None:
    quote = seal.check(claim, SENTENCES)

    assert (quote.status, quote.span, quote.quotable) == (QuoteStatus.ABSENT, None, False)


def test_without_the_words_nothing_can_be_sealed() -> None:
    quote = seal.check(SAID, [])

    assert (quote.status, quote.quotable) == (QuoteStatus.UNCHECKED, False)


_VOCABULARY = st.sampled_from(["one", "two", "not", "20", "Lathe"])


@given(st.lists(st.lists(_VOCABULARY, min_size=1, max_size=5), min_size=1), st.lists(_VOCABULARY))
def test_it_seals_exactly_what_a_search_in_the_joined_words_finds(
    heard: list[list[str]], claim: list[str]
) -> None:
    sentences = [
        Passage(f"e/transcript/s{n}", Span("e"), Tier.TRANSCRIPT, Unit.SENTENCE, text, n, n, 0)
        for n, text in enumerate(map(" ".join, heard))
    ]
    joined = f" {' '.join(word for words in heard for word in words)} "

    sealed = seal.check(" ".join(claim), sentences).quotable

    assert sealed == (bool(claim) and f" {' '.join(claim)} " in joined)


@given(st.integers(0, 60), st.integers(1, 20))
def test_every_run_of_heard_words_is_sealed(first: int, length: int) -> None:
    words = [word for sentence in SENTENCES for word in sentence.text.split()]

    claim = " ".join(words[min(first, len(words) - 1) :][:length])

    assert seal.check(claim, SENTENCES).quotable
