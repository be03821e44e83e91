"""Question sets: read strictly, a line at a time, and held against the library."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval import suites
from eval.spans import Place
from eval.suites import Asked, Roster, Suite
from kb.errors import DocumentError, NotFoundError, SourceError
from tests import answers
from tests.conftest import ROOT
from tests.fakes import FakeLibrary
from tests.samples import COSTS, LEAKS

SUITE = ROOT / "tests" / "data" / "suite.jsonl"
GOOD: Mapping[str, Any] = {
    "id": "q1",
    "question": "How much?",
    "answerable": True,
    "episodes": ["e1"],
    "passages": [{"episode": "e1", "text": "Six cents."}],
    "answer_must_contain": [["six", "6"]],
}


def written(folder: Path, *rows: Mapping[str, Any] | str) -> Path:
    path = folder / "set.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_set_is_read_line_by_line() -> None:
    suite = suites.read(SUITE)

    assert (suite.name, suite.digest) == (
        "suite.jsonl",
        hashlib.sha256(SUITE.read_bytes()).hexdigest(),
    )
    forty, price, both, weather = suite.questions
    assert forty == Asked(
        "forty",
        "How many fresh tests a month?",
        answerable=True,
        episodes=(LEAKS.episode.id,),
        places=(Place(LEAKS.episode.id, f"{answers.FORTY} {answers.DRAWER}", 18, 24),),
        must_contain=(("40", "forty"), ("Lathe",)),
    )
    assert (price.places[0].start, price.places[0].end) == (None, None)
    assert (len(both.places), both.must_contain) == (2, ())
    assert weather == Asked("weather", "What was the weather like?", answerable=False)


def test_times_that_are_not_exact_are_not_used(tmp_path: Path) -> None:
    passage = {"episode": "e1", "text": "Six.", "t_start_s": 3.0, "t_end_s": 4.0}
    path = written(tmp_path, {**GOOD, "passages": [passage]})

    assert suites.read(path).questions[0].places == (Place("e1", "Six."),)


def test_empty_lines_and_a_byte_order_mark_are_no_damage(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeff" + json.dumps(GOOD), "", json.dumps({**GOOD, "id": "q2"}), "")

    assert [each.id for each in suites.read(path).questions] == ["q1", "q2"]


def without(name: str) -> Mapping[str, Any]:
    return {key: value for key, value in GOOD.items() if key != name}


CHANGES: list[tuple[Mapping[str, Any], str]] = [
    ({"id": 7}, "id: .*string"),
    ({"id": " "}, "id"),
    ({"question": ""}, "question"),
    ({"answerable": "yes"}, "answerable: .*boolean"),
    ({"answerable": 1}, "answerable: .*boolean"),
    ({"answerable": False}, "unanswerable question has no episodes"),
    ({"episodes": "e1"}, "episodes"),
    ({"episodes": []}, "one of the question's episodes"),
    ({"passages": []}, "needs passages"),
    ({"passages": [{"episode": "e1"}]}, "passages.0.text"),
    ({"passages": [{"episode": "e1", "text": "__ ?"}]}, "passages.0.text"),
    ({"passages": [{"episode": "e2", "text": "Six."}]}, "one of the question's episodes"),
    ({"passages": [{"episode": "e1", "text": "Six.", "time_exact": True}]}, "t_start_s"),
    ({"answer_must_contain": [[]]}, "answer_must_contain.0"),
    ({"answer_must_contain": ["six"]}, "answer_must_contain.0"),
    ({"answer_must_contain": [["six", ""]]}, "answer_must_contain.0.1"),
]
DAMAGED = [
    ("{", "JSON"),
    ("[]", "object"),
    *((json.dumps(without(name)), name) for name in GOOD if name != "answer_must_contain"),
    *((json.dumps({**GOOD, **changed}), told) for changed, told in CHANGES),
]


@pytest.mark.parametrize(("line", "told"), DAMAGED)
def test_a_damaged_line_is_an_error_that_says_which_and_what(
    tmp_path: Path, line: str, told: str
) -> None:
    path = written(tmp_path, {**GOOD, "id": "q0"}, "", line)

    with pytest.raises(DocumentError, match=rf"set\.jsonl, line 3: .*{told}") as caught:
        suites.read(path)
    assert "evaluation.md" in caught.value.hint


@pytest.mark.parametrize(("start", "end"), [(4.0, 3.0), (-1.0, 3.0), (float("inf"), 3.0)])
def test_exact_times_run_forward(tmp_path: Path, start: float, end: float) -> None:
    place = {
        "episode": "e1",
        "text": "Six.",
        "time_exact": True,
        "t_start_s": start,
        "t_end_s": end,
    }

    with pytest.raises(DocumentError, match="line 1: passages"):
        suites.read(written(tmp_path, {**GOOD, "passages": [place]}))


def test_two_questions_cannot_share_an_id(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="line 2: q1 is the id of line 1"):
        suites.read(written(tmp_path, GOOD, GOOD))


@pytest.mark.parametrize("lines", [[], ["", "  "]])
def test_an_empty_set_is_an_error(tmp_path: Path, lines: list[str]) -> None:
    with pytest.raises(DocumentError, match="holds no question"):
        suites.read(written(tmp_path, *lines))


def test_what_is_not_there_or_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "sound.mp3").write_bytes(b"\xff\xfb\x90\x00")

    with pytest.raises(SourceError, match="cannot be read: no such file"):
        suites.read(tmp_path / "nothing.jsonl")
    with pytest.raises(SourceError, match="cannot be read: is a directory"):
        suites.read(tmp_path)
    with pytest.raises(DocumentError, match="is not UTF-8"):
        suites.read(tmp_path / "sound.mp3")


# Against the library


def listed(library: FakeLibrary, id_: str) -> str:
    """Add an episode as a manifest does whose id is no id of ours."""
    here = replace(LEAKS.episode, id="night-desk-1-aa", key=f"manifest:the-night-desk|{id_}")
    library.save(replace(LEAKS, episode=here, passages=()))
    return here.id


def naming(*episodes: str) -> Suite:
    places = tuple(Place(each, "Some words.") for each in episodes)
    return Suite(
        "set", "d", (Asked("q1", "What?", answerable=True, episodes=episodes, places=places),)
    )


def test_episodes_are_called_by_their_id_here_or_in_their_manifest(tmp_path: Path) -> None:
    library = answers.library(tmp_path)
    here = listed(library, "Night Desk #1")

    known = suites.roster(library)
    [asked] = suites.settled(naming("Night Desk #1", here, COSTS.episode.id), known).questions

    assert asked.episodes == (here, here, COSTS.episode.id)
    assert [place.episode for place in asked.places] == [here, here, COSTS.episode.id]
    assert known.names[here] == "Night Desk #1"
    assert known.names[COSTS.episode.id] == COSTS.episode.id


def test_a_set_may_call_an_episode_what_it_likes(tmp_path: Path) -> None:
    library = answers.library(tmp_path)

    known = suites.roster(library, called={"ul-69": LEAKS.episode.id})
    [asked] = suites.settled(naming("ul-69"), known).questions

    assert asked.episodes == (LEAKS.episode.id,)
    assert known.names[LEAKS.episode.id] == "ul-69"


def test_an_episode_that_is_not_in_the_library_is_named(tmp_path: Path) -> None:
    library = answers.library(tmp_path)

    with pytest.raises(NotFoundError, match="set, question q1: no episode ul-69") as caught:
        suites.settled(naming(COSTS.episode.id, "ul-69"), suites.roster(library))
    assert "ul-69=ID" in caught.value.hint
    with pytest.raises(NotFoundError, match="elsewhere"):
        suites.roster(library, called={"ul-69": "elsewhere"})


@pytest.mark.parametrize(("name", "count"), [("dev", 49), ("seeds", 16)])
def test_the_shared_sets_are_sets(shared: Path, name: str, count: int) -> None:
    suite = suites.read(shared / f"data/corpus/qa/{name}.jsonl")

    named = {each for asked in suite.questions for each in asked.episodes}
    known = Roster({each: f"our {each}" for each in named}, {})
    settled = suites.settled(suite, known)
    assert len(settled.questions) == count
    assert all(each.startswith("our ") for asked in settled.questions for each in asked.episodes)
