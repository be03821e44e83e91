"""Answers as Markdown: links that work, and nothing that was heard becomes markup."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import markdown
from kb.models import Answer, Citation, Claim, Filters, Mark, Span, Tier
from tests import sample_house
from tests.sample_house import HOSTILE

HOME = "http://127.0.0.1:8501/"


def _answer(question: str = "Why throw a benchmark away?") -> Answer:
    return sample_house.house().ask(question, Filters())


def test_every_number_leads_to_the_second_in_the_app() -> None:
    written = markdown.answer(_answer(), home=HOME)

    assert "[1](http://127.0.0.1:8501/?ep=evals-1&t=246)" in written
    assert "> A benchmark that leaked into training measures memory. [1](" in written
    assert "1. “A benchmark that leaked into training measures memory.” Jonas Feld, " in written


def test_without_the_app_it_leads_to_the_publisher() -> None:
    assert "[about 14:24](https://podcasts.example/tao-2)" in markdown.answer(_answer())


def test_what_is_unsupported_says_so_and_so_does_a_brief() -> None:
    written = markdown.answer(_answer())

    assert "This may hold elsewhere too. _(unsupported)_" in written
    assert "from the brief" in written


def test_not_on_the_record_is_said() -> None:
    assert "Not on the record. Nobody in the library" in markdown.answer(_answer("Who?"))


@pytest.mark.parametrize("question", ["Who? " + HOSTILE, "Why throw a benchmark away? " + HOSTILE])
def test_hostile_words_are_shown_as_written(question: str) -> None:
    written = markdown.answer(_answer(question), home=HOME)

    assert "canary" in written
    assert not re.search(r"(?<!\\)!\[|(?<!\\)\]\((?!http://127)[^)]*canary|<img", written)


@given(st.text())
def test_a_link_is_never_broken_out_of(address: str) -> None:
    span = Span("e", 1.0, 2.0)
    cited = Citation(1, "p", span, Tier.TRANSCRIPT, "Said.", 0, 0, "T", "S", link=address)

    written = markdown.linked("0:01", markdown.address(cited))

    assert re.fullmatch(r"0:01|\[0:01\]\([^\s()<>\[\]\\]+\)", written)


def test_lines_of_a_claim_are_one_line() -> None:
    answer = _answer()
    claim = Claim("one\n\n# two\n- three", Mark.SUPPORTED, (1,))
    written = markdown.answer(replace(answer, claims=(claim,), citations=answer.citations[:1]))

    assert "\n# two" not in written
    assert "\n- three" not in written
