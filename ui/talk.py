"""A conversation: what was asked, as plain values that a session can hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kb.models import Filters, Tier

Plain = tuple[str, int, str | None, str | None, str | None, str | None, tuple[str, ...]]

MOST = 20
"""Questions that stay on the page."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was asked; `revision` is that of the library which answered it."""

    question: str
    filters: Filters
    revision: int

    @property
    def plain(self) -> Plain:
        """Give it as strings and numbers.

        >>> Turn("Why?", Filters(show="desk"), 7).plain
        ('Why?', 7, 'desk', None, None, None, ())
        """
        narrowed = self.filters
        since, until = narrowed.since, narrowed.until
        return (
            self.question,
            self.revision,
            narrowed.show,
            narrowed.person,
            since.isoformat() if since else None,
            until.isoformat() if until else None,
            tuple(sorted(narrowed.tiers)),
        )

    @classmethod
    def of(cls, plain: Plain) -> Turn:
        """Read what `plain` gave."""
        question, revision, show, person, since, until, tiers = plain
        first, last = (date.fromisoformat(day) if day else None for day in (since, until))
        filters = Filters(show, person, first, last, frozenset(map(Tier, tiers)))
        return cls(question, filters, revision)


def said(turns: tuple[Turn, ...], asked: Turn, *, again: bool) -> tuple[Turn, ...]:
    """Add a question; the newest one asked `again` is a new one only if the library changed."""
    newest = turns[-1] if turns else None
    same = newest and (newest.question, newest.filters) == (asked.question, asked.filters)
    if newest and same and (not again or newest.revision == asked.revision):
        return turns
    return (*turns, asked)[-MOST:]
