"""Companies by first mention: who named them first, how many voices have since, what is not known.

Sponsor reads do not count. A name is a company's where a fair share of the episodes that name it
say so; then all its mentions count, those too that say nothing of what it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import sqlalchemy as sa

from kb import schema
from kb.insight import sightings, spotting
from kb.insight.entities import Kind
from kb.rows import ACCEPTED

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from kb.insight.sightings import Seen
    from kb.library import SqlLibrary
    from kb.models import Episode

_SHARE, _LESS = 0.15, 0.05
"""Share of the episodes naming it that must say it is a company: one slip in many is not enough."""
_OFTEN = 3
"""Episodes that say so from which the lesser share will do: nobody explains what Google is."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A company as the library knows it; `first` is the episode that named it first, with a day.

    `passage_id`, `start` and `speaker` are of that first mention. `voices` and `shows` count
    distinct ones, an episode's unlabelled speakers as one; `day` is None where no episode has one.
    """

    key: str
    name: str
    day: date | None
    episode_id: str
    episode_title: str
    show: str
    passage_id: str
    start: float | None
    speaker: str | None
    voices: int
    shows: int
    episodes: int
    mentioned_as: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Radar:
    """The companies of a library. `variants` gives an episode's corrections, heard to name."""

    library: SqlLibrary
    variants: Callable[[str], Mapping[str, str]]

    def companies(
        self, *, since: date | None = None, known: Collection[str] = ()
    ) -> list[Sighting]:
        """Give the companies, those first named last before all; the undated come at the end.

        `since` leaves out what was first named before, or on no known day; `known` holds the keys
        (`kb.insight.spotting.key`) of what is not to be told again.
        """
        files = self._files()
        found = [each.sighting for key, each in files.items() if key not in known and each.company]
        wanted = [
            each for each in found if since is None or (each.day is not None and each.day >= since)
        ]
        return sorted(wanted, key=lambda each: (-_ordinal(each.day), -each.voices, each.name))

    def _files(self) -> dict[str, _File]:
        heard = self._heard()
        files = dict[str, _File]()
        for episode, names in sightings.of(self.library).all():
            meant = self._meant(episode.id, names, heard)
            for each in names:
                key = meant.get(each.key, each.key)
                files.setdefault(key, _File(key, [])).seen.append((episode, each))
        return files

    def _heard(self) -> frozenset[str]:
        """Give the keys of all that was ever heard for a name: few episodes hold any."""
        table = schema.corrections
        query = sa.select(table.c.heard).where(table.c.state == ACCEPTED)
        with self.library.reading() as db:
            return frozenset(spotting.key(str(each)) for each in db.scalars(query))

    def _meant(
        self, episode_id: str, names: Iterable[Seen], heard: frozenset[str]
    ) -> Mapping[str, str]:
        if heard.isdisjoint(each.key for each in names):
            return {}
        variants = self.variants(episode_id)
        return {spotting.key(each): spotting.key(name) for each, name in variants.items()}


@dataclass(frozen=True)
class _File:
    """All that is known of one name."""

    key: str
    seen: list[tuple[Episode, Seen]]

    @property
    def company(self) -> bool:
        kinds = Counter(each.kind for _, each in self.seen)
        said = kinds[Kind.COMPANY]
        least = _LESS if said >= _OFTEN else _SHARE
        return said >= least * len(self.seen) and said > kinds[Kind.PERSON]

    @cached_property
    def sighting(self) -> Sighting:
        """Sum it up."""
        episode, first = min(self.seen, key=lambda pair: _age(*pair))
        names = Counter[str]()
        roles = Counter[str]()
        for _, each in self.seen:
            names[each.name] += each.times
            roles.update(each.mentioned_as)
        return Sighting(
            self.key,
            self._name(names),
            episode.published,
            episode.id,
            episode.title,
            episode.show.title,
            first.first,
            first.start,
            first.speaker,
            len({voice or f"?{held.id}" for held, each in self.seen for voice in each.voices}),
            len({held.show.id for held, _ in self.seen}),
            len({held.id for held, _ in self.seen}),
            tuple(role for role, _ in roles.most_common()),
        )

    def _name(self, names: Counter[str]) -> str:
        """Give the commonest of the spellings that are the name, not what was heard for it."""
        own = Counter({name: n for name, n in names.items() if spotting.key(name) == self.key})
        return (own or names).most_common(1)[0][0]


def _age(episode: Episode, seen: Seen) -> tuple[int, str, str]:
    day = episode.published or date.max
    return (day.toordinal(), episode.id, seen.first)


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0
