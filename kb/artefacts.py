"""Files kept under the sha256 of their content: audio, documents, vectors."""

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from kb.errors import DiskFullError, NotFoundError
from kb.ports import Artefacts

_NAME = re.compile(r"[0-9a-f]{64}")
_ASIDE = ".part-"
_LEFTOVER = re.compile(r"[0-9a-f]{2}/\.part-\w+")
_BLOCK = 2**20
FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as its store lists it; `modified` in seconds since 1970."""

    name: str
    size: int
    modified: float


class ArtefactStore(Artefacts, Protocol):
    """Artefacts that can be looked after: counted, checked, taken over and removed."""

    def held(self) -> Iterator[Stored]:
        """Yield everything that is kept; the name is the hash."""
        ...

    def leftovers(self) -> Iterator[Stored]:
        """Yield what killed writes left, under names that `remove` takes."""
        ...

    def intact(self, sha256: str) -> bool:
        """Tell whether the content still is what its name says."""
        ...

    def take(self, sha256: str, source: IO[bytes]) -> None:
        """Keep a stream that must have this hash.

        Raises:
            NotFoundError: it has another; nothing is kept.
        """
        ...

    def remove(self, name: str) -> int:
        """Remove an artefact or a leftover and give the bytes freed; 0 where it was gone."""
        ...


def is_hash(name: str) -> bool:
    """Tell whether a name can be an artefact's."""
    return _NAME.fullmatch(name) is not None


@contextmanager
def room_needed(folder: Path) -> Generator[None]:
    """Turn "no space left" inside the block into an error a person can act on."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise disk_full(folder) from error
        raise


def disk_full(folder: Path | str) -> DiskFullError:
    """Word the error for a full disk."""
    return DiskFullError(
        f"The disk that holds {folder} is full; nothing that was saved is lost",
        hint="Make room and run the same command again: it goes on where it stopped.",
    )


@dataclass(frozen=True, slots=True)
class FolderArtefacts:
    """Artefacts in a local folder, `ab/abcd…`; written aside, synced and renamed, so never half."""

    folder: Path

    def put(self, content: bytes) -> str:
        """Keep some bytes and give their sha256."""
        sha256 = hashlib.sha256(content).hexdigest()
        if not self._wanted_again(sha256):
            with self._aside(sha256) as file:
                file.write(content)
        return sha256

    def put_file(self, path: Path) -> str:
        """Keep a copy of a file and give its sha256."""
        with path.open("rb") as source:
            sha256 = hashlib.file_digest(source, "sha256").hexdigest()
            if not self._wanted_again(sha256):
                source.seek(0)
                with self._aside(sha256) as file:
                    shutil.copyfileobj(source, file, _BLOCK)
        return sha256

    def take(self, sha256: str, source: IO[bytes]) -> None:
        """Keep a stream that must have this hash.

        Raises:
            NotFoundError: it has another; nothing is kept.
        """
        digest = hashlib.sha256()
        with self._aside(sha256) as file:
            while block := source.read(_BLOCK):
                digest.update(block)
                file.write(block)
            if digest.hexdigest() != sha256:
                raise NotFoundError(
                    f"What should be kept under {sha256[:12]}… is damaged where it comes from",
                    hint="`soundproof verify` finds what is damaged here.",
                )

    def path(self, sha256: str) -> Path:
        """Give the path of what is kept under a hash.

        Raises:
            NotFoundError: nothing is, or it is no hash.
        """
        place = self._place(sha256) if is_hash(sha256) else None
        if place is None or not place.is_file():
            raise NotFoundError(
                f"No file is kept under {sha256[:12]}…",
                hint="Add the episode again: what is missing is made anew.",
            )
        return place

    def held(self) -> Iterator[Stored]:
        """Yield everything that is kept."""
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            if is_hash(path.name):
                yield from _stored(path, path.name)

    def leftovers(self) -> Iterator[Stored]:
        """Yield what killed writes left."""
        for path in self.folder.glob(f"*/{_ASIDE}*"):
            yield from _stored(path, f"{path.parent.name}/{path.name}")

    def intact(self, sha256: str) -> bool:
        """Tell whether the content still is what its name says."""
        with self.path(sha256).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256

    def remove(self, name: str) -> int:
        """Remove an artefact or a leftover and give the bytes freed; 0 where it was gone."""
        place = self._place(name) if is_hash(name) else self.folder / name
        if not is_hash(name) and not _LEFTOVER.fullmatch(name):
            raise NotFoundError(f"{name} is no artefact", hint="Give a hash that is kept.")
        size = sum(each.size for each in _stored(place, name))
        place.unlink(missing_ok=True)
        return size

    def _wanted_again(self, sha256: str) -> bool:
        """Tell whether it is here already, and make it young: what nothing names goes by age."""
        try:
            os.utime(self._place(sha256))
        except FileNotFoundError:
            return False
        return True

    def _place(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    @contextmanager
    def _aside(self, sha256: str) -> Generator[IO[bytes]]:
        place = self._place(sha256)
        with room_needed(self.folder):
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=place.parent, prefix=_ASIDE)
            try:
                with os.fdopen(handle, "wb") as file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(place)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise


def _stored(path: Path, name: str) -> Iterator[Stored]:
    """Yield what is at a path; nothing where another process has just moved it away."""
    with suppress(FileNotFoundError):
        facts = path.stat()
        yield Stored(name, facts.st_size, facts.st_mtime)
