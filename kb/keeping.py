"""What is still needed and what is not: artefacts that rows name, and all that was made from them.

A recipe names what it was made from between its bars (`heard|<audio>|30.00|…`), so what belongs to
an episode is found by following recipes from the hashes in its rows.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kb import schema
from kb.artefacts import ArtefactStore, is_hash
from kb.errors import NotFoundError
from kb.jobs import State
from kb.library import SqlLibrary
from kb.models import Episode

_RECORDING = re.compile(r"\bsha256:([0-9a-f]{64})\b")
NAMING = {
    "An earlier version": (schema.versions.c.episode_id, schema.versions.c.sha256),
    "A document": (schema.documents.c.episode_id, schema.documents.c.sha256),
    "The playback copy": (schema.episodes.c.id, schema.episodes.c.playback),
    "The audio": (schema.episodes.c.id, schema.episodes.c.audio),
}
"""Columns that name artefacts, each beside the episode it is of; the last that names one counts."""


@dataclass(frozen=True, slots=True)
class Owner:
    """An episode that needs an artefact, and what for."""

    episode_id: str
    part: str


@dataclass(frozen=True, slots=True)
class Removed:
    """What a deletion took: how many files of how many bytes, beside the rows."""

    episodes: tuple[Episode, ...]
    files: int
    bytes: int


def delete(library: SqlLibrary, store: ArtefactStore, episodes: Sequence[Episode]) -> Removed:
    """Delete episodes with their artefacts and whatever was made from those.

    What another episode needs as well stays, and so does what an unfinished `add` has made.
    """
    ids = [episode.id for episode in episodes]
    with library.writing() as db:
        recipes = derivations(db)
        theirs = reachable({*ids, *named(db, ids)}, recipes)
        _delete_rows(db, ids)
        others = map(str, db.scalars(sa.select(schema.episodes.c.id)))
        needed = reachable({*others, *named(db)}, recipes) | _made_of_others(theirs, recipes)
        gone = theirs - needed - waiting(db, store)
        forget(db, (each for each in recipes if gone & {recipes[each], *each.split("|")}))
    # Rows first: killed here, files are left over that `verify --mend` finds, and none is missing.
    freed = [store.remove(name) for name in sorted(gone) if is_hash(name)]
    return Removed(tuple(episodes), sum(map(bool, freed)), sum(freed))


def named(db: Connection, ids: Sequence[str] | None = None) -> set[str]:
    """Give the artefacts that rows name, of all episodes and jobs or of some episodes."""
    jobs = schema.jobs
    parcels = sa.select(jobs.c.parcel)
    if ids is not None:
        parcels = parcels.where(jobs.c.episode_id.in_(ids))
    return {*owners(db, ids), *map(str, db.scalars(parcels))}


def owners(db: Connection, ids: Sequence[str] | None = None) -> Mapping[str, Owner]:
    """Give each artefact that rows name with an episode that needs it."""
    found = dict[str, Owner]()
    for part, (episode, column) in NAMING.items():
        query = sa.select(column, episode).where(column.is_not(None))
        if ids is not None:
            query = query.where(episode.in_(ids))
        found.update((str(row[0]), Owner(str(row[1]), part)) for row in db.execute(query))
    return found


def derivations(db: Connection) -> Mapping[str, str]:
    """Give every recipe with the hash of what it made."""
    table = schema.derivations
    return {
        str(row[0]): str(row[1]) for row in db.execute(sa.select(table.c.recipe, table.c.sha256))
    }


def reachable(roots: Iterable[str], recipes: Mapping[str, str]) -> set[str]:
    """Give the roots and all that was made from them, step by step.

    >>> made = {"playback|a": "b", "heard|a|0.00|base": "c", "heard|x|0.00|base": "d"}
    >>> sorted(reachable({"a"}, made))
    ['a', 'b', 'c']
    """
    makes = dict[str, list[str]]()
    for recipe, sha256 in recipes.items():
        for source in recipe.split("|")[1:]:
            makes.setdefault(source, []).append(sha256)
    found, waiting = set[str](), list(roots)
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += makes.get(each, ())
    return found


def forget(db: Connection, recipes: Iterable[str]) -> None:
    """Forget recipes, so that what they make is made anew when it is needed."""
    table = schema.derivations
    for recipe in recipes:
        db.execute(sa.delete(table).where(table.c.recipe == recipe))


def waiting(db: Connection, store: ArtefactStore) -> set[str]:
    """Give the recordings that jobs brought along and no row names yet."""
    jobs, found = schema.jobs, set[str]()
    over = [State.DONE.value, State.CANCELLED.value]
    for parcel in db.scalars(sa.select(jobs.c.parcel).where(jobs.c.state.not_in(over))):
        try:
            text = store.path(str(parcel)).read_text("utf-8", errors="replace")
        except NotFoundError:
            continue
        found.update(_RECORDING.findall(text))
    return found


def _made_of_others(theirs: Collection[str], recipes: Mapping[str, str]) -> set[str]:
    """Give what was made of something else as well: all silent windows are one artefact."""
    found = set[str]()
    for recipe, sha256 in recipes.items():
        sources = set(filter(is_hash, recipe.split("|")))
        if sources and sources.isdisjoint(theirs):
            found.add(sha256)
    return found


def _delete_rows(db: Connection, ids: Sequence[str]) -> None:
    counter, shows, of = schema.counter, schema.shows, schema.episodes.c.show_id
    keys = sa.select(schema.episodes.c.key).where(schema.episodes.c.id.in_(ids))
    offers = sa.update(schema.offers).where(schema.offers.c.key.in_(keys))
    db.execute(offers.values(digest=""))  # so that a followed feed does not bring them back
    db.execute(sa.delete(schema.episodes).where(schema.episodes.c.id.in_(ids)))
    db.execute(sa.delete(schema.jobs).where(schema.jobs.c.episode_id.in_(ids)))
    db.execute(sa.delete(shows).where(shows.c.id.not_in(sa.select(of))))
    raised = sa.update(counter).where(counter.c.name == "revision")
    db.execute(raised.values(value=counter.c.value + 1))
