"""Read our scripts and the times at which their sentences were spoken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent

_CHAPTER = re.compile(r"## (?P<title>.+)")
_FACT = re.compile(r"- (?P<key>\w+): (?P<value>.+)")
_TURN = re.compile(r"\*\*(?P<speaker>.+?):\*\* (?P<text>.+)")
_SENTENCE_END = re.compile(r"(?<=[.?!]) (?=[A-Z])")
_CUE = re.compile(r"(\S+) --> (\S+)\n<v [^>]+>(.+)</v>")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the script; `turn` and `chapter` count from 0."""

    speaker: str
    text: str
    turn: int
    chapter: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks: `role` is "host" or "guest"."""

    name: str
    role: str
    about: str


@dataclass(frozen=True, slots=True)
class Script:
    """An episode as we wrote it."""

    slug: str
    number: int
    title: str
    published: date
    summary: str
    people: tuple[Person, ...]
    chapters: tuple[str, ...]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """A sentence and when it is heard, in seconds."""

    text: str
    start: float
    end: float


def read_all() -> tuple[Script, ...]:
    """Read every script, oldest first."""
    scripts = map(read, (EXAMPLES / "scripts").glob("*.md"))
    return tuple(sorted(scripts, key=lambda script: script.number))


def read(path: Path) -> Script:
    """Read one script: a title, facts, then turns under chapter headings."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    facts = [(found["key"], found["value"]) for line in lines if (found := _FACT.fullmatch(line))]
    once = dict(facts)
    return Script(
        slug=path.stem,
        number=int(once["Episode"]),
        title=lines[0].removeprefix("# "),
        published=date.fromisoformat(once["Published"]),
        summary=once["Summary"],
        people=tuple(_person(key, value) for key, value in facts if key in {"Host", "Guest"}),
        chapters=tuple(_CHAPTER.findall(text)),
        sentences=_sentences(lines),
    )


def _person(key: str, value: str) -> Person:
    name, about = value.split(", ", maxsplit=1)
    return Person(name=name, role=key.lower(), about=about)


def _sentences(lines: list[str]) -> tuple[Sentence, ...]:
    sentences: list[Sentence] = []
    turn = chapter = -1
    for line in lines:
        if _CHAPTER.fullmatch(line):
            chapter += 1
        elif spoken := _TURN.fullmatch(line):
            turn += 1
            sentences += [
                Sentence(spoken["speaker"], text, turn, chapter)
                for text in _SENTENCE_END.split(spoken["text"])
            ]
    return tuple(sentences)


def read_cues(script: Script) -> tuple[Cue, ...]:
    """Read the reference transcript, one cue a sentence of the script.

    Raises:
        ValueError: the script has changed since the audio was made.
    """
    text = (EXAMPLES / f"{script.slug}.vtt").read_text(encoding="utf-8")
    cues = tuple(
        Cue(said, _seconds(start), _seconds(end)) for start, end, said in _CUE.findall(text)
    )
    if [cue.text for cue in cues] != [sentence.text for sentence in script.sentences]:
        raise ValueError(f"{script.slug}.vtt is not of this script: run make_audio.py first")
    return cues


def stamp(seconds: float) -> str:
    """Write a WebVTT time.

    >>> stamp(61.5)
    '00:01:01.500'
    """
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


def _seconds(time: str) -> float:
    hours, minutes, seconds = time.split(":")
    return round(int(hours) * 3600 + int(minutes) * 60 + float(seconds), 3)
