"""The arena on the command line: from questions to a board, and every way to say it wrong."""

import io
import json
import re
from pathlib import Path

import pytest

from eval import export
from eval.ballots import Ballots
from eval.recipes import Recipe, contestant
from tests.arena_house import fill, item, piece
from tests.command_line import Ran, Soundproof, refused
from tests.contracts.test_writers import completion, serving
from tests.test_library import opened, sqlite_url

pytestmark = pytest.mark.slow  # each test freezes an arena of its own

TALK = """WEBVTT - Benchmarks in the bin

00:00.000 --> 00:04.000
<v Mara Quill>What became of the leaked benchmark?

00:04.000 --> 00:10.000
<v Jonas Feld>We threw the leaked benchmark away, and we wrote 40 new cases every month.

00:10.000 --> 00:16.000
<v Jonas Feld>The tide tables are printed by the harbour office, and nobody checks them twice.
"""
QUESTIONS = "What became of the leaked benchmark?\n\nWho prints the tide tables?\n"


@pytest.fixture
def arena(soundproof: Soundproof, tmp_path: Path) -> Soundproof:
    """Give a command line over a library with invented pieces on a question: no control is drawn."""
    home = tmp_path / "home"
    with opened(sqlite_url(home), home) as library:
        fill(library, items=1)
    return soundproof


@pytest.fixture
def asked(soundproof: Soundproof, tmp_path: Path) -> Soundproof:
    """Give a command line over a library with a talk, and what the contestants say of it."""
    (tmp_path / "talk.vtt").write_text(TALK, encoding="utf-8")
    (tmp_path / "questions.txt").write_text(QUESTIONS, encoding="utf-8")
    assert soundproof("add", "talk.vtt").status == 0
    made = soundproof("arena", "battles", "questions.txt")
    assert made.out == "Frozen: 6 new of 6 pieces, on 2 questions.\n"
    return soundproof


def drawn(arena: Soundproof, voter: str = "ana") -> str:
    """Draw a battle and give its id."""
    return str(arena("arena", "vote", "--voter", voter, "--json").json["id"])


def cast(arena: Soundproof, battle: str, choice: str = "a", *more: str, voter: str = "ana") -> Ran:
    return arena("arena", "vote", "--voter", voter, "--battle", battle, "--choice", choice, *more)


def test_contestants_are_told_with_what_they_are_made_of(soundproof: Soundproof) -> None:
    told = soundproof("arena", "contestants").out

    assert "hybrid · " in told
    assert "ships, not registered yet" in told
    assert "search.meaning=0.0" in told


def test_battles_register_who_ships_and_freeze_once(asked: Soundproof) -> None:
    again = asked("arena", "battles", "questions.txt")

    assert again.out == "Frozen: 0 new of 6 pieces, on 2 questions.\n"
    assert asked("arena", "contestants").out.count("0 votes") == 3


def test_a_way_of_answering_of_ones_own_joins(asked: Soundproof) -> None:
    made = asked("arena", "new", "more words", "--words", "3")
    assert re.match(r"Registered: more words · [0-9a-f]{12}", made.out)

    assert asked("arena", "battles", "questions.txt").out.startswith("Frozen: 2 new of 8")


def test_a_name_is_never_used_for_two_ways(asked: Soundproof) -> None:
    asked("arena", "new", "mine", "--words", "3")

    refused(asked("arena", "new", "mine", "--words", "4"), "mine is registered with other settings")
    refused(asked("arena", "new", "other", "--words", "3"), "other is made as mine is")
    refused(asked("arena", "new", "none", "--words", "0", "--meaning", "0"), "Nothing would be")


def test_what_ships_under_another_name_is_refused(asked: Soundproof) -> None:
    refused(asked("arena", "new", "mine"), "mine is made as hybrid is, which ships")

    assert asked("arena", "battles", "questions.txt").status == 0


def test_an_import_does_not_stand_in_the_way_of_what_ships(
    asked: Soundproof, tmp_path: Path
) -> None:
    cells: dict[str, object] = {
        "battle_id": "b1",
        "kind": "plain",
        "propensity": 1,
        "cast": 5,
        "reasons": [],
    }
    names = {"model_a": "hybrid", "model_b": "elsewhere", "winner": "model_a"}
    row: dict[str, object] = (
        dict.fromkeys(export.COLUMNS) | names | {"item_id": "q", "voter_id": "eve"} | cells
    )
    (tmp_path / "votes.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (tmp_path / "home").rename(tmp_path / "before")
    assert asked("add", "talk.vtt").status == 0
    assert asked("arena", "import", "votes.jsonl").out == "Took in 1 new vote of 1.\n"

    assert "elsewhere · from elsewhere · 1 vote" in asked("arena", "contestants").out
    assert asked("arena", "battles", "questions.txt").out.startswith("Frozen: 6 new of 6")


def test_what_was_made_with_another_embedder_does_not_hold_up_the_others(
    asked: Soundproof, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    old = contestant("old", Recipe(embedder="gone"))
    with opened(sqlite_url(home), home) as library:
        Ballots(library).register(old)

    made = asked("arena", "battles", "questions.txt", "--contestant", "old")
    assert made.status == 1
    assert made.err.count("The contestant old was made with another embedder") == 2
    assert asked("arena", "battles", "questions.txt").status == 3


def test_young_pairs_are_told_to_be_young(arena: Soundproof) -> None:
    for voter in ("ana", "ben"):
        cast(arena, drawn(arena, voter), voter=voter)

    told = arena("arena", "board").out

    assert "to be told once both have settled" in told
    assert "alike as far as anybody will vote" not in told


def test_one_of_one_s_own_is_scored_too(asked: Soundproof, tmp_path: Path) -> None:
    asked("arena", "new", "mine", "--words", "3")
    row: dict[str, object] = {"id": "q", "question": "Who reads?", "answerable": False}
    row |= {"episodes": [], "passages": []}
    (tmp_path / "set.jsonl").write_text(json.dumps(row), encoding="utf-8")

    assert asked("eval", "run", "set.jsonl", "--contestant", "mine").status == 0


def test_a_shown_battle_names_nobody(arena: Soundproof) -> None:
    shown = arena("arena", "vote", "--voter", "ana", "--json")

    assert set(shown.json) == {"id", "item", "a", "b"}
    for word in ("hybrid", "words", "meaning", "search"):
        assert f'"{word}' not in shown.out


def test_a_reload_shows_the_same_battle(arena: Soundproof) -> None:
    assert drawn(arena) == drawn(arena)
    assert drawn(arena, "ben") != drawn(arena)


def test_a_vote_is_stored_and_then_told(arena: Soundproof) -> None:
    told = cast(arena, drawn(arena), "tie", "--reading", "b", "--reason", "both say it").out

    assert told.startswith("Your vote is stored: tie.\n")
    assert re.search(r"A is (words|meaning|hybrid): 0 of 2 citations stand word for word", told)
    assert re.search(r"search: \w+ \| \w+\n", told)


def test_a_double_click_is_one_vote_and_a_change_of_mind_none(arena: Soundproof) -> None:
    battle = drawn(arena)
    first, second = cast(arena, battle, "a"), cast(arena, battle, "a")

    assert first.status == second.status == 0
    refused(cast(arena, battle, "b"), "ana has judged battle .* already")
    assert arena("arena", "export", "votes.csv").out == "Wrote 1 vote: votes.csv\n"


@pytest.mark.parametrize(
    ("choice", "more", "message", "status"),
    [
        ("c", (), "'c' is not a choice", 1),
        ("a", ("--reading", "x"), "'x' is not a choice", 1),
        ("a", ("--wrong", "c9"), "'c9' names no citation", 1),
        ("a", ("--wrong", "a99"), "Side a of battle .* has no citation 99", 4),
    ],
)
def test_a_vote_that_makes_no_sense_is_not_stored(
    arena: Soundproof, choice: str, more: tuple[str, ...], message: str, status: int
) -> None:
    battle = drawn(arena)

    refused(cast(arena, battle, choice, *more), message, status=status)
    assert arena("arena", "export", "votes.csv").out == "Wrote 0 votes: votes.csv\n"


def test_a_vote_on_no_battle_is_refused(arena: Soundproof) -> None:
    refused(cast(arena, "nosuch"), "There is no battle nosuch", status=4)
    assert arena("arena", "vote", "--battle", "nosuch").status == 2


def test_people_are_asked_battle_after_battle(
    arena: Soundproof, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n\n\n2\n1\na1\nq\n"))

    told = arena("arena", "vote", "--voter", "ana")

    assert told.status == 0
    assert told.out.count("Your vote is stored: A, ") == 1
    assert told.out.count("Your vote is stored: B, ") == 1
    assert arena("arena", "export", "votes.csv").out == "Wrote 2 votes: votes.csv\n"


def test_a_slip_of_the_finger_shows_the_battle_again(
    arena: Soundproof, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("7\n\n\n"))

    told = arena("arena", "vote", "--voter", "ana")

    shown = re.findall(r"^Battle (\w+)$", told.out, re.MULTILINE)
    assert len(shown) == 2
    assert len(set(shown)) == 1
    assert "'7' is not a choice" in told.err


def test_who_has_judged_everything_is_told_so(
    arena: Soundproof, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n\n\n" * 60))

    told = arena("arena", "vote", "--voter", "ana")

    assert "ana has judged everything there is" in told.err


def test_a_board_without_votes_says_what_is_missing(arena: Soundproof) -> None:
    refused(arena("arena", "board"), "A board takes two contestants with votes")
    refused(arena("arena", "plan", "hybrid", "words"), "A board takes two contestants")


def test_a_board_is_told_and_written_as_html(arena: Soundproof, tmp_path: Path) -> None:
    for voter in ("ana", "ben"):
        cast(arena, drawn(arena, voter), voter=voter)

    told = arena("arena", "board", "--html", "board.html")

    assert "2 votes on" in told.out
    assert "warming up" in told.out
    assert "No winner can be named yet." in told.out
    page = (tmp_path / "board.html").read_text("utf-8")
    assert "<svg" in page
    assert not re.search(r"(?:src|href)=|@import|url\(", page)
    assert arena("arena", "board", "--json").json["board"]["votes"] == 2


def test_votes_travel_and_a_recount_is_the_same(arena: Soundproof, tmp_path: Path) -> None:
    for voter in ("ana", "ben"):
        cast(arena, drawn(arena, voter), voter=voter)
    arena("arena", "export", "votes.jsonl")
    board = arena("arena", "board", "--json").out
    (tmp_path / "home").rename(tmp_path / "elsewhere")

    taken = arena("arena", "import", "votes.jsonl")

    assert taken.out == "Took in 2 new votes of 2.\n"
    assert arena("arena", "board", "--json").out == board
    assert arena("arena", "import", "votes.jsonl").out == "Took in 0 new votes of 2.\n"


def test_a_damaged_export_is_refused_and_nothing_is_taken(
    arena: Soundproof, tmp_path: Path
) -> None:
    (tmp_path / "votes.csv").write_text("model_a,model_b\nx,y\n", encoding="utf-8")

    refused(arena("arena", "import", "votes.csv"), ".*winner")
    refused(arena("arena", "import", "none.csv"), "none.csv cannot be read", status=4)


def test_an_audit_leaves_out_nobody_by_itself(arena: Soundproof) -> None:
    cast(arena, drawn(arena))

    assert arena("arena", "audit").out.startswith("well    ana: 1 vote")
    refused(arena("arena", "audit", "--exclude", "ana"), "Who counts is decided by a named person")
    refused(
        arena("arena", "audit", "--exclude", "eve", "--by", "Mara", "--why", "bot"),
        "eve has not voted",
        status=4,
    )


def test_who_is_left_out_by_a_person_is_told_and_both_boards_are_shown(arena: Soundproof) -> None:
    for voter in ("ana", "ben"):
        cast(arena, drawn(arena, voter), voter=voter)

    out = arena("arena", "audit", "--exclude", "ben", "--by", "Mara", "--why", "a test account")
    assert out.out == "Left out: ben\n"
    told = arena("arena", "board").out
    assert told.startswith("1 vote on")
    assert "With the votes of those who are left out:\n2 votes on" in told
    assert "ben was left out by Mara: a test account" in arena("arena", "audit").out
    back = arena("arena", "audit", "--readmit", "ben", "--by", "Mara", "--why", "a mistake")
    assert back.out == "Let in again: ben\n"
    assert arena("arena", "board").out.startswith("2 votes on")


def test_a_judge_is_asked_in_both_orders_and_set_beside_people(
    arena: Soundproof, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast(arena, drawn(arena))
    with serving(completion(json.dumps({"better": "first"}))) as server:
        monkeypatch.setenv("SOUNDPROOF_LLM_URL", f"http://127.0.0.1:{server.server_port}/v1")
        monkeypatch.setenv("SOUNDPROOF_LLM_MODEL", "tiny")
        told = arena("arena", "judge")
        assert len(server.asked) == 6  # three pairs on the question
        again = arena("arena", "judge")
        assert len(server.asked) == 6

    assert told.out.startswith("openai tiny ")
    assert "agrees with people       not enough: 1 of 30 battles" in told.out
    assert again.out == told.out
    assert arena("arena", "judge", "--most", "0", "--json").status == 0


def test_a_model_that_does_not_answer_leaves_no_half_verdict(
    arena: Soundproof, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(completion("I would rather not say.")) as server:
        monkeypatch.setenv("SOUNDPROOF_LLM_URL", f"http://127.0.0.1:{server.server_port}/v1")
        monkeypatch.setenv("SOUNDPROOF_LLM_MODEL", "tiny")
        told = arena("arena", "judge")

    assert (told.status, told.out) == (1, "")
    assert told.err.count("The language model tiny did not answer in the form") == 3
    assert "There is nothing to judge yet" in arena("arena", "judge", "--most", "0").err


def test_measures_of_kept_runs_are_held_against_votes(
    asked: Soundproof, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = kept_runs(asked, tmp_path)
    assert "No vote is on a question of these runs" in asked("arena", "calibrate", *runs).err
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n\n\n" * 60))
    asked("arena", "vote", "--voter", "ana")

    told = asked("arena", "calibrate", *runs)

    assert told.status == 0, told.err
    assert re.search(r"^found within 300 +[01]\.\d\d \(", told.out, re.MULTILINE)
    refused(asked("arena", "calibrate", "none.json"), "none.json cannot be read")


def kept_runs(asked: Soundproof, folder: Path) -> list[str]:
    """Keep runs of two contestants on a question, and freeze other pieces of theirs on it."""
    said = "We threw the leaked benchmark away, and we wrote 40 new cases every month."
    episode = asked("list", "--json").json[0]["id"]
    row = {"id": "q00", "question": item(0).text, "answerable": True, "episodes": [episode]}
    row["passages"] = [{"episode": episode, "text": said}]
    (folder / "set.jsonl").write_text(json.dumps(row), encoding="utf-8")
    names = {"hybrid": "hybrid.json", "words only": "words.json"}
    for name, file in names.items():
        assert asked("eval", "run", "set.jsonl", "--contestant", name, "--out", file).status == 0
    home = folder / "home"
    with opened(sqlite_url(home), home) as library:
        for name in names:
            Ballots(library).freeze(item(0), name, piece(f"An answer by {name[:1]}."))
    return list(names.values())


def test_a_judge_wants_a_model(arena: Soundproof) -> None:
    refused(arena("arena", "judge"), "A language model is asked for, but none is named")


def test_questions_that_cannot_be_read_are_refused(asked: Soundproof, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("\n \n", encoding="utf-8")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9\n")
    (tmp_path / "set.jsonl").write_text("{", encoding="utf-8")

    refused(asked("arena", "battles", "empty.txt"), "empty.txt holds no question")
    refused(asked("arena", "battles", "latin.txt"), "latin.txt is no UTF-8 text")
    refused(asked("arena", "battles", "none.txt"), "none.txt cannot be read", status=4)
    refused(asked("arena", "battles", "set.jsonl"), ".*line 1")
    refused(
        asked("arena", "battles", "questions.txt", "--contestant", "nobody"),
        "No contestant is called nobody",
        status=4,
    )


def test_an_id_stands_for_one_question(asked: Soundproof, tmp_path: Path) -> None:
    row: dict[str, object] = {"id": "q1", "question": "Who prints?", "answerable": False}
    row |= {"episodes": [], "passages": []}
    (tmp_path / "one.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (tmp_path / "two.jsonl").write_text(
        json.dumps(row | {"question": "Who reads?"}), encoding="utf-8"
    )
    assert asked("arena", "battles", "one.jsonl").status == 0

    refused(asked("arena", "battles", "two.jsonl"), "Item q1 is another one already")
