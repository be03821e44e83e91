"""The one road from a source to a searchable episode. Each step's result is saved before the next.

What a step made is remembered under its recipe (the input's hash and the maker's name), so a road
that is walked again, after a kill or for the same source, takes up what is there. The library row
is written last: it is the commit point. Indexes follow it and can always catch up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from ingest import audio, sources
from ingest.ports import SAMPLE_RATE, Heard, Progress
from kb import identity, indexes, passages
from kb.errors import SourceError
from kb.models import Entry, Origin, Segment, Tier, Transcript

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from ingest.ports import Fetcher, Found, Source, Transcriber, Window
    from kb.models import Brief, Episode, Notes
    from kb.ports import Embedder, Library

_HEARD = TypeAdapter(Heard)
_HEAD = 65_536
"""Bytes of a file that the sources may look at to recognise it."""


@dataclass(frozen=True, slots=True)
class Added:
    """An episode at the end of the road; `changed` is False where everything was there already."""

    episode: Episode
    changed: bool


@dataclass(frozen=True, slots=True)
class Given:
    """What a person says about an episode that its source does not; empty means nothing said."""

    title: str | None = None
    show: str | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The road, with everything that works along it. `transcriber` is made when first needed."""

    library: Library
    sources: Sequence[Source]
    fetcher: Fetcher
    transcriber: Callable[[], Transcriber]
    embedder: Callable[[], Embedder]
    downloads: Path
    """Folder for files that are on their way; what a broken download left there is taken up."""

    def add(
        self, origin: str, *, latest: int = 5, given: Given | None = None
    ) -> Iterator[Progress | Added]:
        """Add whatever is at a path or address, telling of each step and each finished episode.

        Raises:
            SourceError: it is not there, or not anything that can be read.
            FetchError: it could not be fetched.
        """
        source = sources.recognise(origin, _head(origin), self.sources)
        yield Progress("read", f"{source.name}: {origin}")
        for found in source.read(origin, latest=latest):
            yield from self._add(found, given or Given())

    def _add(self, found: Found, given: Given) -> Iterator[Progress | Added]:
        known, episode = self._identified(found, given)
        documents = self._documents(known, found)
        if found.media is not None and episode.audio is None:
            episode = yield from self._recording(episode, found.media)
        if episode.audio is not None and Tier.TRANSCRIPT not in documents:
            documents[Tier.TRANSCRIPT] = yield from self._transcript(episode)
        yield Progress("index", episode.title)
        cut = [
            passage
            for tier, document in documents.items()
            for passage in passages.cut(episode.id, tier, document.segments)
        ]
        indexes.make_vectors(self.library, self.embedder(), episode, cut)
        held = tuple(tier for tier in Tier if tier in documents)
        entry = Entry(replace(episode, tiers=held), documents, tuple(cut))
        yield Added(entry.episode, changed=self.library.save(entry))

    def _identified(self, found: Found, given: Given) -> tuple[Episode | None, Episode]:
        """Settle which episode of the library this is, and bring together what is known of it."""
        if given.to is not None:
            wanted = self.library.episode(given.to)
            return wanted, _filled(wanted, found.episode)
        episode = _named(found.episode, given)
        known = self.library.episode_by_key(episode.key)
        if known is None:
            return None, episode
        measured = known.duration if known.audio else episode.duration
        return known, _filled(replace(episode, id=known.id, duration=measured), known)

    def _documents(
        self, known: Episode | None, found: Found
    ) -> dict[Tier, Transcript | Notes | Brief]:
        """Lay the documents that came along over those that the episode had."""
        brought: dict[Tier, Transcript | Notes | Brief | None] = {
            Tier.NOTES: found.notes,
            Tier.BRIEF: found.brief,
            Tier.TRANSCRIPT: found.transcript,
        }
        documents = dict[Tier, "Transcript | Notes | Brief"]()
        for tier, document in brought.items():
            chosen = document or (self.library.document(known.id, tier) if known else None)
            if chosen is not None:
                documents[tier] = chosen
        return documents

    def _recording(self, episode: Episode, media: str) -> Generator[Progress, None, Episode]:
        """Keep the audio, and a copy in which browsers can seek to the second."""
        sha256 = yield from self._kept(media)
        kept = self.library.artefacts.path(sha256)
        yield Progress("check", episode.title)
        facts = audio.probe(kept)
        return replace(
            episode,
            audio=sha256,
            playback=self._remembered(f"playback|{sha256}", lambda: self._playback(kept)),
            duration=facts.seconds or episode.duration,
            chapters=episode.chapters or facts.chapters,
            warnings=tuple(dict.fromkeys((*episode.warnings, *audio.check(kept)))),
        )

    def _kept(self, media: str) -> Generator[Progress, None, str]:
        """Give the hash of the kept audio, fetching it where it is an address."""
        if "://" not in media:
            audio.probe(Path(media))  # what is no audio is refused by its own name, and not kept
            return self.library.artefacts.put_file(Path(media))
        known = self.library.recall(f"fetched|{media}")
        if known is not None:
            return known
        yield Progress("fetch", media)
        path = self.fetcher.download(media, self.downloads, report=lambda _: None)
        sha256 = self._remembered(f"fetched|{media}", lambda: self.library.artefacts.put_file(path))
        path.unlink()
        return sha256

    def _playback(self, kept: Path) -> str:
        with TemporaryDirectory(prefix="soundproof-") as folder:
            copy = Path(folder) / "playback.webm"
            audio.playback(kept, copy)
            return self.library.artefacts.put_file(copy)

    def _transcript(self, episode: Episode) -> Generator[Progress, None, Transcript]:
        """Hear the audio window by window; a window that was heard before is not heard again."""
        transcriber = self.transcriber()
        segments, language = list[Segment](), None
        kept = self.library.artefacts.path(str(episode.audio))
        yield Progress("transcribe", episode.title, 0.0)
        for window in audio.windows(kept):
            recipe = f"heard|{episode.audio}|{window.start:.2f}|{transcriber.name}"
            heard = self._heard(recipe, transcriber, window)
            language = language or heard.language
            segments += [_later(segment, window.start) for segment in heard.segments]
            done = window.start + len(window.samples) / SAMPLE_RATE
            fraction = min(done / episode.duration, 1.0) if episode.duration else None
            yield Progress("transcribe", episode.title, fraction)
        return Transcript(tuple(segments), Origin("whisper", transcriber.name), language)

    def _heard(self, recipe: str, transcriber: Transcriber, window: Window) -> Heard:
        def hear() -> str:
            heard = transcriber.transcribe(window)
            return self.library.artefacts.put(_HEARD.dump_json(heard))

        kept = self.library.artefacts.path(self._remembered(recipe, hear))
        return _HEARD.validate_json(kept.read_bytes())

    def _remembered(self, recipe: str, make: Callable[[], str]) -> str:
        """Give the hash of what the recipe makes, making it only if it is not kept."""
        known = self.library.recall(recipe)
        if known is None:
            known = make()
            self.library.remember(recipe, known)
        return known


def _head(origin: str) -> bytes:
    """Read the beginning of a local file; an address has none yet."""
    if "://" in origin:
        return b""
    path = Path(origin)
    if path.is_dir():
        raise SourceError(
            f"{origin} is a folder", hint=f"Add its files one by one: soundproof add {origin}/*"
        )
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise SourceError(
            f"{origin} cannot be read: {(error.strerror or 'unknown').lower()}",
            hint="Check the path; give an address with https:// in front.",
        ) from error
    if not head:
        raise SourceError(f"{origin} is empty", hint="Is the download complete?")
    return head


def _named(episode: Episode, given: Given) -> Episode:
    """Apply the title and show that a person gave."""
    if given.show is not None:
        show = replace(episode.show, id=identity.slug(given.show), title=given.show)
        episode = replace(episode, show=show)
    if given.title is not None:
        named = identity.episode_id(episode.key, given.title)
        episode = replace(episode, title=given.title, id=named)
    return episode


def _filled(episode: Episode, other: Episode) -> Episode:
    """Fill what one account of an episode leaves open from the other."""
    gaps = {
        name: getattr(other, name)
        for name in (
            *("published", "duration", "link", "audio_url", "summary", "people", "chapters"),
            *("audio", "playback", "warnings"),
        )
        if not getattr(episode, name)
    }
    return replace(episode, **gaps)


def _later(segment: Segment, seconds: float) -> Segment:
    """Move a segment from its window's time to the episode's."""
    return replace(
        segment,
        start=None if segment.start is None else segment.start + seconds,
        end=None if segment.end is None else segment.end + seconds,
        words=tuple(
            replace(word, start=word.start + seconds, end=word.end + seconds)
            for word in segment.words
        ),
    )
