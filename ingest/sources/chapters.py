"""Chapters of feeds: marks (a start and a title) -> chapters, and the JSON that podcasts link to."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from kb.errors import DocumentError
from kb.models import Chapter


class _Mark(BaseModel):
    start: Annotated[float, Field(ge=0, allow_inf_nan=False, alias="startTime")]
    title: str = ""
    toc: bool = True


class _Marks(BaseModel):
    chapters: tuple[_Mark, ...]


def from_marks(
    marks: Iterable[tuple[float, str]], *, duration: float | None
) -> tuple[Chapter, ...]:
    """Order the marks; each chapter ends where the next begins, the last with the episode.

    >>> [chapter.end for chapter in from_marks([(60, "Two"), (0, "One")], duration=None)]
    [60, None]
    """
    ordered = sorted(dict(marks).items())
    if not ordered:
        return ()
    last = ordered[-1][0]
    end = duration if duration is not None and duration >= last else None
    ends = [*(later[0] for _, later in pairwise(ordered)), end]
    return tuple(
        Chapter(title, start, end) for (start, title), end in zip(ordered, ends, strict=True)
    )


def from_json(content: bytes) -> tuple[tuple[float, str], ...]:
    """Read the marks of a `podcast:chapters` file, without those that are in no table of contents.

    Raises:
        DocumentError: it is something else.
    """
    try:
        marks = _Marks.model_validate_json(content).chapters
    except ValidationError as error:
        raise DocumentError(
            f"it is no list of chapters: {error.errors()[0]['msg']}",
            hint="Wanted: chapters with startTime and title.",
        ) from error
    titled = ((mark.start, mark.title.strip()) for mark in marks if mark.toc)
    return tuple((start, title) for start, title in titled if title)
