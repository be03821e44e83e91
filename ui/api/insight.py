"""What is watched: kept theses, companies by first mention, predictions and figures."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from kb.insight import spotting
from kb.insight.dates import today
from kb.insight.figures import Kind, Statement
from kb.insight.predictions import Marking, Outcome, Told
from kb.insight.radar import Sighting
from kb.insight.stances import Stance
from kb.insight.standing import Attachment, Watched
from kb.insight.theses import Updated
from kb.models import Episode
from ui import printing_insight
from ui.api import problems
from ui.api.access import Here, Person
from ui.api.asking import Narrowed
from ui.api.paging import Cursor, Limit, Page, Place, page

router = APIRouter(tags=["insight"])

Id = Annotated[str, Path(max_length=500, description="Its id or title, or how the id begins.")]
Known = Annotated[list[str] | None, Query(max_length=1_000, description="Names to leave out.")]
_STANDING = problems.of_type("application/json", "What `soundproof thesis show` prints as JSON")


class Statable(BaseModel):
    """A thesis to keep: what to call it, and what it says in a sentence."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=200)
    statement: str = Field(min_length=1, max_length=2_000)


class Judged(BaseModel):
    """What a passage is to a thesis; one that is rejected is not suggested again."""

    model_config = ConfigDict(extra="forbid")

    passage: str = Field(min_length=1, max_length=500)
    stance: Stance
    why: str = Field(default="", max_length=2_000)


class Became(BaseModel):
    """What became of a prediction, and how one knows."""

    model_config = ConfigDict(extra="forbid")

    outcome: Outcome
    note: str = Field(default="", max_length=2_000)


@dataclass(frozen=True, slots=True)
class Playable:
    """A prediction or figure in its episode; `clip` is the link that plays it."""

    statement: Statement
    episode: Episode
    marking: Marking | None
    clip: str


# Theses


@router.get("/theses")
def theses(here: Here, *, cursor: Cursor = None, limit: Limit = 50) -> Page[Watched]:
    """List the kept theses by title."""
    return page(here.theses.all(), _by_title, cursor=cursor, limit=limit)


@router.post("/theses", status_code=201)
def keep(here: Here, person: Person, said: Statable) -> Watched:
    """Keep a thesis; an update then reads the episodes for it."""
    return here.theses.new(said.title, said.statement, person=person)


@router.get("/theses/{thesis}", responses=_STANDING)
def standing(here: Here, thesis: Id) -> Response:
    """Tell how a thesis stands: voices for and against, the best counter-evidence, its age."""
    told = printing_insight.standing_json(here.theses.standing(thesis), today())
    return Response(told, media_type="application/json")


@router.post("/theses/{thesis}/update")
def update(here: Here, thesis: Id) -> Updated:
    """Read the episodes that are new since, and attach what speaks for or against."""
    return here.theses.update(thesis)


@router.put("/theses/{thesis}/passages")
def judge(here: Here, person: Person, thesis: Id, judged: Judged) -> Attachment:
    """Say what a passage is to a thesis; what was suggested or said before gives way."""
    return here.theses.judge(thesis, judged.passage, judged.stance, person=person, why=judged.why)


@router.delete("/theses/{thesis}")
def delete(here: Here, thesis: Id) -> Watched:
    """Delete a thesis and what was attached to it; the episodes stay."""
    return here.theses.delete(thesis)


# The radar


@router.get("/radar")
def radar(
    here: Here,
    *,
    since: date | None = None,
    known: Known = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Sighting]:
    """List companies by first mention, sponsor reads left aside: who named them, how many since."""
    keys = {spotting.key(each) for each in known or ()}
    found = here.radar.companies(since=since, known=keys)
    return page(found, _last_named_first, cursor=cursor, limit=limit)


# Predictions and figures


@router.get("/predictions")
def predictions(
    here: Here,
    filters: Narrowed,
    *,
    kind: Kind = Kind.PREDICTION,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Playable]:
    """List what was said will be by when, or the figures that were given; the newest first."""
    found = map(_playable, here.predictions.all(filters, kind=kind))
    return page(found, _newest_first, cursor=cursor, limit=limit)


@router.get("/predictions/due")
def due(
    here: Here,
    filters: Narrowed,
    *,
    by: date | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Playable]:
    """List the predictions whose day has come, or comes until then, and nobody has settled."""
    found = map(_playable, here.predictions.due(by or today(), filters))
    return page(found, _first_due_first, cursor=cursor, limit=limit)


@router.put("/predictions/{statement}/outcome")
def outcome(here: Here, person: Person, statement: Id, became: Became) -> Playable:
    """Say what became of a prediction; it stays said after a new transcript of the same words."""
    told = here.predictions.mark(statement, became.outcome, person=person, note=became.note)
    return _playable(told)


def _playable(told: Told) -> Playable:
    return Playable(told.statement, told.episode, told.marking, told.clip)


def _by_title(each: Watched) -> Place:
    return (each.title, each.id)


def _last_named_first(each: Sighting) -> Place:
    return (-each.day.toordinal() if each.day else 0, -each.voices, each.name, each.key)


def _newest_first(each: Playable) -> Place:
    published = each.episode.published
    return (-published.toordinal() if published else 1, *_where(each))


def _first_due_first(each: Playable) -> Place:
    return (each.statement.due.toordinal() if each.statement.due else 0, *_where(each))


def _where(each: Playable) -> Place:
    return (
        each.episode.id,
        each.statement.start or 0.0,
        each.statement.passage_id,
        each.statement.id,
    )
