"""The seven-section brief of an episode: Markdown in and out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.errors import DocumentError
from kb.models import Brief, Entity, Idea, Origin, Segment, Theme, Thesis
from kb.text import repair

_SECTIONS = (
    ("overview", "Podcast Overview & Key Segments"),
    ("theme", "Key Themes, Technological Insights & Core Discussion Points"),
    ("thes[ie]s", "Actionable Investment Theses (Early-Stage VC Focus)"),
    ("observation", "Noteworthy Observations & Unique Perspectives"),
    ("compan|entit", "Companies & Entities Mentioned"),
    ("post", "Twitter Post Suggestions"),
    ("blog", "Blog Post Ideas"),
)
"""The word that gives a section away, and the heading we write."""

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
_ROLE = re.compile(r" [-–—] ")
_IN_POST = re.compile(r"[\"“]([^\"“”]+)[\"”]")
_SAID = 4
"""Words between quotation marks that make a quote: fewer are a name or a turn of phrase."""
_STITCH = re.compile(r"\s*,\s*,\s*")
_RECOGNISED = 3


@dataclass(frozen=True, slots=True)
class _Item:
    """A numbered item: its first line, the plain text after it, and its `Quote: …` fields."""

    head: str
    text: str
    fields: dict[str, str]

    def get(self, field: str) -> str:
        return self.fields.get(field, "")


def recognised(text: str) -> bool:
    """Tell whether a text is a brief: at least three of the seven headings are there."""
    return len(_sections(text)) >= _RECOGNISED


def parse(text: str, origin: Origin) -> Brief:
    """Read a brief. Text is repaired, missing parts stay empty, quotes are claims.

    Raises:
        DocumentError: none of the seven headings is there.
    """
    sections = _sections(repair(text))
    if not sections:
        raise DocumentError(
            f"{origin.detail} is no brief: none of the seven headings is there",
            hint=f"A section begins with a line like **1. {_SECTIONS[0][1]}:**",
        )
    body = {number: [line for _, line in lines] for number, lines in sections.items()}
    parts = _parts(body.get(1, []))
    return Brief(
        overview=_joined(parts["overall summary"]),
        topics=tuple(_theme(item) for item in _items(parts["key topics"])),
        conclusion=_joined(parts["conclusion"]),
        themes=tuple(_theme(item) for item in _items(body.get(2, []))),
        theses=tuple(_thesis(item) for item in _items(body.get(3, []))),
        observations=tuple(_theme(item) for item in _items(body.get(4, []))),
        entities=tuple(_entity(item) for item in _items(body.get(5, []))),
        posts=tuple(_joined([item.head, item.text]) for item in _items(body.get(6, []))),
        ideas=tuple(_idea(item) for item in _items(body.get(7, []))),
        segments=tuple(_segments(sections)),
        origin=origin,
    )


@dataclass(frozen=True, slots=True)
class Claimed:
    """A quote that a brief claims, the lines where it does, and the pieces it is stitched from.

    Two commas in a row are where a recogniser's pieces were joined; most quotes are one piece.
    """

    text: str
    lines: tuple[int, ...]
    pieces: tuple[str, ...]


def quotes(brief: Brief) -> tuple[Claimed, ...]:
    """Give the distinct quotes that a brief claims, those within its posts too; none is checked."""
    claimed = [
        *(theme.quote for theme in (*brief.themes, *brief.observations)),
        *(thesis.quote for thesis in brief.theses),
        *(idea.quote for idea in brief.ideas),
    ]
    posted = (text for post in brief.posts for text in _IN_POST.findall(post))
    every = (*filter(None, claimed), *(text for text in posted if len(text.split()) >= _SAID))
    return tuple(
        Claimed(
            text,
            tuple(part.line for part in brief.segments if part.line and _claims(part.text, text)),
            tuple(filter(None, _STITCH.split(text))),
        )
        for text in dict.fromkeys(every)
    )


def _claims(line: str, quote: str) -> bool:
    field = _FIELD.fullmatch(line)
    named = field is not None and field[1].lower() == "quote"
    return quote in line and (named or f'"{quote}"' in line or f"“{quote}”" in line)


def to_markdown(brief: Brief) -> str:
    """Write the seven sections; `parse` reads the same out of them."""
    sections = (
        _overview_lines(brief),
        _numbered(_theme_lines(theme) for theme in brief.themes),
        _numbered(_thesis_lines(thesis) for thesis in brief.theses),
        _numbered(_theme_lines(theme) for theme in brief.observations),
        [*(f"{n}. {_entity_line(entity)}" for n, entity in enumerate(brief.entities, 1)), ""],
        _numbered([post] for post in brief.posts),
        _numbered(_idea_lines(idea) for idea in brief.ideas),
    )
    lines: list[str] = []
    for number, ((_, heading), content) in enumerate(zip(_SECTIONS, sections, strict=True), 1):
        lines += [f"**{number}. {heading}:**", "", *content]
    return "\n".join(lines)


def _sections(text: str) -> dict[int, list[tuple[int, str]]]:
    """Give the numbered lines under each heading, without those that only repeat metadata."""
    sections: dict[int, list[tuple[int, str]]] = {}
    current: list[tuple[int, str]] = []  # what stands before the first heading is left here
    for number, line in enumerate(text.split("\n"), start=1):
        section = _section(line.strip())
        if section:
            current = sections.setdefault(section, [])
        elif line.strip() and not _METADATA.fullmatch(line.rstrip()):
            current.append((number, line.rstrip()))
    return sections


def _section(line: str) -> int | None:
    heading = _HEADING.fullmatch(line)
    if heading and re.search(_SECTIONS[int(heading[1]) - 1][0], heading[2], re.IGNORECASE):
        return int(heading[1])
    return None


def _segments(sections: dict[int, list[tuple[int, str]]]) -> Iterator[Segment]:
    for number, line in sorted(line for lines in sections.values() for line in lines):
        part = _PART.fullmatch(line.strip())
        if re.search(r"\w", line) and not (part and not part[2]):
            yield Segment(line.strip(), line=number)


def _parts(lines: Iterable[str]) -> dict[str, list[str]]:
    """Split the first section at its three sub-headings; what stands before them is summary."""
    parts: dict[str, list[str]] = {"overall summary": [], "key topics": [], "conclusion": []}
    current = parts["overall summary"]
    for line in lines:
        part = _PART.fullmatch(line.strip())
        if part:
            current = parts[part[1].lower()]
        current.append(part[2] if part else line)
    return parts


def _items(lines: Iterable[str]) -> Iterator[_Item]:
    """Split at the numbers; an indented number is text."""
    blocks: list[list[str]] = []
    for line in lines:
        start = _ITEM.fullmatch(line)
        if start:
            blocks.append([start[1]])
        elif blocks:
            blocks[-1].append(line.strip())
    return (_item(block) for block in blocks)


def _item(block: Sequence[str]) -> _Item:
    named = _FIELD.fullmatch(block[0])
    fields: dict[str, list[str]] = {"": []}
    current = fields[""]
    for line in block if named else block[1:]:
        found = _FIELD.fullmatch(line)
        if found:
            current = fields.setdefault(found[1].lower().replace("company", "companies"), [])
        current.append(found[2] if found else line)
    joined = {name: _joined(lines) for name, lines in fields.items()}
    return _Item("" if named else block[0], joined.pop(""), joined)


def _title(item: _Item) -> tuple[str, str]:
    """Split `Title:`, `**Title:** text` or `Title: text` into the title and what is said of it."""
    bold = _BOLD_TITLE.fullmatch(item.head)
    if bold:
        return bold[1], _joined([bold[2], item.text])
    if item.text or item.head.endswith(":"):
        return item.head.removesuffix(":"), item.text
    title, _, text = item.head.partition(": ")
    return title, text


def _theme(item: _Item) -> Theme:
    title, text = _title(item)
    return Theme(title, text, _unquoted(item.get("quote")))


def _thesis(item: _Item) -> Thesis:
    return Thesis(
        title=_title(item)[0],
        problem=item.get("problem"),
        solution=item.get("solution"),
        quote=_unquoted(item.get("quote")),
        opportunity=item.get("opportunity"),
        companies=item.get("relevant companies"),
    )


def _idea(item: _Item) -> Idea:
    title = item.get("title") or _title(item)[0]
    return Idea(_unquoted(title), item.get("thesis"), _unquoted(item.get("quote")))


def _entity(item: _Item) -> Entity:
    """Read `Name (address) - role`; what else is in parentheses belongs to the role."""
    name, *role = _ROLE.split(_joined([item.head, item.text]), maxsplit=1)
    aside = ""
    if name.endswith(")") and " (" in name:
        name, _, aside = name[:-1].rpartition(" (")
    if aside.startswith(("http://", "https://")):
        return Entity(name.strip("*"), "".join(role), aside)
    return Entity(name.strip("*"), "; ".join(filter(None, [aside, *role])))


def _unquoted(text: str) -> str:
    found = _QUOTED.fullmatch(text)
    return found[1] if found else text


def _joined(lines: Iterable[str]) -> str:
    return " ".join(word for line in lines for word in line.split())


def _overview_lines(brief: Brief) -> list[str]:
    return [
        *("**Overall Summary:**", brief.overview, "", "**Key Topics:**", ""),
        *_numbered(_theme_lines(topic) for topic in brief.topics),
        *("**Conclusion:**", brief.conclusion, ""),
    ]


def _numbered(items: Iterable[list[str]]) -> list[str]:
    lines: list[str] = []
    for number, (head, *rest) in enumerate(items, start=1):
        lines += [f"{number}. {head}", *(f"   {line}" for line in rest), ""]
    return lines


def _theme_lines(theme: Theme) -> list[str]:
    text = [theme.text] if theme.text else []
    return [f"{theme.title}:", *text, *_field_lines(Quote=_quoted(theme.quote))]


def _thesis_lines(thesis: Thesis) -> list[str]:
    return [
        f"{thesis.title}:",
        *_field_lines(Problem=thesis.problem, Solution=thesis.solution),
        *_field_lines(Quote=_quoted(thesis.quote), Opportunity=thesis.opportunity),
        *([f"Relevant Companies: {thesis.companies}"] if thesis.companies else []),
    ]


def _idea_lines(idea: Idea) -> list[str]:
    fields = _field_lines(Thesis=idea.thesis, Quote=_quoted(idea.quote))
    return [f"Title: {_quoted(idea.title)}", *fields]


def _entity_line(entity: Entity) -> str:
    address = f" ({entity.url})" if entity.url else ""
    role = f" - {entity.mentioned_as}" if entity.mentioned_as else ""
    return f"{entity.name}{address}{role}"


def _field_lines(**fields: str) -> list[str]:
    return [f"{name}: {text}" for name, text in fields.items() if text]


def _quoted(text: str) -> str:
    return f'"{text}"' if text else ""
