"""The pages of a feed: from what was given to the feed itself, and on to its older episodes."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeAlias

from ingest.ports import Fetched, Fetcher
from ingest.sources import documents, feed_text
from ingest.sources.feed_links import LIMIT, Place, read
from ingest.sources.feed_xml import Feed, Item, is_page
from kb.errors import DocumentError, FetchError

Parse: TypeAlias = Callable[[bytes, str], Feed]

_PAGES = 50
_MOVES = 5
_HEAD = 2**20
"""Bytes of a web page in which it may name its feed."""

_LINK = re.compile(r"<link\s[^<>]{1,4000}>", re.IGNORECASE)
_KINDS = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a feed. `given` is the address that the feed was asked at, `place` where it was.

    The addresses in its items are whole already, as far as they are web addresses.
    """

    given: str
    place: Place
    feed: Feed
    changed: bool

    @property
    def moved_to(self) -> str | None:
        """Give where the feed lives now, if not where it was asked.

        What the feed says of itself counts more than what its server says.
        """
        said = self.place.web(self.feed.moved)
        home = self.place.origin
        if said and said not in (self.given, home):
            return said
        return home if home != self.given else None


@dataclass(frozen=True, slots=True)
class Pages:
    """Reads feeds, each as `parse` does."""

    fetcher: Fetcher
    parse: Parse

    def first(self, origin: str) -> Page:
        """Read the feed at an address or in a file; of a web page, the feed that it links to.

        Raises:
            FetchError: it cannot be fetched.
            DocumentError: it is damaged, no feed, holds no episodes, or links to none.
        """
        fetched = self._fetched(origin)
        if documents.web(origin) and is_page(fetched.content[: 2**16]):
            origin = _linked(fetched, Place(fetched.url, self.fetcher))
            fetched = self._fetched(origin)
        page = self._page(origin, fetched)
        for _ in range(_MOVES):
            # Some feeds that move leave nothing behind but their new address.
            if page.feed.items or not (there := page.moved_to) or there == page.place.origin:
                break
            page = self._page(origin, self._fetched(there))
        if not page.feed.items:
            raise DocumentError(
                f"{page.place.called} holds no episodes", hint="Is it the feed of a podcast?"
            )
        return page

    def all(self, first: Page) -> Iterator[Page]:
        """Give a feed page after page (RFC 5005), none twice, at most 50.

        One that cannot be had ends the feed there: a last page without items carries the warning.
        """
        yield first
        seen, page = {first.given, first.place.origin}, first
        for _ in range(_PAGES - 1):
            older = page.place.web(page.feed.older)
            if older is None or older in seen:
                return
            seen.add(older)
            try:
                page = self._page(older, self._fetched(older))
            except (DocumentError, FetchError) as error:
                warning = f"The older episodes of the feed are left out: {error}."
                yield replace(page, feed=replace(page.feed, items=(), warnings=(warning,)))
                return
            yield page

    def _fetched(self, origin: str) -> Fetched:
        if documents.web(origin):
            return self.fetcher.get(origin, limit=LIMIT)
        return Fetched(read(Path(origin)), origin)

    def _page(self, given: str, fetched: Fetched) -> Page:
        place = Place(fetched.url, self.fetcher)
        feed = self.parse(fetched.content, place.called)
        items = tuple(_whole(item, place) for item in feed.items)
        return Page(given, place, replace(feed, items=items), fetched.changed)


def _whole(item: Item, place: Place) -> Item:
    """Resolve an item's addresses: those of one page count from there, not from the first."""

    def whole(href: str) -> str:
        return place.web(href) or href

    extras = item.extras
    links = (replace(link, href=whole(link.href)) for link in extras.transcripts)
    return replace(
        item,
        enclosure=whole(item.enclosure),
        extras=replace(extras, transcripts=tuple(links), chapters_href=whole(extras.chapters_href)),
    )


def _linked(page: Fetched, place: Place) -> str:
    """Find the feed that a web page links to: the first that is not one of comments."""
    finder = _Finder()
    for tag in _LINK.findall(feed_text.text(page.content[:_HEAD])):
        finder.feed(tag)
    found = [(title, whole) for title, href in finder.found if (whole := place.web(href))]
    if not found:
        raise DocumentError(
            f"{place.called} is a web page that links to no feed",
            hint="Look for the feed's own address: a link called RSS or Feed on the show's page.",
        )
    return min(found, key=lambda link: "comment" in link[0].lower())[1]


class _Finder(HTMLParser):
    """Collects the title and address of each feed that a page names; it is fed with links alone."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").strip() for name, value in attrs}
        kind = given.get("type", "").lower()
        if tag == "link" and "alternate" in given.get("rel", "").lower().split() and kind in _KINDS:
            self.found.append((given.get("title", ""), given.get("href", "")))
