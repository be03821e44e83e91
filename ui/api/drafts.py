"""Drafts of theses and posts, read against the library as it is now."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from ui import printing_drafts
from ui.api import problems
from ui.api.access import Here

router = APIRouter(tags=["drafts"])

Id = Annotated[str, Path(max_length=200, description="The draft's id, or how it begins.")]
_TOLD = problems.of_type("application/json", "What `soundproof draft` prints as JSON")


@router.get("/drafts", responses=_TOLD)
def drafts(here: Here) -> Response:
    """List the drafts, the last changed first."""
    return _json(printing_drafts.as_json(here.desk.all()))


@router.get("/drafts/{draft_id}", responses=_TOLD)
def draft(here: Here, draft_id: Id) -> Response:
    """Show a draft: each sentence with its mark and its sources."""
    return _json(printing_drafts.as_json(here.desk.open(draft_id)))


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")
