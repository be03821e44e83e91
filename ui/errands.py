"""What is done beside the pages, in threads that end with the process."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from queue import Queue
from threading import Lock, Thread
from types import TracebackType
from typing import TypeVar

_Made = TypeVar("_Made")


class Errands:
    """Does what it is given, in turn, `at_once` at a time.

    Python waits at its end for the pools of `concurrent.futures`: a server that was told to stop
    would go on for as long as a model writes. It does not wait for these threads.
    """

    def __init__(self, name: str, *, at_once: int) -> None:
        self._name, self._at_once = name, at_once
        self._given = Queue[Callable[[], None]]()
        self._turn = Lock()
        self._threads = list[Thread]()

    def begin(self, do: Callable[[], _Made]) -> Future[_Made]:
        """Have something done, and give what will hold what came of it."""
        doing = Future[_Made]()
        self._given.put(partial(_do, do, doing))
        with self._turn:
            if len(self._threads) < self._at_once:
                thread = Thread(target=_work, args=(self._given,), name=self._name, daemon=True)
                self._threads.append(thread)
                thread.start()
        return doing

    def settle(self) -> None:
        """Wait until everything that was begun is over."""
        self._given.join()


def _work(given: Queue[Callable[[], None]]) -> None:
    while True:
        given.get()()
        given.task_done()


def _do(do: Callable[[], _Made], doing: Future[_Made]) -> None:
    with _Telling(doing):
        doing.set_result(do())


class _Telling:
    """Tells whoever asks what went wrong, whatever it was, as pools do; the thread goes on."""

    def __init__(self, doing: Future[_Made]) -> None:
        self._failed = doing.set_exception

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> bool:
        """Hand on what went wrong."""
        if fault is not None:
            self._failed(fault)
        return True
