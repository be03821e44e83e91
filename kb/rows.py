"""Domain values <-> rows of the library's tables."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping
from sqlalchemy.exc import IntegrityError

from kb import names, schema, speakers
from kb.errors import NotFoundError
from kb.identity import audio_key, slug
from kb.models import (
    Chapter,
    Entry,
    Episode,
    Filters,
    Health,
    Passage,
    Person,
    Role,
    Show,
    Span,
    Tier,
    Unit,
)
from kb.speakers import Renaming

_PLAIN = (
    "id", "key", "title", "published", "duration", "link", "audio_url", "summary", "audio",
    "playback", "withdrawn",
)  # fmt: skip
ACCEPTED, REJECTED = "accepted", "rejected"
"""States of a correction that count: one that holds, and one that a person does not want."""


def episode_values(episode: Episode) -> dict[str, Any]:
    """Give the columns of an episode's own row, but for digest and revision."""
    values: dict[str, Any] = {name: getattr(episode, name) for name in _PLAIN}
    health = None if episode.health is None else episode.health.value
    return values | {
        "show_id": episode.show.id, "warnings": list(episode.warnings), "health": health
    }  # fmt: skip


def parts(
    entry: Entry, documents: Mapping[Tier, str], misheard: Mapping[str, str]
) -> Iterator[tuple[sa.Table, list[dict[str, Any]]]]:
    """Yield each table that hangs on an episode with its rows; tables without rows are left out."""
    here = {"episode_id": entry.episode.id}
    tables: list[tuple[sa.Table, list[dict[str, Any]]]] = [
        (schema.people, [
            here | {"position": n, "name": p.name, "role": p.role.value, "about": p.about}
            for n, p in enumerate(entry.episode.people)
        ]),
        (schema.chapters, [
            here | {"position": n, "title": c.title, "start": c.start, "end": c.end}
            for n, c in enumerate(entry.episode.chapters)
        ]),
        (schema.documents, [
            here | {"tier": tier.value, "sha256": sha256} for tier, sha256 in documents.items()
        ]),
        (schema.passages, [_passage_values(n, p) for n, p in enumerate(entry.passages)]),
        (schema.names, [
            here | {"name": name, "count": count}
            for name, count in _names(entry.episode, entry.passages, misheard).items()
        ]),
    ]  # fmt: skip
    yield from ((table, values) for table, values in tables if values)


def recount(db: Connection, episode: Episode, revision: int) -> None:
    """Count the names of an episode anew, with the corrections that hold from this revision on."""
    table = schema.episodes
    db.execute(sa.update(table).where(table.c.id == episode.id).values(revision=revision))
    said = passages_of(db, episode.id, unit=Unit.SENTENCE)
    counts = _names(episode, said, misheard(db, episode.id))
    db.execute(sa.delete(schema.names).where(schema.names.c.episode_id == episode.id))
    values = [{"episode_id": episode.id, "name": each, "count": counts[each]} for each in counts]
    if values:
        db.execute(sa.insert(schema.names), values)


def _names(
    episode: Episode, passages: Sequence[Passage], misheard: Mapping[str, str]
) -> Counter[str]:
    """Count the proper names of an episode: in its title, of its people, in its sentences."""
    counts = names.spelled(episode.title)
    for person in episode.people:
        counts.update(names.words(person.name))
    for each in passages:
        if each.unit is Unit.SENTENCE:
            counts.update(names.spelled(names.labelled(each.text, misheard)))
    return counts


def misheard(db: Connection, episode_id: str) -> dict[str, str]:
    """Give the corrections that hold for an episode: what was heard, folded, and the name.

    What holds everywhere may be rejected for one episode; what holds for one goes first there.
    """
    table = schema.corrections
    query = sa.select(table).where(
        table.c.episode_id.in_(("", episode_id)), table.c.state.in_((ACCEPTED, REJECTED))
    )
    found = db.execute(query.order_by(table.c.episode_id, table.c.noted)).mappings().all()
    unwanted = {
        (row["heard"], row["name"])
        for row in found
        if row["episode_id"] == episode_id and row["state"] == REJECTED
    }
    return {
        row["heard"]: row["name"]
        for row in found
        if row["state"] == ACCEPTED and (row["heard"], row["name"]) not in unwanted
    }


def renamings(db: Connection, episode_id: str) -> tuple[Renaming, ...]:
    """Give what people said of an episode's speakers, in the order in which they said it."""
    found = _by_episode(db, schema.relabellings, [episode_id]).get(episode_id, ())
    return tuple(map(_renaming, found))


def _renaming(row: RowMapping) -> Renaming:
    return Renaming(**{name: value for name, value in row.items() if name != "episode_id"})


def _passage_values(position: int, passage: Passage) -> dict[str, Any]:
    return {
        "id": passage.id,
        "episode_id": passage.span.episode_id,
        "position": position,
        "tier": passage.tier.value,
        "unit": passage.unit.value,
        "text": passage.text,
        "start": passage.span.start,
        "end": passage.span.end,
        "exact": passage.span.exact,
        "first": passage.first,
        "last": passage.last,
        "turn": passage.turn,
        "speaker": passage.speaker,
        "line": passage.line,
    }


def passage(row: RowMapping) -> Passage:
    """Make the passage of a row."""
    return Passage(
        id=row["id"],
        span=Span(row["episode_id"], row["start"], row["end"], row["exact"]),
        tier=Tier(row["tier"]),
        unit=Unit(row["unit"]),
        text=row["text"],
        first=row["first"],
        last=row["last"],
        turn=row["turn"],
        speaker=row["speaker"],
        line=row["line"],
    )


def passages_of(
    db: Connection, episode_id: str, *, unit: Unit | None = None, tier: Tier | None = None
) -> list[Passage]:
    """Read an episode's passages in the order in which they were saved."""
    table = schema.passages
    query = sa.select(table).where(table.c.episode_id == episode_id).order_by(table.c.position)
    if unit is not None:
        query = query.where(table.c.unit == unit.value)
    if tier is not None:
        query = query.where(table.c.tier == tier.value)
    return [passage(row) for row in db.execute(query).mappings()]


def documents(db: Connection, episode_id: str) -> dict[Tier, str]:
    """Give the hash of each of an episode's documents."""
    table = schema.documents
    found = db.execute(sa.select(table).where(table.c.episode_id == episode_id)).mappings()
    return {Tier(row["tier"]): row["sha256"] for row in found}


def put_episode(db: Connection, episode: Episode, **further: object) -> None:
    """Write an episode's own row and drop all that hangs on it but its other keys and versions."""
    table, values = schema.episodes, episode_values(episode) | further
    written = db.execute(sa.update(table).where(table.c.id == episode.id).values(values))
    if written.rowcount == 0:
        db.execute(sa.insert(table).values(values))
    for part in (schema.people, schema.chapters, schema.documents, schema.passages, schema.names):
        db.execute(sa.delete(part).where(part.c.episode_id == episode.id))


def note_history(db: Connection, entry: Entry, documents: Mapping[Tier, str], now: float) -> None:
    """Note further keys of an episode and versions of its audio and transcript not seen before.

    A key that another episode already has stays with that one.
    """
    episode = entry.episode
    held = [("audio", episode.audio, episode.audio_url or "")]
    transcript = entry.documents.get(Tier.TRANSCRIPT)
    if transcript is not None:
        origin = f"{transcript.origin.kind}: {transcript.origin.detail}"
        held.append(("transcript", documents[Tier.TRANSCRIPT], origin))
    for kind, sha256, origin in held:
        version = {"episode_id": episode.id, "kind": kind, "sha256": sha256}
        if sha256 is not None:
            insert_missing(db, schema.versions, version | {"noted": now, "origin": origin})
    also = (*entry.also, *([audio_key(episode.audio)] if episode.audio else []))
    for other in dict.fromkeys(also):
        if other != episode.key:
            insert_missing(db, schema.aliases, {"key": other, "episode_id": episode.id})


def insert_missing(db: Connection, table: sa.Table, values: Mapping[str, object]) -> bool:
    """Insert a row, unless one of its key is there; tell whether it was missing."""
    try:
        with db.begin_nested():
            db.execute(sa.insert(table).values(values))
    except IntegrityError:
        return False
    return True


def put_show(db: Connection, show: Show) -> None:
    """Write a show's row, or mend its title and address."""
    table = schema.shows
    known = db.execute(
        sa.update(table).where(table.c.id == show.id).values(
            title=show.title, feed_url=show.feed_url or table.c.feed_url
        )
    )  # fmt: skip
    if known.rowcount == 0:
        db.execute(sa.insert(table).values(id=show.id, title=show.title, feed_url=show.feed_url))


def read_episodes(db: Connection, *where: sa.ColumnElement[bool]) -> list[Episode]:
    """Read episodes with their people, chapters and tiers, newest first."""
    table = schema.episodes
    query = (
        sa.select(table, schema.shows.c.title.label("show_title"), schema.shows.c.feed_url)
        .join(schema.shows)
        .where(*where)
        .order_by(table.c.published.desc().nulls_last(), table.c.title, table.c.id)
    )
    found = db.execute(query).mappings().all()
    only = [row["id"] for row in found] if where else None
    people = _by_episode(db, schema.people, only)
    chapters = _by_episode(db, schema.chapters, only)
    tiers = _by_episode(db, schema.documents, only)
    renamed = _by_episode(db, schema.relabellings, only)
    return [
        _episode(
            row,
            _shown(people.get(row["id"], ()), renamed.get(row["id"], ())),
            chapters.get(row["id"], ()),
            tiers.get(row["id"], ()),
        )
        for row in found
    ]


def _by_episode(
    db: Connection, table: sa.Table, only: list[str] | None
) -> dict[str, list[RowMapping]]:
    query = sa.select(table).order_by(*table.primary_key)
    if only is not None:
        query = query.where(table.c.episode_id.in_(only))
    grouped = dict[str, list[RowMapping]]()
    for row in db.execute(query).mappings():
        grouped.setdefault(row["episode_id"], []).append(row)
    return grouped


def _episode(
    row: RowMapping,
    people: tuple[Person, ...],
    chapters: Sequence[RowMapping],
    documents: Sequence[RowMapping],
) -> Episode:
    held = {Tier(each["tier"]) for each in documents}
    return Episode(
        **{name: row[name] for name in _PLAIN},
        show=Show(row["show_id"], row["show_title"], row["feed_url"]),
        people=people,
        chapters=tuple(Chapter(c["title"], c["start"], c["end"]) for c in chapters),
        tiers=tuple(tier for tier in Tier if tier in held),
        warnings=tuple(row["warnings"]),
        health=None if row["health"] is None else Health(row["health"]),
    )


def _people(found: Sequence[RowMapping]) -> tuple[Person, ...]:
    return tuple(Person(row["name"], Role(row["role"]), row["about"]) for row in found)


def _shown(people: Sequence[RowMapping], renamed: Sequence[RowMapping]) -> tuple[Person, ...]:
    return speakers.people(_people(people), tuple(map(_renaming, renamed)))


def people_as_given(db: Connection, episode_id: str) -> tuple[Person, ...]:
    """Give an episode's people as its source names them, whatever was renamed since."""
    return _people(_by_episode(db, schema.people, [episode_id]).get(episode_id, ()))


def people(db: Connection) -> frozenset[str]:
    """Give the full names of people and labelled speakers."""
    return frozenset((*(name for _, name in _in_episodes(db)), *labels(db)))


def _in_episodes(db: Connection) -> list[tuple[str, str]]:
    """Give (episode, name) of everybody who is known to be in an episode, as they are shown."""
    renamed = _by_episode(db, schema.relabellings, None)
    found = db.execute(sa.select(schema.people.c.episode_id, schema.people.c.name))
    known = [(str(row[0]), str(row[1])) for row in found if row[0] not in renamed]
    given = _by_episode(db, schema.people, list(renamed)) if renamed else {}
    for episode_id, held in given.items():
        shown = _shown(held, renamed[episode_id])
        known += [(episode_id, person.name) for person in shown]
    return known


def labels(db: Connection) -> list[str]:
    """Give the labels that turns carry."""
    column = schema.passages.c.speaker
    return [str(name) for name in db.scalars(sa.select(column).distinct()) if name is not None]


def matching_episodes(db: Connection, filters: Filters) -> frozenset[str] | None:
    """Give the ids that pass show, person, dates and episode; None where none of them is set.

    Raises:
        NotFoundError: no show, person or episode is called that.
    """
    sets = list[set[str]]()
    if filters.show is not None:
        sets.append(_of_show(db, filters.show))
    if filters.person is not None:
        sets.append(_with_person(db, filters.person))
    if filters.episode is not None:
        sets.append(_of_id(db, filters.episode))
    table, dates = schema.episodes, list[sa.ColumnElement[bool]]()
    if filters.since is not None:
        dates.append(table.c.published >= filters.since)
    if filters.until is not None:
        dates.append(table.c.published <= filters.until)
    if dates:
        sets.append({str(each) for each in db.scalars(sa.select(table.c.id).where(*dates))})
    return frozenset[str].intersection(*map(frozenset[str], sets)) if sets else None


def _of_show(db: Connection, wanted: str) -> set[str]:
    known = db.execute(sa.select(schema.shows.c.id, schema.shows.c.title)).all()
    shows = [row[0] for row in known if row[0] == slug(wanted) or names.matches(wanted, row[1])]
    if not shows:
        raise _unknown("show", wanted, [row[1] for row in known])
    query = sa.select(schema.episodes.c.id).where(schema.episodes.c.show_id.in_(shows))
    return {str(each) for each in db.scalars(query)}


def _with_person(db: Connection, wanted: str) -> set[str]:
    known = _in_episodes(db)
    spoken = sa.select(schema.passages.c.episode_id, schema.passages.c.speaker).distinct()
    known += [(str(row[0]), str(row[1])) for row in db.execute(spoken) if row[1] is not None]
    found = {episode_id for episode_id, name in known if names.matches(wanted, name)}
    if not found:
        raise _unknown("person", wanted, sorted({name for _, name in known}))
    return found


def _of_id(db: Connection, wanted: str) -> set[str]:
    column = schema.episodes.c.id
    found = set(db.scalars(sa.select(column).where(column == wanted)))
    if not found:
        found = set(db.scalars(sa.select(column).where(column.startswith(wanted, autoescape=True))))
    if not found:
        raise _unknown("episode", wanted, [])
    return {str(each) for each in found}


def _unknown(kind: str, wanted: str, known: Sequence[str]) -> NotFoundError:
    some = f"Known: {', '.join(known[:8])}." if known else "`soundproof list` shows what is there."
    return NotFoundError(f"No {kind} called {wanted!r} is in the library", hint=some)
