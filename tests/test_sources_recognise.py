"""Which source takes what."""

from pathlib import Path

import pytest

from ingest.ports import Source
from ingest.sources import recognise
from ingest.sources.briefs import BriefFile
from ingest.sources.manifest import Manifest
from ingest.sources.media import Recording, RemoteRecording
from ingest.sources.shownotes import ShowNotes
from ingest.sources.transcripts import KINDS
from kb.errors import SourceError

HERE = Path(__file__).parent / "data"
SOURCES: tuple[Source, ...] = (
    *(BriefFile(), ShowNotes(), Manifest(), *KINDS),
    *(Recording(), RemoteRecording()),
)

EXAMPLES = {
    "brief.md": "brief in seven sections",
    "notes.txt": "show notes",
    "shelf/manifest.json": "manifest of transcripts",
    "shelf/arena-3-notes.md": "transcript in text or Markdown",
    "talk.vtt": "WebVTT transcript",
    "talk.srt": "SRT transcript",
    "talk.json": "podcast JSON transcript",
    "talk.md": "transcript in text or Markdown",
    "talk.html": "HTML transcript",
    "talk.podlove.json": "Podlove transcript",
    "rolling.vtt": "WebVTT transcript",
    "notes.html": "show notes",
}


@pytest.mark.parametrize(("name", "source"), EXAMPLES.items())
def test_each_of_our_examples_goes_to_its_source(name: str, source: str) -> None:
    assert recognise(name, (HERE / name).read_bytes(), SOURCES).name == source


@pytest.mark.parametrize("name", [name for name in EXAMPLES if not name.startswith("shelf/arena")])
@pytest.mark.parametrize("alias", ["transcript", "saved.txt", "saved.html", "saved.json", "a.vtt"])
def test_content_goes_before_any_name(name: str, alias: str) -> None:
    assert recognise(alias, (HERE / name).read_bytes(), SOURCES).name == EXAMPLES[name]


@pytest.mark.parametrize(
    ("name", "head", "source"),
    [
        ("https://a.example/talk.mp3?sig=1", b"", "address of an audio or video file"),
        ("https://a.example/play/17", b"ID3\x04\x00", "address of an audio or video file"),
        ("talk.mp3", b"", "audio or video file"),
        ("talk.mp3", b"<html>Not found</html>", "audio or video file"),
        ("talk.txt", b"ID3\x04\x00\x00", "audio or video file"),
        ("talk.mp3", b"WEBVTT\n\n", "WebVTT transcript"),
        ("talk.txt", b"Only text.", "transcript in text or Markdown"),
        ("talk.srt", b"", "SRT transcript"),
    ],
)
def test_odd_files_go_where_their_fault_is_best_told(name: str, head: bytes, source: str) -> None:
    assert recognise(name, head, SOURCES).name == source


@pytest.mark.parametrize(
    ("origin", "head"),
    [
        ("/home/ada/talk.pdf", b"%PDF-1.7\n"),
        ("https://a.example/", b""),
        ("x.bin", b"\0\1\2"),
        ("page.html", b"<!doctype html><h1>News</h1><p>Ada: a name and a colon.</p>"),
        ("page.txt", b"<html><p><b>Price:</b> 5</p><p><b>Size:</b> 4</p><p>0:10 is late.</p>"),
        ("transcript", b"Nothing in it says what it is."),
    ],
)
def test_unknown_things_are_refused_with_what_would_do(origin: str, head: bytes) -> None:
    with pytest.raises(SourceError, match="is nothing that can be read here") as caught:
        recognise(origin, head, SOURCES)
    assert "WebVTT transcript, SRT transcript" in caught.value.hint


@pytest.mark.slow
def test_real_documents_go_to_their_sources(shared: Path) -> None:
    files = {
        **dict.fromkeys((shared / "data/seeds").glob("000_*"), "show notes"),
        **dict.fromkeys((shared / "data/seeds").glob("003_*"), "brief in seven sections"),
        **dict.fromkeys(
            (shared / "data/corpus/text/dev/episodes").glob("*.md"),
            "transcript in text or Markdown",
        ),
        **dict.fromkeys((shared / "data/corpus").rglob("*.vtt"), "WebVTT transcript"),
        **dict.fromkeys(
            (shared / "data/corpus/text/dev").glob("manifest.json"), "manifest of transcripts"
        ),
        **dict.fromkeys((shared / "data/audio").rglob("*.mp3"), "audio or video file"),
    }
    assert len(files) >= 56
    for path, source in files.items():
        with path.open("rb") as file:
            assert recognise(str(path), file.read(2**16), SOURCES).name == source, path.name
