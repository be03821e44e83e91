"""Episodes, and what is in them."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import PlainTextResponse, Response

from kb import export, keeping, seal
from kb.errors import NotFoundError
from kb.models import Episode, Passage, Quote, Tier, Unit
from ui.api import problems
from ui.api.access import Here
from ui.api.asking import Narrowed
from ui.api.paging import Cursor, Limit, Page, Place, page

router = APIRouter(tags=["episodes"])

Id = Annotated[str, Path(max_length=200, description="The episode's whole id.")]
_TYPES = {"vtt": "text/vtt", "json": "application/json", "md": "text/markdown", "html": "text/html"}
_TEXT = problems.of_type("text/*", "The text")


class Claimed(BaseModel):
    """Words that somebody is said to have said."""

    model_config = ConfigDict(extra="forbid")

    quote: str = Field(min_length=1, max_length=4_000)


@dataclass(frozen=True, slots=True)
class Deleted:
    """What a deletion freed."""

    files: int
    bytes: int


@router.get("/episodes")
def episodes(
    here: Here, filters: Narrowed, *, cursor: Cursor = None, limit: Limit = 50
) -> Page[Episode]:
    """List the episodes, newest first."""
    return page(here.library.episodes(filters), _newest_first, cursor=cursor, limit=limit)


@router.get("/episodes/{episode_id}")
def episode(here: Here, episode_id: Id) -> Episode:
    """Show an episode: people, chapters, summary, warnings."""
    return here.library.episode(episode_id)


@router.delete("/episodes/{episode_id}")
def delete(here: Here, episode_id: Id) -> Deleted:
    """Delete an episode: audio, words, vectors and all that was made of them."""
    found = here.library.episode(episode_id)
    removed = keeping.delete(here.library, here.library.artefacts, [found])
    return Deleted(removed.files, removed.bytes)


@router.get("/episodes/{episode_id}/passages")
def passages(
    here: Here,
    episode_id: Id,
    *,
    tier: Tier | None = None,
    unit: Unit = Unit.SENTENCE,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[Passage]:
    """List what an episode says, sentence by sentence, with its places."""
    held = here.library.episode(episode_id)
    found = here.library.passages_of(held.id, unit=unit, tier=tier)
    return page(found, _in_order, cursor=cursor, limit=limit)


@router.get(
    "/episodes/{episode_id}/transcript",
    response_class=PlainTextResponse,
    responses=_TEXT,
)
def transcript(
    here: Here,
    episode_id: Id,
    *,
    format: Annotated[str, Query(max_length=20)] = "md",  # noqa: A002 - as the option is called
) -> Response:
    """Give the transcript in a format that other programs read."""
    held = here.library.episode(episode_id)
    if format not in export.FORMATS:
        known = ", ".join(export.FORMATS)
        raise NotFoundError(f"There is no format {format}", hint=f"There are: {known}.")
    written = export.FORMATS[format](held, here.relabelling.transcript(held.id))
    return Response(written, media_type=f"{_TYPES.get(format, 'text/plain')}; charset=utf-8")


@router.post("/episodes/{episode_id}/quotes")
def check(here: Here, episode_id: Id, claimed: Claimed) -> Quote:
    """Check a claimed quote against what was said: verbatim, altered, absent or unchecked."""
    held = here.library.episode(episode_id)
    sentences = here.library.passages_of(held.id, unit=Unit.SENTENCE, tier=Tier.TRANSCRIPT)
    variants = here.corrections.variants(held.id)
    return seal.check(claimed.quote, sentences, variants=variants)


def _newest_first(each: Episode) -> Place:
    return (-each.published.toordinal() if each.published else 1, each.title, each.id)


def _in_order(each: Passage) -> Place:
    return (each.tier.strength, each.first, each.last, each.id)
