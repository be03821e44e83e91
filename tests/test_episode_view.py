"""The page of an episode: who speaks, what was meant, the brief with its seals, exports."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from kb import passages
from kb.corrections import Correction, Corrections, Shown, State
from kb.export import FORMATS
from kb.models import Brief, Entry, Idea, Origin, Segment, Theme, Thesis, Tier, Transcript
from tests import sample_house, sample_work
from ui import cards_episode

MISQUOTED = "We wrote fourteen new cases every month, and we kept them in a drawer."
VERBATIM = "Everybody shows a benchmark, and nobody shows the failures."


@pytest.fixture(autouse=True)
def _fresh() -> None:
    st.cache_data.clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sample_house.fill(sample_work.library(tmp_path))
    return tmp_path


def _page(folder: Path, tab: str, episode_id: str = "evals-1") -> AppTest:
    imports = (
        "from pathlib import Path; from tests import sample_work; from ui.views import episode"
    )
    house = f"sample_work.house(Path({str(folder)!r}))"
    page = AppTest.from_string(f"{imports}; episode.show({house})")
    page.query_params["ep"] = episode_id
    page.session_state["episode-tabs"] = tab
    page.run(timeout=20)
    assert not page.exception
    return page


def _data(page: AppTest, key: str) -> Any:  # noqa: ANN401
    return json.loads(page.get_by_key(key).proto.json)


def _texts(page: AppTest) -> list[str]:
    return [element.value for element in page.text]


def _press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run(timeout=20)
    assert not page.exception


def test_all_turns_of_a_speaker_are_renamed_and_it_can_be_undone(folder: Path) -> None:
    page = _page(folder, "Speakers")
    page.selectbox[0].set_value("Jonas Feld")
    page.text_input(key="speakers-name").set_value("Jonas Felt")
    _press(page, "Rename all turns")
    renamed = {turn["speaker"] for turn in _data(page, "player")["turns"]}
    told = _texts(page)
    _press(page, "Undo")

    assert renamed == {"Mara Quill", "Jonas Felt"}
    assert any(text.startswith("Jonas Felt says all of Jonas Feld") for text in told)
    undone = {turn["speaker"] for turn in _data(page, "player")["turns"]}
    assert undone == {"Mara Quill", "Jonas Feld"}


@pytest.mark.parametrize("name", ["", "   ", "Jonas Feld", "x" * 10_000, "Jo\nnas"])
def test_a_name_that_is_none_is_refused_and_says_why(folder: Path, name: str) -> None:
    page = _page(folder, "Speakers")
    page.selectbox[0].set_value("Jonas Feld")
    page.text_input(key="speakers-name").set_value(name)
    _press(page, "Rename all turns")

    assert {turn["speaker"] for turn in _data(page, "player")["turns"]} == {
        "Mara Quill",
        "Jonas Feld",
    }
    assert len(_texts(page)) >= 2


def test_an_episode_without_words_says_that_nobody_speaks(folder: Path) -> None:
    assert any("transcript" in text for text in _texts(_page(folder, "Speakers", "brief-3")))


def test_a_correction_stands_in_brackets_behind_what_was_heard(folder: Path) -> None:
    page = _page(folder, "Names")
    page.text_input(key="correct-heard").set_value("drawer")
    page.text_input(key="correct-meant").set_value("DRAWR")
    _press(page, "Correct")

    [line] = [
        line["text"]
        for line in _data(page, "player")["turns"][3]["lines"]
        if "drawer" in line["text"]
    ]
    assert line.endswith("in a drawer [DRAWR].")
    assert any(text.startswith("“drawer” is DRAWR, in this episode") for text in _texts(page))


def test_a_suggestion_is_shown_with_what_speaks_for_it_and_decided(folder: Path) -> None:
    shown = Shown("evals-1/transcript/s7", "We kept them in a drawer.", 18.0)
    suggested = Correction("drawer", "DRAWR", "evals-1", source="sound", evidence=(shown,))
    corrections = Corrections(sample_work.library(folder))
    corrections.suggest([suggested])
    page = _page(folder, "Names")
    [card] = _data(page, "shown-drawer DRAWR evals-1")["cards"]
    _press(page, "Reject")

    assert (card["title"], card["query"]) == ("0:18", "?ep=evals-1&t=18")
    assert [each.state for each in corrections.all()] == [State.REJECTED]


def test_the_brief_is_sealed_against_what_was_heard(folder: Path) -> None:
    library = sample_work.library(folder)
    episode = library.episode("evals-1")
    transcript = library.document("evals-1", Tier.TRANSCRIPT)
    assert isinstance(transcript, Transcript)
    brief = Brief(
        "What it is about.",
        (),
        "",
        (Theme("Failures", "They are hidden.", VERBATIM),),
        (Thesis("Tests", problem="They leak.", quote=MISQUOTED),),
        (),
        (),
        ("A post.",),
        (Idea("Drawers", "Keep them.", "Nobody has ever said this sentence at all."),),
        (Segment("What it is about.", line=1),),
        Origin("file", "brief.md"),
    )
    documents: dict[Tier, Transcript | Brief] = {Tier.TRANSCRIPT: transcript, Tier.BRIEF: brief}
    cut = [
        each
        for tier, document in documents.items()
        for each in passages.cut("evals-1", tier, document.segments)
    ]
    held = replace(episode, tiers=(Tier.BRIEF, Tier.TRANSCRIPT))
    library.save(Entry(held, documents, tuple(cut)))
    page = _page(folder, "Brief")

    themes, theses, ideas = (_data(page, f"brief-{n}")["claims"] for n in (1, 2, 6))
    assert (themes[1]["label"], themes[1]["by"]) == ("Verbatim", "Mara Quill")
    [struck] = theses[-1]["struck"]
    assert (struck["status"], struck["claim"]) == ("Altered", MISQUOTED)
    assert "forty" in struck["nearest"]
    assert ideas[-1]["struck"][0]["status"] == "Not said"
    assert ideas[-1]["text"] == ""
    empty = _data(page, "brief-3")["claims"]
    assert empty[0]["text"].startswith("Nothing in this episode")


def test_an_episode_without_a_brief_says_how_to_make_one(folder: Path) -> None:
    assert _page(folder, "Brief").code[0].value == "soundproof brief evals-1"


def test_exports_without_times_are_not_offered_in_formats_that_need_them() -> None:
    origin = Origin("file", "x")
    timed = Transcript((Segment("Hello.", "Ada", 0, 1),), origin)
    untimed = Transcript((Segment("Hello.", "Ada"),), origin)

    assert {"vtt", "srt", "json", "md", "txt"} <= set(cards_episode.formats(timed))
    assert set(cards_episode.formats(untimed)) == {"md", "txt"}


def test_every_format_can_be_downloaded(folder: Path) -> None:
    offered = _page(folder, "Export").get("download_button")

    assert len(offered) == len(FORMATS)
