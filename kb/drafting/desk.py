"""The drafts that are kept: each whole, under an id, read against the library whenever it is opened."""

import math
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from pydantic import BaseModel, ValidationError
from sqlalchemy.engine import RowMapping

from kb import schema
from kb.drafting import posts
from kb.drafting.plain import split
from kb.drafting.proof import Proof
from kb.drafts import Draft, Kind, Line, Section
from kb.errors import LibraryError, NotFoundError, SourceError
from kb.library import SqlLibrary
from kb.models import Passage

_ID_BYTES = 4


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft on the desk. `points` is the most that it ever made; times are seconds since 1970."""

    id: str
    draft: Draft
    person: str
    created: float
    updated: float
    points: int


@dataclass(frozen=True, slots=True)
class Title:
    """What a list shows of a draft, without reading it against the library."""

    id: str
    kind: Kind
    title: str
    person: str
    updated: float


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of one sentence, numbered from 1: other words, other sources, or none of it.

    `text` None leaves the words, `cited` None the sources. An `text` of "" takes the sentence out.
    """

    sentence: int
    text: str | None = None
    cited: tuple[Passage, ...] | None = None


class _Content(BaseModel, frozen=True):
    draft: Draft
    points: int


@dataclass(frozen=True, slots=True)
class Desk:
    """Keeps drafts in the library's database."""

    library: SqlLibrary
    proof: Proof

    def keep(self, draft: Draft, person: str) -> Kept:
        """Put a new draft on the desk."""
        made, now = secrets.token_hex(_ID_BYTES), time.time()
        kept = Kept(made, draft, person, now, now, draft.points)
        with self.library.writing() as db:
            db.execute(
                sa.insert(schema.drafts).values(id=made, person=person, created=now, **_row(kept))
            )
        return kept

    def all(self) -> list[Title]:
        """List the drafts, the last changed first."""
        table = schema.drafts
        shown = (table.c.id, table.c.kind, table.c.title, table.c.person, table.c.updated)
        query = sa.select(*shown).order_by(table.c.updated.desc(), table.c.id)
        with self.library.reading() as db:
            return [_title(row) for row in db.execute(query).mappings()]

    def open(self, wanted: str) -> Kept:
        """Give the draft whose id begins so, read against the library as it is now.

        Raises:
            NotFoundError: none does, or several do.
            LibraryError: it is damaged.
        """
        table, found = schema.drafts, self.named(wanted)
        with self.library.reading() as db:
            row = db.execute(sa.select(table).where(table.c.id == found.id)).mappings().one()
        kept = _kept(row)
        return replace(kept, draft=self.proof.sitting().again(kept.draft))

    def edit(self, wanted: str, edit: Edit, *, fewer: bool = False) -> Kept:
        """Change a sentence; the draft is checked anew at once.

        Typed words are cut into sentences; those that cite nothing are the analyst's own view.

        Raises:
            NotFoundError: there is no such draft or sentence.
            SourceError: the draft would make fewer points, or be too long.
            LibraryError: somebody else changed it meanwhile.
        """
        desk = self._sitting()
        kept, proof = desk.open(wanted), desk.proof
        sections = _edited(kept.draft, proof.reopened(kept.draft), edit)
        return self._revised(kept, proof.read(kept.draft, sections), fewer=fewer)

    def add(self, wanted: str, text: str, cited: tuple[Passage, ...], *, part: str) -> Kept:
        """Add sentences at the end of a part, which is made where it is not there."""
        desk = self._sitting()
        kept, proof = desk.open(wanted), desk.proof
        sections = proof.reopened(kept.draft)
        lines = _typed(text, cited)
        titles = [each.title for each in sections]
        if part in titles:
            at = titles.index(part)
            sections[at] = replace(sections[at], lines=(*sections[at].lines, *lines))
        else:
            sections.append(Section(part, lines))
        return self._revised(kept, proof.read(kept.draft, sections), fewer=False)

    def named(self, wanted: str) -> Title:
        """Give the title of the draft whose id begins so, damaged or not.

        Raises:
            NotFoundError: none does, or several do.
        """
        found = [each for each in self.all() if wanted and each.id.startswith(wanted)]
        if len(found) != 1:
            raise NotFoundError(
                f"{len(found) or 'No'} drafts begin with {wanted!r}",
                hint="`soundproof draft list` shows them with their ids.",
            )
        return found[0]

    def delete(self, draft_id: str) -> None:
        """Take a draft off the desk for good."""
        table = schema.drafts
        with self.library.writing() as db:
            db.execute(sa.delete(table).where(table.c.id == draft_id))

    def _sitting(self) -> "Desk":
        """Give the same for one sitting: what is opened is revised without fetching it again."""
        return replace(self, proof=self.proof.sitting())

    def _revised(self, kept: Kept, draft: Draft, *, fewer: bool) -> Kept:
        """Write a revision; one that lost a point only where that is meant."""
        before = kept.draft.points
        if draft.points < before and not fewer:
            raise SourceError(
                f"{draft.points} of {before} points would be left: a draft may not pass by losing its point",
                hint="Mend the sentence or its sources; to drop the point all the same: --fewer",
            )
        posts.require_short(draft)
        made = replace(
            kept, draft=draft, updated=_after(kept.updated), points=max(kept.points, draft.points)
        )
        table = schema.drafts
        as_opened = sa.and_(table.c.id == kept.id, table.c.updated == kept.updated)
        with self.library.writing() as db:
            written = db.execute(sa.update(table).where(as_opened).values(**_row(made)))
        if written.rowcount == 0:
            self.named(kept.id)  # raises where it was deleted
            raise LibraryError(
                f"The draft {kept.id} was changed by somebody else meanwhile",
                hint="Open it again, and change what it says now.",
            )
        return made


def _after(earlier: float) -> float:
    """Give the time, later than an earlier one however coarse the clock is."""
    return max(time.time(), math.nextafter(earlier, math.inf))


def _edited(draft: Draft, sections: Sequence[Section], edit: Edit) -> list[Section]:
    left, made = edit.sentence, list[Section]()
    if not 1 <= edit.sentence <= len(draft.claims):
        raise NotFoundError(
            f"There is no sentence {edit.sentence}",
            hint=f"They run from 1 to {len(draft.claims)}; `soundproof draft show` numbers them.",
        )
    for section in sections:
        lines = list(section.lines)
        if 1 <= left <= len(lines):
            lines[left - 1 : left] = _changed(lines[left - 1], edit)
        left -= len(section.lines)
        made.append(replace(section, lines=tuple(lines)))
    return made


def _changed(line: Line, edit: Edit) -> tuple[Line, ...]:
    cited = line.cited if edit.cited is None else edit.cited
    if edit.text is None:
        return (Line(line.text, cited, own=not cited),)
    kept = line.lost if edit.cited is None else ()
    return tuple(
        replace(each, lost=kept, own=each.own and not kept) for each in _typed(edit.text, cited)
    )


def _typed(text: str, cited: tuple[Passage, ...]) -> tuple[Line, ...]:
    return tuple(Line(each, cited, own=not cited) for each in split(text))


def _row(kept: Kept) -> dict[str, str | float]:
    draft = kept.draft
    content = _Content(draft=draft, points=kept.points).model_dump_json()
    return {
        "kind": draft.kind.value,
        "title": draft.title,
        "content": content,
        "updated": kept.updated,
    }


def _title(row: RowMapping) -> Title:
    try:
        kind = Kind(row["kind"])
    except ValueError as error:
        raise _damaged(str(row["id"])) from error
    return Title(row["id"], kind, row["title"], row["person"], row["updated"])


def _kept(row: RowMapping) -> Kept:
    try:
        content = _Content.model_validate_json(row["content"])
    except ValidationError as error:
        raise _damaged(str(row["id"])) from error
    return Kept(
        row["id"], content.draft, row["person"], row["created"], row["updated"], content.points
    )


def _damaged(draft_id: str) -> LibraryError:
    return LibraryError(
        f"The draft {draft_id} is damaged in the library",
        hint="Restore a backup, or take it off the desk: soundproof draft delete",
    )
