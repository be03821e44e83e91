"""Lists of shows in OPML: as players write them, damaged, hostile, and our own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sources.opml import Subscription, is_opml, read, write
from kb.errors import DocumentError

TIDE = Subscription("Tide & Signal", "https://tide.example/feed.xml")
FOG = Subscription("Fog", "https://fog.example/rss?id=1&x=2")


def opml(*outlines: str, head: str = "<head><title>Shows</title></head>") -> bytes:
    return f'<?xml version="1.0"?><opml version="2.0">{head}<body>{"".join(outlines)}</body></opml>'.encode()


def outline(show: Subscription = TIDE, address: str = "xmlUrl", named: str = "text") -> str:
    title, url = (text.replace("&", "&amp;") for text in (show.title, show.url))
    return f'<outline type="rss" {named}="{title}" {address}="{url}"/>'


def test_shows_are_given_in_their_order() -> None:
    assert read(opml(outline(TIDE), outline(FOG)), "shows.opml") == (TIDE, FOG)


def test_folders_are_opened() -> None:
    inner = f'<outline text="Inner">{outline(TIDE)}</outline>'

    assert read(opml(f'<outline text="Outer">{inner}{outline(FOG)}</outline>'), "x") == (TIDE, FOG)


@pytest.mark.parametrize("address", ["xmlUrl", "xmlurl", "XMLURL", "url"])
@pytest.mark.parametrize("named", ["text", "title", "TITLE"])
def test_attributes_are_known_however_they_are_written(address: str, named: str) -> None:
    assert read(opml(outline(TIDE, address, named)), "x") == (TIDE,)


def test_a_show_that_is_listed_twice_comes_once() -> None:
    again = Subscription("The same", TIDE.url)

    assert read(opml(outline(TIDE), outline(again)), "x") == (TIDE,)


def test_a_show_without_title_is_called_by_its_address() -> None:
    (show,) = read(opml('<outline xmlUrl="https://tide.example/feed.xml"/>'), "x")

    assert show.title == TIDE.url


def test_a_title_goes_before_a_text() -> None:
    (show,) = read(opml('<outline text="x" title="Tide" xmlUrl="https://tide.example/"/>'), "x")

    assert show.title == "Tide"


@pytest.mark.parametrize(
    "other",
    [
        '<outline text="A folder"/>',
        '<outline text="A page" type="link" url="https://a.example/"/>',
        '<outline text="A list" type="include" url="https://a.example/more.opml"/>',
        '<outline text="A script" xmlUrl="javascript:alert(1)"/>',
        '<outline text="A file" xmlUrl="file:///etc/passwd"/>',
        '<outline text="A path" xmlUrl="../feed.xml"/>',
        '<outline text="Brackets" xmlUrl="http://[x"/>',
        '<other xmlUrl="https://a.example/"/>',
    ],
)
def test_what_names_no_feed_on_the_web_is_passed_over(other: str) -> None:
    assert read(opml(other, outline(TIDE)), "x") == (TIDE,)
    with pytest.raises(DocumentError, match="names no feed of a show"):
        read(opml(other), "x")


def test_common_faults_are_mended() -> None:
    bare = opml(outline(TIDE)).replace(b"&amp;", b"&")

    assert read(bare, "x") == (TIDE,)
    assert read(opml(outline(TIDE)).decode().encode("utf-16"), "x") == (TIDE,)
    assert read(b"\n" + opml(outline(TIDE)), "x") == (TIDE,)


LAUGHS = '<!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
BAD = {
    "nothing": (b"", "is no list of shows"),
    "a feed": (b"<rss><channel/></rss>", "is no list of shows"),
    "a web page": (b"<!DOCTYPE html><opml/>", "is no list of shows"),
    "cut off": (opml(outline())[:-20], "damaged or cut off"),
    "damaged": (opml(outline() + "</x>"), "damaged or cut off"),
    "empty": (opml(), "names no feed"),
    "entities": (LAUGHS.encode() + b"<opml><body>&b;</body></opml>", "declares a document type"),
    "deep": (opml("<outline>" * 200 + "</outline>" * 200), "larger or deeper"),
    "long": (opml(outline() * 10_001), "larger or deeper"),
}


@pytest.mark.parametrize(("content", "said"), BAD.values(), ids=BAD)
def test_a_bad_list_is_an_error_that_says_why(content: bytes, said: str) -> None:
    with pytest.raises(DocumentError, match=said) as caught:
        read(content, "shows.opml")

    assert "shows.opml" in str(caught.value)
    assert caught.value.hint


def test_a_list_is_known_by_its_first_element() -> None:
    assert is_opml(opml())
    assert is_opml(b"\xef\xbb\xbf <!-- <rss> -->\n<OPML>")
    assert is_opml(opml().decode().encode("utf-16"))
    assert not is_opml(b"<rss><opml/></rss>")
    assert not is_opml(b"\xff\xfb\x90\x00")


titles = st.text().map(lambda text: " ".join(text.split())).filter(bool)
addresses = st.from_regex(r"https?://[a-z]{1,9}\.example/[\w./?&=%;'\"<>~-]{0,20}", fullmatch=True)


@pytest.mark.slow
@given(st.lists(st.builds(Subscription, titles, addresses), min_size=1, unique_by=lambda s: s.url))
def test_what_is_written_is_read_again(shows: list[Subscription]) -> None:
    legal = [each for each in shows if all(is_legal(letter) for letter in each.title)]

    if legal:
        assert read(write(legal), "shows.opml") == tuple(legal)


def is_legal(letter: str) -> bool:
    """Tell whether XML can hold a character."""
    return letter >= " " and not "\ud800" <= letter <= "\udfff" and letter not in "\ufffe\uffff"


def test_what_xml_cannot_hold_is_left_out() -> None:
    (show,) = read(write([Subscription("Tide\x00\x1b\ud800", TIDE.url)], title="\x01"), "x")

    assert show.title == "Tide"


def test_a_list_says_what_it_is() -> None:
    written = write([TIDE], title="From here")

    assert written.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<opml version="2.0">')
    assert b"<title>From here</title>" in written
    assert b'text="Tide &amp; Signal"' in written
