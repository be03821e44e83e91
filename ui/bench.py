"""Drafts and briefs made beside the pages: with a model one takes minutes, and no page waits."""

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

    from ingest.brief import Briefing
    from kb.drafting.desk import Desk
    from kb.drafting.making import Asked, Drafting
    from kb.drafts import Kind, Style

_REMEMBERED = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish: the id of what was `made`, or why there is nothing."""

    made: str = ""
    reason: str = ""
    hint: str = ""


class Bench:
    """Makes one thing after the other and keeps each; what is under way ends with the process.

    `landed` is called when a brief is in the library, for the indexes.
    """

    def __init__(
        self,
        *,
        drafting: Callable[[], Drafting],
        desk: Callable[[], Desk],
        briefing: Callable[[], Briefing],
        landed: Callable[[], object],
    ) -> None:
        self._drafting = drafting
        self._desk = desk
        self._briefing = briefing
        self._landed = landed
        self._turn = Lock()
        self._wishes: dict[int, Future[str]] = {}
        self._errands = Errands("bench", at_once=1)

    def draft(self, kind: Kind, asked: Asked, *, person: str, style: Style | None = None) -> int:
        """Have a draft made, and give the number to ask for it by."""
        return self._begin(partial(self._drafted, kind, asked, person, style))

    def brief(self, episode_id: str) -> int:
        """Have an episode's brief made, and give the number to ask for it by."""
        return self._begin(partial(self._briefed, episode_id))

    def outcome(self, number: int) -> Outcome | None:
        """Give what became of a wish; None while it is under way."""
        with self._turn:
            wish = self._wishes.get(number)
        if wish is None:
            return Outcome(reason="It was interrupted", hint="Ask for it again.")
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

    def _begin(self, make: Callable[[], str]) -> int:
        with self._turn:
            number = max(self._wishes, default=0) + 1
            self._wishes[number] = self._errands.begin(make)
            for old in list(self._wishes)[:-_REMEMBERED]:
                del self._wishes[old]
        return number

    def _drafted(self, kind: Kind, asked: Asked, person: str, style: Style | None) -> str:
        draft = self._drafting().draft(kind, asked, style=style)
        return self._desk().keep(draft, person).id

    def _briefed(self, episode_id: str) -> str:
        briefed = self._briefing().made(episode_id)
        self._landed()
        return briefed.episode.id
