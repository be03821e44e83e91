"""Answers that were given: no click asks again, and what a failing model could not say passes."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import ClassVar

import pytest
from streamlit.testing.v1 import AppTest

from kb.adapters.extractive import ExtractiveWriter
from kb.ask import Asker
from kb.errors import WriterError
from kb.models import Answer, Filters, Hit, Question, Written
from kb.steps import Asked, Steps
from tests import api_house, samples
from tests.api_house import ApiHouse
from tests.sample_house import FakeFloor, FakeHouse
from ui.answers import Answers

WHY = "What happened to the benchmark?"


class Asking:
    """Answers, notes what it was asked, and falls back for as long as it is told to."""

    def __init__(self) -> None:
        self.questions = list[str]()
        self.fell_back = False

    def __call__(self, question: str, filters: Filters) -> Asked:
        del filters
        self.questions.append(question)
        return Asked(Answer(question, (), (), reason="Nothing"), Steps(1, 1, 1), self.fell_back)


class NotingFloor(FakeFloor):
    """A floor that notes which questions were asked anew."""

    noted: ClassVar[list[bool]] = []

    def asked(self, question: str, filters: Filters, revision: int, *, anew: bool) -> Asked:
        self.noted.append(anew)
        return super().asked(question, filters, revision, anew=anew)


class NotingHouse(FakeHouse):
    """The sample house with that floor."""

    @property
    def floor(self) -> NotingFloor:
        held = super().floor
        return NotingFloor(held.house, held.intake, held.bench, held.stock)


class Model:
    """A writer that can be down; it has nothing to say."""

    name = "model"

    def __init__(self) -> None:
        self.down = False
        self.asked = list[str]()

    def write(self, question: Question, hits: Sequence[Hit]) -> Written:
        del hits
        self.asked.append(question.text)
        if self.down:
            raise WriterError("The model did not answer in time", hint="Try again later.")
        return Written((), "The model says so")


def modelled(folder: Path) -> tuple[ApiHouse, Model]:
    """Give a house whose questions go to a model."""
    here, model = api_house.filled(folder), Model()
    plain = ExtractiveWriter(here.library)
    vars(here)["asker"] = Asker(here.search, model, fallback=plain)
    return here, model


def test_a_question_is_asked_once_for_each_state_of_the_library() -> None:
    asking = Asking()
    answers = Answers(asking)

    first, again = (answers.asked(WHY, Filters(), 7, anew=True) for _ in range(2))
    answers.asked(WHY, Filters(), 8, anew=False)
    answers.asked(WHY, Filters(show="desk"), 8, anew=False)
    answers.asked("Who?", Filters(), 8, anew=False)

    assert first is again
    assert asking.questions == [WHY, WHY, WHY, "Who?"]


def test_where_the_model_failed_it_is_asked_again_by_who_asks_anew_and_by_no_click() -> None:
    asking = Asking()
    answers = Answers(asking)
    asking.fell_back = True
    answers.asked(WHY, Filters(), 7, anew=True)
    asking.fell_back = False

    assert answers.asked(WHY, Filters(), 7, anew=False).fell_back
    assert asking.questions == [WHY]
    assert not answers.asked(WHY, Filters(), 7, anew=True).fell_back
    answers.asked(WHY, Filters(), 7, anew=True)
    assert asking.questions == [WHY, WHY]


def test_two_who_ask_the_same_ask_once() -> None:
    begun, goes_on, asking = Event(), Event(), Asking()

    def slowly(question: str, filters: Filters) -> Asked:
        begun.set()
        goes_on.wait(10)
        return asking(question, filters)

    answers = Answers(slowly)
    with ThreadPoolExecutor(2) as both:
        first = both.submit(answers.asked, WHY, Filters(), 7, anew=True)
        begun.wait(10)
        second = both.submit(answers.asked, WHY, Filters(), 7, anew=True)
        goes_on.set()

    assert first.result() is second.result()
    assert asking.questions == [WHY]


def test_a_failure_is_nobodys_answer() -> None:
    asking = Asking()

    def failing(question: str, filters: Filters) -> Asked:
        if not asking.questions:
            asking(question, filters)
            raise WriterError("The model did not answer in time", hint="Try again later.")
        return asking(question, filters)

    answers = Answers(failing)
    with pytest.raises(WriterError):
        answers.asked(WHY, Filters(), 7, anew=True)

    assert answers.asked(WHY, Filters(), 7, anew=False).answer.question == WHY


def test_only_the_newest_answers_are_held() -> None:
    asking = Asking()
    answers = Answers(asking)
    for number in range(300):
        answers.asked(f"{number}", Filters(), 7, anew=True)

    answers.asked("299", Filters(), 7, anew=True)
    assert len(asking.questions) == 300
    answers.asked("0", Filters(), 7, anew=True)
    assert len(asking.questions) == 301


def test_a_page_asks_anew_where_somebody_does_and_not_at_a_click() -> None:
    script = (
        "from tests import sample_house, test_answers; from ui.views import ask;"
        "ask.show(test_answers.NotingHouse(sample_house.house().library))"
    )
    NotingFloor.noted.clear()
    page = AppTest.from_string(script)
    page.query_params["q"] = WHY
    page.run(timeout=20)
    page.run()
    page.form_submit_button[0].click().run()
    page.text_input(key="q").set_value("Why?")
    page.form_submit_button[0].click().run()

    assert not page.exception
    newest, earlier = True, False
    assert NotingFloor.noted == [newest, False, newest, newest, earlier]


# In a house with a model


def test_a_passing_outage_of_the_model_sticks_to_no_question(tmp_path: Path) -> None:
    here, model = modelled(tmp_path)
    model.down = True
    down, click = (here.floor.asked(WHY, Filters(), 1, anew=anew) for anew in (True, False))
    model.down = False
    up = here.floor.asked(WHY, Filters(), 1, anew=True)

    assert click is down

    assert (down.fell_back, down.answer.writer) == (True, "extractive")
    assert (up.fell_back, up.answer.writer) == (False, "model")


def test_suggestions_are_tried_without_the_model_and_once(tmp_path: Path) -> None:
    here, model = modelled(tmp_path)
    web = api_house.client(here)

    first = web.get("/suggestions").json()["items"]
    del vars(here)["plain"]  # it would be there again, had it been used
    again = web.get("/suggestions").json()["items"]

    assert first == again
    assert first
    assert model.asked == []
    assert "plain" not in vars(here)


def test_what_changes_the_library_has_suggestions_tried_again(tmp_path: Path) -> None:
    here, _ = modelled(tmp_path)
    assert here.suggestions()
    for each in samples.ALL:
        here.library.delete(each.episode.id)

    assert here.suggestions() == ()
