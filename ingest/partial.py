"""A download on its way: the bytes so far, and the validator that says they are still current."""

import hashlib
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from filelock import FileLock, Timeout

from kb.errors import FetchError


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
    def _validator(self) -> Path:
        return self.folder / f"{self.name}.etag"

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
            raise FetchError(
                "This file is being downloaded by another process", hint="Let that one finish."
            ) from error

    def headers(self) -> dict[str, str]:
        """Give the request headers that ask for the missing rest; none where all is missing."""
        if not (self.data.is_file() and self._validator.is_file()):
            return {}
        held, validator = self.data.stat().st_size, self._validator.read_text()
        return {"Range": f"bytes={held}-", "If-Range": validator} if held and validator else {}

    def begin(self, status: int, headers: Mapping[str, str]) -> int | None:
        """Give the number of bytes that the answer adds to: 0 for a new start.

        None where it does not fit what is held, which is then dropped.
        """
        validator = _validator(headers)
        if status == HTTPStatus.OK:
            self.data.write_bytes(b"")
            # Only now: a validator beside older bytes would vouch for the wrong ones.
            self._validator.write_text(validator)
            return 0
        held = self.data.stat().st_size
        starts_there = headers.get("Content-Range", "").startswith(f"bytes {held}-")
        if starts_there and validator in ("", self._validator.read_text()):
            return held
        self.data.unlink()
        return None

    def finish(self, suffix: str) -> Path:
        """Give the file its lasting name: the sha256 of its content."""
        with self.data.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        lasting = self.folder / f"{sha256}{suffix}"
        self.data.replace(lasting)
        self._validator.unlink(missing_ok=True)
        return lasting


def _validator(headers: Mapping[str, str]) -> str:
    """Give what If-Range may compare; a weak tag must not be (RFC 9110, section 13.1.5)."""
    tag = headers.get("ETag", "W/")
    return headers.get("Last-Modified", "") if tag.startswith("W/") else tag
