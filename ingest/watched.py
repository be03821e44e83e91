"""Work that reports by calling back, as a generator of its reports."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_T = TypeVar("_T")
_SECONDS = 0.5


class _UnwatchedError(Exception):
    """Nobody waits for the work any more."""


def watched(
    work: Callable[[Callable[[float], None]], _T], *, every: float = _SECONDS
) -> Generator[float, None, _T]:
    """Yield the latest report every so many seconds, then return what the work gives.

    A generator that is closed before its end stops the work at its next report.

    >>> list(watched(lambda report: report(0.5), every=0.01))[-1:]
    [0.5]
    """
    latest, closed = [0.0], False

    def report(fraction: float) -> None:
        if closed:
            raise _UnwatchedError
        latest[0] = fraction

    with ThreadPoolExecutor(1, thread_name_prefix="watched") as pool:
        done = pool.submit(work, report)
        try:
            while wait([done], timeout=every).not_done:
                yield latest[0]
            yield latest[0]
        finally:
            closed = True
    return done.result()
