"""A brief's quotes checked against what was heard, and how they are printed."""

import resource
import time
from dataclasses import replace

import pytest

from ingest import extracts
from ingest.brief import assemble
from ingest.matter import Matter
from kb import briefs, passages
from kb.models import Brief, Origin, Segment, Tier, Unit
from kb.seal import Record
from tests.brief_talks import FIGURE, PROBLEM, SOLUTION, TALK, sentences

ORIGIN = Origin("file", "brief.md")
ALTERED = FIGURE.replace("40", "90")
STITCHED = f"{PROBLEM.removesuffix('.')},, {SOLUTION}"
ABSENT = "Nobody ever put a walrus into a lighthouse on purpose."
TEXT = f"""**1. Overview:**
She says: "{ALTERED}"
**2. Themes:**
1. Said:
   Quote: "{FIGURE}"
2. Changed:
   Quote: "{ALTERED}"
3. Joined:
   Quote: "{STITCHED}"
4. Made up:
   Quote: "{ABSENT}"
**6. Posts:**
1. "{ABSENT}" Read on.
"""


@pytest.fixture
def imported() -> Brief:
    return briefs.parse(TEXT, ORIGIN)


def printed(brief: Brief, *, heard: bool = True) -> str:
    record = Record.of(sentences(TALK)) if heard else None
    return briefs.to_markdown(brief, briefs.sealed(brief, record), TALK.episode)


def test_what_was_said_carries_speaker_time_link_and_mark(imported: Brief) -> None:
    link = "[2:00](https://cdn.example/robots.mp3#t=120)"
    assert f'Quote: "{FIGURE}" — Ines Okafor, {link}, verbatim' in printed(imported)


@pytest.mark.parametrize("claim", [ALTERED, STITCHED, ABSENT])
def test_what_nobody_said_so_is_struck_wherever_it_stands(imported: Brief, claim: str) -> None:
    text = printed(imported)
    assert f'"{claim}"' in text
    assert text.count(f'~~"{claim}"~~') == text.count(f'"{claim}"')


TITLED = f"""**1. Overview:**
**Key Topics:**
1. "{ABSENT}":
   They talk.
**2. Themes:**
1. He said "{ABSENT}":
   They talk.
**3. Theses:**
1. Why "{ABSENT}" pays:
   Problem: They are hard to move.
   Relevant Companies: Furrow, "{ABSENT}"
**4. Observations:**
1. "{ABSENT}":
   They talk.
**5. Companies:**
1. Furrow - "{ABSENT}"
**7. Blog ideas:**
1. Title: On "{ABSENT}" and more
"""


def test_titles_are_checked_as_everything_else_is() -> None:
    brief = briefs.parse(TITLED, ORIGIN)
    text = printed(brief)
    assert text.count(f'~~"{ABSENT}"~~') == text.count(ABSENT) == 7
    assert replace(briefs.parse(text, ORIGIN), segments=()) == replace(brief, segments=())


def test_a_title_in_words_that_were_said_stands() -> None:
    text = printed(briefs.parse(TITLED.replace(ABSENT, FIGURE), ORIGIN))
    assert "~~" not in text
    assert text.count(f'"{FIGURE}"') == 7


def test_without_a_transcript_nothing_is_struck_and_all_is_unchecked(imported: Brief) -> None:
    text = printed(imported, heard=False)
    assert "~~" not in text
    assert text.count("— unchecked") == 4


def test_with_its_seals_a_brief_still_reads_back(imported: Brief) -> None:
    again = briefs.parse(printed(imported), ORIGIN)
    assert replace(again, segments=()) == replace(imported, segments=())


def test_an_imported_brief_does_not_say_what_is_not_there(imported: Brief) -> None:
    assert "Nothing in this episode" not in printed(imported)
    made = briefs.to_markdown(replace(imported, origin=Origin("model", "extractive 1")))
    assert made.count("Nothing in this episode") == 6


@pytest.mark.slow
def test_ten_hours_are_briefed_in_seconds_and_in_little_memory() -> None:
    """Some 100,000 words: the talk, over and over."""
    said = [each.text for each in sentences(TALK)] * 160
    segments = [Segment(text, "Ines", n * 5.5, n * 5.5 + 5.5) for n, text in enumerate(said)]
    cut = passages.cut("long-1", Tier.TRANSCRIPT, segments)
    held = tuple(each for each in cut if each.unit is Unit.SENTENCE)
    assert held[-1].span.end is not None
    assert held[-1].span.end > 10 * 3600
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    matter = Matter(TALK.episode, held, (), {})
    brief = assemble(matter, extracts.picks(matter), "x")
    seconds = time.process_time() - began
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert brief.themes
    assert seconds < 60
    assert grown < 400 * 1024  # KiB
