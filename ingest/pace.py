"""How hard a host may be pressed: few connections at once, a moment between, rest when asked."""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable

from kb.errors import PassingFetchError

LONGEST_PAUSE = 60.0
"""Seconds that are waited out; who asks for more gets an error that says when to try again."""
_BACKOFF = 2.0


class Pace:
    """Keeps the manners of one process towards every host; any thread may use it.

    `at_once` connections to a host, `interval` seconds between the beginnings of two requests.
    """

    def __init__(
        self,
        *,
        at_once: int = 4,
        interval: float = 0.25,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        chance: random.Random | None = None,
    ) -> None:
        self._interval = interval
        self._sleep = sleep
        self._clock = clock
        self._chance = chance or random.Random()  # noqa: S311 - spreads load, guards nothing
        self._lock = threading.Lock()
        self._free_at: dict[str, float] = {}
        self._slots = defaultdict[str, threading.Semaphore](lambda: threading.Semaphore(at_once))

    def turn(self, host: str, seconds: float) -> Callable[[], None]:
        """Wait, at most so many seconds, until a host may be asked; call the result when done.

        Raises:
            PassingFetchError: it will not be our turn in time, or the host asked for a long rest.
        """
        with self._lock:
            slots = self._slots[host]
        if not slots.acquire(timeout=seconds):
            raise PassingFetchError(
                f"{host} is busy with our other fetches", hint="Try again when they are done."
            )
        try:
            self._await(host, seconds)
        except BaseException:
            slots.release()
            raise
        return slots.release

    def rest(self, host: str, seconds: float) -> None:
        """Leave a host alone for so many seconds, because it asked for that."""
        with self._lock:
            until = self._clock() + seconds
            self._free_at[host] = max(until, self._free_at.get(host, until))

    def back_off(self, tries: int) -> None:
        """Pause after the so manieth failure: exponential, with full jitter."""
        self._sleep(self._chance.uniform(0, _BACKOFF * 2 ** (tries - 1)))

    def _await(self, host: str, seconds: float) -> None:
        with self._lock:
            now = self._clock()
            begin = max(now, self._free_at.get(host, now))
            pause = begin - now
            if pause > min(seconds, LONGEST_PAUSE):
                raise resting(host, pause)
            self._free_at[host] = begin + self._interval
        if pause:
            self._sleep(pause)


def resting(name: str, seconds: float) -> PassingFetchError:
    """Word the error for a server that wants to be left alone."""
    return PassingFetchError(
        f"{name} asked to be left alone",
        hint=f"It asks for {seconds:.0f} s of rest; try again after that.",
        after=seconds,
    )
