"""A scripted web server on loopback, and stand-ins for name service and sockets."""

import socket
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpcore

from ingest.fetch import GuardedFetcher

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
    "two-faced.example": [PUBLIC, "10.0.0.1"],
    "two-faced-v6.example": [PUBLIC, "fd00::1"],
}


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


@contextmanager
def serving() -> Generator[Server]:
    """Run the server for a while."""
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
