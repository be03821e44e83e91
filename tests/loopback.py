"""A scripted web server on loopback, and stand-ins for name service and sockets."""

import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

import httpcore

from ingest.fetch import GuardedFetcher
from ingest.pace import Pace
from ingest.ports import HttpCache

PUBLIC = "93.184.216.34"
NAMES = {
    "feeds.example": [PUBLIC],
    "localhost": ["127.0.0.1"],
    "localhost.": ["127.0.0.1"],
    "foo.localhost": ["::1"],
    "metadata.google.internal": ["169.254.169.254"],
    "router.lan": ["192.168.1.1"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "feeds.example%40127.0.0.1": ["127.0.0.1"],
    "fe80::1%25eth0": ["fe80::1%eth0"],
    "two-faced.example": [PUBLIC, "10.0.0.1"],
    "two-faced-v6.example": [PUBLIC, "fd00::1"],
}


@dataclass(frozen=True)
class Reply:
    """What the server says, and how badly.

    `length` declares another length than is sent, `drip` waits between bytes and `pause` between
    pieces of 64 KiB. Unless `framed` by
    its length, a body is "chunked" or ends where the connection is "closed"; where it is not
    `whole`, the last chunk is missing, or the connection is reset.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    length: int | None = None
    drip: float = 0.0
    pause: float = 0.0
    framed: Literal["length", "chunked", "closed"] = "length"
    whole: bool = True


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
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.framed == "length":
            length = len(reply.body) if reply.length is None else reply.length
            self.send_header("Content-Length", str(length))
        if reply.framed == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
        self.close_connection = True
        try:
            self.end_headers()
            self._send(reply)
        except OSError:
            return  # the fetcher hung up, as it should

    def _send(self, reply: Reply) -> None:
        step = 1 if reply.drip else 2**16
        for start in range(0, len(reply.body), step):
            time.sleep(reply.drip or reply.pause)
            self.wfile.write(chunk(reply.body[start : start + step], reply))
        if reply.whole:
            self.wfile.write(chunk(b"", reply))
        elif reply.framed == "closed":
            time.sleep(0.05)  # what was sent would be lost with a reset that overtakes it
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class says so
        del format, args


def chunk(content: bytes, reply: Reply) -> bytes:
    """Give some of a body as it is put on the wire."""
    return b"%x\r\n%s\r\n" % (len(content), content) if reply.framed == "chunked" else content


class Http(ThreadingHTTPServer):
    def shutdown_request(self, request: object) -> None:
        """Only close: a polite end before it would spare the other side the reset."""
        assert isinstance(request, socket.socket)
        self.close_request(request)


@contextmanager
def serving() -> Generator[Server]:
    """Run the server for a while."""
    script = Server()
    with Http(("127.0.0.1", 0), partial(Handler, script)) as http:
        script.port = http.server_port
        thread = threading.Thread(target=http.serve_forever, args=(0.002,))
        thread.start()
        yield script
        http.shutdown()
        thread.join()


class Longest(random.Random):
    """Draws the upper end of every stretch."""

    def uniform(self, a: float, b: float) -> float:
        del a
        return b


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

    def clock(self) -> float:
        """Give a time in which all sleep has passed."""
        return time.monotonic() + sum(self.slept)

    def pace(self) -> Pace:
        """Give manners that take no time, and always pause for the longest."""
        return Pace(interval=0, sleep=self.slept.append, clock=self.clock, chance=Longest())

    def fetcher(
        self,
        *,
        allow: Sequence[str] = (),
        text_seconds: float = 120,
        idle_seconds: float = 5,
        limit: int = 2**30,
        cache: HttpCache | None = None,
    ) -> GuardedFetcher:
        return GuardedFetcher(
            allow=allow,
            limit=limit,
            text_seconds=text_seconds,
            download_seconds=text_seconds,
            idle_seconds=idle_seconds,
            cache=cache,
            pace=self.pace(),
            resolve=self.resolve,
            connect=self.connect,
        )
