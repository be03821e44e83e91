"""The shows that are followed, and what their feeds listed when they were last read."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from kb import rows, schema
from kb.errors import NotFoundError
from kb.library import SqlLibrary
from kb.models import Show


@dataclass(frozen=True, slots=True)
class Subscription:
    """A followed feed. `latest` episodes are taken at first, later every new one.

    `show_id` keeps the show's identity when its title changes, "" until the feed was first read;
    `checked` is when it was last read, in seconds since 1970; `outcome` says in words what came of
    it, and `failures` how often in a row it could not be read.
    """

    url: str
    title: str
    show_id: str
    latest: int
    added: float
    checked: float | None = None
    outcome: str = ""
    failures: int = 0


class Subscriptions:
    """The followed feeds of a library."""

    def __init__(self, library: SqlLibrary, *, now: Callable[[], float] = time.time) -> None:
        self._library = library
        self._now = now

    def follow(self, url: str, *, title: str = "", latest: int = 5) -> bool:
        """Follow a feed; False where it is followed already."""
        given = {"url": url, "title": title, "latest": latest, "added": self._now(), "show_id": ""}
        with self._library.writing() as db:
            return rows.insert_missing(
                db, schema.subscriptions, given | {"outcome": "", "failures": 0}
            )

    def unfollow(self, wanted: str) -> Subscription:
        """Stop following a feed, named by its address or title; its episodes stay.

        Raises:
            NotFoundError: no such feed is followed.
        """
        found = self.subscription(wanted)
        with self._library.writing() as db:
            for table in (schema.subscriptions, schema.offers):
                db.execute(sa.delete(table).where(table.c.url == found.url))
        return found

    def subscription(self, wanted: str) -> Subscription:
        """Give the followed feed of that address or title.

        Raises:
            NotFoundError: there is none, or more than one.
        """
        known, title = self.all(), wanted.casefold()
        found = [each for each in known if each.url == wanted] or [
            each for each in known if title and each.title.casefold() == title
        ]
        if len(found) != 1:
            many = "stands for more than one followed feed" if found else "is not followed"
            raise NotFoundError(
                f"{wanted} {many}", hint="soundproof following shows their addresses."
            )
        return found[0]

    def all(self) -> list[Subscription]:
        """Give all followed feeds by title."""
        table = schema.subscriptions
        with self._library.reading() as db:
            rows = db.execute(sa.select(table).order_by(table.c.title, table.c.url)).mappings()
            return [_subscription(row) for row in rows]

    def offers(self, url: str) -> Mapping[str, str]:
        """Give the digest of each item that the feed listed, by its key; "" was passed over."""
        table = schema.offers
        query = sa.select(table.c.key, table.c.digest).where(table.c.url == url)
        with self._library.reading() as db:
            return {str(row[0]): str(row[1]) for row in db.execute(query)}

    def note_offers(self, url: str, digests: Mapping[str, str]) -> None:
        """Note what has been done with items, so that it is not done again."""
        table = schema.offers
        with self._library.writing() as db:
            db.execute(sa.delete(table).where(table.c.url == url, table.c.key.in_(digests)))
            rows = [{"url": url, "key": key, "digest": digests[key]} for key in digests]
            if rows:
                db.execute(sa.insert(table), rows)

    def note_checked(self, url: str, outcome: str, show: Show) -> None:
        """Note that the feed of a show was read, and what came of it."""
        values = {"title": show.title, "show_id": show.id}
        self._note(url, values | {"outcome": outcome, "failures": 0})

    def note_failed(self, url: str, reason: str) -> None:
        """Note that the feed could not be read, and why."""
        self._note(url, {"outcome": reason, "failures": schema.subscriptions.c.failures + 1})

    def move(self, url: str, *, to: str) -> bool:
        """Follow a feed at its new address; what it listed goes with it.

        False where that address was followed already: then the old one is only dropped.
        """
        table, offers = schema.subscriptions, schema.offers
        with self._library.writing() as db:
            if db.execute(sa.select(table.c.url).where(table.c.url == to)).first() is not None:
                db.execute(sa.delete(table).where(table.c.url == url))
                db.execute(sa.delete(offers).where(offers.c.url == url))
                return False
            for moved in (table, offers):
                db.execute(sa.update(moved).where(moved.c.url == url).values(url=to))
        return True

    def note_withdrawn(
        self, show: Show, keys: Collection[str], *, oldest: date | None, day: date
    ) -> int:
        """Mark the episodes of a show that its feed no longer lists, and unmark those it does.

        `keys` are all that is listed, of episodes from `oldest` on: what is older has scrolled off.
        Gives the number of episodes that are newly withdrawn.
        """
        # A feed may list more keys than a statement may hold: they are compared here.
        table, aliases = schema.episodes, schema.aliases
        here = table.c.show_id == show.id
        named = sa.select(aliases.c.episode_id, aliases.c.key).join(table).where(here)
        columns = (table.c.id, table.c.key, table.c.published, table.c.withdrawn)
        with self._library.writing() as db:
            listed = {row.episode_id for row in db.execute(named) if row.key in keys}
            rows = db.execute(sa.select(*columns).where(here)).all()
            listed |= {row.id for row in rows if row.key in keys}
            back = [row.id for row in rows if row.withdrawn and row.id in listed]
            gone = [
                row.id
                for row in rows
                if row.id not in listed
                and row.key.startswith(f"guid:{show.id}|")
                and row.withdrawn is None
                and oldest
                and row.published
                and row.published > oldest
            ]
            for ids, when in ((back, None), (gone, day)):
                for one in ids:
                    db.execute(sa.update(table).where(table.c.id == one).values(withdrawn=when))
        return len(gone)

    def _note(self, url: str, values: Mapping[str, object]) -> None:
        table = schema.subscriptions
        with self._library.writing() as db:
            db.execute(
                sa.update(table).where(table.c.url == url).values(checked=self._now(), **values)
            )


def _subscription(row: RowMapping) -> Subscription:
    return Subscription(**row)
