"""What `ingest` needs from outside, and the values that travel along its road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kb.models import Segment  # noqa: TC001 - `Heard` is saved and read by its annotations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from kb.models import Brief, Episode, Notes, Transcript

    Samples = NDArray[np.float32]

SAMPLE_RATE = 16_000
"""Samples per second of all audio inside `ingest`: what Whisper was trained on."""


@dataclass(frozen=True, slots=True)
class Found:
    """An episode that a source holds, with whatever documents came along.

    `media` is a local path or an http(s) address of its audio or video, None where there is none.
    """

    episode: Episode
    transcript: Transcript | None = None
    notes: Notes | None = None
    brief: Brief | None = None
    media: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of decoded audio: mono float32 at `SAMPLE_RATE`, from `start` seconds on."""

    start: float
    samples: Samples


@dataclass(frozen=True, slots=True)
class Heard:
    """What a transcriber made of one window; times count from the window's start."""

    segments: tuple[Segment, ...]
    language: str | None = None


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

    def recognises(self, origin: str, head: bytes) -> bool:
        """Tell from the path or address and the first 64 KiB whether this is its kind."""
        ...

    def read(self, origin: str, *, latest: int) -> Iterator[Found]:
        """Read it; `latest` bounds the episodes of a feed, newest first.

        Raises:
            SourceError: it is damaged, or not what it looked like.
        """
        ...


class Fetcher(Protocol):
    """The one place for network use: guarded, capped.

    Raises:
        FetchError: refused address, failed connection, too large, bad status.
    """

    def text(self, url: str, *, limit: int = 32 * 2**20) -> bytes: ...

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
