"""The worker: what is queued lands, what cannot is said, and nothing stops it but its switch."""

import threading
import time
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from ingest.dispatch import Dispatcher
from ingest.following import Follower
from ingest.pipeline import Pipeline
from ingest.ports import Fetched, Found, Head, Heard, Window
from ingest.sources.feed import FeedSource
from ingest.sources.feed_xml import parse
from ingest.worker import Pace, Worker
from kb.errors import DiskFullError, FetchError, LibraryError, PassingFetchError, SoundproofError
from kb.jobs import Job, Jobs, State
from kb.library import SqlLibrary
from kb.models import Tier
from kb.roll import Roll
from kb.subscriptions import Subscriptions
from tests import quick_audio
from tests.fakes import FakeEmbedder
from tests.fakes_ingest import FakeFetcher, FakeTranscriber
from tests.samples import episode, transcript
from tests.test_library import sqlite_url
from tests.test_sources_feed_listing import feed

pytestmark = pytest.mark.slow

FEED = "https://tide.example/feed.xml"
BUSY = PassingFetchError("cdn.example answered 503", hint="Nothing to do: it is tried again.")
GONE = FetchError("cdn.example answered 404", hint="Is the address right?")
PACE = Pace(beat=0.1, patience=5, poll=0.05, every=None, rest=0.01)


@dataclass
class Network:
    """Audio at every address; what is listed in `errors` is raised first."""

    errors: list[Exception] = field(default_factory=list[Exception])
    asked: list[str] = field(default_factory=list[str])
    pages: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def get(self, url: str, *, limit: int = 32 * 2**20) -> Fetched:
        self.asked.append(url)
        return FakeFetcher(self.pages).get(url, limit=limit)

    def peek(self, url: str) -> Head:
        raise AssertionError(f"nobody should look at {url}")

    def download(self, url: str, folder: Path, *, report: Callable[[float], None]) -> Path:
        self.asked.append(url)
        if self.errors:
            raise self.errors.pop(0)
        content = self.pages.get(url, quick_audio.wav(6, pitch=300 + len(url)))
        apart = folder / str(zlib.crc32(url.encode()))  # several are fetched at once
        return FakeFetcher({url: content}).download(url, apart, report=report)


@dataclass
class Listener:
    """A transcriber that waits, where it is told to, before it hears."""

    name: str = "listener"
    began: threading.Event = field(default_factory=threading.Event)
    free: threading.Event = field(default_factory=threading.Event)
    heard: list[float] = field(default_factory=list[float])

    def __post_init__(self) -> None:
        self.free.set()

    def transcribe(self, window: Window, *, hints: Sequence[str] = ()) -> Heard:
        del hints
        self.began.set()
        assert self.free.wait(30)
        self.heard.append(window.start)
        return FakeTranscriber().transcribe(window)


class House:
    """A library with its queue, and a worker that can be switched on."""

    def __init__(self, folder: Path) -> None:
        self.library = SqlLibrary(sqlite_url(folder), folder)
        self.network, self.listener = Network(), Listener()
        self.pipeline = Pipeline(
            library=self.library,
            sources=(),
            fetcher=self.network,
            transcriber=lambda: self.listener,
            embedder=FakeEmbedder,
            downloads=folder / "downloads",
        )
        self.queue = f"sqlite:///{folder / 'queue.sqlite'}"
        self.jobs = Jobs(self.library)
        self.dispatcher = Dispatcher(self.queue, self.jobs, self.pipeline.pack)
        self.subscriptions = Subscriptions(self.library)
        self.landed: list[int] = []
        self.landing: list[SoundproofError] = []

    def submit(self, title: str, *, media: bool = True) -> Job:
        """Queue a recording, or a transcript."""
        given = episode(title, "The Night Desk")
        if media:
            found = Found(given, media=f"https://cdn.example/{title}.wav")
        else:
            found = Found(given, transcript=transcript(("Ada", f"{title} failed. We kept it.")))
        return self.dispatcher.submit(found)

    def job(self, job: Job) -> Job:
        return self.jobs.job(job.id)

    def cancel_while_heard(self, job: Job) -> None:
        until(self.listener.began.is_set)
        self.dispatcher.cancel(job.id)
        self.listener.free.set()

    def level(self) -> None:
        if self.landing:
            raise self.landing.pop()
        self.landed.append(self.library.revision())

    @contextmanager
    def worker(self, pace: Pace = PACE) -> Generator[Worker]:
        """Let a worker work."""
        feeds = FeedSource(self.network, parse=parse)
        worker = Worker(
            url=self.queue,
            library=self.library,
            pipelines=[self.pipeline],
            jobs=self.jobs,
            dispatcher=self.dispatcher,
            subscriptions=self.subscriptions,
            follower=Follower(self.subscriptions, feeds, self.dispatcher.submit),
            landed=self.level,
            pace=pace,
        )
        stop = threading.Event()
        thread = threading.Thread(target=worker.run, args=(stop,))
        thread.start()
        try:
            yield worker
        finally:
            self.listener.free.set()
            stop.set()
            thread.join(30)
            assert not thread.is_alive()

    def over(self, *jobs: Job) -> list[State]:
        """Wait until the jobs are over, and say how they ended."""
        until(lambda: all(self.job(each).state.over for each in jobs))
        return [self.job(each).state for each in jobs]

    def close(self) -> None:
        self.dispatcher.close()
        self.library.close()


def until(done: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    quick_audio.install(monkeypatch, window=2)
    house = House(tmp_path)
    yield house
    house.close()


def test_what_is_queued_lands_and_the_indexes_are_brought_level(house: House) -> None:
    jobs = [house.submit("Talk"), house.submit("Notes", media=False)]
    again = house.submit("Talk")

    with house.worker():
        assert house.over(*jobs) == [State.DONE, State.DONE]
        until(lambda: house.landed[-1:] == [house.library.revision()])

    assert again.id == jobs[0].id
    assert house.network.asked == ["https://cdn.example/Talk.wav"]
    assert house.listener.heard == [0, 2, 4]
    for job in jobs:
        known = house.library.episode(str(house.job(job).episode_id))
        assert Tier.TRANSCRIPT in known.tiers
    assert Roll(house.library).beats() == {}


def test_an_episode_that_cannot_be_read_fails_once_with_the_reason(house: House) -> None:
    house.network.pages["https://cdn.example/Page.wav"] = b"<html>Not found</html>"
    job, after = house.submit("Page"), house.submit("Talk")

    with house.worker():
        assert house.over(job, after) == [State.FAILED, State.DONE]
        failed = house.job(job)

    assert "is not audio" in failed.reason
    assert failed.hint == "Look at it."
    assert failed.step == "fetch"
    assert house.network.asked.count("https://cdn.example/Page.wav") == 1


def test_what_fails_for_good_is_not_tried_again(house: House) -> None:
    house.network.errors = [GONE]
    job = house.submit("Talk")

    with house.worker():
        assert house.over(job) == [State.FAILED]

    assert len(house.network.asked) == 1


@pytest.mark.parametrize("error", [BUSY, DiskFullError("The disk is full", hint="Make room.")])
def test_what_fails_for_now_is_tried_again_after_a_rest(house: House, error: Exception) -> None:
    house.network.errors = [error, error]
    job = house.submit("Talk")

    with house.worker():
        assert house.over(job) == [State.DONE]

    assert len(house.network.asked) == 3
    assert house.job(job).reason == ""


def test_while_it_rests_a_job_says_why(house: House) -> None:
    house.network.errors = [BUSY]
    job = house.submit("Talk")

    with house.worker(replace(PACE, rest=60)):
        until(lambda: "503" in house.job(job).reason)

    waiting = house.job(job)
    assert waiting.state is State.WAITING
    assert waiting.reason == "cdn.example answered 503 - tried again in 60 s"
    assert waiting.hint == BUSY.hint


def test_the_rest_is_at_least_what_the_server_asked_for(house: House) -> None:
    house.network.errors = [PassingFetchError("Too many", hint="Wait.", after=90)]
    job = house.submit("Talk")

    with house.worker():
        until(lambda: "tried again in 90 s" in house.job(job).reason)


def test_after_all_tries_it_has_failed(house: House) -> None:
    house.network.errors = [BUSY] * 20
    job = house.submit("Talk")

    with house.worker(replace(PACE, rest=0.001)):
        assert house.over(job) == [State.FAILED]

    assert len(house.network.asked) == 6
    assert house.job(job).reason == str(BUSY)


def test_what_nobody_foresaw_is_shown_and_the_worker_lives_on(house: House) -> None:
    house.network.errors = [ZeroDivisionError("by nought")]
    job = house.submit("Talk")

    with house.worker():
        house.over(job)
        after = house.submit("Another")
        assert house.over(job, after) == [State.FAILED, State.DONE]

    failed = house.job(job)
    assert failed.reason == "Something unexpected went wrong: ZeroDivisionError: by nought"
    assert "soundproof jobs retry" in failed.hint


def test_a_failed_job_that_is_retried_lands(house: House) -> None:
    house.network.errors = [GONE]
    job = house.submit("Talk")

    with house.worker():
        house.over(job)
        house.submit("Talk")
        assert house.job(job).state is State.FAILED, "what is over stays so"
        again = house.dispatcher.retry(job.id)
        assert house.over(job) == [State.DONE]

    assert (again.attempt, house.job(job).attempt) == (2, 2)


def test_a_job_that_is_cancelled_in_the_queue_is_never_begun(house: House) -> None:
    job, other = house.submit("Talk"), house.submit("Notes", media=False)
    house.dispatcher.cancel(job.id)

    with house.worker():
        assert house.over(job, other) == [State.CANCELLED, State.DONE]

    assert house.network.asked == []
    assert len(house.library.revisions()) == 1


def test_a_job_that_is_cancelled_while_it_is_heard_never_lands(house: House) -> None:
    house.listener.free.clear()
    job = house.submit("Talk")

    with house.worker():
        house.cancel_while_heard(job)
        other = house.submit("Another")
        assert house.over(other) == [State.DONE]

    assert house.job(job).state is State.CANCELLED
    assert set(house.library.revisions()) == {house.job(other).episode_id}


def test_a_cancelled_job_that_is_retried_lands_and_hears_only_the_rest(house: House) -> None:
    house.listener.free.clear()
    job = house.submit("Talk")

    with house.worker():
        house.cancel_while_heard(job)
        until(lambda: bool(house.listener.heard))
        house.dispatcher.retry(job.id)
        assert house.over(job) == [State.DONE]

    assert sorted(set(house.listener.heard)) == [0, 2, 4]
    assert len(house.library.revisions()) == 1


def test_what_is_under_way_when_it_stops_is_done_by_the_next(house: House) -> None:
    house.listener.free.clear()
    job = house.submit("Talk")
    with house.worker():
        until(house.listener.began.is_set)

    with house.worker(replace(PACE, patience=0.3)):
        assert house.over(job) == [State.DONE]
    assert len(house.library.revisions()) == 1


def test_a_feed_that_is_due_is_read_by_the_schedule_once(house: House) -> None:
    item = (
        "<item><guid>1</guid><title>Talk</title><enclosure url='https://cdn.example/1.wav'/></item>"
    )
    house.network.pages[FEED] = feed(item)
    house.subscriptions.follow(FEED)

    with house.worker(replace(PACE, every=10_000)):
        until(lambda: bool(house.jobs.jobs()))
        (job,) = house.jobs.jobs()
        assert house.over(job) == [State.DONE]
        time.sleep(0.5)

    assert house.network.asked == [FEED, "https://cdn.example/1.wav"]
    assert house.subscriptions.subscription(FEED).outcome == "1 new or changed episode"
    assert house.subscriptions.subscription("Tide").failures == 0


def test_a_feed_is_read_again_and_again(house: House) -> None:
    house.network.pages[FEED] = feed("<item><guid>1</guid><title>Talk</title></item>")
    house.subscriptions.follow(FEED, latest=0)

    with house.worker(replace(PACE, every=0.5)):
        until(lambda: house.network.asked.count(FEED) >= 2)


def test_a_feed_that_cannot_be_read_is_noted_and_stops_nothing(house: House) -> None:
    house.subscriptions.follow(FEED)

    with house.worker(replace(PACE, every=10_000)):
        until(lambda: bool(house.subscriptions.subscription(FEED).failures))
        job = house.submit("Notes", media=False)
        assert house.over(job) == [State.DONE]

    assert house.network.asked == [FEED]


def test_an_index_that_cannot_be_written_stops_nothing(house: House) -> None:
    house.landing = [DiskFullError("The disk is full", hint="Make room.")] * 3
    job = house.submit("Notes", media=False)

    with house.worker():
        assert house.over(job) == [State.DONE]
        until(lambda: house.landed[-1:] == [house.library.revision()])


def test_a_worker_that_was_taken_for_dead_is_back_on_the_roll(house: House) -> None:
    roll = Roll(house.library)

    with house.worker() as worker:
        until(lambda: worker.name in roll.beats())
        roll.leave(worker.name)
        until(lambda: worker.name in roll.beats())
        job = house.submit("Notes", media=False)
        assert house.over(job) == [State.DONE]


def test_a_job_that_is_not_there_is_neither_cancelled_nor_retried(house: House) -> None:
    with pytest.raises(LibraryError, match="No job begins with"):
        house.dispatcher.cancel("no-such-job")
    with pytest.raises(LibraryError, match="No job begins with"):
        house.dispatcher.retry("no-such-job")
