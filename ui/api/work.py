"""Work in hand: jobs, what is added, and the shows that are followed."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from ingest.finding import Given
from ingest.following import Synced
from ingest.ports import Progress
from kb.jobs import Job, State
from kb.subscriptions import Subscription
from ui.api.access import Here
from ui.api.paging import Cursor, Limit, Page, Place, page

router = APIRouter(tags=["work"])

_JOBS = 10_000
"""Jobs among which pages are cut; older ones that are over are not listed."""
_ADDRESS = r"https?://\S+"
Id = Annotated[str, Path(max_length=200, description="The job's id, or how it begins.")]
Feed = Annotated[str, Query(min_length=1, max_length=2_000, description="Its address or title.")]


class Added(BaseModel):
    """Something to add: an address, never a path. A feed gives its `latest` episodes."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(pattern=_ADDRESS, max_length=2_000)
    latest: int = Field(default=5, ge=1, le=1_000)
    title: str | None = Field(default=None, max_length=500)
    show: str | None = Field(default=None, max_length=500)
    to: str | None = Field(default=None, max_length=200)


class Followed(BaseModel):
    """A show to follow, by the address of its feed."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(pattern=_ADDRESS, max_length=2_000)
    title: str = Field(default="", max_length=500)
    latest: int = Field(default=5, ge=0, le=1_000)


@dataclass(frozen=True, slots=True)
class Following:
    """A followed show, and whether it is newly so."""

    url: str
    new: bool


@router.get("/jobs")
def jobs(
    here: Here, *, state: State | None = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[Job]:
    """List what is queued, under way, done and failed: those in hand first, then the newest."""
    found = here.jobs.jobs(state=state, limit=_JOBS)
    return page(found, _in_hand_first, cursor=cursor, limit=limit)


@router.get("/jobs/{job_id}")
def job(here: Here, job_id: Id) -> Job:
    """Show a job: its step, how far it is, or why it failed."""
    return here.jobs.job(job_id)


@router.post("/jobs", status_code=202)
def add(here: Here, added: Added) -> Page[Job]:
    """Find out what is at an address, and queue each episode that it holds."""
    to = here.library.episode(added.to).id if added.to else None
    given = Given(title=added.title, show=added.show, to=to)
    found = [
        each
        for each in here.pipeline.find(added.url, latest=added.latest, given=given)
        if not isinstance(each, Progress)
    ]
    return Page([here.dispatcher.send(each) for each in found])


@router.post("/jobs/{job_id}/retry", status_code=202)
def retry(here: Here, job_id: Id) -> Job:
    """Let a job that is over begin again."""
    return here.dispatcher.retry(job_id)


@router.post("/jobs/{job_id}/cancel")
def cancel(here: Here, job_id: Id) -> Job:
    """Take a job off the queue; what it made so far is kept for a retry."""
    return here.jobs.job(here.dispatcher.cancel(job_id).id)


@router.get("/shows")
def shows(here: Here, *, cursor: Cursor = None, limit: Limit = 50) -> Page[Subscription]:
    """List the followed shows, and what came of their last reading."""
    return page(here.subscriptions.all(), _by_title, cursor=cursor, limit=limit)


@router.post("/shows", status_code=201)
def follow(here: Here, followed: Followed) -> Following:
    """Follow a show; the worker adds its new episodes."""
    new = here.subscriptions.follow(followed.url, title=followed.title, latest=followed.latest)
    return Following(followed.url, new)


@router.delete("/shows")
def unfollow(here: Here, *, feed: Feed) -> Subscription:
    """Stop following a show; its episodes stay."""
    return here.subscriptions.unfollow(feed)


@router.post("/shows/sync")
def sync(here: Here, *, feed: Feed) -> Synced:
    """Read a followed feed now, and queue what is new."""
    return here.follower().sync(here.subscriptions.subscription(feed).url)


def _in_hand_first(each: Job) -> Place:
    return (int(each.state.over), -each.created, each.id)


def _by_title(each: Subscription) -> Place:
    return (each.title, each.url)
