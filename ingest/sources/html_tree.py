"""Markup -> a tree of elements, whatever state it is in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.sources.html_text import Tolerant

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track"}
    | {"wbr"}
)
_ENDS = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "tr": frozenset({"tr", "td", "th"}),
    "option": frozenset({"option"}),
}
"""What an element ends that was left open just before it."""

_ENDS_PARAGRAPH = frozenset(
    {"article", "aside", "blockquote", "div", "dl", "footer", "form", "h1", "h2", "h3", "h4", "h5"}
    | {"h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul"}
)
_BEGINNING = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|main|article|section|div|p|cite|time|dl|table|ul|ol|h[1-6])\b",
    re.IGNORECASE | re.DOTALL,
)
_FEW = 30
_SHORT = 500
_DEPTH = 100
"""Elements within elements; what is nested deeper hangs from the last of these."""


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of text, and the line of the source where it stands."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Element:
    """An element with what is in it, in order."""

    tag: str
    attrs: dict[str, str]
    inside: list["Element | Words"] = field(default_factory=list["Element | Words"])

    @property
    def text(self) -> str:
        """Give all words in it, spaces squeezed."""
        pieces = [part.text if isinstance(part, Words) else "" for part in self.walk()]
        return " ".join("".join(pieces).split())

    @property
    def brief(self) -> str:
        """Give the words in it where they are few, as a name, a time or a link has; "" else.

        Looking no further keeps elements within elements from being read again and again.
        """
        pieces = list[str]()
        for number, part in enumerate(self.walk()):
            pieces.append(part.text if isinstance(part, Words) else "")
            if number > _FEW or len(pieces[-1]) > _SHORT:
                return ""
        return " ".join("".join(pieces).split())

    def walk(self) -> Iterator["Element | Words"]:
        """Give everything in it, depth first."""
        waiting: list[Element | Words] = [*reversed(self.inside)]
        while waiting:
            part = waiting.pop()
            yield part
            if isinstance(part, Element):
                waiting.extend(reversed(part.inside))

    def all(self, *tags: str) -> Iterator["Element"]:
        """Give the elements of these kinds in it."""
        return (part for part in self.walk() if isinstance(part, Element) and part.tag in tags)


def is_html(text: str) -> bool:
    """Tell whether a text begins the way a page, or a piece of one, does.

    >>> (
    ...     is_html("<!DOCTYPE html><p>"),
    ...     is_html("<cite>Ada:</cite>"),
    ...     is_html("<rss>"),
    ...     is_html("Hi <p>"),
    ... )
    (True, True, False, False)
    """
    return _BEGINNING.match(text) is not None


def parse(markup: str) -> Element:
    """Read markup into a tree under one element without a name.

    >>> [item.text for item in parse("<ul><li>One<li>Two <b>and</b> more</ul>").all("li")]
    ['One', 'Two and more']
    """
    reader = _Reader()
    reader.take(markup)
    return reader.open[0]


class _Reader(Tolerant):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        ended = _ENDS.get(tag, frozenset())
        while self.open[-1].tag in ended or (self.open[-1].tag == "p" and tag in _ENDS_PARAGRAPH):
            self.open.pop()
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in _VOID and len(self.open) < _DEPTH:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # `<div/>` opens a div: HTML knows no empty ones
        if self.open[-1].tag == tag and tag in ("svg", "path", "iframe", "script"):
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        # An end that nothing waits for is a slip of the page's; so is one that would leave a table.
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag == tag:
                del self.open[depth:]
                return
            if self.open[depth].tag == "table":
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(Words(data, self.getpos()[0]))
