"""Artefacts behind any file system that fsspec knows: `s3://bucket/prefix` for several machines.

A folder on this machine holds a copy of whatever was used here, and gives the local paths; it may
be emptied at any time. What comes in is checked against its hash. A file takes its name only once
all of it is there: an object store's PUT does that by itself, elsewhere it is moved there.
"""

import hashlib
import re
import time
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import fsspec

from kb.artefacts import FolderArtefacts, Stored, is_hash, room_needed
from kb.errors import LibraryError, NotFoundError, SettingsError

_ATOMIC = {"s3", "s3a"}
"""Protocols whose PUT shows nothing before all of it is there."""
_ASIDE = "aside"
_LEFTOVER = re.compile(_ASIDE + r"/[0-9a-f]{32}")
_BLOCK = 2**20


class RemoteArtefacts:
    """An `ArtefactStore` at a URL, with copies in a local folder."""

    def __init__(self, url: str, cache: Path) -> None:
        """Connect; nothing is read yet.

        Raises:
            SettingsError: no such file system, or its package is not installed.
        """
        try:
            self._files, self._root = fsspec.url_to_fs(url, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise SettingsError(
                f"Artefacts cannot be kept at {url}: {error}",
                hint='Set SOUNDPROOF_ARTEFACTS_URL; S3 needs: pip install -e ".[s3]"',
            ) from error
        self._url = url
        self._cache = FolderArtefacts(cache)
        protocol = self._files.protocol
        self._atomic = not _ATOMIC.isdisjoint([protocol] if isinstance(protocol, str) else protocol)
        self._refusals: tuple[type[Exception], ...] = (OSError, *_refusals())

    def put(self, content: bytes) -> str:
        return self._sent(self._cache.put(content))

    def put_file(self, path: Path) -> str:
        return self._sent(self._cache.put_file(path))

    def take(self, sha256: str, source: IO[bytes]) -> None:
        self._cache.take(sha256, source)
        self._sent(sha256)

    def path(self, sha256: str) -> Path:
        try:
            return self._cache.path(sha256)
        except NotFoundError:
            if not is_hash(sha256):
                raise
        with self._opened(sha256) as source:
            self._cache.take(sha256, source)
        return self._cache.path(sha256)

    def held(self) -> Iterator[Stored]:
        for place, facts in self._listed():
            name = place.rpartition("/")[2]
            if is_hash(name) and place == self._place(name):
                yield Stored(name, int(facts["size"]), _modified(facts))

    def leftovers(self) -> Iterator[Stored]:
        kept = {each.name for each in self.held()}
        # A copy of what another machine deleted: nobody needs it any more.
        yield from (each for each in self._cache.held() if each.name not in kept)
        yield from self._cache.leftovers()
        for place, facts in self._listed():
            name = place.removeprefix(f"{self._root}/")
            if _LEFTOVER.fullmatch(name):
                yield Stored(name, int(facts["size"]), _modified(facts))

    def intact(self, sha256: str) -> bool:
        digest = hashlib.sha256()
        with self._opened(sha256) as source:
            while block := source.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest() == sha256

    def remove(self, name: str) -> int:
        remote = is_hash(name) or _LEFTOVER.fullmatch(name)
        freed = 0 if _LEFTOVER.fullmatch(name) else self._cache.remove(name)
        if not remote:
            return freed
        place = self._place(name) if is_hash(name) else f"{self._root}/{name}"
        with self._reached():
            if not self._files.exists(place):
                return freed
            size = int(self._files.size(place) or 0)
            self._files.rm_file(place)
        return size

    def _sent(self, sha256: str) -> str:
        """Upload what the cache holds, unless it is there."""
        place, kept = self._place(sha256), str(self._cache.path(sha256))
        with self._reached():
            if self._files.exists(place):
                return sha256
            if self._atomic:
                self._files.put_file(kept, place)
                return sha256
            aside = f"{self._root}/{_ASIDE}/{uuid.uuid4().hex}"
            for folder in (aside, place):
                self._files.makedirs(folder.rpartition("/")[0], exist_ok=True)
            self._files.put_file(kept, aside)
            self._files.mv(aside, place)
        return sha256

    def _listed(self) -> Iterator[tuple[str, Any]]:
        with self._reached():
            yield from self._files.find(self._root, detail=True).items()

    def _place(self, sha256: str) -> str:
        return f"{self._root}/{sha256[:2]}/{sha256}"

    @contextmanager
    def _opened(self, sha256: str) -> Generator[IO[bytes]]:
        with self._reached():
            try:
                source = self._files.open(self._place(sha256), "rb")
            except FileNotFoundError as error:
                raise NotFoundError(
                    f"No file is kept under {sha256[:12]}… at {self._url}",
                    hint="Add the episode again: what is missing is made anew.",
                ) from error
            with source:
                yield source

    @contextmanager
    def _reached(self) -> Generator[None]:
        """Turn what the file system says into our errors."""
        try:
            with room_needed(self._cache.folder):
                yield
        except self._refusals as error:
            raise LibraryError(
                f"Artefacts at {self._url} cannot be reached: {error}",
                hint="Check SOUNDPROOF_ARTEFACTS_URL and its credentials, then try again.",
            ) from error


def _refusals() -> tuple[type[Exception], ...]:
    """Give what S3's own client raises beside OSError, where it is installed."""
    try:
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - with the extra `s3` only
    except ImportError:
        return ()
    return (BotoCoreError,)


def _modified(facts: Any) -> float:  # noqa: ANN401 - each file system has its own
    """Give when a file was written; now where the file system does not say."""
    for name in ("LastModified", "mtime", "created"):
        value = facts.get(name)
        if isinstance(value, datetime):
            return value.timestamp()
        if isinstance(value, int | float):
            return float(value)
    return time.time()
