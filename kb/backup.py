"""One archive that restores on another machine, into SQLite or PostgreSQL.

A plain tar: `tables/<name>.jsonl.gz` (a row a line, by column), `artefacts/<sha256>` and, last,
`manifest.json` with the sha256 of each table and the list of artefacts, so that an archive that was
cut off is told from a whole one. Indexes and models are left out: they are made or fetched anew.
Jobs and workers too: they are of the machine that does the work.
"""

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import tempfile
import zlib
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import IO, cast

import sqlalchemy as sa
from pydantic import BaseModel, TypeAdapter
from sqlalchemy.engine import Connection
from sqlalchemy.exc import StatementError

from kb import keeping, schema
from kb.artefacts import ArtefactStore, is_hash, room_needed
from kb.errors import LibraryError, NewerLibraryError, NotFoundError
from kb.library import SqlLibrary

_FORMAT = 1
_MANIFEST = "manifest.json"
_MEMBER = re.compile(r"tables/[a-z_]+\.jsonl\.gz|artefacts/[0-9a-f]{64}|manifest\.json")
_LEFT_OUT = {"jobs", "workers"}
_CHUNK = 5_000
_LONGEST = 2**26
"""Bytes of a row: the longest transcript's longest passage is a thousandth of it."""
_BLOCK = 2**20

Row = dict[str, object]
_ROW = TypeAdapter(Row)


class Table(BaseModel, frozen=True):
    """What the manifest says of a table."""

    rows: int
    sha256: str


class Manifest(BaseModel, frozen=True):
    """What an archive holds. `missing` names artefacts that were damaged or gone when it was made."""

    format: int
    soundproof: str
    schema_version: str
    made: datetime
    tables: dict[str, Table]
    artefacts: tuple[str, ...]
    missing: tuple[str, ...] = ()

    @property
    def episodes(self) -> int:
        """How many episodes it holds."""
        return self.tables["episodes"].rows


def write(library: SqlLibrary, store: ArtefactStore, file: Path, *, force: bool) -> Manifest:
    """Back everything up into a file, while others may go on writing.

    Raises:
        LibraryError: the file is there already and not to be replaced, or cannot be written.
    """
    if file.exists() and not force:
        raise LibraryError(f"{file} is there already", hint="Name another file, or add --force.")
    with _aside(file) as folder:
        tables, wanted = _dumped(library, folder)
        whole = folder / "archive.tar"
        with whole.open("wb") as out:
            with tarfile.open(fileobj=out, mode="w") as archive:
                for name in tables:
                    _put(archive, f"tables/{name}.jsonl.gz", (folder / name).open("rb"))
                kept = tuple(each for each in sorted(wanted) if _put_artefact(archive, store, each))
                manifest = Manifest(
                    format=_FORMAT,
                    soundproof=version("soundproof"),
                    schema_version=schema.VERSION,
                    made=datetime.now(UTC),
                    tables=tables,
                    artefacts=kept,
                    missing=tuple(sorted(wanted - {*kept})),
                )
                _put(archive, _MANIFEST, io.BytesIO(manifest.model_dump_json(indent=1).encode()))
            out.flush()
            os.fsync(out.fileno())
        whole.replace(file)
    return manifest


def restore(library: SqlLibrary, store: ArtefactStore, file: Path, *, force: bool) -> Manifest:
    """Fill a library from an archive; with `force` in place of what it holds.

    The rows come last and in one transaction: killed before that, the library is as it was, and
    the files that are there already are what the next try needs. Indexes that were made for
    another library find every revision raised, and follow.

    Raises:
        NewerLibraryError: a later version of Soundproof made the archive.
        LibraryError: it is no archive of ours, or damaged; or the library is not empty.
    """
    with _opened(file) as archive:
        manifest = _checked(archive, file)
        if not force and not is_empty(library):
            raise _not_empty()
        for each in manifest.artefacts:
            _take(archive, store, each)
        with library.writing() as db:
            if not force and _counted(db):
                raise _not_empty()
            before = keeping.reachable(keeping.named(db), keeping.derivations(db))
            _filled(db, archive, manifest)
            recipes = keeping.derivations(db)
            gone = before - keeping.reachable(keeping.named(db), recipes) - {*recipes.values()}
    for name in filter(is_hash, sorted(gone)):
        store.remove(name)
    return manifest


def is_empty(library: SqlLibrary) -> bool:
    """Tell whether a library holds no episode, follows no show and has no arena."""
    with library.reading() as db:
        return _counted(db) == 0


def _counted(db: Connection) -> int:
    tables = (schema.episodes, schema.subscriptions, schema.contestants)
    counts = (db.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables)
    return sum(map(int, filter(None, counts)))


# Writing


@contextmanager
def _aside(file: Path) -> Generator[Path]:
    """Give a folder beside a file, gone afterwards."""
    try:
        with (
            room_needed(file.parent),
            tempfile.TemporaryDirectory(dir=file.parent, prefix=".part-") as folder,
        ):
            yield Path(folder)
    except OSError as error:
        raise LibraryError(
            f"{file} cannot be written: {(error.strerror or 'unknown').lower()}",
            hint="Name a file in a folder that you may write to.",
        ) from error


def _dumped(library: SqlLibrary, folder: Path) -> tuple[dict[str, Table], set[str]]:
    """Write every table to a file of its name, all as of one moment; give the artefacts of then."""
    with library.reading() as db:
        if db.dialect.name == "postgresql":
            db.execution_options(isolation_level="REPEATABLE READ")
        tables = {each.name: _dump(db, each, folder / each.name) for each in _tables()}
        return tables, {*keeping.named(db), *keeping.derivations(db).values()}


def _dump(db: Connection, table: sa.Table, file: Path) -> Table:
    rows = 0
    found = db.execution_options(yield_per=_CHUNK).execute(sa.select(table))
    with gzip.open(file, "wt", encoding="utf-8", newline="\n") as out:
        for row in found.mappings():
            rows += 1
            out.write(json.dumps(dict(row), ensure_ascii=False, default=date.isoformat) + "\n")
    with file.open("rb") as written:
        return Table(rows=rows, sha256=hashlib.file_digest(written, "sha256").hexdigest())


def _put(archive: tarfile.TarFile, name: str, source: IO[bytes]) -> None:
    with source:
        member = tarfile.TarInfo(name)
        member.size, member.mode = source.seek(0, os.SEEK_END), 0o600
        source.seek(0)
        archive.addfile(member, source)


def _put_artefact(archive: tarfile.TarFile, store: ArtefactStore, sha256: str) -> bool:
    """Put an artefact into the archive; not one that is gone or damaged."""
    try:
        source = store.path(sha256).open("rb")
    except NotFoundError:
        return False
    with source:
        whole = hashlib.file_digest(source, "sha256").hexdigest() == sha256
        if whole:
            _put(archive, f"artefacts/{sha256}", source)
    return whole


# Reading


@contextmanager
def _opened(file: Path) -> Generator[tarfile.TarFile]:
    try:
        with file.open("rb") as source, tarfile.open(fileobj=source, mode="r:") as archive:
            yield archive
    except FileNotFoundError as error:
        raise NotFoundError(f"{file} is not there", hint="Check the path.") from error
    except (
        tarfile.TarError,
        StatementError,
        ValueError,
        EOFError,
        zlib.error,
        gzip.BadGzipFile,
    ) as error:
        raise _damaged(file.name) from error


def _checked(archive: tarfile.TarFile, file: Path) -> Manifest:
    """Read the manifest, and insist that the archive holds what it says and nothing else."""
    members = archive.getmembers()
    for each in members:
        if not (_MEMBER.fullmatch(each.name) and each.isreg() and not each.issparse()):
            raise LibraryError(
                f"{file.name} holds {each.name[:80]!r}, which no backup does",
                hint="Nothing was restored. Use an archive that `soundproof backup` wrote.",
            )
    names = {each.name for each in members}
    if _MANIFEST not in names:
        raise _damaged(file.name)
    with _member(archive, _MANIFEST) as source:
        manifest = Manifest.model_validate_json(source.read(_LONGEST))
    if manifest.format > _FORMAT or manifest.schema_version > schema.VERSION:
        raise NewerLibraryError(
            f"{file.name} was made by a later version of Soundproof ({manifest.soundproof})",
            hint="Update Soundproof, then restore it.",
        )
    tables = {f"tables/{name}.jsonl.gz": table.sha256 for name, table in manifest.tables.items()}
    wanted = {*tables, *(f"artefacts/{each}" for each in manifest.artefacts), _MANIFEST}
    if names != wanted or not {*manifest.tables} <= {each.name for each in _tables()}:
        raise _damaged(file.name)
    for name, sha256 in tables.items():
        with _member(archive, name) as source:
            if hashlib.file_digest(source, "sha256").hexdigest() != sha256:
                raise _damaged(file.name)
    return manifest


def _take(archive: tarfile.TarFile, store: ArtefactStore, sha256: str) -> None:
    try:
        with _member(archive, f"artefacts/{sha256}") as source:
            store.take(sha256, source)
    except NotFoundError as error:
        raise ValueError(f"{sha256} is damaged") from error


def _filled(db: Connection, archive: tarfile.TarFile, manifest: Manifest) -> None:
    """Put the archive's rows in place of all that is there.

    A column that the archive is too old to know stays empty, so a migration that needs it filled
    has to be repeated here.
    """
    counter, episodes = schema.counter, schema.episodes
    counted = sa.select(counter.c.value).where(counter.c.name == "revision")
    before = int(db.scalar(counted) or 0)
    for table in reversed(_tables()):
        db.execute(sa.delete(table))
    for table in _tables():
        if table.name in manifest.tables:
            with _member(archive, f"tables/{table.name}.jsonl.gz") as source:
                _load(db, table, gzip.GzipFile(fileobj=source))
    revision = before + int(db.scalar(counted) or 0) + 1
    db.execute(sa.update(episodes).values(revision=episodes.c.revision + before))
    db.execute(sa.delete(counter).where(counter.c.name == "revision"))
    db.execute(sa.insert(counter).values(name="revision", value=revision))


def _load(db: Connection, table: sa.Table, source: gzip.GzipFile) -> None:
    lines = iter(lambda: source.readline(_LONGEST), b"")
    rows = (_row(table, line) for line in lines)
    while chunk := list(islice(rows, _CHUNK)):
        db.execute(sa.insert(table), chunk)


def _row(table: sa.Table, line: bytes) -> Row:
    row = _ROW.validate_json(line)
    if any(each.name not in row for each in table.c if not each.nullable):
        raise ValueError(f"a row of {table.name} is not whole")
    for name, value in row.items():
        if name not in table.c:
            raise ValueError(f"{table.name} has no column {name}")
        if isinstance(table.c[name].type, sa.Date) and value is not None:
            row[name] = date.fromisoformat(str(value))
    return row


def _member(archive: tarfile.TarFile, name: str) -> io.BufferedReader:
    return cast("io.BufferedReader", archive.extractfile(name))  # `_checked` saw a plain file


def _tables() -> Sequence[sa.Table]:
    """Give the tables that travel, those that others refer to first."""
    return [each for each in schema.metadata.sorted_tables if each.name not in _LEFT_OUT]


def _damaged(name: str) -> LibraryError:
    return LibraryError(
        f"{name} is no backup, or was cut off or changed",
        hint="Nothing was restored. Take another copy of the archive.",
    )


def _not_empty() -> LibraryError:
    return LibraryError(
        "The library here is not empty",
        hint="Set SOUNDPROOF_HOME to a new folder, or replace it all: add --force.",
    )
