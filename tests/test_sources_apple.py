"""Apple Podcasts links: the feed or the one episode that is meant."""

import json
from collections.abc import Mapping

import pytest

from ingest.ports import Found
from ingest.sources.apple import ApplePodcasts, Link, parsed
from ingest.sources.feed import FeedSource
from ingest.sources.feed_xml import parse
from kb.errors import DocumentError, FetchError
from tests.fakes_ingest import FakeFetcher

FEED = "https://tide.example/feed.xml"
OLDER = "https://tide.example/feed.xml?page=2"
SHOW = "https://podcasts.apple.com/us/podcast/tide-signal/id123"
EPISODE = f"{SHOW}?i=456"
ABOUT_SHOW = "https://itunes.apple.com/lookup?id=123&entity=podcast"
ABOUT_EPISODE = "https://itunes.apple.com/lookup?id=456&entity=podcastEpisode"
ABOUT_NEWEST = "https://itunes.apple.com/lookup?id=123&entity=podcastEpisode&limit=200"

Result = Mapping[str, object]

TIDE: Result = {
    "wrapperType": "track",
    "kind": "podcast",
    "collectionId": 123,
    "trackId": 123,
    "collectionName": "Tide & Signal",
    "trackName": "Tide & Signal",
    "feedUrl": FEED,
    "trackCount": 3,
}
BUOYS: Result = {
    "wrapperType": "podcastEpisode",
    "kind": "podcast-episode",
    "collectionId": 123,
    "trackId": 456,
    "trackName": "Buoys that listen",
    "episodeGuid": "tide-2",
    "episodeUrl": "https://cdn.tide.example/2.mp3?source=apple",
    "feedUrl": FEED,
    "trackTimeMillis": 3723000,
    "releaseDate": "2024-02-01T08:00:00Z",
    "genres": [{"name": "Technology", "id": "1318"}],
}


def answer(*results: Result) -> bytes:
    return json.dumps({"resultCount": len(results), "results": results}).encode()


def item(number: int, title: str) -> str:
    return f"""<item><guid>tide-{number}</guid><title>{title}</title>
        <pubDate>0{number} Feb 2024 08:00:00 GMT</pubDate>
        <enclosure url="https://cdn.tide.example/{number}.mp3" type="audio/mpeg"/></item>"""


def feed(*items: str, head: str = "") -> bytes:
    return f"<rss><channel><title>Tide</title>{head}{''.join(items)}</channel></rss>".encode()


PAGES = {
    ABOUT_SHOW: answer(TIDE),
    ABOUT_EPISODE: answer(BUOYS),
    FEED: feed(item(3, "Fog on the line"), head=f"<atom:link rel='next' href='{OLDER}'/>"),
    OLDER: feed(item(2, "Buoys that listen"), item(1, "The first")),
}


def apple(pages: Mapping[str, bytes] = PAGES) -> ApplePodcasts:
    fetcher = FakeFetcher(pages)
    return ApplePodcasts(fetcher, FeedSource(fetcher, parse=parse))


def read(origin: str, pages: Mapping[str, bytes] = PAGES, *, latest: int = 10) -> list[Found]:
    return list(apple(pages).read(origin, latest=latest))


def without(*missing: str, **more: bytes) -> dict[str, bytes]:
    return {url: page for url, page in PAGES.items() if url not in missing} | more


@pytest.mark.parametrize(
    ("origin", "meant"),
    [
        (SHOW, Link("123", None, "us")),
        (EPISODE, Link("123", "456", "us")),
        (f"{EPISODE}&uo=4#x", Link("123", "456", "us")),
        (f" {SHOW}?i=x ", Link("123", None, "us")),
        ("https://podcasts.apple.com/podcast/id123", Link("123", None, None)),
        ("https://itunes.apple.com/de/podcast/tide/id123?mt=2", Link("123", None, "de")),
        ("http://itunes.apple.com/podcast/tide/id123?i=456&mt=2", Link("123", "456", None)),
        ("https://embed.podcasts.apple.com/us/podcast/tide/id123?i=456", Link("123", "456", "us")),
    ],
)
def test_a_link_names_a_show_and_maybe_an_episode(origin: str, meant: Link) -> None:
    assert parsed(origin) == meant
    assert apple().recognises(origin, b"")


@pytest.mark.parametrize(
    "origin",
    [
        "https://podcasts.apple.com/us/browse",
        "https://podcasts.apple.com/us/podcast/identity",
        "https://podcasts.apple.com.tide.example/us/podcast/tide/id123",
        "https://tide.example/podcasts.apple.com/id123",
        "https://apple.com/id123",
        "ftp://podcasts.apple.com/id123",
        "https://[podcasts.apple.com/id123",
        "podcasts.apple.com/id123",
        "",
    ],
)
def test_other_addresses_are_not_taken(origin: str) -> None:
    assert not apple().recognises(origin, b"")
    with pytest.raises(DocumentError, match="names no show of Apple Podcasts"):
        apple().feed(origin)


def test_a_show_is_its_feed_s_newest_episodes() -> None:
    titles = [found.episode.title for found in read(SHOW, latest=2)]

    assert titles == ["Fog on the line", "Buoys that listen"]
    assert apple().feed(SHOW) == FEED


@pytest.mark.parametrize("latest", [1, 10])
def test_an_episode_is_that_one_however_old(latest: int) -> None:
    (found,) = read(EPISODE, latest=latest)

    assert found.episode.title == "Buoys that listen"
    assert found.episode.key == "guid:tide|tide-2"
    assert found.media == "https://cdn.tide.example/2.mp3"
    assert found.episode.show.feed_url == FEED


@pytest.mark.parametrize(
    "told",
    [
        {"episodeGuid": "tide-2"},
        {"episodeGuid": "another", "episodeUrl": "https://cdn.tide.example/2.mp3?x=y"},
        {"trackName": " buoys  that LISTEN "},
        {"episodeGuid": "tide-2", "trackName": "The first"},
    ],
    ids=["guid", "recording", "title", "guid before title"],
)
def test_an_episode_is_known_by_guid_else_recording_else_title(told: Result) -> None:
    about = answer({"trackId": 456, "feedUrl": FEED, **told})

    (found,) = read(EPISODE, {**PAGES, ABOUT_EPISODE: about})

    assert found.episode.title == "Buoys that listen"


def test_an_episode_that_cannot_be_looked_up_alone_is_found_among_the_newest_of_its_show() -> None:
    pages = {**PAGES, ABOUT_EPISODE: answer(), ABOUT_NEWEST: answer(TIDE, BUOYS)}

    (found,) = read(EPISODE, pages)

    assert found.episode.title == "Buoys that listen"


def test_an_episode_without_its_feed_is_looked_for_in_the_show_s() -> None:
    alone = {name: value for name, value in BUOYS.items() if name != "feedUrl"}

    (found,) = read(EPISODE, {**PAGES, ABOUT_EPISODE: answer(alone)})

    assert found.episode.title == "Buoys that listen"


def test_a_show_of_another_country_s_shop_is_looked_up_there() -> None:
    assert (
        apple({f"{ABOUT_SHOW}&country=jp": answer(TIDE)}).feed(SHOW.replace("/us/", "/jp/")) == FEED
    )


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ({ABOUT_SHOW: answer()}, "knows no show 123"),
        (
            {ABOUT_SHOW: answer({**TIDE, "feedUrl": "javascript:alert(1)"})},
            "tells no feed of show 123",
        ),
        ({ABOUT_SHOW: b"<html>Busy</html>"}, "something else than a list of shows"),
        ({ABOUT_SHOW: b'{"results": 3}'}, "something else than a list of shows"),
    ],
)
def test_a_show_without_a_feed_is_an_error(pages: Mapping[str, bytes], said: str) -> None:
    with pytest.raises(DocumentError, match=said) as caught:
        read(SHOW, {**PAGES, **pages})

    assert caught.value.hint


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ({ABOUT_EPISODE: answer(), ABOUT_NEWEST: answer(TIDE)}, "knows no episode 456 of show 123"),
        ({OLDER: feed(item(1, "The first"))}, "has no episode “Buoys that listen”"),
    ],
)
def test_an_episode_that_is_nowhere_is_an_error(pages: Mapping[str, bytes], said: str) -> None:
    with pytest.raises(DocumentError, match=said) as caught:
        read(EPISODE, {**PAGES, **pages})

    assert caught.value.hint


@pytest.mark.parametrize("missing", [ABOUT_SHOW, FEED])
def test_what_cannot_be_reached_is_an_error(missing: str) -> None:
    with pytest.raises(FetchError):
        read(SHOW, without(missing))
