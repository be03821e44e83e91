"""What adding something will take on this machine, said before it is begun."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from ingest.identification import identified
from ingest.memo import Memo
from kb.models import Tier

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ingest.ports import Found
    from kb.models import Episode
    from kb.ports import Library

_HOUR = 3600.0
_MEDIA_BYTES = 16_000.0
"""A second of the publisher's file where nobody says its size: 128 kbit/s."""
_PLAYBACK_BYTES = 4_000.0
_DOCUMENT_BYTES = 3_000_000.0
"""What an hour of words takes with its passages, vectors and index entries."""


@dataclass(frozen=True, slots=True)
class Speed:
    """How long this machine took to hear so many seconds of audio."""

    audio: float
    took: float


_SPEED = TypeAdapter(Speed)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is to be done: episodes, those of them to be heard, and what that takes.

    `hours` is the audio to be heard, `unknown` how many of its episodes do not say how long they
    are; `seconds` is the time on this machine, None before anything was ever heard on it; `disk`
    is in bytes.
    """

    episodes: int
    known: int
    heard: int
    hours: float
    unknown: int
    seconds: float | None
    disk: float


def estimate(found: Iterable[Found], library: Library, *, transcriber: str) -> Estimate:
    """Add up what each found episode needs beyond what the library has of it."""
    every = [(each, *identified(each, library)) for each in found]
    due = [episode for each, known, episode in every if _to_hear(each, known)]
    fetched = [episode.duration for each, known, episode in every if _to_fetch(each, known)]
    lengths = [episode.duration for episode in due if episode.duration is not None]
    seconds = sum(lengths)
    speed = recall_speed(library, transcriber)
    return Estimate(
        episodes=len(every),
        known=sum(1 for _, known, _ in every if known is not None),
        heard=len(due),
        hours=seconds / _HOUR,
        unknown=len(due) - len(lengths),
        seconds=None if speed is None else seconds * speed.took / speed.audio,
        disk=(_MEDIA_BYTES + _PLAYBACK_BYTES) * sum(filter(None, fetched))
        + _DOCUMENT_BYTES * sum(episode.duration or _HOUR for *_, episode in every) / _HOUR,
    )


def recall_speed(library: Library, transcriber: str) -> Speed | None:
    """Give how fast this transcriber was here, None where it never heard anything."""
    return Memo(library, _SPEED).recall(_recipe(transcriber))


def remember_speed(library: Library, transcriber: str, speed: Speed) -> None:
    """Keep the speed of the last episode that was heard whole."""
    Memo(library, _SPEED).remember(_recipe(transcriber), speed)


def _to_hear(found: Found, known: Episode | None) -> bool:
    written = found.transcript is not None or (known and Tier.TRANSCRIPT in known.tiers)
    return _to_fetch(found, known) and not written


def _to_fetch(found: Found, known: Episode | None) -> bool:
    return found.media is not None and not (known and known.audio)


def _recipe(transcriber: str) -> str:
    return f"speed|{transcriber}"
