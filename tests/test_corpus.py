"""Real episodes, 53 and 12: from files to passages, and no word is lost on the way."""

import json
import re
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict, cast

import pytest

from ingest.ports import Found
from ingest.sources.manifest import Manifest
from kb import passages
from kb.models import Segment, Tier, Unit

FOLDERS = {"dev": 53, "friends-chapters": 12}
MARK = re.compile(r"\\?\[(?:(?P<remark>[a-z]+) )?(?:\d+:)?\d+:\d+(?:\.\d+)?\\?\]")
LABEL = re.compile(r"(?m)^\"?\*\*([^*:\n]+)(?::\s?\*\*|\*\*:)")
UNNAMED = {"Break", "Outro"}

pytestmark = pytest.mark.slow  # 600,000 words are read, cut and compared


class Mark(TypedDict):
    """A chapter of a manifest."""

    start: float
    title: str
    href: str | None


class Entry(TypedDict):
    """What a manifest says of an episode, read by other means than the source's."""

    id: str
    file: str
    hosts: NotRequired[list[str]]
    guests: NotRequired[list[str]]
    speakers_in_file: NotRequired[list[str]]
    duration_s: float
    chapters: NotRequired[list[Mark]]
    shownotes: NotRequired[str]


@cache
def read(folder: Path) -> list[tuple[Entry, Found]]:
    path = folder / "manifest.json"
    entries = cast("list[Entry]", json.loads(path.read_text(encoding="utf-8"))["episodes"])
    assert Manifest().recognises(str(path), path.read_bytes()[: 2**16])
    return list(zip(entries, Manifest().read(str(path), latest=1), strict=True))


@pytest.fixture(params=FOLDERS, scope="module")
def folder(request: pytest.FixtureRequest, shared: Path) -> Path:
    """Give each collection in turn."""
    found = shared / "data/corpus/text" / str(request.param)
    if not found.is_dir():
        pytest.skip(f"no {request.param} among the shared data")
    return found


def heard(found: Found) -> tuple[Segment, ...]:
    assert found.transcript
    return found.transcript.segments


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def source(folder: Path, entry: Entry) -> str:
    return (folder / entry["file"]).read_text(encoding="utf-8")


def bare(text: str, name: str) -> str:
    """Take labels, marks and cue times off a source."""
    if name.endswith(".vtt"):
        return "\n".join(line for line in text.split("\n")[1:] if "-->" not in line)
    text = MARK.sub(lambda mark: mark[0] if mark["remark"] else " ", LABEL.sub("", text))
    return re.sub(r"\\([\[\]*_#])", r"\1", text)


def test_every_entry_becomes_an_episode_of_its_own(folder: Path) -> None:
    every = read(folder)
    assert len(every) == FOLDERS[folder.name]
    assert [found.episode.id for _, found in every] == [entry["id"] for entry, _ in every]
    assert len({found.episode.key for _, found in every}) == len(every)
    for entry, found in every:
        assert found.episode.duration == entry["duration_s"]
        assert found.episode.show.title
        assert all(text.startswith("The date “") for text in found.episode.warnings)


def test_speakers_are_those_who_are_labelled_and_no_break_is_one(folder: Path) -> None:
    breaks = 0
    for entry, found in read(folder):
        text = source(folder, entry)
        labelled = set(map(str.strip, LABEL.findall(text)))
        breaks += len(labelled & UNNAMED)
        speakers = {segment.speaker for segment in heard(found)} - {None}
        assert speakers == labelled - UNNAMED, entry["id"]
        if "speakers_in_file" in entry:
            assert speakers == set(entry["speakers_in_file"]) - UNNAMED, entry["id"]
        named = {person.name for person in found.episode.people}
        assert speakers | {*entry.get("hosts", ()), *entry.get("guests", ())} == named
    assert breaks > 0


def test_no_word_of_a_source_is_lost_or_moved(folder: Path) -> None:
    for entry, found in read(folder):
        said = words(" ".join(segment.text for segment in heard(found)))
        assert said == words(bare(source(folder, entry), entry["file"])), entry["id"]


def test_inline_marks_are_the_times_of_what_follows_them(folder: Path) -> None:
    marked = 0
    for entry, found in read(folder):
        text = source(folder, entry)
        segments = heard(found)
        if entry["file"].endswith(".vtt"):
            assert all(segment.exact for segment in segments)
            continue
        marks = [seconds(mark[0]) for mark in MARK.finditer(text) if not mark["remark"]]
        starts = [segment.start for segment in segments]
        assert (None in starts) is (not marks), entry["id"]
        timed = [start for start in starts if start is not None]
        assert timed == sorted(timed), entry["id"]
        kept = sum(1 for mark in marks if mark in set(timed))
        assert kept >= len(marks) - 3, entry["id"]  # a mistyped one, or one at the very end
        marked += len(marks)
    assert marked > (400 if folder.name == "dev" else 100)


def test_chapters_run_from_the_first_second_to_the_last(folder: Path) -> None:
    for entry, found in read(folder):
        given = entry.get("chapters", [])
        chapters = found.episode.chapters
        assert [(c.title, c.start) for c in chapters] == [
            (each["title"].strip(), each["start"]) for each in given
        ]
        assert [c.end for c in chapters] == [
            *(each["start"] for each in given[1:]),
            *([entry["duration_s"]] if given else []),
        ]


def test_links_of_chapters_and_notes_stay_readable(folder: Path) -> None:
    for entry, found in read(folder):
        notes = "\n".join(segment.text for segment in found.notes.segments) if found.notes else ""
        wanted = [each["href"] for each in entry.get("chapters", []) if each["href"]]
        if name := entry.get("shownotes"):
            text = (folder / name).read_text(encoding="utf-8")
            wanted += re.findall(r"https?://[^\s()<>\"]+", text)
        assert [address for address in wanted if address not in notes] == [], entry["id"]


def test_passages_hold_every_word_once_in_order_each_with_its_speaker(folder: Path) -> None:
    for entry, found in read(folder):
        segments = heard(found)
        cut = passages.cut(found.episode.id, Tier.TRANSCRIPT, segments)
        sentences = [passage for passage in cut if passage.unit is Unit.SENTENCE]
        windows = [passage for passage in cut if passage.unit is Unit.WINDOW]
        every = " ".join(segment.text for segment in segments)
        assert "".join(every.split()) == "".join("".join(s.text.split()) for s in sentences)
        covered = {n for window in windows for n in range(window.first, window.last + 1)}
        assert covered == set(range(len(sentences))), entry["id"]
        assert {s.speaker for s in sentences} == {s.speaker for s in segments}
        assert all((s.span.start is None) is (segments[0].start is None) for s in sentences)


def seconds(mark: str) -> float:
    clock = re.sub(r"[^\d:.]", "", mark)
    total = 0.0
    for part in clock.split(":"):
        total = total * 60 + float(part)
    return total
