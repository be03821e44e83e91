"""The arena: battles, votes and the board. Who made what is told after the vote, and to its voter."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from eval import reveal
from eval.arena import NothingLeft
from eval.models import Choice, Objection, Vote
from eval.tally import tally
from kb.errors import NotFoundError
from ui import printing_arena
from ui.api import problems
from ui.api.access import Here, Person

router = APIRouter(prefix="/arena", tags=["arena"])

Id = Annotated[str, Path(max_length=200)]
_TOLD = problems.of_type("application/json", "What `soundproof arena` prints as JSON")


class Wrong(BaseModel):
    """A citation that does not support what it stands behind."""

    model_config = ConfigDict(extra="forbid")

    side: Choice
    number: int = Field(ge=1, le=1_000)


class Cast(BaseModel):
    """A vote: which side its evidence supports better, and which reads better, if asked."""

    model_config = ConfigDict(extra="forbid")

    choice: Choice
    reading: Choice | None = None
    reasons: list[str] = Field(default=[], max_length=20)
    wrong: list[Wrong] = Field(default=[], max_length=100)


@router.post("/battles", responses=_TOLD)
def draw(here: Here, voter: Person) -> Response:
    """Give the caller's open battle, or draw the next one."""
    drawn = here.polls.arena().draw(voter)
    if isinstance(drawn, NothingLeft):
        raise NotFoundError(
            f"{voter} has judged everything there is", hint="Come back when more was answered."
        )
    return _json(drawn)


@router.put("/battles/{battle_id}/vote", responses=_TOLD)
def vote(here: Here, voter: Person, battle_id: Id, cast: Cast) -> Response:
    """Store a vote, then tell who made what; the same vote twice is one."""
    objections = tuple(Objection(each.side, each.number) for each in cast.wrong)
    reasons = tuple(cast.reasons)
    said = Vote(voter, battle_id, cast.choice, cast.reading, reasons, objections)
    here.polls.ballots.cast(said)
    return _json(reveal.reveal(here.polls, voter, battle_id))


@router.get("/board", responses=_TOLD)
def board(here: Here) -> Response:
    """Tell who answers better, how surely, and what cannot be told yet."""
    polls = here.polls
    return _json(tally(polls.ballots.ballots(), polls.exclusions.excluded()))


def _json(value: object) -> Response:
    return Response(printing_arena.as_json(value), media_type="application/json")
