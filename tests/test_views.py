"""What people see: the pages over a small invented library, without a browser."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from kb.corrections import Corrections
from kb.models import Passage, Span, Tier, Unit
from tests import sample_house, sample_work
from tests.drawn import data, texts
from tests.sample_house import HOSTILE
from ui import places
from ui.places import Lines, Place
from ui.widgets import ASSETS

pytestmark = pytest.mark.slow  # every test draws a whole page

QUESTION = "Why throw a benchmark away?"
SOUND = "ab" * 32


@pytest.fixture(autouse=True)
def _fresh() -> None:
    st.cache_data.clear()


def _script(call: str, folder: Path = Path()) -> AppTest:
    imports = (
        "from pathlib import Path; from tests import sample_house, sample_work;"
        "from ui import app; from ui.views import drafts, episode, library"
    )
    return AppTest.from_string(f"{imports}; folder = Path({str(folder)!r}); {call}")


def _app(**params: str) -> AppTest:
    return _opened(_script(f"app.main(lambda: sample_house.house({SOUND!r}))"), params)


def _empty_app(**params: str) -> AppTest:
    return _opened(_script("app.main(sample_house.empty_house)"), params)


def _library(folder: Path) -> AppTest:
    if not sample_work.library(folder).revisions():
        sample_house.fill(sample_work.library(folder), SOUND)
    return _opened(_script("library.show(sample_work.house(folder))", folder), {})


def _episode(**params: str) -> AppTest:
    return _opened(_script(f"episode.show(sample_house.house({SOUND!r}))"), params)


def _opened(page: AppTest, params: dict[str, str]) -> AppTest:
    for name, value in params.items():
        page.query_params[name] = value
    page.run(timeout=20)
    assert not page.exception
    return page


# Asking


def test_the_first_screen_offers_three_questions() -> None:
    listed = data(_app(), "suggestions")["cards"]

    assert [card["title"] for card in listed] == list(sample_house.house().suggestions())
    assert listed[0]["query"] == "?q=Why+throw+a+benchmark+away%3F"


def test_an_answer_shows_its_claims_with_chips_that_lead_to_the_second() -> None:
    claims = data(_app(q=QUESTION), "claims")["claims"]

    assert claims[0]["text"] == "A benchmark that leaked into training measures memory."
    assert (claims[0]["quoted"], claims[0]["by"]) == (True, "Jonas Feld")
    assert [chip["number"] for chip in claims[1]["chips"]] == [2, 3]
    said = "a+benchmark+that+leaked+into+training"
    query = f"?ep=evals-1&t=246&at=transcript.51-51&said={said}"
    assert claims[0]["chips"][0]["query"] == query


def test_a_question_typed_and_sent_is_answered() -> None:
    page = _app()
    page.text_input(key="q").set_value(QUESTION)
    page.form_submit_button[0].click().run()

    assert data(page, "claims")["claims"]


def test_the_sources_carry_tier_speaker_and_time() -> None:
    first, second, third = data(_app(q=QUESTION), "sources")["cards"]

    assert (first["number"], first["action"]) == (1, "Open at 4:06")
    assert first["badges"] == [{"text": "Transcript", "tone": "transcript"}]
    assert first["meta"] == "Jonas Feld · The Night Desk"
    assert second["action"] == "Open at about 14:24"
    assert (third["action"], third["badges"][0]["text"]) == ("Open the line", "Brief")
    assert third["link_text"] == "At podcasts.example"


def test_a_claim_without_support_is_marked_and_remarks_are_shown() -> None:
    shown = data(_app(q=QUESTION), "claims")

    assert shown["claims"][2]["caveat"] == "No passage supports this."
    assert shown["remarks"] == ["One statement of the model had no source and was left out."]


def test_what_is_not_on_the_record_says_why_and_shows_what_came_closest() -> None:
    page = _app(q="Who keeps the books?")

    assert page.subheader[0].value == "Not on the record"
    assert any(text.startswith("Nobody in the library speaks of this.") for text in texts(page))
    assert data(page, "sources")["cards"][0]["text"] == "We keep the books."


def test_filters_reach_the_search() -> None:
    page = _app()
    page.text_input(key="q").set_value(QUESTION)
    page.selectbox[1].select("Mara Quill")
    page.form_submit_button[0].click().run()

    assert page.subheader[0].value == "Not on the record"


def test_an_empty_library_says_how_to_fill_it() -> None:
    page = _empty_app(q=QUESTION)

    assert "soundproof add" in page.code[0].value
    assert not page.text_input


@pytest.mark.parametrize("question", ["", "   "])
def test_an_empty_question_is_not_asked(question: str) -> None:
    assert data(_app(q=question), "suggestions")["cards"]


# Opening a place


def test_a_permalink_opens_the_player_at_the_second_with_the_line_marked() -> None:
    player = data(_app(ep="evals-1", t="246"), "player")

    assert player["audio"] == f"/audio/{SOUND}"
    assert (player["seconds"], player["first"], player["last"]) == (246.0, 51, 51)
    assert player["label"] == "Transcript"
    assert not player["play"]


def test_a_citation_of_several_lines_marks_them_all_and_cues_at_their_exact_start() -> None:
    player = data(_app(ep="evals-1", t="246", at="transcript.51-53"), "player")

    assert (player["first"], player["last"]) == (51, 53)
    assert player["seconds"] == pytest.approx(246.0, abs=0.01)


def test_a_link_whose_lines_have_moved_opens_where_its_words_are() -> None:
    moved = _app(ep="evals-1", t="100", at="transcript.7-7", said="we wrote forty new cases every")
    player = data(moved, "player")

    nearest = [
        line
        for turn in player["turns"]
        for line in turn["lines"]
        if line["text"].startswith("We wrote forty") and abs(line["start"] - 100) < 24
    ]
    assert (player["first"], player["last"]) == (nearest[0]["number"], nearest[0]["number"])
    assert player["seconds"] == nearest[0]["start"]


def test_a_link_whose_words_are_gone_marks_nothing_and_says_so() -> None:
    gone = _app(ep="evals-1", t="100", at="transcript.7-7", said="nobody ever said this here")
    player = data(gone, "player")

    assert (player["first"], player["seconds"]) == (-1, None)
    assert "not in it any more" in player["note"]


def test_an_episode_without_audio_shows_the_line_and_a_link_instead() -> None:
    player = data(_app(ep="tao-2", t="864"), "player")

    assert (player["audio"], player["link"]) == ("", "https://podcasts.example/tao-2")
    assert (player["first"], player["turns"][0]["at"]) == (0, "about 14:24")
    assert "no audio" in player["note"]
    assert "estimated" in player["note"]


def test_a_brief_opens_at_its_line_and_says_what_it_is() -> None:
    player = data(_app(ep="brief-3", at="brief.1-1"), "player")

    assert (player["first"], player["seconds"]) == (1, None)
    assert "a brief, not what was said" in player["note"]


def test_an_episode_that_is_not_there_is_said_and_one_can_still_ask() -> None:
    page = _app(ep="gone", q=QUESTION)

    assert "No episode gone in the library" in texts(page)
    assert any("soundproof list" in text for text in texts(page))
    assert data(page, "claims")["claims"]


@pytest.mark.parametrize(
    "params",
    [
        {"t": "soon"},
        {"t": "-5"},
        {"t": "nan"},
        {"t": "inf"},
        {"at": "../../etc/passwd"},
        {"at": "transcript.x-y"},
        {"at": "brief.0-1"},
    ],
)
def test_nonsense_in_a_link_opens_the_episode_at_its_start(params: dict[str, str]) -> None:
    player = data(_app(ep="evals-1", **params), "player")

    assert (player["seconds"], player["first"]) == (None, -1)
    assert player["turns"]


def test_a_second_beyond_the_end_marks_the_last_line() -> None:
    player = data(_app(ep="evals-1", t="99999"), "player")

    assert player["first"] == player["turns"][-1]["lines"][-1]["number"]


def test_a_corrected_name_is_shown_in_answers_and_their_links_still_lead_there(
    tmp_path: Path,
) -> None:
    library = sample_house.fill(sample_work.library(tmp_path), SOUND)
    Corrections(library).correct("benchmark", "Benchmarq", person="ana")
    page = _opened(
        _script("app.main(lambda: sample_work.house(folder))", tmp_path), {"q": QUESTION}
    )
    claim, card = data(page, "claims")["claims"][0], data(page, "sources")["cards"][0]

    told = "A benchmark [Benchmarq] that leaked into training measures memory."
    assert (claim["text"], card["text"]) == (told, told)
    assert "said=a+benchmark+that+leaked+into+training" in claim["chips"][0]["query"]


# The library


def test_the_library_lists_episodes_with_what_is_known_of_them(tmp_path: Path) -> None:
    first = data(_library(tmp_path), "episodes")["cards"][0]

    assert first["title"] == "Evaluations that nobody leaked"
    assert first["query"] == "episode?ep=evals-1"
    assert first["meta"] == "The Night Desk · 9 March 2025 · 6:00"
    assert [badge["text"] for badge in first["badges"]] == ["Transcript", "Show notes"]
    assert first["text"] == "Jonas Feld, Mara Quill"


@pytest.mark.parametrize(
    ("words", "found"),
    [("WEIGHTS open", 1), ("nobody", 1), ("quill", 1), ("desk", 3), ("zebra", 0)],
)
def test_titles_shows_and_people_are_searched(tmp_path: Path, words: str, found: int) -> None:
    page = _library(tmp_path)
    page.text_input(key="library-words").set_value(words).run()

    assert len(data(page, "episodes")["cards"]) == found


def test_what_was_said_is_searched_too_and_opens_on_the_page_of_its_episode(tmp_path: Path) -> None:
    page = _library(tmp_path)
    page.text_input(key="library-words").set_value("the subnet").run()
    [card] = data(page, "passages")["cards"]

    assert card["text"] == "And the subnet pays for it."
    assert card["query"].startswith("episode?ep=tao-2&t=")


def test_the_work_in_hand_shows_steps_progress_and_reasons(tmp_path: Path) -> None:
    sample_work.fill_jobs(tmp_path)
    blocks = data(_library(tmp_path), "work")["blocks"]
    tasks = {block["title"]: block for block in blocks if block["kind"] == "task"}

    assert tasks["The running talk"]["meta"].startswith("transcribe 40%")
    assert tasks["The failed talk"]["notes"][0] == "The audio ends at 14:56, the feed says 30:02"
    assert all(not task["acts"] for task in tasks.values())


def test_what_is_no_address_is_refused_at_once(tmp_path: Path) -> None:
    page = _library(tmp_path)
    page.text_input(key="add-url").set_value("/etc/passwd")
    page.button(key="add-address").click().run()

    assert "That is not an address" in texts(page)


def test_an_empty_library_offers_to_add(tmp_path: Path) -> None:
    page = _opened(_script("library.show(sample_work.house(folder))", tmp_path), {})

    assert page.subheader[0].value == "Nothing here yet"
    assert page.text_input(key="add-url").label == "Address of a feed, an episode or a recording"


# An episode


def test_an_episode_shows_people_chapters_and_its_documents() -> None:
    page = _episode(ep="evals-1")
    player = data(page, "player")

    assert "Jonas Feld · guest · Head of evaluation at Lathe" in texts(page)
    assert [chapter["title"] for chapter in player["chapters"]] == ["The leak", "The drawer"]
    assert player["chapters"][1]["query"] == "?ep=evals-1&t=180"


def test_another_document_of_the_episode_can_be_chosen() -> None:
    page = _episode(ep="evals-1")
    page.segmented_control[0].set_value(Tier.NOTES).run()
    player = data(page, "player")

    assert (player["label"], player["naming"]) == ("Show notes", False)


def test_without_an_episode_the_newest_are_offered() -> None:
    assert data(_episode(), "latest")["cards"][0]["query"] == "episode?ep=evals-1"


def test_an_unknown_episode_is_said_and_others_are_offered() -> None:
    page = _episode(ep="gone")

    assert any("gone" in text for text in texts(page))
    assert data(page, "latest")["cards"]


# What was heard is data


@pytest.mark.parametrize(
    "params", [{}, {"q": QUESTION}, {"q": "Who keeps the books?"}, {"ep": "brief-3"}]
)
def test_hostile_text_never_reaches_markdown_or_html(params: dict[str, str]) -> None:
    page = _app(**params)

    read_as_markup = [
        element.value
        for shown in (
            page.markdown,
            page.caption,
            page.title,
            page.header,
            page.subheader,
            page.code,
        )
        for element in shown
    ]
    drawn_by_us = [element.proto.json for element in page.get("bidi_component")]
    assert any(HOSTILE in text for text in (*texts(page), *drawn_by_us))
    assert not any("canary" in value for value in read_as_markup)


def test_the_scripts_never_write_html() -> None:
    scripts = "".join(path.read_text() for path in ASSETS.glob("*.js"))

    assert "textContent" in scripts
    for way_in in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way_in not in scripts


# Places by themselves


def test_a_link_leads_back_to_where_it_was_made() -> None:
    place = Place("evals-1", 246.0, Lines(Tier.TRANSCRIPT, 51, 53))
    params = dict(pair.split("=") for pair in place.query.removeprefix("?").split("&"))

    assert places.read(params) == place


def test_sentences_of_one_turn_stand_together() -> None:
    def said(number: int, turn: int) -> Passage:
        return Passage(
            f"{number}", Span("e"), Tier.TRANSCRIPT, Unit.SENTENCE, "x", number, number, turn
        )

    grouped = places.turns([said(0, 0), said(1, 0), said(2, 1)])

    assert [[sentence.first for sentence in turn] for turn in grouped] == [[0, 1], [2]]
