"""What people said will be by when, the figures they gave, and what a person says became of it."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import passages
from kb.errors import NotFoundError
from kb.insight import dates, figures
from kb.insight.figures import Figure, Kind, Statement
from kb.insight.predictions import Outcome, Predictions, Told
from kb.library import SqlLibrary
from kb.models import Filters, Passage, Tier, Unit
from tests.samples import entry, episode, transcript

ION, MARA = "Ion Stoica", "Mara Quill"
SAID = date(2024, 3, 9)
BY_2026 = "By the end of 2026 most tests will be private."


def sentence(text: str) -> Passage:
    cut = passages.cut("talk", Tier.TRANSCRIPT, transcript((ION, text)).segments)
    return next(each for each in cut if each.unit is Unit.SENTENCE)


def read(text: str, said: date | None = SAID) -> Statement | None:
    return figures.read(sentence(text), said)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("by the end of 2026", date(2026, 12, 31)),
        ("by 2030", date(2030, 12, 31)),
        ("before 2027", date(2026, 12, 31)),
        ("in Q3 2025", date(2025, 9, 30)),
        ("in the first half of 2025", date(2025, 6, 30)),
        ("in early 2025", date(2025, 4, 30)),
        ("in February 2028", date(2028, 2, 29)),
        ("in two years", date(2026, 3, 9)),
        ("within the next 18 months", date(2025, 9, 9)),
        ("three years from now", date(2027, 3, 9)),
        ("over the next couple of years", date(2026, 3, 9)),
        ("next quarter", date(2024, 6, 30)),
        ("next year", date(2025, 12, 31)),
        ("later this year", date(2024, 12, 31)),
        ("by the end of the decade", date(2029, 12, 31)),
        ("next month", date(2024, 4, 30)),
        ("next summer", date(2024, 8, 31)),
        ("next February", date(2025, 2, 28)),
    ],
)
def test_a_day_is_counted_from_when_it_was_said(words: str, day: date) -> None:
    assert [each.day for each in dates.spoken(f"It will be there {words}.", SAID)] == [day]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("in two to five years", date(2029, 3, 9)),
        ("within 5 or 10 years", date(2034, 3, 9)),
        ("over the next 10 to 20 years", date(2044, 3, 9)),
        ("in 3-5 years", date(2029, 3, 9)),
        ("in five, maybe ten years", date(2034, 3, 9)),
        ("two to five years from now", date(2029, 3, 9)),
        ("in a year or two", date(2026, 3, 9)),
        ("in five years, maybe ten", date(2034, 3, 9)),
        ("in six months to two years", date(2026, 3, 9)),
        ("in less than two years", date(2026, 3, 9)),
        ("by 2027 or 2030", date(2030, 12, 31)),
        ("between 2027 and 2030", date(2030, 12, 31)),
        ("by the end of 2026 or 2027", date(2027, 12, 31)),
        ("before 2028 or 2029", date(2028, 12, 31)),
    ],
)
def test_of_two_ends_the_later_one_counts(words: str, day: date) -> None:
    (when,) = dates.spoken(f"It will be there {words}.", SAID)
    assert (when.words.removeprefix("by "), when.day) == (words.removeprefix("by "), day)


@pytest.mark.parametrize("behind", [", a crew will", " to five crews", " or a crew"])
def test_a_number_of_something_else_is_no_other_end(behind: str) -> None:
    (when,) = dates.spoken(f"In two years{behind} be there.", SAID)
    assert (when.words, when.day) == ("In two years", date(2026, 3, 9))


def test_the_last_day_of_a_shorter_month_stands_for_the_31st() -> None:
    (when,) = dates.spoken("It ends in one month.", date(2024, 1, 31))
    assert when.day == date(2024, 2, 29)


@pytest.mark.parametrize("words", ["in two years", "next quarter", "this year"])
def test_words_that_count_from_an_unknown_day_have_none(words: str) -> None:
    (when,) = dates.spoken(f"It will be there {words}.", None)
    assert when.day is None


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 99))
def test_months_ahead_are_never_behind(said: date, months: int) -> None:
    (when,) = dates.spoken(f"We ship in {months} months.", said)
    assert when.day is not None
    assert (when.day.year - said.year) * 12 + when.day.month - said.month == months
    assert when.day.day <= said.day


def test_a_statement_about_a_day_to_come_is_a_prediction() -> None:
    found = read(BY_2026)
    assert found is not None
    assert (found.kind, found.due, found.words, found.speaker) == (
        Kind.PREDICTION,
        date(2026, 12, 31),
        BY_2026,
        ION,
    )


@pytest.mark.parametrize(
    "text",
    [
        "In 2021 we were going to double it.",
        "Will it all be private by the end of 2026?",
        "See you at the conference, tickets will go on sale next month.",
        "We will have another episode out next month for you.",
        "It was done two years ago, as planned, by 2022.",
        "The tests are private and that is that.",
        "Next year.",
        "People say “in two years it will be over” all day long.",
    ],
)
def test_what_is_over_asked_or_about_the_show_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They raised $1.3 billion in March.", Figure("$1.3 billion", "in March")),
        ("About 40% of customers leave in a year.", Figure("40%", "of customers leave")),
        ("Twenty percent of labels were wrong.", Figure("Twenty percent", "of labels")),
        ("It serves 3 million users in Europe.", Figure("3 million", "users in Europe")),
        ("It became 10x cheaper over that time.", Figure("10x", "cheaper")),
        ("We have 250 engineers in the firm.", Figure("250", "engineers")),
    ],
)
def test_figures_tell_what_they_are_of(text: str, expected: Figure) -> None:
    assert figures.figures(text) == (expected,)


@pytest.mark.parametrize(
    "text",
    [
        "We moved to Python 3.11 and GPT-4 in the spring.",
        "This is episode 45 of our podcast with 3 guests.",
        "Call us at 555 0100 or write to room 12.",
        "I agree with you one hundred percent on that.",
        "We are there 24/7 and it was 8:30 then.",
        "I have two kids and three dogs at home.",
    ],
)
def test_versions_episodes_times_and_idioms_are_no_figures(text: str) -> None:
    assert read(text) is None


def test_a_sponsor_read_gives_no_figures() -> None:
    held = episode("Paid", "A", published=SAID)
    text = "This episode is brought to you by Ostrel. Ostrel serves 3 million users in Europe."
    cut = passages.cut(held.id, Tier.TRANSCRIPT, transcript((MARA, text)).segments)
    sentences = [each for each in cut if each.unit is Unit.SENTENCE]
    assert figures.statements(held, sentences) == ()


@given(st.text("0123456789$%.,x milonbea'’?!-", max_size=80))
def test_no_text_can_break_it(text: str) -> None:
    for statement in [read(f"Well {text} then we will see in 2030.")]:
        assert statement is None or statement.words.startswith("Well")


# In a library


@pytest.fixture
def library(tmp_path: Path) -> SqlLibrary:
    return SqlLibrary(f"sqlite:///{tmp_path / 'library.sqlite'}", tmp_path)


@pytest.fixture
def predictions(library: SqlLibrary) -> Predictions:
    return Predictions(library, now=lambda: 1_700_000_000.0)


def hear(
    library: SqlLibrary, *turns: tuple[str | None, str], show: str = "A", day: date | None = SAID
) -> None:
    held = episode(f"On {show}", show, published=day)
    library.save(entry(held, {Tier.TRANSCRIPT: transcript(*turns)}))


def words(found: list[Told]) -> list[str]:
    return [each.statement.words for each in found]


def test_predictions_and_figures_are_told_apart(
    library: SqlLibrary, predictions: Predictions
) -> None:
    hear(library, (ION, BY_2026), (MARA, "It serves 3 million users in Europe."))
    assert words(predictions.all(kind=Kind.PREDICTION)) == [BY_2026]
    assert words(predictions.all(kind=Kind.FIGURE)) == ["It serves 3 million users in Europe."]
    assert len(predictions.all()) == 2


def test_each_has_a_link_that_plays_it(library: SqlLibrary, predictions: Predictions) -> None:
    hear(library, (MARA, "Hello there, all of you."), (ION, BY_2026))
    (found,) = predictions.all()
    assert found.clip == f"?ep={found.episode.id}&t=6"


def test_they_are_narrowed_to_who_said_them(library: SqlLibrary, predictions: Predictions) -> None:
    hear(library, (ION, BY_2026), (MARA, "It serves 3 million users in Europe."))
    assert words(predictions.all(Filters(person="Stoica"))) == [BY_2026]


def test_the_due_are_those_whose_day_has_come(
    library: SqlLibrary, predictions: Predictions
) -> None:
    next_year = "Next year it will be over for labels."
    hear(library, (ION, BY_2026), (ION, next_year))
    hear(library, (ION, "In two years it will be over."), show="Undated", day=None)
    assert words(predictions.due(date(2025, 12, 30))) == []
    assert words(predictions.due(date(2025, 12, 31))) == [next_year]
    assert words(predictions.due(date(2030, 1, 1))) == [next_year, BY_2026]


def test_a_person_settles_it(library: SqlLibrary, predictions: Predictions) -> None:
    hear(library, (ION, BY_2026))
    (told,) = predictions.all()
    predictions.mark(told.statement.id[:6], Outcome.UNCLEAR, person="ada")
    assert len(predictions.due(date(2030, 1, 1))) == 1
    predictions.mark(told.statement.id, Outcome.FALSE, person="ben", note="see the report")
    assert predictions.due(date(2030, 1, 1)) == []
    marking = predictions.all()[0].marking
    assert marking is not None
    assert (marking.outcome, marking.person, marking.note) == (
        Outcome.FALSE,
        "ben",
        "see the report",
    )


def test_a_mark_survives_a_new_transcript(library: SqlLibrary, predictions: Predictions) -> None:
    hear(library, (ION, BY_2026))
    predictions.mark(predictions.all()[0].statement.id, Outcome.TRUE, person="ada")
    hear(library, (MARA, "Welcome to you all."), (ION, BY_2026.lower().replace("2026", "2026,")))
    (told,) = predictions.all()
    assert told.statement.start == 6.0
    assert told.marking is not None


@pytest.mark.parametrize("wanted", ["", "nothing", "zz"])
def test_what_nobody_said_cannot_be_marked(
    library: SqlLibrary, predictions: Predictions, wanted: str
) -> None:
    hear(library, (ION, BY_2026))
    with pytest.raises(NotFoundError, match="No statement"):
        predictions.mark(wanted, Outcome.TRUE, person="ada")


def test_an_empty_library_said_nothing(predictions: Predictions) -> None:
    assert (predictions.all(), predictions.due(SAID)) == ([], [])
