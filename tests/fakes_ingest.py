"""Fakes of the ports in `ingest.ports`, and of the `Briefer` that works for it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ingest import heard
from ingest.ports import SAMPLE_RATE, Fetched, Found, Head, Heard, Kept, Window
from kb.errors import FetchError, TooLongError, WriterError
from kb.gists import Gist, Summary, Used
from kb.models import Word


@dataclass(frozen=True, slots=True)
class FakeTranscriber:
    """Hears its text, evenly spoken, in every window that is not silent."""

    text: str = "Evals come first. Then the model!"
    name: str = "fake transcriber"

    def transcribe(self, window: Window, *, hints: Sequence[str] = ()) -> Heard:
        del hints
        if not window.samples.any():
            return Heard(())
        words = self.text.split()
        times = np.linspace(0, len(window.samples) / SAMPLE_RATE, len(words) + 1).tolist()
        spoken = tuple(
            Word(f" {word}", start, end)
            for word, start, end in zip(words, times, times[1:], strict=False)
        )
        stretch = heard.Stretch(spoken, silence=0, confidence=0, repetition=1)
        return Heard(heard.segments([stretch]), "en")


@dataclass(frozen=True, slots=True)
class FakeFetcher:
    """A network of a few addresses; all others cannot be reached."""

    pages: Mapping[str, bytes] = field(default_factory=dict[str, bytes])

    def get(self, url: str, *, limit: int = 32 * 2**20) -> Fetched:
        return Fetched(self._page(url)[:limit], url)

    def peek(self, url: str) -> Head:
        page = self._page(url)
        return Head(page[:65_536], "", len(page), url)

    def download(self, url: str, folder: Path, *, report: Callable[[float], None]) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "fetched"
        path.write_bytes(self._page(url))
        report(1.0)
        return path

    def _page(self, url: str) -> bytes:
        if url not in self.pages:
            raise FetchError(f"{url} cannot be reached", hint="Go online.")
        return self.pages[url]


@dataclass(frozen=True, slots=True)
class FakeHttpCache:
    """Keeps documents in memory."""

    held: dict[str, Kept] = field(default_factory=dict[str, Kept])

    def recall(self, url: str) -> Kept | None:
        return self.held.get(url)

    def remember(self, url: str, kept: Kept) -> None:
        self.held[url] = kept


@dataclass(frozen=True, slots=True)
class FakeSource:
    """Knows everything, and finds the same in it."""

    found: tuple[Found, ...] = ()
    name: str = "fake source"
    remote: bool = False

    def recognises(self, origin: str, head: bytes) -> bool:
        del origin, head
        return True

    def read(self, origin: str, *, latest: int) -> Iterator[Found]:
        del origin
        yield from self.found[:latest]


@dataclass(slots=True)
class FakeBriefer:
    """Reads what it was told to, up to `room` words at once; each failure happens once, first."""

    gist: Gist = field(default_factory=Gist)
    summary: Summary = field(default_factory=Summary)
    failures: list[WriterError] = field(default_factory=list[WriterError])
    room: int = 10_000
    holds: int = 10_000
    """Words that it can truly take in."""
    name: str = "fake briefer"
    asked: list[Sequence[str]] = field(default_factory=list[Sequence[str]])

    @property
    def used(self) -> Used:
        return Used(10 * len(self.asked), len(self.asked), len(self.asked))

    def read(self, sentences: Sequence[str]) -> Gist:
        self.asked.append(sentences)
        if sum(len(each.split()) for each in sentences) > self.holds:
            raise TooLongError("Too long for a fake", hint="Halve it.")
        if self.failures:
            raise self.failures.pop(0)
        return self.gist

    def sum_up(self, title: str, points: Sequence[str]) -> Summary:
        self.asked.append((title, *points))
        return self.summary
