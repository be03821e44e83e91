"""The page of drafts: made from a question or chosen passages, edited, criticised, exported."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kb.drafting.making import Asked
from kb.drafts import Kind
from tests import drawn, sample_work
from tests.drawn import data, press, texts
from tests.sample_work import WorkingHouse

pytestmark = pytest.mark.slow  # every test draws a whole page

QUESTION = "Why throw a benchmark away?"
PLACE = "?ep=evals-1&t=246&at=transcript.51-51"


talks = drawn.talks


@pytest.fixture
def house(talks: Path) -> WorkingHouse:
    return sample_work.house(talks)


def _page(folder: Path, *, picked: tuple[str, ...] = (), **params: str) -> AppTest:
    imports = "from pathlib import Path; from tests import sample_work; from ui.views import drafts"
    house = f"sample_work.house(Path({str(folder)!r}))"
    page = AppTest.from_string(f"{imports}; drafts.show({house})")
    for name, value in params.items():
        page.query_params[name] = value
    page.session_state["picked"] = list(picked)
    page.run(timeout=20)
    assert not page.exception
    return page


def _kept(house: WorkingHouse, kind: Kind = Kind.THESIS) -> str:
    bench = house.floor.bench
    number = bench.draft(kind, Asked(QUESTION), person="ana")
    bench.settle()
    outcome = bench.outcome(number)
    assert outcome
    assert outcome.made
    return outcome.made


def test_a_wish_is_handed_over_and_nobody_waits(house: WorkingHouse, tmp_path: Path) -> None:
    page = _page(tmp_path)
    page.text_input(key="draft-question").set_value(QUESTION)
    press(page, "Make the draft")
    house.floor.bench.settle()

    assert [each.title for each in house.desk.all()] == [QUESTION]


def test_chosen_passages_are_shown_and_those_that_are_gone_say_so(
    house: WorkingHouse, tmp_path: Path
) -> None:
    page = _page(tmp_path, picked=(PLACE, "?ep=gone&t=3"))
    chosen, gone = data(page, "draft-sources")["cards"]

    assert (chosen["title"], chosen["pick"]) == (house.library.episode("evals-1").title, PLACE)
    assert "memory" in chosen["text"]
    assert gone["title"] == "A passage you chose"


def test_each_sentence_has_its_mark_in_words(house: WorkingHouse, tmp_path: Path) -> None:
    page = _page(tmp_path, draft=_kept(house))
    title = data(page, "draft-title")
    lines = [
        line
        for number in range(len(house.desk.open(house.desk.all()[0].id).draft.parts))
        for line in data(page, f"part-{number}")["claims"]
    ]

    assert title["title"] == QUESTION
    assert "sentences can be published" in title["remarks"][-1]
    assert all(line["label"] for line in lines)
    assert [int(line["edit"]) for line in lines] == list(range(1, len(lines) + 1))


def test_a_false_quote_that_is_added_is_struck_with_what_was_said(
    house: WorkingHouse, tmp_path: Path
) -> None:
    page = _page(tmp_path, draft=_kept(house))
    false = "He said “A benchmark that leaked into training measures skill.”"
    page.text_area(key="add-sentence-text").set_value(false)
    press(page, "Add")
    shown = json.dumps([each.proto.json for each in page.get("bidi_component")])

    assert "Unsupported" in shown
    assert "measures memory" in shown
    assert any("export leaves out" in text for text in texts(page))


def test_a_critic_objects(house: WorkingHouse, tmp_path: Path) -> None:
    page = _page(tmp_path, draft=_kept(house))
    press(page, "Let a critic object")

    assert any("Critic: rules." in text for text in texts(page))


def test_a_draft_is_deleted_after_one_more_press(house: WorkingHouse, tmp_path: Path) -> None:
    page = _page(tmp_path, draft=_kept(house))
    page.button(key="delete-draft").click().run(timeout=20)

    assert house.desk.all() == []


@pytest.mark.parametrize("wanted", ["nothing", "../../x", "%", "![x](https://canary.example)"])
def test_a_draft_that_is_not_there_is_said(
    house: WorkingHouse, tmp_path: Path, wanted: str
) -> None:
    assert house.desk.all() == []
    page = _page(tmp_path, draft=wanted)

    assert any("drafts begin with" in text for text in texts(page))


def test_the_kept_drafts_are_listed(house: WorkingHouse, tmp_path: Path) -> None:
    draft = _kept(house, Kind.POST)
    [card] = data(_page(tmp_path), "drafts")["cards"]

    assert (card["query"], card["title"]) == (f"drafts?draft={draft}", QUESTION)
    assert card["meta"].startswith("Posts · ana · ")
