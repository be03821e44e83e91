"""WebVTT and SRT: cues of text under `start --> end`. One reader for both, so that lines are known."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.sources import labels, rolling
from ingest.sources.documents import Document
from ingest.timecodes import CLOCK, seconds
from kb.errors import DocumentError
from kb.models import Segment

_TIMING = re.compile(rf"\s*({CLOCK})\s*-->\s*({CLOCK})(?:\s.*)?")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s([^<>]+)>")
_TAG = re.compile(r"</?(?:v|c|i|b|u|s|ruby|rt|lang|font|\d[\d:.]*)(?:[.\s][^<>]*)?>|\{\\[^{}]*\}")
_CHANGE = re.compile(r">>|[-–—]\s")
_HINT = "Open it in a text editor and mend that line, or export the transcript again."


@dataclass(frozen=True, slots=True)
class Cue:
    """A caption as it stands on the screen; `line` is that of its times."""

    line: int
    start: float
    end: float
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Give its lines as one."""
        return " ".join(self.lines)


def is_webvtt(text: str) -> bool:
    """Tell whether a text begins the way WebVTT must."""
    return re.match(r"WEBVTT(?:\s|$)", text) is not None


def is_srt(text: str) -> bool:
    """Tell whether a text begins with a cue: a number, then its times."""
    return re.match(rf"\s*\d+[ \t]*\n[ \t]*{CLOCK}[ \t]*-->[ \t]*{CLOCK}", text) is not None


def parse(document: Document) -> tuple[Segment, ...]:
    """Read the cues, one segment for each voice in each.

    A voice tag (`<v Ada>`) names the speaker of its words only; a label (`Ada: …`) holds until the
    next label or change mark (`>>`, `- `). Captions that roll give each line once.

    Raises:
        DocumentError: there are no cues, or a line of times makes no sense.
    """
    cues = rolling.unrolled(tuple(_cues(document)))
    segments = tuple(_labelled(piece for cue in cues for piece in _voices(cue)))
    if not segments:
        raise DocumentError(
            f"{document.name} holds no cues", hint="Was it saved or downloaded whole?"
        )
    return segments


def _cues(document: Document) -> Iterator[Cue]:
    times: tuple[int, float, float] | None = None
    payload: list[str] = []
    lines = (*document.lines, (0, ""))
    for place, (number, line) in enumerate(lines):
        if "-->" not in line and (line.strip() or _goes_on(line, lines[place + 1 : place + 3])):
            payload += filter(None, [line.strip()])
            continue
        if times:
            yield Cue(*times, tuple(payload))
        times, payload = (_times(document, number, line) if "-->" in line else None), []


def _goes_on(line: str, after: Sequence[tuple[int, str]]) -> bool:
    """Tell whether a line of nothing but spaces is one of a caption: then no other follows it yet."""
    return bool(line) and not any("-->" in text for _, text in after)


def _times(document: Document, number: int, line: str) -> tuple[int, float, float]:
    found = _TIMING.fullmatch(line)
    if not found:
        raise DocumentError(
            f"{document.name} is damaged: line {number} has no times that can be read", hint=_HINT
        )
    start, end = seconds(found[1]), seconds(found[2])
    if end < start:
        raise DocumentError(
            f"{document.name} is damaged: the cue on line {number} ends before it starts",
            hint=_HINT,
        )
    return number, start, end


def _voices(cue: Cue) -> Iterator[Segment]:
    before, *voiced = _VOICE.split(cue.text)
    for voice, text in [(None, before), *zip(voiced[::2], voiced[1::2], strict=True)]:
        plain = " ".join(html.unescape(_TAG.sub("", text)).split())
        if plain:
            speaker = html.unescape(voice).strip() if voice else None
            words = () if voice else rolling.words(cue)
            yield Segment(plain, speaker, cue.start, cue.end, line=cue.line, words=words)


def _labelled(pieces: Iterator[Segment]) -> Iterator[Segment]:
    every = tuple(pieces)
    if any(piece.speaker for piece in every):
        yield from every
        return
    found = [labels.read(piece.text) for piece in every]
    known = labels.believed(found)
    speaker: str | None = None
    for piece, label in zip(every, found, strict=True):
        if label and label.name in known:
            speaker, text = label.speaker, label.text
        else:
            speaker, text = (None if _CHANGE.match(piece.text) else speaker), piece.text
        if text:
            yield replace(piece, text=text, speaker=speaker)
