"""The door: which requests come in, and what every answer carries.

Host and Origin keep other sites' pages from speaking to an app that trusts whoever sits at this
machine: a name that was rebound to it is no host of ours, and a foreign page says where it is from.
"""

import hashlib
import re
import socket
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kb.errors import SettingsError

_ELSEWHERE = ("cross-site", "same-site")
"""What browsers call a request that a page of another origin makes."""
_FOREIGN = "What another site's page asks for is not answered"
_DATA = ("/api/", "/audio/")
"""Paths that no other site has a reason to lead to, not even by a link."""
_INSIDE = ("/audio/", "/_stcore/upload_file/")
"""Paths that are for those alone who are let in: what is kept, and what fills the memory."""


class SecurityHeaders:
    """Middleware: puts the policy and its companions on every response."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self._app = app
        self._headers = {
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            "referrer-policy": "no-referrer",
            "cross-origin-resource-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers put on."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, guarded)


class SameOrigin:
    """Middleware: turns away what a page of another origin asks for, by any method."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer our own pages, and programs, which name no origin."""
        if scope["type"] in ("http", "websocket") and _foreign(scope["path"], Headers(scope=scope)):
            await PlainTextResponse(_FOREIGN, 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class SignedIn:
    """Middleware: gives audio to, and takes files from, those only who are let in.

    The pages and the API ask for themselves.

    `admits` says whether the sender of a request is one of them.
    """

    def __init__(self, app: ASGIApp, admits: Callable[[HTTPConnection], bool]) -> None:
        self._app = app
        self._admits = admits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or say that a sign-in is needed."""
        guarded = scope["type"] == "http" and scope["path"].startswith(_INSIDE)
        if guarded and not self._admits(HTTPConnection(scope)):
            await PlainTextResponse("Sign in first", 401)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def hosts(host: str, others: Sequence[str] = ()) -> list[str]:
    """Name the hosts a request may be addressed to.

    >>> hosts("127.0.0.1")
    ['127.0.0.1', 'localhost', '[::1]']
    >>> hosts("0.0.0.0", ["desk.example"])[3:]
    ['desk.example']
    """
    wildcards = ("0.0.0.0", "::")  # noqa: S104 - not bound here: no request is addressed to these
    named = [each for each in (host, *others) if each not in wildcards]
    bracketed = [f"[{each}]" if ":" in each and each[0] != "[" else each for each in named]
    return list(dict.fromkeys(["127.0.0.1", "localhost", "[::1]", *bracketed]))


def check_free(host: str, port: int) -> None:
    """Make sure that the port can be listened on.

    Raises:
        SettingsError: it cannot.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise SettingsError(
            f"Cannot listen on {host}:{port}: {error.strerror}",
            hint=f"Another port may be free: soundproof ui --port {port % 65535 + 1}",
        ) from error


def content_policy(page: str) -> str:
    """Word the Content-Security-Policy: nothing is loaded from, or sent to, another host.

    The app's page holds inline scripts, allowed by their hashes; its components are modules made
    from `blob:` addresses, and its styles are written in the page.
    """
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = [b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts]
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self' blob:", *(f"'sha256-{value}'" for value in hashes)]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "media-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def _foreign(path: str, headers: Mapping[str, str]) -> bool:
    """Tell whether another site's page is behind a request."""
    origin, host = headers.get("origin"), headers.get("host", "")
    if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
        return True
    return path.startswith(_DATA) and headers.get("sec-fetch-site") in _ELSEWHERE
