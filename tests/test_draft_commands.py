"""`soundproof draft`, run as people run it."""

import re
from pathlib import Path

import pytest

from tests import draft_house
from tests.command_line import Soundproof, refused
from tests.draft_house import DRAWER, FORTY, QUESTION
from tests.samples import LEAKS

pytestmark = pytest.mark.slow  # whole commands, each with a library of its own

FORTY_ID = f"{LEAKS.episode.id}/transcript/s4"


@pytest.fixture
def draft(soundproof: Soundproof, tmp_path: Path) -> Soundproof:
    """Give `soundproof draft` over a filled library."""
    (tmp_path / "home").mkdir()
    draft_house.copied(tmp_path / "home").library.close()
    return lambda *arguments: soundproof("draft", *arguments)


def made(draft: Soundproof, *arguments: str) -> str:
    """Draft something and give its id."""
    return str(draft(*arguments, "--json").json["id"])


def test_a_thesis_is_printed_with_marks_sources_and_share(draft: Soundproof) -> None:
    ran = draft("thesis", QUESTION)

    assert ran.status == 0
    assert "100 % of" in ran.out
    assert "Evidence against" in ran.out
    assert re.search(r"^1\. \(quoted\) “", ran.out, re.MULTILINE)
    assert re.search(r"^\[1\] 0:\d\d", ran.out, re.MULTILINE)


def test_posts_are_printed_with_their_length(draft: Soundproof) -> None:
    assert re.search(r"^Post 1 · \d+ of 280 characters", draft("post", QUESTION).out, re.MULTILINE)


def test_a_blog_post_keeps_to_a_style(draft: Soundproof, tmp_path: Path) -> None:
    sample = tmp_path / "mine.md"
    sample.write_text("Why do I keep tests in a drawer? " + "I think that they leak. " * 20)

    ran = draft("post", QUESTION, "--blog", "--style", str(sample))

    assert QUESTION in ran.out.replace("\n    ", " ")
    assert "My mind would change" in ran.out


def test_drafts_are_listed_shown_and_deleted(draft: Soundproof) -> None:
    one = made(draft, "thesis", "--passage", FORTY_ID, "--title", "Cases")

    assert "Cases" in draft("list").out
    assert draft("list", "--json").json[0]["id"] == one
    assert FORTY in draft("show", one).out
    assert draft("show", one, "--json").json["publishable"] == 1
    assert draft("delete", one, "--yes").out == "Deleted Cases\n"
    assert "No drafts" in draft("list").out


def test_a_sentence_is_edited_checked_struck_and_left_out(draft: Soundproof) -> None:
    one = made(draft, "thesis", "--passage", FORTY_ID)
    number = next(n for n, claim in enumerate(_claims(draft, one), 1) if claim["mark"] == "quoted")

    ran = draft(
        "edit", one, "--sentence", str(number), "--text", '"We wrote 97 new cases a month."'
    )

    assert f"{number}. (STRUCK unsupported) “We wrote 97" in ran.out
    assert draft("check", one).status == 1
    out = draft("export", one)
    assert (out.status, "97" in out.out) == (3, False)
    assert "Left out: 1 sentence" in out.err


def _claims(draft: Soundproof, one: str) -> list[dict[str, str]]:
    parts = draft("show", one, "--json").json["draft"]["parts"]
    return [claim for part in parts for claim in part["claims"]]


def test_a_sentence_is_added_with_its_source(draft: Soundproof) -> None:
    one = made(draft, "thesis", "--passage", FORTY_ID)
    place = f"{LEAKS.episode.id}/transcript/s5"

    ran = draft("edit", one, "--part", "Evidence for", "--text", f'"{DRAWER}"', "--cite", place)

    assert f"(quoted) “{DRAWER}”" in ran.out


def test_a_point_is_dropped_only_where_that_is_meant(draft: Soundproof) -> None:
    one = made(draft, "thesis", "--passage", FORTY_ID)
    number = 1 + [claim["mark"] for claim in _claims(draft, one)].index("quoted")
    out = ("edit", one, "--sentence", str(number), "--delete")

    refused(draft(*out), "0 of 1 points would be left")
    assert draft(*out, "--fewer").status == 0
    assert "0 of 1 points are left" in draft("critic", one).out


def test_the_critic_objects_and_says_whether_it_passes(draft: Soundproof) -> None:
    one = made(draft, "thesis", "--passage", FORTY_ID)

    ran = draft("critic", one)

    assert ran.status == 1
    assert "All of it rests on one voice." in ran.out
    assert "It does not pass. Critic: rules; 1 point." in ran.out
    assert draft("critic", one, "--json").json["passed"] is False


def test_an_export_is_written_with_receipts(draft: Soundproof, tmp_path: Path) -> None:
    one = made(draft, "thesis", "--passage", FORTY_ID)

    ran = draft("export", one, "--out", str(tmp_path / "thesis.md"))

    assert (ran.status, ran.out) == (0, "")
    assert "## Receipts" in (tmp_path / "thesis.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("thesis",), "A draft of nothing"),
        (("post", QUESTION, "--style", "x.md"), "blog posts alone"),
        (("post", QUESTION, "--blog", "--style", "nowhere.md"), "nowhere.md cannot be read"),
        (("edit", "ab"), "not clear what to change"),
        (("edit", "ab", "--delete"), "not clear what to change"),
        (("edit", "ab", "--cite", "x"), "not clear what to change"),
    ],
)
def test_misuse_is_told(draft: Soundproof, arguments: tuple[str, ...], message: str) -> None:
    refused(draft(*arguments), message)


@pytest.mark.parametrize("verb", ["show", "check", "critic", "export", "delete"])
def test_a_draft_that_is_not_there_is_told(draft: Soundproof, verb: str) -> None:
    refused(draft(verb, "nothing"), "No drafts begin", status=4)


def test_nothing_is_kept_of_a_question_that_nothing_bears_on(draft: Soundproof) -> None:
    refused(draft("thesis", "Quokka umbrellas juggle pianos?"), "Nothing in the library", status=4)
    assert "No drafts" in draft("list").out


def test_the_writer_may_not_be_its_own_critic(
    draft: Soundproof, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = made(draft, "thesis", "--passage", FORTY_ID)
    for name, value in (("WRITER", "openai"), ("LLM_MODEL", "m"), ("CRITIC_MODEL", "m")):
        monkeypatch.setenv(f"SOUNDPROOF_{name}", value)

    refused(draft("critic", one), "The critic would be the writer itself")
