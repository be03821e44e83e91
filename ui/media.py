"""The audio route: playback files by hash, a range at a time, so that seeking loads no more."""

import re

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from kb.errors import NotFoundError
from kb.ports import Artefacts

_NAME = re.compile(r"[0-9a-f]{64}")
_HEAD = 12
"""Bytes that tell what a file is."""
_SYNC, _LAYER = 0xFFE0, 0x0006
"""Bits of the first two bytes of an MPEG audio frame."""


def route(artefacts: Artefacts) -> Route:
    """Serve `/audio/{sha256}`; anything that is not the hash of a kept audio file is not found."""

    def find(sha256: str) -> Response:
        if not _NAME.fullmatch(sha256):
            raise HTTPException(404)
        try:
            path = artefacts.path(sha256)
        except NotFoundError as error:
            raise HTTPException(404) from error
        with path.open("rb") as file:
            kind = media_type(file.read(_HEAD))
        # Transcripts and vectors are kept in the same folder; only audio leaves by this door.
        if kind is None:
            raise HTTPException(404)
        headers = {"etag": f'"{sha256}"', "cache-control": "private, max-age=31536000, immutable"}
        return FileResponse(path, media_type=kind, headers=headers)

    async def audio(request: Request) -> Response:
        return await run_in_threadpool(find, request.path_params["sha256"])

    return Route("/audio/{sha256}", audio, methods=["GET"])


def media_type(head: bytes) -> str | None:
    """Tell what audio a file holds from its first twelve bytes; None where it is none we know.

    >>> media_type(b"OggS" + bytes(8)), media_type(b'{"segments":')
    ('audio/ogg', None)
    """
    if head[4:8] == b"ftyp":
        return "audio/mp4"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "audio/wav"
    starts = {
        b"\x1aE\xdf\xa3": "audio/webm",
        b"OggS": "audio/ogg",
        b"fLaC": "audio/flac",
        b"ID3": "audio/mpeg",
    }
    named = (kind for start, kind in starts.items() if head.startswith(start))
    return next(named, None) or _frame(head)


def _frame(head: bytes) -> str | None:
    """Tell MP3 from AAC by the two layer bits after the frame's sync word."""
    sync = int.from_bytes(head[:2])
    if sync & _SYNC != _SYNC:
        return None
    return "audio/mpeg" if sync & _LAYER else "audio/aac"
