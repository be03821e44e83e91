"""Files kept under the sha256 of their content: audio, documents, vectors."""

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kb.errors import DiskFullError, NotFoundError

_NAME = re.compile(r"[0-9a-f]{64}")
FULL = (errno.ENOSPC, errno.EDQUOT)


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
        if not self._place(sha256).exists():
            with self._aside(sha256) as file:
                file.write(content)
        return sha256

    def put_file(self, path: Path) -> str:
        """Keep a copy of a file and give its sha256."""
        with path.open("rb") as source:
            sha256 = hashlib.file_digest(source, "sha256").hexdigest()
            if not self._place(sha256).exists():
                source.seek(0)
                with self._aside(sha256) as file:
                    shutil.copyfileobj(source, file, 2**20)
        return sha256

    def path(self, sha256: str) -> Path:
        """Give the path of what is kept under a hash.

        Raises:
            NotFoundError: nothing is, or it is no hash.
        """
        place = self._place(sha256) if _NAME.fullmatch(sha256) else None
        if place is None or not place.is_file():
            raise NotFoundError(
                f"No file is kept under {sha256[:12]}…",
                hint="Add the episode again: what is missing is made anew.",
            )
        return place

    def _place(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    @contextmanager
    def _aside(self, sha256: str) -> Generator[IO[bytes]]:
        place = self._place(sha256)
        with room_needed(self.folder):
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=place.parent, prefix=".part-")
            try:
                with os.fdopen(handle, "wb") as file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(place)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
