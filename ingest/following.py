"""Follow shows: read each feed again and again, and send what is new on its way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from ingest.ports import Found
from ingest.sources import feed
from ingest.sources.feed import FeedSource, Listing
from ingest.sources.feed_xml import Item
from kb.errors import FetchError, SoundproofError, SourceError
from kb.models import Show
from kb.subscriptions import Subscription, Subscriptions

_READ = 1_000
"""Episodes of a feed that are looked at; its first reading takes only the newest few of them."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What came of reading a feed: episodes sent on their way, and the outcome in words."""

    title: str
    submitted: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Follower:
    """Keeps the library level with the followed feeds. `submit` sends an episode on its way."""

    subscriptions: Subscriptions
    feeds: FeedSource
    submit: Callable[[Found], object]
    today: Callable[[], date] = lambda: datetime.now(UTC).date()

    def sync(self, url: str) -> Synced:
        """Read a followed feed and submit every episode that is new or has changed.

        What was submitted is noted one by one: broken off, the next reading goes on from there.

        Raises:
            NotFoundError: it is not followed (any more).
            FetchError: the feed cannot be fetched; this and all below is noted with it too.
            SourceError: it is damaged.
            LibraryError: what it holds cannot be kept.
        """
        subscription = self.subscriptions.subscription(url)
        try:
            return self._synced(subscription)
        except SoundproofError as error:
            self.subscriptions.note_failed(url, str(error))
            raise

    def _synced(self, subscription: Subscription) -> Synced:
        url, listing = subscription.url, self._listing(subscription)
        if (there := self._moved_to(url, listing)) is not None:
            if not self.subscriptions.move(url, to=there):
                # Its own turn reads it: what it listed is noted under names of its own.
                return Synced(listing.show.title, 0, f"followed at {there} already")
            url = there
        submitted = sum(1 for _ in self._submitted(url, subscription, listing))
        moved = [f"moved to {url}"] if url != subscription.url else []
        outcome = ", ".join([*self._outcome(listing, submitted), *moved])
        self.subscriptions.note_checked(url, outcome, listing.show)
        return Synced(listing.show.title, submitted, outcome)

    def _listing(self, subscription: Subscription) -> Listing:
        known = Show(subscription.show_id, subscription.title) if subscription.show_id else None
        return self.feeds.listing(subscription.url, latest=_READ, known=known)

    def _moved_to(self, url: str, listing: Listing) -> str | None:
        """Give the feed's new address, once it was read there and does not point back."""
        if listing.moved_to is None or listing.moved_to == url:
            return None
        try:
            there = self.feeds.listing(listing.moved_to, latest=1, known=listing.show)
        except (FetchError, SourceError):
            return None  # asked again at the next turn
        return None if there.moved_to == url else listing.moved_to

    def _submitted(self, url: str, subscription: Subscription, listing: Listing) -> Iterator[Item]:
        """Submit what is new or changed; of a feed that is read first, the newest few."""
        offered = self.subscriptions.offers(url)
        first = not subscription.show_id
        items = {feed.key(item, listing.show): item for item in listing.items}
        wanted = list(items)[: subscription.latest] if first else list(items)
        for key in wanted:
            digest = feed.digest(items[key])
            if offered.get(key) not in (digest, ""):
                self.submit(self.feeds.found(listing, items[key]))
                self.subscriptions.note_offers(url, {key: digest})
                yield items[key]
        if first:
            passed_over = items.keys() - set(wanted) - offered.keys()
            self.subscriptions.note_offers(url, dict.fromkeys(passed_over, ""))

    def _outcome(self, listing: Listing, submitted: int) -> Iterator[str]:
        many = "episode" if submitted == 1 else "episodes"
        yield f"{submitted} new or changed {many}" if submitted else "nothing new"
        gone = self.subscriptions.note_withdrawn(
            listing.show, listing.keys, oldest=listing.oldest, day=self.today()
        )
        if gone:
            yield f"{gone} withdrawn by the publisher"
        yield from listing.warnings
