"""The one door to the network: guarded, capped, resumable.

An address that a feed or a person gives may point inside: at a router, a cloud's metadata service,
this machine. So a name is resolved once, every address it has must be public, and the connection
goes to the address that was checked. A redirect passes the same check.
"""

import hashlib
import os
import re
import socket
import ssl
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import TypeVar
from urllib.parse import unquote

import httpcore
import httpx

from ingest.addresses import is_public
from ingest.partial import Partial
from kb.artefacts import room_needed
from kb.errors import FetchError

Resolve = Callable[[str, int], Sequence[str]]
"""Gives all addresses of a host and port; raises OSError where it has none."""
Connect = Callable[[str, int, float | None], httpcore.NetworkStream]
"""Opens a connection to an IP address and port within so many seconds."""
_T = TypeVar("_T")
_SocketOptions = Iterable[httpcore.SOCKET_OPTION] | None

_REDIRECTS = 5
_PAUSES = (1.0, 2.0)  # so three attempts
_LONGEST_PAUSE = 60.0
_TIMEOUTS = httpx.Timeout(30, connect=10)
_PORTS = {"http": 80, "https": 443}
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
_HINTS: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "It asks for a sign-in; use an address that needs none.",
    HTTPStatus.FORBIDDEN: "It does not let us in; use an address that needs no sign-in.",
    HTTPStatus.NOT_FOUND: "Check the address; it may have moved.",
    HTTPStatus.GONE: "It was taken down for good.",
}
_CHECK = "Check the address: open it in a browser to see what it gives."
_TRUST = "If you trust it, name it as host:port in the setting fetch_allow."
_system_connect: Connect = httpcore.SyncBackend().connect_tcp
_TRANSIENT = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.RemoteProtocolError)
_PERMANENT = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpcore.LocalProtocolError,
    httpcore.UnsupportedProtocol,
)


def _system_resolve(host: str, port: int) -> list[str]:
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class GuardedFetcher:
    """Fetches from public http(s) addresses on the usual ports, and from those in `allow`.

    `allow` holds "host:port" strings: each may be private and on any port. `limit` caps a download
    in bytes; `text_seconds` and `download_seconds` cap a whole call, its retries included.
    """

    def __init__(
        self,
        *,
        allow: Iterable[str] = (),
        limit: int = 2 * 2**30,
        text_seconds: float = 120,
        download_seconds: float = 6 * 3600,
        resolve: Resolve = _system_resolve,
        connect: Connect = _system_connect,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._allow = frozenset(entry.lower() for entry in allow)
        self._limit = limit
        self._text_seconds = text_seconds
        self._download_seconds = download_seconds
        self._resolve = resolve
        self._connect = connect
        self._sleep = sleep

    def text(self, url: str, *, limit: int = 32 * 2**20) -> bytes:
        """Fetch a feed or document into memory."""
        door = self._door(self._text_seconds)

        def attempt() -> bytes:
            with _answer(door, url, {"Accept-Encoding": "gzip"}) as answer:
                return b"".join(_capped(answer, 0, limit))

        return self._insist(attempt)

    def download(self, url: str, folder: Path, *, report: Callable[[float], None]) -> Path:
        """Save under the content's sha256 and the address's extension; go on where it was cut off.

        Raises:
            DiskFullError: what was saved stays, and the next call goes on from there.
        """
        door = self._door(self._download_seconds)
        partial = Partial(folder, hashlib.sha256(url.encode()).hexdigest())
        try:
            with room_needed(folder), partial.owned():
                self._insist(lambda: self._fill(partial, door, url, report))
                report(1.0)
                return partial.finish(_suffix(url))
        except OSError as error:
            raise FetchError(
                f"Nothing can be saved in {folder}: {error.strerror}", hint="Check that folder."
            ) from error

    def _fill(
        self, partial: Partial, door: "_Door", url: str, report: Callable[[float], None]
    ) -> None:
        headers = {"Accept-Encoding": "identity", **partial.headers()}
        with _answer(door, url, headers) as answer:
            held = partial.begin(answer.status_code, answer.headers)
            if held is None:
                raise _PassingError(f"{_shown(url)} did not continue the file it had begun")
            total = held + _length(answer)
            with partial.data.open("ab") as file:
                for chunk in _capped(answer, held, self._limit):
                    file.write(chunk)
                    if _length(answer):
                        report(file.tell() / total)
                file.flush()
                os.fsync(file.fileno())

    def _door(self, seconds: float) -> "_Door":
        return _Door(self._allow, time.monotonic() + seconds, self._resolve, self._connect)

    def _insist(self, attempt: Callable[[], _T]) -> _T:
        """Try again after a fault that may pass, up to three times in all."""
        pauses = iter(_PAUSES)
        while True:
            try:
                return attempt()
            except _PassingError as fault:
                pause = next(pauses, None)
                if pause is None or fault.after > _LONGEST_PAUSE:
                    raise FetchError(str(fault), hint=fault.hint) from fault
                self._sleep(max(pause, fault.after))


class _PassingError(Exception):
    """Something that may be well in a moment; `after` is the pause in seconds that was asked for."""

    def __init__(self, message: str, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after

    @property
    def hint(self) -> str:
        if self.after > _LONGEST_PAUSE:
            return f"It asks for {self.after:.0f} s of rest; try again after that."
        return "Check the connection and the address, then try again."


@dataclass(frozen=True, slots=True)
class _Door(httpcore.NetworkBackend):
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
            raise _refused(_shown(url), "it is no http or https address", _CHECK)
        if url.userinfo:
            raise _refused(_shown(url), "it holds a user name or password", "Leave them out.")
        if port not in _PORTS.values() and not self._allowed(host, port):
            raise _refused(_shown(url), f"port {port} is not a web server's", _TRUST)

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
                stream = self.connect(address, port, self.left(timeout))
                return _TimedStream(stream, self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
        raise fault

    def left(self, timeout: float | None) -> float:
        """Give the seconds that the next step may take."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise FetchError(
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
                    raise _refused(host, f"{address} is not a public address", _TRUST)
        return addresses

    def _allowed(self, host: str, port: int | None) -> bool:
        return f"[{host}]:{port}" in self.allow or f"{host}:{port}" in self.allow


@dataclass(frozen=True, slots=True)
class _TimedStream(httpcore.NetworkStream):
    """A connection that keeps the deadline, however slowly the other side drips."""

    stream: httpcore.NetworkStream
    door: _Door

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self.door.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.door.left(timeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self.stream.start_tls(ssl_context, server_hostname, self.door.left(timeout))
        return _TimedStream(secured, self.door)

    def get_extra_info(self, info: str) -> object:
        return self.stream.get_extra_info(info)


class _Transport(httpx.BaseTransport):
    """Carries httpx requests through the door, a fresh connection for each."""

    def __init__(self, door: _Door) -> None:
        self._door = door
        self._pool = httpcore.ConnectionPool(network_backend=door, max_keepalive_connections=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._door.check(request.url)
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method, url, headers=request.headers.raw, extensions=request.extensions
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        self._pool.close()


@dataclass(frozen=True, slots=True)
class _Body(httpx.SyncByteStream):
    answer: httpcore.Response

    def __iter__(self) -> Iterator[bytes]:
        yield from self.answer.iter_stream()

    def close(self) -> None:
        self.answer.close()


@contextmanager
def _answer(door: _Door, url: str, headers: dict[str, str]) -> Generator[httpx.Response]:
    """Open a good answer; its body is read inside the block."""
    try:
        with httpx.Client(
            transport=_Transport(door),
            trust_env=False,
            timeout=_TIMEOUTS,
            headers={"User-Agent": "Soundproof/0.1"},
        ) as client:
            request = client.build_request("GET", url, headers=headers)
            with closing(_followed(client, request)) as answer:
                _judge(answer)
                yield answer
    except _TRANSIENT as error:
        raise _PassingError(f"{_shown(url)} could not be fetched: {_reason(error)}") from error
    except _PERMANENT as error:
        raise FetchError(
            f"{_shown(url)} could not be fetched: {_reason(error)}", hint=_CHECK
        ) from error


def _followed(client: httpx.Client, request: httpx.Request) -> httpx.Response:
    """Follow redirects by hand: httpx would read their bodies whole, however large."""
    for _ in range(_REDIRECTS + 1):
        answer = client.send(request, stream=True)
        if answer.next_request is None:
            return answer
        answer.close()
        request = answer.next_request
    raise _refused(_shown(request.url), f"more than {_REDIRECTS} redirects lead there", _CHECK)


def _judge(answer: httpx.Response) -> None:
    """Pass an answer that holds what was asked for."""
    status, asked = answer.status_code, answer.request.headers
    name = _shown(answer.url)
    partial = (HTTPStatus.PARTIAL_CONTENT, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _PassingError(f"{name} answered {status}", _retry_after(answer))
    if status != HTTPStatus.OK and not ("Range" in asked and status in partial):
        raise FetchError(f"{name} answered {status}", hint=_HINTS.get(status, _CHECK))
    encoding = answer.headers.get("Content-Encoding", "identity").lower()
    if encoding not in ("identity", asked["Accept-Encoding"]):
        raise _refused(name, "it comes compressed in a way that was not asked for", _CHECK)


def _capped(answer: httpx.Response, held: int, limit: int) -> Iterator[bytes]:
    """Give the body piece by piece, until with the `held` bytes it would be more than `limit`."""
    expected = held + _length(answer)
    for chunk in answer.iter_bytes():
        held += len(chunk)
        if max(held, expected) > limit:
            raise FetchError(
                f"{_shown(answer.url)} is larger than {limit:,} bytes",
                hint="Raise fetch_limit_mb, if it is an episode that really is that long.",
            )
        yield chunk


def _length(answer: httpx.Response) -> int:
    return int(answer.headers.get("Content-Length", 0))


def _retry_after(answer: httpx.Response) -> float:
    """Read the pause in seconds; a header that makes no sense asks for none."""
    asked = answer.headers.get("Retry-After", "")
    if asked.isdecimal():
        return float(asked)
    try:
        return (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):  # no date, or one without a zone
        return 0.0


def _suffix(url: str) -> str:
    suffix = PurePosixPath(unquote(httpx.URL(url).path)).suffix.lower()
    return suffix if _SUFFIX.fullmatch(suffix) else ""


def _shown(url: httpx.URL | str) -> str:
    """Give an address without what may be secret in it: user, password and query."""
    return re.sub(r"(?<=//)[^/@]*@|[?#].*", "", str(url))


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _refused(name: str, why: str, hint: str) -> FetchError:
    return FetchError(f"{name} is refused: {why}", hint=hint)
