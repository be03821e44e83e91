"""Text as people read it: times, and letters that an earlier program mangled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ftfy import fix_encoding

if TYPE_CHECKING:
    from pydantic import ValidationError


def clock(seconds: float) -> str:
    """Format seconds the way show notes do.

    >>> clock(49), clock(3750)
    ('0:49', '1:02:30')
    """
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def repair(text: str) -> str:
    """Undo UTF-8 that was once read as something else, line by line; all else stays as it is.

    >>> repair("How Datâ€¦ - “quoted”")
    'How Dat… - “quoted”'
    """
    return "\n".join(fix_encoding(line) for line in text.split("\n"))


def fault(error: ValidationError) -> str:
    """Say the first thing that is wrong with a document, and where in it."""
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"]
