"""The lines of a brief: its seven headings, and the numbered items with fields under them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.models import Segment

SECTIONS = (
    ("overview", "Podcast Overview & Key Segments"),
    ("theme", "Key Themes, Technological Insights & Core Discussion Points"),
    ("thes[ie]s", "Actionable Investment Theses (Early-Stage VC Focus)"),
    ("observation", "Noteworthy Observations & Unique Perspectives"),
    ("compan|entit", "Companies & Entities Mentioned"),
    ("post", "Twitter Post Suggestions"),
    ("blog", "Blog Post Ideas"),
)
"""The word that gives a section away, and the heading we write."""
SUMMARY, TOPICS, CONCLUSION = "overall summary", "key topics", "conclusion"
"""The parts of the first section."""
NOTHING = {
    SUMMARY: "Nothing in this episode says what it is about.",
    TOPICS: "Nothing in this episode divides it into topics.",
    CONCLUSION: "Nothing in this episode concludes it.",
    "theme": "Nothing in this episode stands out as a theme.",
    "thes[ie]s": "Nothing in this episode is put as a problem with a solution or an opportunity.",
    "observation": "Nothing in this episode stands out as counted or surprising.",
    "compan|entit": "Nothing in this episode names a company or a person.",
    "post": "Nothing in this episode is short and telling enough for a post.",
    "blog": "Nothing in this episode carries a blog post.",
}
"""What we write where a part is empty; it is no content and not read back."""

_MARKUP = r"(?:\*\*|#{1,6} (?:\*\*)?)"
_HEADING = re.compile(rf"{_MARKUP}\s*([1-7])[.)]\s+(.*)")
_PART = re.compile(
    rf"{_MARKUP}(Overall Summary|Key Topics|Conclusion):?\s*(?:\*\*)?:?\s*(.*)", re.IGNORECASE
)
_METADATA = re.compile(r"(?:show|episode|hosts?|guests?|source url)\s*:.*", re.IGNORECASE)
_ITEM = re.compile(r"\d{1,3}[.)]\s+(.*)")
_FIELD = re.compile(
    r"(?:[-*]\s+)?(?:\*\*)?(title|thesis|quote|problem|solution|opportunity|relevant compan(?:y|ies))"
    r"(?::\*\*|\*\*:|:)\s*(.*)",
    re.IGNORECASE,
)
_BOLD_TITLE = re.compile(r"\*\*(.+?):?\*\*:?\s*(.*)")
_QUOTED = re.compile(r"[\"“](.*)[\"”](?:\s*[-–—(].*)?")


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered item: its first line, the plain text after it, and its `Quote: …` fields."""

    head: str
    text: str
    fields: Mapping[str, str]

    def get(self, field: str) -> str:
        """Give a field, empty where it is not there."""
        return self.fields.get(field, "")

    @property
    def titled(self) -> tuple[str, str]:
        """Split `Title:`, `**Title:** text` or `Title: text` into the title and what is said of it."""
        bold = _BOLD_TITLE.fullmatch(self.head)
        if bold:
            return bold[1], joined([bold[2], self.text])
        if self.text or self.head.endswith(":"):
            return self.head.removesuffix(":"), self.text
        title, _, text = self.head.partition(": ")
        return title, text


def sections(text: str) -> dict[int, list[tuple[int, str]]]:
    """Give the numbered lines under each heading, without those that only repeat metadata."""
    found: dict[int, list[tuple[int, str]]] = {}
    current: list[tuple[int, str]] = []  # what stands before the first heading is left here
    nothing = set(NOTHING.values())
    for number, line in enumerate(text.split("\n"), start=1):
        section = _section(line.strip())
        if section:
            current = found.setdefault(section, [])
        elif line.strip() not in nothing | {""} and not _METADATA.fullmatch(line.rstrip()):
            current.append((number, line.rstrip()))
    return found


def _section(line: str) -> int | None:
    heading = _HEADING.fullmatch(line)
    if heading and re.search(SECTIONS[int(heading[1]) - 1][0], heading[2], re.IGNORECASE):
        return int(heading[1])
    return None


def segments(found: Mapping[int, list[tuple[int, str]]]) -> Iterator[Segment]:
    """Give every line that says something, with its number."""
    for number, line in sorted(line for lines in found.values() for line in lines):
        part = _PART.fullmatch(line.strip())
        if re.search(r"\w", line) and not (part and not part[2]):
            yield Segment(line.strip(), line=number)


def parts(lines: Iterable[str]) -> dict[str, list[str]]:
    """Split the first section at its three sub-headings; what stands before them is summary."""
    found: dict[str, list[str]] = {SUMMARY: [], TOPICS: [], CONCLUSION: []}
    current = found[SUMMARY]
    for line in lines:
        part = _PART.fullmatch(line.strip())
        if part:
            current = found[part[1].lower()]
        current.append(part[2] if part else line)
    return found


def items(lines: Iterable[str]) -> Iterator[Item]:
    """Split at the numbers; an indented number is text."""
    blocks: list[list[str]] = []
    for line in lines:
        start = _ITEM.fullmatch(line)
        if start:
            blocks.append([start[1]])
        elif blocks:
            blocks[-1].append(line.strip())
    return (_item(block) for block in blocks)


def _item(block: Sequence[str]) -> Item:
    named = _FIELD.fullmatch(block[0])
    fields: dict[str, list[str]] = {"": []}
    current = fields[""]
    for line in block if named else block[1:]:
        found = _FIELD.fullmatch(line)
        if found:
            current = fields.setdefault(found[1].lower().replace("company", "companies"), [])
        current.append(found[2] if found else line)
    whole = {name: joined(lines) for name, lines in fields.items()}
    return Item("" if named else block[0], whole.pop(""), whole)


def quotes_field(line: str) -> bool:
    """Tell whether a line is a `Quote: …` field."""
    field = _FIELD.fullmatch(line)
    return field is not None and field[1].lower() == "quote"


def unquoted(text: str) -> str:
    """Give what stands between the outermost quotation marks, without what is said after them."""
    found = _QUOTED.fullmatch(text)
    return found[1] if found else text


def joined(lines: Iterable[str]) -> str:
    """Give lines as one, with single spaces."""
    return " ".join(word for line in lines for word in line.split())
