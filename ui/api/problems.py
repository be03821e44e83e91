"""Every error as problem details (RFC 9457): what happened, and what to do."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Literal

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from eval.board import BoardError
from kb.errors import (
    AudioError,
    DiskFullError,
    FetchError,
    IndexOwnedError,
    LibraryError,
    NamingError,
    NewerLibraryError,
    NotFoundError,
    PassingFetchError,
    PassingWriterError,
    SettingsError,
    SoundproofError,
    SourceError,
    WeightsError,
    WriterError,
)

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[type[SoundproofError], HTTPStatus] = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    DiskFullError: HTTPStatus.INSUFFICIENT_STORAGE,
    NewerLibraryError: HTTPStatus.SERVICE_UNAVAILABLE,
    LibraryError: HTTPStatus.CONFLICT,
    AudioError: HTTPStatus.UNPROCESSABLE_ENTITY,
    SourceError: HTTPStatus.UNPROCESSABLE_ENTITY,
    FetchError: HTTPStatus.UNPROCESSABLE_ENTITY,  # whoever asks names the address
    PassingWriterError: HTTPStatus.SERVICE_UNAVAILABLE,
    WriterError: HTTPStatus.BAD_GATEWAY,
    WeightsError: HTTPStatus.SERVICE_UNAVAILABLE,
    IndexOwnedError: HTTPStatus.SERVICE_UNAVAILABLE,
    SettingsError: HTTPStatus.CONFLICT,
    BoardError: HTTPStatus.CONFLICT,
    NamingError: HTTPStatus.UNPROCESSABLE_ENTITY,
    SoundproofError: HTTPStatus.CONFLICT,
}
"""What each error means to a client; an error that is not here means what its parent does."""

_UNEXPECTED = "Something unexpected went wrong; what was saved is kept."
_DECLARED = (401, 403, 404, 409, 413, 422)

Handler = Callable[[Request, Exception], Response]


class Fault(BaseModel):
    """One thing that is wrong with a request, and where: such as `query.limit`."""

    where: str
    what: str


class Problem(BaseModel):
    """Problem details; `hint` says what to do, `faults` what a request gets wrong."""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    detail: str = ""
    hint: str = ""
    faults: list[Fault] = []


def status(error: SoundproofError) -> HTTPStatus:
    """Give the status that an error, or else its nearest parent, stands for."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def answer(
    code: int, detail: str, *, hint: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """Give a problem as a response."""
    title = HTTPStatus(code).phrase
    return _response(Problem(title=title, status=code, detail=detail, hint=hint), headers)


def handlers() -> dict[int | type[Exception], Handler]:
    """Give what turns each kind of error into a problem; none of them shows a traceback."""
    return {
        SoundproofError: _known,
        RequestValidationError: _misused,
        HTTPException: _refused,
        500: _unexpected,
    }


def declared() -> dict[int | str, dict[str, object]]:
    """Say, for the OpenAPI page, which problems any resource may answer with."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        code: {"description": HTTPStatus(code).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
        for code in _DECLARED
    }


def of_type(media_type: str, what: str, *, code: int = 200) -> dict[int | str, dict[str, object]]:
    """Say, for the OpenAPI page, what a resource answers with where that has no schema of ours."""
    kind: dict[str, object] = {}
    return {code: {"description": what, "content": {media_type: kind}}}


def _known(_request: Request, error: Exception) -> Response:
    if not isinstance(error, SoundproofError):
        raise error
    after = error.after if isinstance(error, PassingFetchError) else 0.0
    headers = {"retry-after": str(round(after))} if after else None
    return answer(status(error), str(error), hint=error.hint, headers=headers)


def _misused(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [
        Fault(where=".".join(map(str, each["loc"])), what=str(each["msg"]))
        for each in error.errors()
    ]
    code = HTTPStatus.UNPROCESSABLE_ENTITY
    told = Problem(title=code.phrase, status=code, detail="The request is wrong.", faults=faults)
    return _response(told)


def _refused(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return answer(error.status_code, error.detail, headers=error.headers)


def _unexpected(_request: Request, _error: Exception) -> Response:
    return answer(500, _UNEXPECTED, hint="The server's own output has the details.")


def _response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(problem.model_dump(), problem.status, headers, MEDIA_TYPE)
