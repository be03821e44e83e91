"""What is in the library at one of its states, as the pages list and narrow it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.models import Filters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.models import Episode
    from ui.ports import Shelf

NAMED = 500
"""People offered to choose from: a browser gets them at every click."""


@dataclass(frozen=True, slots=True)
class Stock:
    """The episodes, newest first; the titles of their shows by id; people by name.

    Of very many people those in most episodes are here, and `others` tells that there are more.
    """

    episodes: tuple[Episode, ...]
    shows: Mapping[str, str]
    people: tuple[str, ...]
    others: bool


def taken(shelf: Shelf) -> Stock:
    """Take stock of a library."""
    episodes = tuple(shelf.episodes(Filters()))
    shows = {each.show.id: each.show.title for each in episodes}
    heard = Counter(name for each in episodes for name in {person.name for person in each.people})
    often = sorted(heard, key=lambda name: (-heard[name], name))[:NAMED]
    return Stock(episodes, shows, tuple(sorted(often)), len(heard) > NAMED)
