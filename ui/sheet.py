"""Plain blocks that a page draws one below the other: headings, lines, tables, work in hand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A title over what follows; a `small` one stands within a part of the page.

    Whoever reads is taken to one that is the news (`arrive`), by eye and by screen reader.
    """

    text: str
    small: bool = False
    arrive: bool = False
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Lines:
    """Sentences below each other."""

    texts: tuple[str, ...]
    kind: str = "lines"


@dataclass(frozen=True, slots=True)
class Reach:
    """An interval with its value, as shares of the column's scale (0 to 1), and in words."""

    low: float
    value: float
    high: float
    text: str


Cell = str | Reach
"""What stands in a table: words or numbers, or an interval that is drawn and told."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; the first cell of each names it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Act:
    """A button: the page is told `said` when it is pressed."""

    said: str
    text: str


@dataclass(frozen=True, slots=True)
class Task:
    """Work in hand. `share` is what is done of the step, 0 to 1; None draws no bar.

    `tone` is the colour of the state's badge; `query` leads to what was made, "" to nothing.
    """

    title: str
    state: str
    tone: str
    meta: str
    share: float | None = None
    notes: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()
    query: str = ""
    query_text: str = ""
    kind: str = "task"


Block = Heading | Lines | Table | Task
