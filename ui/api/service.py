"""The API put together: its resources, who may use them, and how errors are told."""

from importlib.metadata import version

from fastapi import Depends, FastAPI
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse

from ui.api import (
    access,
    arena,
    asking,
    briefs,
    drafts,
    insight,
    names,
    page,
    problems,
    reading,
    work,
)
from ui.api.caching import Bounded, Tagged
from ui.wiring import House

PATH = "/api/v1"
_RESOURCES = (
    asking.router,
    reading.router,
    briefs.router,
    names.router,
    drafts.router,
    insight.router,
    work.router,
    arena.router,
)


def build(house: House, *, closed: bool) -> FastAPI:
    """Give the API over a house; where it is `closed`, nobody comes in without a token."""
    api = FastAPI(
        title="Soundproof",
        version=version("soundproof"),
        docs_url=None,
        redoc_url=None,
        exception_handlers=problems.handlers(),  # type: ignore[arg-type]
        middleware=[Middleware(Bounded), Middleware(Tagged)],
    )
    api.state.house, api.state.closed = house, closed
    for router in _RESOURCES:
        api.include_router(
            router, dependencies=[Depends(access.caller)], responses=problems.declared()
        )
    api.add_route("/docs", _described, include_in_schema=False)
    return api


async def _described(request: Request) -> HTMLResponse:
    return HTMLResponse(page.html(request.app))
