"""The guard at the door to the network: no connection but to a public address, or an allowed one.

An address that a feed or a person gives may point inside: at a router, a cloud's metadata service,
this machine. So a name is resolved once, every address it has must be public, and the connection
goes to the address that was checked. A redirect passes the same check.
"""

import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import httpcore
import httpx

from ingest.addresses import is_public
from kb.errors import FetchError, PassingFetchError

Resolve = Callable[[str, int], Sequence[str]]
"""Gives all addresses of a host and port; raises OSError where it has none."""
Connect = Callable[[str, int, float | None], httpcore.NetworkStream]
"""Opens a connection to an IP address and port within so many seconds."""
_SocketOptions = Iterable[httpcore.SOCKET_OPTION] | None

CHECK = "Check the address: open it in a browser to see what it gives."
_TRUST = "If you trust it, name it as host:port in the setting fetch_allow."
_PORTS = {"http": 80, "https": 443}
_HEAD = re.compile(rb"(?:HTTP/\S+ 1\d\d.*?\r?\n\r?\n)*HTTP/\S+ [2-9]\d\d.*?\r?\n\r?\n", re.DOTALL)
_LONGEST_HEAD = 2**18
_AFTERWARDS = 0.2  # seconds that a server has to hang up when it has said all

system_connect: Connect = httpcore.SyncBackend().connect_tcp


def system_resolve(host: str, port: int) -> list[str]:
    """Ask the system for all addresses of a name."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Door(httpcore.NetworkBackend):
    """Opens connections to public addresses, or allowed ones, all before one deadline."""

    allow: frozenset[str]
    deadline: float
    resolve: Resolve
    connect: Connect

    def check(self, url: httpx.URL) -> None:
        """Refuse what can be refused by the look of the address."""
        port = _PORTS.get(url.scheme) if url.port is None else url.port
        host = url.raw_host.decode("ascii")
        if url.scheme not in _PORTS or not host:
            raise refused(shown(url), "it is no http or https address", CHECK)
        if url.userinfo:
            raise refused(shown(url), "it holds a user name or password", "Leave them out.")
        if port not in _PORTS.values() and not self._allowed(host, port):
            raise refused(shown(url), f"port {port} is not a web server's", _TRUST)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: _SocketOptions = None,
    ) -> httpcore.NetworkStream:
        """Resolve once, check every address, connect to the first that answers."""
        del local_address, socket_options
        fault: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._checked(host, port):
            try:
                return TimedStream(self.connect(address, port, self.left(timeout)), self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
        raise fault

    @property
    def closed(self) -> bool:
        """Tell whether the deadline has passed."""
        return time.monotonic() >= self.deadline

    def left(self, timeout: float | None = None) -> float:
        """Give the seconds that the next step may take."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise PassingFetchError(
                "The fetch took longer than it may",
                hint="Try again: a download goes on from there.",
            )
        return left if timeout is None else min(left, timeout)

    def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} is not known") from error
        if not self._allowed(host, port):
            for address in addresses:
                if not is_public(address):
                    raise refused(host, f"{address} is not a public address", _TRUST)
        return addresses

    def _allowed(self, host: str, port: int | None) -> bool:
        return f"[{host}]:{port}" in self.allow or f"{host}:{port}" in self.allow


class TimedStream(httpcore.NetworkStream):
    """A connection that keeps the deadline, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, door: Door) -> None:
        self._stream = stream
        self._door = door
        self._begun = bytearray()
        self._last = b""
        self._received = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, at most so many bytes."""
        self._last = self._stream.read(max_bytes, self._door.left(timeout))
        self._received += len(self._last)
        if len(self._begun) < _LONGEST_HEAD:
            self._begun += self._last
        return self._last

    def surplus(self, length: int) -> bytes:
        """Give what comes after a body of so many bytes, stray line ends aside.

        The HTTP library drops it, and with it the end of a file whose length the server got wrong.
        """
        head = _HEAD.match(self._begun)
        if head is None:
            return b""
        over = self._received - head.end() - length
        seen = self._last[-over:] if over > 0 else b""
        with suppress(httpcore.NetworkError, httpcore.TimeoutException):
            seen += self.read(1, _AFTERWARDS)
        return seen.strip()

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        self._stream.write(buffer, self._door.left(timeout))

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Encrypt from here on; the name is checked, not the address."""
        secured = self._stream.start_tls(ssl_context, server_hostname, self._door.left(timeout))
        return TimedStream(secured, self._door)

    def get_extra_info(self, info: str) -> object:
        """Pass on what the connection knows of itself."""
        return self._stream.get_extra_info(info)


def shown(url: httpx.URL | str) -> str:
    """Give an address without what may be secret in it: user, password and query.

    >>> shown("https://me:pw@feeds.example/a.xml?token=1#top")
    'https://feeds.example/a.xml'
    """
    return re.sub(r"(?<=//)[^/@]*@|[?#].*", "", str(url))


def refused(name: str, why: str, hint: str) -> FetchError:
    """Word the error for an address that nothing is fetched from."""
    return FetchError(f"{name} is refused: {why}", hint=hint)
