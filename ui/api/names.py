"""Names that were misheard: what is corrected, what is only suggested."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from kb.corrections import LONGEST, Correction, State
from ui.api.access import Here, Person
from ui.api.paging import Cursor, Limit, Page, page

router = APIRouter(tags=["names"])


class Meant(BaseModel):
    """What was heard and the name that was meant; in all episodes where none is named."""

    model_config = ConfigDict(extra="forbid")

    heard: str = Field(min_length=1, max_length=LONGEST)
    name: str = Field(min_length=1, max_length=LONGEST)
    episode: str | None = Field(default=None, max_length=200)


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
    known = here.library.episode(meant.episode).id if meant.episode else ""
    return here.corrections.correct(meant.heard, meant.name, episode_id=known, person=person)
