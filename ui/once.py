"""What is made of a library once for each of its states, for all who look."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Once(Generic[T]):
    """Holds what was made at the newest revision; one thread makes it while the others wait.

    It is given as it is, not as a copy: it must be something that nobody can change.
    """

    def __init__(self, revision: Callable[[], int], make: Callable[[], T]) -> None:
        self._revision = revision
        self._make = make
        self._turn = Lock()
        self._held: tuple[int, T] | None = None

    def __call__(self) -> T:
        """Give it for the library as it is now."""
        with self._turn:
            # Asked for first: what changes while it is made has it made again.
            revision = self._revision()
            if self._held is None or self._held[0] != revision:
                self._held = (revision, self._make())
            return self._held[1]
