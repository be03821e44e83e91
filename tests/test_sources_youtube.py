"""YouTube by way of a yt-dlp that is made up: no packet leaves."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from ingest.sources import youtube
from ingest.sources.youtube import YouTube
from ingest.sources.ytdlp import ALWAYS, PROGRAM, YtDlp
from kb.errors import DocumentError, FetchError, SourceError
from kb.models import Chapter, Person, Role

HERE = Path(__file__).parent / "data"
ID = "dQw4w9WgXcQ"
WATCH = f"https://www.youtube.com/watch?v={ID}"
TOLD: dict[str, object] = {
    "id": ID,
    "title": "Votes and judges",
    "channel": "The Small Arena",
    "uploader": "Ada Byron",
    "upload_date": "20260203",
    "duration": 90,
    "language": "en",
    "description": "Guest: Bo Li, statistician\n0:00 Intro\n0:30 Votes\nhttps://arena.example/3",
    "chapters": [
        {"title": "Intro", "start_time": 0, "end_time": 30},
        {"title": "Votes", "start_time": 30, "end_time": 90},
    ],
}


@dataclass(frozen=True, slots=True)
class FakeYtDlp:
    """Tells what it was given, and writes captions and audio where it is told to."""

    told: dict[str, object]
    captions: bytes | None = None
    audio: bytes | None = None
    listed: tuple[str, ...] = ()
    private: frozenset[str] = frozenset()
    asked: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])

    def __call__(self, arguments: Sequence[str]) -> bytes:
        self.asked.append(tuple(arguments))
        address = arguments[-1]
        if address[-11:] in self.private:
            raise FetchError("YouTube: Private video", hint="Is it public?")
        if "--flat-playlist" in arguments:
            return json.dumps({"entries": [{"id": one} for one in self.listed]}).encode()
        if "--dump-single-json" in arguments:
            return json.dumps({**self.told, "id": address[-11:]}).encode()
        folder = Path(arguments[arguments.index("--paths") + 1])
        content, name = (
            (self.captions, "captions.en.vtt")
            if "--sub-langs" in arguments
            else (self.audio, f"youtube-{address[-11:]}.webm")
        )
        if content is not None:
            (folder / name).write_bytes(content)
        return b""

    def wanted(self, option: str) -> list[str]:
        """Give what was asked for under an option."""
        return [asked[asked.index(option) + 1] for asked in self.asked if option in asked]


@pytest.mark.parametrize(
    "url",
    [
        f"https://www.youtube.com/watch?v={ID}",
        f"http://youtube.com/watch?feature=x&v={ID}&list=PL123456&t=42s",
        f"https://m.youtube.com/watch?v={ID}#x",
        f"https://youtu.be/{ID}?t=1",
        f"https://www.youtube.com/shorts/{ID}",
        f"https://www.youtube.com/live/{ID}?feature=share",
        f"https://www.youtube-nocookie.com/embed/{ID}",
    ],
)
def test_an_address_of_a_video_is_put_together_anew(url: str) -> None:
    run = FakeYtDlp(TOLD)
    assert YouTube(run, None).recognises(url, b"")
    (found,) = YouTube(run, None).read(url, latest=5)
    assert run.asked[0][-2:] == ("--", WATCH)
    assert found.episode.link == WATCH


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://www.youtube.com/playlist?list=PLx_-1", "playlist?list=PLx_-1"),
        ("https://www.youtube.com/@ada.byron", "@ada.byron/videos"),
        ("https://youtube.com/channel/UC123/featured", "channel/UC123/videos"),
        ("https://www.youtube.com/c/Ada", "c/Ada/videos"),
    ],
)
def test_a_channel_or_playlist_gives_the_first_that_are_listed(url: str, address: str) -> None:
    run = FakeYtDlp(TOLD, listed=("aaaaaaaaaaa", "bbbbbbbbbbb", "--exec=evil", "ccccccccccc"))
    found = list(YouTube(run, None).read(url, latest=2))
    assert run.asked[0][-2:] == ("--", f"https://www.youtube.com/{address}")
    assert run.wanted("--playlist-items") == ["1:2"]
    assert [(each.episode.link or "")[-11:] for each in found] == ["aaaaaaaaaaa", "bbbbbbbbbbb"]


@pytest.mark.parametrize(
    "url",
    [
        f"https://www.youtube.com.evil.example/watch?v={ID}",
        f"https://evil.example/youtube.com/watch?v={ID}",
        f"https://www.youtube.com@evil.example/watch?v={ID}",
        f"https://ada:pw@www.youtube.com/watch?v={ID}",
        f"https://www.youtube.com:8080/watch?v={ID}",
        f"ftp://www.youtube.com/watch?v={ID}",
        f"file:///watch?v={ID}",
        "https://www.youtube.com/watch?v=--exec",
        f"https://www.youtube.com/watch?v={ID}%0A--exec",
        f"https://youtu.be/{ID}/../../x",
        "https://www.youtube.com/playlist?list=a b",
        "https://www.youtube.com/",
        "https://www.youtube.com/about",
        "https://www.youtube.com/feeds/videos.xml?channel_id=UC1",
        "https://[youtube.com/watch",
        "talk.mp3",
        "",
    ],
)
def test_other_addresses_are_none_of_its_business(url: str) -> None:
    assert not YouTube(FakeYtDlp(TOLD), None).recognises(url, b"")


def test_a_video_comes_with_channel_chapters_people_and_notes() -> None:
    (found,) = YouTube(FakeYtDlp(TOLD), None).read(WATCH, latest=1)
    episode = found.episode
    assert (episode.title, episode.show.title) == ("Votes and judges", "The Small Arena")
    assert episode.key == f"guid:youtube|{ID}"
    assert (episode.published, episode.duration) == (date(2026, 2, 3), 90)
    assert episode.chapters == (Chapter("Intro", 0, 30), Chapter("Votes", 30, 90))
    assert episode.people == (
        Person("Bo Li", Role.GUEST, "statistician"),
        Person("Ada Byron", Role.MENTIONED, "uploaded it"),
    )
    assert found.notes
    assert found.notes.origin.kind == "publisher"
    assert found.notes.segments[-1].text == "https://arena.example/3"
    assert (found.transcript, found.media) == (None, None)


def test_chapters_in_the_description_will_do() -> None:
    (found,) = YouTube(FakeYtDlp({**TOLD, "chapters": None}), None).read(WATCH, latest=1)
    assert found.episode.chapters == (Chapter("Intro", 0, 30), Chapter("Votes", 30, 90))


@pytest.mark.parametrize(
    ("language", "made", "heard", "name", "origin"),
    [
        ("en", ["de", "en", "live_chat"], ["en", "en-orig"], "en", "youtube captions"),
        ("en", ["de", "en-GB"], ["en"], "en\\-GB", "youtube captions"),
        ("en", ["de", "fr"], ["de", "en", "en-orig"], "en\\-orig", "youtube captions (automatic)"),
        (None, ["live_chat"], ["de", "fr-orig", "fr"], "fr\\-orig", "youtube captions (automatic)"),
        (None, ["de"], [], "de", "youtube captions"),
        ("en", [], ["en"], "en", "youtube captions (automatic)"),
    ],
)
def test_captions_that_people_made_go_before_automatic_ones(
    language: str | None, made: list[str], heard: list[str], name: str, origin: str
) -> None:
    told = {
        **TOLD,
        "language": language,
        "subtitles": dict.fromkeys(made),
        "automatic_captions": dict.fromkeys(heard),
    }
    run = FakeYtDlp(told, captions=(HERE / "rolling.vtt").read_bytes())
    (found,) = YouTube(run, None).read(WATCH, latest=1)
    assert run.wanted("--sub-langs") == [f"^{name}$"]
    assert found.transcript
    assert (found.transcript.origin.kind, found.transcript.origin.detail) == ("publisher", origin)
    assert found.transcript.language == name.replace("\\", "").removesuffix("-orig")
    assert [segment.text for segment in found.transcript.segments][:2] == [
        "hello and welcome",
        "to the show",
    ]


@pytest.mark.parametrize(
    ("language", "made"), [("en", ["de", "fr"]), (None, ["de", "fr"]), ("en", [])]
)
def test_captions_in_other_languages_are_no_transcript(
    language: str | None, made: list[str], tmp_path: Path
) -> None:
    told = {**TOLD, "language": language, "subtitles": dict.fromkeys(made)}
    run = FakeYtDlp(told, captions=b"WEBVTT", audio=b"audio")
    (found,) = YouTube(run, tmp_path / "downloads").read(WATCH, latest=1)
    assert run.wanted("--sub-langs") == []
    assert found.transcript is None
    assert found.media == str(tmp_path / "downloads" / f"youtube-{ID}.webm")


def test_captions_that_cannot_be_read_are_told_and_the_audio_is_taken(tmp_path: Path) -> None:
    run = FakeYtDlp({**TOLD, "subtitles": {"en": []}}, captions=None, audio=b"audio")
    (found,) = YouTube(run, tmp_path).read(WATCH, latest=1)
    assert found.episode.warnings == ("Its captions cannot be read: YouTube sent none",)
    assert found.media == str(tmp_path / f"youtube-{ID}.webm")


def test_audio_is_saved_once_and_within_a_limit(tmp_path: Path) -> None:
    run = FakeYtDlp(TOLD, audio=b"audio")
    (tmp_path / f"youtube-{ID}.webm.part").write_bytes(b"a piece")
    for _ in range(2):
        (found,) = YouTube(run, tmp_path).read(WATCH, latest=1)
        assert found.media == str(tmp_path / f"youtube-{ID}.webm")
    assert run.wanted("--max-filesize") == ["2000M"]


def test_audio_that_does_not_come_is_told(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="has no audio of less than 2000 MB") as caught:
        next(YouTube(FakeYtDlp(TOLD), tmp_path).read(WATCH, latest=1))
    assert "live" in caught.value.hint


def test_one_private_video_hides_no_other_and_is_told_at_the_end() -> None:
    run = FakeYtDlp(TOLD, listed=("aaaaaaaaaaa", ID), private=frozenset({"aaaaaaaaaaa"}))
    found = YouTube(run, None).read("https://www.youtube.com/@ada", latest=5)
    assert next(found).episode.link == WATCH
    with pytest.raises(FetchError, match="Private video"):
        next(found)


@pytest.mark.parametrize("told", [b"", b"[]", b'{"id": "short", "title": "x"}', b'{"entries": 1}'])
def test_nonsense_is_refused(told: bytes) -> None:
    for url in (WATCH, "https://www.youtube.com/@ada"):
        with pytest.raises(DocumentError, match="makes no sense"):
            next(YouTube(lambda _: told, None).read(url, latest=1))


def test_what_is_no_address_of_youtubes_is_refused_when_read() -> None:
    with pytest.raises(SourceError, match="is no address of YouTube's"):
        next(YouTube(FakeYtDlp(TOLD), None).read("https://a.example/", latest=1))


# the program itself


def stub(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_what_the_program_writes_is_given_and_it_hears_of_no_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://evil.example")
    monkeypatch.setenv("SECRET_TOKEN", "x")
    code = "import os, sys; print(sys.argv[1:], sorted(set(os.environ) - {'LC_CTYPE'}))"
    said = YtDlp(program=stub(code))(["--", WATCH]).decode()
    assert str([*ALWAYS, "--", WATCH]) in said
    assert "PROXY" not in said
    assert "TOKEN" not in said


@pytest.mark.parametrize(
    ("code", "run", "fault"),
    [
        ("import sys; sys.exit('ERROR: Private video')", YtDlp(), "YouTube: Private video"),
        ("import sys; sys.exit(3)", YtDlp(), "it ended with 3"),
        ("import time; time.sleep(60)", YtDlp(timeout=0.2), "stopped after 0 seconds"),
        ("print('x' * 5000)", YtDlp(limit=1000), "wrote more than 1,000 bytes"),
    ],
)
def test_a_program_that_fails_hangs_or_floods_is_told(code: str, run: YtDlp, fault: str) -> None:
    with pytest.raises(FetchError, match=fault) as caught:
        YtDlp(timeout=run.timeout, limit=run.limit, program=stub(code))(["x"])
    assert caught.value.hint


def test_without_yt_dlp_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_: str) -> None:
        return None

    monkeypatch.setattr("ingest.sources.ytdlp.find_spec", nothing)
    with pytest.raises(SourceError) as caught:
        YtDlp()(["--version"])
    assert caught.value.hint == 'pip install -e ".[youtube]"'


def test_yt_dlp_knows_every_option_that_it_is_given(tmp_path: Path) -> None:
    yt_dlp = pytest.importorskip("yt_dlp", reason="the extra `youtube` is not installed")
    run = FakeYtDlp({**TOLD, "subtitles": {"en": []}}, listed=(ID,), audio=b"audio")
    list(YouTube(run, tmp_path).read("https://www.youtube.com/@ada", latest=1))
    assert len(run.asked) == 4
    for asked in run.asked:
        known = yt_dlp.parse_options([*ALWAYS, *asked])
        assert known.urls == [asked[-1]]
        assert known.ydl_opts["allowed_extractors"] == ["youtube.*"]
        assert not known.ydl_opts.get("exec_cmd")
    assert PROGRAM[0] == sys.executable


def test_the_size_of_a_listing_is_bounded_by_what_is_asked_for() -> None:
    assert youtube.listing("https://www.youtube.com/watch?list=PL12") == (
        "https://www.youtube.com/playlist?list=PL12"
    )
