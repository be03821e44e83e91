"""Show notes in text: show, title, summary, chapters, people and what is said of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from pathlib import Path

from ingest import timecodes
from ingest.ports import Found
from ingest.sources import documents, transcripts
from ingest.sources.documents import Document
from ingest.sources.labels import like_a_name
from kb.models import Chapter, Notes, Origin, Person, Role, Segment

_HEADING = re.compile(
    r"[#*\s]*(?:(?:episode|show)\s?(?:summary|description|notes)|summary|description|notes|chapters"
    r"|timestamps)[:*\s]*",
    re.IGNORECASE,
)
_CHAPTER = re.compile(
    rf"(?:[-*•]\s+)?[\[(]?(?P<time>{timecodes.CLOCK})[\])]?(?:\s*[-–—:|]\s*|\s+)(?P<title>\S.*)"
)
_ROLE = re.compile(
    r"\W*(?:with )?(?:(?:your|our|today['’]s) )?(?:(?P<host>(?:co-?)?hosts?)|guests?)\W*:\W*(?P<names>.*)",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"@([\w.-]+)")
_ABOUT = re.compile(r"[-–•]\s+(.*)")
_PRONOUN = re.compile(r"\b(?:s?he|they|his|her|their)\b", re.IGNORECASE)
_TITLE_LENGTH = 200
_SUMMARY_LENGTH = 80
_CHAPTER_LENGTH = 120
_CHAPTERS = 3


@dataclass(frozen=True, slots=True)
class ShowNotes:
    """The show notes of one episode: first line the show, then the title, then the notes."""

    name: str = "show notes"

    def recognises(self, origin: str, head: bytes) -> bool:
        """Go by the content: a heading like "Episode Notes", or chapters, and nobody talking."""
        del origin
        text = documents.peek(head)
        document = documents.document(text, "")
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
        document = documents.load(path)
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
            person for person in _people(body, summary) if person.name.casefold() not in known
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
    chapters = _chapters(lines, duration)
    segments = (_segment(number, line, chapters.get(number)) for number, line in lines)
    return tuple(segments), tuple(chapters.values())


def _chapters(lines: Iterable[tuple[int, str]], duration: float | None) -> dict[int, Chapter]:
    """Give chapters by line. One time alone, or one out of order, makes no chapter."""
    found = {number: m for number, line in lines if (m := _CHAPTER.fullmatch(line))}
    times = ((number, timecodes.seconds(m["time"])) for number, m in found.items())
    kept = timecodes.rising(times)
    if len(kept) < 2:  # noqa: PLR2004 - one
        return {}
    end = duration if duration and duration >= kept[-1][1] else None
    ends = [*(later for _, (_, later) in pairwise(kept)), end]
    return {
        number: Chapter(found[number]["title"], start, end)
        for (number, start), end in zip(kept, ends, strict=True)
    }


def _segment(number: int, line: str, chapter: Chapter | None) -> Segment:
    if chapter is None:
        return Segment(line, line=number)
    end = chapter.start if chapter.end is None else chapter.end
    return Segment(line, start=chapter.start, end=end, line=number)


def _headings(document: Document) -> list[str]:
    return [line for _, line in document.lines if _HEADING.fullmatch(line)]


def _head(document: Document) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split off the one or two short lines above everything else: the show and the title."""
    lines = [line.strip() for _, line in document.lines]
    head: list[str] = []
    for place, line in enumerate(lines):
        other = _HEADING.fullmatch(line) or _CHAPTER.fullmatch(line) or len(line) > _TITLE_LENGTH
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
    return len(text) >= _SUMMARY_LENGTH and not _CHAPTER.fullmatch(text)


def _people(lines: Iterable[str], summary: str) -> tuple[Person, ...]:
    people = {person.name: person for person in (*_listed(lines), *_guest(summary))}
    return tuple(people.values())


def _listed(lines: Iterable[str]) -> Iterator[Person]:
    """Read blocks of `With your co-hosts:`, then `@handle` or a name, each with `- about` lines."""
    role: Role | None = None
    person: Person | None = None
    for line, after in pairwise([*filter(None, lines), ""]):
        about = _ABOUT.fullmatch(line)
        if person and about:
            person = replace(person, about=", ".join(filter(None, [person.about, about[1]])))
            continue
        yield from [person] if person else []
        person = None
        if heading := _ROLE.fullmatch(line):
            role = Role.HOST if heading["host"] else Role.GUEST
            yield from (Person(name, role) for name in _names(heading["names"]))
        elif role and (name := _name(line, described=bool(_ABOUT.fullmatch(after)))):
            person = Person(name, role)
        else:
            role = None
    yield from [person] if person else []


def _names(text: str) -> Iterator[str]:
    for name in documents.names(text):
        handle = _HANDLE.fullmatch(name)
        if handle or (" " in name and like_a_name(name)):
            yield handle[1] if handle else name


def _name(line: str, *, described: bool) -> str | None:
    handle = _HANDLE.fullmatch(line)
    if handle:
        return handle[1]
    return line if described and like_a_name(line) else None


def _guest(summary: str) -> Iterator[Person]:
    """Find who the summary is about: it opens with a full name that it takes up again.

    "Ion Stoica helped … Now he … Ion has …": subject, pronoun and half of the name; a wrong guest
    costs more than none.
    """
    opening = re.match(r"((?:[^\W\d_][\w.’'-]* ){2,3}?)(?=[a-z])", summary)
    if not opening or not like_a_name(opening[1]):
        return
    name = opening[1].strip()
    rest = summary[opening.end() :].replace(name, "")
    halves = "|".join(re.escape(half) for half in (name.split()[0], name.split()[-1]))
    if re.search(rf"\b(?:{halves})\b", rest) and _PRONOUN.search(rest):
        yield Person(name, Role.GUEST)
