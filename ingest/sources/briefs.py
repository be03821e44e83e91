"""Briefs made elsewhere: seven sections of Markdown under a header of metadata."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.ports import Found
from ingest.sources import documents
from ingest.sources.documents import Document
from kb import briefs
from kb.models import Origin
from kb.text import repair

_FENCE = re.compile(r"-{3,}.*")
_NAMES = {"episode": "title", "source url": "link", "host": "hosts", "guest": "guests"}
"""What the header calls a field, where our front matter calls it something else."""


@dataclass(frozen=True, slots=True)
class BriefFile:
    """A brief with the header `Show: … Episode: … Host: … Guests: … Source URL: …`."""

    name: str = "brief in seven sections"
    remote: bool = False

    def recognises(self, origin: str, head: bytes) -> bool:
        """Go by the content alone: at least three of the seven headings."""
        del origin
        return briefs.recognised(documents.peek(head))

    def read(self, origin: str, *, latest: int) -> Iterator[Found]:
        """Read the brief and the episode it is about; its quotes stay claims.

        Raises:
            DocumentError: it is damaged, empty or not text.
        """
        del latest
        path = Path(origin)
        document = _with_header(documents.load(path))
        title = documents.heading(document) or documents.readable(path)
        brief = briefs.parse(_padded(document), Origin("file", path.name))
        episode = replace(documents.episode(document, title=title), summary=brief.overview)
        if episode.title.endswith(("…", "...")):
            warning = f"The title is cut off in {path.name}: “{episode.title}”."
            episode = replace(episode, warnings=(*episode.warnings, warning))
        yield Found(episode, brief=brief)


def _with_header(document: Document) -> Document:
    """Read the lines between the first two fences as front matter."""
    numbers = [number for number, line in document.lines if _FENCE.fullmatch(line.strip())]
    if document.fields or len(numbers) < 2:  # noqa: PLR2004 - an opening and a closing fence
        return document
    start, end = numbers[:2]
    header = (repair(line) for number, line in document.lines if start < number < end)
    given = {_NAMES.get(key, key): value for key, value in documents.fields(header).items()}
    return replace(document, fields=given)


def _padded(document: Document) -> str:
    """Give the text with the front matter's lines left blank, so that numbers stay the file's."""
    first = document.lines[0][0] if document.lines else 1
    return "\n" * (first - 1) + document.text
