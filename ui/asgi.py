"""The web app as one ASGI process: Streamlit, the audio route, and the rules at the door."""

import hashlib
import re
import socket
from base64 import b64encode
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir

from kb.errors import SettingsError
from kb.ports import Artefacts
from kb.settings import Settings
from ui import media, wiring

SCRIPT = Path(__file__).with_name("app.py")

_THEME = {
    "theme.baseRadius": "6px",
    "theme.light.primaryColor": "#23527c",
    "theme.light.backgroundColor": "#ffffff",
    "theme.light.secondaryBackgroundColor": "#f3f5f7",
    "theme.light.textColor": "#1d2733",
    "theme.light.linkColor": "#23527c",
    "theme.light.borderColor": "#d9dfe5",
    "theme.dark.primaryColor": "#8fbce6",
    "theme.dark.backgroundColor": "#13181e",
    "theme.dark.secondaryBackgroundColor": "#1d242c",
    "theme.dark.textColor": "#e3e8ed",
    "theme.dark.linkColor": "#8fbce6",
    "theme.dark.borderColor": "#35404b",
}


def serve(settings: Settings, *, script: Path = SCRIPT) -> None:
    """Serve the app until it is stopped.

    Raises:
        SettingsError: the port is in use, or the address is not one of this machine.
        LibraryError: the library cannot be opened.
    """
    check_free(settings.ui_host, settings.ui_port)
    artefacts = wiring.House(settings).library.artefacts
    build(artefacts, host=settings.ui_host, script=script).run(
        config=options(settings.ui_host, settings.ui_port)
    )


def build(artefacts: Artefacts, *, host: str, script: Path = SCRIPT) -> st.App:
    """Put the app together; it answers to this machine's own names and to `host`."""
    return st.App(
        script,
        routes=[media.route(artefacts), Route("/healthz", _healthy)],
        middleware=[
            Middleware(SecurityHeaders, policy=content_policy()),
            Middleware(TrustedHostMiddleware, allowed_hosts=hosts(host), www_redirect=False),
        ],
    )


def options(host: str, port: int) -> dict[str, object]:
    """Give Streamlit's settings: bound to `host`, guarded, sending nothing anywhere."""
    return {
        "server.address": host,
        "server.port": port,
        "server.headless": True,
        "server.allowedHosts": hosts(host),
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.enableStaticServing": False,
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "viewer",
        **_THEME,
    }


def hosts(host: str) -> list[str]:
    """Name the hosts a request may be addressed to.

    >>> hosts("127.0.0.1")
    ['127.0.0.1', 'localhost', '[::1]']
    """
    return list(dict.fromkeys(["127.0.0.1", "localhost", "[::1]", host]))


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


def content_policy() -> str:
    """Word the Content-Security-Policy: nothing is loaded from, or sent to, another host.

    Streamlit's page holds an inline script, allowed by its hash; its components are modules made
    from `blob:` addresses, and its styles are written in the page.
    """
    page = (Path(get_static_dir()) / "index.html").read_text(encoding="utf-8")
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


async def _healthy(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")
