"""What people add in the app: looked at beside the pages, then queued; nobody waits in a page."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO

from filelock import FileLock, Timeout

from ingest.ports import Progress
from kb.artefacts import room_needed
from kb.errors import SoundproofError, SourceError
from ui.errands import Errands

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from concurrent.futures import Future

    from ingest.finding import Given
    from ui.ports import Finder, Taker

MOST_MB = 500
"""Largest file that can be sent through the browser: until it is written it is held in memory."""
_LONGEST_TEXT = 5_000_000
"""Characters of pasted text: ten hours of speech are about 600,000."""
_NAME = 60
_AT_ONCE = 2
_SHOWN = 20


class Stage(StrEnum):
    """Where a look at something stands."""

    LOOKING = "looking"
    QUEUED = "queued"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Look:
    """One thing that a person wants added: what it is called, how many episodes it held, or why not."""

    number: int
    origin: str
    stage: Stage = Stage.LOOKING
    found: int = 0
    reason: str = ""
    hint: str = ""


class Intake:
    """Finds what was given and queues each episode, in threads that no page waits for.

    What people send is kept under `folder` until it is queued. A look does not outlive the
    process: it takes seconds, and what it queued stays queued.
    """

    def __init__(
        self, find: Callable[[], Finder], queue: Callable[[], Taker], folder: Path
    ) -> None:
        self._find = find
        self._queue = queue
        self._folder = folder
        self._alone = FileLock(folder.with_name(f"{folder.name}.lock"))
        self._turn, self._queueing = Lock(), Lock()
        self._looks: dict[int, Look] = {}
        self._errands = Errands("intake", at_once=_AT_ONCE)

    def tidy(self) -> None:
        """Throw away what a killed process left behind, unless another one is at work there."""
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._alone.acquire(timeout=0)  # kept for as long as this process lives
        except Timeout:
            return
        shutil.rmtree(self._folder, ignore_errors=True)

    def address(self, url: str, given: Given, *, latest: int) -> Look:
        """Take a link, a feed or a page.

        Raises:
            SourceError: it is no address: a path of this machine is never read for a page.
        """
        wanted = url.strip()
        if not re.match(r"https?://[^\s/]+", wanted, re.IGNORECASE):
            raise SourceError(
                "That is not an address", hint="Addresses begin with https:// or http://."
            )
        return self._take(wanted, wanted, given, latest=latest)

    def files(self, sent: Sequence[tuple[str, BinaryIO]], given: Given) -> None:
        """Take files that were sent together: a title is one file's, several keep their own.

        Raises:
            DiskFullError: no room to keep them.
        """
        said = given if len(sent) == 1 else replace(given, title=None)
        for name, content in sent:
            self.file(name, content, said)

    def file(self, name: str, content: BinaryIO, given: Given) -> Look:
        """Take a file that came through the browser; its name is a title, never a path.

        Raises:
            DiskFullError: no room to keep it.
        """
        called = filename(name)
        with self._room() as folder, (folder / called).open("wb") as kept:
            shutil.copyfileobj(content, kept)
        return self._take(str(folder / called), called, given, folder=folder)

    def text(self, text: str, given: Given) -> Look:
        """Take a transcript or show notes that were pasted.

        Raises:
            SourceError: nothing was pasted, or too much, or it has no title.
            DiskFullError: no room to keep it.
        """
        title = (given.title or "").strip()
        if not text.strip() or not title:
            raise SourceError(
                "A pasted text needs a title and words", hint="Fill both in, then add it."
            )
        if len(text) > _LONGEST_TEXT:
            raise SourceError("That is too long to paste", hint="Send it as a file.")
        called = filename(f"{title}.txt")
        with self._room() as folder:
            (folder / called).write_text(text, encoding="utf-8")
        return self._take(str(folder / called), title, given, folder=folder)

    def looks(self) -> tuple[Look, ...]:
        """Give what was taken lately, newest first."""
        with self._turn:
            return tuple(reversed(self._looks.values()))

    def settle(self) -> None:
        """Wait until everything that was taken has been looked at."""
        self._errands.settle()

    @contextmanager
    def _room(self) -> Generator[Path]:
        """Make a folder for one thing; it is gone again where that cannot be kept."""
        with room_needed(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            folder = Path(mkdtemp(dir=self._folder))
            try:
                yield folder
            except OSError:
                shutil.rmtree(folder, ignore_errors=True)
                raise

    def _take(
        self, origin: str, called: str, given: Given, *, latest: int = 1, folder: Path | None = None
    ) -> Look:
        with self._turn:
            number = max(self._looks, default=0) + 1
            look = self._looks[number] = Look(number, called)
            for old in list(self._looks)[:-_SHOWN]:
                del self._looks[old]
        doing = self._errands.begin(partial(self._done, origin, given, latest))
        doing.add_done_callback(lambda done: self._ended(number, done, folder))
        return look

    def _done(self, origin: str, given: Given, latest: int) -> int:
        """Queue every episode at a place, and give how many there were."""
        count = 0
        for found in self._find()(origin, latest=latest, given=given):
            if isinstance(found, Progress):
                continue
            # Whoever only looks does not wait for this: a recording is packed whole.
            with self._queueing:
                self._queue().send(found)
            count += 1
        return count

    def _ended(self, number: int, done: Future[int], folder: Path | None) -> None:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        with self._turn:
            look = self._looks.get(number)
            if look is not None:
                self._looks[number] = _judged(look, done)


def _judged(look: Look, done: Future[int]) -> Look:
    fault = done.exception()
    if fault is None:
        count = done.result()
        reason = "" if count else "There is no episode in it"
        return replace(look, stage=Stage.QUEUED, found=count, reason=reason)
    hint = fault.hint if isinstance(fault, SoundproofError) else "The server's output has more."
    known = str(fault) if isinstance(fault, SoundproofError) else type(fault).__name__
    return replace(look, stage=Stage.FAILED, reason=known, hint=hint)


def filename(name: str) -> str:
    r"""Make a harmless file name that still reads as a title.

    >>> filename("../../etc/Pass wd!.TXT"), filename("C:\\talks\\Évals.mp3"), filename("..")
    ('Pass wd.txt', 'Évals.mp3', 'untitled')
    """
    path = PurePosixPath(name.replace("\\", "/").replace("\0", "")).name
    stem, dot, suffix = path.rpartition(".")
    kind = f".{suffix.lower()}" if dot and re.fullmatch(r"[A-Za-z0-9]{1,5}", suffix) else ""
    words = re.sub(r"[^\w -]+", "", stem if kind else path)
    return f"{' '.join(words.split())[:_NAME].strip() or 'untitled'}{kind}"
