"""Write what is around the audio: show notes, `feed.xml`, and the times in `questions.jsonl`.

Reads the scripts, the transcripts and the audio that `make_audio.py` made; needs no synthesizer.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from email.utils import format_datetime
from itertools import pairwise
from typing import TYPE_CHECKING, TypedDict
from xml.sax.saxutils import escape, quoteattr

import av
from script import EXAMPLES, Cue, Script, read_all, read_cues

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOW = "The Long Context"
ABOUT = (
    "An invented podcast about how AI is built, measured and paid for. Its voices are synthetic."
)
SITE = "https://longcontext.example/"


class Place(TypedDict):
    """Where an answer is said."""

    episode: str
    text: str
    start: float
    end: float


class Question(TypedDict):
    """What this file needs to know of a line of `questions.jsonl`."""

    passages: list[Place]


def main() -> None:
    """Write everything anew."""
    scripts = read_all()
    for script in scripts:
        text = notes(script, read_cues(script))
        (EXAMPLES / f"{script.slug}.notes.txt").write_text(text, encoding="utf-8")
    (EXAMPLES / "feed.xml").write_text(feed(scripts), encoding="utf-8")
    time_questions({script.slug: read_cues(script) for script in scripts})


def notes(script: Script, cues: tuple[Cue, ...]) -> str:
    """Write show notes as publishers do: summary, chapters, people."""
    people = {
        role: [
            f"{person.name}\n- {person.about}" for person in script.people if person.role == role
        ]
        for role in ("host", "guest")
    }
    blocks = [
        SHOW,
        f"Ep {script.number}: {script.title}",
        "Episode Summary",
        script.summary,
        "Episode Notes",
        "\n".join(chapters(script, cues)),
        "With your host:",
        *people["host"],
        "With guests:",
        *people["guest"],
    ]
    return "\n\n".join(blocks) + "\n"


def chapters(script: Script, cues: tuple[Cue, ...]) -> Iterator[str]:
    """Give a line a chapter; one begins where its first sentence is heard, the first at 0:00."""
    yield f"(0:00) {script.chapters[0]}"
    for (before, _), (sentence, cue) in pairwise(zip(script.sentences, cues, strict=True)):
        if sentence.chapter != before.chapter:
            minutes, seconds = divmod(int(cue.start), 60)
            yield f"({minutes}:{seconds:02}) {script.chapters[sentence.chapter]}"


def feed(scripts: tuple[Script, ...]) -> str:
    """Write RSS, newest first. No `podcast:transcript`: the demo is to listen for itself."""
    items = "".join(_item(script) for script in reversed(scripts))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"
  xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:podcast="https://podcastindex.org/namespace/1.0">
<channel>
  <title>{SHOW}</title>
  <link>{SITE}</link>
  <description>{ABOUT}</description>
  <language>en</language>
  <itunes:author>{SHOW}</itunes:author>
  <itunes:explicit>false</itunes:explicit>
  <itunes:category text="Technology"/>
{items}</channel>
</rss>
"""


def _item(script: Script) -> str:
    audio = EXAMPLES / f"{script.slug}.opus"
    published = format_datetime(datetime.combine(script.published, time(6), UTC))
    description = "\n".join([script.summary, "", *chapters(script, read_cues(script))])
    people = "\n".join(
        f'    <podcast:person role="{person.role}">{escape(person.name)}</podcast:person>'
        for person in script.people
    )
    return f"""  <item>
    <title>{escape(f"Ep {script.number}: {script.title}")}</title>
    <guid isPermaLink="false">the-long-context-{script.number}</guid>
    <link>{SITE}{script.slug}</link>
    <pubDate>{published}</pubDate>
    <enclosure url={quoteattr(audio.name)} length="{audio.stat().st_size}" type="audio/ogg"/>
    <itunes:episode>{script.number}</itunes:episode>
    <itunes:duration>{_duration(script)}</itunes:duration>
    <itunes:summary>{escape(script.summary)}</itunes:summary>
{people}
    <description>{escape(description)}</description>
  </item>
"""


def _duration(script: Script) -> int:
    with av.open(EXAMPLES / f"{script.slug}.opus") as file:
        return round((file.duration or 0) / av.time_base)


def time_questions(cues: dict[str, tuple[Cue, ...]]) -> None:
    """Fill in when the passages of `questions.jsonl` are heard; their words are written by hand."""
    path = EXAMPLES / "questions.jsonl"
    questions: list[Question] = [
        json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()
    ]
    for question in questions:
        for place in question["passages"]:
            place["start"], place["end"] = _heard(place["text"], cues[place["episode"]])
    lines = [json.dumps(question, ensure_ascii=False) for question in questions]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _heard(passage: str, cues: tuple[Cue, ...]) -> tuple[float, float]:
    """Find the run of sentences that says `passage`.

    Raises:
        ValueError: it is not a run of whole sentences of the script.
    """
    for first in range(len(cues)):
        for last in range(first, len(cues)):
            said = " ".join(cue.text for cue in cues[first : last + 1])
            if said == passage:
                return cues[first].start, cues[last].end
            if not passage.startswith(said):
                break
    raise ValueError(f"not said in whole sentences: {passage}")


if __name__ == "__main__":
    main()
