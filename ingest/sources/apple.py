"""Apple Podcasts links: the show's own feed, or the one episode of it that is meant."""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qs, urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.ports import Fetcher, Found
from ingest.sources import documents
from ingest.sources.feed import FeedSource, Listing
from ingest.sources.feed_xml import Item
from kb.errors import DocumentError
from kb.identity import without_query

_LOOKUP = "https://itunes.apple.com/lookup"
_HOSTS = frozenset(
    f"{name}.apple.com" for name in ("podcasts", "embed.podcasts", "itunes", "geo.itunes")
)
_SHOW = re.compile(r"(?:^|/)id(\d{1,20})(?:/|$)")
_COUNTRY = re.compile(r"^/([a-z]{2})/")
_RECENT = 200
"""Episodes that a lookup lists of a show: Apple gives no more."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a link names: a show, and maybe an episode of it, in one country's shop."""

    show: str
    episode: str | None
    country: str | None

    def lookup(self, number: str, entity: str, **more: object) -> str:
        """Give the address that tells about a show or episode; its own shop may know it alone."""
        shop = {"country": self.country} if self.country not in (None, "us") else {}
        return f"{_LOOKUP}?{urlencode({'id': number, 'entity': entity, **more, **shop})}"


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True)

    number: Annotated[int | None, Field(alias="trackId")] = None
    title: Annotated[str, Field(alias="trackName")] = ""
    feed: Annotated[str | None, Field(alias="feedUrl")] = None
    guid: Annotated[str, Field(alias="episodeGuid")] = ""
    recording: Annotated[str, Field(alias="episodeUrl")] = ""


class _Answer(BaseModel):
    results: tuple[_Result, ...] = ()


@dataclass(frozen=True, slots=True)
class ApplePodcasts:
    """Looks up which feed a link means, and reads that."""

    fetcher: Fetcher
    feeds: FeedSource
    name: str = "Apple Podcasts link"
    remote: bool = True

    def recognises(self, origin: str, head: bytes) -> bool:
        """Go by the address alone."""
        del head
        return parsed(origin) is not None

    def read(self, origin: str, *, latest: int) -> Iterator[Found]:
        """Give the newest episodes of a show, or exactly the episode that the link names.

        Raises:
            FetchError: Apple or the feed cannot be reached.
            DocumentError: Apple knows no feed for it, or the feed has no such episode.
        """
        link = _known(origin)
        if link.episode is None:
            yield from self.feeds.read(self.feed(origin), latest=latest)
            return
        wanted = self._episode(link, link.episode)
        listing = self.feeds.listing(wanted.feed or self.feed(origin), latest=sys.maxsize)
        yield self.feeds.found(listing, _item(listing, wanted))

    def feed(self, origin: str) -> str:
        """Give the address of the show's own feed.

        Raises:
            FetchError: Apple cannot be reached.
            DocumentError: it knows no such show, or tells no feed of it.
        """
        link = _known(origin)
        results = self._ask(link.lookup(link.show, "podcast"))
        feeds = (found for result in results if (found := documents.web(result.feed)))
        if feed := next(feeds, None):
            return feed
        raise DocumentError(
            f"Apple Podcasts {'tells no feed of' if results else 'knows no'} show {link.show}",
            hint="Look for the feed's own address: a link called RSS or Feed on the show's page.",
        )

    def _episode(self, link: Link, number: str) -> _Result:
        """Look an episode up by its number, else among the newest of its show."""
        alone = link.lookup(number, "podcastEpisode")
        listed = link.lookup(link.show, "podcastEpisode", limit=_RECENT)
        for address in (alone, listed):
            for result in self._ask(address):
                if str(result.number) == number:
                    return result
        raise DocumentError(
            f"Apple Podcasts knows no episode {number} of show {link.show}",
            hint="It may be gone. Add the show without “?i=…” to see what there is.",
        )

    def _ask(self, address: str) -> tuple[_Result, ...]:
        try:
            return _Answer.model_validate_json(self.fetcher.get(address).content).results
        except ValidationError as error:
            raise DocumentError(
                "Apple Podcasts answers with something else than a list of shows",
                hint="Try again later, or add the show's feed.",
            ) from error


def parsed(origin: str) -> Link | None:
    """Give what an Apple Podcasts link names; None for any other address.

    >>> parsed("https://podcasts.apple.com/de/podcast/tide/id123?i=456")
    Link(show='123', episode='456', country='de')
    """
    try:
        parts = urlsplit(origin.strip())
        host = parts.hostname
    except ValueError:  # brackets that hold no IPv6 address
        return None
    found = _SHOW.search(parts.path)
    if parts.scheme not in ("http", "https") or host not in _HOSTS or not found:
        return None
    episode = parse_qs(parts.query).get("i", [""])[-1]
    country = _COUNTRY.match(parts.path)
    return Link(found[1], episode if episode.isdecimal() else None, country and country[1])


def _known(origin: str) -> Link:
    if link := parsed(origin):
        return link
    raise DocumentError(
        f"{origin} names no show of Apple Podcasts",
        hint="Wanted: a link like https://podcasts.apple.com/us/podcast/title/id123.",
    )


def _item(listing: Listing, wanted: _Result) -> Item:
    """Find the episode in its feed: by guid, else by recording, else by title."""
    sames: tuple[Callable[[Item], bool], ...] = (
        lambda item: bool(item.guid) and item.guid == wanted.guid.strip(),
        lambda item: bool(item.enclosure) and _file(item.enclosure) == _file(wanted.recording),
        lambda item: bool(item.title) and _folded(item.title) == _folded(wanted.title),
    )
    for same in sames:
        for item in listing.items:
            if same(item):
                return item
    raise DocumentError(
        f"The feed {listing.origin} has no episode “{wanted.title}”",
        hint="It may be gone, or for subscribers only.",
    )


def _file(address: str) -> str:
    try:
        return without_query(address.strip())
    except ValueError:  # brackets that hold no IPv6 address
        return address


def _folded(title: str) -> str:
    return " ".join(title.split()).casefold()
