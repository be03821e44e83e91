"""The road as a durable queue (DBOS): what was queued gets done, whatever happens to the workers.

Each stretch of the road is a workflow of one idempotent step in a queue of its own. A worker that
dies leaves its workflows pending; another, or itself when it is started again, sees that its number
in the roll stands still and puts them back into their queues.
"""

from __future__ import annotations

import logging
import socket
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

from ingest.dispatch import APPLICATION, SYNC, VERSION, Stretch
from ingest.pipeline import Added
from kb.errors import (
    DiskFullError,
    LibraryError,
    PassingFetchError,
    SoundproofError,
)
from kb.roll import Roll, Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ingest.dispatch import Dispatcher
    from ingest.following import Follower
    from ingest.pipeline import Pipeline
    from ingest.ports import Progress
    from kb.jobs import Jobs
    from kb.library import SqlLibrary
    from kb.models import Episode
    from kb.subscriptions import Subscription, Subscriptions

_LOG = logging.getLogger("soundproof.worker")
_TRIES = 6
_NEWS_SECONDS = 1.0
_KILLED_TOO_OFTEN = 25
"""Times that a step may be cut off by a dying worker: more, and it is taken to be what kills it."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a worker keeps time, in seconds, and how much it does at once.

    `beat` is the time between two signs of life, `patience` how long another's may fail to come.
    `every` is the time between two readings of a followed feed, `None` for never; `rest` that before
    the second try of what failed for now, three times as long before each further one.
    """

    beat: float = 5.0
    patience: float = 30.0
    poll: float = 1.0
    every: float | None = 6 * 3600
    rest: float = 30.0
    fetches: int = 4


class _Stopped(Exception):  # noqa: N818 - no fault: the job was cancelled
    """The job is not wanted any more."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Takes jobs from the queues of `url` and does them, until it is told to stop.

    `pipelines` holds one pipeline for each device that hears; `landed` is called, from one thread,
    after episodes came into the library, to bring the indexes level.
    """

    url: str
    library: SqlLibrary
    pipelines: Sequence[Pipeline]
    jobs: Jobs
    dispatcher: Dispatcher
    subscriptions: Subscriptions
    follower: Follower
    landed: Callable[[], object]
    pace: Pace = Pace()
    name: str = field(default_factory=lambda: f"{socket.gethostname()}-{uuid.uuid4().hex[:8]}")

    def run(self, stop: Event) -> None:
        """Work until `stop` is set. What is under way then is done again by the next worker."""
        roll = Roll(self.library)
        roll.join(self.name, socket.gethostname())
        beating = Thread(target=self._beat, args=(roll, stop), daemon=True, name="heartbeat")
        beating.start()
        try:
            self._open()
            watch, revision = Watch(time.monotonic, self.pace.patience), -1
            while True:
                try:
                    self._recover(roll, watch)
                    self._give_up()
                    self._schedule()
                    revision = self._levelled(revision)
                except SoundproofError as error:
                    _LOG.warning("%s %s", error, error.hint)  # tried again at the next beat
                if stop.wait(self.pace.beat):
                    return
        finally:
            stop.set()
            DBOS.destroy(destroy_registry=True)
            beating.join(timeout=self.pace.beat + 1)
            roll.leave(self.name)

    # The queues

    def _open(self) -> None:
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": self.url,
            "application_version": VERSION,
            "executor_id": self.name,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "WARNING",
            "notification_listener_polling_interval_sec": self.pace.poll,
        }
        DBOS(config=config)
        free = SimpleQueue["Pipeline"]()
        for pipeline in self.pipelines:
            free.put(pipeline)
        for stretch in Stretch:
            self._register(stretch, free)
        self._register_sync()
        DBOS.launch()
        width = {
            Stretch.FETCH.value: self.pace.fetches,
            Stretch.HEAR.value: len(self.pipelines),
            Stretch.LAND.value: 1,
            SYNC: 1,
        }
        for name, many in width.items():
            DBOS.register_queue(
                name,
                worker_concurrency=many,
                polling_interval_sec=self.pace.poll,
                on_conflict="always_update",
            )

    def _register(self, stretch: Stretch, free: SimpleQueue[Pipeline]) -> None:
        def step(job_id: str, parcel: str, attempt: int, tried: int) -> None:
            pipeline = free.get() if stretch is Stretch.HEAR else self.pipelines[0]
            try:
                self._go(stretch, pipeline, _Leg(job_id, parcel, attempt, tried))
            finally:
                if stretch is Stretch.HEAR:
                    free.put(pipeline)

        def workflow(job_id: str, parcel: str, attempt: int, tried: int) -> None:
            DBOS.run_step({"name": stretch.value}, step, job_id, parcel, attempt, tried)

        DBOS.workflow(name=stretch.value, max_recovery_attempts=_KILLED_TOO_OFTEN)(workflow)

    def _register_sync(self) -> None:
        def step(url: str) -> str:
            try:
                return self.follower.sync(url).outcome
            except SoundproofError as error:
                return str(error)  # noted with the subscription; the next turn tries again

        def workflow(url: str) -> str:
            return DBOS.run_step({"name": SYNC}, step, url)

        DBOS.workflow(name=SYNC, max_recovery_attempts=_KILLED_TOO_OFTEN)(workflow)

    # A stretch of a job

    def _go(self, stretch: Stretch, pipeline: Pipeline, leg: _Leg) -> None:
        """Walk a stretch, and queue what follows: the next one, another try, or nothing."""
        if not self.jobs.begin(leg.job_id, stretch.value, of=leg.attempt):
            return
        try:
            episode = self._walked(stretch, pipeline, leg)
        except _Stopped:
            return
        except (PassingFetchError, DiskFullError) as error:
            self._again(stretch, leg, error)
        except SoundproofError as error:
            self.jobs.fail(leg.job_id, error)
        except BaseException as error:
            self._noted(leg, error)
            raise
        else:
            self._next(stretch, leg, episode)

    def _walked(self, stretch: Stretch, pipeline: Pipeline, leg: _Leg) -> Episode:
        found = pipeline.unpack(leg.parcel)
        walks: dict[Stretch, Callable[..., Iterator[Progress | Added]]] = {
            Stretch.FETCH: pipeline.fetch,
            Stretch.HEAR: pipeline.hear,
            Stretch.LAND: pipeline.land,
        }
        told, step = 0.0, ""
        last = deque[Added](maxlen=1)
        for news in walks[stretch](found):
            if isinstance(news, Added):
                last.append(news)
            elif news.step != step or time.monotonic() - told > _NEWS_SECONDS:
                told, step = time.monotonic(), news.step
                if not self.jobs.advance(leg.job_id, news.fraction):
                    raise _Stopped
        return last[0].episode if last else found.episode

    def _next(self, stretch: Stretch, leg: _Leg, episode: Episode) -> None:
        following = stretch.next
        if following is None:
            self.jobs.finish(leg.job_id, episode.id)
        else:
            self.jobs.wait(leg.job_id)
            self.dispatcher.queue(following, leg.job_id, leg.parcel, attempt=leg.attempt)

    def _again(self, stretch: Stretch, leg: _Leg, error: PassingFetchError | DiskFullError) -> None:
        """Rest, and try the stretch again; after so many tries it has failed."""
        if leg.tried + 1 >= _TRIES:
            self.jobs.fail(leg.job_id, error)
            return
        asked = error.after if isinstance(error, PassingFetchError) else 0.0
        rest = max(asked, self.pace.rest * 3**leg.tried)
        self.jobs.wait(leg.job_id, f"{error} - tried again in {rest:.0f} s", error.hint)
        self.dispatcher.queue(
            stretch,
            leg.job_id,
            leg.parcel,
            attempt=leg.attempt,
            tried=leg.tried + 1,
            delay=rest,
        )

    def _noted(self, leg: _Leg, error: BaseException) -> None:
        """Tell people of a fault that nobody foresaw; a stop of the worker is none."""
        if isinstance(error, Exception):
            _LOG.error("%s", leg.job_id, exc_info=error)
            told = SoundproofError(
                f"Something unexpected went wrong: {type(error).__name__}: {error}",
                hint="The worker's output has the details; soundproof jobs retry tries again.",
            )
            self.jobs.fail(leg.job_id, told)

    # What a worker does beside its jobs

    def _beat(self, roll: Roll, stop: Event) -> None:
        while not stop.wait(self.pace.beat):
            try:
                roll.beat(self.name, socket.gethostname())
            except LibraryError as error:
                _LOG.warning("%s", error)  # full for now, or being restarted: beat again

    def _levelled(self, revision: int) -> int:
        """Bring the indexes level where the library changed, and give its revision."""
        now = self.library.revision()
        if now != revision:
            self.landed()
        return now

    def _recover(self, roll: Roll, watch: Watch) -> None:
        """Put the workflows of workers that are gone back into their queues."""
        beats = roll.beats()
        gone = [worker for worker in watch.gone(beats) if worker != self.name]
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        known = beats.keys() - set(gone)
        orphans = {each.executor_id for each in pending if each.executor_id not in known}
        if orphans:
            # The public door to this is a service that knows which workers live; our roll does.
            again = DBOS._recover_pending_workflows  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
            again(sorted(filter(None, orphans)))
        for worker in gone:
            roll.leave(worker)

    def _give_up(self) -> None:
        """Fail the jobs whose step died with its worker time and again: it may be what kills it."""
        spent = DBOS.list_workflows(
            status="MAX_RECOVERY_ATTEMPTS_EXCEEDED",
            name=[stretch.value for stretch in Stretch],
            load_input=False,
            load_output=False,
        )
        for each in spent:
            job_id, attempt, stretch, _ = each.workflow_id.rsplit(".", 3)
            told = SoundproofError(
                f"The worker died {_KILLED_TOO_OFTEN} times while it did the step {stretch}",
                hint="Look at the worker's output; soundproof jobs retry tries again.",
            )
            self.jobs.fail(job_id, told, of=int(attempt))

    def _schedule(self) -> None:
        """Queue the reading of each followed feed that is due; once, however many workers do."""
        if self.pace.every is None:
            return
        now = time.time()
        for each in self.subscriptions.all():
            if _due(each, now, self.pace.every):
                # Should a reading end without a note, the next turn comes all the same.
                turn = f"{int(each.checked or 0)}.{int(now // self.pace.every)}"
                self.dispatcher.sync(each.url, turn=turn)


@dataclass(frozen=True, slots=True)
class _Leg:
    """Which job, what it carries, and how often this stretch of it was tried."""

    job_id: str
    parcel: str
    attempt: int
    tried: int


def _due(subscription: Subscription, now: float, every: float) -> bool:
    """Tell whether a feed should be read: sooner after success than after failures in a row."""
    if subscription.checked is None:
        return True
    patience = every * (1, 2, 4, 8)[min(subscription.failures, 3)]
    return now - subscription.checked >= patience
