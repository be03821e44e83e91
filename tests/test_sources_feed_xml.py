"""The bytes of feeds: damaged, hostile, and in every encoding."""

from datetime import date
from pathlib import Path

import pytest

from ingest.sources.feed_xml import Item, is_feed, parse
from ingest.sources.html_text import plain
from kb.errors import DocumentError
from kb.models import Person, Role

FEEDS = Path(__file__).parent / "data" / "feeds"


def rss(items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>Show</title>{items}</channel></rss>".encode()


def one(content: bytes) -> Item:
    (item,) = parse(content, "feed.xml").items
    return item


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BAD = {
    "nothing": (b"", "is no feed"),
    "a web page": (b"<!DOCTYPE html><html><body><p>Show</body></html>", "is a web page"),
    "other XML": (b"<opml version='2.0'><body/></opml>", "is no feed"),
    "JSON": (b'{"version": "https://jsonfeed.org/version/1"}', "is no feed"),
    "a path": (str(FEEDS / "show.xml").encode(), "is no feed"),
    "cut off in a tag": ((FEEDS / "show.xml").read_bytes()[:1500], "cut off"),
    "cut off between items": (rss("<item><title>One</title></item>")[:-20], "cut off"),
    "cut off in CDATA": (b"<rss><channel><title><![CDATA[Show", "cut off"),
    "billion laughs": (
        f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]><rss><channel><title>&l9;</title>'
        "<item><title>One</title></item></channel></rss>".encode(),
        "declares a document type or entities",
    ),
    "external entity": (
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>',
        "declares a document type or entities",
    ),
    "a document type that declares": (
        b'<!DOCTYPE rss SYSTEM "http://127.0.0.1/rss.dtd" [<!ELEMENT rss ANY>]><rss/>',
        "declares a document type or entities",
    ),
    "nested without end": (b"<rss>" + b"<a>" * 300, "deep"),
    "more items than any podcast has": (rss("<item/>" * 20_001), "more than 20,000"),
    "entities in an encoding that the checked reader lacks": (
        f'<?xml version="1.0" encoding="gbk"?><!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>'
        "<rss><channel><title>&l9;</title><item/></channel></rss>".encode(),
        "declares a document type or entities",
    ),
    "a namespace with line breaks": (
        b"<rss xmlns='a&#10;b&#10;c'><channel><item><title>One</title></item></channel></rss>",
        "too damaged",
    ),
    "entities in UTF-16": (
        '<!DOCTYPE rss [<!ENTITY x "y">]><rss><channel><item/></channel></rss>'.encode("utf-16"),
        "declares a document type or entities",
    ),
}


@pytest.mark.parametrize(("content", "said"), BAD.values(), ids=BAD)
def test_a_bad_feed_is_an_error_that_says_why(content: bytes, said: str) -> None:
    with pytest.raises(DocumentError, match=said) as caught:
        parse(content, "feed.xml")

    assert "feed.xml" in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize("declared", ["x-none", "\xec", "punycode", "utf-16", ""])
def test_an_encoding_that_makes_no_sense_is_survived(declared: str) -> None:
    prolog = f'<?xml version="1.0" encoding="{declared}"?>'.encode("latin-1")

    item = one(prolog + rss("<item><title>Käse</title></item>"))

    assert item.title == "Käse"


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("gbk", "播客"),
        ("shift_jis", "番組"),
        ("iso-8859-1", "Käse"),
        ("koi8-r", "Радио"),
        ("utf-16", "Ω"),
    ],
)
def test_people_are_read_in_any_usual_encoding(encoding: str, title: str) -> None:
    content = (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        '<rss xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>Show</title>'
        f"<item><title>{title}</title><podcast:person>{title}</podcast:person></item></channel></rss>"
    )

    item = one(content.encode(encoding))

    assert item.title == title
    assert item.people == (Person(title, Role.HOST),)


def test_windows_text_that_says_it_is_utf_8_is_read_as_it_is() -> None:
    content = rss("<item><title>Käse – “gut”</title></item>").decode().encode("cp1252")

    item = one(b'<?xml version="1.0" encoding="utf-8"?>' + content)

    assert item.title == "Käse – “gut”"


@pytest.mark.parametrize(
    "markup",
    ["<![ <img src=x>", "<p>Hi<![if IE]>", "<!doctype", "<a href='", "&#99999999999;", "<!--"],
)
def test_damaged_markup_in_notes_is_survived(markup: str) -> None:
    assert plain(f"Hello {markup}").startswith("Hello")


def test_scripts_and_styles_are_no_text() -> None:
    assert plain("<style>p {}</style>Hello<script>alert('<b>')</script>") == "Hello"


def test_a_damaged_feed_is_read_with_a_warning() -> None:
    item = "<item><title>Salt</b> & steel</title><guid>1</guid></item>"

    feed = parse(rss(item), "feed.xml")

    assert feed.items[0].title == "Salt & steel"
    assert "XML is damaged" in feed.warnings[0]


def test_the_second_pass_never_gives_one_items_people_to_another() -> None:
    """The two readers come upon nested items in different orders."""
    content = b"""<rss xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><item>
        <guid>outer</guid><item><guid>inner</guid><podcast:person>Mara Voss</podcast:person></item>
        </item></channel></rss>"""

    people = {item.guid: item.people for item in parse(content, "feed.xml").items}

    assert people.get("outer", ()) == ()


# What has one meaning is mended


NAMES = """xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
    xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:media="http://search.yahoo.com/mrss/"
    xmlns:atom="http://www.w3.org/2005/Atom" xmlns:psc="http://podlove.org/simple-chapters" """
PEOPLE = "<podcast:person role='guest'>Mara Voss</podcast:person>"


def named(inside: str, *, head: str = "", tail: str = "") -> bytes:
    """Write a feed of one item whose prefixes are all declared."""
    item = f"<item><guid>1</guid>{inside}</item>"
    return f"<rss {NAMES}><channel><title>Show</title>{head}{item}{tail}</channel></rss>".encode()


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Salt & steel", "Salt & steel"),
        ("Caf&eacute;&nbsp;noir &mdash; &hellip;", "Café noir — …"),
        ("R&D &amp; &unheard; &#x26; &#0;&#1;", "R&D & &unheard; &"),
        ("Bell\x07 and \x1bcape", "Bell and cape"),
        ("<![CDATA[Salt & <b>steel</b> &amp; &eacute;]]> & iron", "Salt & steel & é & iron"),
    ],
)
def test_a_common_fault_costs_nothing_and_is_not_mentioned(written: str, title: str) -> None:
    feed = parse(named(f"<title>{written}</title>{PEOPLE}"), "feed.xml")

    assert feed.items[0].title == title
    assert feed.items[0].people == (Person("Mara Voss", Role.GUEST),)
    assert feed.warnings == ()


def test_prefixes_that_nobody_declared_mean_what_they_usually_do() -> None:
    item = one(
        rss(
            f"<item><guid>1</guid>{PEOPLE}<itunes:duration>1:00</itunes:duration>"
            "<podcast:transcript url='https://a.example/1.vtt' type='text/vtt'/>"
            "<psc:chapters><psc:chapter start='0' title='Tide'/></psc:chapters><my:own x:y='z'/></item>"
        )
    )

    assert item.people == (Person("Mara Voss", Role.GUEST),)
    assert item.duration == 60
    assert [link.href for link in item.extras.transcripts] == ["https://a.example/1.vtt"]
    assert [mark.title for mark in item.extras.chapters] == ["Tide"]


@pytest.mark.parametrize(
    "before",
    ["", " \n\t", "\ufeff", "\n\ufeff ", "<!-- <html> -->", "<?xml-stylesheet href='x'?>"],
)
def test_what_stands_before_a_feed_does_no_harm(before: str) -> None:
    content = before.encode() + rss("<item><title>Käse</title></item>")

    assert is_feed(content)
    assert one(content).title == "Käse"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_an_encoding_that_nobody_declared_is_found(encoding: str) -> None:
    content = rss("<item><title>Käse</title></item>").decode().encode(encoding)

    assert is_feed(content)
    assert one(content).title == "Käse"


def test_western_text_is_windows_as_on_web_pages() -> None:
    content = rss("<item><title>“Käse” – gut</title></item>").decode().encode("cp1252")

    assert one(b"<?xml version='1.0' encoding='ISO-8859-1'?>" + content).title == "“Käse” – gut"


def test_a_document_type_that_declares_nothing_is_passed_over() -> None:
    doctype = (
        b'<!-- old --><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
        b'"http://my.netscape.com/publish/formats/rss-0.91.dtd">\n'
    )

    assert one(doctype + rss("<item><title>Old &eacute;</title></item>")).title == "Old é"


# Which recording, how long, which day


@pytest.mark.parametrize(
    ("inside", "enclosure"),
    [
        ("<enclosure url='a.mp3'/>", "a.mp3"),
        ("<enclosure url=' a.mp3 '/>", "a.mp3"),
        ("<enclosure url='a' type='audio/mpeg'/>", "a"),
        ("<enclosure url='a'/>", "a"),
        ("<enclosure url='a.jpg'/><enclosure url='b.mp3'/>", "b.mp3"),
        ("<enclosure url='a.mp3' type='text/html'/>", "a.mp3"),
        ("<enclosure url='a.pdf' type='application/octet-stream'/>", ""),
        ("<enclosure url='a.torrent' type='application/x-bittorrent'/>", ""),
        ("<atom:link rel='enclosure' href='a.ogg' type='audio/ogg'/>", "a.ogg"),
        ("<media:content url='a.mp3' type='audio/mpeg'/>", "a.mp3"),
        ("<media:content url='a' medium='video'/>", "a"),
        ("<media:group><media:content url='a.mp4'/></media:group>", "a.mp4"),
        ("<media:content url='a.jpg' medium='image'/><media:thumbnail url='b.mp3'/>", ""),
        ("<media:content url='https://a.example/v/1' type='application/x-shockwave-flash'/>", ""),
        ("<media:content url='b.mp3'/><enclosure url='a.mp3'/>", "a.mp3"),
        ("<link>https://a.example/a.mp3</link>", "https://a.example/a.mp3"),
        ("<link>https://a.example/a.html</link>", ""),
    ],
)
def test_the_recording_is_the_first_that_can_be_heard(inside: str, enclosure: str) -> None:
    assert one(named(inside)).enclosure == enclosure


def test_an_alternate_enclosure_serves_where_there_is_no_other() -> None:
    alternates = """<podcast:alternateEnclosure type="audio/opus">
        <podcast:source uri="ipfs://x"/><podcast:source uri="https://a.example/low.opus"/>
        </podcast:alternateEnclosure><podcast:alternateEnclosure type="audio/mpeg" default="true">
        <podcast:source uri="https://a.example/best.mp3"/></podcast:alternateEnclosure>"""

    assert one(named(alternates)).enclosure == "https://a.example/best.mp3"


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        *[("1:2:3", 3723), ("62:03", 3723), ("00:00", None), ("0", None), (" 90 ", 90)],
        *[("1h 2m 3s", 3723), ("62 min", 3720), ("1 hour, 2 minutes", 3720), ("45 sec", 45)],
        *[("PT1H2M3S", 3723), ("PT62M", 3720), ("PT", None), ("P", None), ("h m s", None)],
        *[("1:02:03.5", 3723.5), ("1,5", None), ("1:02:03:04", None), ("99999999", None)],
    ],
)
def test_a_duration_is_read_in_all_its_forms(written: str, seconds: float | None) -> None:
    assert one(named(f"<itunes:duration>{written}</itunes:duration>")).duration == seconds


def test_the_recording_s_duration_counts_where_the_item_gives_none() -> None:
    assert one(named("<media:content url='a.mp3' duration='61'/>")).duration == 61


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("<pubDate>Fri, 01 Mar 2024 23:30:00 -0500</pubDate>", date(2024, 3, 1)),
        ("<pubDate>Fri, 1 Mar 2024 23:30 EST</pubDate>", date(2024, 3, 1)),
        ("<pubDate>2024-03-01T23:30:00+09:00</pubDate>", date(2024, 3, 1)),
        ("<pubDate>2024-03-01 23:30</pubDate>", date(2024, 3, 1)),
        (
            "<dc:date xmlns:dc='http://purl.org/dc/elements/1.1/'>2024-03-01</dc:date>",
            date(2024, 3, 1),
        ),
        ("<pubDate>Mar 1, 2024</pubDate><atom:updated>2024-03-02</atom:updated>", date(2024, 3, 2)),
        ("<pubDate>soon</pubDate>", None),
        ("<pubDate>0000-00-00</pubDate>", None),
        ("<pubDate>Mon, 99 Jan 99999999 99:99:99 +9999</pubDate>", None),
    ],
)
def test_the_day_is_the_publisher_s(written: str, day: date | None) -> None:
    assert one(named(written)).published == day


def test_a_live_item_is_no_episode_and_lends_the_show_no_title() -> None:
    live = f"<podcast:liveItem><title>Live!</title><guid>live</guid>{PEOPLE}</podcast:liveItem>"

    feed = parse(named("<title>Talk</title>", tail=live), "feed.xml")

    assert feed.title == "Show"
    assert [item.title for item in feed.items] == ["Talk"]


def test_rss_1_is_known_by_its_attribute() -> None:
    content = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://purl.org/rss/1.0/" xmlns:podcast="https://podcastindex.org/namespace/1.0">
        <channel rdf:about="https://a.example/"><title>Show</title></channel>
        <item rdf:about="https://a.example/1"><title>One</title><podcast:person>Mara</podcast:person>
        </item></rdf:RDF>"""

    item = one(content)

    assert item.guid == "https://a.example/1"
    assert item.people == (Person("Mara", Role.HOST),)


def test_an_identity_is_not_resolved() -> None:
    content = named(PEOPLE).replace(b"<rss ", b"<rss xml:base='https://a.example/b/' ")

    assert one(content).guid == "1"
    assert one(content).people == (Person("Mara Voss", Role.GUEST),)


@pytest.mark.parametrize(
    ("element", "person"),
    [
        ("<podcast:person>A  B</podcast:person>", Person("A B", Role.HOST)),
        ("<podcast:person role=''>A</podcast:person>", Person("A", Role.HOST)),
        ("<podcast:person role='Co-Host'>A</podcast:person>", Person("A", Role.HOST)),
        ("<podcast:person role='GUEST' group='cast'>A</podcast:person>", Person("A", Role.GUEST)),
        (
            "<podcast:person role='Cover Art Designer' group='visuals'>A</podcast:person>",
            Person("A", Role.MENTIONED, "Cover Art Designer"),
        ),
        (
            "<atom:contributor><atom:name>A</atom:name></atom:contributor>",
            Person("A", Role.MENTIONED, "contributor"),
        ),
    ],
)
def test_a_person_has_the_role_that_the_feed_gives(element: str, person: Person) -> None:
    assert one(named(element * 2)).people == (person,)
    assert one(named("<podcast:person> </podcast:person>" + element)).people == (person,)
