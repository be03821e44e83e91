"""The guarded fetcher, against a real server on loopback. No packet leaves the machine."""

import gzip
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpcore
import pytest

from ingest.addresses import is_public
from ingest.fetch import GuardedFetcher
from kb.errors import FetchError
from tests.loopback import PUBLIC, Net, Reply, Server, serving

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


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as script:
        yield script


@pytest.fixture
def net(server: Server) -> Net:
    return Net(server.port)


@pytest.fixture
def local(net: Net, server: Server) -> GuardedFetcher:
    """Give a fetcher that may reach the server by its private address."""
    return net.fetcher(allow=[server.host])


def test_a_page_is_fetched_with_its_name_in_the_host_header(net: Net, server: Server) -> None:
    server.says("/feed.xml", Reply(b"<rss/>"))

    assert net.fetcher().text("http://feeds.example/feed.xml") == b"<rss/>"
    assert net.dialled == [(PUBLIC, 80)]
    assert server.seen[0][1]["host"] == "feeds.example"


def test_the_list_of_hostile_addresses_is_long_enough_and_has_no_doubles() -> None:
    assert len(HOSTILE) == len(set(HOSTILE)) >= 40


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_refused_before_anything_is_dialled(net: Net, url: str) -> None:
    with pytest.raises(FetchError) as caught:
        net.fetcher().text(url)

    assert net.dialled == []
    assert net.slept == [], "a refusal does not change by waiting"
    assert caught.value.hint
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", [url for url in HOSTILE if ":" in url])
def test_a_redirect_to_a_hostile_address_is_refused_before_it_is_dialled(
    net: Net, server: Server, url: str
) -> None:
    location = url.encode().decode("latin-1")
    server.says("/", Reply(status=302, headers={"Location": location}))
    server.says("/feed.xml", Reply(status=302, headers={"Location": location}))

    with pytest.raises(FetchError):
        net.fetcher().text("http://feeds.example/feed.xml")

    assert set(net.dialled) == {(PUBLIC, 80)}


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "2002:5db8:d822::"]
)
def test_an_address_on_the_public_internet_is_public(address: str) -> None:
    assert is_public(address)


def test_the_address_that_was_checked_is_the_one_dialled_when_the_name_is_rebound(
    server: Server,
) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    net = Net(server.port, names=lambda _: next(answers))
    server.says("/feed.xml", Reply(b"<rss/>"))

    assert net.fetcher().text("http://rebound.example/feed.xml") == b"<rss/>"
    assert net.resolved == ["rebound.example"]
    assert net.dialled == [(PUBLIC, 80)]


def test_a_name_rebound_between_redirect_and_target_is_refused(server: Server) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    net = Net(server.port, names=lambda _: next(answers))
    server.says("/feed.xml", Reply(status=302, headers={"Location": "/new.xml"}))

    with pytest.raises(FetchError, match=r"127\.0\.0\.1 is not a public address"):
        net.fetcher().text("http://rebound.example/feed.xml")

    assert net.dialled == [(PUBLIC, 80)]


def test_a_name_rebound_between_two_attempts_is_refused() -> None:
    answers = iter([[PUBLIC], ["169.254.169.254"]])
    net = Net(names=lambda _: next(answers))

    with pytest.raises(FetchError, match="not a public address"):
        net.fetcher().text("http://rebound.example/feed.xml")

    assert net.dialled == [(PUBLIC, 80)]


def test_the_next_address_is_tried_when_the_first_does_not_answer(server: Server) -> None:
    net = Net(server.port, names=lambda _: ["2606:2800:220:1::1", PUBLIC])
    server.says("/", Reply(b"here"))

    def connect(address: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
        if ":" in address:
            raise httpcore.ConnectError("no route")
        return net.connect(address, port, timeout)

    fetcher = GuardedFetcher(resolve=net.resolve, connect=connect, sleep=net.slept.append)

    assert fetcher.text("http://feeds.example/") == b"here"
    assert net.slept == []


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

    fetcher = GuardedFetcher(resolve=net.resolve, connect=connect, sleep=net.slept.append)

    with pytest.raises(FetchError):
        fetcher.text("https://feeds.example/")

    assert set(stream.asked_for) == {"feeds.example"}


def test_an_allowed_private_address_is_fetched(local: GuardedFetcher, server: Server) -> None:
    assert local.text(server.says("/", Reply(b"here"))) == b"here"


def test_an_allowed_ipv6_address_is_written_in_brackets(net: Net, server: Server) -> None:
    server.says("/", Reply(b"here"))

    assert net.fetcher(allow=["[::1]:8000"]).text("http://[::1]:8000/") == b"here"


def test_allowing_one_port_allows_no_other(net: Net, server: Server) -> None:
    with pytest.raises(FetchError, match="port 1 is not"):
        net.fetcher(allow=[server.host]).text("http://127.0.0.1:1/")
    with pytest.raises(FetchError, match="not a public address"):
        net.fetcher(allow=[server.host]).text("http://127.0.0.1/")


def test_a_proxy_of_the_environment_is_not_used(
    local: GuardedFetcher, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    assert local.text(server.says("/", Reply(b"here"))) == b"here"


def test_five_redirects_are_followed(local: GuardedFetcher, server: Server) -> None:
    for step in range(5):
        server.says(f"/{step}", Reply(status=302, headers={"Location": f"/{step + 1}"}))
    server.says("/5", Reply(b"arrived"))

    assert local.text(server.url("/0")) == b"arrived"


def test_a_sixth_redirect_is_refused(local: GuardedFetcher, server: Server) -> None:
    url = server.says("/loop", Reply(status=302, headers={"Location": "/loop"}))

    with pytest.raises(FetchError, match="more than 5 redirects"):
        local.text(url)

    assert len(server.seen) == 6


def test_a_text_larger_than_the_limit_is_refused(local: GuardedFetcher, server: Server) -> None:
    url = server.says("/", Reply(b"x" * 101))

    assert local.text(url, limit=101) == b"x" * 101
    with pytest.raises(FetchError, match="larger than 100 bytes"):
        local.text(url, limit=100)


def test_a_compressed_text_is_unpacked_but_not_past_the_limit(
    local: GuardedFetcher, server: Server
) -> None:
    packed = gzip.compress(b"a" * 10**6)
    url = server.says("/", Reply(packed, headers={"Content-Encoding": "gzip"}))

    assert len(local.text(url)) == 10**6
    with pytest.raises(FetchError, match="larger than"):
        local.text(url, limit=10**5)


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd"])
def test_compression_that_was_not_asked_for_is_refused(
    local: GuardedFetcher, server: Server, encoding: str
) -> None:
    url = server.says("/", Reply(b"??", headers={"Content-Encoding": encoding}))

    with pytest.raises(FetchError, match="compressed"):
        local.text(url)


def test_damaged_compression_is_an_error(local: GuardedFetcher, server: Server) -> None:
    url = server.says("/", Reply(b"not gzip", headers={"Content-Encoding": "gzip"}))

    with pytest.raises(FetchError, match="could not be fetched"):
        local.text(url)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 304, 204])
def test_a_refusal_of_the_server_is_not_tried_again(
    local: GuardedFetcher, net: Net, server: Server, status: int
) -> None:
    url = server.says("/private", Reply(status=status))

    with pytest.raises(FetchError, match=f"/private answered {status}$"):
        local.text(f"{url}?token=secret")

    assert len(server.seen) == 1
    assert net.slept == []


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_passing_fault_is_tried_again(
    local: GuardedFetcher, net: Net, server: Server, status: int
) -> None:
    url = server.says("/", Reply(status=status), Reply(status=status), Reply(b"well again"))

    assert local.text(url) == b"well again"
    assert net.slept == [1.0, 2.0]


def test_the_third_failure_is_the_last(local: GuardedFetcher, net: Net, server: Server) -> None:
    with pytest.raises(FetchError, match="answered 503"):
        local.text(server.says("/", Reply(status=503)))

    assert len(server.seen) == 3
    assert len(net.slept) == 2


def test_a_connection_that_fails_is_tried_three_times() -> None:
    net = Net()

    with pytest.raises(FetchError, match="nobody answers"):
        net.fetcher().text("http://feeds.example/")

    assert len(net.dialled) == 3


def test_a_name_that_nobody_knows_is_said_so() -> None:
    def unknown(_: str) -> Sequence[str]:
        raise socket.gaierror("no such name")

    with pytest.raises(FetchError, match=r"the name gone\.example is not known"):
        Net(names=unknown).fetcher().text("http://gone.example/")


@pytest.mark.parametrize("asked", ["7", "60"])
def test_the_pause_that_the_server_asks_for_is_kept(
    local: GuardedFetcher, net: Net, server: Server, asked: str
) -> None:
    busy = Reply(status=429, headers={"Retry-After": asked})

    assert local.text(server.says("/", busy, Reply(b"now"))) == b"now"
    assert net.slept == [float(asked)]


def test_the_pause_may_be_a_date(local: GuardedFetcher, net: Net, server: Server) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    busy = Reply(status=503, headers={"Retry-After": until})

    local.text(server.says("/", busy, Reply(b"now")))

    assert 25 < net.slept[0] <= 30


def test_a_pause_of_an_hour_is_not_waited_for(
    local: GuardedFetcher, net: Net, server: Server
) -> None:
    url = server.says("/", Reply(status=429, headers={"Retry-After": "3600"}))

    with pytest.raises(FetchError) as caught:
        local.text(url)

    assert "3600 s" in caught.value.hint
    assert net.slept == []


def test_a_pause_that_makes_no_sense_is_the_usual_one(
    local: GuardedFetcher, net: Net, server: Server
) -> None:
    busy = Reply(status=503, headers={"Retry-After": "soon"})

    local.text(server.says("/", busy, Reply(b"now")))

    assert net.slept == [1.0]


def test_a_server_that_drips_is_given_up_at_the_deadline(net: Net, server: Server) -> None:
    url = server.says("/", Reply(b"x" * 100, drip=0.1))
    begun = time.monotonic()

    with pytest.raises(FetchError, match="longer than it may"):
        net.fetcher(allow=[server.host], text_seconds=0.4).text(url)

    assert time.monotonic() - begun < 3


def test_a_text_that_breaks_off_is_asked_for_again(local: GuardedFetcher, server: Server) -> None:
    url = server.says("/", Reply(b"half", length=8), Reply(b"complete"))

    assert local.text(url) == b"complete"
