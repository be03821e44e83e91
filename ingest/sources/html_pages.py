"""Saved pages and HTML transcripts -> documents in the light markup that texts have.

Small and our own on purpose: the libraries that find the main text of a page look for articles, and
throw away short lines, which is what chapters, labels and names are.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest

from ingest.sources import html_text, html_tree
from ingest.sources.documents import Document, web
from ingest.sources.html_tree import Element, Words
from ingest.sources.labels import like_a_name
from ingest.timecodes import CLOCK

_FURNITURE = frozenset(
    {"aside", "button", "datalist", "dialog", "footer", "form", "head", "iframe", "math", "nav"}
    | {"noscript", "object", "script", "select", "style", "svg", "template", "textarea", "video"}
    | {"audio", "canvas"}
)
"""Elements of a page that are not what it has to say."""

_BLOCKS = frozenset(
    {"address", "article", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt"}
    | {"figcaption", "figure", "header", "html", "li", "main", "ol", "p", "pre", "section"}
    | {"summary", "table", "tbody", "tfoot", "thead", "tr", "ul"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SPEAKER = re.compile(r"(?:.*[-_])?speaker(?:[-_]*name)?", re.IGNORECASE)
"""A class that says who speaks: `speaker`, `ts-speaker`, `transcript__speaker-name`."""

_TIME = re.compile(rf"[\[(]?\s*({CLOCK})\s*[\])]?")
_NAME_LENGTH = 60
_SHARE = 0.3
"""Of a page's text; a `<main>` or `<article>` that holds less of it is not its main text."""

_ROOMS = 20

_META = {
    "og:title": "title",
    "og:site_name": "show",
    "article:published_time": "date",
    "og:audio": "audio",
}


def document(markup: str, name: str, *, notes: bool = False) -> Document:
    """Read the main text of a page, without menus, footers and scripts.

    Lines keep the numbers they have in the markup and read like a transcript in Markdown: `# title`,
    `**Speaker:** text`, `[0:12]`. With `notes`, list items keep a dash and links their address.
    The fields are what the page's head says: title, show, date, link, audio, language.
    """
    about, lines = _read(markup, notes=notes)
    return Document(name, dict(about), lines)


@lru_cache(maxsize=2)  # every kind of source looks at the same page
def _read(
    markup: str, *, notes: bool
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[int, str], ...]]:
    tree = html_tree.parse(markup)
    main = _main(tree)
    often = Counter(bold.brief for bold in main.all("b", "strong"))
    writer = _Writer(notes=notes, names=frozenset(name for name in often if often[name] > 1))
    writer.write(main)
    writer.end()
    return tuple(_about(tree).items()), tuple(writer.lines)


def _about(tree: Element) -> dict[str, str]:
    """Read what the head of a page says of it; its first heading goes before its title."""
    said = {_META.get(meta.attrs.get("property", ""), ""): meta for meta in tree.all("meta")}
    about = {name: meta.attrs.get("content", "").strip() for name, meta in said.items() if name}
    titles = (element.text for tag in ("h1", "title") for element in tree.all(tag))
    links = (link for link in tree.all("link") if link.attrs.get("rel") == "canonical")
    about["title"] = next(filter(None, titles), about.get("title", ""))
    about["link"] = next((web(link.attrs.get("href")) or "" for link in links), "")
    about["audio"] = web(about.get("audio")) or ""
    about["date"] = about.get("date", "")[: len("2026-02-03")]
    about["language"] = next((html.attrs.get("lang", "") for html in tree.all("html")), "")
    return {field: value for field, value in about.items() if value}


def _main(tree: Element) -> Element:
    """Give the element with the main text: the page itself where none stands out."""
    whole = len(tree.text)
    rooms = (
        [room for room in tree.walk() if isinstance(room, Element) and _is_main(room)],
        [*tree.all("article")],
    )
    for room in rooms:
        largest = max(room[:_ROOMS], key=lambda each: len(each.text), default=None)
        if largest is not None and len(largest.text) >= whole * _SHARE:
            return largest
    return tree


def _is_main(element: Element) -> bool:
    return element.tag == "main" or element.attrs.get("role") == "main"


def _hidden(element: Element) -> bool:
    return (
        element.tag in _FURNITURE
        or "hidden" in element.attrs
        or element.attrs.get("role") in ("navigation", "banner", "contentinfo", "search")
    )


@dataclass(slots=True)
class _Writer:
    """Writes elements as lines; `names` are those in bold more than once on the page."""

    notes: bool
    names: frozenset[str]
    lines: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    so_far: str = ""
    number: int = 1

    def write(self, element: Element) -> None:
        """Write what is in an element."""
        for part, after in zip_longest(element.inside, element.inside[1:]):
            if isinstance(part, Words):
                self.say(part.text, part.line)
            elif not _hidden(part):
                self._element(part, after.text.strip() if isinstance(after, Words) else "")

    def say(self, text: str, line: int | None = None) -> None:
        """Go on with the line; it has the number of its first words."""
        if line is not None and text.strip() and not self.so_far.strip("-# \n"):
            self.number = line + text[: len(text) - len(text.lstrip())].count("\n")
        self.so_far += text

    def end(self) -> None:
        """End the line."""
        text = " ".join(self.so_far.split())
        if text.strip("#- "):
            self.lines.append((self.number, text))
        self.so_far = ""

    def _element(self, part: Element, after: str) -> None:
        if part.tag in ("br", "hr"):
            self.end()
        elif part.tag == "tr":
            self._row(part)
        elif self._labels(part, after):
            self._label(part)
        elif part.tag in _HEADINGS:
            self._block(part, "# " if part.tag == "h1" else "## ")
        elif part.tag in _BLOCKS:
            self._block(part, "- " if part.tag == "li" and self.notes else "")
        else:
            self._inline(part, after)

    def _block(self, part: Element, head: str) -> None:
        if part.tag != "dd":  # it goes on with the line of its term
            self.end()
        self.so_far += head
        self.write(part)
        self.end()
        if self.notes and part.tag not in ("li", "dd") and self.lines and self.lines[-1][1]:
            self.lines.append((self.number, ""))

    def _inline(self, part: Element, after: str) -> None:
        time = _TIME.fullmatch(part.brief)
        if part.tag == "time" and time:
            self.say(f" [{time[1]}] ")
        elif part.tag in ("b", "strong") and after.startswith(":") and self._names(part):
            self.say(f"**{part.brief}**")
        else:
            self.write(part)
            leads = html_text.address(part.attrs.items()) if part.tag == "a" else ""
            if leads and self.notes and not time:
                self.say(html_text.behind(part.brief or "…", leads))

    def _names(self, part: Element) -> bool:
        return 0 < len(part.brief) <= _NAME_LENGTH and self._at_head()

    def _labels(self, part: Element, after: str) -> bool:
        """Tell whether an element says who speaks in what follows."""
        text = part.brief
        if part.tag == "dt" or not self._names(part):
            return part.tag == "dt" and 0 < len(text) <= _NAME_LENGTH
        if any(map(_SPEAKER.fullmatch, part.attrs.get("class", "").split())):
            return True
        if part.tag in ("b", "strong"):
            return text.endswith(":") or (text in self.names and not self.notes and not after)
        return part.tag == "cite" and (text.endswith(":") or not after)

    def _at_head(self) -> bool:
        return not _TIME.sub("", self.so_far).strip("-–—| \n\t")

    def _label(self, part: Element) -> None:
        """Write a name, or a time, or both, as what a line begins with."""
        text = part.brief
        time = next(iter(_TIME.finditer(text)), None)
        name = _TIME.sub(" ", text).strip().rstrip(":").strip()
        if not self._at_head():
            self.end()
        line = next((words.line for words in part.walk() if isinstance(words, Words)), None)
        self.say(f"**{name}:** " if name else "", line)
        self.say(f"[{time[1]}] " if time else "")

    def _row(self, row: Element) -> None:
        """Write a row as one line; a row of nothing but column heads is no text."""
        self.end()
        cells = [*row.all("td", "th")]
        if all(cell.tag == "th" for cell in cells):
            return
        for cell in cells:
            named = not self.notes and cell is not cells[-1] and like_a_name(cell.brief)
            if _TIME.fullmatch(cell.brief) or (named and self._at_head()):
                self._label(cell)
            else:
                self.write(cell)
                self.say(" ")
        self.end()
