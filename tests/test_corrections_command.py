"""`soundproof names`: corrections and speakers from the command line."""

from pathlib import Path

import pytest

from tests.command_line import Soundproof, refused

pytestmark = pytest.mark.slow  # whole commands, each with a library of its own

TALK = """WEBVTT

00:00.000 --> 00:06.000
<v Speaker 1>What does it give Tau?

00:06.000 --> 00:12.000
<v Speaker 2>It gives Tau more data. So does data bricks.

00:12.000 --> 00:20.000
<v Speaker 1>Who pays for Lathe?
"""


@pytest.fixture
def episode(soundproof: Soundproof, tmp_path: Path) -> str:
    (tmp_path / "talk.vtt").write_text(TALK, encoding="utf-8")
    assert soundproof("add", "talk.vtt", "--title", "Taking TAO home").status == 0
    return str(soundproof("list", "--json").json[0]["id"])


def test_a_correction_is_made_listed_and_undone(soundproof: Soundproof, episode: str) -> None:
    made = soundproof("names", "correct", "Tau", "TAO", "--episode", "taking", "--by", "Mara")
    assert (made.status, made.out) == (0, f"tau -> TAO · accepted, in {episode} · Mara\n")

    assert soundproof("names", "list").out == made.out
    found = soundproof("search", "TAO", "--json").json
    assert any("gives Tau more data" in each["passage"]["text"] for each in found)

    undone = soundproof("names", "reject", "Tau", "TAO", "--episode", episode, "--by", "Ines")
    assert undone.out == f"tau -> TAO · rejected, in {episode} · Ines\n"
    assert soundproof("names", "list", "--state", "accepted", "--json").json == []
    again = soundproof("names", "accept", "Tau", "TAO", "--episode", episode)
    assert "accepted" in again.out


def test_suggestions_come_with_the_passages_that_show_them(
    soundproof: Soundproof, episode: str, tmp_path: Path
) -> None:
    other = TALK.replace("Speaker 2>It", "Speaker 1>We asked Databricks. They asked Databricks. It")
    (tmp_path / "other.vtt").write_text(other.replace("data bricks", "Data Bricks"), "utf-8")
    soundproof("add", "other.vtt", "--title", "Who pays")

    found = soundproof("names", "suggest", "--json").json

    assert [(each["heard"], each["name"], each["state"]) for each in found] == [
        ("data bricks", "Databricks", "accepted")
    ]
    assert found[0]["evidence"][0]["text"] == "So does Data Bricks."
    assert "same speaker" in soundproof("names", "list").out
    assert soundproof("names", "suggest").err == "Nothing new was found.\n"
    assert soundproof("names", "list", "--episode", episode, "--json").json == []


def test_a_speaker_is_renamed_listed_and_renamed_back(soundproof: Soundproof, episode: str) -> None:
    made = soundproof("names", "speaker", episode, "Speaker 2", "Ada Byron", "--by", "Mara")
    assert made.out == "Ada Byron speaks in 2 lines of Taking TAO home (undo: number 1)\n"

    listed = soundproof("names", "speakers", episode)
    assert listed.out == (
        "Speaker 1 · 2 lines\nAda Byron · 2 lines\n"
        "\nRenamed\n    1: all turns of Speaker 2 -> Ada Byron · Mara\n"
    )
    assert "Ada Byron: It gives Tau" in soundproof("export", episode, "--format", "txt").out
    soundproof("names", "undo", episode, "1")
    assert soundproof("names", "speakers", episode, "--json").json == {
        "speakers": [{"label": "Speaker 1", "lines": 2}, {"label": "Speaker 2", "lines": 2}],
        "renamed": [],
    }


@pytest.mark.parametrize("line", [("--line", "3"), ("--at", "0:15")])
def test_one_line_is_given_to_another_speaker(
    soundproof: Soundproof, episode: str, line: tuple[str, str]
) -> None:
    made = soundproof("names", "line", episode, "Ada Byron", *line)

    assert made.out == "Ada Byron: Who pays for Lathe? (undo: number 1)\n"
    assert "<v Ada Byron>Who pays" in soundproof("export", episode, "--format", "vtt").out


def test_what_makes_no_sense_is_said_in_two_lines(soundproof: Soundproof, episode: str) -> None:
    refused(soundproof("names", "correct", "Tau", ""), "empty name")
    refused(soundproof("names", "correct", "Tau", "tau"), "same words")
    refused(soundproof("names", "correct", "T", "U" * 10_000), "10000 letters")
    refused(soundproof("names", "reject", "Tau", "TAO"), "No correction", status=4)
    refused(soundproof("names", "speaker", "nowhere", "A", "B"), "No episode", status=4)
    refused(soundproof("names", "speaker", episode, "Speaker 9", "B"), "Speaker 9", status=4)
    refused(soundproof("names", "line", episode, "B", "--at", "soon"), "no time", status=4)
    refused(soundproof("names", "undo", episode, "7"), "number 7", status=4)
    assert soundproof("names", "line", episode, "B").status == 2
    assert soundproof("names", "list", "--state", "odd").status == 2
    assert "No correction is known" in soundproof("names", "list").err
