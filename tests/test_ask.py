"""Answers: what is shown can be played, and what cannot be traced is not shown."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kb.ask import NEAREST, Asker
from kb.errors import EmptyLibraryError, NotFoundError, WriterError
from kb.indexes import Indexes
from kb.models import Answer, Entry, Filters, Mark, Statement, Tier, Unit
from kb.search import Search
from tests.fakes import FakeEmbedder, FakeLibrary, FakeVectorIndex, FakeWordIndex, FakeWriter
from tests.samples import ALL, CLOSED, COSTS, LEAKS

QUESTION = "How many new cases every month?"


def search_over(folder: Path, entries: Sequence[Entry]) -> Search:
    library = FakeLibrary(folder)
    for each in entries:
        library.save(each)
    return Search(Indexes(library, FakeEmbedder(), FakeWordIndex(), FakeVectorIndex()))


@pytest.fixture
def search(tmp_path: Path) -> Search:
    return search_over(tmp_path, ALL)


def sentences(entry: Entry, tier: Tier = Tier.TRANSCRIPT) -> list[str]:
    """Give the ids of an entry's sentences."""
    return [each.id for each in entry.passages if (each.unit, each.tier) == (Unit.SENTENCE, tier)]


HEARD = sentences(LEAKS)
"""0 shows a benchmark, 1-2 leaked, 3 old test, 4 forty, 5 drawer, 6 Databricks, 7 twice, 8 no."""
FORTY = "We wrote 40 new cases every month at Lathe."
DRAWER = "We kept them in a drawer."


def answer(search: Search, *statements: Statement, question: str = QUESTION) -> Answer:
    return Asker(search, FakeWriter(statements)).answer(question)


def quote(text: str, *ids: str) -> Statement:
    return Statement(text, ids, quoted=True)


def test_a_citation_leads_to_the_words_their_second_and_who_said_them(search: Search) -> None:
    given = answer(search, quote(f"{FORTY} {DRAWER}", *HEARD[4:6]))

    [claim], [citation] = given.claims, given.citations
    assert (claim.text, claim.mark, claim.citations) == (f"{FORTY} {DRAWER}", Mark.QUOTED, (1,))
    assert (citation.text, citation.speaker) == (f"{FORTY} {DRAWER}", "Jonas Feld")
    assert (citation.span.start, citation.span.end) == (18, 24)
    assert (citation.first, citation.last, citation.passage_id) == (4, 5, HEARD[4])
    assert citation.link == "https://cdn.example/leaks.mp3#t=18"
    assert (citation.episode_title, citation.show_title) == (LEAKS.episode.title, "The Night Desk")
    assert (given.question, given.writer, given.reason) == (QUESTION, "fake writer", "")


def test_every_citation_resolves_in_the_library(search: Search) -> None:
    given = answer(
        search, quote(FORTY, HEARD[4]), Statement("Onions fell.", (sentences(COSTS)[2],))
    )

    library = search.indexes.library
    for citation in given.citations:
        document = library.passages_of(
            citation.span.episode_id, unit=Unit.SENTENCE, tier=citation.tier
        )
        run = document[citation.first : citation.last + 1]
        assert citation.text == " ".join(each.text for each in run)
        assert library.passages([citation.passage_id])


def test_numbers_run_in_reading_order_and_one_place_has_one_number(search: Search) -> None:
    given = answer(
        search, quote(DRAWER, HEARD[5]), quote(FORTY, HEARD[4]), quote("in a drawer", HEARD[5])
    )

    assert [claim.citations for claim in given.claims] == [(1,), (2,), (1,)]
    assert [citation.number for citation in given.citations] == [1, 2]


def test_sentences_far_apart_are_cited_apart(search: Search) -> None:
    given = answer(search, Statement("Forty cases, and the answer was no.", (HEARD[8], HEARD[4])))

    assert [(each.first, each.last) for each in given.citations] == [(4, 4), (8, 8)]
    assert given.claims[0].citations == (1, 2)


@pytest.mark.parametrize("ids", [(), ("no/such/s1",), (f"{LEAKS.episode.id}/transcript/s99",)])
def test_a_statement_that_rests_on_nothing_is_left_out_and_said_so(
    search: Search, ids: tuple[str, ...]
) -> None:
    given = answer(search, Statement("They wrote cases.", ids), quote(DRAWER, HEARD[5]))

    assert [claim.text for claim in given.claims] == [DRAWER]
    assert "1 of 2 statements were left out: their sources do not carry them." in given.remarks


def test_an_unknown_id_beside_a_known_one_is_ignored(search: Search) -> None:
    given = answer(search, quote(DRAWER, "no/such/s1", HEARD[5]))

    assert [each.passage_id for each in given.citations] == [HEARD[5]]


@pytest.mark.parametrize(
    "text",
    [
        "We wrote 14 new cases every month at Lathe.",
        "We never wrote 40 new cases every month at Lathe.",
        "We wrote 40 new cases every week at Lathe.",
        FORTY + " " + DRAWER,
    ],
)
def test_a_quote_altered_by_a_word_is_left_out(search: Search, text: str) -> None:
    assert answer(search, quote(text, HEARD[4])).abstained


def test_a_quote_put_together_from_two_places_is_left_out(search: Search) -> None:
    assert answer(search, quote(f"{FORTY} They asked twice.", HEARD[4], HEARD[7])).abstained


@pytest.mark.parametrize(
    "text",
    [
        "They wrote 41 cases.",
        "They wrote 4 cases.",
        "They wrote 40 cases in 3 months.",
        "They wrote 40 cases at Databricks.",
        "They wrote 40 cases, says Ines Okafor.",
    ],
)
def test_a_figure_or_name_that_is_not_in_the_source_is_left_out(search: Search, text: str) -> None:
    assert answer(search, Statement(text, (HEARD[4],))).abstained


@pytest.mark.parametrize(
    "text",
    [
        "They wrote 40 cases a month at Lathe.",
        "It was Jonas Feld who wrote 40 cases.",
        "In short: 40, says Feld.",
    ],
)
def test_a_statement_in_other_words_stands_where_figures_and_names_agree(
    search: Search, text: str
) -> None:
    given = answer(search, Statement(text, (HEARD[4],)))

    assert [(claim.text, claim.mark) for claim in given.claims] == [(text, Mark.SUPPORTED)]


def test_figures_agree_whatever_their_thousands_are_parted_by(search: Search) -> None:
    assert not answer(search, Statement("It cost 3.50.", (sentences(COSTS)[0],))).abstained
    assert answer(search, Statement("It cost 350.", (sentences(COSTS)[0],))).abstained


def test_an_answer_from_notes_says_so(search: Search) -> None:
    given = answer(
        search, Statement("There is a drawer.", tuple(sentences(LEAKS, Tier.NOTES)[1:2]))
    )

    assert given.citations[0].tier is Tier.NOTES
    assert "This rests on show notes, not on the words that were said." in given.remarks


def test_an_answer_with_words_behind_it_gets_no_such_remark(search: Search) -> None:
    notes = Statement("There is a drawer.", tuple(sentences(LEAKS, Tier.NOTES)[1:2]))

    assert answer(search, quote(DRAWER, HEARD[5]), notes).remarks == ()


def test_who_says_nothing_gives_a_reason_and_shows_what_came_nearest(search: Search) -> None:
    given = Asker(search, FakeWriter(reason="Not a word on it.")).answer(QUESTION)

    assert given.abstained
    assert given.reason == "Not a word on it."
    assert (given.claims, given.citations) == ((), ())
    assert len(given.nearest) == NEAREST
    assert "40 new cases" in given.nearest[0].passage.text


def test_where_all_is_left_out_the_answer_abstains_and_says_why(search: Search) -> None:
    given = answer(search, quote("Nobody said this.", HEARD[4]))

    assert given.abstained
    assert given.reason
    assert "1 of 1 statements were left out: their sources do not carry them." in given.remarks


def test_a_misspelt_name_is_answered_and_said_so(search: Search) -> None:
    given = answer(search, quote(DRAWER, HEARD[5]), question="What did Jonas Feldt keep?")

    assert given.question == "What did Jonas Feldt keep?"
    assert given.remarks == ("Searched for: What did Jonas Feld keep?",)


FAILURE = WriterError("The model is out", hint="Wake it.")


def test_a_writer_that_fails_is_replaced_and_said_so(search: Search) -> None:
    broken, sound = FakeWriter(failure=FAILURE), FakeWriter((quote(DRAWER, HEARD[5]),), name="b")

    given = Asker(search, broken, fallback=sound).answer(QUESTION)

    assert given.writer == "b"
    assert given.claims[0].text == DRAWER
    assert given.remarks[0].startswith("The model is out. Wake it.")


def test_a_writer_of_whose_answer_nothing_is_left_is_replaced(search: Search) -> None:
    inventive = FakeWriter((Statement("They wrote 41.", (HEARD[4],)),))
    sound = FakeWriter((quote(DRAWER, HEARD[5]),), name="b")

    assert Asker(search, inventive, fallback=sound).answer(QUESTION).writer == "b"


def test_a_writer_that_found_no_answer_is_believed(search: Search) -> None:
    silent, eager = FakeWriter(), FakeWriter((quote(DRAWER, HEARD[5]),))

    assert Asker(search, silent, fallback=eager).answer(QUESTION).abstained


def test_without_a_replacement_a_failure_is_told(search: Search) -> None:
    with pytest.raises(WriterError, match="The model is out"):
        Asker(search, FakeWriter(failure=FAILURE)).answer(QUESTION)


def test_a_statement_is_shown_as_text_even_where_it_is_markup(tmp_path: Path) -> None:
    hostile = replace(CLOSED, episode=replace(CLOSED.episode, title="<b>x</b> {text}", link=None))
    search = search_over(tmp_path, [hostile])

    given = answer(search, Statement("tokens", (sentences(CLOSED, Tier.NOTES)[1],)))

    assert given.citations[0].episode_title == "<b>x</b> {text}"
    assert given.citations[0].link is None


def test_an_empty_library_cannot_answer(tmp_path: Path) -> None:
    with pytest.raises(EmptyLibraryError):
        answer(search_over(tmp_path, []))


def test_a_filter_that_names_nothing_is_an_error(search: Search) -> None:
    with pytest.raises(NotFoundError):
        Asker(search, FakeWriter()).answer(QUESTION, Filters(person="Nobody"))


def test_a_filter_that_leaves_nothing_abstains_with_nothing_near(search: Search) -> None:
    given = Asker(search, FakeWriter()).answer(QUESTION, Filters(show="night", person="Ines"))

    assert given.abstained
    assert given.nearest == ()
