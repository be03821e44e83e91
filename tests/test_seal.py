"""The seal: the words that were heard, or not a quote. Reversals are in test_seal_reversals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import seal
from kb.models import Difference, Passage, QuoteStatus, Span, Tier, Unit
from tests.samples import JONAS, LEAKS, MARA

SENTENCES = [
    each for each in LEAKS.passages if (each.unit, each.tier) == (Unit.SENTENCE, Tier.TRANSCRIPT)
]
SAID = "We wrote 40 new cases every month at Lathe. We kept them in a drawer."
VERBATIM, ALIKE = QuoteStatus.VERBATIM, QuoteStatus.HEARD_ALIKE
ALTERED, ABSENT = QuoteStatus.ALTERED, QuoteStatus.ABSENT


def talk(*sentences: str, speaker: str | None = "Ada") -> list[Passage]:
    """Give sentences of one turn, five seconds each."""
    return [
        Passage(
            f"e/s{n}", Span("e", n * 5.0, n * 5.0 + 4), Tier.TRANSCRIPT, Unit.SENTENCE, text, n, n,
            0, speaker,
        )
        for n, text in enumerate(sentences)
    ]  # fmt: skip


def status(claim: str, *sentences: str) -> QuoteStatus:
    return seal.check(claim, talk(*sentences)).status


def test_the_same_words_are_sealed_with_their_place_and_speaker() -> None:
    quote = seal.check(SAID, SENTENCES)

    assert (quote.status, quote.speaker, quote.source) == (VERBATIM, JONAS, SAID)
    assert quote.span is not None
    assert (quote.span.start, quote.span.end) == (18, 24)
    assert (quote.first, quote.last, quote.differences) == (4, 5, ())
    assert quote.quotable


@pytest.mark.parametrize(
    "claim",
    [
        "we wrote 40 new cases every month at lathe — we kept them in a drawer",
        "“WE WROTE 40 NEW CASES”",
        "every month at Lathe. We kept them",
        "[W]e wrote 40 new cases",
        "We, um, wrote 40 new cases, you know, every month",
        "We wrote, we wrote 40 new cases",
        "drawer",
    ],
)
def test_case_punctuation_fillers_and_length_do_not_matter(claim: str) -> None:
    assert seal.check(claim, SENTENCES).status is VERBATIM


def test_the_source_is_the_words_as_heard() -> None:
    assert seal.check("CASES every", SENTENCES).source == "cases every"
    assert seal.check("at Lathe. we kept", SENTENCES).source == "at Lathe. We kept"


@pytest.mark.parametrize(
    ("claim", "heard"),
    [
        ("It is free and we don't sell it", "It's free and we do not sell it."),
        ("We're gonna cannot", "We are going to can not."),
        ("twenty new cases", "20 new cases"),
        ("$1.3 bn in '23", "1.3 billion dollars in twenty twenty-three"),
        ("the Llama model", "the Lama model"),
        ("their model is to large", "there model is too large"),
        ("its a data lake house", "it's a data lakehouse"),
        ("we use Databricks for it", "we use data bricks for it"),
        ("Jon Frankle said so", "John Frankel said so"),
        ("a great brake", "a grate break"),
        ("we train on GPUs", "we train on G P Us"),
        ("you have been there", "you've been there"),
        ("he'd never say so", "he would never say so"),
        ("the AI is fine", "the A.I. is fine"),
    ],
)
def test_what_sounds_the_same_is_heard_alike_and_told(claim: str, heard: str) -> None:
    quote = seal.check(claim, talk(heard))

    assert quote.status is ALIKE or (quote.status is VERBATIM and "A.I." in heard)
    assert quote.quotable
    assert quote.differences or quote.status is VERBATIM


def test_a_name_of_the_ledger_is_heard_alike() -> None:
    heard = talk("Tau is what the team calls it.", "It runs on cooper netties at night.")

    named = seal.check("TAO is what the team calls it", heard, variants={"tau": "tao"})
    parts = seal.check(
        "It runs on Kubernetes at night", heard, variants={"cooper netties": "kubernetes"}
    )

    assert (named.status, named.differences) == (ALIKE, (Difference("name", "tao", "tau"),))
    assert (parts.status, parts.source) == (ALIKE, "It runs on cooper netties at night.")
    assert seal.check("DAO is what the team calls it", heard).status is ALTERED


def test_of_several_places_the_near_one_is_meant() -> None:
    heard = talk("We sell tests.", "It rains.", "We sell tests.", "It pours.", "We sell tests.")

    assert seal.check("we sell tests", heard).first == 0
    assert seal.check("we sell tests", heard, near=Span("e", 11, 12)).first == 2
    assert seal.check("we sell tests", heard, near=Span("e", 99, 99)).first == 4


def test_who_said_it_is_part_of_the_quote() -> None:
    right = seal.check("We kept them in a drawer", SENTENCES, speaker="Jonas")
    wrong = seal.check("We kept them in a drawer", SENTENCES, speaker=MARA)
    unknown = seal.check("we sell tests", talk("We sell tests.", speaker=None), speaker=MARA)

    assert (right.status, wrong.status, unknown.status) == (VERBATIM, ALTERED, VERBATIM)
    assert wrong.differences == (Difference("speaker", MARA, JONAS),)
    assert not wrong.quotable


@pytest.mark.parametrize(
    ("claim", "difference"),
    [
        ("We wrote 14 new cases every month at Lathe.", Difference("number", "14", "40")),
        ("We wrote 40 cases every month at Lathe.", Difference("word", "", "new")),
        ("We never wrote 40 new cases every month", Difference("negation", "never", "")),
        (
            "We wrote 40 new cases every month at Databricks",
            Difference("name", "Databricks", "lathe"),
        ),
        ("The answer was yes", Difference("negation", "yes", "no")),
    ],
)
def test_what_differs_is_listed_beside_the_real_words(claim: str, difference: Difference) -> None:
    quote = seal.check(claim, SENTENCES)

    assert (quote.status, quote.quotable) == (ALTERED, False)
    assert difference in quote.differences
    assert quote.source
    assert quote.span


def test_pieces_from_different_places_are_stitched_and_sealed_each() -> None:
    for claim in (
        "We kept them in a drawer,, Everybody shows a benchmark",
        "We kept them in a drawer Everybody shows a benchmark",
        "We kept them in a drawer. Everybody shows a benchmark.",
    ):
        quote = seal.check(claim, SENTENCES)

        assert (quote.status, quote.quotable, quote.span) == (QuoteStatus.STITCHED, False, None)
        assert [piece.status for piece in quote.pieces] == [VERBATIM, VERBATIM]
        assert [piece.speaker for piece in quote.pieces] == [JONAS, MARA]


def test_two_voices_are_never_one_quote() -> None:
    quote = seal.check("We kept them in a drawer. And did Databricks ever ask", SENTENCES)

    assert (quote.status, quote.quotable, quote.speaker) == (QuoteStatus.STITCHED, False, None)
    assert [piece.speaker for piece in quote.pieces] == [JONAS, MARA]


@pytest.mark.parametrize("claim", ["", "...", "“”", "—", "日本", "rawer", "4 0 new cases", "zebra"])
def test_claims_of_nothing_and_of_parts_of_words_are_absent(claim: str) -> None:
    quote = seal.check(claim, SENTENCES)

    assert (quote.status, quote.span, quote.quotable) == (ABSENT, None, False)


def test_a_claim_longer_than_the_transcript_is_no_quote() -> None:
    assert status("We sell tests. " * 40, "We sell tests.") in (ALTERED, ABSENT)


def test_other_scripts_are_compared_word_by_word() -> None:
    heard = ["Мы не продаём тесты.", "日本語です。はい", "का और की"]

    assert status("мы не продаём тесты", *heard) is VERBATIM
    assert status("мы продаём тесты", *heard) is not VERBATIM
    assert status("日本語です", *heard) is VERBATIM
    assert status("日本", *heard) is ABSENT
    assert status("की और का", *heard) is not VERBATIM


def test_stage_directions_were_not_spoken() -> None:
    assert status("We tried and failed", "We tried [laughter] and failed.") is VERBATIM
    assert status("We tried [laughs] and failed", "We tried and failed.") is VERBATIM
    assert status("We tried and failed", "We tried [unintelligible 00:12] and failed.") is ALTERED


def test_whole_sentences_are_verbatim_whatever_marks_they_hold() -> None:
    heard = (
        "On one hand: [The Project](https://e.org/a?b=1): a joint venture aimed at **$5** … more.",
        "[Sic] transit [gloria] ... mundi.",
    )

    for claim in (*heard, " ".join(heard), f"  {heard[0]}\n{heard[1]} "):
        assert seal.check(claim, talk(*heard)).status is VERBATIM
    assert status("a joint [thing] venture", *heard) is ALTERED
    assert status("[The Project](https://e.org/a?b=1): a joint venture", *heard) is VERBATIM


def test_a_very_long_claim_is_found_word_for_word_or_not_at_all() -> None:
    heard = [f"Line {n} tells of the weather, um, in town {n * 7}, and so on." for n in range(300)]
    long = " ".join(heard[20:120])
    other = " ".join(heard[20:120]).replace("weather", "whether or not", 1)

    assert status(long, *heard) is VERBATIM
    assert status(long.replace(", um,", "")[8:], *heard) is VERBATIM
    assert status(other, *heard) is not VERBATIM


def test_without_the_words_nothing_can_be_sealed() -> None:
    quote = seal.check(SAID, [])

    assert (quote.status, quote.quotable) == (QuoteStatus.UNCHECKED, False)


_VOCABULARY = st.sampled_from(["one", "two", "drawer", "20", "Lathe", "weather"])


@given(
    st.lists(st.lists(_VOCABULARY, min_size=1, max_size=5), min_size=1, max_size=6),
    st.lists(_VOCABULARY, max_size=6),
)
def test_it_seals_exactly_what_a_search_in_the_joined_words_finds(
    heard: list[list[str]], claim: list[str]
) -> None:
    sentences = talk(*(f"{', '.join(words)}." for words in heard))
    joined = [word for words in heard for word in words]
    collapsed, said = _once(joined), _once(claim)

    sealed = seal.check(", ".join(claim), sentences).quotable

    slow = any(collapsed[at : at + len(said)] == said for at in range(len(collapsed)))
    exact = any(joined[at : at + len(claim)] == claim for at in range(len(joined)))
    assert not (claim and exact) or sealed
    assert not sealed or (bool(claim) and (slow or _repeats(joined) or _repeats(claim)))


def _once(words: list[str]) -> list[str]:
    """Leave out a word that is said again at once: a stumble, unless it counts."""
    counts = ("one", "two", "20")
    return [
        word for at, word in enumerate(words) if word in counts or words[at + 1 : at + 2] != [word]
    ]


def _repeats(words: list[str]) -> bool:
    """Tell whether a phrase is said again at once."""
    return any(
        words[at : at + length] == words[at + length : at + 2 * length]
        for length in (1, 2, 3)
        for at in range(len(words) - length)
    )


@given(st.integers(0, 60), st.integers(1, 20))
def test_a_run_of_heard_words_is_sealed_unless_it_is_cut_behind_a_denial_or_changes_voice(
    first: int, length: int
) -> None:
    words = [(word, each.speaker) for each in SENTENCES for word in each.text.split()]
    run = words[min(first, len(words) - 1) :][:length]
    before = [word for word, _ in words[: min(first, len(words) - 1)]][-2:]

    quote = seal.check(" ".join(word for word, _ in run), SENTENCES)

    one_voice = len({speaker for _, speaker in run}) == 1
    # "nobody | shows the failures", "and | nobody …", "instead of the | old one"
    denied = before[-1:] in (["nobody"], ["of"]) or before == ["of", "the"] or run[-1][0] == "and"
    assert quote.quotable == one_voice or denied
