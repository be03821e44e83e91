"""The companies that an analyst knows already: a CSV file with a column of names."""

import csv
from pathlib import Path

from kb.errors import DocumentError
from kb.insight.spotting import key
from kb.names import fold

_TITLES = (
    "company name", "company", "organization name", "organization", "organisation", "account name",
    "startup", "name", "account", "portfolio company", "firm", "entity",
)  # fmt: skip
"""Headings of a column of names, the surest first."""
_SAMPLE = 4096


def read(path: Path) -> frozenset[str]:
    """Read the names, each under its `kb.insight.spotting.key`.

    A file of one column needs no heading; of several, one must say that it holds names.

    Raises:
        DocumentError: it cannot be read, or no column holds names.
    """
    rows = _rows(path)
    if not rows:
        raise DocumentError(f"{path} holds no names", hint="One company a line is enough.")
    column, headed = _column(rows[0], path)
    names = (row[column] for row in rows[headed:] if len(row) > column)
    return frozenset(filter(None, map(key, names)))


def _rows(path: Path) -> list[list[str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "is not text" if isinstance(error, ValueError) else "cannot be read"
        raise DocumentError(
            f"{path} {reason}", hint="Give a CSV file in UTF-8 with a column of company names."
        ) from error
    first = text[:_SAMPLE].split("\n", maxsplit=1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(text.splitlines(), delimiter=delimiter))
    except csv.Error as error:
        raise DocumentError(
            f"{path} is no CSV file: {error}", hint="One company a line is enough."
        ) from error
    return [row for row in rows if any(cell.strip() for cell in row)]


def _column(heads: list[str], path: Path) -> tuple[int, int]:
    """Give the number of the column of names, and of the lines above them."""
    folded = [fold(head) for head in heads]
    for title in _TITLES:
        if title in folded:
            return folded.index(title), 1
    if len(heads) == 1:
        return 0, 0
    raise DocumentError(
        f"{path} has no column of names: it has {', '.join(head or '(none)' for head in heads)}",
        hint='Call the column "name" or "company".',
    )
