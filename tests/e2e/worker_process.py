"""A worker to be killed: `python -m tests.e2e.worker_process DATABASE QUEUE HOME SECONDS`.

The road, the record and the queue are real; what hears is scripted, SECONDS for each window.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event

from ingest import audio
from ingest.dispatch import Dispatcher
from ingest.following import Follower
from ingest.pipeline import Pipeline
from ingest.ports import Heard, Window
from ingest.sources.feed import FeedSource
from ingest.sources.media import Recording
from ingest.sources.transcripts import KINDS
from ingest.worker import Pace, Worker
from kb.jobs import Jobs
from kb.library import SqlLibrary
from kb.subscriptions import Subscriptions
from tests.fakes import FakeEmbedder
from tests.fakes_ingest import FakeFetcher, FakeTranscriber

PACE = Pace(beat=0.2, patience=1.0, poll=0.1, every=None)


@dataclass(frozen=True, slots=True)
class Slow:
    """A transcriber that takes its time."""

    seconds: float = 0.0
    name: str = "slow"

    def transcribe(self, window: Window, *, hints: Sequence[str] = ()) -> Heard:
        """Hear a window after a pause."""
        time.sleep(self.seconds)
        return FakeTranscriber().transcribe(window, hints=hints)


@dataclass(frozen=True, slots=True)
class Bench:
    """A library with its queue, opened by one process."""

    library: SqlLibrary
    pipeline: Pipeline
    jobs: Jobs
    dispatcher: Dispatcher
    queue: str

    def worker(self) -> Worker:
        """Give a worker that keeps a hurried pace."""
        subscriptions = Subscriptions(self.library)
        feeds = FeedSource(self.pipeline.fetcher)
        return Worker(
            url=self.queue,
            library=self.library,
            pipelines=[self.pipeline],
            jobs=self.jobs,
            dispatcher=self.dispatcher,
            subscriptions=subscriptions,
            follower=Follower(subscriptions, feeds, self.dispatcher.submit),
            landed=lambda: None,
            pace=PACE,
        )

    def close(self) -> None:
        """Let go of both databases."""
        self.dispatcher.close()
        self.library.close()


def opened(database: str, queue: str, home: Path, seconds: float = 0.0) -> Bench:
    """Open a library and its queue."""
    library = SqlLibrary(database, home)
    pipeline = Pipeline(
        library=library,
        sources=(*KINDS, Recording()),
        fetcher=FakeFetcher(),
        transcriber=lambda: Slow(seconds),
        embedder=FakeEmbedder,
        downloads=home / "downloads",
    )
    jobs = Jobs(library)
    return Bench(library, pipeline, jobs, Dispatcher(queue, jobs, pipeline.pack), queue)


if __name__ == "__main__":
    audio.windows = partial(audio.windows, seconds=2)
    stopped = Event()
    bench = opened(sys.argv[1], sys.argv[2], Path(sys.argv[3]), float(sys.argv[4]))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    bench.worker().run(stopped)
