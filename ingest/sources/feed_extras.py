"""What feedparser drops of a feed: a second pass over its XML that goes by namespace URIs.

feedparser keeps only the last transcript, drops who a person is, and takes the title of a show from
whatever says `title` last. Nothing here touches network or disk.
"""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from xml.parsers.expat import errors as expat

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from ingest.sources.chapters import Mark
from ingest.timecodes import CLOCK, seconds
from kb.errors import DocumentError
from kb.models import Person, Role

_NAMESPACES = {
    "podcastindex.org/namespace/1.0": "podcast:",
    "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast:",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "podlove.org/simple-chapters": "psc:",
    "search.yahoo.com/mrss": "media:",
    "www.w3.org/1999/02/22-rdf-syntax-ns": "rdf:",
    "www.w3.org/2005/atom": "",
    "purl.org/atom/ns": "",
    "purl.org/rss/1.0": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "backend.userland.com/rss2": "",
}
_ROLES = {"host": Role.HOST, "co-host": Role.HOST, "guest host": Role.HOST, "guest": Role.GUEST}
_OLDER = ("next", "prev-archive")
"""Links to the page with the items before these: of a paged feed, of an archived one (RFC 5005)."""

_MOST = 20_000
_DEEPEST = 200
_CUT_OFF = {
    expat.codes[expat.XML_ERROR_NO_ELEMENTS],
    expat.codes[expat.XML_ERROR_UNCLOSED_TOKEN],
    expat.codes[expat.XML_ERROR_UNCLOSED_CDATA_SECTION],
    expat.codes[expat.XML_ERROR_PARTIAL_CHAR],
}
_ISO = re.compile(r"PT(?=\d)(?:(\d{1,3})H)?(?:(\d{1,5})M)?(?:(\d{1,6}(?:\.\d+)?)S)?", re.IGNORECASE)
_WORDS = re.compile(
    r"(?:(\d{1,3}) ?h(?:(?:ou)?rs?)?\.?)?[ ,]*(?:(\d{1,4}) ?m(?:in(?:ute)?s?)?\.?)?[ ,]*"
    r"(?:(\d{1,6}) ?s(?:ec(?:ond)?s?)?\.?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TranscriptLink:
    """One `podcast:transcript`; `kind` is its MIME type as written."""

    href: str
    kind: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A recording that an item offers in another element than an enclosure."""

    href: str
    kind: str = ""
    duration: float | None = None


@dataclass(frozen=True, slots=True)
class Extras:
    """What feedparser drops of an item, or of the channel; the last three are the channel's alone.

    `title` is the element of that name that stands right in it, `subtitle` what iTunes calls it;
    `moved` is where the feed says it lives now, `older` the address of its next page.
    """

    guid: str = ""
    title: str = ""
    subtitle: str = ""
    author: str = ""
    duration: str = ""
    trailer: bool = False
    people: tuple[Person, ...] = ()
    transcripts: tuple[TranscriptLink, ...] = ()
    chapters: tuple[Mark, ...] = ()
    chapters_href: str = ""
    media: tuple[Media, ...] = ()
    show_guid: str = ""
    moved: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True)
class Pass:
    """The channel's extras and each item's. Where the XML is damaged, `whole` is False."""

    channel: Extras
    items: tuple[Extras, ...]
    whole: bool = True


def second_pass(content: bytes, name: str) -> Pass:
    """Read the extras of a feed in UTF-8, as far as its XML is well-formed.

    Raises:
        DocumentError: it declares entities, is cut off, or larger than any feed.
    """
    channel, items = Extras(), list[Extras]()
    try:
        for tag, element in _ended(content, name):
            if tag in ("item", "entry"):
                items.append(_extras(element))
                element.clear()
                _check_length(items, name)
            elif tag in ("channel", "feed"):
                channel = _extras(element)
            elif tag == "newLocation":  # in a feed that holds nothing else
                channel = replace(channel, moved=(element.text or "").strip())
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
        return Pass(channel, tuple(items), whole=False)
    return Pass(channel, tuple(items))


def clock(text: str) -> float | None:
    """Read a duration as feeds write it; None where it says nothing, and for 0.

    >>> clock("1:02:03"), clock("PT62M"), clock("1h 2m"), clock("an hour"), clock("0")
    (3723.0, 3720.0, 3720.0, None, None)
    """
    text = text.strip()
    if re.fullmatch(CLOCK, text):
        return seconds(text) or None
    if re.fullmatch(r"\d{1,7}(\.\d+)?", text):
        return float(text) or None
    if re.fullmatch(r"(\d{1,2}:)?[0-5]?\d:[0-5]?\d", text):  # 1:2:3
        return seconds(text) or None
    parts = (_ISO.fullmatch(text) or _WORDS.fullmatch(text)) if text else None
    hours, minutes, rest = (float(part or 0) for part in parts.groups()) if parts else (0, 0, 0)
    return hours * 3600 + minutes * 60 + rest or None


def _ended(content: bytes, name: str) -> Iterator[tuple[str, ET.Element]]:
    """Give each element and its tag as it ends."""
    depth = 0
    for event, element in defusedxml.ElementTree.iterparse(
        io.BytesIO(content), events=("start", "end"), forbid_dtd=True
    ):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise DocumentError(
                f"{name} nests its elements {_DEEPEST} deep, which no feed does",
                hint="It is damaged, or made to do harm. Get it anew from its publisher.",
            )
        if event == "end":
            yield _tag(element), element


def _check_length(items: list[Extras], name: str) -> None:
    if len(items) > _MOST:
        raise DocumentError(
            f"{name} lists more than {_MOST:,} episodes, which no podcast has",
            hint="Ask its publisher for a feed in pages.",
        )


def _extras(element: ET.Element) -> Extras:
    children = [(_tag(child), child) for child in element]
    texts = {tag: text for tag, child in children if (text := "".join(child.itertext()).strip())}
    people = dict.fromkeys(
        [*_people(children, "podcast:person"), *_people(children, "contributor")]
    )
    return Extras(
        guid=texts.get("guid") or texts.get("id") or _about(element),
        title=texts.get("title", ""),
        subtitle=texts.get("itunes:title", ""),
        author=texts.get("itunes:author", ""),
        duration=texts.get("itunes:duration", ""),
        trailer=texts.get("itunes:episodeType", "").lower() == "trailer",
        people=tuple(people),
        transcripts=tuple(_transcripts(children)),
        chapters=tuple(
            mark for tag, child in children if tag == "psc:chapters" for mark in _marks(child)
        ),
        chapters_href=next(
            (child.get("url", "").strip() for tag, child in children if tag == "podcast:chapters"),
            "",
        ),
        media=(*_media(children), *_alternates(children)),
        show_guid=texts.get("podcast:guid", ""),
        moved=texts.get("itunes:new-feed-url", ""),
        older=_older(children),
    )


_Children = Iterable[tuple[str, ET.Element]]


def _about(element: ET.Element) -> str:
    """Give the identity that RSS 1.0 has as an attribute."""
    return next(
        (v for k, v in element.items() if k.endswith("22-rdf-syntax-ns#}about")), ""
    ).strip()


def _transcripts(children: _Children) -> Iterator[TranscriptLink]:
    for tag, child in children:
        if tag == "podcast:transcript" and (href := child.get("url", "").strip()):
            yield TranscriptLink(href, child.get("type", ""), child.get("language", ""))


def _media(children: _Children) -> Iterator[Media]:
    """Read Media RSS, in its groups too."""
    for tag, child in children:
        if tag == "media:group":
            yield from _media([(_tag(part), part) for part in child if _tag(part) != "media:group"])
        elif tag == "media:content" and (href := child.get("url", "").strip()):
            kind = child.get("type", "") or child.get("medium", "")
            yield Media(href, kind, clock(child.get("duration", "")))


def _alternates(children: _Children) -> Iterator[Media]:
    """Read the first web source of each `podcast:alternateEnclosure`, the default one first."""
    found = [child for tag, child in children if tag == "podcast:alternateEnclosure"]
    for child in sorted(found, key=lambda each: each.get("default") != "true"):
        uris = (part.get("uri", "").strip() for part in child if _tag(part) == "podcast:source")
        if href := next((uri for uri in uris if uri.startswith(("http://", "https://"))), ""):
            yield Media(href, child.get("type", ""))


def _older(children: _Children) -> str:
    links = [child for tag, child in children if tag == "link" and child.get("rel") in _OLDER]
    return next((link.get("href", "").strip() for link in links), "")


def _people(children: _Children, tag: str) -> Iterator[Person]:
    """Read `podcast:person`, and Atom's contributors as Podlove names them."""
    for element in (child for name, child in children if name == tag):
        if tag == "contributor":
            name = next((part.text for part in element if _tag(part) == "name"), None)
            person = Person(" ".join((name or "").split()), Role.MENTIONED, tag)
        else:
            person = _person(element)
        if person.name:
            yield person


def _person(element: ET.Element) -> Person:
    """Read a `podcast:person`; one without a role is a host, says the namespace."""
    written = " ".join(element.get("role", "").split()) or "host"
    role = _ROLES.get(written.lower(), Role.MENTIONED)
    about = written if role is Role.MENTIONED else ""
    return Person(" ".join("".join(element.itertext()).split()), role, about)


def _marks(chapters: ET.Element) -> Iterator[Mark]:
    for chapter in chapters:
        start, title = chapter.get("start", "").strip(), chapter.get("title", "").strip()
        at = 0.0 if re.fullmatch(r"[0:.]*0[0:.]*", start) else clock(start)
        if at is not None and title:
            yield Mark(at, title)


def _tag(element: ET.Element) -> str:
    """Give the tag with the usual prefix for its namespace, whatever prefix the feed chose."""
    namespace, _, local = str(element.tag).rpartition("}")
    if not namespace:
        return local
    uri = re.sub(r"^\{https?://|[/#]+$", "", namespace).lower()
    return _NAMESPACES.get(uri, "other:") + local
