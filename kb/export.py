"""An episode's transcript as text that other programs read: one function for each format."""

import json
from collections.abc import Callable, Mapping

from kb.errors import LibraryError
from kb.models import Episode, Segment, Transcript
from kb.text import clock


def webvtt(_episode: Episode, transcript: Transcript) -> str:
    """Write WebVTT with a voice for each speaker.

    Raises:
        LibraryError: the transcript has no times.
    """
    cues = [
        f"{_stamp(start)} --> {_stamp(end)}\n{_voice(segment)}{_escaped(segment.text)}\n"
        for segment, start, end in _timed(transcript)
    ]
    return "\n".join(("WEBVTT\n", *cues))


def srt(_episode: Episode, transcript: Transcript) -> str:
    """Write SubRip; the speaker stands before the text.

    Raises:
        LibraryError: the transcript has no times.
    """
    cues = [
        f"{n}\n{_stamp(start, ',')} --> {_stamp(end, ',')}\n{_label(segment)}{segment.text}\n"
        for n, (segment, start, end) in enumerate(_timed(transcript), 1)
    ]
    return "\n".join(cues)


def podcast_json(_episode: Episode, transcript: Transcript) -> str:
    """Write the JSON of the podcast namespace.

    Raises:
        LibraryError: the transcript has no times.
    """
    segments = [
        {"startTime": start, "endTime": end, "body": segment.text}
        | ({"speaker": segment.speaker} if segment.speaker else {})
        for segment, start, end in _timed(transcript)
    ]
    return json.dumps({"version": "1.0.0", "segments": segments}, ensure_ascii=False, indent=1)


def markdown(episode: Episode, transcript: Transcript) -> str:
    """Write paragraphs with times and speakers under the episode's title."""
    lines = [f"# {episode.title}", f"{episode.show.title}", ""]
    for segment in transcript.segments:
        at = "" if segment.start is None else f"[{clock(segment.start)}] "
        who = f"**{segment.speaker}:** " if segment.speaker else ""
        lines += [f"{at}{who}{segment.text}", ""]
    return "\n".join(lines)


def text(_episode: Episode, transcript: Transcript) -> str:
    """Write the words and nothing else but who says them."""
    return "\n".join(f"{_label(segment)}{segment.text}" for segment in transcript.segments) + "\n"


FORMATS: Mapping[str, Callable[[Episode, Transcript], str]] = {
    "vtt": webvtt,
    "srt": srt,
    "json": podcast_json,
    "md": markdown,
    "txt": text,
}


def _timed(transcript: Transcript) -> list[tuple[Segment, float, float]]:
    timed = [
        (segment, segment.start, segment.end)
        for segment in transcript.segments
        if segment.start is not None and segment.end is not None
    ]
    if len(timed) < len(transcript.segments):
        raise LibraryError(
            "This transcript has no times, which the format needs", hint="Use --format md or txt."
        )
    return timed


def _stamp(seconds: float, point: str = ".") -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}{point}{thousandths:03}"


def _voice(segment: Segment) -> str:
    return f"<v {_escaped(segment.speaker)}>" if segment.speaker else ""


def _label(segment: Segment) -> str:
    return f"{segment.speaker}: " if segment.speaker else ""


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
