"""The guarded fetcher, against a real server on loopback. No packet leaves the machine."""

import gzip
import random
import socket
import time
import tracemalloc
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib.metadata import version
from typing import Literal

import httpcore
import pytest

from ingest.fetch import GuardedFetcher
from ingest.ports import Head
from kb.errors import FetchError, PassingFetchError
from tests.loopback import PUBLIC, Net, Reply, Server

NOISE = random.Random(1).randbytes(10_000)  # noqa: S311 - no secret


@pytest.fixture
def local(net: Net, server: Server) -> GuardedFetcher:
    """Give a fetcher that may reach the server by its private address."""
    return net.fetcher(allow=[server.host])


def test_a_page_is_fetched_with_its_name_in_the_host_header(net: Net, server: Server) -> None:
    server.says("/feed.xml", Reply(b"<rss/>"))

    assert net.fetcher().get("http://feeds.example/feed.xml").content == b"<rss/>"
    assert net.dialled == [(PUBLIC, 80)]
    assert server.seen[0][1]["host"] == "feeds.example"


def test_a_server_is_told_who_asks(local: GuardedFetcher, server: Server) -> None:
    server.says("/feed.xml", Reply(b"<rss/>"))

    local.get(server.url("/feed.xml"))

    assert server.seen[0][1]["user-agent"] == f"Soundproof/{version('soundproof')}"


def test_the_next_address_is_tried_when_the_first_does_not_answer(server: Server) -> None:
    net = Net(server.port, names=lambda _: ["2606:2800:220:1::1", PUBLIC])
    server.says("/", Reply(b"here"))

    def connect(address: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
        if ":" in address:
            raise httpcore.ConnectError("no route")
        return net.connect(address, port, timeout)

    fetcher = GuardedFetcher(resolve=net.resolve, connect=connect, pace=net.pace())

    assert fetcher.get("http://feeds.example/").content == b"here"
    assert net.slept == []


def test_a_proxy_of_the_environment_is_not_used(
    local: GuardedFetcher, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    assert local.get(server.says("/", Reply(b"here"))).content == b"here"


def test_five_redirects_are_followed(local: GuardedFetcher, server: Server) -> None:
    for step in range(5):
        server.says(f"/{step}", Reply(status=302, headers={"Location": f"/{step + 1}"}))
    server.says("/5", Reply(b"arrived"))

    assert local.get(server.url("/0")).content == b"arrived"


def test_a_sixth_redirect_is_refused(local: GuardedFetcher, server: Server) -> None:
    url = server.says("/loop", Reply(status=302, headers={"Location": "/loop"}))

    with pytest.raises(FetchError, match="more than 5 redirects"):
        local.get(url)

    assert len(server.seen) == 6


def test_a_text_larger_than_the_limit_is_refused(local: GuardedFetcher, server: Server) -> None:
    url = server.says("/", Reply(b"x" * 101))

    assert local.get(url, limit=101).content == b"x" * 101
    with pytest.raises(FetchError, match="larger than 100 bytes"):
        local.get(url, limit=100)


def test_a_compressed_text_is_unpacked_but_not_past_the_limit(
    local: GuardedFetcher, server: Server
) -> None:
    packed = gzip.compress(b"a" * 10**6)
    url = server.says("/", Reply(packed, headers={"Content-Encoding": "gzip"}))

    assert len(local.get(url).content) == 10**6
    with pytest.raises(FetchError, match="larger than"):
        local.get(url, limit=10**5)


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd"])
def test_compression_that_was_not_asked_for_is_refused(
    local: GuardedFetcher, server: Server, encoding: str
) -> None:
    url = server.says("/", Reply(b"??", headers={"Content-Encoding": encoding}))

    with pytest.raises(FetchError, match="compressed"):
        local.get(url)


def test_damaged_compression_is_an_error(local: GuardedFetcher, server: Server) -> None:
    url = server.says("/", Reply(b"not gzip", headers={"Content-Encoding": "gzip"}))

    with pytest.raises(FetchError, match="could not be fetched"):
        local.get(url)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 304, 204])
def test_a_refusal_of_the_server_is_not_tried_again(
    local: GuardedFetcher, net: Net, server: Server, status: int
) -> None:
    url = server.says("/private", Reply(status=status))

    with pytest.raises(FetchError, match=f"/private answered {status}$"):
        local.get(f"{url}?token=secret")

    assert len(server.seen) == 1
    assert net.slept == []


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_passing_fault_is_tried_again(
    local: GuardedFetcher, net: Net, server: Server, status: int
) -> None:
    url = server.says("/", Reply(status=status), Reply(status=status), Reply(b"well again"))

    assert local.get(url).content == b"well again"
    assert net.slept == [2.0, 4.0]


def test_the_third_failure_is_the_last(local: GuardedFetcher, net: Net, server: Server) -> None:
    with pytest.raises(FetchError, match="answered 503"):
        local.get(server.says("/", Reply(status=503)))

    assert len(server.seen) == 3
    assert len(net.slept) == 2


def test_a_connection_that_fails_is_tried_three_times() -> None:
    net = Net()

    with pytest.raises(FetchError, match="nobody answers"):
        net.fetcher().get("http://feeds.example/")

    assert len(net.dialled) == 3


def test_a_name_that_nobody_knows_is_said_so() -> None:
    def unknown(_: str) -> Sequence[str]:
        raise socket.gaierror("no such name")

    with pytest.raises(FetchError, match=r"the name gone\.example is not known"):
        Net(names=unknown).fetcher().get("http://gone.example/")


@pytest.mark.parametrize("asked", ["7", "60"])
def test_the_pause_that_the_server_asks_for_is_kept(
    local: GuardedFetcher, net: Net, server: Server, asked: str
) -> None:
    busy = Reply(status=429, headers={"Retry-After": asked})

    assert local.get(server.says("/", busy, Reply(b"now"))).content == b"now"
    assert sum(net.slept) == pytest.approx(float(asked), abs=0.5)


def test_the_pause_may_be_a_date(local: GuardedFetcher, net: Net, server: Server) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    busy = Reply(status=503, headers={"Retry-After": until})

    local.get(server.says("/", busy, Reply(b"now")))

    assert 25 < sum(net.slept) <= 30


def test_a_pause_of_an_hour_is_not_waited_for(
    local: GuardedFetcher, net: Net, server: Server
) -> None:
    url = server.says("/", Reply(status=429, headers={"Retry-After": "3600"}))

    with pytest.raises(PassingFetchError) as caught:
        local.get(url)

    assert caught.value.after == 3600
    assert "3600 s" in caught.value.hint
    assert net.slept == []


def test_a_pause_that_makes_no_sense_is_the_usual_one(
    local: GuardedFetcher, net: Net, server: Server
) -> None:
    busy = Reply(status=503, headers={"Retry-After": "soon"})

    local.get(server.says("/", busy, Reply(b"now")))

    assert net.slept == [2.0]


def test_a_server_that_drips_is_given_up_at_the_deadline(net: Net, server: Server) -> None:
    url = server.says("/", Reply(b"x" * 100, drip=0.1))
    begun = time.monotonic()

    with pytest.raises(FetchError, match="longer than it may"):
        net.fetcher(allow=[server.host], text_seconds=0.4).get(url)

    assert time.monotonic() - begun < 3


def test_a_text_that_breaks_off_is_asked_for_again(local: GuardedFetcher, server: Server) -> None:
    url = server.says("/", Reply(b"half", length=8), Reply(b"complete"))

    assert local.get(url).content == b"complete"


# A look at the beginning


def test_a_look_asks_for_the_beginning_alone(local: GuardedFetcher, server: Server) -> None:
    headers = {"Content-Type": "Audio/MPEG; charset=x", "Content-Range": "bytes 0-65535/9000000"}
    url = server.says("/a", Reply(b"x" * 65_536, 206, headers))

    assert local.peek(url) == Head(b"x" * 65_536, "audio/mpeg", 9_000_000, url)
    assert server.seen[0][1]["range"] == "bytes=0-65535"


@pytest.mark.parametrize(
    ("reply", "length"),
    [
        (Reply(b"x" * 200_000), 200_000),
        (Reply(b"x" * 200_000, framed="chunked"), None),
        (Reply(b"x" * 200_000, framed="closed"), None),
        (Reply(b"x" * 70_000, length=5 * 10**9), 5 * 10**9),
        (Reply(b"x" * 200_000, 206, {"Content-Range": "bytes 0-199999/*"}), None),
        (Reply(gzip.compress(b"x" * 10**7), headers={"Content-Encoding": "gzip"}), None),
    ],
    ids=["no Range", "chunks", "no length", "a large file", "more than asked", "a bomb"],
)
def test_a_look_never_takes_more_than_64_kib(
    local: GuardedFetcher, server: Server, reply: Reply, length: int | None
) -> None:
    url = server.says("/a", reply)

    assert local.peek(url) == Head(b"x" * 65_536, "", length, url)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "odd",
    [
        Reply(status=416, headers={"Content-Range": "bytes */0"}),
        Reply(b"inside", 206, {"Content-Range": "bytes 7-12/99"}),
        Reply(b"somewhere", 206),
        Reply(b"?", 206, {"Content-Range": "bytes 0-0/1", "Content-Encoding": "gzip"}),
    ],
    ids=["not satisfiable", "another part", "no place", "part of a package"],
)
def test_where_the_beginning_cannot_be_asked_for_the_whole_is(
    local: GuardedFetcher, server: Server, odd: Reply
) -> None:
    url = server.says("/a", odd, Reply(b"whole", headers={"Content-Type": "text/html"}))

    assert local.peek(url) == Head(b"whole", "text/html", 5, url)
    assert "range" not in server.seen[-1][1]


def test_a_look_says_where_all_redirects_led(local: GuardedFetcher, server: Server) -> None:
    url = server.says("/a", Reply(status=302, headers={"Location": "/b"}))
    target = server.says("/b", Reply(b"here"))

    assert local.peek(url).url == target


def test_a_look_at_nothing_is_empty(local: GuardedFetcher, server: Server) -> None:
    url = server.says("/a", Reply(status=416), Reply(b""))

    assert local.peek(url) == Head(b"", "", 0, url)


# Compression


def test_a_bomb_goes_off_at_the_limit_and_not_in_memory(
    local: GuardedFetcher, server: Server
) -> None:
    bomb = zlib.compressobj(9, wbits=31)
    packed = b"".join(bomb.compress(bytes(2**20)) for _ in range(200)) + bomb.flush()
    url = server.says("/", Reply(packed, headers={"Content-Encoding": "gzip"}))

    tracemalloc.start()
    with pytest.raises(FetchError, match="larger than 1,000,000 bytes"):
        local.get(url, limit=10**6)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 8 * 2**20


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 200_000, 10**6])
def test_what_is_packed_comes_out_whole(local: GuardedFetcher, server: Server, size: int) -> None:
    for content in (bytes(size), random.Random(size).randbytes(size)):  # noqa: S311 - no secret
        packed = Reply(gzip.compress(content), headers={"Content-Encoding": "gzip"})

        assert local.get(server.says("/", packed)).content == content


def test_all_members_of_a_package_are_unpacked_and_padding_is_not(
    local: GuardedFetcher, server: Server
) -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two") + bytes(9)
    url = server.says("/", Reply(packed, headers={"Content-Encoding": "gzip"}))

    assert local.get(url).content == b"one two"


@pytest.mark.parametrize("framed", ["length", "chunked", "closed"])
def test_a_package_that_breaks_off_is_asked_for_again(
    local: GuardedFetcher, server: Server, framed: Literal["length", "chunked", "closed"]
) -> None:
    packed, gzipped = gzip.compress(NOISE), {"Content-Encoding": "gzip"}
    cut = Reply(packed[:5000], headers=gzipped, framed=framed)

    assert local.get(server.says("/", cut, Reply(packed, headers=gzipped))).content == NOISE


@pytest.mark.parametrize(
    "asked",
    ["-5", "soon", "", "9" * 400, "٣", "Mon, 01 Jan 99999 00:00:00 GMT", "Mon, 01 Jan 1990",
     "Tue, 14 Nov 2023 22:13:20 -0000", "Tue, 14 Nov 2023 22:13:20 +999999"],
)  # fmt: skip
def test_no_pause_that_a_server_asks_for_is_longer_than_a_day(
    local: GuardedFetcher, net: Net, server: Server, asked: str
) -> None:
    url = server.says(
        "/", Reply(status=503, headers={"Retry-After": asked.encode().decode("latin-1")})
    )

    with pytest.raises(PassingFetchError) as caught:
        local.get(url)

    assert 0 <= caught.value.after <= 86_400
    assert sum(net.slept) <= 6
