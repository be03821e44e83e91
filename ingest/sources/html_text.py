"""HTML of feeds -> plain text, line by line. Saved pages are for `html_pages`."""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {"article", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"}
)
_BLOCK = re.compile(rf"<(?:{'|'.join(_BLOCKS)})\b", re.IGNORECASE)
_TAG = re.compile(
    r"""<([a-z][^\s/>"'<]*+|/[a-z]|[!?])(?:[^<>"']++|"[^"]*+"|'[^']*+')*+>""", re.IGNORECASE
)
_SIMPLE_TAG = re.compile(r"<([a-z][^\s/<>]*+|/[a-z]|[!?])[^<>]*+>", re.IGNORECASE)
_FAILURES = 20
"""Tags that never end, after which quotes in tags are no longer trusted to."""

_COMMENT_END = re.compile("--(?=>)")
_UNREAD = {
    name: re.compile(f"</{name}", re.IGNORECASE)
    for name in ("script", "style", "textarea", "iframe")
}
"""Elements whose inside is no markup, and no text."""

_LONGEST = 2**18  # characters; longer notes are nobody's notes


def plain(markup: str, *, links: bool = False) -> str:
    r"""Give the text without tags, scripts and blank lines, one line for each block.

    Line breaks of the source count only where no block element makes any. With `links`, web
    addresses stay readable behind the words that lead there.

    >>> plain("<p>(0:00) Intro<br>(1:02) Q &amp; A</p>"), plain("(0:00) Intro\n(1:02) <b>Q</b>")
    ('(0:00) Intro\n(1:02) Q & A', '(0:00) Intro\n(1:02) Q')
    >>> plain("<a href='https://a.example/'>The paper</a>, <a href='?t=9'>0:09</a>", links=True)
    'The paper (https://a.example/), 0:09'
    """
    reader = _Reader(links=links)
    markup = markup[:_LONGEST]
    reader.take(re.sub(r"\s+", " ", markup) if _BLOCK.search(markup) else markup)
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def address(attrs: Iterable[tuple[str, str | None]]) -> str:
    """Give where a link leads on the web; "" for anything else."""
    given = (dict(attrs).get("href") or "").strip()
    return given if given.lower().startswith(("https://", "http://")) else ""


def behind(words: str, address: str) -> str:
    """Give what to write behind the words of a link, so that its address stays readable.

    >>> behind("The paper", "https://a.example/"), behind("a.example", "https://a.example/")
    (' (https://a.example/)', '')
    """
    shown, bare = (re.sub(r"^https?://(?:www\.)?|/$", "", t.strip()) for t in (words, address))
    if not bare or shown == bare:
        return ""
    return f" ({address})" if shown else address


class Tolerant(HTMLParser):
    """Reads any markup, well-formed or not, in a time that grows with its length alone."""

    def take(self, markup: str) -> None:
        """Read it whole."""
        self.feed("".join(_sound(markup)))
        self.close()


def _sound(markup: str) -> Iterator[str]:
    """Give markup without comments and scripts, and with every tag whole.

    What only looks like a tag becomes text: html.parser looks for its end again and again, to the
    end of the document (300 kB of `<!--` took it minutes), and raises on some of it.
    """
    at = failures = 0
    while (begin := markup.find("<", at)) >= 0:
        yield markup[at:begin]
        tag = _TAG.match(markup, begin) if failures < _FAILURES else None
        failures += tag is None and markup[begin + 1 : begin + 2].isalpha()
        tag = tag or _SIMPLE_TAG.match(markup, begin)
        at, text = _after(markup, begin, tag)
        yield text or "\n" * markup.count("\n", begin, at)  # lines keep their numbers
    yield markup[at:]


def _after(markup: str, begin: int, tag: re.Match[str] | None) -> tuple[int, str]:
    """Give where to go on after a `<`, and the text to put in its place, "" for none."""
    if markup.startswith("<!--", begin):
        return _past(markup, _COMMENT_END, begin + 4), ""
    if tag is None:
        return begin + 1, "&lt;"
    if ending := _UNREAD.get(tag[1].lower()):
        return _past(markup, ending, tag.end()), ""
    return tag.end(), "" if tag[0].startswith(("<!", "<?")) else tag[0]


def _past(markup: str, ending: re.Pattern[str], begin: int) -> int:
    """Give where what is not read ends: with its ending and the bracket after it, or never."""
    found = ending.search(markup, begin)
    closed = markup.find(">", found.end()) if found else -1
    return closed + 1 if closed >= 0 else len(markup)


class _Reader(Tolerant):
    def __init__(self, *, links: bool) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.links = links
        self.link: tuple[str, int] = ("", 0)  # where the open link leads, and where it began

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag == "a":
            self.link = (address(attrs), len(self.parts))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag == "a":
            leads, since = self.link
            self.link = ("", 0)
            if self.links:
                self.parts.append(behind("".join(self.parts[since:]), leads))

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
