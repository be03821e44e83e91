"""`soundproof thesis`, `radar`, `predictions` and `outcome`, as people and machines use them."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kb.library import SqlLibrary
from kb.models import Person, Role, Tier
from tests.command_line import Soundproof, refused
from tests.samples import entry, episode, transcript

pytestmark = pytest.mark.slow  # whole commands, each with a library of its own

ION, MARA = "Ion Stoica", "Mara Quill"
STATEMENT = "Warehouse robots replace human pickers"
TALKS = (
    (
        "Robots at work", "The Night Desk", date(2024, 3, 9),
        (ION, "There is a company called Ostrel in the valley. Ostrel serves 3 million users."),
        (ION, "Every warehouse sees its robots replace the human pickers in the end."),
        (MARA, "Next year most of it will be over, I think."),
    ),
    (
        "Hands at work", "Second Opinion", date(2025, 6, 1),
        (None, "I met the CEO of Vell and she was kind."),
        (None, "A warehouse robot does not replace human pickers by itself."),
    ),
)  # fmt: skip


@pytest.fixture
def filled(tmp_path: Path, soundproof: Soundproof) -> Soundproof:
    """Give the command line over two talks."""
    home = tmp_path / "home"
    library = SqlLibrary(f"sqlite:///{home / 'library.sqlite'}", home)
    for title, show, day, *turns in TALKS:
        held = replace(
            episode(title, show, published=day), people=(Person(ION, Role.GUEST, "CEO of Ostrel"),)
        )
        library.save(entry(held, {Tier.TRANSCRIPT: transcript(*turns)}))
    library.close()
    return soundproof


@pytest.fixture
def watched(filled: Soundproof) -> Soundproof:
    """Give the command line with a thesis that was brought up to date."""
    assert filled("thesis", "new", "Robots", STATEMENT, "--by", "ada").status == 0
    assert filled("thesis", "update").status == 0
    return filled


def test_a_thesis_is_kept_listed_and_shown(watched: Soundproof) -> None:
    (kept,) = watched("thesis", "list", "--json").json
    assert (kept["title"], kept["statement"], kept["person"]) == ("Robots", STATEMENT, "ada")
    shown = watched("thesis", "show", "robots").out
    assert "for:     1 voice, on 1 show, 1 talking their book (1 passage)" in shown
    assert "1 episode with an unknown speaker (1 passage)" in shown
    assert "Best counter-evidence" in shown
    assert "newest support: 2024-03-09; nothing new for" in shown


def test_how_it_stands_is_told_to_machines(watched: Soundproof) -> None:
    found = watched("thesis", "show", "robots", "--json").json
    assert found["newest"] == "2024-03-09"
    assert found["quiet_months"] > 3
    assert found["counter"] == found["opposing"][0]["attachment"]["passage_id"]
    assert found["supporting"][0]["attachment"]["source"] == "rule"


def test_updating_again_reads_nothing(watched: Soundproof) -> None:
    (done,) = watched("thesis", "update", "robots", "--json").json
    assert (done["read"], done["attached"]) == (0, [])


def test_a_person_turns_and_rejects(watched: Soundproof) -> None:
    passage = watched("thesis", "show", "robots", "--json").json["counter"]
    turned = watched("thesis", "attach", "robots", passage, "--as", "context", "--by", "ada")
    assert turned.out == f"{passage}: context (says ada)\n"
    gone = watched("thesis", "reject", "robots", passage, "--why", "off topic", "--by", "ada")
    assert "rejected (says ada: off topic)" in gone.out
    assert watched("thesis", "show", "robots", "--json").json["beside"] == []


def test_a_thesis_is_deleted_when_asked_twice(watched: Soundproof) -> None:
    assert watched("thesis", "delete", "robots", "--yes").out == "Deleted: Robots\n"
    assert watched("thesis", "list").out == ""
    assert watched("thesis", "update").err.startswith("No thesis is kept.")


def test_what_makes_no_sense_is_refused(watched: Soundproof) -> None:
    refused(watched("thesis", "show", "whales"), "No thesis is called", status=4)
    refused(watched("thesis", "attach", "robots", "nowhere/transcript/s0"), "No passage", status=4)
    refused(watched("thesis", "new", "Robots", STATEMENT), "already")
    refused(watched("thesis", "new", "Void", "it is"), "needs a title")
    assert watched("thesis", "attach", "robots", "x", "--as", "rejected").status == 2


def test_the_radar_tells_who_named_a_company_first(filled: Soundproof) -> None:
    told = filled("radar").out
    assert "2024-03-09  Ostrel · as own employer" in told
    assert f"first by {ION} · Robots at work (The Night Desk) 0:00" in told
    assert told.index("Vell") < told.index("Ostrel")


def test_the_radar_leaves_out_what_is_old_or_known(filled: Soundproof, tmp_path: Path) -> None:
    (tmp_path / "known.csv").write_text("company\nVELL Inc.\n", encoding="utf-8")
    assert [each["name"] for each in filled("radar", "--since", "2025-01-01", "--json").json] == [
        "Vell"
    ]
    assert [each["name"] for each in filled("radar", "--known", "known.csv", "--json").json] == [
        "Ostrel"
    ]
    (tmp_path / "bad.csv").write_text("url,stage\nx,y\n", encoding="utf-8")
    refused(filled("radar", "--known", "bad.csv"), "no column of names")
    refused(filled("radar", "--known", "nothing.csv"), "cannot be read")


def test_a_limit_says_what_is_left_out(filled: Soundproof) -> None:
    assert filled("radar", "--limit", "1").err == "1 more: --limit 2\n"


def test_predictions_and_figures_are_listed(filled: Soundproof) -> None:
    told = filled("predictions").out
    assert "due 2025-12-31 (“Next year”)" in told
    assert "“Next year most of it will be over, I think.”" in told
    (figure,) = filled("predictions", "--figures", "--json").json
    assert figure["statement"]["figures"] == [{"said": "3 million", "of": "users"}]
    assert figure["clip"].startswith("?ep=robots-at-work")


def test_a_person_settles_a_prediction(filled: Soundproof) -> None:
    (due,) = filled("predictions", "--by", "2026-01-01", "--json").json
    name = due["statement"]["id"]
    assert filled("predictions", "--by", "2025-01-01").err == "Nothing of the kind was said.\n"
    done = filled("outcome", name[:8], "false", "--note", "see the report", "--by", "ada")
    assert "did not, says ada: see the report" in done.out
    assert filled("predictions", "--due", "--json").json == []


def test_outcomes_that_make_no_sense_are_refused(filled: Soundproof) -> None:
    refused(filled("outcome", "nothing", "true"), "No statement begins with", status=4)
    assert filled("outcome", "nothing", "maybe").status == 2
    assert filled("predictions", "--due", "--figures").status == 2


def test_an_empty_library_says_so(soundproof: Soundproof) -> None:
    for command in ("radar", "predictions"):
        assert soundproof(command).err.startswith("The library is empty.")
        assert soundproof(command, "--json").json == []
    assert soundproof("thesis", "new", "Robots", STATEMENT).status == 0
    (done,) = soundproof("thesis", "update", "--json").json
    assert done["attached"] == []
    assert "nothing supports it yet" in soundproof("thesis", "show", "robots").out
