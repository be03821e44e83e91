"""The bytes of an RSS or Atom feed -> its items as typed values.

feedparser forgives what feeds get wrong; `feed_extras` reads what it drops. Nothing here touches
network or disk.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from time import struct_time
from typing import cast
from urllib.parse import urlsplit

import feedparser  # pyright: ignore[reportMissingTypeStubs] - it has none

from ingest import limited
from ingest.sources import documents, feed_text
from ingest.sources.feed_extras import Extras, Pass, clock, second_pass
from ingest.sources.html_text import plain
from kb.errors import DocumentError
from kb.models import Person, Role

MEDIA = frozenset({".aac", ".flac", ".m4a", ".m4b", ".mp3", ".oga", ".ogg", ".opus", ".wav"}) | {
    *(".avi", ".m4v", ".mkv", ".mov", ".mp4", ".webm")
}
"""What recordings are called."""

_NO_MEDIA = frozenset({".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"}) | {
    *(".epub", ".htm", ".html", ".pdf", ".torrent", ".txt", ".xml", ".zip")
}
_MEDIA_KINDS = (
    "audio",
    "video",
    "application/ogg",
    "application/octet-stream",
    "binary/octet-stream",
)
_ROOTS = ("rss", "feed", "rdf")
_SECONDS = 5
_MEMORY_MB = 512
_DAMAGED = "The feed's XML is damaged: transcripts, people and chapters in it may be missing."


@dataclass(frozen=True, slots=True)
class Item:
    """One item as it stands; "" or None for what is missing.

    `summary` and `bodies` are markup still: most items of a feed are only counted, and making text
    of all of them takes longer than reading the feed.
    """

    guid: str
    title: str
    link: str
    published: date | None
    duration: float | None
    summary: str
    bodies: tuple[str, ...]
    enclosure: str
    people: tuple[Person, ...]
    extras: Extras


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed in the order of its file; `warnings` says what its faults may have cost.

    `guid` is the show's own (`podcast:guid`), `moved` where the feed says it lives now, `older` the
    address of its next page; "" for what it does not say.
    """

    title: str
    language: str
    items: tuple[Item, ...]
    warnings: tuple[str, ...] = ()
    guid: str = ""
    moved: str = ""
    older: str = ""


def is_feed(head: bytes) -> bool:
    """Tell from the first element whether this is RSS or Atom."""
    return feed_text.root(head) in _ROOTS


def is_page(head: bytes) -> bool:
    """Tell whether this is a web page."""
    return feed_text.root(head) == "html"


def parse(content: bytes, name: str) -> Feed:
    """Read a feed, though it may hold no item; `name` is what to call it to a person.

    Raises:
        DocumentError: it is no feed, is cut off, declares entities, or is larger than any.
    """
    head = content[: 2**16]
    if not is_feed(head):
        raise DocumentError(
            f"{name} is {'a web page' if is_page(head) else 'no feed'}, where RSS or Atom was wanted",
            hint="Look for the feed's own address: a link called RSS or Feed on the show's page.",
        )
    content, extras = _well_formed(feed_text.text(content), name)
    parsed = _tolerant(content, name)
    about = cast("Mapping[str, object]", parsed["feed"])
    return Feed(
        title=plain(extras.channel.title or _text(about, "title")),
        language=_text(about, "language"),
        items=tuple(_items(_dicts(parsed, "entries"), extras)),
        warnings=() if extras.whole else (_DAMAGED,),
        guid=extras.channel.show_guid,
        moved=extras.channel.moved,
        older=extras.channel.older,
    )


def parse_apart(content: bytes, name: str) -> Feed:
    """Do the same in a process of its own: what can be done to feedparser is not known.

    Raises:
        DocumentError: as `parse`; or it takes too long, or too much memory.
    """
    return limited.call(
        parse,
        content,
        name,
        seconds=_SECONDS,
        memory_mb=_MEMORY_MB,
        subject=name,
        failure=DocumentError,
    )


def _well_formed(text: str, name: str) -> tuple[bytes, Pass]:
    """Give the feed and its extras; mended where it is not well-formed and that helps."""
    content = text.encode(errors="replace")
    extras = second_pass(content, name)
    if not extras.whole:
        mended = feed_text.mended(text).encode(errors="replace")
        better = second_pass(mended, name)
        return (mended if better.whole else content), better
    return content, extras


def _tolerant(content: bytes, name: str) -> Mapping[str, object]:
    # As a stream: text or bytes it would first try to open as an address or a file. What it would
    # clean and resolve in notes is thrown away here: they become plain text.
    stream = io.BytesIO(content)
    try:
        return cast(
            "Mapping[str, object]",
            feedparser.parse(stream, resolve_relative_uris=False, sanitize_html=False),  # pyright: ignore[reportUnknownMemberType]
        )
    except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as error:
        # It survives damage by design, and random damage still made it raise each of these.
        raise DocumentError(
            f"{name} is too damaged to be read", hint="Was it downloaded whole?"
        ) from error


def _items(entries: Iterable[Mapping[str, object]], extras: Pass) -> Iterator[Item]:
    """Join what the two readers found; in a damaged feed they may not count alike."""
    for place, entry in enumerate(entries):
        found = extras.items[place] if place < len(extras.items) else Extras()
        yield _item(entry, extras.channel, found if _same(_text(entry, "id"), found) else Extras())


def _same(guid: str, found: Extras) -> bool:
    """Tell whether this is the item of that guid; `xml:base` may have been put before it."""
    return guid == found.guid or bool(found.guid and guid.endswith(f"/{found.guid}"))


def _item(entry: Mapping[str, object], channel: Extras, extras: Extras) -> Item:
    bodies = (_text(body, "value") for body in _dicts(entry, "content"))
    enclosure, length = _enclosure(entry, extras)
    return Item(
        guid=extras.guid or _text(entry, "id"),  # as it is written, whatever `xml:base` says
        title=plain(extras.title or _text(entry, "title") or extras.subtitle),
        link=_page(entry),
        published=_day(entry),
        duration=clock(extras.duration or _text(entry, "itunes_duration")) or length,
        summary=_text(entry, "summary") or _text(entry, "subtitle"),
        bodies=tuple(dict.fromkeys(filter(None, bodies))),
        enclosure=enclosure,
        people=tuple(_people(channel, extras)),
        extras=extras,
    )


def _people(channel: Extras, extras: Extras) -> Iterator[Person]:
    """Give the item's people, else the channel's; an author of its own is at least mentioned."""
    people = extras.people or channel.people
    yield from people
    known = {channel.author, *(person.name for person in people)}
    if extras.author not in {"", *known}:
        yield Person(extras.author, Role.MENTIONED, "author")


def _enclosure(entry: Mapping[str, object], extras: Extras) -> tuple[str, float | None]:
    """Give the first recording, and how long it is said to be.

    Enclosures come first, then Media RSS and alternate enclosures, then a link to a recording.
    """
    for link in _dicts(entry, "links"):
        href, kind = _text(link, "href"), _text(link, "type")
        if _text(link, "rel") == "enclosure" and _is_media(href, kind, unsaid=True):
            return href, None
    for media in extras.media:
        if _is_media(media.href, media.kind, unsaid=False):
            return media.href, media.duration
    page = _page(entry)
    return (page if _suffix(page) in MEDIA else ""), None


def _page(entry: Mapping[str, object]) -> str:
    """Give the item's link; feedparser takes a guid for one too, which most are not."""
    link = _text(entry, "link")
    if link == _text(entry, "id"):
        return documents.web(link) or ""
    return link if _suffix(f"{link}/") is not None else ""


def _is_media(href: str, kind: str, *, unsaid: bool) -> bool:
    """Tell whether an address leads to a recording; `unsaid` is the answer if nothing tells."""
    suffix, kind = _suffix(href), kind.strip().lower()
    if suffix is None or suffix in _NO_MEDIA or "flash" in kind:
        return False
    return suffix in MEDIA or (kind.startswith(_MEDIA_KINDS) if kind else unsaid)


def _suffix(href: str) -> str | None:
    """Give the suffix of an address in lower case; None where it is no address."""
    try:
        path = urlsplit(href).path
    except ValueError:  # brackets that hold no IPv6 address
        return None
    return PurePosixPath(path).suffix.lower() if path else None


def _day(entry: Mapping[str, object]) -> date | None:
    """Give the day in the publisher's own time zone; in UTC where only feedparser can read it."""
    for field in ("published", "updated", "created"):
        written, read = _text(entry, field), entry.get(f"{field}_parsed")
        if day := documents.day(written) or documents.day(written[:10]):
            return day
        if isinstance(read, struct_time):
            with suppress(ValueError):  # of 0000-00-00 it makes the year before the first
                return date(read.tm_year, read.tm_mon, read.tm_mday)
    return None


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    return value.strip().encode(errors="replace").decode() if isinstance(value, str) else ""


def _dicts(fields: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    """Give plain copies: feedparser's own kind warns when asked for what is not there."""
    return [dict(part) for part in cast("list[Mapping[str, object]]", fields.get(name) or [])]
