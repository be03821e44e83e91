"""The bytes of an RSS or Atom feed -> its items as typed values.

feedparser forgives what feeds get wrong, but keeps only the last transcript and drops who a person
is; a second pass, by namespace URI, reads those. Nothing here touches network or disk.
"""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import cast
from urllib.parse import urlsplit
from xml.parsers.expat import errors as expat

import defusedxml.ElementTree
import feedparser  # pyright: ignore[reportMissingTypeStubs] - it has none
from defusedxml import DefusedXmlException

from ingest.sources import documents
from ingest.sources.html_text import plain
from ingest.timecodes import CLOCK, seconds
from kb.errors import DocumentError
from kb.models import Person, Role

_NAMESPACES = {
    "podcastindex.org/namespace/1.0": "podcast:",
    "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast:",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "podlove.org/simple-chapters": "psc:",
    "www.w3.org/2005/atom": "",
    "purl.org/rss/1.0": "",
    "my.netscape.com/rdf/simple/0.9": "",
}
_ENCODING = re.compile(
    rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']"""
    rb"((?:utf-?8|us-ascii|iso|windows|cp|latin|koi8|mac|gb|big5|shift|euc|tis)[\w-]*)",
    re.IGNORECASE,
)
"""Only what feeds are written in: other codecs of Python are slow on purpose, or no text."""
_ROOTS = ("rss", "feed", "rdf")
_ROLES = {"host": Role.HOST, "co-host": Role.HOST, "guest host": Role.HOST, "guest": Role.GUEST}
_CUT_OFF = {
    expat.codes[expat.XML_ERROR_NO_ELEMENTS],
    expat.codes[expat.XML_ERROR_UNCLOSED_TOKEN],
    expat.codes[expat.XML_ERROR_UNCLOSED_CDATA_SECTION],
    expat.codes[expat.XML_ERROR_PARTIAL_CHAR],
}

_DAMAGED = "The feed's XML is damaged: transcripts, people and chapters in it may be missing."


@dataclass(frozen=True, slots=True)
class TranscriptLink:
    """One `podcast:transcript`; `kind` is its MIME type as written."""

    href: str
    kind: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Extras:
    """What feedparser drops of an item (or of the channel, for its people)."""

    guid: str = ""
    author: str = ""
    people: tuple[Person, ...] = ()
    transcripts: tuple[TranscriptLink, ...] = ()
    chapters: tuple[tuple[float, str], ...] = ()
    chapters_href: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One item as it stands; "" or None for what is missing. `notes` is plain text, line by line."""

    guid: str
    title: str
    link: str
    published: date | None
    duration: float | None
    summary: str
    notes: str
    enclosure: str
    people: tuple[Person, ...]
    extras: Extras


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed in the order of its file; `warnings` says what its faults may have cost."""

    title: str
    language: str
    items: tuple[Item, ...]
    warnings: tuple[str, ...] = ()


def is_feed(head: bytes) -> bool:
    """Tell from the first element whether this is RSS or Atom."""
    return _root(head) in _ROOTS


def parse(content: bytes, name: str) -> Feed:
    """Read a feed; `name` is what to call it to a person.

    Raises:
        DocumentError: it is no feed, is cut off, declares entities, or holds nothing.
    """
    content = _utf8(content)
    if not is_feed(content[: 2**16]):
        page = _root(content[: 2**16]) == "html"
        raise DocumentError(
            f"{name} is {'a web page' if page else 'no feed'}, where RSS or Atom was wanted",
            hint="Look for the feed's own address: a link called RSS or Feed on the show's page.",
        )
    channel, extras, warnings = _second_pass(content, name)
    parsed = _tolerant(content, name)
    about, entries = cast("Mapping[str, object]", parsed["feed"]), _dicts(parsed, "entries")
    if not entries:
        raise DocumentError(f"{name} holds no episodes", hint="Is it the feed of a podcast?")
    items = (
        _item(entry, channel, extras[place] if place < len(extras) else Extras())
        for place, entry in enumerate(entries)
    )
    return Feed(plain(_text(about, "title")), _text(about, "language"), tuple(items), warnings)


def _utf8(content: bytes) -> bytes:
    """Give the feed in UTF-8 without its XML declaration, so that both readers see the same.

    Else what one refuses in an encoding it knows, the other unfolds in one that the first does not.
    """
    text = _decoded(content).lstrip("\ufeff")
    return re.sub(r"\A\s*<\?xml[^>]*\?>", "", text).encode(errors="replace")


def _decoded(content: bytes) -> str:
    declared = _ENCODING.match(content)
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    named = "utf-16" if wide else declared[1].decode() if declared else "utf-8"
    for encoding in (named, "utf-8", "cp1252"):
        with suppress(LookupError, UnicodeError):
            return content.decode(encoding)
    return content.decode("latin-1")


def _tolerant(content: bytes, name: str) -> Mapping[str, object]:
    try:
        # As a stream: text or bytes it would first try to open as an address or a file.
        stream = io.BytesIO(content)
        return cast("Mapping[str, object]", feedparser.parse(stream))  # pyright: ignore[reportUnknownMemberType]
    except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as error:
        # It survives damage by design, and random damage still made it raise each of these.
        raise DocumentError(
            f"{name} is too damaged to be read", hint="Was it downloaded whole?"
        ) from error


def _root(head: bytes) -> str:
    """Give the local name of the first element in lower case."""
    text = re.sub(r"<!--.*?-->", "", documents.peek(head), flags=re.DOTALL)
    found = re.search(r"<(?:\w+:)?([A-Za-z][\w.-]*)", text)
    if not found:
        return ""
    return "html" if "<!doctype html" in text.lower() else found[1].lower()


def _item(entry: Mapping[str, object], channel: Extras, extras: Extras) -> Item:
    guid = _text(entry, "id")
    if extras.guid != guid:  # a damaged feed, in which the two passes do not count alike
        extras = Extras()
    summary = plain(_text(entry, "summary"))
    bodies = [plain(_text(body, "value")) for body in _dicts(entry, "content")]
    return Item(
        guid=guid,
        title=plain(_text(entry, "title")),
        link=_text(entry, "link"),
        published=_day(entry),
        duration=_clock(_text(entry, "itunes_duration")),
        summary=summary,
        notes=max([summary, *bodies], key=len),
        enclosure=_enclosure(_dicts(entry, "links")),
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


def _enclosure(links: Iterable[Mapping[str, object]]) -> str:
    """Give the first enclosure that is audio or video, or does not say what it is."""
    for link in links:
        kind = _text(link, "type")
        href = _text(link, "href")
        fits = not kind or kind.startswith(("audio/", "video/", "application/octet-stream"))
        if _text(link, "rel") == "enclosure" and fits and _is_address(href):
            return href
    return ""


def _is_address(href: str) -> bool:
    try:
        return bool(urlsplit(href).path)
    except ValueError:  # brackets that hold no IPv6 address
        return False


def _day(entry: Mapping[str, object]) -> date | None:
    """Give the day in the publisher's own time zone."""
    written = _text(entry, "published") or _text(entry, "updated")
    return documents.day(written) or documents.day(written[:10])


def _clock(text: str) -> float | None:
    """Read `1:02:03`, `62:03` or seconds.

    >>> _clock("1:02:03"), _clock("62.5"), _clock("an hour")
    (3723.0, 62.5, None)
    """
    if re.fullmatch(CLOCK, text):
        return seconds(text)
    return float(text) if re.fullmatch(r"\d{1,7}(\.\d+)?", text) else None


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


def _dicts(fields: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    """Give plain copies: feedparser's own kind warns when asked for what is not there."""
    return [dict(part) for part in cast("list[Mapping[str, object]]", fields.get(name) or [])]


def _second_pass(content: bytes, name: str) -> tuple[Extras, list[Extras], tuple[str, ...]]:
    """Give the channel's extras, each item's, and a warning where the XML is not well-formed."""
    channel, items = Extras(), list[Extras]()
    try:
        for _, element in defusedxml.ElementTree.iterparse(io.BytesIO(content), forbid_dtd=True):
            tag = _tag(element)
            if tag in ("item", "entry"):
                items.append(_extras(element))
                element.clear()
            elif tag in ("channel", "feed"):
                channel = _extras(element)
    except DefusedXmlException as error:
        raise DocumentError(
            f"{name} declares a document type or entities, which feeds do not need",
            hint="It is refused for safety; ask its publisher for a plain feed.",
        ) from error
    except ET.ParseError as error:
        if error.code in _CUT_OFF:
            raise DocumentError(
                f"{name} is cut off: its XML ends too early", hint="Was it downloaded whole?"
            ) from error
        return channel, items, (_DAMAGED,)
    return channel, items, ()


def _extras(element: ET.Element) -> Extras:
    children = [(_tag(child), child) for child in element]
    texts = {tag: (child.text or "").strip() for tag, child in children}
    people = (_person(child) for tag, child in children if tag == "podcast:person")
    return Extras(
        guid=texts.get("guid") or texts.get("id") or "",
        author=texts.get("itunes:author", ""),
        people=tuple(person for person in people if person.name),
        transcripts=tuple(
            TranscriptLink(child.get("url", ""), child.get("type", ""), child.get("language", ""))
            for tag, child in children
            if tag == "podcast:transcript"
        ),
        chapters=tuple(
            mark for tag, child in children if tag == "psc:chapters" for mark in _marks(child)
        ),
        chapters_href=next(
            (child.get("url", "") for tag, child in children if tag == "podcast:chapters"), ""
        ),
    )


def _person(element: ET.Element) -> Person:
    """Read a `podcast:person`; one without a role is a host, says the namespace."""
    written = element.get("role", "host").strip()
    role = _ROLES.get(written.lower(), Role.MENTIONED)
    about = written if role is Role.MENTIONED else ""
    return Person(" ".join((element.text or "").split()), role, about)


def _marks(chapters: ET.Element) -> Iterator[tuple[float, str]]:
    for chapter in chapters:
        start, title = _clock(chapter.get("start", "").strip()), chapter.get("title", "").strip()
        if start is not None and title:
            yield start, title


def _tag(element: ET.Element) -> str:
    """Give the tag with the usual prefix for its namespace, whatever prefix the feed chose."""
    namespace, _, local = str(element.tag).rpartition("}")
    if not namespace:
        return local
    uri = re.sub(r"^\{https?://|[/#]+$", "", namespace).lower()
    return _NAMESPACES.get(uri, "other:") + local
