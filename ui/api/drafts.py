"""Drafts of theses and posts: made, read against the library as it is now, edited, exported."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import PlainTextResponse, Response

from kb.drafting import critic, receipts, style
from kb.drafting.desk import Edit, Kept, Title
from kb.drafting.evidence import Evidence
from kb.drafting.making import Asked
from kb.drafts import Kind
from kb.models import Filters, Passage
from ui import printing_drafts
from ui.api import problems
from ui.api.access import Here, Person
from ui.wiring import House

router = APIRouter(tags=["drafts"])

Id = Annotated[str, Path(max_length=200, description="The draft's id, or how it begins.")]
Number = Annotated[int, Path(ge=1, le=10_000, description="The sentence's number, from 1.")]
Cited = Annotated[list[str], Field(max_length=100, description="Passages: ids or permalinks.")]
_PRINTED = ("application/json", "What `soundproof draft` prints as JSON")
_TOLD, _MADE = problems.of_type(*_PRINTED), problems.of_type(*_PRINTED, code=201)
_TEXT = problems.of_type("text/markdown", "The draft with its receipts")
LEFT_OUT = "soundproof-left-out"
"""The header that counts the sentences which an export leaves out."""


class Wanted(BaseModel):
    """A draft to make of what a question finds, or of passages; `samples` are for a blog's style."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    question: str = Field(default="", max_length=2_000)
    passages: Cited = []
    title: str = Field(default="", max_length=500)
    show: str | None = Field(default=None, max_length=200)
    since: date | None = None
    until: date | None = None
    samples: list[Annotated[str, Field(max_length=100_000)]] = Field(default=[], max_length=20)

    def asked(self) -> Asked:
        """Give what is asked of the drafter."""
        filters = Filters(show=self.show, since=self.since, until=self.until)
        return Asked(self.question, tuple(self.passages), self.title, filters)


class Added(BaseModel):
    """Sentences to add at the end of a part; your own view where they cite nothing."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=4_000)
    cited: Cited = []
    part: str = Field(default="", max_length=200)


class Changed(BaseModel):
    """Other words, other sources, or neither; `fewer`: although the draft then makes fewer points."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(default=None, min_length=1, max_length=4_000)
    cited: Cited | None = None
    fewer: bool = False


@router.get("/drafts", responses=_TOLD)
def drafts(here: Here) -> Response:
    """List the drafts, the last changed first."""
    return _json(here.desk.all())


@router.post("/drafts", status_code=201, responses=_MADE)
def make(here: Here, person: Person, wanted: Wanted) -> Response:
    """Draft a thesis, posts or a post for a blog, and keep it; every sentence is checked."""
    measured = style.measured(wanted.samples) if wanted.samples else None
    made = here.drafting.draft(wanted.kind, wanted.asked(), style=measured)
    return _json(here.desk.keep(made, person), status=201)


@router.get("/drafts/{draft_id}", responses=_TOLD)
def draft(here: Here, draft_id: Id) -> Response:
    """Show a draft: each sentence with its mark and its sources."""
    return _json(here.desk.open(draft_id))


@router.delete("/drafts/{draft_id}")
def delete(here: Here, draft_id: Id) -> Title:
    """Delete a draft for good."""
    gone = here.desk.named(draft_id)
    here.desk.delete(gone.id)
    return gone


@router.get("/drafts/{draft_id}/markdown", response_class=PlainTextResponse, responses=_TEXT)
def export(here: Here, draft_id: Id) -> Response:
    """Give a draft as Markdown with receipts; what nobody said does not leave, and is counted."""
    made = receipts.markdown(here.desk.open(draft_id).draft, here.proof)
    headers = {LEFT_OUT: str(made.left_out)}
    return Response(made.text, media_type="text/markdown; charset=utf-8", headers=headers)


@router.post("/drafts/{draft_id}/critic", responses=_TOLD)
def criticise(here: Here, draft_id: Id) -> Response:
    """Let a critic object: another model than the writer's, or rules."""
    kept = here.desk.open(draft_id)
    return _json(critic.review(here.critic(), kept.draft, most=kept.points))


@router.post("/drafts/{draft_id}/sentences", status_code=201, responses=_MADE)
def add(here: Here, draft_id: Id, added: Added) -> Response:
    """Add sentences; the draft is checked anew at once."""
    cited = _cited(here, added.cited)
    return _json(here.desk.add(draft_id, added.text, cited, part=added.part), status=201)


@router.patch("/drafts/{draft_id}/sentences/{number}", responses=_TOLD)
def change(here: Here, draft_id: Id, number: Number, changed: Changed) -> Response:
    """Change a sentence or what it rests on; the draft is checked anew at once."""
    cited = None if changed.cited is None else _cited(here, changed.cited)
    edit = Edit(number, changed.text, cited)
    return _json(here.desk.edit(draft_id, edit, fewer=changed.fewer))


@router.delete("/drafts/{draft_id}/sentences/{number}", responses=_TOLD)
def take_out(here: Here, draft_id: Id, number: Number, *, fewer: bool = False) -> Response:
    """Take a sentence out, `fewer` although the draft then makes fewer points."""
    return _json(here.desk.edit(draft_id, Edit(number, ""), fewer=fewer))


def _cited(here: House, named: list[str]) -> tuple[Passage, ...]:
    return Evidence(here.library).cited(named)


def _json(value: Kept | critic.Review | list[Title], *, status: int = 200) -> Response:
    return Response(printing_drafts.as_json(value), status, media_type="application/json")
