"""Middleware of the API: bounded requests, and answers that need not be sent twice.

An answer's tag is the hash of what is sent, not the library's revision: jobs, shows, drafts and votes
change what is read, and leave the revision as it is.
"""

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.api import problems

LONGEST = 256 * 1024
"""Bytes of a request's body."""


class Bounded:
    """Middleware: refuses a body that is too long, before all of it was read."""

    def __init__(self, app: ASGIApp, longest: int = LONGEST) -> None:
        self._app, self._longest = app, longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is short enough."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await _read(receive, self._longest)
        if body is None:
            refusal = problems.answer(413, f"A request holds {self._longest:,} bytes at most.")
            await refusal(scope, receive, send)
        else:
            await self._app(scope, _again(body, receive), send)


class Tagged:
    """Middleware: gives each answer to a GET its tag, and "not modified" to whoever has it already."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or say that the answer is as it was."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        held = _Held()
        await self._app(scope, receive, held)
        await held.give(Headers(scope=scope).get("if-none-match", ""), send)


class _Held:
    """A response that is complete before it is sent."""

    def __init__(self) -> None:
        self._start: Message = {}
        self._parts = list[bytes]()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            self._parts.append(message.get("body", b""))

    async def give(self, known: str, send: Send) -> None:
        body = b"".join(self._parts)
        if self._start["status"] == 200:  # noqa: PLR2004 - HTTP's word for well
            tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            headers = MutableHeaders(raw=self._start["headers"])
            headers["etag"], headers["cache-control"] = tag, "private, no-cache"
            if tag in (each.strip().removeprefix("W/") for each in known.split(",")):
                del headers["content-length"]
                self._start["status"], body = 304, b""
        await send(self._start)
        await send({"type": "http.response.body", "body": body})


async def _read(receive: Receive, longest: int) -> bytes | None:
    """Read a body; None where it is too long, or the sender is gone."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > longest:
            return None
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """Give what hands the body on, and then whatever else is received."""
    left = [body]

    async def replay() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return replay
