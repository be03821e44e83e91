"""What a feed lists at one moment, and which episode is which when it changes."""

from datetime import date
from pathlib import Path

import pytest

from ingest.sources.feed import Listing, digest, key, other_keys
from ingest.sources.feed_xml import Item, parse
from kb.errors import DocumentError, FetchError
from kb.models import Show
from tests.test_sources_feed import FEEDS, SHOW, Web, source

NEW = "https://new.example/feed.xml"
PREFIXES = "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' xmlns:atom='http://www.w3.org/2005/Atom'"
TIDE = Show("tide", "Tide", SHOW)


def feed(*items: str, head: str = "<title>Tide</title>") -> bytes:
    return f"<rss {PREFIXES}><channel>{head}{''.join(items)}</channel></rss>".encode()


def item(
    number: int, *, guid: str | None = "", title: str = "", query: str = "", more: str = ""
) -> str:
    """Write episode so-and-so, of that day in January; `guid=None` leaves the guid out."""
    known = "" if guid is None else f"<guid isPermaLink='false'>{guid or number}</guid>"
    day = f"<pubDate>{number:02} Jan 2024 08:00:00 GMT</pubDate>"
    recording = f"<enclosure url='https://cdn.example/{number}.mp3{query}' type='audio/mpeg'/>"
    return f"<item>{known}<title>{title or f'Talk {number}'}</title>{day}{recording}{more}</item>"


def listing(web: Web, *, latest: int = 10, origin: str = SHOW) -> Listing:
    return source(web).listing(origin, latest=latest)


def only(content: str) -> Item:
    (found,) = parse(feed(content), "feed.xml").items
    return found


def guids(found: Listing) -> list[str]:
    return [each.guid for each in found.items]


def linked(href: str, rel: str = "next") -> str:
    return f"<title>Tide</title><atom:link rel='{rel}' href='{href}'/>"


# The list


def test_the_newest_are_given_but_all_are_counted() -> None:
    found = listing(Web({SHOW: feed(item(3), item(1), item(2))}), latest=2)

    assert guids(found) == ["3", "2"]
    assert found.keys == {f"guid:tide|{number}" for number in (1, 2, 3)}
    assert found.oldest == date(2024, 1, 1)
    assert found.origin == found.show.feed_url == SHOW
    assert found.moved_to is None
    assert found.changed


def test_items_without_a_day_keep_the_order_of_the_feed() -> None:
    undated = [f"<item><guid>{name}</guid></item>" for name in "cab"]

    found = listing(Web({SHOW: feed(*undated)}), latest=2)

    assert guids(found) == ["c", "a"]
    assert found.oldest is None


def test_a_server_that_says_nothing_changed_is_believed() -> None:
    assert not listing(Web({SHOW: feed(item(1))}, unchanged={SHOW})).changed


def test_a_file_is_listed_like_an_address() -> None:
    found = listing(Web(), origin=str(FEEDS / "show.xml"))

    assert guids(found) == ["tide-3", "tide-2", "tide-1"]
    assert found.origin == str(FEEDS / "show.xml")
    assert (found.moved_to, found.show.feed_url) == (None, None)


def test_reading_is_listing_and_then_finding_each() -> None:
    web = Web({SHOW: feed(item(1), item(2))})

    read = list(source(web).read(SHOW, latest=2))

    found = listing(web)
    assert read == [source(web).found(found, each) for each in found.items]


def test_the_guid_of_the_show_is_told() -> None:
    head = "<podcast:guid>917393e3</podcast:guid>"  # undeclared, as happens

    assert listing(Web({SHOW: feed(item(1), head=head)})).guid == "917393e3"


def test_a_trailer_that_stays_for_good_is_not_the_oldest() -> None:
    trailer = item(1, more="<itunes:episodeType>Trailer</itunes:episodeType>")

    assert listing(Web({SHOW: feed(trailer, item(8), item(9))})).oldest == date(2024, 1, 8)
    assert listing(Web({SHOW: feed(trailer)})).oldest == date(2024, 1, 1)


# Moves


def test_a_permanent_redirect_is_a_move() -> None:
    found = listing(Web({NEW: feed(item(1))}, moved={SHOW: NEW}))

    assert found.moved_to == NEW
    assert found.origin == SHOW
    assert found.show.feed_url == NEW


@pytest.mark.parametrize(
    ("said", "moved_to"),
    [(NEW, NEW), (SHOW, None), ("", None), ("/feed.xml", None), ("ftp://x", None)],
)
def test_a_feed_that_says_where_it_lives_is_believed(said: str, moved_to: str | None) -> None:
    head = f"<itunes:new-feed-url> {said} </itunes:new-feed-url>"

    assert listing(Web({SHOW: feed(item(1), head=head)})).moved_to == moved_to


def test_a_feed_that_was_led_to_a_new_place_and_names_that_place_lives_there() -> None:
    head = f"<itunes:new-feed-url>{NEW}</itunes:new-feed-url>"

    assert listing(Web({NEW: feed(item(1), head=head)}, moved={SHOW: NEW})).moved_to == NEW


def test_a_feed_that_left_nothing_but_its_new_address_is_followed() -> None:
    gone = f"<rss><redirect><newLocation>\n{NEW}\n</newLocation></redirect></rss>".encode()

    found = listing(Web({SHOW: gone, NEW: feed(item(1))}))

    assert guids(found) == ["1"]
    assert found.moved_to == NEW


def test_empty_feeds_that_send_to_each_other_hold_no_episodes() -> None:
    pages = {
        here: feed(head=f"<itunes:new-feed-url>{there}</itunes:new-feed-url>")
        for here, there in ((SHOW, NEW), (NEW, SHOW))
    }

    with pytest.raises(DocumentError, match="holds no episodes"):
        listing(Web(pages))


def test_a_new_title_of_a_show_that_is_followed_changes_no_key() -> None:
    renamed = Web({SHOW: feed(item(1), head="<title>Tide and Time</title>")})

    found = source(renamed).listing(SHOW, latest=1, known=TIDE)

    assert found.keys == {"guid:tide|1"}
    assert (found.show.id, found.show.title) == ("tide", "Tide and Time")


# Pages


def paged(count: int, *, rel: str = "next") -> Web:
    """Serve a feed of so many pages with two episodes on each, the newest on the first."""
    pages = {
        f"{SHOW}?page={page}" if page else SHOW: feed(
            item(29 - 2 * page),
            item(28 - 2 * page),
            head=linked(f"?page={page + 1}", rel) if page < count - 1 else "<title>Tide</title>",
        )
        for page in range(count)
    }
    return Web(pages)


@pytest.mark.parametrize("rel", ["next", "prev-archive"])
def test_pages_are_followed_until_enough_episodes_are_there(rel: str) -> None:
    web = paged(5, rel=rel)

    found = listing(web, latest=5)

    assert guids(found) == ["29", "28", "27", "26", "25"]
    assert web.asked == [SHOW, f"{SHOW}?page=1", f"{SHOW}?page=2"]
    assert found.oldest == date(2024, 1, 24)
    assert len(found.keys) == 6


def test_no_page_is_read_twice() -> None:
    web = paged(2)
    web.pages[f"{SHOW}?page=1"] = feed(item(1), head=linked(SHOW))

    assert guids(listing(web)) == ["29", "28", "1"]
    assert len(web.asked) == 2


def test_no_more_than_fifty_pages_are_read() -> None:
    numbers = range(80)
    pages = {
        f"{SHOW}?p={n}": feed(item(1, title=str(n), guid=str(n)), head=linked(f"?p={n + 1}"))
        for n in numbers
    }

    found = listing(Web(pages), latest=1000, origin=f"{SHOW}?p=0")

    assert len(found.items) == 50


@pytest.mark.parametrize("second", [None, b"<html>", b"<rss><channel>"])
def test_a_page_that_cannot_be_had_is_a_warning(second: bytes | None) -> None:
    web = paged(3)
    there = f"{SHOW}?page=1"
    web.pages = {SHOW: web.pages[SHOW]} | ({there: second} if second else {})

    found = listing(web)

    assert guids(found) == ["29", "28"]
    assert "older episodes of the feed are left out" in found.warnings[0]
    assert source(web).found(found, found.items[0]).episode.warnings == found.warnings


def test_what_a_page_offers_is_found_from_there() -> None:
    older = "https://tide.example/archive/2.xml"
    chapters = "<podcast:chapters url='1.json'/>"
    recording = "<item><guid>1</guid><enclosure url='1.mp3'/>" + chapters + "</item>"
    web = Web({SHOW: feed(item(2), head=linked(older)), older: feed(recording)})

    found = listing(web)

    assert source(web).found(found, found.items[1]).media == "https://tide.example/archive/1.mp3"
    assert web.asked[-1] == "https://tide.example/archive/1.json"


# Web pages that name their feed


def page(*links: str) -> bytes:
    return f"<!DOCTYPE html><html><head>{''.join(links)}</head><body>Tide</body></html>".encode()


def alternate(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f"<link rel='alternate' type='{kind}' href='{href}' title='{title}'>"


SITE = "https://tide.example/"


@pytest.mark.parametrize(
    "links",
    [
        [alternate("/feed.xml")],
        [alternate(SHOW, "application/atom+xml")],
        [alternate("https://tide.example/de", "text/html"), alternate("feed.xml")],
        [alternate("comments.xml", title="Tide » Comments Feed"), alternate("feed.xml")],
        ["<LINK TYPE='Application/RSS+XML' REL='Alternate Home' HREF='feed.xml'/>"],
    ],
)
def test_a_web_page_leads_to_the_feed_that_it_names(links: list[str]) -> None:
    web = Web({SITE: page(*links), SHOW: feed(item(1))})

    found = listing(web, origin=SITE)

    assert guids(found) == ["1"]
    assert found.origin == found.show.feed_url == SHOW
    assert found.moved_to is None


@pytest.mark.parametrize(
    "links", [[], [alternate("javascript:alert(1)")], [alternate("http://[x")]]
)
def test_a_web_page_that_names_no_feed_says_so(links: list[str]) -> None:
    with pytest.raises(DocumentError, match=r"tide\.example is a web page that links to no feed"):
        listing(Web({SITE: page(*links)}), origin=SITE)


def test_a_web_page_that_names_another_web_page_leads_no_further() -> None:
    web = Web({SITE: page(alternate("/feed.xml")), SHOW: page(alternate("/else.xml"))})

    with pytest.raises(DocumentError, match="is a web page, where RSS or Atom was wanted"):
        listing(web, origin=SITE)
    assert web.asked == [SITE, SHOW]


def test_a_feed_that_a_web_page_names_and_that_is_gone_is_an_error() -> None:
    with pytest.raises(FetchError, match="404"):
        listing(Web({SITE: page(alternate("/feed.xml"))}), origin=SITE)


# Which episode is which


def test_the_key_is_the_guid_or_else_the_recording_without_query_and_the_title() -> None:
    assert key(only(item(1)), TIDE) == "guid:tide|1"
    assert (
        key(only(item(1, guid=None, query="?sig=a")), TIDE)
        == "enclosure:https://cdn.example/1.mp3|Talk 1"
    )


def test_items_with_nothing_but_a_title_are_not_those_of_another_show() -> None:
    bare = only("<item><title>Welcome</title></item>")

    assert key(bare, TIDE) != key(bare, Show("ebb", "Ebb"))


@pytest.mark.parametrize(
    ("link", "name"),
    [("https://a.example", "https://a.example"), ("http://[bad", "tide"), ("", "tide")],
)
def test_without_guid_and_recording_the_page_counts(link: str, name: str) -> None:
    bare = only(f"<item><title>One</title><link>{link}</link></item>")

    assert key(bare, TIDE) == f"enclosure:{name}|One"


def test_an_episode_whose_guid_changed_has_another_key_and_the_same_other_key() -> None:
    old, new = only(item(1, query="?sig=a")), only(item(1, guid="x", query="?sig=b"))

    assert key(old, TIDE) != key(new, TIDE)
    assert other_keys(old, TIDE) == other_keys(new, TIDE) != ()


def test_without_a_recording_there_is_no_other_key() -> None:
    assert other_keys(only("<item><guid>1</guid><title>Words</title></item>"), TIDE) == ()


def test_other_keys_that_several_episodes_share_name_none() -> None:
    """A programme that is called the same every day, from one script with a number."""
    daily = [
        f"<item><guid>{n}</guid><title>News</title><pubDate>0{n} Jan 2024 08:00:00 GMT</pubDate>"
        f"<enclosure url='https://cdn.example/get.mp3?id={n}'/></item>"
        for n in (1, 2)
    ]
    web = Web({SHOW: feed(*daily, item(3))})

    found = listing(web)

    assert guids(found) == ["3", "2", "1"]
    also = [source(web).found(found, each).also for each in found.items]
    assert also == [("enclosure:https://cdn.example/3.mp3|Talk 3",), (), ()]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (item(1), item(1, title="Talk 1, mended")),
        (item(1), item(1, guid="another", query="?again")),
        (item(1, guid=None, query="?a"), item(1, guid=None, query="?b")),
    ],
    ids=["one guid", "one recording, title and day", "no guid"],
)
def test_the_same_episode_twice_comes_once(first: str, second: str) -> None:
    found = listing(Web({SHOW: feed(first, second)}))

    assert [each.title for each in found.items] == ["Talk 1"]


def test_a_digest_says_whether_there_is_anything_new() -> None:
    known = digest(only(item(1, query="?sig=a")))

    assert digest(only(item(1, query="?sig=b"))) == known
    for other in (
        item(1, title="Talk 1, mended"),
        item(1, guid="x"),
        item(2, guid="1", title="Talk 1"),
        item(1, more="<description>More</description>"),
        item(1, more="<itunes:duration>60</itunes:duration>"),
        item(1, more="<podcast:person>Mara Voss</podcast:person>"),
        item(1, more="<podcast:transcript url='https://cdn.example/1.vtt' type='text/vtt'/>"),
    ):
        assert digest(only(other)) != known


def test_signed_addresses_of_transcripts_and_chapters_are_nothing_new() -> None:
    def offered(sig: str) -> Item:
        files = f"<podcast:transcript url='https://cdn.example/1.vtt?{sig}'/>"
        return only(
            item(1, more=f"{files}<podcast:chapters url='https://cdn.example/1.json?{sig}'/>")
        )

    assert digest(offered("a")) == digest(offered("b"))


def test_tags_and_pictures_in_the_notes_are_nothing_new_but_words_are() -> None:
    def noted(notes: str) -> str:
        return digest(only(item(1, more=f"<description><![CDATA[{notes}]]></description>")))

    known = noted("<p>Salt <img src='https://cdn.example/pixel?sig=a'></p>")

    assert noted("<p>Salt\n<img src='https://cdn.example/pixel?sig=b'></p>") == known
    assert noted("<p>Steel</p>") != known


def test_a_saved_feed_leads_on_to_its_pages_on_the_web(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(feed(item(2), head=linked(NEW)))

    assert guids(listing(Web({NEW: feed(item(1))}), origin=str(path))) == ["2", "1"]


def test_files_of_a_feed_are_no_pages(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(feed(item(1), head=linked("../secret.xml")))
    (tmp_path.parent / "secret.xml").write_bytes(feed(item(2)))

    assert guids(listing(Web(), origin=str(path))) == ["1"]
