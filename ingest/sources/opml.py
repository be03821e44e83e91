"""Lists of shows in OPML, as podcast players write and read them."""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from ingest.ports import Found
from ingest.sources import documents, feed_text
from ingest.sources.feed import FeedSource
from kb.errors import DocumentError, FetchError, SourceError

_MOST = 10_000
_DEEPEST = 100
_HINT = "Export your subscriptions again from the player that they come from."
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Subscription:
    """A show that somebody follows: its title, and the address of its feed."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class OpmlFile:
    """The newest episodes of every show of a list; to go on with them, follow the list."""

    feeds: FeedSource
    name: str = "list of shows (OPML)"
    remote: bool = False

    def recognises(self, origin: str, head: bytes) -> bool:
        """Go by the first element."""
        del origin
        return is_opml(head)

    def read(self, origin: str, *, latest: int) -> Iterator[Found]:
        """Give the newest `latest` episodes of each show; one that fails does not stop the others.

        Raises:
            DocumentError: it is no list, or, at the end, some of its shows could not be read.
        """
        path = Path(origin)
        failed = list[str]()
        for subscription in read(path.read_bytes(), path.name):
            try:
                yield from self.feeds.read(subscription.url, latest=latest)
            except (FetchError, SourceError) as error:
                failed.append(f"{subscription.title or subscription.url} ({error})")
        if failed:
            raise DocumentError(
                f"{len(failed)} shows of {path.name} could not be read: {'; '.join(failed)}",
                hint="Add them one by one to see what each lacks.",
            )


def is_opml(head: bytes) -> bool:
    """Tell from the first element whether this is OPML."""
    return feed_text.root(head) == "opml"


def read(content: bytes, name: str) -> tuple[Subscription, ...]:
    """Read the shows of a list and of the folders in it, each address once, in their order.

    `name` is what to call the list to a person. Outlines that name no feed on the web are folders,
    or nothing for us.

    Raises:
        DocumentError: it is no OPML, damaged, cut off, declares entities, or names no feed.
    """
    if not is_opml(content[: 2**16]):
        raise DocumentError(f"{name} is no list of shows in OPML", hint=_HINT)
    text = feed_text.text(content)
    try:
        outlines = _outlines(text, name)
    except ET.ParseError:
        outlines = _mended(text, name)
    found = dict[str, Subscription]()
    for outline in outlines:
        found.setdefault(outline.url, outline)
    if not found:
        raise DocumentError(f"{name} names no feed of a show", hint=_HINT)
    return tuple(found.values())


def write(subscriptions: Iterable[Subscription], *, title: str = "Shows") -> bytes:
    """Write a list in OPML 2.0, which `read` gives back.

    Characters that XML cannot hold are left out.
    """
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = _legal(title)
    body = ET.SubElement(root, "body")
    for each in subscriptions:
        named = {"text": _legal(each.title), "title": _legal(each.title)}
        ET.SubElement(body, "outline", named, type="rss", xmlUrl=_legal(each.url))
    ET.indent(root)
    return (
        b'<?xml version="1.0" encoding="utf-8"?>\n%s\n'
        % ET.tostring(root, encoding="unicode").encode()
    )


def _mended(text: str, name: str) -> list[Subscription]:
    try:
        return _outlines(feed_text.mended(text), name)
    except ET.ParseError as error:
        raise DocumentError(f"{name} is damaged or cut off: {error}", hint=_HINT) from error


def _outlines(text: str, name: str) -> list[Subscription]:
    depth, found = 0, list[Subscription]()
    stream = io.BytesIO(text.encode(errors="replace"))
    try:
        for event, element in defusedxml.ElementTree.iterparse(
            stream, events=("start", "end"), forbid_dtd=True
        ):
            depth += 1 if event == "start" else -1
            if event == "start":
                found += _subscription(element)
            if depth > _DEEPEST or len(found) > _MOST:
                raise DocumentError(f"{name} is larger or deeper than any list", hint=_HINT)
    except DefusedXmlException as error:
        raise DocumentError(
            f"{name} declares a document type or entities, which lists do not need", hint=_HINT
        ) from error
    return found


def _subscription(element: ET.Element) -> Iterator[Subscription]:
    """Give the show of an outline; some players write `xmlurl`, or `url`, or no title."""
    if str(element.tag).rpartition("}")[2].lower() != "outline":
        return
    given = {key.lower(): " ".join(value.split()) for key, value in element.items()}
    url = documents.web(given.get("xmlurl") or given.get("url"))
    if url and not (
        given.get("type", "rss").lower() in ("link", "include") and "xmlurl" not in given
    ):
        yield Subscription(given.get("title") or given.get("text") or url, url)


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)
