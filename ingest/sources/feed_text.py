"""The bytes of a feed -> text that an XML reader takes: its encoding found, its common faults mended.

Feeds are put together by hand and by templates: text in another encoding than the one declared, a
bare `&`, HTML's entities, control characters, prefixes that nobody declared. Each has one meaning.
"""

import codecs
import html
import re
from collections.abc import Iterator
from contextlib import suppress

_DECLARED = re.compile(
    rb"""[\s\xef\xbb\xbf]*<\?xml[^>]{0,200}?encoding\s*=\s*["']"""
    rb"((?:utf-?8|us-ascii|iso|windows|cp|latin|koi8|mac|gb|big5|shift|euc|tis)[\w-]*)",
    re.IGNORECASE,
)
"""Only what feeds are written in: other codecs of Python are slow on purpose, or no text."""

_WIDE = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    "<".encode("utf-32-le"): "utf-32-le",
    "<".encode("utf-32-be"): "utf-32-be",
    "<".encode("utf-16-le"): "utf-16-le",
    "<".encode("utf-16-be"): "utf-16-be",
}
"""How texts in wide letters begin: with their mark, else with their first tag. Longest first."""

_WESTERN = re.compile(r"(?:iso-?8859-?1|iso_8859-1|latin-?1|us-ascii)", re.IGNORECASE)
_PROLOG = re.compile(rb"\A[\s\xef\xbb\xbf]*<\?xml[^>]*\?>")
_HEADING = re.compile(r"\A[\s\ufeff]*(?:<\?xml[^>]*\?>)?\s*")
_DOCTYPE = re.compile(
    r"\A((?:\s|<!--(?:(?!-->).)*+-->|<\?[^>]*>)*+)<!DOCTYPE\s(?!\s*html\b)[^\[<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENTITY = re.compile(r"&(?:#(\d{1,7});|#[xX]([0-9a-fA-F]{1,6});|(\w{2,31});)?")
_PREFIX = re.compile(
    r"</?([A-Za-z_][\w.-]{0,30}):|\s([A-Za-z_][\w.-]{0,30}):[\w.-]{1,60}\s?=\s?[\"']"
)
_DECLARATION = re.compile(r"\sxmlns:([\w.-]+)\s?=")
_ELEMENT = re.compile(r"<(?:!--|(?:\w{1,60}:)?([A-Za-z][\w.-]{0,60}))")
_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_OPEN, _CLOSE = "<![CDATA[", "]]>"
_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_USUAL = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


def text(content: bytes) -> str:
    """Decode a feed; its XML declaration is left out, and a document type that declares nothing.

    So all readers see the same. Else what one refuses in an encoding it knows, the other unfolds in
    one that the first does not; and what a document type points to is never fetched.
    """
    return _DOCTYPE.sub(r"\1", _HEADING.sub("", _decoded(content), count=1), count=1)


def root(head: bytes) -> str:
    """Give the local name of the first element in lower case, "" where there is none.

    >>> root(b"<!-- <rss> --><a:feed>"), root(b"<!DOCTYPE html><p>"), root(b"RSS")
    ('feed', 'html', '')
    """
    beginning, at = text(head), 0
    if re.match(r"\s*<!doctype html", beginning, re.IGNORECASE):
        return "html"
    while found := _ELEMENT.search(beginning, at):
        if found[1]:
            return found[1].lower()
        at = beginning.find("-->", found.end())
        if at < 0:
            break
    return ""


def mended(feed: str) -> str:
    r"""Mend what has one meaning only; CDATA sections stay as they are.

    >>> mended("<rss><a:b>Salt & steel&nbsp;&#x1;</a:b><![CDATA[&]]></rss>")
    '<rss xmlns:a="urn:undeclared:a"><a:b>Salt &amp; steel\xa0</a:b><![CDATA[&]]></rss>'
    """
    feed = _ILLEGAL.sub("", feed)
    return _declared("".join(_pieces(feed)))


def _decoded(content: bytes) -> str:
    for beginning, encoding in _WIDE.items():
        if content.startswith(beginning):
            return content.decode(encoding, "replace")
    rest = _PROLOG.sub(b"", content, count=1)  # what it says need not be in that encoding itself
    for encoding in _encodings(content):
        with suppress(LookupError, UnicodeError):
            return rest.decode(encoding)
    return rest.decode("latin-1")


def _encodings(content: bytes) -> Iterator[str]:
    """Give what to try: as declared, but Western text is Windows', as on web pages."""
    if declared := _DECLARED.match(content):
        name = declared[1].decode()
        yield "cp1252" if _WESTERN.fullmatch(name) and not content.isascii() else name
    yield "utf-8-sig"
    yield "cp1252"


def _pieces(feed: str) -> Iterator[str]:
    """Give the text in pieces, those outside CDATA mended. Each letter is looked at once."""
    at = 0
    while (start := feed.find(_OPEN, at)) >= 0 and (end := feed.find(_CLOSE, start)) >= 0:
        yield _ENTITY.sub(_meant, feed[at:start])
        at = end + len(_CLOSE)
        yield feed[start:at]
    yield _ENTITY.sub(_meant, feed[at:])


def _meant(entity: re.Match[str]) -> str:
    """Give what an entity stands for; one that XML has stays, and a bare `&` is itself."""
    decimal, hexadecimal, name = entity.groups()
    if decimal or hexadecimal:
        number = int(decimal) if decimal else int(hexadecimal, 16)
        legal = number <= 0x10FFFF and (number in (9, 10, 13) or number >= 0x20)  # noqa: PLR2004 - XML's
        return entity[0] if legal and not _ILLEGAL.match(chr(number)) else ""
    if name in _XML:
        return entity[0]
    letter = html.unescape(entity[0])
    return html.escape(letter)


def _declared(feed: str) -> str:
    """Declare on the root the prefixes that are used and nowhere declared."""
    known = {"xml", "xmlns", *_DECLARATION.findall(feed)}
    used = dict.fromkeys(a or b for a, b in _PREFIX.findall(feed))
    missing = [name for name in used if name not in known]
    names = "".join(
        f' xmlns:{name}="{_USUAL.get(name, f"urn:undeclared:{name}")}"' for name in missing
    )
    return _ROOT.sub(lambda root: root[0] + names, feed, count=1)
