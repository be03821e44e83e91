"""The bytes of feeds: damaged, hostile, and in every encoding."""

from pathlib import Path

import pytest

from ingest.sources.feed_xml import Item, parse
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
    "an address": (b"https://tide.example/<rss>", "cut off|holds no episodes"),
    "cut off in a tag": ((FEEDS / "show.xml").read_bytes()[:1500], "cut off"),
    "cut off between items": (rss("<item><title>One</title></item>")[:-20], "cut off"),
    "cut off in CDATA": (b"<rss><channel><title><![CDATA[Show", "cut off"),
    "no items": (rss(""), "holds no episodes"),
    "billion laughs": (
        f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]><rss><channel><title>&l9;</title>'
        "<item><title>One</title></item></channel></rss>".encode(),
        "declares a document type or entities",
    ),
    "external entity": (
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>',
        "declares a document type or entities",
    ),
    "external document type": (
        b'<!DOCTYPE rss SYSTEM "http://127.0.0.1/rss.dtd"><rss><channel/></rss>',
        "declares a document type or entities",
    ),
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


def test_a_sloppy_feed_is_read_with_a_warning() -> None:
    item = "<item><title>Salt & steel</title><guid>1</guid><itunes:duration>90</itunes:duration></item>"

    feed = parse(rss(item), "feed.xml")

    assert feed.items[0].title == "Salt & steel"
    assert feed.items[0].duration == 90
    assert "XML is damaged" in feed.warnings[0]


def test_the_second_pass_never_gives_one_items_people_to_another() -> None:
    """The two readers come upon nested items in different orders."""
    content = b"""<rss xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><item>
        <guid>outer</guid><item><guid>inner</guid><podcast:person>Mara Voss</podcast:person></item>
        </item></channel></rss>"""

    people = {item.guid: item.people for item in parse(content, "feed.xml").items}

    assert people.get("outer", ()) == ()
