"""Our own example episodes are whole, small, and agree with each other."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict
from xml.etree.ElementTree import Element

import av
import pytest
from defusedxml.ElementTree import parse

SLUGS = ("who-keeps-the-score", "prompts-without-labels")
NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}

each_episode = pytest.mark.parametrize("slug", SLUGS)


class Place(TypedDict):
    episode: str
    text: str
    start: float
    end: float


class Question(TypedDict):
    id: str
    episodes: list[str]
    passages: list[Place]
    answerable: bool
    answer_must_contain: list[list[str]]


@dataclass(frozen=True, slots=True)
class Cue:
    start: float
    end: float
    speaker: str
    text: str


def turns(examples: Path, slug: str) -> list[tuple[str, str]]:
    script = (examples / "scripts" / f"{slug}.md").read_text(encoding="utf-8")
    return re.findall(r"^\*\*(.+?):\*\* (.+)$", script, re.MULTILINE)


def cues(examples: Path, slug: str) -> list[Cue]:
    text = (examples / f"{slug}.vtt").read_text(encoding="utf-8")
    found = re.findall(r"(\S+) --> (\S+)\n<v ([^>]+)>(.+)</v>", text)
    return [Cue(seconds(start), seconds(end), who, said) for start, end, who, said in found]


def seconds(clock: str) -> float:
    total = 0.0
    for part in clock.split(":"):
        total = total * 60 + float(part)
    return round(total, 3)


def duration(audio: Path) -> float:
    with av.open(audio) as file:
        return (file.duration or 0) / av.time_base


def questions(examples: Path) -> list[Question]:
    lines = (examples / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def places(examples: Path) -> list[Place]:
    return [place for question in questions(examples) for place in question["passages"]]


def items(examples: Path) -> dict[str, Element]:
    root = parse(examples / "feed.xml").getroot()
    assert root is not None
    return {
        enclosure(item).get("url", "").removesuffix(".opus"): item for item in root.iter("item")
    }


def enclosure(item: Element) -> Element:
    found = item.find("enclosure")
    assert found is not None
    return found


def said(item: Element, tag: str) -> str:
    return item.findtext(tag, default="", namespaces=NAMESPACES)


def chapter_lines(text: str) -> list[str]:
    return re.findall(r"^\(\d+:\d\d\) .+$", text, re.MULTILINE)


def test_all_files_together_stay_under_three_megabytes(examples: Path) -> None:
    sizes = [path.stat().st_size for path in examples.rglob("*") if path.is_file()]
    assert sum(sizes) < 3_000_000


@each_episode
def test_an_episode_has_its_four_files(examples: Path, slug: str) -> None:
    names = (f"scripts/{slug}.md", f"{slug}.opus", f"{slug}.vtt", f"{slug}.notes.txt")
    assert [name for name in names if not (examples / name).is_file()] == []


@each_episode
def test_an_episode_lasts_three_to_six_minutes(examples: Path, slug: str) -> None:
    assert 180 <= duration(examples / f"{slug}.opus") <= 360


@each_episode
def test_at_least_two_people_speak(examples: Path, slug: str) -> None:
    assert len({speaker for speaker, _ in turns(examples, slug)}) >= 2


@each_episode
def test_the_transcript_says_the_script_word_for_word(examples: Path, slug: str) -> None:
    spoken = " ".join(cue.text for cue in cues(examples, slug))
    assert spoken == " ".join(text for _, text in turns(examples, slug))


@each_episode
def test_the_transcript_names_the_speakers_of_the_script(examples: Path, slug: str) -> None:
    turn_texts = turns(examples, slug)
    strangers = [
        cue
        for cue in cues(examples, slug)
        if not any(cue.speaker == who and cue.text in text for who, text in turn_texts)
    ]
    assert strangers == []


@each_episode
def test_the_transcript_runs_forward_inside_the_audio(examples: Path, slug: str) -> None:
    times = [time for cue in cues(examples, slug) for time in (cue.start, cue.end)]
    assert times == sorted(times)
    assert times[-1] <= duration(examples / f"{slug}.opus") <= times[-1] + 2


@each_episode
def test_a_chapter_starts_where_its_first_sentence_is_heard(examples: Path, slug: str) -> None:
    script = (examples / "scripts" / f"{slug}.md").read_text(encoding="utf-8")
    openings = re.findall(r"^## (.+)\n\n\*\*.+?:\*\* (.+)$", script, re.MULTILINE)
    heard = cues(examples, slug)
    expected = [
        (title, next(cue.start for cue in heard if text.startswith(cue.text)))
        for title, text in openings
    ]
    notes = (examples / f"{slug}.notes.txt").read_text(encoding="utf-8")
    listed = re.findall(r"^\((.+?)\) (.+)$", notes, re.MULTILINE)
    assert [title for _, title in listed] == [title for title, _ in expected]
    late = [seconds(clock) - start for (clock, _), (_, start) in zip(listed, expected, strict=True)]
    assert all(-1 < difference <= 0 for difference in late)


def test_ten_questions_of_which_two_have_no_answer(examples: Path) -> None:
    answerable = [question["answerable"] for question in questions(examples)]
    assert (answerable.count(True), answerable.count(False)) == (8, 2)


def test_a_question_has_passages_exactly_where_it_has_an_answer(examples: Path) -> None:
    for question in questions(examples):
        assert {place["episode"] for place in question["passages"]} == set(question["episodes"])
        assert bool(question["passages"]) == question["answerable"]


def test_an_expected_passage_is_heard_at_its_time_and_stands_in_the_script(examples: Path) -> None:
    for place in places(examples):
        heard = [
            cue.text
            for cue in cues(examples, place["episode"])
            if place["start"] <= cue.start and cue.end <= place["end"]
        ]
        assert " ".join(heard) == place["text"]
        assert any(place["text"] in text for _, text in turns(examples, place["episode"]))


def test_what_an_answer_must_contain_is_said_in_its_passages(examples: Path) -> None:
    for question in questions(examples):
        if not question["answerable"]:
            continue
        evidence = " ".join(
            f"{cue.speaker}: {cue.text}"
            for place in question["passages"]
            for cue in cues(examples, place["episode"])
            if place["start"] <= cue.start and cue.end <= place["end"]
        )
        for group in question["answer_must_contain"]:
            assert any(words in evidence for words in group), question["id"]


def test_the_feed_offers_both_episodes_and_no_transcript(examples: Path) -> None:
    assert set(items(examples)) == set(SLUGS)
    assert "podcast:transcript" not in (examples / "feed.xml").read_text(encoding="utf-8")


@each_episode
def test_the_feed_tells_the_truth_about_the_audio(examples: Path, slug: str) -> None:
    item = items(examples)[slug]
    audio = examples / enclosure(item).get("url", "")
    assert int(enclosure(item).get("length", "")) == audio.stat().st_size
    assert int(said(item, "itunes:duration")) == round(duration(audio))


@each_episode
def test_the_feed_says_what_the_notes_say(examples: Path, slug: str) -> None:
    item = items(examples)[slug]
    notes = (examples / f"{slug}.notes.txt").read_text(encoding="utf-8")
    assert said(item, "title") in notes.splitlines()
    assert said(item, "itunes:summary") in notes.splitlines()
    assert chapter_lines(said(item, "description")) == chapter_lines(notes)


@each_episode
def test_the_feed_names_everybody_who_speaks(examples: Path, slug: str) -> None:
    people = items(examples)[slug].findall("podcast:person", NAMESPACES)
    assert {person.text for person in people} == {speaker for speaker, _ in turns(examples, slug)}
    assert [person.get("role") for person in people].count("host") == 1


def test_no_ten_words_in_a_row_are_copied_from_the_sample_documents(
    examples: Path, shared: Path
) -> None:
    ours = [path for path in examples.rglob("*") if path.suffix in {".md", ".txt", ".jsonl"}]
    samples = sorted((shared / "data" / "seeds").glob("*.txt"))
    assert samples
    copied = shingles(*ours) & shingles(*samples)
    assert copied == set()


def shingles(*paths: Path, size: int = 10) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for path in paths:
        words = re.findall(r"[a-z0-9]+", path.read_text(encoding="utf-8").lower())
        found.update(zip(*(words[start:] for start in range(size)), strict=False))
    return found
