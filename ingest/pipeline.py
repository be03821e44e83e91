"""The one road from a source to a searchable episode. Each step's result is saved before the next.

What a step made is remembered under its recipe (the input's hash and the maker's name), so a road
that is walked again, after a kill or for the same source, takes up what is there. The library row
is written last: it is the commit point. Indexes follow it and can always catch up.

A person's `add` walks the whole road; the worker walks it three times, each time a stretch further
(`fetch`, `hear`, `land`), so that each stretch can wait in a queue of its own.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from ingest import audio, finding
from ingest.audio import Survey
from ingest.estimate import Speed, remember_speed
from ingest.identification import identified, same_place, same_recording
from ingest.memo import Memo
from ingest.partial import WORKSHOP
from ingest.ports import SAMPLE_RATE, Found, Heard, Progress
from ingest.watched import watched
from kb import indexes, passages
from kb.errors import AudioError, FetchError, NotFoundError, SourceError
from kb.models import Entry, Health, Origin, Segment, Tier, Transcript
from kb.text import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from ingest.finding import Given
    from ingest.ports import Fetcher, Source, Transcriber
    from kb.models import Brief, Episode, Notes
    from kb.ports import Embedder, Library

_HEARD = TypeAdapter(Heard)
_FOUND = TypeAdapter(Found)
_SURVEY = TypeAdapter(Survey)
_TRANSCRIPT = TypeAdapter(Transcript)
_KEPT = "sha256:"
_WORTH_SAYING = 5.0


@dataclass(frozen=True, slots=True)
class Added:
    """An episode at the end of the road; `changed` is False where everything was there already."""

    episode: Episode
    changed: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """An episode that did not get to the end, and why; the others are not held up by it."""

    title: str
    error: SourceError | FetchError


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
    ) -> Iterator[Progress | Added | Failed]:
        """Add whatever is at a path or address, telling of each step and each finished episode.

        Raises:
            SourceError: it is not there, or not anything that can be read.
            FetchError: it could not be fetched.
        """
        for found in self.find(origin, latest=latest, given=given):
            if isinstance(found, Progress):
                yield found
                continue
            try:
                yield from self.land(found)
            except (SourceError, FetchError) as error:
                yield Failed(found.episode.title, error)

    def find(
        self, origin: str, *, latest: int = 5, given: Given | None = None
    ) -> Iterator[Progress | Found]:
        """Find out what is at a path or address, and give each episode it holds."""
        return finding.find(origin, self.sources, self.fetcher, latest=latest, given=given)

    # The stretches of the road

    def fetch(self, found: Found) -> Generator[Progress, None, Episode]:
        """Go as far as the audio: it is here, checked, and has a copy to play."""
        known, episode = identified(found, self.library)
        if found.media is None:
            return episode
        old = known.audio if known else None
        held = old if known and self._holds(known, found) else None
        sha256 = held or (yield from self._kept(found.media, found.episode, old))
        if known and (known.audio not in (None, sha256) or found.episode.duration):
            # It is judged anew: what was said of the recording before is not carried along.
            episode = replace(episode, warnings=found.episode.warnings, health=None)
        return (yield from self._recording(replace(episode, audio=sha256), found))

    def hear(self, found: Found) -> Generator[Progress, None, Episode]:
        """Go as far as the words: every window of the audio is heard, unless a transcript is here."""
        episode = yield from self.fetch(found)
        episode = same_recording(episode, self.library)
        if episode.audio is not None and self._spoken(episode, found) is None:
            yield from self._transcript(episode)
        return episode

    def land(self, found: Found) -> Iterator[Progress | Added]:
        """Go to the end: the episode is in the library."""
        episode = yield from self.hear(found)
        documents = self._documents(episode, found)
        if episode.audio is not None and Tier.TRANSCRIPT not in documents:
            documents[Tier.TRANSCRIPT] = yield from self._transcript(episode)
        episode = _remarked(episode, documents.get(Tier.TRANSCRIPT))
        yield Progress("index", episode.title)
        cut = [
            passage
            for tier, document in documents.items()
            for passage in passages.cut(episode.id, tier, document.segments)
        ]
        indexes.make_vectors(self.library, self.embedder(), episode, cut)
        yield Progress("save", episode.title)
        held = tuple(tier for tier in Tier if tier in documents)
        also = (found.episode.key, *found.also)
        entry = Entry(replace(episode, tiers=held), documents, tuple(cut), also)
        yield Added(entry.episode, changed=self.library.save(entry))

    # Parcels: what waits in a queue

    def pack(self, found: Found) -> str:
        """Keep what was found, and its local recording with it; give the hash to `unpack` it by.

        Raises:
            AudioError: the recording is none.
        """
        if found.media is not None and "://" not in found.media:
            found = replace(found, media=_KEPT + self._taken(found.media))
        return self.library.artefacts.put(_FOUND.dump_json(found))

    def unpack(self, sha256: str) -> Found:
        """Give back what was packed.

        Raises:
            NotFoundError: it is gone.
        """
        return _FOUND.validate_json(self.library.artefacts.path(sha256).read_bytes())

    # Steps

    def _holds(self, known: Episode, found: Found) -> bool:
        """Tell whether the audio that is meant is the one that the library has.

        A signed or rotating address is not a new recording: another address is only followed where
        what is there has another length, and so is its own where the recording looked incomplete.
        """
        media = str(found.media)
        if known.audio is None or "://" not in media:
            return False  # a file is looked at in any case
        try:
            held = self.library.artefacts.path(known.audio).stat().st_size
            here = same_place(media, known.audio_url or "")
            fits = (None, held) if here else (held,)
            return (here and known.health is not Health.SUSPECT) or (
                self.fetcher.peek(media).length in fits
            )
        except NotFoundError:
            return False
        except FetchError:
            return True  # what is here can be played; the next reading may find out

    def _recording(self, episode: Episode, found: Found) -> Generator[Progress, None, Episode]:
        """Check the kept audio, and make a copy in which browsers can seek to the second."""
        sha256 = str(episode.audio)
        kept = self.library.artefacts.path(sha256)
        yield Progress("check", episode.title)
        survey = self._surveyed(sha256, kept, found.episode.duration)
        if survey.health is Health.FAILED:
            self.library.forget(f"fetched|{found.media}")  # so that a retry fetches it anew
            raise AudioError(
                f"The audio of {episode.title} cannot be used: {'; '.join(survey.reasons)}",
                hint="Add it again: it is fetched anew. If that fails too, tell its publisher.",
            )
        return replace(
            episode,
            playback=self._playback(sha256, kept),
            duration=survey.seconds,
            chapters=episode.chapters or survey.facts.chapters,
            warnings=tuple(dict.fromkeys((*episode.warnings, *survey.reasons))),
            health=episode.health or survey.health,
        )

    def _surveyed(self, sha256: str, kept: Path, promised: float | None) -> Survey:
        surveys, recipe = Memo(self.library, _SURVEY), f"survey|{sha256}|{promised}"
        known = surveys.recall(recipe)
        return known or surveys.remember(recipe, audio.survey(kept, promised=promised))

    def _kept(
        self, media: str, episode: Episode, old: str | None
    ) -> Generator[Progress, None, str]:
        """Give the hash of the kept audio, fetching it where it is an address; `old` is no good."""
        if media.startswith(_KEPT):
            return media.removeprefix(_KEPT)
        if "://" not in media:
            return self._taken(media)
        known = self.library.recall(f"fetched|{media}")
        if known not in (None, old):
            return str(known)
        yield Progress("fetch", episode.title)
        fetching = watched(
            lambda report: self.fetcher.download(media, self.downloads, report=report)
        )
        path = yield from _shares(fetching, "fetch", episode.title)
        try:
            audio.probe(path)  # an error page that was sent as a recording is not kept
            fetched = self.library.artefacts.put_file(path)
            self.library.remember(f"fetched|{media}", fetched)
        finally:
            path.unlink(missing_ok=True)
        return fetched

    def _taken(self, path: str) -> str:
        audio.probe(Path(path))  # what is no audio is refused by its own name, and not kept
        return self.library.artefacts.put_file(Path(path))

    def _playback(self, sha256: str, kept: Path) -> str:
        recipe = f"playback|{sha256}"
        known = self.library.recall(recipe)
        if known is not None:
            return known
        self.downloads.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=WORKSHOP, dir=self.downloads) as folder:
            copy = Path(folder) / "playback.webm"
            audio.playback(kept, copy)
            made = self.library.artefacts.put_file(copy)
        self.library.remember(recipe, made)
        return made

    def _documents(self, episode: Episode, found: Found) -> dict[Tier, Transcript | Notes | Brief]:
        """Lay the documents that came along over those that the episode had."""
        chosen = {
            Tier.NOTES: found.notes or self.library.document(episode.id, Tier.NOTES),
            Tier.BRIEF: found.brief or self.library.document(episode.id, Tier.BRIEF),
            Tier.TRANSCRIPT: self._spoken(episode, found),
        }
        return {tier: document for tier, document in chosen.items() if document is not None}

    def _spoken(self, episode: Episode, found: Found) -> Transcript | None:
        """Give the transcript that came along or is here, if it is of this audio."""
        held = found.transcript or self.library.document(episode.id, Tier.TRANSCRIPT)
        if not isinstance(held, Transcript):
            return None
        return held if held.basis in (None, episode.audio) else None

    def _transcript(self, episode: Episode) -> Generator[Progress, None, Transcript]:
        """Hear the audio, window by window; what was heard before is not heard again."""
        transcriber = self.transcriber()
        transcripts = Memo(self.library, _TRANSCRIPT)
        whole = f"transcript|{episode.audio}|{transcriber.name}"
        known = transcripts.recall(whole)
        if known is not None:
            return known
        return transcripts.remember(whole, (yield from self._windows(episode, transcriber)))

    def _windows(
        self, episode: Episode, transcriber: Transcriber
    ) -> Generator[Progress, None, Transcript]:
        segments, doubted, language = list[Segment](), list[tuple[float, float]](), None
        kept = self.library.artefacts.path(str(episode.audio))
        yield Progress("transcribe", episode.title, 0.0)
        known, heard_here, began = Memo(self.library, _HEARD), 0.0, time.monotonic()
        for window in audio.windows(kept):
            recipe = f"heard|{episode.audio}|{window.start:.2f}|{transcriber.name}"
            heard = known.recall(recipe)
            if heard is None:
                heard = known.remember(recipe, transcriber.transcribe(window))
                heard_here += len(window.samples) / SAMPLE_RATE
            language = language or heard.language
            segments += [_later(segment, window.start) for segment in heard.segments]
            doubted += [(start + window.start, end + window.start) for start, end in heard.doubted]
            done = window.start + len(window.samples) / SAMPLE_RATE
            fraction = min(done / episode.duration, 1.0) if episode.duration else None
            yield Progress("transcribe", episode.title, fraction)
        if heard_here:
            speed = Speed(heard_here, time.monotonic() - began)
            remember_speed(self.library, transcriber.name, speed)
        origin = Origin("whisper", transcriber.name)
        return Transcript(
            tuple(segments), origin, language, basis=episode.audio, doubted=tuple(doubted)
        )


def _shares(
    work: Generator[float, None, Path], step: str, title: str
) -> Generator[Progress, None, Path]:
    """Tell of the share of a piece of work that is done."""
    while True:
        try:
            yield Progress(step, title, next(work))
        except StopIteration as done:
            made: Path = done.value
            return made


def _remarked(episode: Episode, document: Transcript | Notes | Brief | None) -> Episode:
    """Note how much of what was heard is not believed, where that is more than a breath."""
    doubted = document.doubted if isinstance(document, Transcript) else ()
    seconds = sum(end - start for start, end in doubted)
    if seconds < _WORTH_SAYING:
        return episode
    said = f"{clock(seconds)} of what was heard is not believed (music, noise) and left out"
    return replace(episode, warnings=tuple(dict.fromkeys((*episode.warnings, said))))


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
