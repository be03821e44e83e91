"""An episode's brief: made, and read with the seals of its quotes."""

from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.responses import PlainTextResponse, Response

from kb import briefs
from kb.errors import NotFoundError
from kb.models import Brief, Episode, Quote, Tier
from ui import printing_briefs
from ui.api import problems
from ui.api.access import Here
from ui.api.reading import Id
from ui.wiring import House

router = APIRouter(prefix="/episodes/{episode_id}", tags=["briefs"])

_TEXT = problems.of_type("text/markdown", "The brief")
_MADE = problems.of_type("application/json", "What `soundproof brief` prints as JSON")


class Briefable(BaseModel):
    """How a brief is made: by the `model` or by rule, as the settings say where it is null.

    `force` replaces an imported brief.
    """

    model_config = ConfigDict(extra="forbid")

    model: bool | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class SealedBrief:
    """A brief, and the quotes that it claims: verbatim, altered, absent or unchecked."""

    brief: Brief
    quotes: tuple[Quote, ...]


@router.get("/brief")
def brief(here: Here, episode_id: Id) -> SealedBrief:
    """Give the brief of seven sections, and each of its quotes as checked against what was said."""
    held = here.library.episode(episode_id)
    document = _brief(here, held)
    return SealedBrief(document, tuple(_seals(here, held, document).values()))


@router.get(
    "/brief.md",
    response_class=PlainTextResponse,
    responses=_TEXT,
)
def brief_as_markdown(here: Here, episode_id: Id) -> Response:
    """Give the brief as Markdown, with the seals of its quotes; what nobody said so is struck."""
    held = here.library.episode(episode_id)
    document = _brief(here, held)
    text = briefs.to_markdown(document, _seals(here, held, document), held)
    return Response(text, media_type="text/markdown; charset=utf-8")


@router.post("/brief", responses=_MADE)
def make(here: Here, episode_id: Id, wanted: Briefable) -> Response:
    """Make the brief of seven sections and keep it; the answer comes when it is there."""
    held = here.library.episode(episode_id)
    briefing = here.briefer if wanted.model is None else here.briefing(modelled=wanted.model)
    made = briefing.made(held.id, force=wanted.force)
    here.catch_up()
    told = printing_briefs.as_json(made, _seals(here, made.episode, made.brief))
    return Response(told, media_type="application/json")


def _brief(here: House, held: Episode) -> Brief:
    document = here.library.document(held.id, Tier.BRIEF)
    if not isinstance(document, Brief):
        raise NotFoundError(f"{held.title} has no brief", hint="Make or add one: soundproof brief")
    return document


def _seals(here: House, held: Episode, document: Brief) -> dict[str, Quote]:
    variants = here.corrections.variants(held.id)
    return printing_briefs.seals(here.library, held, document, variants)
