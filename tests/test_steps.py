"""The steps that are told below an answer: counted, not guessed."""

from pathlib import Path

from kb.ask import Asker
from kb.errors import WriterError
from kb.models import Filters, Statement
from kb.steps import answered
from tests.fakes import FakeWriter
from tests.samples import ALL, LEAKS
from tests.test_ask import DRAWER, HEARD, QUESTION, quote, search_over


def test_episodes_passages_and_statements_are_counted(tmp_path: Path) -> None:
    asker = Asker(search_over(tmp_path, ALL), FakeWriter((quote(DRAWER, HEARD[5]),)), read=2)

    asked = answered(asker, QUESTION, Filters())

    assert [claim.text for claim in asked.answer.claims] == [DRAWER]
    assert (asked.steps.searched, asked.steps.read, asked.steps.checked) == (len(ALL), 2, 1)


def test_filters_narrow_what_is_searched(tmp_path: Path) -> None:
    asker = Asker(search_over(tmp_path, ALL), FakeWriter((quote(DRAWER, HEARD[5]),)))

    asked = answered(asker, QUESTION, Filters(episode=LEAKS.episode.id))

    assert asked.steps.searched == 1


def test_what_the_fallback_proposes_is_checked_and_counted_too(tmp_path: Path) -> None:
    invented = FakeWriter((Statement("Nobody said so.", ("nowhere",)),))
    fallback = FakeWriter((quote(DRAWER, HEARD[5]),))
    asker = Asker(search_over(tmp_path, ALL), invented, fallback=fallback)

    asked = answered(asker, QUESTION, Filters())

    assert asked.answer.writer == fallback.name
    assert asked.steps.checked == 2


def test_an_answer_fell_back_where_the_writer_failed_and_not_where_it_invented(
    tmp_path: Path,
) -> None:
    search, fallback = search_over(tmp_path, ALL), FakeWriter((quote(DRAWER, HEARD[5]),))
    invented = FakeWriter((Statement("Nobody said so.", ("nowhere",)),))
    down = FakeWriter(failure=WriterError("No answer in time", hint="Try again."))

    asked = [
        answered(Asker(search, each, fallback=fallback), QUESTION, Filters())
        for each in (down, invented)
    ]

    assert [each.fell_back for each in asked] == [True, False]
