"""`soundproof brief`, and what `soundproof show --brief` prints."""

from pathlib import Path

import pytest

from kb import briefs
from kb.models import Origin
from tests.brief_talks import FIGURE, PROBLEM, TALK, sentences
from tests.command_line import Soundproof, refused, runner
from tests.contracts.test_writers import Reply, serving

pytestmark = pytest.mark.slow  # whole commands, each with a library of its own

IMPORTED = f"""**1. Overview:**
Robots.
**2. Themes:**
1. Melons:
   Quote: "{FIGURE}"
2. Prices:
   Quote: "{FIGURE.replace("40", "90")}"
**7. Blog:**
"""


@pytest.fixture
def soundproof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Soundproof:
    return runner(tmp_path, monkeypatch, capsys)


def vtt() -> str:
    cues = (
        f"00:{n * 6 // 60:02}:{n * 6 % 60:02}.000 --> 00:{(n * 6 + 5) // 60:02}:{(n * 6 + 5) % 60:02}.000\n"
        f"<v {each.speaker}>{each.text}\n"
        for n, each in enumerate(sentences(TALK))
    )
    return "WEBVTT\n\n" + "\n".join(cues)


@pytest.fixture
def talk(tmp_path: Path, soundproof: Soundproof) -> str:
    """Give the id of the talk, added."""
    file = tmp_path / "talk.vtt"
    file.write_text(vtt(), encoding="utf-8")
    assert soundproof("add", str(file), "--title", "Talk", "--show", "Desk").status == 0
    [held] = soundproof("list", "--json").json
    return str(held["id"])


def test_a_brief_is_made_kept_and_printed_with_its_seals(soundproof: Soundproof, talk: str) -> None:
    ran = soundproof("brief", talk)
    assert ran.status == 0
    assert f'Quote: "{FIGURE}" — Ines Okafor, [2:00](?ep={talk}&t=120), verbatim' in ran.out
    assert f"“{PROBLEM}” — Ines Okafor" in ran.out
    assert soundproof("show", talk, "--brief").out == ran.out
    assert len(briefs.parse(ran.out, Origin("file", "b.md")).themes) > 0


def test_as_json_it_carries_every_quote_as_sealed(soundproof: Soundproof, talk: str) -> None:
    made = soundproof("brief", talk, "--json").json
    assert made["changed"]
    assert {each["status"] for each in made["quotes"]} == {"verbatim"}
    assert PROBLEM in made["brief"]["theses"][0]["problem"]
    assert not soundproof("brief", talk, "--json").json["changed"]


def test_it_can_be_written_to_a_file(soundproof: Soundproof, talk: str, tmp_path: Path) -> None:
    ran = soundproof("brief", talk, "--out", str(tmp_path / "brief.md"))
    assert (ran.status, ran.out) == (0, "")
    assert (tmp_path / "brief.md").read_text("utf-8").startswith("**1. Podcast Overview")


def test_every_episode_is_briefed_and_one_without_words_does_not_hold_up_the_others(
    soundproof: Soundproof, talk: str, tmp_path: Path
) -> None:
    (tmp_path / "b.md").write_text(IMPORTED, encoding="utf-8")
    assert soundproof("add", str(tmp_path / "b.md")).status == 0
    ran = soundproof("brief", "--all")
    assert talk
    assert "Briefed: Talk\n    by extractive" in ran.out
    assert "Already here: b\n" in ran.out
    assert "2 unchecked" in ran.out


def test_an_imported_brief_stays_and_is_sealed_as_soon_as_a_transcript_is_there(
    soundproof: Soundproof, talk: str, tmp_path: Path
) -> None:
    (tmp_path / "b.md").write_text(IMPORTED, encoding="utf-8")
    assert soundproof("add", str(tmp_path / "b.md"), "--to", talk).status == 0
    ran = soundproof("brief", talk)
    assert "imported and stays" in ran.err
    assert f'Quote: "{FIGURE}" — Ines Okafor, [2:00](?ep={talk}&t=120), verbatim' in ran.out
    assert f'~~"{FIGURE.replace("40", "90")}"~~ — ' in ran.out
    assert soundproof("brief", talk, "--force").out != ran.out


def test_what_is_not_there_cannot_be_briefed(soundproof: Soundproof, talk: str) -> None:
    refused(soundproof("brief", "nobody"), "No episode", status=4)
    assert soundproof("brief", talk[:4]).status == 0


@pytest.mark.parametrize(
    "words", [(), ("talk", "--all"), ("--all", "--json"), ("--all", "--out", "b.md")]
)
def test_it_is_one_episode_or_all(soundproof: Soundproof, words: tuple[str, ...]) -> None:
    assert soundproof("brief", *words).status == 2


def test_an_empty_library_has_nothing_to_brief(soundproof: Soundproof) -> None:
    ran = soundproof("brief", "--all")
    assert (ran.status, ran.out) == (0, "")
    assert "library is empty" in ran.err


def test_a_model_has_to_be_named(soundproof: Soundproof, talk: str) -> None:
    refused(soundproof("brief", talk, "--model"), "language model is asked for")


def test_where_the_model_fails_it_is_said_and_the_brief_is_made_by_rule(
    soundproof: Soundproof, talk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(Reply(401, "{}")) as server:
        monkeypatch.setenv("SOUNDPROOF_LLM_URL", f"http://127.0.0.1:{server.server_port}/v1")
        monkeypatch.setenv("SOUNDPROOF_LLM_MODEL", "tiny-talk")
        ran = soundproof("brief", talk, "--model")
    assert ran.status == 0
    assert "Made by rule instead" in ran.err
    assert FIGURE in ran.out
