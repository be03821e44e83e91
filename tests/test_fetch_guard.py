"""The guard at the door: no road and no trick leads to an address that is not public.

No packet leaves the machine: every connection is dialled by a stand-in that notes the address.
"""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path
from xml.sax.saxutils import quoteattr

import httpcore
import pytest

from ingest.fetch import GuardedFetcher
from ingest.sources.feed import FeedSource
from kb.errors import FetchError
from tests.loopback import PUBLIC, Net, Reply, Server

HOSTILE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.255.255.254/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://0/",
    "http://0.0.0.0/",
    "http://10.0.0.8/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://192.0.0.8/",
    "http://192.0.2.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://198.18.0.1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[0:0:0:0:0:ffff:a9fe:a9fe]/",
    "http://[2002:7f00:1::]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[fec0::1]/",
    "http://[ff0e::1]/",
    "http://[2001:db8::1]/",
    "http://[2001::7f00:1]/",
    "http://[3fff::1]/",
    "http://[5f00::1]/",
    "http://[64:ff9b:1::7f00:1]/",
    "http://[100::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fd00:ec2::254]/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://foo.localhost/",
    "http://metadata.google.internal/",
    "http://router.lan/",
    "http://127.0.0.1.nip.example/",
    "http://two-faced.example/",
    "http://two-faced-v6.example/",
    "http://①②⑦.⓪.⓪.①/",
    "http://user@feeds.example/",
    "http://user:secret@feeds.example/",
    "http://feeds.example@127.0.0.1/",
    "http://feeds.example%40127.0.0.1/",
    "http://127.0.0.1#@feeds.example/",
    "http://127.0.0.1\\@feeds.example/",
    "http://feeds.example:22/",
    "http://feeds.example:8080/",
    "http://feeds.example:25/",
    "https://feeds.example:6379/",
    "http://feeds.example:0/",
    "http://feeds.example:99999/",
    "ftp://feeds.example/a.mp3",
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "data:text/xml,<rss/>",
    "javascript:alert(1)",
    "unix:/var/run/docker.sock",
    "//127.0.0.1/",
    "http:///etc/passwd",
    "http://",
    "http://[::1",
    "feeds.example/feed.xml",
    "",
]

HARMLESS = ("feeds.example/feed.xml", "")
"""Refused when pasted; in a redirect they lead to the same host."""
REDIRECTS = [url for url in HOSTILE if url not in HARMLESS]


def quiet(fraction: float) -> None:
    del fraction


def ask(fetcher: GuardedFetcher, verb: str, url: str, folder: Path) -> bytes:
    if verb == "peek":
        return fetcher.peek(url).content
    if verb == "download":
        return fetcher.download(url, folder, report=quiet).read_bytes()
    return fetcher.get(url).content


over_all_verbs = pytest.mark.parametrize("verb", ["get", "peek", "download"])


# Four roads


def test_the_list_of_hostile_addresses_is_long_enough_and_has_no_doubles() -> None:
    assert len(HOSTILE) == len(set(HOSTILE))
    assert len(REDIRECTS) >= 60


@over_all_verbs
@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_that_is_pasted_is_refused(verb: str, url: str, tmp_path: Path) -> None:
    net = Net()

    with pytest.raises(FetchError) as caught:
        ask(net.fetcher(), verb, url, tmp_path)

    assert net.dialled == []
    assert net.slept == [], "a refusal does not change by waiting"
    assert caught.value.hint
    assert "secret" not in str(caught.value)


@over_all_verbs
@pytest.mark.parametrize("url", REDIRECTS)
def test_a_hostile_address_that_a_redirect_leads_to_is_refused(
    net: Net, server: Server, verb: str, url: str, tmp_path: Path
) -> None:
    location = url.encode().decode("latin-1")
    for path in ("/", "/feed.xml"):
        server.says(path, Reply(status=302, headers={"Location": location}))

    with pytest.raises(FetchError):
        ask(net.fetcher(), verb, "http://feeds.example/feed.xml", tmp_path)

    assert set(net.dialled) == {(PUBLIC, 80)}


def feed(items: Sequence[str]) -> str:
    return (
        '<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel>'
        f"<title>Trap</title>{''.join(items)}</channel></rss>"
    )


def test_no_hostile_enclosure_is_fetched(tmp_path: Path) -> None:
    net, path = Net(), tmp_path / "trap.xml"
    enclosures = [f'<enclosure url={quoteattr(url)} type="audio/mpeg"/>' for url in HOSTILE]
    path.write_text(
        feed([f"<item><guid>{n}</guid>{tag}</item>" for n, tag in enumerate(enclosures)]), "utf-8"
    )

    refused = 0
    for found in FeedSource(net.fetcher()).read(str(path), latest=100):
        if found.media is None:
            refused += 1
            continue
        with pytest.raises(FetchError):
            net.fetcher().download(found.media, tmp_path / "media", report=quiet)
        refused += 1

    assert refused == len(HOSTILE)
    assert net.dialled == []


def test_no_hostile_transcript_is_fetched(tmp_path: Path) -> None:
    net, path = Net(), tmp_path / "trap.xml"
    links = [
        f'<podcast:transcript url={quoteattr(url)} type="text/vtt"/>' for url in HOSTILE if url
    ]
    path.write_text(
        feed([f"<item><guid>{n}</guid>{tag}</item>" for n, tag in enumerate(links)]), "utf-8"
    )

    found = list(FeedSource(net.fetcher()).read(str(path), latest=100))

    assert [item.transcript for item in found] == [None] * len(links)
    assert all("transcript" in " ".join(item.episode.warnings) for item in found)
    assert net.dialled == []


# Names that change their mind


@dataclass(frozen=True)
class Rebinding:
    """A name's answers, one a look-up, the last for good; what the server says; what is asked."""

    name: str
    answers: Sequence[Sequence[str]]
    replies: Sequence[Reply]
    verbs: Sequence[str]


LOOP, INSIDE, METADATA = "127.0.0.1", "192.168.1.1", "169.254.169.254"
BACK = Reply(status=302, headers={"Location": "/"})
PAGE = Reply(b"<rss/>")
REST = Reply(status=429, headers={"Retry-After": "7"})
HALF = Reply(b"x" * 10, headers={"ETag": '"v1"'}, length=20)
REBINDINGS = [
    Rebinding("between redirect and target", [[PUBLIC], [LOOP]], [BACK], ["get"]),
    Rebinding("at the last of five redirects", [*[[PUBLIC]] * 5, [LOOP]], [BACK], ["get"]),
    Rebinding("between two attempts", [[PUBLIC], [METADATA]], [Reply(status=503)], ["get"]),
    Rebinding("while the server has its rest", [[PUBLIC], [INSIDE]], [REST], ["get"]),
    Rebinding("between look and fetch", [[PUBLIC], [LOOP]], [PAGE], ["peek", "get"]),
    Rebinding("between feed and recording", [[PUBLIC], [LOOP]], [PAGE], ["get", "download"]),
    Rebinding("before the rest of a recording", [[PUBLIC], [LOOP]], [HALF], ["download"]),
    Rebinding("public first, private second", [[PUBLIC, INSIDE]], [PAGE], ["get"]),
    Rebinding("private first, public second", [[INSIDE, PUBLIC]], [PAGE], ["get"]),
    Rebinding("wrapped in IPv6", [[PUBLIC], [f"::ffff:{METADATA}"]], [BACK], ["get"]),
    Rebinding("behind an address translator", [["64:ff9b::a9fe:a9fe"]], [PAGE], ["get"]),
    Rebinding("to the unspecified address", [[PUBLIC], ["0.0.0.0"]], [BACK], ["download"]),  # noqa: S104 - an answer, no binding
]


def test_there_are_scripts_enough() -> None:
    assert len({script.name for script in REBINDINGS}) >= 10


@pytest.mark.parametrize("script", REBINDINGS, ids=lambda script: script.name)
def test_a_name_that_is_rebound_is_refused(
    server: Server, tmp_path: Path, script: Rebinding
) -> None:
    answers = chain(script.answers, repeat(script.answers[-1]))
    net = Net(server.port, names=lambda _: next(answers))
    server.says("/", *script.replies)
    *before, last = script.verbs

    for verb in before:
        ask(net.fetcher(), verb, "http://rebound.example/", tmp_path)
    with pytest.raises(FetchError, match="is not a public address"):
        ask(net.fetcher(), last, "http://rebound.example/", tmp_path)

    assert set(net.dialled) <= {(PUBLIC, 80)}


def test_the_address_that_was_checked_is_the_one_dialled(server: Server) -> None:
    answers = iter([[PUBLIC], [LOOP]])
    net = Net(server.port, names=lambda _: next(answers))
    server.says("/feed.xml", PAGE)

    assert net.fetcher().get("http://rebound.example/feed.xml").content == b"<rss/>"
    assert net.resolved == ["rebound.example"]
    assert net.dialled == [(PUBLIC, 80)]


# The rest of the door


class TlsStream(httpcore.NetworkStream):
    """Notes for whom a certificate is asked, and hangs up."""

    def __init__(self) -> None:
        self.asked_for: list[str | None] = []

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        del timeout
        assert ssl_context.verify_mode is ssl.CERT_REQUIRED
        self.asked_for.append(server_hostname)
        raise httpcore.ConnectError("no handshake")

    def close(self) -> None:
        pass


def test_the_certificate_is_checked_against_the_name_not_the_address() -> None:
    stream, net = TlsStream(), Net()

    def connect(address: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
        del address, port, timeout
        return stream

    fetcher = GuardedFetcher(resolve=net.resolve, connect=connect, pace=net.pace())

    with pytest.raises(FetchError):
        fetcher.get("https://feeds.example/")

    assert set(stream.asked_for) == {"feeds.example"}


def test_an_allowed_private_address_is_fetched(net: Net, server: Server) -> None:
    assert net.fetcher(allow=[server.host]).get(server.says("/", Reply(b"here"))).content == b"here"


def test_an_allowed_ipv6_address_is_written_in_brackets(net: Net, server: Server) -> None:
    server.says("/", Reply(b"here"))

    assert net.fetcher(allow=["[::1]:8000"]).get("http://[::1]:8000/").content == b"here"


def test_allowing_one_port_allows_no_other(net: Net, server: Server) -> None:
    with pytest.raises(FetchError, match="port 1 is not"):
        net.fetcher(allow=[server.host]).get("http://127.0.0.1:1/")
    with pytest.raises(FetchError, match="not a public address"):
        net.fetcher(allow=[server.host]).get("http://127.0.0.1/")
