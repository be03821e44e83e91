"""Podcast feeds: what is read of good ones, and what is said of bad ones."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from ingest.ports import Fetched, Found, Head
from ingest.sources.feed import FeedSource, ShowPage
from ingest.sources.feed_xml import parse
from kb.errors import DocumentError, FetchError
from kb.models import Chapter, Person, Role

FEEDS = Path(__file__).parent / "data" / "feeds"
SHOW = "https://tide.example/feed.xml"
OFFERED = {
    "https://tide.example/3.vtt": "talk.vtt",
    "https://tide.example/3.srt": "talk.srt",
    "https://tide.example/3.fr.json": "talk.json",
    "https://tide.example/2.chapters.json": "talk.chapters.json",
}


@dataclass
class Web:
    """A fetcher of pages that are at hand; everything else is missing.

    `moved` holds permanent redirects, `unchanged` the pages of which the server says just that.
    """

    pages: dict[str, bytes] = field(default_factory=dict[str, bytes])
    asked: list[str] = field(default_factory=list[str])
    moved: dict[str, str] = field(default_factory=dict[str, str])
    unchanged: set[str] = field(default_factory=set[str])

    def get(self, url: str, *, limit: int = 32 * 2**20) -> Fetched:
        self.asked.append(url)
        home = self.moved.get(url, url)
        if home not in self.pages:
            raise FetchError(f"{url} answered 404", hint="Check the address.")
        assert len(self.pages[home]) <= limit
        return Fetched(self.pages[home], home, url not in self.unchanged)

    def peek(self, url: str) -> Head:
        raise AssertionError(f"a feed is read whole, not only the head of {url}")

    def download(self, url: str, folder: Path, *, report: Callable[[float], None]) -> Path:
        del folder, report
        raise AssertionError(f"a source fetches no audio, not even {url}")


def tide(**replaced: bytes) -> Web:
    """Serve the show with all that it offers; `vtt=b""` and the like replace one of them."""
    pages = {url: (FEEDS / name).read_bytes() for url, name in OFFERED.items()}
    changed = {url: replaced.get(url.rpartition(".")[2], page) for url, page in pages.items()}
    return Web({SHOW: (FEEDS / "show.xml").read_bytes(), **changed})


def source(web: Web) -> FeedSource:
    """Read in this process, where it is quick; `tests/test_sources_feed_bad.py` does not."""
    return FeedSource(web, parse=parse)


def read(origin: str | Path, web: Web | None = None, *, latest: int = 10) -> list[Found]:
    return list(source(web or Web()).read(str(origin), latest=latest))


def rss(items: str, *, title: str = "<title>Show</title>") -> bytes:
    return f"<rss version='2.0'><channel>{title}{items}</channel></rss>".encode()


def saved(folder: Path, content: bytes) -> Path:
    path = folder / "feed.xml"
    path.write_bytes(content)
    return path


def one(folder: Path, item: str) -> Found:
    (found,) = read(saved(folder, rss(f"<item>{item}</item>")))
    return found


@pytest.mark.parametrize("name", ["show.xml", "atom.xml", "nearby.xml"])
def test_a_feed_in_a_file_is_known_by_its_content(name: str) -> None:
    head = (FEEDS / name).read_bytes()

    assert FeedSource(Web()).recognises("no-extension", head)
    assert FeedSource(Web()).recognises("utf-16", head.decode().encode("utf-16"))


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"<html><body>rss</body></html>",
        b"<!DOCTYPE html><rss>",
        b"<!-- <rss> --><opml/>",
        b"WEBVTT\n\n",
        b"\xff\xfb\x90\x00",
    ],
)
def test_other_files_are_not_feeds(head: bytes) -> None:
    assert not FeedSource(Web()).recognises("feed.xml", head)


@pytest.mark.parametrize("path", ["feed", "feed.xml?format=rss", "show/", "", "a.mp3/feed"])
def test_an_address_is_known_by_what_is_there(path: str) -> None:
    url = f"https://tide.example/{path}"

    assert FeedSource(Web()).recognises(url, b"<?xml version='1.0'?><rss>")
    assert not FeedSource(Web()).recognises(url, b"")
    assert not FeedSource(Web()).recognises(url, b"<!DOCTYPE html><html>")


def test_a_page_at_an_address_may_name_a_feed_and_a_saved_one_is_none() -> None:
    pages = ShowPage(FeedSource(Web()))

    assert pages.recognises("https://tide.example/show", b"<!DOCTYPE html><html>")
    assert not pages.recognises("https://tide.example/show", b"")
    assert not pages.recognises("show.html", b"<!DOCTYPE html><html>")


def test_the_newest_episodes_come_first_whatever_their_order_in_the_file() -> None:
    titles = [found.episode.title for found in read(SHOW, tide(), latest=2)]

    assert titles == ["Buoys that listen", "Fog on the line"]


def test_nothing_is_fetched_for_episodes_that_are_not_wanted() -> None:
    web = tide()

    read(SHOW, web, latest=1)

    assert web.asked == [SHOW, "https://tide.example/3.vtt"]


def test_an_episode_carries_what_its_feed_says() -> None:
    episode = read(SHOW, tide())[0].episode

    assert episode.key == "guid:tide-signal|tide-3"
    assert episode.id.startswith("buoys-that-listen-")
    assert (episode.show.id, episode.show.title) == ("tide-signal", "Tide & Signal")
    assert episode.show.feed_url == SHOW
    assert episode.published == date(2024, 3, 1), "the day where the publisher is"
    assert episode.duration == 3723
    assert episode.link == "https://tide.example/3"
    assert episode.audio_url == "https://cdn.tide.example/3.mp3?utm=x&sig=a%2Fb"
    assert episode.summary == "A short teaser."
    assert episode.warnings == ()


def test_the_media_is_the_audio_not_the_picture() -> None:
    assert read(SHOW, tide())[0].media == "https://cdn.tide.example/3.mp3?utm=x&sig=a%2Fb"


def test_people_of_the_episode_replace_those_of_the_show() -> None:
    newest, _, oldest = read(SHOW, tide())

    assert newest.episode.people == (
        Person("Mara Voss", Role.HOST),
        Person("Ode Marsh", Role.GUEST),
    )
    assert oldest.episode.people == (
        Person("Mara Voss", Role.HOST),
        Person("Lin Okafor", Role.MENTIONED, "editor"),
        Person("Pel Idris", Role.MENTIONED, "author"),
    )


def test_chapters_are_read_from_the_feed_in_order_of_time() -> None:
    assert read(SHOW, tide())[0].episode.chapters == (
        Chapter("Who listens", 0, 750.5),
        Chapter("Salt and steel", 750.5, 3723),
    )


def test_chapters_are_read_from_the_file_that_the_feed_links_to() -> None:
    assert read(SHOW, tide())[1].episode.chapters == (
        Chapter("Fog", 0, 600.5),
        Chapter("Bells", 600.5, 1800),
    )


@pytest.mark.parametrize("damaged", [b"", b"[]", b'{"chapters": [{"startTime": -1}]}', b"<html>"])
def test_chapters_that_cannot_be_read_leave_those_of_the_notes_and_a_warning(
    damaged: bytes,
) -> None:
    episode = read(SHOW, tide(json=damaged))[1].episode

    assert [chapter.title for chapter in episode.chapters] == ["Fog", "Bells"]
    assert [chapter.start for chapter in episode.chapters] == [0, 600]
    assert "list of chapters" in episode.warnings[0]


def test_notes_are_plain_lines_with_the_times_of_their_chapters() -> None:
    notes = read(SHOW, tide())[0].notes

    assert notes is not None
    assert [segment.text for segment in notes.segments] == [
        "We ask Ode Marsh what buoys hear.",
        "(0:00) Who listens",
        "(12:30) Salt & steel",
    ]
    assert notes.segments[2].start == 750


def test_the_transcript_in_the_feeds_language_is_taken_with_its_speakers() -> None:
    transcript = read(SHOW, tide())[0].transcript

    assert transcript is not None
    assert (transcript.origin.kind, transcript.origin.detail) == (
        "publisher",
        "https://tide.example/3.vtt",
    )
    assert transcript.language == "en"
    assert [(part.speaker, part.text) for part in transcript.segments] == [
        ("Ode Marsh", "A buoy hears more than it says."),
        ("Mara Voss", "Then it is a good guest."),
    ]


def test_the_next_transcript_is_taken_where_the_first_cannot_be_read() -> None:
    found = read(SHOW, tide(vtt=b"<html>Not found</html>"))[0]

    assert found.transcript is not None
    assert found.transcript.origin.detail == "https://tide.example/3.srt"
    assert "3.vtt is no transcript" in found.episode.warnings[0]


def test_an_episode_is_kept_where_none_of_its_transcripts_can_be_had() -> None:
    web = tide()
    web.pages = {SHOW: web.pages[SHOW]}

    found = read(SHOW, web)[0]

    assert found.transcript is None
    assert len(found.episode.warnings) == 4
    assert found.media is not None


def test_a_transcript_is_read_by_what_it_is_not_by_what_it_is_called() -> None:
    found = read(SHOW, tide(vtt=(FEEDS / "talk.srt").read_bytes()))[0]

    assert found.transcript is not None
    assert found.transcript.segments[0].text == "A buoy hears more than it says."


def test_atom_is_read_like_rss() -> None:
    (found,) = read(FEEDS / "atom.xml")

    assert found.episode.key == "guid:letters-read-aloud|tag:letters.example,2024:1"
    assert found.episode.published == date(2024, 5, 6)
    assert found.episode.link == "https://letters.example/1"
    assert found.episode.people == (Person("Ines Roth", Role.HOST),)
    assert found.episode.show.feed_url is None
    assert found.media == "https://letters.example/1.mp3"


def nearby(folder: Path) -> Path:
    shutil.copytree(FEEDS, folder, dirs_exist_ok=True)
    (folder / "audio").mkdir()
    (folder / "audio" / "one talk.opus").write_bytes(b"OggS")
    return folder / "nearby.xml"


def test_a_local_feed_finds_what_lies_beside_it(tmp_path: Path) -> None:
    (found,) = read(nearby(tmp_path))

    assert found.media == str((tmp_path / "audio" / "one talk.opus").resolve())
    assert found.episode.audio_url is None
    assert found.transcript is not None
    assert found.transcript.origin.detail == "talk.vtt"
    assert [chapter.title for chapter in found.episode.chapters] == ["Fog", "Bells"]
    assert found.episode.warnings == ()


OUTSIDE = [
    "../secret.txt",
    "audio/../../secret.txt",
    "%2e%2e/secret.txt",
    "..%2Fsecret.txt",
    "link.txt",
    "/etc/passwd",
    "//etc/passwd",
    "file:///etc/passwd",
    "%00",
    "x" * 300,
    "",
    ".",
    "missing.mp3",
    "javascript:alert(1)",
    "data:text/plain,hello",
]


@pytest.mark.parametrize("href", OUTSIDE)
def test_a_local_feed_leads_to_no_file_outside_its_folder(tmp_path: Path, href: str) -> None:
    (tmp_path / "secret.txt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nsecret\n")
    folder = tmp_path / "feed"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")

    content = (FEEDS / "nearby.xml").read_text()
    for old in ("audio/one%20talk.opus", "talk.vtt", "talk.chapters.json"):
        content = content.replace(old, href)
    (found,) = read(saved(folder, content.encode()))

    assert found.media is None
    assert found.transcript is None
    assert found.episode.audio_url is None


@pytest.mark.parametrize("href", ["file:talk.vtt", "x:talk.vtt"])
def test_a_feed_from_the_web_leads_to_no_local_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, href: str
) -> None:
    folder = tmp_path / "https:" / "tide.example"  # where its address would be, if it were a path
    folder.mkdir(parents=True)
    shutil.copy(FEEDS / "talk.vtt", folder / href)
    monkeypatch.chdir(tmp_path)
    feed = (FEEDS / "nearby.xml").read_text()

    (found,) = read(SHOW, Web({SHOW: feed.replace("talk.vtt", href).encode()}))

    assert found.transcript is None
    assert found.media == "https://tide.example/audio/one%20talk.opus"


def test_relative_addresses_of_a_feed_from_the_web_count_from_there() -> None:
    web = Web(
        {
            SHOW: (FEEDS / "nearby.xml").read_bytes(),
            "https://tide.example/talk.vtt": (FEEDS / "talk.vtt").read_bytes(),
        }
    )

    (found,) = read(SHOW, web)

    assert found.episode.audio_url == "https://tide.example/audio/one%20talk.opus"
    assert found.transcript is not None


def test_a_feed_that_cannot_be_fetched_is_an_error() -> None:
    with pytest.raises(FetchError, match="404"):
        read(SHOW)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"none\.xml cannot be opened"):
        read(tmp_path / "none.xml")


def test_a_file_larger_than_any_feed_is_not_read(tmp_path: Path) -> None:
    path = saved(tmp_path, b"<rss>")
    with path.open("r+b") as file:
        file.truncate(33 * 2**20)

    with pytest.raises(DocumentError, match="larger than"):
        read(path)


def test_an_item_without_audio_is_kept(tmp_path: Path) -> None:
    found = one(tmp_path, "<title>Only words</title><guid>1</guid><description>Hello</description>")

    assert found.media is None
    assert found.episode.audio_url is None
    assert found.notes is not None
    assert found.episode.warnings == ()


def test_an_item_without_guid_is_known_by_its_audio_without_the_query(tmp_path: Path) -> None:
    found = one(
        tmp_path,
        "<title>One</title><enclosure url='https://a.example/1.mp3?sig=2' type='audio/mpeg'/>",
    )

    assert found.episode.key == "enclosure:https://a.example/1.mp3|One"


@pytest.mark.parametrize("written", ["", "<pubDate/>", "<pubDate>yesterday</pubDate>"])
def test_an_item_without_a_date_has_none_and_comes_last(tmp_path: Path, written: str) -> None:
    dated = "<item><title>Dated</title><pubDate>Mon, 01 Jan 2024 08:00:00 GMT</pubDate></item>"
    undated = f"<item><title>Undated</title>{written}</item>"

    dates = [found.episode.published for found in read(saved(tmp_path, rss(undated + dated)))]

    assert dates == [date(2024, 1, 1), None]


def test_an_item_without_title_is_called_after_its_file(tmp_path: Path) -> None:
    found = one(tmp_path, "<enclosure url='https://a.example/x/my-talk_2.mp3?a=/b' />")

    assert found.episode.title == "my talk 2"


def test_an_item_with_neither_title_nor_file_is_untitled(tmp_path: Path) -> None:
    assert one(tmp_path, "<guid>1</guid>").episode.title == "Untitled episode"


def test_an_item_that_nothing_identifies_is_left_out(tmp_path: Path) -> None:
    empty, named = "<item><description>x</description></item>", "<item><guid>1</guid></item>"

    assert len(read(saved(tmp_path, rss(empty + named)))) == 1


def test_an_item_that_comes_twice_is_given_once(tmp_path: Path) -> None:
    twice = "<item><guid>1</guid><title>First</title></item>" * 2

    assert len(read(saved(tmp_path, rss(twice)))) == 1


def test_a_show_without_title_is_called_after_its_file_or_host(tmp_path: Path) -> None:
    content = rss("<item><guid>1</guid></item>", title="")

    assert read(saved(tmp_path, content))[0].episode.show.title == "feed"
    assert read(SHOW, Web({SHOW: content}))[0].episode.show.title == "tide.example"


@pytest.mark.parametrize("href", ["http://[bad/1.mp3", "//[bad", "http://", "javascript:alert(1)"])
def test_an_enclosure_that_is_no_address_is_no_media(tmp_path: Path, href: str) -> None:
    found = one(tmp_path, f"<title>One</title><enclosure url='{href}' type='audio/mpeg'/>")

    assert found.media is None
    assert found.episode.audio_url is None


@pytest.mark.parametrize("href", ["javascript:alert(1)", "http://[bad", "relative/page"])
def test_a_link_that_is_no_web_address_is_left_out(tmp_path: Path, href: str) -> None:
    assert (
        one(tmp_path, f"<guid>1</guid><title>One</title><link>{href}</link>").episode.link is None
    )


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        *[("90", 90), ("1:30", 90), ("01:01:30", 3690), ("90.5", 90.5)],
        *[(text, None) for text in ("", "an hour", "-5", "9" * 400, "nan", "1:99")],
    ],
)
def test_a_duration_is_a_clock_or_seconds(
    tmp_path: Path, written: str, seconds: float | None
) -> None:
    item = f"<title>One</title><itunes:duration>{written}</itunes:duration>"
    content = rss(f"<item>{item}</item>").replace(
        b"<rss ", b"<rss xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' "
    )

    assert read(saved(tmp_path, content))[0].episode.duration == seconds


@pytest.mark.parametrize(
    "content", [b"", b"<html/>", b"<rss><channel>", b"<!DOCTYPE x [ ]><rss/>", b"<rss/>"]
)
def test_a_bad_feed_is_an_error_that_names_it(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DocumentError, match=r"^feed\.xml "):
        read(saved(tmp_path, content))
    with pytest.raises(DocumentError, match=r"^tide\.example "):
        read(SHOW, Web({SHOW: content}))


def test_a_fault_of_the_feed_is_a_warning_on_its_episodes(tmp_path: Path) -> None:
    found = one(tmp_path, "<title>Salt</b> & steel</title>")

    assert "XML is damaged" in found.episode.warnings[0]


def test_people_that_only_the_notes_name_are_taken_from_there(tmp_path: Path) -> None:
    found = one(tmp_path, "<guid>1</guid><description>Hosts: Mara Voss, Ode Marsh</description>")

    assert found.episode.people == (Person("Mara Voss", Role.HOST), Person("Ode Marsh", Role.HOST))


def test_an_episode_without_page_or_recording_is_not_given_those_of_the_feed() -> None:
    web = Web({SHOW: rss("<item><guid>a-guid</guid><title>Only words</title></item>")})

    (found,) = read(SHOW, web)

    assert (found.episode.link, found.episode.audio_url, found.media) == (None, None, None)
