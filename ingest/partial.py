"""A download on its way: the bytes so far, and what says whether they are still current."""

import hashlib
import math
import os
import re
import shutil
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.exchange import Answer
from kb.errors import PassingFetchError

SUFFIXES = (".part", ".etag", ".lock")
"""What a download on its way leaves in its folder; no finished one is called so."""
WORKSHOP = "at-work-"
"""How folders begin in which something is made beside the downloads."""
_NAME = re.compile(r"[0-9a-f]{64}")
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")
_NOTE = re.compile(rb"([ -~]*)\n(\d{0,18})\n")
_SETTLED = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes that an answer brings: from `start` to before `stop`, of `total` in the file.

    None where the server does not say: then the file ends where the answer does.
    """

    start: int
    stop: int | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Partial:
    """The files `<name>.part` and `<name>.etag`, from which any process can go on."""

    folder: Path
    name: str

    @property
    def data(self) -> Path:
        """Where the bytes so far are."""
        return self.folder / f"{self.name}.part"

    @property
    def held(self) -> int:
        """How many bytes there are so far."""
        return self.data.stat().st_size if self.data.is_file() else 0

    @property
    def complete(self) -> bool:
        """Whether all bytes are here that were announced."""
        return self.held > 0 and self.held == self._noted()[1]

    @contextmanager
    def owned(self) -> Generator[None]:
        """Keep other processes off: two writers would interleave."""
        lock = self.folder / f"{self.name}.lock"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(lock, timeout=0):
                yield
                lock.unlink(missing_ok=True)
        except Timeout as error:
            raise PassingFetchError(
                "This file is being downloaded by another process", hint="Let that one finish."
            ) from error

    def headers(self) -> dict[str, str]:
        """Give the request headers that ask for the missing rest; none where all is missing."""
        validator, _ = self._noted()
        if not (self.held and validator):
            return {}
        return {"Range": f"bytes={self.held}-", "If-Range": validator}

    def begin(self, answer: Answer) -> Part | None:
        """Make ready for what an answer brings; 0 is its start where all begins anew.

        None where it does not fit what is held, which is then dropped.
        """
        validator = _validator(answer.headers)
        if answer.status == HTTPStatus.OK:
            self._restart(validator, answer.length)
            return Part(0, answer.length, answer.length)
        part = self._continued(answer) if answer.status == HTTPStatus.PARTIAL_CONTENT else None
        if part is None or validator not in ("", self._noted()[0]):
            self.drop()
            return None
        return part

    def drop(self) -> None:
        """Forget the bytes so far: they are not to be trusted."""
        self.data.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def finish(self, suffix: str) -> Path:
        """Give the file its lasting name: the sha256 of its content."""
        with self.data.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        lasting = self.folder / f"{sha256}{suffix}"
        self.data.replace(lasting)
        self._note.unlink(missing_ok=True)
        return lasting

    @property
    def _note(self) -> Path:
        return self.folder / f"{self.name}.etag"

    def _noted(self) -> tuple[str, int | None]:
        """Read the validator and the total; a note that was cut off while written says nothing."""
        found = _NOTE.fullmatch(self._note.read_bytes()) if self._note.is_file() else None
        if not found:
            return "", None
        return found[1].decode("ascii"), int(found[2]) if found[2] else None

    def _restart(self, validator: str, total: int | None) -> None:
        with self.data.open("wb") as file:
            os.fsync(file.fileno())
        # Only now: a validator beside older bytes would vouch for the wrong ones.
        self._note.write_text(f"{validator}\n{'' if total is None else total}\n", "ascii")

    def _continued(self, answer: Answer) -> Part | None:
        """Give the part that an answer says it is, if it goes on where we are and adds up."""
        found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if not found:
            return None
        noted, start, stop = self._noted()[1], int(found[1]), int(found[2]) + 1
        total = noted if found[3] == "*" else int(found[3])
        if total is None or noted not in (None, total) or answer.length not in (None, stop - start):
            return None
        return Part(start, stop, total) if self.held == start < stop <= total else None


def tidy(folder: Path, *, older_than: timedelta = timedelta(days=7)) -> tuple[Path, ...]:
    """Remove what nobody goes on with, downloads and killed work, and say what went."""
    latest = time.time() - older_than.total_seconds()
    left: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*")):
        if path.suffix in SUFFIXES and _NAME.fullmatch(path.stem):
            left.setdefault(path.stem, []).append(path)
    gone: list[Path] = []
    for name, paths in left.items():
        if _touched(paths) < latest:
            gone += _removed(folder / f"{name}.lock", paths)
    for left_over in folder.glob(f"{WORKSHOP}*"):
        if _touched([left_over]) < latest:
            shutil.rmtree(left_over, ignore_errors=True)
            gone.append(left_over)
    return tuple(gone)


def _touched(paths: list[Path]) -> float:
    try:
        return max(path.stat().st_mtime for path in paths)
    except FileNotFoundError:  # just now somebody finished it
        return math.inf


def _removed(lock: Path, paths: list[Path]) -> list[Path]:
    """Remove the files of one download, unless it is being gone on with."""
    try:
        with FileLock(lock, timeout=0):
            for path in paths:
                path.unlink(missing_ok=True)
            lock.unlink(missing_ok=True)
    except Timeout:
        return []
    return paths


def _validator(headers: Mapping[str, str]) -> str:
    """Give what If-Range may compare (RFC 9110, section 13.1.5): no weak tag, no fresh date.

    A file that was changed twice within the second of its date has one date for two contents.
    """
    tag = headers.get("ETag", "")
    if tag and not tag.startswith("W/"):
        return tag
    modified = headers.get("Last-Modified", "")
    try:
        age = parsedate_to_datetime(headers.get("Date", "")) - parsedate_to_datetime(modified)
    except (ValueError, TypeError, OverflowError):
        return ""
    return modified if age >= _SETTLED else ""
