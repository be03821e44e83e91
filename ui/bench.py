"""Drafts made beside the pages: with a model one takes minutes, and nobody waits in a page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from kb.errors import SoundproofError
from ui.errands import Errands

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from kb.drafting.desk import Desk
    from kb.drafting.making import Asked, Drafting
    from kb.drafts import Kind, Style

_REMEMBERED = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish for a draft: the id of the kept one, or why there is none."""

    draft_id: str = ""
    reason: str = ""
    hint: str = ""


class Bench:
    """Makes one draft after the other and keeps each; what is under way ends with the process."""

    def __init__(self, drafting: Callable[[], Drafting], desk: Callable[[], Desk]) -> None:
        self._drafting = drafting
        self._desk = desk
        self._turn = Lock()
        self._wishes: dict[int, Future[str]] = {}
        self._errands = Errands("bench", at_once=1)

    def begin(self, kind: Kind, asked: Asked, *, person: str, style: Style | None = None) -> int:
        """Have a draft made, and give the number to ask for it by."""
        with self._turn:
            number = max(self._wishes, default=0) + 1
            self._wishes[number] = self._errands.begin(
                partial(self._made, kind, asked, person, style)
            )
            for old in list(self._wishes)[:-_REMEMBERED]:
                del self._wishes[old]
        return number

    def outcome(self, number: int) -> Outcome | None:
        """Give what became of a draft; None while it is under way."""
        with self._turn:
            wish = self._wishes.get(number)
        if wish is None:
            return Outcome(reason="This draft was interrupted", hint="Ask for it again.")
        if not wish.done():
            return None
        fault = wish.exception()
        if fault is None:
            return Outcome(wish.result())
        known = isinstance(fault, SoundproofError)
        reason = str(fault) if known else f"Something unexpected went wrong: {type(fault).__name__}"
        hint = fault.hint if isinstance(fault, SoundproofError) else "Ask for it again."
        return Outcome(reason=reason, hint=hint)

    def settle(self) -> None:
        """Wait until everything that was begun is over."""
        self._errands.settle()

    def _made(self, kind: Kind, asked: Asked, person: str, style: Style | None) -> str:
        draft = self._drafting().draft(kind, asked, style=style)
        return self._desk().keep(draft, person).id
