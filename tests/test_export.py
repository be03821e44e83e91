"""Exports: other programs and our own sources read back what was written."""

from dataclasses import replace
from pathlib import Path

import pysubs2
import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from ingest.sources import transcripts
from kb import export
from kb.errors import LibraryError
from kb.models import Origin, Segment, Tier, Transcript
from tests.samples import COSTS, LEAKS

EPISODE = LEAKS.episode
HOSTILE = 'A < B && C > "D" -- <script>alert(1)</script> &amp;'


def spoken() -> Transcript:
    """Give a transcript with signs that formats use themselves."""
    heard = LEAKS.documents[Tier.TRANSCRIPT]
    assert isinstance(heard, Transcript)
    more = (
        Segment(HOSTILE, "Ada <b>& Co", 36, 41.5),
        Segment("Nobody says who.", None, 41.5, 3_600),
        Segment("An hour in.", "Mara Quill", 3_600.25, 36_001.999),
    )
    return replace(heard, segments=(*heard.segments, *more))


def times(transcript: Transcript) -> list[tuple[float | None, float | None]]:
    return [(each.start, each.end) for each in transcript.segments]


def test_webvtt_py_reads_our_webvtt() -> None:
    captions = webvtt.from_string(export.webvtt(EPISODE, spoken())).captions

    assert [(c.start_in_seconds, c.voice) for c in captions][:2] == [
        (0, "Mara Quill"),
        (6, "Jonas Feld"),
    ]
    assert len(captions) == len(spoken().segments)
    assert captions[0].text == "Everybody shows a benchmark, and nobody shows the failures."
    assert captions[-1].end == "10:00:01.999"


def test_pysubs2_reads_our_srt() -> None:
    events = pysubs2.SSAFile.from_string(export.srt(EPISODE, spoken()), format_="srt").events

    assert [(event.start, event.end) for event in events] == [
        (round((start or 0) * 1000), round((end or 0) * 1000)) for start, end in times(spoken())
    ]
    assert events[1].plaintext.startswith("Jonas Feld: A benchmark that leaked")


@pytest.mark.parametrize("kind", ["vtt", "srt", "json"])
def test_our_own_sources_read_every_timed_format_back(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"talk.{kind}"
    file.write_text(export.FORMATS[kind](EPISODE, spoken()), encoding="utf-8")

    read = transcripts.transcript(file)

    assert times(read) == times(spoken())
    assert [(each.speaker, each.text) for each in read.segments[:6]] == [
        (each.speaker, each.text) for each in spoken().segments[:6]
    ]


@pytest.mark.parametrize("kind", ["vtt", "json"])
def test_signs_of_the_format_survive_the_round(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"talk.{kind}"
    file.write_text(export.FORMATS[kind](EPISODE, spoken()), encoding="utf-8")

    read = transcripts.transcript(file).segments[6]

    assert (read.speaker, read.text) == ("Ada <b>& Co", HOSTILE)


@pytest.mark.parametrize("kind", ["md", "txt"])
def test_text_formats_keep_speakers_and_words(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"talk.{kind}"
    heard = LEAKS.documents[Tier.TRANSCRIPT]
    assert isinstance(heard, Transcript)
    file.write_text(export.FORMATS[kind](EPISODE, heard), encoding="utf-8")

    read = transcripts.transcript(file)

    assert [(each.speaker, each.text) for each in read.segments][-6:] == [
        (each.speaker, each.text) for each in heard.segments
    ]


@pytest.mark.parametrize("kind", ["vtt", "srt", "json"])
def test_a_transcript_without_times_is_refused_by_formats_that_need_them(kind: str) -> None:
    untimed = Transcript((Segment("One.", "A"), Segment("Two.", "A", 1, 2)), Origin("file", "x"))

    with pytest.raises(LibraryError, match="no times") as refusal:
        export.FORMATS[kind](EPISODE, untimed)
    assert "md or txt" in refusal.value.hint


def test_text_without_times_is_written_all_the_same() -> None:
    untimed = Transcript((Segment("One.", "A"), Segment("Two.")), Origin("file", "x"))

    assert export.text(EPISODE, untimed) == "A: One.\nTwo.\n"
    assert export.markdown(EPISODE, untimed).startswith(f"# {EPISODE.title}\n")


@given(st.floats(0, 400_000))
def test_times_are_written_to_the_millisecond(start: float) -> None:
    told = Transcript((Segment("One.", None, start, start),), Origin("file", "x"))

    [caption] = webvtt.from_string(export.webvtt(COSTS.episode, told)).captions

    hours, minutes, seconds = caption.start.split(":")
    written = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    assert written == pytest.approx(start, abs=0.0006)
