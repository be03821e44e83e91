"""The page of an episode: who speaks, what was meant, the brief with its seals, exports."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kb import passages
from kb.corrections import Correction, Corrections, Shown, State
from kb.export import FORMATS
from kb.models import Brief, Entry, Idea, Origin, Segment, Theme, Thesis, Tier, Transcript
from tests import drawn, sample_work
from tests.drawn import data, press, texts
from ui import cards_episode

pytestmark = pytest.mark.slow  # every test draws a whole page

MISQUOTED = "We wrote fourteen new cases every month, and we kept them in a drawer."
VERBATIM = "Everybody shows a benchmark, and nobody shows the failures."


folder = drawn.talks


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


def test_all_turns_of_a_speaker_are_renamed_and_it_can_be_undone(folder: Path) -> None:
    page = _page(folder, "Speakers")
    page.selectbox[0].set_value("Jonas Feld")
    page.text_input(key="speakers-name").set_value("Jonas Felt")
    press(page, "Rename all turns")
    renamed = {turn["speaker"] for turn in data(page, "player")["turns"]}
    told = texts(page)
    press(page, "Undo")

    assert renamed == {"Mara Quill", "Jonas Felt"}
    assert any(text.startswith("Jonas Felt says all of Jonas Feld") for text in told)
    undone = {turn["speaker"] for turn in data(page, "player")["turns"]}
    assert undone == {"Mara Quill", "Jonas Feld"}


@pytest.mark.parametrize("name", ["", "   ", "Jonas Feld", "x" * 10_000, "Jo\nnas"])
def test_a_name_that_is_none_is_refused_and_says_why(folder: Path, name: str) -> None:
    page = _page(folder, "Speakers")
    page.selectbox[0].set_value("Jonas Feld")
    page.text_input(key="speakers-name").set_value(name)
    press(page, "Rename all turns")

    assert {turn["speaker"] for turn in data(page, "player")["turns"]} == {
        "Mara Quill",
        "Jonas Feld",
    }
    assert len(texts(page)) >= 2


def test_an_episode_without_words_says_that_nobody_speaks(folder: Path) -> None:
    assert any("transcript" in text for text in texts(_page(folder, "Speakers", "brief-3")))


def test_a_correction_stands_in_brackets_behind_what_was_heard(folder: Path) -> None:
    page = _page(folder, "Names")
    page.text_input(key="correct-heard").set_value("drawer")
    page.text_input(key="correct-meant").set_value("DRAWR")
    press(page, "Correct")

    [line] = [
        line["text"]
        for line in data(page, "player")["turns"][3]["lines"]
        if "drawer" in line["text"]
    ]
    assert line.endswith("in a drawer [DRAWR].")
    assert any(text.startswith("“drawer” is DRAWR, in this episode") for text in texts(page))


def test_a_suggestion_is_shown_with_what_speaks_for_it_and_decided(folder: Path) -> None:
    shown = Shown("evals-1/transcript/s7", "We kept them in a drawer.", 18.0)
    suggested = Correction("drawer", "DRAWR", "evals-1", source="sound", evidence=(shown,))
    corrections = Corrections(sample_work.library(folder))
    corrections.suggest([suggested])
    page = _page(folder, "Names")
    [card] = data(page, "shown-drawer DRAWR evals-1")["cards"]
    press(page, "Reject")

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

    themes, theses, ideas = (data(page, f"brief-{n}")["claims"] for n in (1, 2, 6))
    assert (themes[1]["label"], themes[1]["by"]) == ("Verbatim", "Mara Quill")
    [struck] = theses[-1]["struck"]
    assert (struck["status"], struck["claim"]) == ("Altered", MISQUOTED)
    assert "forty" in struck["nearest"]
    assert ideas[-1]["struck"][0]["status"] == "Not said"
    assert ideas[-1]["text"] == ""
    empty = data(page, "brief-3")["claims"]
    assert empty[0]["text"].startswith("Nothing in this episode")


def test_a_brief_is_made_beside_the_page_and_shown(folder: Path) -> None:
    page = _page(folder, "Brief")
    page.button(key="make-brief").click().run(timeout=20)
    sample_work.house(folder).floor.bench.settle()
    page.run(timeout=20)

    overview = data(page, "brief-0")["claims"]
    assert VERBATIM in overview[0]["text"]


def test_why_there_is_no_brief_is_told_once(folder: Path) -> None:
    library = sample_work.house(folder).library
    episode = replace(library.episode("evals-1"), tiers=())
    library.save(Entry(episode, {}, ()))
    page = _page(folder, "Brief")
    page.button(key="make-brief").click().run(timeout=20)
    told = list(texts(page))
    sample_work.house(folder).floor.bench.settle()
    page.run(timeout=20)

    assert sum("there is nothing to brief" in text for text in (*told, *texts(page))) == 1
    assert not page.button(key="make-brief").disabled


def test_exports_without_times_are_not_offered_in_formats_that_need_them() -> None:
    origin = Origin("file", "x")
    timed = Transcript((Segment("Hello.", "Ada", 0, 1),), origin)
    untimed = Transcript((Segment("Hello.", "Ada"),), origin)

    assert {"vtt", "srt", "json", "md", "txt"} <= set(cards_episode.formats(timed))
    assert set(cards_episode.formats(untimed)) == {"md", "txt"}


def test_every_format_can_be_downloaded(folder: Path) -> None:
    offered = _page(folder, "Export").get("download_button")

    assert len(offered) == len(FORMATS)
