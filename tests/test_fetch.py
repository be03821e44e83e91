"""The guarded fetcher, against a real server on loopback. No packet leaves the machine."""

import gzip
import hashlib
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpcore
import pytest
from filelock import FileLock

from ingest.addresses import is_public
from ingest.fetch import GuardedFetcher
from kb.errors import FetchError

PUBLIC = "93.184.216.34"
AUDIO = bytes(range(256)) * 4096  # 1 MiB
NAMES = {
    "feeds.example": [PUBLIC],
    "localhost": ["127.0.0.1"],
    "localhost.": ["127.0.0.1"],
    "foo.localhost": ["::1"],
    "metadata.google.internal": ["169.254.169.254"],
    "router.lan": ["192.168.1.1"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "feeds.example%40127.0.0.1": ["127.0.0.1"],
    "two-faced.example": [PUBLIC, "10.0.0.1"],
    "two-faced-v6.example": [PUBLIC, "fd00::1"],
}

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


@dataclass(frozen=True)
class Reply:
    """What the server says; `length` declares more than is sent, `drip` waits between bytes."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    length: int | None = None
    drip: float = 0.0


Route = Callable[[Mapping[str, str]], Reply]


@dataclass
class Server:
    port: int = 0
    routes: dict[str, Route] = field(default_factory=dict[str, Route])
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list[tuple[str, dict[str, str]]])

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def says(self, path: str, *replies: Reply) -> str:
        """Answer with each reply in turn, with the last one from then on."""
        left = list(replies)
        self.routes[path] = lambda _: left.pop(0) if len(left) > 1 else left[0]
        return self.url(path)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, server: Server, *args: object) -> None:
        self.script = server
        super().__init__(*args)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.script.seen.append((self.path, headers))
        reply = self.script.routes[self.path.partition("?")[0]](headers)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header(
            "Content-Length", str(len(reply.body) if reply.length is None else reply.length)
        )
        self.end_headers()
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        self.close_connection = True
        try:
            if not reply.drip:
                self.wfile.write(reply.body)
            for byte in reply.body if reply.drip else b"":
                time.sleep(reply.drip)
                self.wfile.write(bytes([byte]))
        except OSError:
            return  # the fetcher hung up, as it should

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class says so
        del format, args


@pytest.fixture
def server() -> Iterator[Server]:
    script = Server()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, script)) as http:
        script.port = http.server_port
        thread = threading.Thread(target=http.serve_forever, args=(0.002,))
        thread.start()
        yield script
        http.shutdown()
        thread.join()


@dataclass
class Net:
    """Stands in for name service and sockets; every address leads to `port` on loopback, if at all."""

    port: int | None = None
    names: Callable[[str], Sequence[str]] = NAMES.__getitem__
    resolved: list[str] = field(default_factory=list[str])
    dialled: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    slept: list[float] = field(default_factory=list[float])

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.resolved.append(host)
        try:
            numeric = socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
            )
        except socket.gaierror:
            return self.names(host)
        return [str(info[4][0]) for info in numeric]

    def connect(self, address: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
        self.dialled.append((address, port))
        if self.port is None:
            raise httpcore.ConnectError("nobody answers")
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout)

    def fetcher(self, *, allow: Sequence[str] = (), text_seconds: float = 20) -> GuardedFetcher:
        return GuardedFetcher(
            allow=allow,
            text_seconds=text_seconds,
            resolve=self.resolve,
            connect=self.connect,
            sleep=self.slept.append,
        )


@pytest.fixture
def net(server: Server) -> Net:
    return Net(server.port)


@pytest.fixture
def local(net: Net, server: Server) -> GuardedFetcher:
    """Give a fetcher that may reach the server by its private address."""
    return net.fetcher(allow=[server.host])


def quiet(fraction: float) -> None:
    del fraction


def ranged(body: bytes, etag: str, *, cut: int | None = None) -> Route:
    """Serve a file with Range and If-Range; the whole of it breaks off after `cut` bytes."""

    def answer(headers: Mapping[str, str]) -> Reply:
        found = re.fullmatch(r"bytes=(\d+)-", headers.get("range", ""))
        if found and headers["if-range"] == etag:
            start = int(found[1])
            if start >= len(body):
                return Reply(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
            part = {"ETag": etag, "Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
            return Reply(body[start:], status=206, headers=part)
        return Reply(body[:cut], headers={"ETag": etag}, length=len(body))

    return answer


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


def test_a_download_is_named_by_its_hash_and_keeps_its_extension(
    local: GuardedFetcher, server: Server, tmp_path: Path
) -> None:
    fractions: list[float] = []
    url = server.says("/Episode%201.MP3", Reply(AUDIO))

    path = local.download(f"{url}?sig=1", tmp_path / "media", report=fractions.append)

    assert path == tmp_path / "media" / f"{hashlib.sha256(AUDIO).hexdigest()}.mp3"
    assert path.read_bytes() == AUDIO
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert list(path.parent.iterdir()) == [path], "nothing else is left behind"
    assert server.seen[0][1]["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("/episode", ""), ("/a.mp3/play", ""), ("/a.%2e%2Fx", ""), ("/a.m4a", ".m4a")],
)
def test_only_a_plain_extension_is_kept(
    local: GuardedFetcher, server: Server, tmp_path: Path, name: str, suffix: str
) -> None:
    path = local.download(server.says(name, Reply(AUDIO)), tmp_path, report=quiet)

    assert path.parent == tmp_path
    assert path.suffix == suffix


def test_a_download_that_breaks_off_goes_on_where_it_was(
    local: GuardedFetcher, server: Server, tmp_path: Path
) -> None:
    server.routes["/a.mp3"] = ranged(AUDIO, '"v1"', cut=300_000)

    path = local.download(server.url("/a.mp3"), tmp_path, report=quiet)

    assert path.read_bytes() == AUDIO
    assert [headers.get("range") for _, headers in server.seen] == [None, "bytes=300000-"]


def test_a_download_given_up_goes_on_in_another_process(
    local: GuardedFetcher, server: Server, tmp_path: Path
) -> None:
    broken = Reply(AUDIO[:300_000], headers={"ETag": '"v1"'}, length=len(AUDIO))
    url = server.says("/a.mp3", broken, Reply(status=404))
    with pytest.raises(FetchError):
        local.download(url, tmp_path, report=quiet)
    server.routes["/a.mp3"] = ranged(AUDIO, '"v1"')

    path = Net(server.port).fetcher(allow=[server.host]).download(url, tmp_path, report=quiet)

    assert path.read_bytes() == AUDIO
    assert server.seen[-1][1]["range"] == "bytes=300000-"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_changed_meanwhile_is_fetched_anew(
    local: GuardedFetcher, server: Server, tmp_path: Path
) -> None:
    new = AUDIO[::-1]
    old, changed = ranged(AUDIO, '"v1"', cut=300_000), ranged(new, '"v2"')
    server.routes["/a.mp3"] = lambda headers: (changed if "range" in headers else old)(headers)

    assert local.download(server.url("/a.mp3"), tmp_path, report=quiet).read_bytes() == new


@pytest.mark.parametrize(
    "fault",
    [
        Reply(AUDIO, status=206, headers={"Content-Range": "bytes 0-1048575/1048576"}),
        Reply(b"", status=206, headers={"ETag": '"v1"'}),
        Reply(
            AUDIO[300_000:],
            status=206,
            headers={"ETag": '"v2"', "Content-Range": "bytes 300000-1048575/1048576"},
        ),
        Reply(status=416),
    ],
    ids=["from the start", "no range", "another version", "not satisfiable"],
)
def test_a_server_that_continues_wrongly_is_asked_for_the_whole(
    local: GuardedFetcher, server: Server, tmp_path: Path, fault: Reply
) -> None:
    broken = Reply(AUDIO[:300_000], headers={"ETag": '"v1"'}, length=len(AUDIO))
    url = server.says("/a.mp3", broken, fault, Reply(AUDIO))

    assert local.download(url, tmp_path, report=quiet).read_bytes() == AUDIO
    assert "range" not in server.seen[-1][1]


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"weak"'}])
def test_a_file_without_a_strong_validator_is_not_resumed(
    local: GuardedFetcher, server: Server, tmp_path: Path, headers: dict[str, str]
) -> None:
    broken = Reply(AUDIO[:300_000], headers=headers, length=len(AUDIO))
    url = server.says("/a.mp3", broken, Reply(AUDIO))

    assert local.download(url, tmp_path, report=quiet).read_bytes() == AUDIO
    assert "range" not in server.seen[-1][1]


def test_a_download_larger_than_the_limit_stops_before_it_is_written(
    server: Server, tmp_path: Path
) -> None:
    fetcher = GuardedFetcher(allow=[server.host], limit=1000)
    url = server.says("/a.mp3", Reply(AUDIO))

    with pytest.raises(FetchError, match="larger than 1,000 bytes"):
        fetcher.download(url, tmp_path, report=quiet)

    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == 0


def test_compressed_audio_is_refused(local: GuardedFetcher, server: Server, tmp_path: Path) -> None:
    packed = Reply(gzip.compress(AUDIO), headers={"Content-Encoding": "gzip"})

    with pytest.raises(FetchError, match="compressed"):
        local.download(server.says("/a.mp3", packed), tmp_path, report=quiet)


def test_a_file_that_another_process_downloads_is_left_to_it(
    local: GuardedFetcher, server: Server, tmp_path: Path
) -> None:
    url = server.says("/a.mp3", Reply(AUDIO))
    name = hashlib.sha256(url.encode()).hexdigest()

    with (
        FileLock(tmp_path / f"{name}.lock"),
        pytest.raises(FetchError, match="by another process"),
    ):
        local.download(url, tmp_path, report=quiet)


def test_downloading_twice_leaves_one_file(
    local: GuardedFetcher, server: Server, tmp_path: Path
) -> None:
    url = server.says("/a.mp3", Reply(AUDIO))

    first = local.download(url, tmp_path, report=quiet)
    second = local.download(url, tmp_path, report=quiet)

    assert first == second
    assert list(tmp_path.iterdir()) == [first]


def test_a_folder_that_cannot_be_written_is_said_so(
    local: GuardedFetcher, server: Server, tmp_path: Path
) -> None:
    (tmp_path / "media").write_text("in the way")

    with pytest.raises(FetchError, match="Nothing can be saved in"):
        local.download(server.says("/a.mp3", Reply(AUDIO)), tmp_path / "media", report=quiet)
