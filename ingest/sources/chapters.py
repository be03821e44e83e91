"""Chapters of feeds: marks -> chapters, and the JSON that podcasts link to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from kb.errors import DocumentError
from kb.models import Chapter

_Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a chapter begins, what it is called, and where it ends if its source says so."""

    start: float
    title: str
    end: float | None = None


class _Mark(BaseModel):
    start: Annotated[_Seconds, Field(alias="startTime")]
    end: Annotated[_Seconds | None, Field(alias="endTime")] = None
    title: str | None = None
    toc: bool | None = True


class _Marks(BaseModel):
    chapters: tuple[_Mark, ...]


def from_marks(marks: Iterable[Mark], *, duration: float | None) -> tuple[Chapter, ...]:
    """Order the marks; each chapter ends where the next begins, the last with the episode.

    An end that the source gives counts, unless the next chapter has begun by then.

    >>> marks = [Mark(60, "Two"), Mark(0, "One", 50)]
    >>> [chapter.end for chapter in from_marks(marks, duration=None)]
    [50, None]
    """
    ordered = sorted(dict.fromkeys(marks), key=lambda mark: mark.start)
    if not ordered:
        return ()
    last = ordered[-1].start
    finish = duration if duration is not None and duration >= last else None
    nexts = [*(later.start for _, later in pairwise(ordered)), finish]
    return tuple(
        Chapter(mark.title, mark.start, _end(mark, following))
        for mark, following in zip(ordered, nexts, strict=True)
    )


def from_json(content: bytes) -> tuple[Mark, ...]:
    """Read the marks of a `podcast:chapters` file, without those that are in no table of contents.

    Raises:
        DocumentError: it is something else.
    """
    try:
        marks = _Marks.model_validate_json(content.removeprefix(b"\xef\xbb\xbf")).chapters
    except ValidationError as error:
        raise DocumentError(
            f"it is no list of chapters: {error.errors()[0]['msg']}",
            hint="Wanted: chapters with startTime and title.",
        ) from error
    return tuple(_titled(marks))


def _titled(marks: Iterable[_Mark]) -> Iterator[Mark]:
    for mark in marks:
        title = " ".join((mark.title or "").split())
        if title and mark.toc is not False:
            yield Mark(mark.start, title, mark.end)


def _end(mark: Mark, following: float | None) -> float | None:
    if mark.end is None or mark.end < mark.start:
        return following
    return mark.end if following is None else min(mark.end, following)
