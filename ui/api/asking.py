"""Questions and searches."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from kb.models import Answer, Citation, Claim, Filters, Hit, Tier
from ui.api.access import Here
from ui.api.paging import Limit, Page

router = APIRouter(tags=["asking"])

LONGEST = 2_000
"""Characters of a question."""
Words = Annotated[str, Query(min_length=1, max_length=LONGEST, description="Words or a question.")]
Name = Annotated[str | None, Query(min_length=1, max_length=200)]


class Asked(BaseModel):
    """A question, and what narrows the search for its answer."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1, max_length=LONGEST)
    show: str | None = Field(default=None, max_length=200)
    person: str | None = Field(default=None, max_length=200)
    since: date | None = None
    until: date | None = None
    tiers: frozenset[Tier] = frozenset()
    episode: str | None = Field(default=None, max_length=200)

    def filters(self) -> Filters:
        """Give what narrows the search."""
        return Filters(self.show, self.person, self.since, self.until, self.tiers, self.episode)


class Answered(BaseModel):
    """An answer; where it is `abstained`, `reason` says why and `nearest` holds what came close."""

    model_config = ConfigDict(from_attributes=True)

    question: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Hit, ...]
    reason: str
    writer: str
    remarks: tuple[str, ...]
    abstained: bool


def narrowed(
    *,
    show: Name = None,
    person: Name = None,
    since: date | None = None,
    until: date | None = None,
    tier: Annotated[list[Tier] | None, Query()] = None,
    episode: Name = None,
) -> Filters:
    """Make filters of the parameters that filter."""
    return Filters(show, person, since, until, frozenset(tier or ()), episode)


Narrowed = Annotated[Filters, Depends(narrowed)]


@router.post("/ask", response_model=Answered)
def ask(here: Here, asked: Asked) -> Answer:
    """Answer a question with citations to the second, or say that it is not on the record."""
    return here.ask(asked.question, asked.filters())


@router.get("/search")
def search(here: Here, filters: Narrowed, *, q: Words, limit: Limit = 10) -> Page[Hit]:
    """Find passages by words and meaning, best first; there is no further page."""
    return Page(here.find(q, filters, limit=limit))


@router.get("/suggestions")
def suggestions(here: Here) -> Page[str]:
    """Suggest questions that what is in the library answers: each was tried."""
    return Page(list(here.suggestions()) if here.library.revisions() else [])
