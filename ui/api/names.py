"""Names that were misheard, corrected or only suggested; who speaks in an episode."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from kb import mishearings
from kb.corrections import LONGEST, Correction, State
from kb.speakers import Renaming
from ui.api.access import Here, Person
from ui.api.paging import Cursor, Limit, Page, page
from ui.api.reading import Id
from ui.wiring import House

router = APIRouter(tags=["names"])

Name = Annotated[str, Field(min_length=1, max_length=LONGEST)]
_LINES = 1_000_000


class Meant(BaseModel):
    """What was heard and the name that was meant; in all episodes where none is named."""

    model_config = ConfigDict(extra="forbid")

    heard: Name
    name: Name
    episode: str | None = Field(default=None, max_length=200)


class Renamed(BaseModel):
    """Who it is that is labelled so now; null for whoever has no label."""

    model_config = ConfigDict(extra="forbid")

    label: str | None = Field(default=None, min_length=1, max_length=LONGEST)
    name: Name


class Given(BaseModel):
    """Who says a line; `line` is its sentence's number, from 0."""

    model_config = ConfigDict(extra="forbid")

    line: int = Field(ge=0, le=_LINES)
    name: Name


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, and in how many lines; null for whoever has no label."""

    label: str | None
    lines: int


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who speaks in an episode, and what people said of it."""

    speakers: tuple[Speaker, ...]
    renamed: tuple[Renaming, ...]


@router.get("/names")
def names(
    here: Here,
    *,
    state: State | None = None,
    episode: Annotated[str | None, Query(max_length=200)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Correction]:
    """List corrections, with the passages that show what is suggested."""
    known = here.library.episode(episode).id if episode else None
    found = here.corrections.all(state=state, episode_id=known)
    return page(found, lambda each: each.place, cursor=cursor, limit=limit)


@router.post("/names", status_code=201)
def correct(here: Here, person: Person, meant: Meant) -> Correction:
    """Correct a name, everywhere or in one episode; the words stay, the name is found."""
    return here.corrections.correct(
        meant.heard, meant.name, episode_id=_episode(here, meant), person=person
    )


@router.post("/names/suggestions")
def suggest(here: Here) -> Page[Correction]:
    """Look for names that were probably misheard; the sure ones are corrected at once."""
    return Page(here.corrections.suggest(mishearings.found(here.library)))


@router.post("/names/accept")
def accept(here: Here, person: Person, meant: Meant) -> Correction:
    """Let a suggestion hold, or a correction that was rejected."""
    return here.corrections.accept(
        meant.heard, meant.name, episode_id=_episode(here, meant), person=person
    )


@router.post("/names/reject")
def reject(here: Here, person: Person, meant: Meant) -> Correction:
    """Refuse a suggestion, or undo a correction: all is as it was before."""
    return here.corrections.reject(
        meant.heard, meant.name, episode_id=_episode(here, meant), person=person
    )


@router.get("/episodes/{episode_id}/speakers")
def speakers(here: Here, episode_id: Id) -> Speakers:
    """List who speaks in an episode, and what people said of it."""
    labels = here.relabelling.labels(episode_id)
    counted = tuple(Speaker(label, lines) for label, lines in labels.items())
    return Speakers(counted, here.relabelling.all(episode_id))


@router.post("/episodes/{episode_id}/speakers", status_code=201)
def rename(here: Here, person: Person, episode_id: Id, renamed: Renamed) -> Renaming:
    """Rename a speaker in all turns of an episode."""
    return here.relabelling.rename(episode_id, renamed.label, renamed.name, person=person)


@router.post("/episodes/{episode_id}/lines", status_code=201)
def give(here: Here, person: Person, episode_id: Id, given: Given) -> Renaming:
    """Give one line of an episode to another speaker."""
    return here.relabelling.rename_line(episode_id, given.line, given.name, person=person)


@router.delete("/episodes/{episode_id}/speakers/{number}")
def undo(here: Here, episode_id: Id, number: Annotated[int, Path(ge=1, le=_LINES)]) -> Renaming:
    """Take back what was said of a speaker or a line."""
    return here.relabelling.undo(episode_id, number)


def _episode(here: House, meant: Meant) -> str:
    """Give the whole id of the episode that is meant, "" for all of them."""
    return here.library.episode(meant.episode).id if meant.episode else ""
