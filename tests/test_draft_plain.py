"""Whatever marks a quotation, and whatever hides one, is brought to one kind of marks."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.drafting.plain import Plain, plain, split
from kb.seal import folded
from tests.draft_house import marked

LIE = "We never leaked it at all"


@pytest.mark.parametrize(
    "typed",
    [
        *marked(LIE),
        f"<BLOCKQUOTE class=x>{LIE}</BLOCKQUOTE>",
        f'"\u200b{LIE}\u200b"',
        '"We ne\u00adver leaked it at all"',
        '"We\nnever\tleaked it\u00a0at all"',
    ],
)
def test_every_way_of_quoting_is_a_quote(typed: str) -> None:
    [said] = plain([typed])

    assert said.text.replace("“ ", "“").replace(" ”", "”") == f"“{LIE}”"
    assert said.quotes == (LIE,)
    assert not said.loose


def test_a_quotation_may_run_over_sentences() -> None:
    first, middle, last, after = plain(
        ['He said "we lied.', "All of us did.", 'Often" once.', "So."]
    )

    assert (first.quotes, middle.quotes, last.quotes) == (
        ("we lied.",),
        ("All of us did.",),
        ("Often",),
    )
    assert first.loose
    assert middle.loose
    assert last.loose
    assert after.quotes == ()


def test_a_mark_that_is_never_closed_quotes_all_that_follows() -> None:
    assert [each.quotes for each in plain(["Fine.", f'"{LIE}', "and more"])] == [
        (),
        (LIE,),
        ("and more",),
    ]


def test_a_mark_that_was_never_opened_quotes_all_that_is_before() -> None:
    assert [each.quotes for each in plain(["We lied", 'again" he said'])] == [
        ("We lied",),
        ("again",),
    ]


def test_apostrophes_and_inches_quote_nothing() -> None:
    text = "It isn't the judges' view of the '90s players' 5\" disk, don't you see?"

    assert plain([text])[0].quotes == ()


def test_what_is_quoted_within_a_quotation_is_part_of_it() -> None:
    [said] = plain(["“He said “we never leaked it” twice”"])

    assert said.quotes == ("He said ‘we never leaked it’ twice",)
    assert not said.loose


def test_letters_that_look_like_marks_are_letters_within_a_word() -> None:
    text = "Hawaiʻi and צה״ל donʼt quote"

    assert plain([text]) == [Plain(text)]


@pytest.mark.parametrize(
    "typed",
    [
        "“We never” leaked “it at all”",
        "“We never” “leaked it” “at all”",
        "“We” never leaked it “at all”",
        "He said “We never leaked” it “at all” twice",
    ],
)
def test_a_quotation_that_few_words_split_is_one(typed: str) -> None:
    [said] = plain([typed])

    assert said.quotes == (LIE,)


@pytest.mark.parametrize(
    ("typed", "quotes"),
    [
        ("“Never” and “always”", ("Never", "always")),
        ("“We never,” says Ada, “leaked it”", ("We never,", "leaked it")),
        (f"“{LIE}” or so “{LIE}”", (LIE, LIE)),
        (f"“{LIE}” so “{LIE}”", (LIE, LIE)),
        ("“We” all of us here “leaked”", ("We", "leaked")),
    ],
)
def test_two_quotations_are_two(typed: str, quotes: tuple[str, ...]) -> None:
    assert plain([typed])[0].quotes == quotes


def test_a_number_makes_no_list() -> None:
    assert plain(["“We wrote” and 97 “cases”"])[0].quotes == ("We wrote and 97 cases",)


def test_what_a_stray_mark_closes_is_looked_at_from_the_beginning() -> None:
    [said] = plain(["We never “leaked” it at all” he said"])

    assert said.quotes[-1] == "We never leaked it at all"
    assert said.loose


def test_quotations_of_two_sentences_are_two() -> None:
    assert [each.quotes for each in plain(["“We never”", "“leaked it”"])] == [
        ("We never",),
        ("leaked it",),
    ]


def test_what_stands_beside_a_quotation_is_told_up_to_the_next() -> None:
    [said] = plain(["Ada said “never” and Ben “always”, twice"])

    assert said.beside == (("Ada said", "and Ben"), ("and Ben", ", twice"))


TEXTS = st.lists(st.text("ab “”\"'‘’«»&>; \n`.,<q", max_size=40), max_size=4)


@given(TEXTS)
def test_whatever_is_shown_between_marks_was_looked_at(texts: list[str]) -> None:
    read = plain(texts)

    assert len(read) == len(texts)
    for each in read:
        for shown in re.findall("“([^“”]*)”", each.text):
            assert any(" ".join(folded(shown)) in " ".join(folded(one)) for one in each.quotes) or (
                not folded(shown)
            )


@given(st.lists(st.sampled_from([f"“{LIE}”", f"He said: «{LIE}», twice.", f"> {LIE}", "So."])))
def test_what_was_read_once_reads_the_same_again(texts: list[str]) -> None:
    once = plain(texts)

    assert plain([each.text for each in once]) == once


def test_typed_words_are_cut_into_sentences_but_not_within_a_quotation() -> None:
    assert split('One. Two said "a b c. D e f." Three.') == [
        "One.",
        "Two said “a b c. D e f.”",
        "Three.",
    ]
    assert split("  ") == []
