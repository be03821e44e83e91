"""All fetching: documents into memory, recordings onto the disk, the beginning of anything.

What may be reached is decided in `ingest.door`, how hard in `ingest.pace`; see docs/fetching.md.
"""

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import TypeVar
from urllib.parse import unquote

from ingest.door import Connect, Door, Resolve, shown, system_connect, system_resolve
from ingest.exchange import AGAIN, Answer, Line
from ingest.pace import LONGEST_PAUSE, Pace
from ingest.partial import SUFFIXES, Part, Partial
from ingest.ports import Fetched, Head, HttpCache, Kept
from kb.artefacts import room_needed
from kb.errors import FetchError, PassingFetchError

_T = TypeVar("_T")

_TRIES = 3
_PROGRESS = 2**16  # bytes: an attempt that brings as many has not failed
_HEAD = 2**16
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
_FROM_START = re.compile(r"bytes 0-\d+/(\d{1,18}|\*)")
_PACKED = {"Accept-Encoding": "gzip"}
_PLAIN = {"Accept-Encoding": "identity"}
_WHOLE = (HTTPStatus.OK,)
_RANGED = (
    HTTPStatus.OK,
    HTTPStatus.PARTIAL_CONTENT,
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
)


class GuardedFetcher:
    """Fetches from public http(s) addresses on the usual ports, and from those in `allow`.

    `allow` holds "host:port" strings: each may be private and on any port. `limit` caps a download
    in bytes; `text_seconds` and `download_seconds` cap a whole call, its retries included, and
    `idle_seconds` the wait for the next byte. With a `cache`, every document is kept, so that the
    next `get` can ask whether it changed; without validators it can still tell.
    """

    def __init__(
        self,
        *,
        allow: Iterable[str] = (),
        limit: int = 2 * 2**30,
        text_seconds: float = 120,
        download_seconds: float = 6 * 3600,
        idle_seconds: float = 30,
        cache: HttpCache | None = None,
        pace: Pace | None = None,
        resolve: Resolve = system_resolve,
        connect: Connect = system_connect,
    ) -> None:
        self._allow = frozenset(entry.lower() for entry in allow)
        self._limit = limit
        self._text_seconds = text_seconds
        self._download_seconds = download_seconds
        self._idle_seconds = idle_seconds
        self._cache = cache
        self._pace = pace or Pace()
        self._resolve = resolve
        self._connect = connect

    def get(self, url: str, *, limit: int = 32 * 2**20) -> Fetched:
        """Fetch a feed or document into memory; ask only whether it changed where a copy is kept."""
        line = self._line(self._text_seconds)
        kept = self._cache.recall(url) if self._cache else None
        if kept and len(kept.content) > limit:
            kept = None

        def attempt() -> Fetched:
            if kept and (unchanged := self._confirmed(line, url, kept, limit)):
                return unchanged
            with line.ask(url, _PACKED, accepted=_WHOLE) as answer:
                return self._kept(url, answer, kept, limit)

        return self._insist(line, attempt)

    def peek(self, url: str) -> Head:
        """Fetch the first 64 KiB, to see what is there."""
        line = self._line(self._text_seconds)
        return self._insist(line, lambda: _ranged_head(line, url) or _plain_head(line, url))

    def download(self, url: str, folder: Path, *, report: Callable[[float], None]) -> Path:
        """Save under the content's sha256 and the address's extension; go on where it was cut off.

        Raises:
            PassingFetchError: later it may be well; what was saved stays, for the next call.
            DiskFullError: likewise.
        """
        line = self._line(self._download_seconds)
        partial = Partial(folder, hashlib.sha256(url.encode()).hexdigest())

        def attempt() -> None:
            while not partial.complete and not self._fill(partial, line, url, report):
                continue

        try:
            with room_needed(folder), partial.owned():
                self._insist(line, attempt, gained=lambda: partial.held)
                report(1.0)
                return partial.finish(_suffix(url))
        except OSError as error:
            raise FetchError(
                f"Nothing can be saved in {folder}: {error.strerror}", hint="Check that folder."
            ) from error

    def _confirmed(self, line: Line, url: str, kept: Kept, limit: int) -> Fetched | None:
        """Ask whether the kept copy is good; None where that cannot be asked, or not be believed."""
        asked = {"If-None-Match": kept.etag, "If-Modified-Since": kept.modified}
        conditions = {name: validator for name, validator in asked.items() if validator}
        if not conditions:
            return None
        accepted = (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED)
        with line.ask(url, _PACKED | conditions, accepted=accepted) as answer:
            if answer.status == HTTPStatus.OK:
                return self._kept(url, answer, kept, limit)
            if kept.url != shown(answer.url):
                return None  # a redirect leads elsewhere now: that is no word on our copy
            self._remember(kept, {answer.moved} - {url})
            return Fetched(kept.content, answer.moved, changed=False)

    def _kept(self, url: str, answer: Answer, before: Kept | None, limit: int) -> Fetched:
        """Read a document and keep it for the next time."""
        content = b"".join(_capped(answer, limit, hint="Is it really the document you want?"))
        etag, modified = (answer.headers.get(name, "") for name in ("ETag", "Last-Modified"))
        kept = Kept(content, shown(answer.url), etag, modified)
        self._remember(kept, {url, answer.moved})
        return Fetched(content, answer.moved, changed=before is None or before.content != content)

    def _remember(self, kept: Kept, addresses: Iterable[str]) -> None:
        if self._cache:
            for address in addresses:
                self._cache.remember(address, kept)

    def _fill(
        self, partial: Partial, line: Line, url: str, report: Callable[[float], None]
    ) -> bool:
        """Ask once for what is missing; tell whether that was all of it."""
        headers = _PLAIN | partial.headers()
        with line.ask(url, headers, accepted=_RANGED if "Range" in headers else _WHOLE) as answer:
            part = partial.begin(answer)
            if part is None:
                raise _again(url, "did not continue the file it had begun")
            try:
                self._append(partial, part, answer, report)
            except PassingFetchError:
                raise
            except FetchError:
                partial.drop()  # too large, or not what was announced: nothing to go on with
                raise
        if not partial.held:
            raise _again(url, "is empty")
        done = part.total in (None, partial.held)
        if not done and partial.held - part.start < _PROGRESS:
            raise _again(url, "came in too small a piece")
        return done

    def _append(
        self, partial: Partial, part: Part, answer: Answer, report: Callable[[float], None]
    ) -> None:
        hint = "Raise fetch_limit_mb, if it is an episode that really is that long."
        with partial.data.open("ab") as file:
            for piece in _capped(answer, self._limit, held=part.start, hint=hint):
                file.write(piece)
                if part.stop is not None and file.tell() > part.stop:
                    raise FetchError(f"{shown(answer.url)} is longer than it says", hint=AGAIN)
                if part.total:
                    report(file.tell() / part.total)
            file.flush()
            os.fsync(file.fileno())

    def _line(self, seconds: float) -> Line:
        door = Door(self._allow, time.monotonic() + seconds, self._resolve, self._connect)
        return Line(door, self._pace, self._idle_seconds)

    def _insist(
        self, line: Line, attempt: Callable[[], _T], *, gained: Callable[[], int] = lambda: 0
    ) -> _T:
        """Try again after a fault that may pass; give up after three times that gained nothing."""
        failures, best = 0, gained()
        while True:
            try:
                return attempt()
            except PassingFetchError as fault:
                failures = 1 if gained() >= best + _PROGRESS else failures + 1
                best = max(best, gained())
                if failures == _TRIES or fault.after > LONGEST_PAUSE or line.door.closed:
                    raise
            self._pace.back_off(failures)


def _ranged_head(line: Line, url: str) -> Head | None:
    """Ask for the beginning alone; None where the answer is another part, or part of a package."""
    headers = _PACKED | {"Range": f"bytes=0-{_HEAD - 1}"}
    with line.ask(url, headers, accepted=_RANGED) as answer:
        if answer.status == HTTPStatus.OK:
            return _head(answer, answer.length)
        found = _FROM_START.fullmatch(answer.headers.get("Content-Range", ""))
        if not found or "Content-Encoding" in answer.headers:
            return None
        return _head(answer, None if found[1] == "*" else int(found[1]))


def _plain_head(line: Line, url: str) -> Head:
    with line.ask(url, _PACKED, accepted=_WHOLE) as answer:
        return _head(answer, answer.length)


def _head(answer: Answer, length: int | None) -> Head:
    """Read 64 KiB and hang up."""
    content = bytearray()
    for piece in answer.body:
        content += piece
        if len(content) >= _HEAD:
            break
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Head(bytes(content[:_HEAD]), kind, length, answer.url)


def _capped(answer: Answer, limit: int, *, hint: str, held: int = 0) -> Iterator[bytes]:
    """Give the body piece by piece, until with the `held` bytes it would be more than `limit`."""
    too_large = FetchError(f"{shown(answer.url)} is larger than {limit:,} bytes", hint=hint)
    if held + (answer.length or 0) > limit:
        raise too_large
    for piece in answer.body:
        held += len(piece)
        if held > limit:
            raise too_large
        yield piece


def _suffix(url: str) -> str:
    path = re.sub(r"^[^/]*//[^/]*", "", shown(url))
    suffix = PurePosixPath(unquote(path)).suffix.lower()
    return suffix if _SUFFIX.fullmatch(suffix) and suffix not in SUFFIXES else ""


def _again(url: str, what: str) -> PassingFetchError:
    return PassingFetchError(f"{shown(url)} {what}", hint=AGAIN)
