"""What people see of the work in hand: one row a job, with its step, its share done and its end.

The queue itself is `ingest.worker`'s: a row here follows it, and a job without a row is not wanted.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from kb import rows, schema
from kb.errors import LibraryError, NotFoundError, SoundproofError
from kb.library import SqlLibrary


class State(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Tell whether nothing more happens by itself."""
        return self in (State.DONE, State.FAILED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Job:
    """One episode on its way. Times are seconds since 1970; `attempt` counts from 1.

    `parcel` is the hash under which what was found is kept. `fraction` of the step is 0 to 1, None where unknown. `reason` and `hint` say why it failed, or
    why it waits; `episode_id` is known when it is done.
    """

    id: str
    parcel: str
    origin: str
    title: str
    state: State
    step: str
    fraction: float | None
    attempt: int
    reason: str
    hint: str
    episode_id: str | None
    created: float
    started: float | None
    updated: float

    @property
    def seconds_left(self) -> float | None:
        """Estimate what is left of the step by what is done of it; None where that is unknown."""
        if self.state is not State.RUNNING or not self.fraction or self.started is None:
            return None
        return (self.updated - self.started) * (1 - self.fraction) / self.fraction


class Jobs:
    """The rows of all jobs."""

    def __init__(self, library: SqlLibrary, *, now: Callable[[], float] = time.time) -> None:
        self._library = library
        self._now = now

    def open(self, job_id: str, *, parcel: str, origin: str, title: str) -> bool:
        """Note a new job; False where one of that id is known, which then stays as it is."""
        now = self._now()
        given = {"id": job_id, "parcel": parcel, "origin": origin, "title": title}
        empty = {"step": "", "reason": "", "hint": "", "attempt": 1, "state": State.WAITING.value}
        with self._library.writing() as db:
            return rows.insert_missing(
                db, schema.jobs, given | empty | {"created": now, "updated": now}
            )

    def reopen(self, job_id: str) -> Job:
        """Let a job that is over begin again, as a new attempt.

        Raises:
            NotFoundError: there is no such job.
            LibraryError: it is not over.
        """
        job = self.job(job_id)
        if not job.state.over:
            raise LibraryError(
                f"{job.title} is {job.state}: there is nothing to retry",
                hint="soundproof jobs list",
            )
        empty = {"step": "", "fraction": None, "reason": "", "hint": ""}
        again = job.attempt + 1
        self._set(job.id, None, state=State.WAITING.value, attempt=again, **empty)
        return self.job(job.id)

    def begin(self, job_id: str, step: str, *, of: int | None = None) -> bool:
        """Note that a step has begun; False where it should not: the job is over, or begun anew.

        `of` is the attempt that the step belongs to.
        """
        begun = {"state": State.RUNNING.value, "step": step, "started": self._now()}
        return self._set(job_id, of, **begun, fraction=None, reason="", hint="")

    def advance(self, job_id: str, fraction: float | None) -> bool:
        """Note how far the step is; False where the job was cancelled meanwhile."""
        return self._set(job_id, fraction=fraction)

    def wait(self, job_id: str, reason: str = "", hint: str = "") -> None:
        """Note that the job waits for its next step, or for better times."""
        self._set(job_id, state=State.WAITING.value, fraction=None, reason=reason, hint=hint)

    def finish(self, job_id: str, episode_id: str) -> None:
        """Note that the job is done."""
        self._set(job_id, state=State.DONE.value, fraction=1.0, episode_id=episode_id)

    def fail(self, job_id: str, error: SoundproofError, *, of: int | None = None) -> None:
        """Note why the job cannot succeed; `of` is the attempt that failed."""
        self._set(job_id, of, state=State.FAILED.value, reason=str(error), hint=error.hint)

    def cancel(self, job_id: str) -> Job:
        """Note that a job is not wanted any more.

        Raises:
            NotFoundError: there is no such job.
            LibraryError: it is over already.
        """
        job = self.job(job_id)
        if job.state.over or not self._set(job.id, state=State.CANCELLED.value):
            raise LibraryError(f"{job.title} is {job.state} already", hint="soundproof jobs list")
        return job

    def job(self, job_id: str) -> Job:
        """Give a job by its id, or by how the id begins.

        Raises:
            NotFoundError: there is none, or more than one.
        """
        table = schema.jobs
        with self._library.reading() as db:
            begins = sa.func.substr(table.c.id, 1, len(job_id)) == job_id  # LIKE may fold case
            known = sa.select(table).where(begins).order_by(table.c.id).limit(2)
            found = [_job(row) for row in db.execute(known).mappings()] if job_id else []
        if len(found) != 1 and job_id not in {each.id for each in found}:
            many = "More than one job begins" if found else "No job begins"
            raise NotFoundError(f"{many} with {job_id!r}", hint="soundproof jobs list")
        return found[0]

    def jobs(self, *, state: State | None = None, limit: int = 100) -> list[Job]:
        """Give the newest jobs, those that are not over first."""
        table = schema.jobs
        over = table.c.state.in_([each.value for each in State if each.over])
        query = sa.select(table).order_by(over, table.c.created.desc(), table.c.id).limit(limit)
        if state is not None:
            query = query.where(table.c.state == state.value)
        with self._library.reading() as db:
            return [_job(row) for row in db.execute(query).mappings()]

    def _set(self, job_id: str, of: int | None = None, **values: object) -> bool:
        """Change a row, unless the job is over: only `reopen` takes that back."""
        table = schema.jobs
        where = [table.c.id == job_id]
        if "attempt" not in values:
            where.append(table.c.state.not_in([each.value for each in State if each.over]))
        if of is not None:
            where.append(table.c.attempt == of)
        with self._library.writing() as db:
            changed = db.execute(
                sa.update(table).where(*where).values(updated=self._now(), **values)
            )
        return changed.rowcount == 1


def _job(row: RowMapping) -> Job:
    return Job(
        id=row["id"],
        parcel=row["parcel"],
        origin=row["origin"],
        title=row["title"],
        state=State(row["state"]),
        step=row["step"],
        fraction=row["fraction"],
        attempt=row["attempt"],
        reason=row["reason"],
        hint=row["hint"],
        episode_id=row["episode_id"],
        created=row["created"],
        started=row["started"],
        updated=row["updated"],
    )
