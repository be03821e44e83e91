"""Briefs as files: their header, their warnings."""

from pathlib import Path

import pytest

from ingest.ports import Found
from ingest.sources.briefs import BriefFile
from kb import briefs
from kb.errors import DocumentError
from kb.identity import document_key
from kb.models import Person, Role

HERE = Path(__file__).parent / "data"


def read(path: Path) -> Found:
    assert BriefFile().recognises(str(path), path.read_bytes())
    (found,) = BriefFile().read(str(path), latest=1)
    return found


def test_the_header_describes_the_episode() -> None:
    episode = read(HERE / "brief.md").episode
    assert (episode.show.title, episode.title) == ("The Small Arena", "#3 Bo Li: Why votes be…")
    assert episode.key == document_key("The Small Arena", "#3 Bo Li: Why votes be…")
    assert episode.link == "https://arena.example/3"
    assert episode.summary == "Bo Li counts votes."


def test_an_unknown_host_is_nobody() -> None:
    assert read(HERE / "brief.md").episode.people == (
        Person("Bo Li", Role.GUEST),
        Person("Cy Young", Role.GUEST),
    )


def test_a_title_that_is_cut_off_is_told() -> None:
    assert read(HERE / "brief.md").episode.warnings == (
        "The title is cut off in brief.md: “#3 Bo Li: Why votes be…”.",
    )


def test_front_matter_will_do_for_a_header_and_keeps_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "---\ntitle: Whole\nhosts: Ada\n---\n"
        "**1. Overview:**\nVotes.\n**2. Themes:**\n**7. Blog:**\n",
        encoding="utf-8",
    )
    found = read(path)
    assert (found.episode.title, found.episode.warnings) == ("Whole", ())
    assert found.brief
    assert [(s.line, s.text) for s in found.brief.segments] == [(6, "Votes.")]


def test_a_brief_without_a_header_is_called_after_the_file(tmp_path: Path) -> None:
    path = tmp_path / "my-brief.txt"
    path.write_text("**1. Overview:**\nVotes.\n**2. Themes:**\n**7. Blog:**\n", encoding="utf-8")
    assert read(path).episode.title == "my brief"


def test_what_has_no_sections_is_left_to_others_and_refused_when_read() -> None:
    path = HERE / "talk.md"
    assert not BriefFile().recognises(str(path), path.read_bytes())
    with pytest.raises(DocumentError, match=r"talk\.md is no brief"):
        next(BriefFile().read(str(path), latest=1))


def test_the_real_brief_is_read_whole(shared: Path) -> None:
    (path,) = (shared / "data/seeds").glob("003_*.txt")
    found = read(path)
    brief, source = found.brief, path.read_text(encoding="utf-8")
    assert brief
    sections = (brief.topics, brief.themes, brief.theses, brief.observations)
    assert [len(section) for section in sections] == [5, 7, 3, 5]
    assert (len(brief.entities), len(brief.posts), len(brief.ideas)) == (8, 5, 3)
    assert brief.overview
    assert brief.conclusion
    claimed = [line for line in source.split("\n") if line.strip().startswith("Quote: ")]
    assert len(claimed) == 18
    quotes = {each.text for each in briefs.quotes(brief)}
    assert quotes >= {line.strip()[len('Quote: "') : -1] for line in claimed}
    lines = {segment.text for segment in brief.segments}
    assert {line.strip() for line in claimed} <= lines
    assert (
        "8. Oracle Cloud Infrastructure (https://www.oracle.com/cloud/) - Sponsor of the podcast"
        in lines
    )
    assert found.episode.title == "#261 Jonathan Frankle: How Dat…"
    assert found.episode.warnings
    assert found.episode.people == (Person("Jonathan Frankle", Role.GUEST),)
