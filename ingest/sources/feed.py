"""Podcast feeds: RSS or Atom, at an address or in a file, in pages or whole."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from ingest.ports import Fetcher, Found
from ingest.sources import documents, shownotes
from ingest.sources.documents import Document
from ingest.sources.feed_links import Place, offered_chapters, offered_transcript, optional
from ingest.sources.feed_pages import Page, Pages, Parse
from ingest.sources.feed_xml import Item, is_feed, is_page, parse_apart
from ingest.sources.html_text import plain
from kb.identity import episode_id, feed_key, slug
from kb.models import Episode, Notes, Origin, Show


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed lists at one moment; `items` are newest first, each once, at most so many.

    `origin` is the feed's own address or path, though a web page was given that links to it.
    `moved_to` says where the feed lives from now on, if not there; `changed` is False where its
    server said that nothing did. `keys` holds every episode of the pages that were read, and
    `oldest` the day of their oldest (trailers apart): what is younger and not among the keys was withdrawn, what is
    older has scrolled off. `shared` holds other keys that several of them have, and that so name
    none. `guid` is the show's own, "" where it gives none.
    """

    origin: str
    show: Show
    items: tuple[Item, ...]
    moved_to: str | None
    oldest: date | None
    keys: frozenset[str]
    changed: bool
    shared: frozenset[str] = frozenset()
    language: str = ""
    guid: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedSource:
    """The newest episodes of a feed, with the transcript and chapters that their publisher offers.

    `parse` turns its bytes into items, in a process of its own.
    """

    fetcher: Fetcher
    name: str = "podcast feed (RSS or Atom)"
    remote: bool = True
    parse: Parse = parse_apart

    def recognises(self, origin: str, head: bytes) -> bool:
        """Go by the first element, in a file or at an address."""
        del origin
        return is_feed(head)

    def read(self, origin: str, *, latest: int) -> Iterator[Found]:
        """Give the newest `latest` episodes, newest first; each once.

        What a publisher offers beside an episode and cannot be had becomes a warning on it.

        Raises:
            FetchError: the feed cannot be fetched.
            DocumentError: it is damaged, or no feed.
        """
        listing = self.listing(origin, latest=latest)
        for item in listing.items:
            yield self.found(listing, item)

    def listing(self, origin: str, *, latest: int, known: Show | None = None) -> Listing:
        """Read what the feed lists, page after page until `latest` episodes are there.

        A web page leads to the feed that it links to. `known` is the show that is followed here: it
        keeps its id, and so its episodes their keys, when the feed takes a new title.

        Raises:
            FetchError: the feed cannot be fetched.
            DocumentError: it is damaged, no feed, or holds no episodes.
        """
        pages = Pages(self.fetcher, self.parse)
        first = pages.first(origin)
        place, feed = first.place, first.feed
        title = feed.title or place.host or documents.readable(Path(place.origin))
        show = Show(known.id if known else slug(title), title, documents.web(place.origin))
        items, warnings = _gathered(pages.all(first), show, latest)
        unique = _once(items, show)
        return Listing(
            origin=first.given,
            show=show,
            items=tuple(_newest(unique)[:latest]),
            moved_to=first.moved_to,
            oldest=_oldest(unique),
            keys=frozenset(key(item, show) for item in items if _identified(item)),
            changed=first.changed,
            shared=_shared(unique, show),
            language=feed.language,
            guid=feed.guid,
            warnings=warnings,
        )

    def found(self, listing: Listing, item: Item) -> Found:
        """Make an episode of one of the listing's items; fetches what its publisher offers."""
        place = Place(listing.show.feed_url or listing.origin, self.fetcher)
        warnings = list(listing.warnings)
        document = _document(item)
        segments, noted = shownotes.parse(document, duration=item.duration)
        listed = offered_chapters(item, place, warnings)
        transcript = offered_transcript(item, listing.language, place, warnings)
        media = _media(item, place, warnings)
        episode = _episode(item, listing.show, place)
        people = item.people or shownotes.people(document.text)
        return Found(
            replace(episode, people=people, chapters=listed or noted, warnings=tuple(warnings)),
            transcript=transcript,
            notes=Notes(segments, Origin("publisher", place.called)) if segments else None,
            media=media,
            also=tuple(
                name for name in other_keys(item, listing.show) if name not in listing.shared
            ),
        )


@dataclass(frozen=True, slots=True)
class ShowPage:
    """A web page, which may name the feed of a show; so it comes after all other sources."""

    feeds: FeedSource
    name: str = "web page of a show"
    remote: bool = True

    def recognises(self, origin: str, head: bytes) -> bool:
        """Take any web page at an address."""
        return documents.web(origin) is not None and is_page(head)

    def read(self, origin: str, *, latest: int) -> Iterator[Found]:
        """Give the newest episodes of the feed that the page names.

        Raises:
            DocumentError: it names none.
        """
        return self.feeds.read(origin, latest=latest)


def key(item: Item, show: Show) -> str:
    """Name an item for good: by its guid, else by its recording (or its link) and title."""
    where = item.enclosure or item.link or show.id
    return feed_key(feed=show.id, guid=item.guid, enclosure=where, title=item.title)


def other_keys(item: Item, show: Show) -> tuple[str, ...]:
    """Give the names under which the item may be known beside its key.

    An episode whose guid changed keeps its recording and title. Some shows have one title and one
    file name for all, so see `Listing.shared`.
    """
    if not item.enclosure:
        return ()
    return (feed_key(feed=show.id, guid=None, enclosure=item.enclosure, title=item.title),)


def digest(item: Item) -> str:
    """Hash all that is taken of an item; addresses without query, for those that are signed rotate.

    Equal digests say that there is nothing new about an episode.
    """
    extras = item.extras
    links = (replace(link, href=_still(link.href)) for link in extras.transcripts)
    steady = replace(
        item,
        summary=_words(item.summary),
        bodies=tuple(map(_words, item.bodies)),
        enclosure=_still(item.enclosure),
        extras=replace(
            extras,
            transcripts=tuple(links),
            chapters_href=_still(extras.chapters_href),
            media=(),  # one of them is the enclosure, where there is no better one
        ),
    )
    written = json.dumps(asdict(steady, dict_factory=_said), sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()


def _said(fields: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Leave out what is empty: a field that we read from now on is nothing new where it is not."""
    return {name: value for name, value in fields if value not in (None, "", (), False)}


def _words(markup: str) -> str:
    """Drop the tags: pictures in notes have signed addresses too."""
    return " ".join(re.sub(r"<[^<>]*>", " ", markup).split())


def _still(href: str) -> str:
    return href.partition("#")[0].partition("?")[0]


def _gathered(
    pages: Iterable[Page], show: Show, latest: int
) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """Give the items and warnings of as many pages as it takes to have the newest `latest`."""
    items, warnings = list[Item](), list[str]()
    for page in pages:
        items += page.feed.items
        warnings += page.feed.warnings
        if len(_once(items, show)) >= latest:
            break
    return tuple(items), tuple(dict.fromkeys(warnings))


def _identified(item: Item) -> bool:
    return bool(item.guid or item.enclosure or item.title)


def _once(items: Iterable[Item], show: Show) -> list[Item]:
    """Take each item once: the first of those with one key, or one recording, title and day."""
    unique: dict[str, Item] = {}
    again: set[tuple[tuple[str, ...], date | None]] = set()
    for item in filter(_identified, items):
        same = (other_keys(item, show), item.published)
        if same[0] and same in again:
            continue
        again.add(same)
        unique.setdefault(key(item, show), item)
    return list(unique.values())


def _oldest(items: Iterable[Item]) -> date | None:
    """Give the day from which on the feed is whole: a trailer may stay when all else scrolls off."""
    days = [(item.extras.trailer, item.published) for item in items if item.published]
    return min(
        (day for trailer, day in days if not trailer or all(t for t, _ in days)), default=None
    )


def _shared(items: Iterable[Item], show: Show) -> frozenset[str]:
    count = Counter(name for item in items for name in other_keys(item, show))
    return frozenset(name for name, times in count.items() if times > 1)


def _newest(items: Iterable[Item]) -> list[Item]:
    """Order by day; undated ones come last, in the order of the feed."""
    return sorted(items, key=lambda item: item.published or date.min, reverse=True)


def _episode(item: Item, show: Show, place: Place) -> Episode:
    known = key(item, show)
    file = Path(item.enclosure.partition("?")[0])
    title = item.title or documents.readable(file) or "Untitled episode"
    return Episode(
        id=episode_id(known, title),
        key=known,
        title=title,
        show=show,
        published=item.published,
        duration=item.duration,
        link=place.web(item.link),
        audio_url=place.web(item.enclosure),
        summary=plain(item.summary),
    )


def _document(item: Item) -> Document:
    """Give the longest of the texts that describe the item."""
    texts = (plain(body, links=True) for body in (item.summary, *item.bodies))
    notes = max(texts, key=len)
    return Document(item.title, {}, tuple(enumerate(notes.split("\n"), start=1)))


def _media(item: Item, place: Place, warnings: list[str]) -> str | None:
    if item.enclosure:
        with optional("The audio", warnings):
            return place.find(item.enclosure)
    return None
