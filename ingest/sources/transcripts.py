"""Transcript files: WebVTT, SRT, JSON, HTML, Markdown and text. Known by content, not by name."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.ports import Found
from ingest.sources import cues, documents, html_pages, json_transcripts, labels
from ingest.sources.documents import Document
from ingest.sources.html_tree import is_html
from ingest.timecodes import CLOCK, Mark, Timeline, seconds, timeline
from kb.errors import DocumentError
from kb.models import Origin, Segment, Transcript

_LEAD = re.compile(rf"[\[(]?({CLOCK})[\])]?(?:\s+(?:[-–—]\s+)?|$)")
_MARK = re.compile(
    rf"\[\s*(?P<remark>(?:inaudible|unintelligible|crosstalk|phonetic|laughter|music)\s+)?(?P<time>{CLOCK})\s*\](?!\()",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\([\[\]*_#])")
_HEADING = re.compile(r"#{1,6}\s+(.*)")

_TALK = 0.5
"""Share of a page's text that is said by somebody, where the page is a transcript."""


@dataclass(frozen=True, slots=True)
class TranscriptFile:
    """The source for one kind of transcript file."""

    name: str
    suffixes: tuple[str, ...]
    looks_right: Callable[[str], bool]
    parse: Callable[[Document, float | None], tuple[Segment, ...]]
    remote: bool = False

    def recognises(self, origin: str, head: bytes) -> bool:
        """Go by the content, and by the name only where no kind's content fits."""
        return documents.is_text(head) and _kind(documents.beginning(origin, head), origin) is self

    def read(self, origin: str, *, latest: int) -> Iterator[Found]:
        """Read the one episode that the file holds.

        Raises:
            DocumentError: it is damaged, empty or not text.
        """
        del latest
        path = Path(origin)
        document = _load(path)
        heard = self.parse(document, documents.duration(document))
        episode = documents.episode(
            document,
            title=documents.heading(document) or documents.readable(path),
            speakers=speakers(heard),
        )
        yield Found(episode, transcript=_transcript(document, self, heard))


def transcript(path: Path, *, duration: float | None = None) -> Transcript:
    """Read a transcript file of any kind; `duration` helps to time what has few marks.

    Raises:
        DocumentError: it is damaged, empty or not text.
    """
    document = _load(path)
    kind = _kind(document.text, path.name) or TEXT
    return _transcript(
        document, kind, kind.parse(document, duration or documents.duration(document))
    )


def recognised(text: str) -> bool:
    """Tell whether a text is a transcript of any kind, by its content."""
    return any(kind.looks_right(text) for kind in KINDS)


def is_labelled(text: str) -> bool:
    """Tell whether a text is a talk: two of its lines name who speaks, and words follow on most.

    `Intro 0:00` in one line after the other is a list of chapters, in which nobody says a thing.
    """
    if is_html(text):
        return False
    lines = tuple(_lines(documents.document(text, "")))
    known = labels.believed(_labels(lines))
    turns: list[bool] = []
    for line in lines:
        if line.label and line.label.speaker and line.label.name in known:
            turns.append(False)
        words = re.sub(CLOCK, "", line.label.text if line.label else line.text)
        if turns and not line.heading and re.search(r"\w", words):
            turns[-1] = True
    return len(turns) > 1 and sum(turns) * 2 >= len(turns)


def is_talk_page(text: str) -> bool:
    """Tell whether HTML is a talk: somebody speaks twice, or at a time, and most of it is said.

    Pages are full of names and colons that are none of that.
    """
    if not is_html(text):
        return False
    page = html_pages.document(text, "")
    found = _said(page)
    again = len(found) - len({label.name for label in found})
    timed = sum(1 for label in found if label.bold and _MARK.search(label.text))
    told = [(speaker, len(text)) for _, speaker, text in _spoken(tuple(_lines(page)))]
    spoken = sum(length for speaker, length in told if speaker)
    return again + timed > 0 and spoken >= _TALK * sum(length for _, length in told)


def _said(document: Document) -> list[labels.Label]:
    """Give the labels of a document that name a speaker."""
    found = _labels(_lines(document))
    known = labels.believed(found)
    return [label for label in found if label and label.speaker and label.name in known]


def _load(path: Path) -> Document:
    """Read a file; a page becomes the lines of its main text."""
    document = documents.load(path)
    return html_pages.document(document.text, path.name) if is_html(document.text) else document


def _transcript(document: Document, kind: TranscriptFile, heard: tuple[Segment, ...]) -> Transcript:
    said = json_transcripts.language(document) if kind in (JSON, PODLOVE) else None
    language = said or document.fields.get("language")
    return Transcript(heard, Origin("file", document.name), language)


def speakers(segments: Iterable[Segment]) -> tuple[str, ...]:
    """Give the speakers in order of appearance."""
    return tuple(dict.fromkeys(part.speaker for part in segments if part.speaker))


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a text, and what may be its label with the text that would then be left."""

    number: int
    text: str
    label: labels.Label | None = None
    heading: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text between two time marks (or none), and the marks that stand in or before it."""

    text: str
    marks: tuple[Mark, ...]


def _text(document: Document, duration: float | None) -> tuple[Segment, ...]:
    """Cut a text into segments: one for each line, cut again where a time mark stands in it.

    Times are read off between the marks, so they are never exact; without marks there are none.
    """
    segments: list[Segment] = []
    marks: list[Mark] = []
    length = 0
    for number, speaker, text in _spoken(tuple(_lines(document))):
        for piece in _cut(text):
            marks.extend((length + offset, time) for offset, time in piece.marks)
            length += len(piece.text)
            if piece.text:
                segments.append(Segment(piece.text, speaker, line=number))
    if not segments:
        raise DocumentError(
            f"{document.name} holds no words", hint="Was it saved or downloaded whole?"
        )
    return _timed(segments, timeline(marks, length=length, duration=duration))


def _lines(document: Document) -> Iterator[_Line]:
    title = documents.heading(document)
    for number, raw in document.lines:
        line = _ESCAPE.sub(r"\1", raw).strip()
        heading = _HEADING.fullmatch(line)
        if heading and heading[1] == title:
            title = None  # it names the episode; nobody says it
        elif heading:
            yield _Line(number, heading[1], heading=True)
        elif line:
            yield _line(number, line)


def _labels(lines: Iterable[_Line]) -> list[labels.Label | None]:
    """Give the label of every paragraph; headings and lone time marks are none."""
    said = (line for line in lines if not line.heading)
    return [line.label for line in said if line.label or _MARK.sub("", line.text)]


def _line(number: int, line: str) -> _Line:
    lead = _LEAD.match(line)
    label = labels.read(line[lead.end() :] if lead else line)
    mark = f"[{lead[1]}]" if lead else ""
    if label:
        mark = mark or label.mark
        return _Line(number, line, replace(label, mark=mark, text=f"{mark} {label.text}"))
    return _Line(number, mark if lead and lead.end() == len(line) else line)


def _spoken(lines: tuple[_Line, ...]) -> Iterator[tuple[int, str | None, str]]:
    """Give number, speaker and text; a speaker goes on until the next label or heading."""
    known = labels.believed(_labels(lines))
    speaker: str | None = None
    for line in lines:
        if line.label and line.label.name in known:
            speaker = line.label.speaker
            yield line.number, speaker, line.label.text
        else:
            speaker = None if line.heading else speaker
            yield line.number, speaker, line.text


def _cut(text: str) -> Iterator[_Piece]:
    """Cut a text at its time marks, which go; `[inaudible 03:23]` is a mark, but stays as text."""
    begin, marks = 0, list[Mark]()
    for found in _MARK.finditer(text):
        time = seconds(found["time"])
        if found["remark"]:
            marks.append((found.start() - begin, time))
            continue
        yield _piece(text[begin : found.start()], marks)
        begin, marks = found.end(), [(0, time)]
    yield _piece(text[begin:], marks)


def _piece(raw: str, marks: list[Mark]) -> _Piece:
    text = raw.strip() if re.search(r"\w", raw) else ""
    return _Piece(text, tuple((min(offset, len(text)), time) for offset, time in marks))


def _timed(segments: Iterable[Segment], times: Timeline | None) -> tuple[Segment, ...]:
    if times is None:
        return tuple(segments)
    timed: list[Segment] = []
    position = 0
    for part in segments:
        end = position + len(part.text)
        timed.append(replace(part, start=times.start(position), end=times.end(end), exact=False))
        position = end
    return tuple(timed)


def _kind(text: str, origin: str) -> TranscriptFile | None:
    suffix = Path(origin).suffix.lower()
    by_content = (kind for kind in KINDS if kind.looks_right(text))
    by_name = (kind for kind in KINDS if suffix in kind.suffixes and not is_html(text))
    return next(by_content, None) or next(by_name, None)


def _cues(document: Document, _duration: float | None) -> tuple[Segment, ...]:
    return cues.parse(document)


def _json(document: Document, _duration: float | None) -> tuple[Segment, ...]:
    return json_transcripts.parse(document)


def _html(document: Document, duration: float | None) -> tuple[Segment, ...]:
    page = html_pages.document(document.text, document.name) if is_html(document.text) else document
    return _text(page, duration)


WEBVTT = TranscriptFile("WebVTT transcript", (".vtt",), cues.is_webvtt, _cues)
SRT = TranscriptFile("SRT transcript", (".srt",), cues.is_srt, _cues)
PODLOVE = TranscriptFile("Podlove transcript", (), json_transcripts.is_podlove, _json)
JSON = TranscriptFile("podcast JSON transcript", (".json",), json_transcripts.is_json, _json)
HTML = TranscriptFile("HTML transcript", (), is_talk_page, _html)
TEXT = TranscriptFile(
    "transcript in text or Markdown", (".txt", ".text", ".md", ".markdown"), is_labelled, _text
)
KINDS = (WEBVTT, SRT, PODLOVE, JSON, HTML, TEXT)
