"""Lists a page at a time: a cursor names the last thing seen, so nothing is skipped or seen twice."""

import base64
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
    Query(max_length=1_000, description="`next` of the page before; none for the first."),
]
_Item = TypeVar("_Item")
Place = tuple[str | int | float, ...]
"""Where in its list a thing stands: unlike any other's, and it does not change."""
_PLACE = TypeAdapter[Place](Place)


@dataclass(frozen=True, slots=True)
class Page(Generic[_Item]):
    """Some of a list; `next` is the cursor of the page after it, null on the last."""

    items: list[_Item]
    next: str | None = None


def page(
    found: Iterable[_Item], place: Callable[[_Item], Place], *, cursor: str | None, limit: int
) -> Page[_Item]:
    """Give the first `limit` things behind a cursor, in the order of their places.

    Raises:
        SourceError: the cursor is none of this list's.

    >>> first = page("dbac", lambda each: (each,), cursor=None, limit=3)
    >>> first.items, page("dbac", lambda each: (each,), cursor=first.next, limit=3).items
    (['a', 'b', 'c'], ['d'])
    """
    ordered = sorted(found, key=place)
    if cursor is not None:
        after = _read(cursor, like=place(ordered[0]) if ordered else ())
        ordered = [each for each in ordered if place(each) > after]
    shown = ordered[:limit]
    more = len(ordered) > limit
    return Page(shown, _written(place(shown[-1])) if more else None)


def _written(place: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


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
