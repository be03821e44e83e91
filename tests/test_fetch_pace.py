"""Manners: few connections to a host, a moment between, rest when asked, backoff with jitter."""

import random
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from ingest.pace import Pace
from kb.errors import FetchError, PassingFetchError
from tests.loopback import Net, Reply, Server, serving


@dataclass
class Clock:
    """Time that passes by sleeping alone."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list[float])

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def pace(self, *, at_once: int = 9, interval: float = 0) -> Pace:
        return Pace(
            at_once=at_once,
            interval=interval,
            sleep=self.sleep,
            clock=lambda: self.now,
            chance=random.Random(1),  # noqa: S311 - repeatable, no secret
        )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as script:
        yield script


def test_requests_to_a_host_begin_an_interval_apart(clock: Clock) -> None:
    pace = clock.pace(interval=0.5)

    for _ in range(3):
        pace.turn("a.example", 9)()
    pace.turn("b.example", 9)()

    assert clock.slept == [0.5, 0.5]


def test_a_host_that_was_quiet_is_asked_at_once(clock: Clock) -> None:
    pace = clock.pace(interval=0.5)
    pace.turn("a.example", 9)()
    clock.now += 60

    pace.turn("a.example", 9)()

    assert clock.slept == []


def test_a_host_has_so_many_connections_and_no_more(clock: Clock) -> None:
    pace = clock.pace(at_once=2)
    leave = pace.turn("a.example", 9)
    pace.turn("a.example", 9)

    with pytest.raises(PassingFetchError, match=r"a\.example is busy with our other fetches"):
        pace.turn("a.example", 0.01)
    pace.turn("b.example", 0.01)
    leave()
    pace.turn("a.example", 0.01)


def test_a_short_rest_is_waited_out(clock: Clock) -> None:
    pace = clock.pace()
    pace.rest("a.example", 7)

    pace.turn("a.example", 9)()
    pace.turn("b.example", 9)()

    assert clock.slept == [7]


def test_a_later_shorter_rest_does_not_end_a_longer_one(clock: Clock) -> None:
    pace = clock.pace()
    pace.rest("a.example", 50)
    pace.rest("a.example", 0)

    pace.turn("a.example", 60)

    assert clock.slept == [50]


@pytest.mark.parametrize(("rest", "seconds"), [(61, 1000), (20, 10)])
def test_a_rest_longer_than_can_be_waited_for_is_an_error(
    clock: Clock, rest: float, seconds: float
) -> None:
    pace = clock.pace(at_once=1)
    pace.rest("a.example", rest)

    for _ in range(2):  # the first gave its place back
        with pytest.raises(PassingFetchError) as caught:
            pace.turn("a.example", seconds)
        assert caught.value.after == rest

    assert clock.slept == []


def test_backoff_grows_and_is_drawn_from_the_whole_stretch(clock: Clock) -> None:
    pace = clock.pace()

    for tries in (1, 2, 3):
        for _ in range(200):
            pace.back_off(tries)
    drawn = [clock.slept[start : start + 200] for start in (0, 200, 400)]

    for each, bound in zip(drawn, (2, 4, 8), strict=True):
        assert min(each) < 0.1 * bound
        assert 0.9 * bound < max(each) <= bound


def test_many_threads_never_hold_more_connections_than_may_be() -> None:
    pace, held, most, lock = Pace(at_once=3, interval=0), 0, 0, threading.Lock()

    def visit() -> None:
        nonlocal held, most
        for _ in range(50):
            leave = pace.turn("a.example", 9)
            with lock:
                held += 1
                most = max(most, held)
            with lock:
                held -= 1
            leave()

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most <= 3
    assert held == 0


def test_a_host_that_asked_for_rest_is_left_alone_by_other_fetches_too(server: Server) -> None:
    net = Net(server.port)
    fetcher = net.fetcher(allow=[server.host])
    tired = server.says("/a", Reply(status=429, headers={"Retry-After": "3600"}))
    other = server.says("/b", Reply(b"here"))

    for url in (tired, other):
        with pytest.raises(PassingFetchError, match="asked to be left alone") as caught:
            fetcher.get(url)
        assert caught.value.after == pytest.approx(3600, abs=5)

    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [200, 302, 404, 503])
def test_a_connection_that_is_done_gives_its_place_back(server: Server, status: int) -> None:
    headers = {"Location": "/b"} if status == 302 else {}
    url = server.says("/a", Reply(b"here", status, headers))
    server.says("/b", Reply(b"there"))
    net = Net(server.port)
    fetcher = net.fetcher(allow=[server.host], text_seconds=2)

    for _ in range(6):  # more than the places there are
        with suppress(FetchError):
            fetcher.get(url)
    server.says("/a", Reply(b"well"))

    assert fetcher.get(url).content == b"well"
