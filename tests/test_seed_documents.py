"""The two documents that the project began with: show notes, and a brief of another episode."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.ports import Found
from ingest.sources import recognise
from ingest.sources.briefs import BriefFile
from ingest.sources.media import Recording
from ingest.sources.shownotes import ShowNotes
from ingest.sources.transcripts import KINDS
from kb import briefs, passages, seal
from kb.models import Brief, Entity, Person, QuoteStatus, Role, Tier, Unit

SOURCES = (BriefFile(), ShowNotes(), *KINDS, Recording())


def read(shared: Path, begins: str, kind: str) -> Found:
    paths = [*(shared / "data/seeds").glob(f"{begins}_*.txt")]
    if not paths:
        pytest.skip("the seeds are not among the shared data")
    source = recognise(str(paths[0]), paths[0].read_bytes()[: 2**16], SOURCES)
    assert source.name == kind
    (found,) = source.read(str(paths[0]), latest=1)
    return found


@pytest.fixture(scope="module")
def notes(shared: Path) -> Found:
    return read(shared, "000", "show notes")


@pytest.fixture(scope="module")
def imported(shared: Path) -> Found:
    return read(shared, "003", "brief in seven sections")


@pytest.fixture(scope="module")
def brief(imported: Found) -> Brief:
    assert imported.brief
    return imported.brief


# show notes


def test_fifteen_chapters_each_end_where_the_next_begins(notes: Found) -> None:
    chapters = notes.episode.chapters
    assert len(chapters) == 15
    assert [(c.title, c.start) for c in chapters[:3]] == [
        ("Intro", 0),
        ("Launching a New Startup: LMArena", 49),
        ("The Origin of the Vicuna Model", 61),
    ]
    assert (chapters[-1].title, chapters[-1].start) == ("Quickfire", 3040)
    assert all(one.end == two.start for one, two in pairwise(chapters))
    assert chapters[-1].end is None  # the notes do not say how long the episode is


def test_the_last_chapter_ends_with_the_episode_where_its_length_is_known(
    shared: Path, tmp_path: Path
) -> None:
    (path,) = (shared / "data/seeds").glob("000_*.txt")
    copy = tmp_path / "notes.txt"
    copy.write_text(
        f"---\nduration: 3600\n---\n{path.read_text(encoding='utf-8')}", encoding="utf-8"
    )
    (found,) = ShowNotes().read(str(copy), latest=1)
    assert all(chapter.end for chapter in found.episode.chapters)
    assert found.episode.chapters[-1].end == 3600


def test_hosts_come_with_their_roles_and_the_guest_with_the_summary(notes: Found) -> None:
    assert notes.episode.people == (
        Person("jacobeffron", Role.HOST, "Partner at Redpoint, Former PM Flatiron Health"),
        Person("patrickachase", Role.HOST, "Partner at Redpoint, Former ML Engineer LinkedIn"),
        Person("ericabrescia", Role.HOST, "Former COO Github, Founder Bitnami (acq’d by VMWare)"),
        Person("jordan_segall", Role.HOST, "Partner at Redpoint"),
        Person("Ion Stoica", Role.GUEST),
    )
    assert notes.episode.summary.startswith("Ion Stoica helped define the modern data stack.")


def test_no_line_of_the_notes_is_lost(notes: Found, shared: Path) -> None:
    (path,) = (shared / "data/seeds").glob("000_*.txt")
    lines = path.read_text(encoding="utf-8").split("\n")
    assert notes.notes
    segments = notes.notes.segments
    assert [s.text for s in segments] == [line.strip() for line in lines if line.strip()]
    assert all(lines[(s.line or 0) - 1].strip() == s.text for s in segments)
    cut = passages.cut("notes", Tier.NOTES, segments)
    sentences = " ".join(p.text for p in cut if p.unit is Unit.SENTENCE)
    assert re.findall(r"\S+", sentences) == re.findall(r"\S+", " ".join(s.text for s in segments))


# the brief


def test_the_brief_has_seven_sections(brief: Brief) -> None:
    assert brief.overview.startswith("This podcast episode features Jonathan Frankle")
    assert brief.conclusion
    assert len(brief.topics) == 5
    assert len(brief.themes) == 7
    assert len(brief.theses) == 3
    assert len(brief.observations) == 5
    assert len(brief.entities) == 8
    assert len(brief.posts) == 5
    assert len(brief.ideas) == 3
    assert all(thesis.problem and thesis.solution and thesis.opportunity for thesis in brief.theses)


def test_eighteen_quote_lines_and_five_posts_claim_fifteen_distinct_quotes(brief: Brief) -> None:
    found = briefs.quotes(brief)
    claimed = {s.line for s in brief.segments if s.text.startswith("Quote: ")}
    assert len(claimed) == 18
    assert len(claimed & {line for each in found for line in each.lines}) == 18
    assert len(found) == 15
    said = [each for each in found if set(each.lines) & claimed]
    assert len(said) == 14  # one more stands in a post alone
    assert sum(len(each.lines) for each in found) == 23


def test_two_quotes_are_stitched_and_tell_their_pieces(brief: Brief) -> None:
    stitched = [each.pieces for each in briefs.quotes(brief) if len(each.pieces) > 1]
    assert [len(pieces) for pieces in stitched] == [2, 2]
    assert stitched[0][0].endswith("which made us confident")
    assert stitched[1][1] == "it'll change the world again."


def test_every_quote_is_unchecked_while_there_is_no_transcript(brief: Brief) -> None:
    sealed = [seal.check(each.text, ()) for each in briefs.quotes(brief)]
    assert {quote.status for quote in sealed} == {QuoteStatus.UNCHECKED}
    assert not any(quote.quotable for quote in sealed)


def test_companies_come_with_what_they_are(brief: Brief) -> None:
    known = {entity.name: entity for entity in brief.entities}
    assert all(entity.mentioned_as for entity in brief.entities)
    assert known["MosaicML"] == Entity(
        "MosaicML", "acquired by Databricks; Frankle's previous startup"
    )
    assert known["Oracle Cloud Infrastructure"] == Entity(
        "Oracle Cloud Infrastructure", "Sponsor of the podcast", "https://www.oracle.com/cloud/"
    )
    assert known["Databricks"].mentioned_as.startswith("Jonathan Frankle's employer")


def test_the_title_is_mended_and_told_to_be_cut_off(imported: Found) -> None:
    episode = imported.episode
    assert (episode.show.title, episode.title) == (
        "Eye On A.I.",
        "#261 Jonathan Frankle: How Dat…",
    )
    assert [warning.split(" in ")[0] for warning in episode.warnings] == ["The title is cut off"]
    assert episode.people == (Person("Jonathan Frankle", Role.GUEST),)
    assert episode.link
    assert episode.link.startswith("https://podcasts.apple.com/us/podcast/261-")


def test_no_mangled_letter_is_left(imported: Found, brief: Brief) -> None:
    every = " ".join([imported.episode.title, *(segment.text for segment in brief.segments)])
    assert not re.search("â€|Ã|Â", every)


def test_the_brief_is_read_again_out_of_what_we_write(brief: Brief) -> None:
    again = briefs.parse(briefs.to_markdown(brief), brief.origin)
    assert (again.themes, again.theses, again.entities) == (
        brief.themes,
        brief.theses,
        brief.entities,
    )
    assert [each.text for each in briefs.quotes(again)] == [
        each.text for each in briefs.quotes(brief)
    ]
