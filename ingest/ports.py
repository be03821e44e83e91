"""What `ingest` needs from outside, and the values that travel along its road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kb.models import (  # noqa: TC001 - `Heard` and `Found` are saved and read by annotations
    Brief,
    Episode,
    Notes,
    Segment,
    Transcript,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

SAMPLE_RATE = 16_000
"""Samples per second of all audio inside `ingest`: what Whisper was trained on."""


@dataclass(frozen=True, slots=True)
class Found:
    """An episode that a source holds, with whatever documents came along.

    `media` is a local path or an http(s) address of its audio or video, None where there is none;
    `sha256:…` where it is kept already. `also` holds further keys that the episode may be known by,
    `to` the id of the episode of the library that a person says it is.
    """

    episode: Episode
    transcript: Transcript | None = None
    notes: Notes | None = None
    brief: Brief | None = None
    media: str | None = None
    also: tuple[str, ...] = ()
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of decoded audio: mono float32 at `SAMPLE_RATE`, from `start` seconds on."""

    start: float
    samples: Samples


@dataclass(frozen=True, slots=True)
class Heard:
    """What a transcriber made of one window; times count from the window's start.

    `doubted` are the (start, end) of what it heard and is not believed: silence, music, repetition.
    """

    segments: tuple[Segment, ...]
    language: str | None = None
    doubted: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """One line of news from a long piece of work. `fraction` is 0 to 1, None where unknown."""

    step: str
    message: str = ""
    fraction: float | None = None


class Source(Protocol):
    """Knows one kind of thing that can be added."""

    @property
    def name(self) -> str:
        """What it is called to a person: `RSS feed`, `WebVTT transcript`."""
        ...

    @property
    def remote(self) -> bool:
        """Whether it reads addresses itself; the others read files, fetched from theirs before."""
        ...

    def recognises(self, origin: str, head: bytes) -> bool:
        """Tell from the path or address and the first 64 KiB whether this is its kind."""
        ...

    def read(self, origin: str, *, latest: int) -> Iterator[Found]:
        """Read it; `latest` bounds the episodes of a feed, newest first.

        Raises:
            SourceError: it is damaged, or not what it looked like.
        """
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document from the network.

    `url` is where to ask next time: the address asked, or where permanent redirects (301, 308) led.
    `changed` is False where the server said that the kept copy is still good.
    """

    content: bytes
    url: str
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Kept:
    """A document kept for conditional requests, with its validators ("" where it has none)."""

    content: bytes
    url: str
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """How what is at an address begins: at most 64 KiB, its media type ("" if unsaid), its bytes.

    `url` is the address after all redirects, `length` None where the server does not say.
    """

    content: bytes
    kind: str
    length: int | None
    url: str


class HttpCache(Protocol):
    """Keeps documents and their validators between runs."""

    def recall(self, url: str) -> Kept | None: ...

    def remember(self, url: str, kept: Kept) -> None: ...


class Fetcher(Protocol):
    """The one place for network use: guarded, capped, polite.

    Raises:
        FetchError: refused address, failed connection, too large, bad status.
    """

    def get(self, url: str, *, limit: int = 32 * 2**20) -> Fetched:
        """Fetch a document into memory; asks only whether it changed where a copy is kept."""
        ...

    def peek(self, url: str) -> Head:
        """Fetch just the beginning, to see what it is."""
        ...

    def download(self, url: str, folder: Path, *, report: Callable[[float], None]) -> Path:
        """Save into `folder` under the content's hash; `report` is told the fraction done."""
        ...


class Transcriber(Protocol):
    """Hears one window of audio.

    Raises:
        WeightsError: the model is not here and cannot be had.
    """

    @property
    def name(self) -> str:
        """Engine, model and settings: what was heard under one name can be used again."""
        ...

    def transcribe(self, window: Window, *, hints: Sequence[str] = ()) -> Heard: ...
