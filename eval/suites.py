"""Question sets: what to ask, where the answer stands, and what an answer must hold.

One JSON object a line, see docs/evaluation.md. Fields that are not named here are notes for people.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from eval.spans import Place
from kb.errors import DocumentError, NotFoundError, SourceError
from kb.models import Filters
from kb.text import fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from kb.ports import Library

_MANIFEST = "manifest:"
"""How the identity of an episode that came by a manifest begins; its id there stands at the end."""

_Said = Annotated[str, StringConstraints(pattern=r"[^\W_]")]
_Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Passage(BaseModel):
    model_config = ConfigDict(strict=True)

    episode: _Said
    text: _Said
    time_exact: bool = False
    t_start_s: _Seconds | None = None
    t_end_s: _Seconds | None = None

    @model_validator(mode="after")
    def timed(self) -> Self:
        """Insist on times that run forward where they are said to be exact."""
        start, end = self.t_start_s, self.t_end_s
        if self.time_exact and (start is None or end is None or end < start):
            raise ValueError("time_exact wants t_start_s and, not before it, t_end_s")
        return self


class _Row(BaseModel):
    model_config = ConfigDict(strict=True)

    id: _Said
    question: _Said
    answerable: bool
    episodes: list[_Said]
    passages: list[_Passage]
    answer_must_contain: list[Annotated[list[_Said], Field(min_length=1)]] = []

    @model_validator(mode="after")
    def whole(self) -> Self:
        """Insist that an answerable question says where its answer stands, and no other does."""
        places = {each.episode for each in self.passages}
        if self.answerable and not places:
            raise ValueError("an answerable question needs passages")
        if not self.answerable and (places or self.episodes):
            raise ValueError("an unanswerable question has no episodes and no passages")
        if not places <= set(self.episodes):
            raise ValueError("each passage is in one of the question's episodes")
        return self


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what a right answer is.

    An answer holds what it must where it has one alternative of each group of `must_contain`.
    """

    id: str
    text: str
    answerable: bool
    episodes: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    must_contain: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Suite:
    """A question set; `digest` is the sha256 of its file."""

    name: str
    digest: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """What the episodes of a library are called, here (`ids`, by name) and outside (`names`, by id)."""

    ids: Mapping[str, str]
    names: Mapping[str, str]


def read(path: Path) -> Suite:
    """Read a question set.

    Raises:
        SourceError: the file cannot be read.
        DocumentError: a line is damaged, two questions share an id, or there is no question.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read: {(error.strerror or 'unknown').lower()}",
            hint="Name a question set: a file with one JSON object a line.",
        ) from error
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path.name} is not UTF-8", hint="Save it as UTF-8.") from error
    questions = tuple(_questions(path.name, lines))
    if not questions:
        raise DocumentError(
            f"{path.name} holds no question", hint="Write one JSON object a line into it."
        )
    return Suite(path.name, sha256(content).hexdigest(), questions)


def roster(library: Library, *, called: Mapping[str, str] | None = None) -> Roster:
    """Say what each episode is called: as in its manifest, where it came by one, else by its id.

    `called` gives further names: what a set calls an episode, and the id that it has here.

    Raises:
        NotFoundError: there is no episode of an id in `called`.
    """
    episodes = library.episodes(Filters())
    listed = {
        each.key.rpartition("|")[2]: each.id for each in episodes if each.key.startswith(_MANIFEST)
    }
    given = {name: library.episode(id_).id for name, id_ in (called or {}).items()}
    ids = listed | {each.id: each.id for each in episodes} | given
    return Roster(ids, {each.id: each.id for each in episodes} | _back(listed) | _back(given))


def settled(suite: Suite, known: Roster) -> Suite:
    """Give a set with the ids of this library in it.

    Raises:
        NotFoundError: it names an episode that is not in the library.
    """
    return replace(suite, questions=tuple(_settled(each, suite, known) for each in suite.questions))


def _questions(name: str, lines: Sequence[str]) -> Iterator[Asked]:
    seen = dict[str, int]()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row = _row(f"{name}, line {number}", line)
        if row.id in seen:
            raise DocumentError(
                f"{name}, line {number}: {row.id} is the id of line {seen[row.id]} already",
                hint="Give each question an id of its own.",
            )
        seen[row.id] = number
        yield _asked(row)


def _row(where: str, line: str) -> _Row:
    try:
        return _Row.model_validate_json(line)
    except ValidationError as error:
        raise DocumentError(
            f"{where}: {fault(error)}",
            hint="docs/evaluation.md says what each line holds.",
        ) from error


def _asked(row: _Row) -> Asked:
    return Asked(
        row.id,
        row.question,
        row.answerable,
        tuple(row.episodes),
        tuple(map(_place, row.passages)),
        tuple(map(tuple, row.answer_must_contain)),
    )


def _place(passage: _Passage) -> Place:
    if not passage.time_exact:
        return Place(passage.episode, passage.text)
    return Place(passage.episode, passage.text, passage.t_start_s, passage.t_end_s)


def _settled(asked: Asked, suite: Suite, known: Roster) -> Asked:
    missing = next((each for each in asked.episodes if each not in known.ids), None)
    if missing is not None:
        raise NotFoundError(
            f"{suite.name}, question {asked.id}: no episode {missing} is in the library",
            hint=f"Add it, or say what it is called here: --called {missing}=ID",
        )
    return replace(
        asked,
        episodes=tuple(known.ids[each] for each in asked.episodes),
        places=tuple(replace(each, episode=known.ids[each.episode]) for each in asked.places),
    )


def _back(names: Mapping[str, str]) -> dict[str, str]:
    return {id_: name for name, id_ in names.items()}
