"""What all document sources share: text files, their front matter, and episodes made of it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePath
from urllib.parse import urlsplit

from ingest import timecodes
from ingest.sources.html_tree import is_html
from kb.errors import DocumentError
from kb.identity import document_key, episode_id, slug
from kb.models import Episode, Person, Role, Show

MY_DOCUMENTS = "My documents"

_FIELD = re.compile(r"(\w[\w ]*):(?:\s+(.*)|$)")
_ELEMENT = re.compile(r"-\s+(.*)")
_HEADING = re.compile(r"#\s+(.*\S)")
_NOBODY = ("", "unknown", "n/a", "none")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_LIMIT = 32 * 2**20
_PEEKED = 2**16
_PAGE = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Document:
    """A text without its front matter. `lines` keeps the numbers that the file's lines have."""

    name: str
    fields: Mapping[str, str]
    lines: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str:
        """Give the lines as one text again, without numbers."""
        return "\n".join(line for _, line in self.lines)


def load(path: Path) -> Document:
    """Read a text file: UTF-8, or UTF-16 with its mark.

    Raises:
        DocumentError: it cannot be opened or decoded, or there is nothing in it.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LIMIT + 1)
    except OSError as error:
        raise DocumentError(
            f"{path.name} cannot be opened: {error.strerror}", hint="Check the path."
        ) from error
    if len(content) > _LIMIT:
        raise DocumentError(
            f"{path.name} is larger than {_LIMIT >> 20} MB: no document is",
            hint="Is it a recording, or several documents in one?",
        )
    text = _decode(content, path.name)
    if not text.strip():
        raise DocumentError(f"{path.name} is empty", hint="Was it saved or downloaded whole?")
    return document(text, path.name)


def document(text: str, name: str) -> Document:
    """Take the front matter (`key: value` between two lines of `---`) off a text."""
    lines = _newlines(text).split("\n")
    numbered = tuple(enumerate(lines, start=1))
    end = lines.index("---", 1) if lines[0] == "---" and "---" in lines[1:] else 0
    if all(
        _FIELD.match(line) or _ELEMENT.match(line.strip()) for line in filter(None, lines[1:end])
    ):
        return Document(name, fields(lines[1:end]), numbered[end + 1 if end else 0 :])
    return Document(name, {}, numbered)


def fields(lines: Iterable[str]) -> dict[str, str]:
    """Read `Key: value` lines, keys in lower case; `- element` lines are added with commas.

    >>> fields(["Title: Taking TAO home", "guests:", "- Ada", "- Bo", "not a field"])
    {'title': 'Taking TAO home', 'guests': 'Ada, Bo'}
    """
    found: dict[str, str] = {}
    key = ""
    for line in map(str.strip, lines):
        if field := _FIELD.fullmatch(line):
            key = field[1].strip().lower()
            found[key] = (field[2] or "").strip("\"'")
        elif key and (element := _ELEMENT.fullmatch(line)):
            found[key] = ", ".join(filter(None, [found[key], element[1]]))
    return found


def is_text(head: bytes) -> bool:
    """Tell whether a file may be text: no zero bytes, or the mark of UTF-16."""
    return head.startswith(_WIDE) or b"\0" not in head


def peek(head: bytes) -> str:
    """Decode the beginning of a file as far as it is text; "" where it is not."""
    if not is_text(head):
        return ""
    return _newlines(head.decode("utf-16" if head.startswith(_WIDE) else "utf-8-sig", "ignore"))


def beginning(origin: str, head: bytes) -> str:
    """Decode the beginning of a file; of a page so much that there is more in it than its head.

    Scripts and styles before the first word of a saved page can be larger than what was peeked at.
    """
    text = peek(head)
    if len(head) < _PEEKED or not is_html(text):
        return text
    try:
        with Path(origin).open("rb") as file:
            return peek(file.read(_PAGE))
    except (OSError, ValueError):  # an address: there is only what was peeked at
        return text


def heading(document: Document) -> str | None:
    """Give the first `# heading`."""
    found = (_HEADING.fullmatch(line.strip()) for _, line in document.lines)
    return next((heading[1] for heading in found if heading), None)


def readable(path: PurePath) -> str:
    """Make a title of a file's name.

    >>> readable(Path("taking-tao_home.vtt"))
    'taking tao home'
    """
    return " ".join(re.split(r"[\s_-]+", path.stem)).strip() or path.stem


def names(text: str) -> tuple[str, ...]:
    """Split a list of people; "Unknown" is nobody.

    >>> names("[Ada Byron, Unknown, Charles B.]")
    ('Ada Byron', 'Charles B.')
    """
    parts = (part.strip(" \"'") for part in re.split(r"[,;]", text.strip("[] ")))
    return tuple(part for part in parts if part.lower() not in _NOBODY)


def people(
    *, hosts: Iterable[str] = (), guests: Iterable[str] = (), speakers: Iterable[str] = ()
) -> tuple[Person, ...]:
    """Give each person once, in the strongest of their roles."""
    roles = ((Role.HOST, hosts), (Role.GUEST, guests), (Role.SPEAKER, speakers))
    known: dict[str, Person] = {}
    for role, group in roles:
        for name in group:
            known.setdefault(name.casefold(), Person(name, role))
    return tuple(known.values())


def day(text: str) -> date | None:
    """Read an ISO or RFC 2822 date; None for anything else.

    >>> day("Tue, 15 Oct 2019 16:00:00 -0400"), day("2019-10-15"), day("2019-10")
    (datetime.date(2019, 10, 15), datetime.date(2019, 10, 15), None)
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).date()
    except ValueError:
        return None


def web(text: str | None) -> str | None:
    """Give an http(s) address back and None for anything else: documents name no files.

    >>> web("https://a.example/1"), web("javascript:alert(1)"), web("../secret.mp3")
    ('https://a.example/1', None, None)
    """
    try:
        parts = urlsplit(text or "")
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.hostname else None


def duration(document: Document) -> float | None:
    """Read the front matter's `duration`, a clock or seconds."""
    text = document.fields.get("duration", "")
    if re.fullmatch(timecodes.CLOCK, text):
        return timecodes.seconds(text)
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else None


def episode(
    document: Document, *, title: str, show: str = MY_DOCUMENTS, speakers: Iterable[str] = ()
) -> Episode:
    """Make the episode that a document is about; its front matter goes before what is given."""
    given = document.fields
    title, show = given.get("title") or title, given.get("show") or show
    key = document_key(show, title)
    return Episode(
        id=episode_id(key, title),
        key=key,
        title=title,
        show=Show(slug(show), show),
        published=day(given.get("date", "")),
        duration=duration(document),
        link=web(given.get("link")),
        audio_url=web(given.get("audio")),
        people=people(
            hosts=names(given.get("hosts", "")),
            guests=names(given.get("guests", "")),
            speakers=speakers,
        ),
        warnings=tuple(_unread(given)),
    )


def _unread(given: Mapping[str, str]) -> Iterator[str]:
    if given.get("date") and day(given["date"]) is None:
        yield f"The date “{given['date']}” is not a day and is left out."
    for field in ("link", "audio"):
        if given.get(field) and web(given[field]) is None:
            yield f"The {field} “{given[field]}” is not a web address and is left out."


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-16" if content.startswith(_WIDE) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{name} is not UTF-8 text: byte {error.start} cannot be read",
            hint="If it is text, save it as UTF-8 and add it again.",
        ) from error
