"""Lists a page at a time: a cursor names the last thing seen, so nothing is skipped or seen twice."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import TypeAdapter

from kb.errors import SourceError

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[
    str | None,
    Query(max_length=2_000, description="`next` of the page before; none for the first."),
]
_Item = TypeVar("_Item")
Place = tuple[str | int | float, ...]
"""Where in its list a thing stands: unlike any other's, and it does not change."""
_PLACE = TypeAdapter[Place](Place)
_WHOLE = 64
"""Characters of a text that stand in a cursor as they are, so that the longest place fits in one."""


@dataclass(frozen=True, slots=True)
class Page(Generic[_Item]):
    """Some of a list; `next` is the cursor of the page after it, null on the last."""

    items: list[_Item]
    next: str | None = None


def page(
    found: Iterable[_Item], place: Callable[[_Item], Place], *, cursor: str | None, limit: int
) -> Page[_Item]:
    """Give the first `limit` things behind a cursor, in the order of their places.

    Texts that are alike for their first 64 characters and longer stand in an order of their own.

    Raises:
        SourceError: the cursor is none of this list's.

    >>> first = page("dbac", lambda each: (each,), cursor=None, limit=3)
    >>> first.items, page("dbac", lambda each: (each,), cursor=first.next, limit=3).items
    (['a', 'b', 'c'], ['d'])
    """

    def stands(each: _Item) -> Place:
        return tuple(_short(part) if isinstance(part, str) else part for part in place(each))

    ordered = sorted(found, key=stands)
    if cursor is not None:
        after = _read(cursor, like=stands(ordered[0]) if ordered else ())
        ordered = [each for each in ordered if stands(each) > after]
    shown = ordered[:limit]
    more = len(ordered) > limit
    return Page(shown, _written(stands(shown[-1])) if more else None)


def _short(text: str) -> str:
    """Give a short text, unlike any other text's, for a text of any length."""
    if len(text) <= _WHOLE:
        return text
    return text[:_WHOLE] + hashlib.sha256(text.encode()).hexdigest()[:32]


def _written(place: Place) -> str:
    written = json.dumps(place, ensure_ascii=False)
    return base64.urlsafe_b64encode(written.encode()).decode()


def _read(cursor: str, *, like: Place) -> Place:
    try:
        place = _PLACE.validate_json(base64.urlsafe_b64decode(cursor.encode()), strict=True)
    except ValueError:  # pydantic's and base64's faults are of this kind
        place = None
    if place is None or (like and list(map(type, place)) != list(map(type, like))):
        raise SourceError(
            "This cursor is none of this list's", hint="Take it from `next`; begin without one."
        )
    return place
