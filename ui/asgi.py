"""The web app as one ASGI process: Streamlit, the API, the audio route, and the door before them."""

import json
import os
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import cast

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.file_util import get_static_dir
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from kb.ports import Artefacts
from kb.settings import Settings
from ui import door, intake, media, signin, wiring
from ui.api import service
from ui.beside import Beside
from ui.signin import Gate, Standing

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
_DESCRIPTORS = 256
"""Open files among which the server's sockets are: it has just started."""

Lifespan = Callable[[st.App], AbstractAsyncContextManager[dict[str, object] | None]]


def serve(
    settings: Settings,
    *,
    script: Path = SCRIPT,
    beside: Beside | None = None,
    ready: Callable[[], object] = lambda: None,
) -> None:
    """Serve the app until it is stopped, with a worker beside it where one is given.

    `ready` is called once requests are answered.

    Raises:
        SettingsError: the port is in use, the address is not one of this machine, or others could
            reach it and nobody would ask who they are.
        LibraryError: the library cannot be opened.
    """
    gate = signin.gate(settings)
    door.check_free(settings.ui_host, settings.ui_port)
    house = wiring.share(wiring.House(settings))
    others = signin.names(settings)
    app = build(
        house.library.artefacts,
        host=settings.ui_host,
        others=others,
        script=script,
        routes=[Mount(service.PATH, service.build(house, closed=signin.is_public(settings)))],
        gate=gate,
        secrets=signin.secrets(settings),
        lifespan=_lifespan(beside, ready),
    )
    house.floor.intake.tidy()
    app.run(config=options(settings.ui_host, settings.ui_port, others))


def build(
    artefacts: Artefacts,
    *,
    host: str,
    others: Sequence[str] = (),
    script: Path = SCRIPT,
    routes: Sequence[Mount] = (),
    gate: Gate | None = None,
    secrets: Mapping[str, Mapping[str, str]] | None = None,
    lifespan: Lifespan | None = None,
) -> st.App:
    """Put the app together; it answers to this machine's own names, to `host` and to `others`."""
    page = (Path(get_static_dir()) / "index.html").read_text(encoding="utf-8")
    hosts = door.hosts(host, others)
    admits = partial(_admits, gate)
    return st.App(
        script,
        secrets={name: dict(values) for name, values in (secrets or {}).items()},
        lifespan=lifespan,
        routes=[media.route(artefacts), Route("/healthz", _healthy), *routes],
        middleware=[
            Middleware(door.SecurityHeaders, policy=door.content_policy(page)),
            Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
            Middleware(door.SameOrigin),
            Middleware(door.SignedIn, admits=admits),
        ],
    )


def options(host: str, port: int, others: Sequence[str] = ()) -> dict[str, object]:
    """Give Streamlit's settings: bound to `host`, guarded, sending nothing anywhere."""
    return {
        "server.address": host,
        "server.port": port,
        "server.headless": True,
        "server.allowedHosts": door.hosts(host, others),
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.enableStaticServing": False,
        "server.maxUploadSize": intake.MOST_MB,
        "server.enableAgentApi": False,
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "viewer",
        **_THEME,
    }


def claims(connection: HTTPConnection) -> Mapping[str, object]:
    """Give what a provider said of the sender, by the signed cookie that Streamlit's sign-in left."""

    def one(name: str) -> bytes | None:
        value = connection.cookies.get(name)
        if value is None:
            return None
        return decode_signed_value(get_cookie_secret(), name, value.encode("latin-1", "replace"))

    said = get_cookie_with_chunks(one, USER_COOKIE_NAME)
    try:
        found: object = json.loads(said or b"{}")
    except ValueError:
        return {}
    return cast("Mapping[str, object]", found) if isinstance(found, dict) else {}


def _admits(gate: Gate | None, connection: HTTPConnection) -> bool:
    return gate is None or gate.standing(claims(connection), time.time()) is Standing.IN


def _lifespan(beside: Beside | None, ready: Callable[[], object]) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncGenerator[None]:
        _keep_sockets()
        if beside is not None:
            await run_in_threadpool(beside.start)
        ready()
        try:
            yield
        finally:
            if beside is not None:
                await run_in_threadpool(beside.stop)

    return lifespan


def _keep_sockets() -> None:
    """Keep what this process starts from holding its port: Streamlit lets children inherit it."""
    for descriptor in range(3, _DESCRIPTORS):
        with suppress(OSError):
            os.set_inheritable(descriptor, False)  # noqa: FBT003 - its only form


async def _healthy(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")
