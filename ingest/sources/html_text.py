"""HTML of feeds -> plain text, line by line."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {"article", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"}
)
_BLOCK = re.compile(rf"<(?:{'|'.join(_BLOCKS)})\b", re.IGNORECASE)
_LONGEST = 2**18  # characters; longer notes are nobody's notes


def plain(markup: str) -> str:
    r"""Give the text without tags, scripts and blank lines, one line for each block.

    Line breaks of the source count only where no block element makes any.

    >>> plain("<p>(0:00) Intro<br>(1:02) Q &amp; A</p>"), plain("(0:00) Intro\n(1:02) <b>Q</b>")
    ('(0:00) Intro\n(1:02) Q & A', '(0:00) Intro\n(1:02) Q')
    """
    markup = markup[:_LONGEST].replace("<![", "&lt;![")  # html.parser may raise on those
    reader = _Reader()
    reader.feed(re.sub(r"\s+", " ", markup) if _BLOCK.search(markup) else markup)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:  # the inside of <script> and <style> is no text
            self.parts.append(data)
