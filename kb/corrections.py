"""The kept ledger of names: what was heard, what was meant, who says so and what shows it.

The words stay as they were heard. A correction is laid over them by word, not by place, so a new
transcript changes nothing about it; what is searched of the episodes that have the word is made
anew, and of no others.
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from kb import names, questions, rows, schema
from kb.errors import NamingError, NotFoundError
from kb.library import SqlLibrary

LONGEST = 200
"""Letters that a name may have."""


class State(StrEnum):
    """What became of a correction."""

    SUGGESTED = "suggested"
    ACCEPTED = rows.ACCEPTED
    REJECTED = rows.REJECTED


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage that shows a correction; `start` in seconds, None where there are no times."""

    passage_id: str
    text: str
    start: float | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What was heard (folded) and the name that was meant, in all episodes where `episode_id` is "".

    `source` names the person or the signals it comes from, `noted` is in seconds since 1970.
    """

    heard: str
    name: str
    episode_id: str = ""
    state: State = State.SUGGESTED
    source: str = ""
    evidence: tuple[Shown, ...] = ()
    noted: float = 0.0

    @property
    def place(self) -> tuple[str, str, str]:
        """Give what tells it from all others."""
        return self.heard, self.name, self.episode_id


class Corrections:
    """The corrections of a library."""

    def __init__(self, library: SqlLibrary, *, now: Callable[[], float] = time.time) -> None:
        self._library = library
        self._now = now

    def correct(
        self, heard: str, name: str, *, episode_id: str = "", person: str = ""
    ) -> Correction:
        """Note what a person says was meant; it holds at once, for one episode or everywhere.

        Raises:
            NamingError: it makes no sense, or is against a correction that holds.
            NotFoundError: there is no such episode.
        """
        made = self._made(heard, name, episode_id)
        if episode_id:
            self._library.episode(episode_id)
        return self._settle(made, State.ACCEPTED, person or "a person")

    def suggest(self, found: Iterable[Correction]) -> list[Correction]:
        """Keep suggestions that nobody has decided on, and give them.

        One that comes as accepted holds at once, unless it is against one that holds.
        """
        kept = list[Correction]()
        for each in found:
            made = self._made(each.heard, each.name, each.episode_id)
            with self._library.writing() as db:
                known = _all(db)
                if any(_decided(each.place, other) for other in known):
                    continue
                accepted = each.state is State.ACCEPTED and not _against(made, known)
                state = State.ACCEPTED if accepted else State.SUGGESTED
                kept.append(self._put(db, made, state, each.source, each.evidence))
        return kept

    def accept(
        self, heard: str, name: str, *, episode_id: str = "", person: str = ""
    ) -> Correction:
        """Let a suggestion hold, or one that was rejected.

        Raises:
            NotFoundError: there is no such correction.
            NamingError: it is against one that holds.
        """
        known = self._known(heard, name, episode_id)
        return self._settle(known, State.ACCEPTED, person or known.source)

    def reject(
        self, heard: str, name: str, *, episode_id: str = "", person: str = ""
    ) -> Correction:
        """Undo a correction, or refuse a suggestion: all is as it was, and it is not made again.

        What holds everywhere can be rejected for one episode.

        Raises:
            NotFoundError: there is no such correction.
        """
        try:
            known = self._known(heard, name, episode_id)
        except NotFoundError:
            if not episode_id:
                raise
            self._library.episode(episode_id)
            everywhere = self._known(heard, name, "")
            known = Correction(everywhere.heard, everywhere.name, episode_id)
        return self._settle(known, State.REJECTED, person or known.source)

    def all(self, *, state: State | None = None, episode_id: str | None = None) -> list[Correction]:
        """Give the corrections by what was heard, those of one episode with those of all."""
        with self._library.reading() as db:
            known = _all(db)
        return [
            each
            for each in known
            if state in (None, each.state) and episode_id in (None, each.episode_id or episode_id)
        ]

    def misheard(self, episode_id: str) -> Mapping[str, str]:
        """Give what holds for an episode, for `names.pieces` and `names.labelled`."""
        return self._library.misheard(episode_id)

    def variants(self, episode_id: str) -> Mapping[str, str]:
        """Give what holds for an episode, both sides folded, for the seal."""
        held = self._library.misheard(episode_id)
        return {heard: names.key(name) for heard, name in held.items()}

    def _made(self, heard: str, name: str, episode_id: str) -> Correction:
        """Fold and check what was said."""
        made = Correction(names.key(plain(heard)), plain(name), episode_id)
        if not made.heard or not names.key(made.name):
            raise NamingError("A name has letters", hint="Say what was heard and what was meant.")
        if made.heard == names.key(made.name):
            raise NamingError(
                f"{heard} and {name} are the same words",
                hint="Case and punctuation need no correction: they are found either way.",
            )
        if questions.is_common(made.heard):
            raise NamingError(
                f"{heard} is too common a word: it would be changed everywhere",
                hint="Give the words around it too.",
            )
        return made

    def _known(self, heard: str, name: str, episode_id: str) -> Correction:
        wanted = (names.key(heard), names.key(name), episode_id)
        for each in self.all():
            if (each.heard, names.key(each.name), each.episode_id) == wanted:
                return each
        raise NotFoundError(
            f"No correction of {heard} to {name} is known" + (" there" if episode_id else ""),
            hint="`soundproof names list` shows them all.",
        )

    def _settle(self, correction: Correction, state: State, source: str) -> Correction:
        with self._library.writing() as db:
            known = _all(db)
            if state is State.ACCEPTED:
                for other in _against(correction, known):
                    raise _clash(correction, other)
            shown = (each.evidence for each in known if each.place == correction.place)
            return self._put(db, correction, state, source, next(shown, ()))

    def _put(
        self,
        db: Connection,
        correction: Correction,
        state: State,
        source: str,
        evidence: tuple[Shown, ...],
    ) -> Correction:
        """Write a correction, and make anew what is searched of the episodes it changes."""
        heard, name, episode_id = correction.place
        written = Correction(heard, name, episode_id, state, source, evidence, self._now())
        table = schema.corrections
        here = (table.c.heard == heard, table.c.name == name, table.c.episode_id == episode_id)
        held = {each: rows.misheard(db, each) for each in _having(db, correction)}
        db.execute(sa.delete(table).where(*here))
        db.execute(sa.insert(table).values(asdict(written)))
        changed = [each for each in held if rows.misheard(db, each) != held[each]]
        self._library.count_again(db, changed)
        return written


def plain(name: str) -> str:
    """Give a name without the space around it.

    Raises:
        NamingError: it is empty, far too long, or holds what no name does.
    """
    said = " ".join(filter(None, name.split(" ")))
    if not said:
        raise NamingError("An empty name is none", hint="Say a name.")
    if len(said) > LONGEST:
        raise NamingError(
            f"A name of {len(said)} letters is none", hint=f"Say one of at most {LONGEST}."
        )
    if not said.isprintable():
        raise NamingError(
            "A name has no line breaks or control characters", hint="Say it in plain letters."
        )
    return said


def _having(db: Connection, correction: Correction) -> list[str]:
    """Give the episodes of a correction's scope in whose passages it would be laid over a word."""
    table, misheard = schema.passages, {correction.heard: correction.name}
    query = sa.select(table.c.episode_id, table.c.text).order_by(table.c.episode_id)
    if correction.episode_id:
        query = query.where(table.c.episode_id == correction.episode_id)
    # A database folds the case of plain letters only: of the rest it may not judge.
    for part in re.findall(r"[a-z0-9]+", correction.heard):
        query = query.where(table.c.text.icontains(part, autoescape=True))
    found = dict.fromkeys(
        str(row[0])
        for row in db.execute(query)
        if any(piece.name for piece in names.pieces(row[1], misheard))
    )
    return list(found)


def _all(db: Connection) -> list[Correction]:
    table = schema.corrections
    query = sa.select(table).order_by(table.c.heard, table.c.name, table.c.episode_id)
    return [_correction(row) for row in db.execute(query).mappings()]


def _correction(row: RowMapping) -> Correction:
    return Correction(
        heard=row["heard"],
        name=row["name"],
        episode_id=row["episode_id"],
        state=State(row["state"]),
        source=row["source"],
        evidence=tuple(Shown(**each) for each in row["evidence"]),
        noted=row["noted"],
    )


def _decided(place: tuple[str, str, str], known: Correction) -> bool:
    """Tell whether a suggestion has been accepted or rejected before, there or everywhere."""
    heard, name, episode_id = place
    there = known.episode_id in ("", episode_id)
    return (known.heard, known.name) == (heard, name) and there and known.state != State.SUGGESTED


def _against(wanted: Correction, known: Iterable[Correction]) -> list[Correction]:
    """Give the corrections that hold and cannot hold together with a further one."""
    name = names.key(wanted.name)
    return [
        each
        for each in known
        if each.state is State.ACCEPTED
        and each.place != wanted.place
        and ("" in (each.episode_id, wanted.episode_id) or each.episode_id == wanted.episode_id)
        and (
            each.heard == name
            or names.key(each.name) == wanted.heard
            or (each.heard == wanted.heard and each.episode_id == wanted.episode_id)
        )
    ]


def _clash(wanted: Correction, other: Correction) -> NamingError:
    undo = f'soundproof names reject "{other.heard}" "{other.name}"'
    if other.heard == wanted.heard:
        why = f"{wanted.heard} is corrected to {other.name} already"
    else:
        why = (
            f"{other.heard} is corrected to {other.name}: the two would run in a circle or a chain"
        )
    return NamingError(why, hint=f"Undo that first: {undo}")
