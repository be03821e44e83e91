"""Send episodes on their way from any process: jobs are noted for people and queued for workers."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions

from kb.identity import slug

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.ports import Found
    from kb.jobs import Job, Jobs

APPLICATION = "soundproof"
VERSION = "1"
"""Of the workflows, not of Soundproof: what an earlier release queued, a later one must finish."""


class Stretch(StrEnum):
    """The stretches of the road, each with a queue of its own."""

    FETCH = "fetch"
    HEAR = "hear"
    LAND = "land"

    @property
    def next(self) -> Stretch | None:
        """Give the stretch that follows."""
        following = list(Stretch)[list(Stretch).index(self) + 1 :]
        return following[0] if following else None


SYNC = "sync"
"""The workflow, and its queue, that reads a followed feed."""


class Dispatcher:
    """Queues work in the database that the workers take it from."""

    def __init__(self, url: str, jobs: Jobs, pack: Callable[[Found], str]) -> None:
        self._url = url
        self._jobs = jobs
        self._pack = pack

    def submit(self, found: Found) -> Job:
        """Send an episode on its way; the same one twice is one job, and what is over stays so."""
        parcel = self._pack(found)
        title = found.episode.title
        job_id = f"{slug(title)[:40]}-{parcel[:10]}"
        origin = found.episode.audio_url or found.episode.link or title
        self._jobs.open(job_id, parcel=parcel, origin=origin, title=title)
        self.queue(Stretch.FETCH, job_id, parcel, attempt=1)
        return self._jobs.job(job_id)

    def send(self, found: Found) -> Job:
        """Send an episode on its way, again if its job is over."""
        job = self.submit(found)
        return self.retry(job.id) if job.state.over else job

    def retry(self, job_id: str) -> Job:
        """Let a job that is over begin again.

        Raises:
            NotFoundError: there is none of that id.
            LibraryError: it is not over.
        """
        job = self._jobs.reopen(job_id)
        self.queue(Stretch.FETCH, job.id, job.parcel, attempt=job.attempt)
        return job

    def queue(
        self,
        stretch: Stretch,
        job_id: str,
        parcel: str,
        *,
        attempt: int,
        tried: int = 0,
        delay: float = 0,
    ) -> None:
        """Queue a stretch of a job; the same one twice is queued once."""
        options: EnqueueOptions = {
            "workflow_name": stretch.value,
            "queue_name": stretch.value,
            "workflow_id": f"{job_id}.{attempt}.{stretch}.{tried}",
            "app_version": VERSION,
        }
        if delay:
            options["delay_seconds"] = delay
        self._client.enqueue(options, job_id, parcel, attempt, tried)

    def sync(self, url: str, *, turn: str) -> None:
        """Queue the reading of a followed feed; once for each turn."""
        options: EnqueueOptions = {
            "workflow_name": SYNC,
            "queue_name": SYNC,
            "workflow_id": f"sync {turn} {url}",
            "app_version": VERSION,
        }
        self._client.enqueue(options, url)

    def cancel(self, job_id: str) -> Job:
        """Take a job off the queue; a step that is running stops where it next tells how far it is.

        Raises:
            NotFoundError: there is none of that id.
            LibraryError: it is over already.
        """
        return self._jobs.cancel(job_id)

    def close(self) -> None:
        """Let go of the database."""
        if "_client" in self.__dict__:
            self._client.destroy()

    @cached_property
    def _client(self) -> DBOSClient:
        DBOS.migrate(self._url)
        return DBOSClient(
            system_database_url=self._url,
            serializer=DBOSPortableJSONSerializer(),
            application_name=APPLICATION,
        )
