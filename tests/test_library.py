"""The record: one suite over the fake, SQLite and, where SOUNDPROOF_TEST_POSTGRES is set, PostgreSQL."""

import os
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import Pool

from kb import schema
from kb.errors import DiskFullError, LibraryError, NewerLibraryError, NotFoundError
from kb.library import SqlLibrary
from kb.models import Filters, Scope, Tier, Unit
from kb.ports import Library
from tests.conftest import ROOT
from tests.fakes import FakeLibrary
from tests.samples import ALL, CLOSED, COSTS, INES, JONAS, LEAKS, MARA, entry, transcript

POSTGRES = os.environ.get("SOUNDPROOF_TEST_POSTGRES", "")
_LIBRARIES = [
    "fake",
    "sqlite",
    pytest.param(
        "postgres",
        marks=pytest.mark.skipif(not POSTGRES, reason="SOUNDPROOF_TEST_POSTGRES names no database"),
    ),
]


@contextmanager
def opened(url: str, folder: Path) -> Generator[SqlLibrary]:
    library = SqlLibrary(url, folder)
    try:
        yield library
    finally:
        library.close()


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'library.sqlite'}"


def emptied(url: str) -> str:
    """Drop everything in a PostgreSQL database that is there for tests only."""
    engine = sa.create_engine(url)
    with engine.begin() as db:
        db.execute(sa.text("DROP SCHEMA public CASCADE"))
        db.execute(sa.text("CREATE SCHEMA public"))
    engine.dispose()
    return url


@pytest.fixture(params=_LIBRARIES[1:])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return sqlite_url(tmp_path) if request.param == "sqlite" else emptied(POSTGRES)


@pytest.fixture(params=_LIBRARIES)
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Library]:
    if request.param == "fake":
        yield FakeLibrary(tmp_path)
        return
    address = sqlite_url(tmp_path) if request.param == "sqlite" else emptied(POSTGRES)
    with opened(address, tmp_path) as real:
        yield real


@pytest.fixture
def full(library: Library) -> Library:
    for each in ALL:
        library.save(each)
    return library


@dataclass(frozen=True)
class Id:
    """The ids of the sample episodes."""

    leaks: str = LEAKS.episode.id
    costs: str = COSTS.episode.id
    closed: str = CLOSED.episode.id


ID = Id()


# Writing


def test_what_was_saved_is_read_back_whole(library: Library) -> None:
    assert library.save(LEAKS)

    assert library.episode(ID.leaks) == LEAKS.episode
    assert library.episode_by_key(LEAKS.episode.key) == LEAKS.episode
    assert library.document(ID.leaks, Tier.TRANSCRIPT) == LEAKS.documents[Tier.TRANSCRIPT]
    assert library.document(ID.leaks, Tier.NOTES) == LEAKS.documents[Tier.NOTES]
    assert library.passages_of(ID.leaks) == list(LEAKS.passages)


def test_saving_the_same_again_changes_nothing(full: Library) -> None:
    before = dict(full.revisions())

    assert [full.save(each) for each in ALL] == [False, False, False]
    assert full.revisions() == before


def test_saving_anew_removes_what_is_stale(full: Library) -> None:
    shorter = entry(
        replace(LEAKS.episode, people=(), chapters=()),
        {Tier.TRANSCRIPT: transcript((JONAS, "Only this is left."))},
    )

    assert full.save(shorter)

    assert full.passages_of(ID.leaks) == list(shorter.passages)
    assert full.document(ID.leaks, Tier.NOTES) is None
    assert full.episode(ID.leaks) == shorter.episode
    assert "Databricks" not in full.names()
    assert len(full.passages_of(ID.costs)) == len(COSTS.passages)


def test_each_change_gets_a_higher_revision(full: Library) -> None:
    highest = max(full.revisions().values())

    full.save(replace(COSTS, episode=replace(COSTS.episode, summary="Said anew.")))

    assert full.revisions()[ID.costs] > highest
    assert sorted(full.revisions()) == sorted([ID.leaks, ID.costs, ID.closed])


def test_a_revision_is_not_given_twice_after_a_delete(full: Library) -> None:
    before = full.revisions()[ID.closed]

    full.delete(ID.closed)
    full.save(CLOSED)

    assert full.revisions()[ID.closed] > before


def test_deleting_leaves_no_trace_of_an_episode(full: Library) -> None:
    full.delete(ID.leaks)

    assert ID.leaks not in full.revisions()
    assert full.passages_of(ID.leaks) == []
    assert full.document(ID.leaks, Tier.TRANSCRIPT) is None
    assert MARA not in full.people()
    with pytest.raises(NotFoundError):
        full.episode(ID.leaks)


def test_a_recipe_is_recalled_while_its_file_is_kept(library: Library) -> None:
    sha256 = library.artefacts.put(b"vectors")

    library.remember("vectors|1", sha256)
    assert library.recall("vectors|1") == sha256

    library.artefacts.path(sha256).unlink()
    assert library.recall("vectors|1") is None


def test_a_recipe_made_anew_replaces_the_old_one(library: Library) -> None:
    first, second = library.artefacts.put(b"first"), library.artefacts.put(b"second")

    library.remember("heard", first)
    library.remember("heard", second)

    assert library.recall("heard") == second
    assert library.recall("never made") is None


# Reading


def test_episodes_come_newest_first_and_undated_ones_last(full: Library) -> None:
    assert [each.id for each in full.episodes(Filters())] == [ID.leaks, ID.costs, ID.closed]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(show="The Night Desk"), [ID.leaks, ID.closed]),
        (Filters(show="the-night-desk"), [ID.leaks, ID.closed]),
        (Filters(show="night"), [ID.leaks, ID.closed]),
        (Filters(person="feld"), [ID.leaks]),
        (Filters(person="Ines Okafor"), [ID.costs]),
        (Filters(since=date(2024, 11, 20)), [ID.leaks, ID.costs]),
        (Filters(since=date(2024, 11, 21)), [ID.leaks]),
        (Filters(until=date(2024, 11, 20)), [ID.costs]),
        (Filters(since=date(2030, 1, 1)), []),
        (Filters(tiers=frozenset({Tier.NOTES})), [ID.leaks, ID.closed]),
        (Filters(tiers=frozenset({Tier.BRIEF})), []),
        (Filters(episode=ID.costs), [ID.costs]),
        (Filters(episode="closed"), [ID.closed]),
        (Filters(show="night", person="mara", until=date(2025, 3, 9)), [ID.leaks]),
        (Filters(show="night", person="ines"), []),
    ],
    ids=str,
)
def test_filters_narrow_what_is_listed(full: Library, filters: Filters, found: list[str]) -> None:
    assert [each.id for each in full.episodes(filters)] == found


@pytest.mark.parametrize(
    "filters",
    [
        Filters(show="Morning Desk"),
        Filters(person="Nobody"),
        Filters(episode="no-such-id"),
        Filters(episode="%"),
        Filters(show=""),
        Filters(person="'; DROP TABLE episodes; --"),
    ],
    ids=str,
)
def test_a_name_that_is_not_there_is_an_error_not_everything(
    full: Library, filters: Filters
) -> None:
    with pytest.raises(NotFoundError, match="is in the library") as refusal:
        full.scope(filters)
    assert refusal.value.hint


def test_no_filters_mean_everything(full: Library) -> None:
    assert full.scope(Filters()) == Scope()
    assert full.scope(Filters()).everything


def test_a_persons_scope_is_their_own_words_and_the_unlabelled_ones(full: Library) -> None:
    assert full.scope(Filters(person="okafor")) == Scope(
        frozenset({ID.costs}), None, frozenset({INES, None})
    )


def test_passages_are_found_by_id_and_unknown_ids_left_out(full: Library) -> None:
    wanted = LEAKS.passages[2]

    assert full.passages(iter([wanted.id, "no/such/passage"])) == {wanted.id: wanted}
    assert full.passages([]) == {}


def test_passages_can_be_asked_for_by_size_and_tier(full: Library) -> None:
    sentences = full.passages_of(ID.leaks, unit=Unit.SENTENCE, tier=Tier.TRANSCRIPT)

    assert [each.first for each in sentences] == list(range(len(sentences)))
    assert {(each.unit, each.tier) for each in sentences} == {(Unit.SENTENCE, Tier.TRANSCRIPT)}
    assert full.passages_of("no-such-id") == []


def test_names_are_counted_over_titles_people_and_sentences(full: Library) -> None:
    assert full.names()["Lathe"] == 2
    assert full.names()["Databricks"] == 1
    assert full.names()["Quill"] == 1
    assert "We" not in full.names()


def test_each_episode_tells_how_often_it_mentions_names(full: Library) -> None:
    assert full.mentions(["Lathe", "Databricks", "Tesla"]) == {ID.leaks: 2, ID.costs: 1}
    assert full.mentions(["Tesla"]) == full.mentions([]) == {}


def test_people_are_hosts_guests_and_speakers(full: Library) -> None:
    assert full.people() == {MARA, JONAS, INES}


def test_what_is_not_there_is_none_or_an_error(full: Library) -> None:
    assert full.episode_by_key("no such key") is None
    assert full.document("no-such-id", Tier.NOTES) is None
    with pytest.raises(NotFoundError, match="No episode no-such-id"):
        full.episode("no-such-id")


def test_an_empty_library_answers_with_nothing(library: Library) -> None:
    assert (library.episodes(Filters()), library.names(), library.people()) == ([], {}, frozenset())
    assert library.revisions() == {}


# The database


def test_a_library_is_there_after_it_was_closed(url: str, tmp_path: Path) -> None:
    with opened(url, tmp_path) as library:
        library.save(LEAKS)
    with opened(url, tmp_path) as library:
        assert library.episode(ID.leaks) == LEAKS.episode
        assert not library.save(LEAKS)


def test_the_migrations_make_exactly_the_tables_of_the_schema(url: str, tmp_path: Path) -> None:
    with opened(url, tmp_path):
        engine = sa.create_engine(url)
        made = sa.MetaData()
        made.reflect(engine)
        engine.dispose()

    tables = {name: table for name, table in made.tables.items() if name != "alembic_version"}
    assert {name: described(table) for name, table in tables.items()} == {
        name: described(table) for name, table in schema.metadata.tables.items()
    }


def described(table: sa.Table) -> object:
    columns = {
        column.name: (
            str(column.type.as_generic()).replace("DOUBLE", "FLOAT"),
            column.nullable,
            column.primary_key,
            sorted(str(key.target_fullname) + str(key.ondelete) for key in column.foreign_keys),
        )
        for column in table.columns
    }
    unique = {
        tuple(column.name for column in constraint.columns)
        for constraint in table.constraints
        if isinstance(constraint, sa.UniqueConstraint)
    }
    indexed = {tuple(column.name for column in index.columns) for index in table.indexes}
    unique |= {(column.name,) for column in table.columns if column.unique}
    return columns, unique, indexed - unique


def test_a_newer_library_is_refused_and_left_as_it_is(url: str, tmp_path: Path) -> None:
    with opened(url, tmp_path):
        pass
    engine = sa.create_engine(url)
    with engine.begin() as db:
        db.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(NewerLibraryError, match="a later version") as refusal:
        SqlLibrary(url, tmp_path)

    with engine.connect() as db:
        assert db.scalar(sa.text("SELECT version_num FROM alembic_version")) == "9999"
    engine.dispose()
    assert "Update Soundproof" in refusal.value.hint


def test_a_file_that_is_no_library_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite").write_bytes(b"This is my diary, not a database. " * 40)

    with pytest.raises(LibraryError, match="not a database"):
        SqlLibrary(sqlite_url(tmp_path), tmp_path)


@pytest.mark.parametrize(
    "url", ["mysql://here/library", "no-such-database://here", "not a url", "sqlite:////no/such/f"]
)
def test_a_database_that_cannot_be_reached_is_a_clear_error(tmp_path: Path, url: str) -> None:
    with pytest.raises(LibraryError, match="cannot be used") as refusal:
        SqlLibrary(url, tmp_path)
    assert "SOUNDPROOF_DATABASE_URL" in refusal.value.hint


def test_a_home_that_is_a_file_is_a_clear_error(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("I was here first.")

    with pytest.raises(LibraryError, match="cannot be used"):
        SqlLibrary(sqlite_url(home), home)


def test_a_document_damaged_on_disk_is_told_of(tmp_path: Path) -> None:
    with opened(sqlite_url(tmp_path), tmp_path) as library:
        library.save(CLOSED)
        [kept] = [each for each in (tmp_path / "artefacts").rglob("*") if each.is_file()]
        kept.write_bytes(kept.read_bytes()[:20])

        with pytest.raises(LibraryError, match="damaged on disk"):
            library.document(ID.closed, Tier.NOTES)


_SAVE_MANY = """
    import sys
    from dataclasses import replace
    from pathlib import Path
    from kb.library import SqlLibrary
    from tests.samples import LEAKS, entry, episode

    library = SqlLibrary(sys.argv[1], Path(sys.argv[2]))
    for number in range(12):
        mine = episode(f"{sys.argv[3]} {number}", "The Night Desk")
        library.save(entry(mine, LEAKS.documents))
        library.save(replace(LEAKS, episode=replace(LEAKS.episode, summary=mine.title)))
"""


@pytest.mark.slow
def test_two_processes_write_at_once_and_nothing_is_lost(url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", textwrap.dedent(_SAVE_MANY), url, str(tmp_path)]
    writers = [
        subprocess.Popen([*command, name], cwd=ROOT, stderr=subprocess.PIPE)
        for name in ("left", "right")
    ]
    errors = [writer.communicate(timeout=60)[1] for writer in writers]

    assert [(writer.returncode, error) for writer, error in zip(writers, errors, strict=True)] == [
        (0, b""),
        (0, b""),
    ]
    with opened(url, tmp_path) as library:
        revisions = library.revisions()
        assert len(revisions) == 25
        assert len(set(revisions.values())) == 25
        assert max(revisions.values()) == 48
        assert len(library.passages_of(ID.leaks)) == len(LEAKS.passages)


def test_a_writer_waits_for_another_that_is_not_done(tmp_path: Path) -> None:
    with opened(sqlite_url(tmp_path), tmp_path) as library:
        library.save(LEAKS)
        other = sqlite3.connect(tmp_path / "library.sqlite", check_same_thread=False)
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE counter SET value = value + 1")
        ending = threading.Timer(0.3, other.execute, ["COMMIT"])
        ending.start()

        assert library.save(COSTS)

        ending.join()
        other.close()
        assert library.revisions() == {ID.leaks: 1, ID.costs: 3}


def test_a_rolled_back_write_leaves_the_old_episode(tmp_path: Path) -> None:
    with opened(sqlite_url(tmp_path), tmp_path) as library:
        library.save(LEAKS)
        doubled = replace(LEAKS, passages=(*LEAKS.passages, LEAKS.passages[0]))

        with pytest.raises(LibraryError):
            library.save(doubled)

        assert library.passages_of(ID.leaks) == list(LEAKS.passages)


@contextmanager
def no_page_more(library: SqlLibrary) -> Generator[None]:
    """Let the database grow by no page, as on a full disk."""

    def limit(connection: sqlite3.Connection, *_: object) -> None:
        [[pages]] = connection.execute("PRAGMA page_count").fetchall()
        connection.execute(f"PRAGMA max_page_count={pages}")

    library.close()  # the next connection is a new one
    event.listen(Pool, "connect", limit)
    try:
        yield
    finally:
        event.remove(Pool, "connect", limit)
        library.close()


def test_a_full_disk_under_the_database_is_told_of_and_costs_nothing(tmp_path: Path) -> None:
    long = entry(
        COSTS.episode,
        {Tier.TRANSCRIPT: transcript(*[(INES, f"Label {n} costs {n} euros.") for n in range(500)])},
    )
    with opened(sqlite_url(tmp_path), tmp_path) as library:
        library.save(LEAKS)
        with no_page_more(library), pytest.raises(DiskFullError) as refusal:
            library.save(long)

        assert "Make room" in refusal.value.hint
        assert dict(library.revisions()).keys() == {ID.leaks}
        assert library.save(long)
