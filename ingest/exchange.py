"""One request through the door, and what came back; nothing the server says is taken on trust."""

import zlib
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import version

import httpcore
import httpx

from ingest.door import CHECK, Door, TimedStream, refused, shown
from ingest.pace import LONGEST_PAUSE, Pace, resting
from kb.errors import FetchError, PassingFetchError

_AGENT = f"Soundproof/{version('soundproof')}"
AGAIN = "Check the connection and the address, then try again."
_REDIRECTS = 5
_CONNECT_SECONDS = 10
_PIECE = 2**16
_GZIP = b"\x1f"
_LONGEST_REST = 86_400.0
_HINTS: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "It asks for a sign-in; use an address that needs none.",
    HTTPStatus.FORBIDDEN: "It does not let us in; use an address that needs no sign-in.",
    HTTPStatus.NOT_FOUND: "Check the address; it may have moved.",
    HTTPStatus.GONE: "It was taken down for good.",
}
_PERMANENT = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT)
_TRANSIENT = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.RemoteProtocolError)
_HOPELESS = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpcore.LocalProtocolError,
    httpcore.UnsupportedProtocol,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer, its body still on the way.

    `url` is where it came from, `moved` where permanent redirects led from the address asked.
    `length` is None where it is not said, or said of the packed body. `body` is unpacked.
    """

    status: int
    headers: Mapping[str, str]
    url: str
    moved: str
    length: int | None
    body: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Line:
    """What all requests of one fetch share."""

    door: Door
    pace: Pace
    idle_seconds: float

    @contextmanager
    def ask(
        self, url: str, headers: Mapping[str, str], *, accepted: Collection[int]
    ) -> Generator[Answer]:
        """Open an answer of an accepted status; its body is read inside the block."""
        try:
            with httpx.Client(
                transport=_Transport(self),
                trust_env=False,
                timeout=httpx.Timeout(self.idle_seconds, connect=_CONNECT_SECONDS),
                headers={"User-Agent": _AGENT, "Connection": "close"},
            ) as client:
                request = client.build_request("GET", url, headers=headers)
                response, moved = _followed(client, request, url)
                with closing(response):
                    self._judge(response, accepted)
                    yield _answer(response, moved)
        except _TRANSIENT as error:
            self.door.left()  # a connection that timed out may have had no more time
            raise PassingFetchError(_failed(url, error), hint=AGAIN) from error
        except _HOPELESS as error:
            raise FetchError(_failed(url, error), hint=CHECK) from error

    def _judge(self, response: httpx.Response, accepted: Collection[int]) -> None:
        """Pass an answer that holds what was asked for."""
        status, name = response.status_code, shown(response.url)
        if _busy(status):
            after = _retry_after(response)
            self.pace.rest(_host(response.url), after)
            if after > LONGEST_PAUSE:
                raise resting(name, after)
            raise PassingFetchError(f"{name} answered {status}", hint=AGAIN, after=after)
        if status not in accepted:
            raise FetchError(f"{name} answered {status}", hint=_HINTS.get(status, CHECK))
        if _encoding(response) not in ("", response.request.headers["Accept-Encoding"]):
            raise refused(name, "it comes compressed in a way that was not asked for", CHECK)


class _Transport(httpx.BaseTransport):
    """Carries httpx requests through the door, in turn, a fresh connection for each."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._pool = httpcore.ConnectionPool(network_backend=line.door, max_keepalive_connections=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._line.door.check(request.url)
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        asked = httpcore.Request(
            request.method, url, headers=request.headers.raw, extensions=request.extensions
        )
        leave = self._line.pace.turn(_host(request.url), self._line.door.left())
        try:
            answer = self._pool.handle_request(asked)
        except BaseException:
            leave()
            raise
        headers = httpx.Headers(answer.headers)
        body = _Body(answer, leave, _sent(headers), shown(request.url))
        return httpx.Response(answer.status, headers=headers, stream=body)

    def close(self) -> None:
        self._pool.close()


@dataclass(frozen=True, slots=True)
class _Body(httpx.SyncByteStream):
    """A body as sent; `length` is what the server announced."""

    answer: httpcore.Response
    leave: Callable[[], None]
    length: int | None
    name: str

    def __iter__(self) -> Iterator[bytes]:
        yield from self.answer.iter_stream()
        stream: object = self.answer.extensions["network_stream"]  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - httpcore does not say
        if self.length is None or not isinstance(stream, TimedStream):
            return
        if stream.surplus(self.length):
            raise FetchError(
                f"{self.name} sends more than the {self.length:,} bytes that it announced",
                hint="The server is at fault: tell the publisher.",
            )

    def close(self) -> None:
        try:
            self.answer.close()
        finally:
            self.leave()


def _followed(
    client: httpx.Client, request: httpx.Request, moved: str
) -> tuple[httpx.Response, str]:
    """Follow redirects by hand: httpx would read their bodies whole, however large.

    `moved` becomes where the permanent ones lead that no other comes before.
    """
    permanent = True
    for _ in range(_REDIRECTS + 1):
        response = client.send(request, stream=True)
        if response.next_request is None:
            return response, moved
        response.close()
        request = response.next_request
        permanent = permanent and response.status_code in _PERMANENT
        moved = str(request.url) if permanent else moved
    raise refused(shown(request.url), f"more than {_REDIRECTS} redirects lead there", CHECK)


def _answer(response: httpx.Response, moved: str) -> Answer:
    """Give what is used of an answer; header values that could not be sent back are left out."""
    plain = [(name, value) for name, value in response.headers.multi_items() if value.isascii()]
    packed = bool(_encoding(response))
    pieces = response.iter_raw()
    return Answer(
        status=response.status_code,
        headers=httpx.Headers(plain),
        url=str(response.url),
        moved=moved,
        length=None if packed else _sent(response.headers),
        body=_unpacked(pieces, shown(response.url)) if packed else pieces,
    )


def _unpacked(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    """Unpack gzip in small pieces, so that a bomb goes off at the caller's limit.

    A file may have several members, one after the other; what follows the last is padding.
    """
    unpacker = zlib.decompressobj(wbits=31)
    for piece in pieces:
        packed = piece
        while packed:
            if unpacker.eof:
                if not packed.startswith(_GZIP):
                    return
                unpacker = zlib.decompressobj(wbits=31)
            yield unpacker.decompress(packed, _PIECE)
            packed = unpacker.unconsumed_tail or unpacker.unused_data
    while rest := unpacker.decompress(b"", _PIECE):
        yield rest
    if not unpacker.eof:
        raise PassingFetchError(f"{name} breaks off in compressed content", hint=AGAIN)


def _encoding(response: httpx.Response) -> str:
    """Give how the content is packed, "" where it is not."""
    encoding = str(response.headers.get("Content-Encoding", "")).strip().lower()
    return "" if encoding == "identity" else encoding


def _sent(headers: httpx.Headers) -> int | None:
    """Give the length of the body as sent; in a chunked one no other length counts."""
    if "Content-Length" not in headers or "Transfer-Encoding" in headers:
        return None
    return int(headers["Content-Length"])


def _busy(status: int) -> bool:
    passing = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
    return status in passing or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _retry_after(response: httpx.Response) -> float:
    """Read the pause in seconds, a day at most; a header that makes no sense asks for none."""
    asked = response.headers.get("Retry-After", "").strip()
    try:
        if asked.isascii() and asked.isdecimal():
            seconds = float(asked)
        else:
            seconds = (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):  # no date, or one without a zone
        return 0.0
    return min(max(seconds, 0.0), _LONGEST_REST)


def _host(url: httpx.URL) -> str:
    return url.netloc.decode("ascii")


def _failed(url: str, error: Exception) -> str:
    return f"{shown(url)} could not be fetched: {str(error) or type(error).__name__}"
