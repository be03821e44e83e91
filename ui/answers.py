"""Answers that were given, so that no click on a page asks a model again."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from kb.models import Filters

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.steps import Asked

_MOST = 256


@dataclass(slots=True)
class _Place:
    """The place of one answer; whoever holds the turn may ask for it."""

    turn: Lock = field(default_factory=Lock)
    asked: Asked | None = None


class Answers:
    """Keeps the answers that were asked for last, one for each question and state of the library."""

    def __init__(self, ask: Callable[[str, Filters], Asked]) -> None:
        self._ask = ask
        self._turn = Lock()
        self._places = OrderedDict[tuple[str, Filters, int], _Place]()

    def asked(self, question: str, filters: Filters, revision: int, *, anew: bool) -> Asked:
        """Give the answer that was given, or ask; two who want the same ask once.

        Where the writer failed and another answered, who asks `anew` is not put off with that.
        """
        place = self._place((question, filters, revision))
        with place.turn:
            if place.asked is None or (anew and place.asked.fell_back):
                place.asked = self._ask(question, filters)
            return place.asked

    def _place(self, key: tuple[str, Filters, int]) -> _Place:
        with self._turn:
            place = self._places.setdefault(key, _Place())
            self._places.move_to_end(key)
            if len(self._places) > _MOST:
                self._places.popitem(last=False)
        return place
