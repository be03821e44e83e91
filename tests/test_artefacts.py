"""Artefacts: kept under their hash, whole or not at all."""

import errno
import hashlib
import io
import os
from pathlib import Path

import pytest

from kb.artefacts import FolderArtefacts
from kb.errors import DiskFullError, NotFoundError


def files(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.rglob("*") if each.is_file())


def test_content_is_kept_once_under_its_hash(tmp_path: Path) -> None:
    artefacts = FolderArtefacts(tmp_path / "kept")

    sha256 = artefacts.put(b"words")

    assert sha256 == artefacts.put(b"words") == hashlib.sha256(b"words").hexdigest()
    assert artefacts.path(sha256).read_bytes() == b"words"
    assert files(tmp_path) == [sha256]


def test_a_file_is_copied_and_stays_where_it_was(tmp_path: Path) -> None:
    artefacts, file = FolderArtefacts(tmp_path / "kept"), tmp_path / "talk.mp3"
    file.write_bytes(b"sound" * 1_000_000)

    sha256 = artefacts.put_file(file)

    assert artefacts.path(sha256).read_bytes() == file.read_bytes()
    assert sha256 == artefacts.put(file.read_bytes())


@pytest.mark.parametrize("name", ["0" * 64, "", "../../etc/passwd", "A" * 64, "a" * 63])
def test_what_is_not_kept_or_is_no_hash_is_not_found(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFoundError, match="No file is kept"):
        FolderArtefacts(tmp_path).path(name)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def full(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(DiskFullError) as refusal:
        FolderArtefacts(tmp_path).put(b"words")
    assert files(tmp_path) == []
    assert "Make room" in refusal.value.hint


def test_another_fault_of_the_disk_is_not_called_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "fsync", broken)

    with pytest.raises(OSError, match="broken"):
        FolderArtefacts(tmp_path).put(b"words")
    assert files(tmp_path) == []


def test_what_a_killed_write_left_is_listed_and_removed(tmp_path: Path) -> None:
    artefacts = FolderArtefacts(tmp_path)
    sha256 = artefacts.put(b"words")
    half = artefacts.path(sha256).with_name(".part-x1_y2")
    half.write_bytes(b"wor")

    [left] = artefacts.leftovers()

    assert (left.name, left.size) == (f"{sha256[:2]}/.part-x1_y2", 3)
    assert artefacts.remove(left.name) == 3
    assert files(tmp_path) == [sha256]


def test_what_is_put_again_is_young_again(tmp_path: Path) -> None:
    artefacts = FolderArtefacts(tmp_path)
    path = artefacts.path(artefacts.put(b"words"))
    os.utime(path, (0, 0))

    artefacts.put(b"words")

    assert path.stat().st_mtime > 0


def test_damage_is_seen_and_taking_the_whole_file_mends_it(tmp_path: Path) -> None:
    artefacts = FolderArtefacts(tmp_path)
    sha256 = artefacts.put(b"words")
    artefacts.path(sha256).write_bytes(b"swords")
    assert not artefacts.intact(sha256)

    artefacts.take(sha256, io.BytesIO(b"words"))

    assert artefacts.intact(sha256)
