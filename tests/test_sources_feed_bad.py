"""Sixty bad feeds: each is read or refused within 5 seconds and 512 MB, and none crashes its reader."""

import gzip
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ingest.sources.feed import FeedSource
from ingest.sources.feed_xml import parse, parse_apart
from kb.errors import DocumentError
from tests.fakes_ingest import FakeFetcher

GOOD = (Path(__file__).parent / "data" / "feeds" / "show.xml").read_bytes()
NAMES = (
    "xmlns:podcast='https://podcastindex.org/namespace/1.0' xmlns:psc='http://podlove.org/simple-chapters'"
    " xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"
)
LIMIT = 32 * 2**20
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
Make = Callable[[], bytes]


def rss(items: str, *, head: str = "<title>Show</title>", doctype: str = "") -> bytes:
    return f"{doctype}<rss {NAMES}><channel>{head}{items}</channel></rss>".encode()


def one(inside: str) -> bytes:
    return rss(f"<item><guid>1</guid>{inside}</item>")


def full(piece: str, *, before: str = "", after: str = "") -> bytes:
    """Repeat a piece until the feed is as large as one may be."""
    room = LIMIT - len(before) - len(after)
    return (before + piece * (room // len(piece.encode())) + after).encode()


def cut(place: int) -> Make:
    return lambda: GOOD[:place]


def noise(seed: int) -> Make:
    """Change one byte in fifty."""

    def make() -> bytes:
        chance, content = np.random.default_rng(seed), bytearray(GOOD)
        for place in chance.integers(len(content), size=len(content) // 50).tolist():
            content[place] = int(chance.integers(256))
        return bytes(content)

    return make


def shuffled(seed: int) -> Make:
    """Put the tags into another order."""

    def make() -> bytes:
        parts = GOOD.replace(b"<", b"\0<").split(b"\0")
        order: list[int] = np.random.default_rng(seed).permutation(len(parts)).tolist()
        return b"<rss>" + b"".join(parts[place] for place in order)

    return make


def declared(encoding: str, content: bytes = GOOD) -> Make:
    prolog = f'<?xml version="1.0" encoding="{encoding}"?>'.encode()
    return lambda: prolog + content.partition(b"?>")[2]


HEAD = f"<rss {NAMES}><channel>"
BAD: dict[str, Make] = {
    **{f"cut off at {place}": cut(place) for place in (1, 9, 60, 400, 900, 1500, 2000, 2600)},
    **{f"noise {seed}": noise(seed) for seed in range(8)},
    **{f"shuffled {seed}": shuffled(seed) for seed in range(4)},
    **{
        f"says it is {name}": declared(name)
        for name in ("utf-16", "utf-32", "utf-7", "idna", "punycode", "gbk", "ebcdic-us", "x" * 150)
    },
    "is UTF-16 and says UTF-8": lambda: GOOD.decode().encode("utf-16"),
    "is UTF-32": lambda: GOOD.decode().encode("utf-32"),
    "odd number of UTF-16 bytes": lambda: GOOD.decode().encode("utf-16")[:-1],
    "is half Latin-1": lambda: one("<title>Käse</title>") + "Käse".encode("latin-1"),
    "zero bytes": lambda: GOOD.replace(b"e", b"\0"),
    "control characters": lambda: one("<title>\x01\x02\x0b\x1f</title>"),
    "is EBCDIC": lambda: GOOD.decode().encode("cp037"),
    "is compressed": lambda: gzip.compress(GOOD),
    "is a JSON feed": lambda: b'{"version": "https://jsonfeed.org/version/1.1", "items": []}',
    "billion laughs": lambda: rss(
        "<item><title>&l9;</title></item>", doctype=f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>'
    ),
    "quadratic blow-up": lambda: rss(
        f"<item><title>{'&a;' * 50_000}</title></item>",
        doctype=f'<!DOCTYPE rss [<!ENTITY a "{"a" * 50_000}">]>',
    ),
    "entities of the outside": lambda: rss(
        "<item><title>&x;</title></item>",
        doctype='<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ),
    "parameter entities": lambda: rss(
        "", doctype='<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd">%x;]>'
    ),
    "an XInclude": lambda: one(
        "<x:include xmlns:x='http://www.w3.org/2001/XInclude' href='/etc/passwd' parse='text'/>"
    ),
    "elements nested 100,000 deep": lambda: one("<a>" * 100_000 + "</a>" * 100_000),
    "items nested 100,000 deep": lambda: rss("<item>" * 100_000 + "</item>" * 100_000),
    "tags never closed, with damage": lambda: rss("<item><p></b>" * 50_000),
    "100,000 items": lambda: rss("<item><guid>1</guid><title>One</title></item>" * 100_000),
    "100,000 damaged items": lambda: rss("<item><title>One</b></item>" * 100_000),
    "100,000 transcripts": lambda: one("<podcast:transcript url='https://a.example/1'/>" * 100_000),
    "100,000 people": lambda: one("<podcast:person>Mara</podcast:person>" * 100_000),
    "100,000 chapters": lambda: one(
        "<psc:chapters>" + "<psc:chapter start='1' title='x'/>" * 100_000 + "</psc:chapters>"
    ),
    "100,000 attributes": lambda: one(
        "<enclosure " + " ".join(f"a{n}=''" for n in range(100_000)) + "/>"
    ),
    "100,000 namespaces": lambda: one("".join(f"<a{n}:b/>" for n in range(100_000))),
    "one title of 32 MB": lambda: full("x", before=f"{HEAD}<item><title>", after="</title></item>"),
    "32 MB of CDATA never closed": lambda: full("<![CDATA[", before=HEAD),
    "32 MB of comments never closed": lambda: full("<!--", before=HEAD),
    "32 MB of blanks": lambda: full(" ", after="<rss/>"),
    "32 MB of bare ampersands": lambda: full("&", before=HEAD),
    "32 MB of wide letters": lambda: full(
        "😀", before=f"{HEAD}<item><title>", after="</title></item>"
    ),
    "32 MB of HTML in one item": lambda: full(
        "&lt;p&gt;",
        before=f"{HEAD}<item><description>",
        after="</description></item></channel></rss>",
    ),
    "32 MB of open angle brackets": lambda: full("<", before="<rss>"),
}


def test_there_are_sixty() -> None:
    assert len(BAD) == 60


def outcome(content: bytes) -> str:
    try:
        return f"feed.xml has {len(parse_apart(content, 'feed.xml').items)} items"
    except DocumentError as error:
        return str(error)


@pytest.mark.slow
@pytest.mark.parametrize("make", BAD.values(), ids=BAD)
def test_a_bad_feed_is_read_or_refused_in_time_and_harms_nobody(make: Make) -> None:
    content = make()
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()

    said = outcome(content)

    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert said.startswith("feed.xml ")
    assert "crashed" not in said
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime <= 5.5
    assert time.monotonic() - begun <= 15, "by the wall longer, on a machine that is shared"
    # A child is also charged with what its parent held when it was started; the limit is its own.
    assert after.ru_maxrss <= max(before.ru_maxrss, 512 * 2**10)


def test_a_feed_is_read_in_a_process_of_its_own_and_comes_back_whole() -> None:
    assert parse_apart(GOOD, "show.xml") == parse(GOOD, "show.xml")


def test_that_is_how_feeds_are_read_if_nothing_else_is_asked_for() -> None:
    assert FeedSource(FakeFetcher()).parse is parse_apart


def test_what_is_said_of_a_bad_feed_comes_back_too() -> None:
    with pytest.raises(DocumentError, match=r"feed\.xml is cut off") as caught:
        parse_apart(b"<rss><channel>", "feed.xml")

    assert caught.value.hint == "Was it downloaded whole?"
