"""An archive restores whole, elsewhere, into either database; a bad one changes nothing."""

import gzip
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from eval.arena import Arena
from eval.exclusions import Exclusions
from kb import backup, schema
from kb.errors import LibraryError, NewerLibraryError, NotFoundError
from kb.models import Filters, Tier
from kb.subscriptions import Subscriptions
from tests import arena_house, kept_house
from tests.conftest import ROOT
from tests.kept_house import Kept
from tests.samples import ALL, CLOSED, COSTS, LEAKS
from tests.test_library import POSTGRES, emptied

pytestmark = pytest.mark.slow  # each test packs a library of its own

_POSTGRES = pytest.param(
    "postgres",
    marks=pytest.mark.skipif(not POSTGRES, reason="SOUNDPROOF_TEST_POSTGRES names no database"),
)


def opened(kind: str, folder: Path) -> Kept:
    return (
        kept_house.sqlite(folder)
        if kind == "sqlite"
        else kept_house.opened(emptied(POSTGRES), folder)
    )


@pytest.fixture(params=["sqlite", _POSTGRES])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    house = opened(request.param, tmp_path / "here")
    kept_house.fill(house)
    Subscriptions(house.library).follow("https://a.example/feed.xml", title="The Night Desk")
    ballots, arena = arena_house.fill(house.library), Arena(house.library)
    for voter in ("ana", "ben"):
        arena_house.judge(ballots, arena_house.drawn(arena, voter), voter)
    Exclusions(house.library).exclude("ben", by="Ines", why="always left")
    yield house
    house.library.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Kept]:
    house = kept_house.sqlite(tmp_path / "there")
    yield house
    house.library.close()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Give an archive of a full library in SQLite."""
    house = kept_house.sqlite(tmp_path / "first")
    kept_house.fill(house)
    write(house, tmp_path / "made.tar")
    house.library.close()
    return tmp_path / "made.tar"


def write(kept: Kept, file: Path, *, force: bool = False) -> backup.Manifest:
    return backup.write(kept.library, kept.library.artefacts, file, force=force)


def restore(kept: Kept, file: Path, *, force: bool = False) -> backup.Manifest:
    return backup.restore(kept.library, kept.library.artefacts, file, force=force)


def rows(kept: Kept) -> dict[str, list[str]]:
    """Give all rows that travel; not the counter, which is raised."""
    left_out = {"jobs", "workers", "counter"}
    with kept.library.reading() as db:
        return {
            name: sorted(map(repr, db.execute(sa.select(table))))
            for name, table in schema.metadata.tables.items()
            if name not in left_out
        }


# There and back


def test_a_library_comes_back_whole_on_another_machine(
    kept: Kept, empty: Kept, tmp_path: Path
) -> None:
    made = write(kept, tmp_path / "all.tar")
    restored = restore(empty, tmp_path / "all.tar")

    assert rows(empty) == rows(kept)
    assert empty.files == kept.files
    assert restored == made
    assert (made.episodes, len(made.artefacts), made.missing) == (3, len(kept.files), ())
    for each in ALL:
        assert empty.library.passages_of(each.episode.id) == list(each.passages)
        assert empty.library.document(each.episode.id, Tier.NOTES) == each.documents.get(Tier.NOTES)


def test_its_indexes_are_made_at_the_first_question_without_embedding_anew(
    archive: Path, empty: Kept
) -> None:
    restore(empty, archive)

    assert len(list(empty.indexes.catch_up())) == len(ALL)
    assert empty.indexes.embedder.embedded == 0  # type: ignore[attr-defined]
    assert empty.indexes.words.held() == empty.library.revisions()


@pytest.mark.skipif(not POSTGRES, reason="SOUNDPROOF_TEST_POSTGRES names no database")
def test_a_library_moves_from_sqlite_to_postgresql(archive: Path, tmp_path: Path) -> None:
    there, back = opened("postgres", tmp_path / "there"), kept_house.sqlite(tmp_path / "back")

    restore(there, archive)
    write(there, tmp_path / "again.tar")
    restore(back, tmp_path / "again.tar")

    assert there.library.episode(LEAKS.episode.id).people == LEAKS.episode.people
    assert rows(back)["passages"] == rows(there)["passages"]
    assert back.files == there.files
    for each in (there, back):
        each.library.close()


def test_others_may_go_on_writing(kept: Kept, empty: Kept, tmp_path: Path) -> None:
    done = threading.Event()

    def keep_writing() -> None:
        number = 0
        while not done.is_set():
            number += 1
            kept_house.heard(kept, LEAKS, f"take {number}".encode())

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        for number in range(5):
            made = write(kept, tmp_path / f"{number}.tar")
            restored = restore(empty, tmp_path / f"{number}.tar", force=True)
            assert made.missing == restored.missing == ()
            assert len(empty.library.episodes(Filters())) == 3
    finally:
        done.set()
        writer.join()


def test_jobs_stay_on_the_machine_that_does_them(kept: Kept, tmp_path: Path) -> None:
    made = write(kept, tmp_path / "all.tar")

    assert not {"jobs", "workers"} & made.tables.keys()
    assert {*made.tables} == {*schema.metadata.tables} - {"jobs", "workers"}


def test_what_is_damaged_or_missing_is_left_out_and_told(kept: Kept, tmp_path: Path) -> None:
    leaks, costs = (kept.library.episode(each.episode.id) for each in (LEAKS, COSTS))
    kept.damage(str(leaks.audio))
    kept.library.artefacts.remove(str(costs.audio))

    made = write(kept, tmp_path / "all.tar")

    assert made.missing == tuple(sorted([str(leaks.audio), str(costs.audio)]))
    assert not {*made.missing} & {*made.artefacts}


def test_every_type_of_column_travels() -> None:
    kinds = {type(column.type) for table in schema.metadata.tables.values() for column in table.c}

    assert kinds <= {sa.String, sa.Text, sa.Integer, sa.Float, sa.Boolean, sa.JSON, sa.Date}


# Writing


def test_a_file_that_is_there_is_only_replaced_when_asked(kept: Kept, tmp_path: Path) -> None:
    file = tmp_path / "all.tar"
    file.write_bytes(b"precious")

    with pytest.raises(LibraryError, match="is there already"):
        write(kept, file)
    assert file.read_bytes() == b"precious"

    write(kept, file, force=True)
    assert tarfile.is_tarfile(file)


def test_a_place_that_cannot_be_written_is_told(kept: Kept, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="no such file"):
        write(kept, tmp_path / "nowhere" / "all.tar")


def test_nothing_but_the_archive_is_left_beside_it(kept: Kept, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    write(kept, folder / "all.tar")

    assert [each.name for each in folder.iterdir()] == ["all.tar"]


# Restoring into what is not empty


def test_a_library_that_is_not_empty_is_left_alone(archive: Path, empty: Kept) -> None:
    Subscriptions(empty.library).follow("https://a.example/feed.xml")

    with pytest.raises(LibraryError, match="is not empty"):
        restore(empty, archive)
    assert empty.library.episodes(Filters()) == []
    assert empty.files == set()


def test_with_force_it_takes_the_place_of_all_that_was_there(archive: Path, empty: Kept) -> None:
    kept_house.heard(empty, LEAKS, b"another recording")
    other = str(empty.library.episode(LEAKS.episode.id).audio)
    list(empty.indexes.catch_up())

    made = restore(empty, archive, force=True)

    assert empty.files == {*made.artefacts}
    assert other not in empty.files
    assert len(empty.library.episodes(Filters())) == 3


def test_indexes_of_the_library_before_find_themselves_behind(archive: Path, empty: Kept) -> None:
    empty.library.save(CLOSED)
    empty.library.save(kept_house.with_notes(LEAKS, "Other notes"))
    list(empty.indexes.catch_up())
    held, before = dict(empty.indexes.words.held()), empty.library.revision()

    restore(empty, archive, force=True)

    assert empty.library.revision() > before
    now = empty.library.revisions()
    assert not [each for each, revision in held.items() if now[each] == revision]
    assert max(now.values()) <= empty.library.revision()


# Bad archives


def changed(
    archive: Path, change: Callable[[tarfile.TarInfo, bytes], list[tuple[tarfile.TarInfo, bytes]]]
) -> Path:
    """Write an archive anew, each member as `change` gives it."""
    bad = archive.with_name("bad.tar")
    with tarfile.open(archive) as old, tarfile.open(bad, "w") as new:
        for member in old.getmembers():
            file = old.extractfile(member)
            assert file is not None
            for given, content in change(member, file.read()):
                given.size = len(content)
                new.addfile(given, io.BytesIO(content))
    return bad


def refused(kept: Kept, archive: Path, message: str) -> None:
    """Check that an archive is refused, and that nothing of it is in the library."""
    with pytest.raises(LibraryError, match=message):
        restore(kept, archive)
    assert rows(kept) == {name: [] for name in rows(kept)}


def link(name: str, kind: bytes, target: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


@pytest.mark.parametrize(
    "member",
    [
        tarfile.TarInfo("../../escaped"),
        tarfile.TarInfo("/tmp/absolute"),  # noqa: S108 - that is the attack
        tarfile.TarInfo("artefacts/../../escaped"),
        tarfile.TarInfo("artefacts/" + "A" * 64),
        tarfile.TarInfo("tables/../library.sqlite"),
        link("artefacts/" + "0" * 64, tarfile.SYMTYPE, "/etc/passwd"),
        link("artefacts/" + "0" * 64, tarfile.LNKTYPE, "manifest.json"),
        link("artefacts/" + "0" * 64, tarfile.CHRTYPE, ""),
        link("artefacts/" + "0" * 64, tarfile.FIFOTYPE, ""),
        link("artefacts", tarfile.DIRTYPE, ""),
    ],
    ids=lambda member: f"{member.name[:24]}-{member.type!r}",
)
def test_a_member_that_no_backup_holds_is_refused(
    archive: Path, empty: Kept, tmp_path: Path, member: tarfile.TarInfo
) -> None:
    with tarfile.open(archive, "a") as whole:
        whole.addfile(member)

    refused(empty, archive, "which no backup does")
    assert empty.files == set()
    assert not (tmp_path / "escaped").exists()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_an_archive_that_was_cut_off_is_refused(archive: Path, empty: Kept, share: float) -> None:
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content.rstrip(b"\0")) * share)])

    refused(empty, archive, "no backup, or was cut off")


def test_an_artefact_that_was_changed_is_refused(archive: Path, empty: Kept) -> None:
    def change(member: tarfile.TarInfo, content: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
        return [(member, content[::-1] if b"copy of a talk" in content else content)]

    refused(empty, changed(archive, change), "cut off or changed")


def test_a_table_that_was_changed_is_refused(archive: Path, empty: Kept) -> None:
    def change(member: tarfile.TarInfo, content: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
        other = gzip.compress(b'{"name": "Nobody"}')
        return [(member, other if member.name == "tables/names.jsonl.gz" else content)]

    refused(empty, changed(archive, change), "cut off or changed")


@pytest.mark.parametrize("name", ["manifest.json", "tables/passages.jsonl.gz", "artefacts/"])
def test_an_archive_that_lacks_a_member_is_refused(archive: Path, empty: Kept, name: str) -> None:
    dropped = list[str]()

    def change(member: tarfile.TarInfo, content: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
        if member.name.startswith(name) and not dropped:
            dropped.append(member.name)
            return []
        return [(member, content)]

    refused(empty, changed(archive, change), "cut off or changed")
    assert dropped


def forged(archive: Path, name: str, lines: bytes) -> Path:
    """Give a table other rows, and the manifest the hash that goes with them."""
    table = gzip.compress(lines)

    def change(member: tarfile.TarInfo, content: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
        if member.name == f"tables/{name}.jsonl.gz":
            return [(member, table)]
        if member.name == "manifest.json":
            manifest = json.loads(content)
            manifest["tables"][name]["sha256"] = hashlib.sha256(table).hexdigest()
            return [(member, json.dumps(manifest).encode())]
        return [(member, content)]

    return changed(archive, change)


@pytest.mark.parametrize(
    "lines",
    [
        b"no json\n",
        b"[1, 2]\n",
        b'{"name": "x", "value": 1, "drop": "it"}\n',
        b'{"name": {"a": 1}, "value": 1}\n',
        b'{"name": "revision", "value": "many"}\n',
        b'{"value": 1}\n',
        b"\xff\xfe\n",
    ],
)
def test_rows_that_do_not_fit_are_refused_and_nothing_is_changed(
    archive: Path, empty: Kept, lines: bytes
) -> None:
    refused(empty, forged(archive, "counter", lines), "no backup|cannot be used")


def test_an_archive_of_a_later_version_is_refused(archive: Path, empty: Kept) -> None:
    def change(member: tarfile.TarInfo, content: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
        later = content.replace(f'"{schema.VERSION}"'.encode(), b'"9999"')
        return [(member, later if member.name == "manifest.json" else content)]

    with pytest.raises(NewerLibraryError, match="a later version"):
        restore(empty, changed(archive, change))


def test_a_file_that_is_not_there_is_not_found(empty: Kept, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="is not there"):
        restore(empty, tmp_path / "gone.tar")


# Killed


@pytest.mark.parametrize("moment", range(0, 32, 4))
def test_a_restore_that_is_killed_leaves_no_half_library(
    archive: Path, tmp_path: Path, moment: int
) -> None:
    """Die at one of the file operations on the way, then restore again."""
    home = tmp_path / "there"
    program = f"""
        import os, pathlib, signal
        from kb import backup
        from tests import kept_house
        kept, left = kept_house.sqlite(pathlib.Path({str(home)!r})), {moment}
        replace = pathlib.Path.replace
        def fatal(*given):
            global left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return replace(*given)
        pathlib.Path.replace = fatal
        backup._load = lambda *given, load=backup._load: (load(*given), fatal_later())
        def fatal_later():
            global left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        backup.restore(kept.library, kept.library.artefacts, pathlib.Path({str(archive)!r}), force=False)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        check=False,
    )
    kept = kept_house.sqlite(home)

    if done.returncode == -signal.SIGKILL:
        assert kept.library.episodes(Filters()) == []
        restore(kept, archive)
    else:
        assert done.returncode == 0, done.stderr.decode()
    assert len(kept.library.episodes(Filters())) == 3
    assert not [name for name in kept.files if len(name) != 64 and not name.startswith(".part-")]
    kept.library.close()
