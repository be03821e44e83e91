"""`soundproof seal`."""

from pathlib import Path

import pytest

from tests.command_line import Soundproof, refused

TALK = """WEBVTT

00:00:10.000 --> 00:00:14.000
<v Ada Lovelace>We wrote 40 new cases every month.

00:00:14.000 --> 00:00:18.000
<v Ada Lovelace>We do not sell them to anybody.

00:00:18.000 --> 00:00:22.000
<v Ben Hall>And was the drawer ever opened?
"""
QUOTE = "We wrote 40 new cases every month"
FORGED = "We wrote 14 new cases every month"


@pytest.fixture
def episode(soundproof: Soundproof, tmp_path: Path) -> str:
    (tmp_path / "talk.vtt").write_text(TALK, "utf-8")
    assert soundproof("add", "talk.vtt", "--title", "Evals", "--show", "Lab").status == 0
    return soundproof("list").out.split()[0]


def test_a_quote_is_shown_with_its_words_time_and_speaker(
    soundproof: Soundproof, episode: str
) -> None:
    ran = soundproof("seal", QUOTE, "--episode", episode)

    assert ran.status == 0
    assert ran.out.splitlines() == [
        f"verbatim: {QUOTE}",
        f"    0:10-0:14 · Ada Lovelace · heard: {QUOTE}.",
    ]


def test_a_forged_one_is_told_with_what_differs(soundproof: Soundproof, episode: str) -> None:
    ran = soundproof("seal", FORGED, "--episode", episode)

    assert ran.status == 3
    assert ran.out.startswith(f"altered: {FORGED}")
    assert '    number: "14" was "40"' in ran.out


def test_quotes_are_found_in_a_file(soundproof: Soundproof, episode: str, tmp_path: Path) -> None:
    text = f"She says “{QUOTE}”.\n\n> We sell them to anybody.\n"
    (tmp_path / "draft.md").write_text(text, "utf-8")

    ran = soundproof("seal", "draft.md", "--episode", episode, "--json")

    assert ran.status == 3
    assert [each["claim"] for each in ran.json] == [QUOTE, "We sell them to anybody."]
    assert [each["quotable"] for each in ran.json] == [True, False]
    assert ran.json[0]["span"]["start"] == 10


def test_who_is_said_to_have_said_it_counts(soundproof: Soundproof, episode: str) -> None:
    assert soundproof("seal", QUOTE, "--episode", episode, "--speaker", "Ada").status == 0
    wrong = soundproof("seal", QUOTE, "--episode", episode, "--speaker", "Ben")
    assert wrong.status == 3
    assert 'speaker: "Ben" was "Ada Lovelace"' in wrong.out


def test_what_cannot_be_read_fails_in_two_lines(
    soundproof: Soundproof, episode: str, tmp_path: Path
) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff\xfe")

    refused(soundproof("seal", "picture.png", "--episode", episode), "cannot be read as text")
    refused(soundproof("seal", QUOTE, "--episode", "nowhere"), "No episode", status=4)
    assert soundproof("seal", QUOTE * 200, "--episode", episode).status == 3
