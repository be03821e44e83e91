"""Show notes in text: show, title, summary, chapters, people and what is said of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from ingest.ports import Found
from ingest.sources import chapter_lines, documents, html_pages, people_lines, transcripts
from ingest.sources.documents import Document
from ingest.sources.html_tree import is_html
from kb.models import Chapter, Notes, Origin, Person, Segment

_HEADING = re.compile(
    r"[#*\s]*(?:(?:episode|show)\s?(?:summary|description|notes)|summary|description|notes|chapters"
    r"|timestamps)[:*\s]*",
    re.IGNORECASE,
)
_TITLE_LENGTH = 200
_SUMMARY_LENGTH = 80
_CHAPTER_LENGTH = 120
_CHAPTERS = 3


@dataclass(frozen=True, slots=True)
class ShowNotes:
    """The show notes of one episode: first line the show, then the title, then the notes."""

    name: str = "show notes"
    remote: bool = False

    def recognises(self, origin: str, head: bytes) -> bool:
        """Go by the content: a heading like "Episode Notes", or chapters, and nobody talking."""
        text = documents.beginning(origin, head)
        document = _document(text, "")
        headed = any(re.search("episode|show", line, re.IGNORECASE) for line in _headings(document))
        chapters = [ch for ch in parse(document)[1] if len(ch.title) <= _CHAPTER_LENGTH]
        return (headed or len(chapters) >= _CHAPTERS) and not transcripts.recognised(text)

    def read(self, origin: str, *, latest: int) -> Iterator[Found]:
        """Read the notes and the episode they describe.

        Raises:
            DocumentError: the file is empty or not text.
        """
        del latest
        path = Path(origin)
        document = _load(path)
        head, body = _head(document)
        segments, chapters = parse(document, duration=documents.duration(document))
        episode = documents.episode(
            document,
            title=head[-1] if head else documents.readable(path),
            show=head[0] if len(head) > 1 else documents.MY_DOCUMENTS,
        )
        summary = _summary(body)
        known = {person.name.casefold() for person in episode.people}
        people = (
            person
            for person in people_lines.find(body, summary)
            if person.name.casefold() not in known
        )
        episode = replace(
            episode, summary=summary, chapters=chapters, people=(*episode.people, *people)
        )
        yield Found(episode, notes=Notes(segments, Origin("file", path.name)))


def parse(
    document: Document, *, duration: float | None = None
) -> tuple[tuple[Segment, ...], tuple[Chapter, ...]]:
    """Give the notes line by line, and their chapters; a chapter ends where the next begins."""
    lines = tuple((number, line.strip()) for number, line in document.lines if line.strip())
    found = chapter_lines.find([line for _, line in lines], duration=duration)
    spans = dict[int, tuple[float, float]]()
    for place, chapter in ((each.place, each.chapter) for each in found):
        first = spans.get(place, (chapter.start, 0.0))[0]
        spans[place] = (first, chapter.start if chapter.end is None else chapter.end)
    segments: list[Segment] = []
    for place, (number, line) in enumerate(lines):
        start, end = spans.get(place, (None, None))
        segments.append(Segment(line, start=start, end=end, line=number))
    return tuple(segments), tuple(each.chapter for each in found)


def people(text: str) -> tuple[Person, ...]:
    """Give who the lines of a description name as hosts and guests."""
    return people_lines.find([line.strip() for line in text.split("\n")], "")


def _load(path: Path) -> Document:
    document = documents.load(path)
    return _document(document.text, path.name) if is_html(document.text) else document


def _document(text: str, name: str) -> Document:
    if is_html(text):
        return html_pages.document(text, name, notes=True)
    return documents.document(text, name)


def _headings(document: Document) -> list[str]:
    return [line for _, line in document.lines if _HEADING.fullmatch(line)]


def _head(document: Document) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split off the one or two short lines above everything else: the show and the title.

    Where the title is known, only the heading that repeats it is split off.
    """
    lines = [line.strip() for _, line in document.lines]
    if title := document.fields.get("title"):
        return (), tuple(line for line in lines if line.lstrip("# ") != title)
    head: list[str] = []
    for place, line in enumerate(lines):
        other = _HEADING.fullmatch(line) or chapter_lines.is_one(line) or len(line) > _TITLE_LENGTH
        if other or len(head) == 2:  # noqa: PLR2004 - a show and a title
            return tuple(head), tuple(lines[place:])
        if line:
            head.append(line.lstrip("# "))
    return tuple(head), ()


def _summary(lines: Iterable[str]) -> str:
    """Give the first paragraph of some length."""
    paragraphs = (" ".join(group) for empty, group in groupby(lines, lambda x: not x) if not empty)
    return next((text for text in paragraphs if _is_prose(text)), "")


def _is_prose(text: str) -> bool:
    return len(text) >= _SUMMARY_LENGTH and not chapter_lines.is_one(text)
