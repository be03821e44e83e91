"""Podcast feeds: RSS or Atom, at an address or in a file."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from ingest.ports import Fetcher, Found
from ingest.sources import chapters, documents, shownotes, transcripts
from ingest.sources.documents import Document
from ingest.sources.feed_xml import Feed, Item, TranscriptLink, is_feed, parse
from kb.errors import DocumentError, FetchError
from kb.identity import episode_id, feed_key, slug
from kb.models import Chapter, Episode, Notes, Origin, Segment, Show, Transcript

_LIMIT = 32 * 2**20
_MEDIA = frozenset({".aac", ".flac", ".m4a", ".m4b", ".mp3", ".ogg", ".opus", ".wav"}) | {
    *(".avi", ".m4v", ".mkv", ".mov", ".mp4", ".webm")
}
_KINDS = {
    "application/json": transcripts.JSON,
    "text/vtt": transcripts.WEBVTT,
    "application/x-subrip": transcripts.SRT,
    "application/srt": transcripts.SRT,
    "text/srt": transcripts.SRT,
}
"""Transcripts that are read, best first: JSON always says who speaks."""

_SUFFIXES = {".json": "application/json", ".vtt": "text/vtt", ".srt": "application/srt"}


@dataclass(frozen=True, slots=True)
class FeedSource:
    """The newest episodes of a feed, with the transcript and chapters that their publisher offers."""

    fetcher: Fetcher
    name: str = "podcast feed (RSS or Atom)"

    def recognises(self, origin: str, head: bytes) -> bool:
        """Take files by content, and any web address that is not plainly a recording or document."""
        if documents.web(origin):
            suffix = PurePosixPath(urlsplit(origin).path).suffix.lower()
            files = {suffix for kind in transcripts.KINDS for suffix in kind.suffixes}
            return suffix not in _MEDIA | files
        return is_feed(head)

    def read(self, origin: str, *, latest: int) -> Iterator[Found]:
        """Give the newest `latest` episodes, newest first; each once.

        What a publisher offers beside an episode and cannot be had becomes a warning on it.

        Raises:
            FetchError: the feed cannot be fetched.
            DocumentError: it is damaged, or no feed.
        """
        place = _Place(origin, self.fetcher)
        feed = parse(place.content(), place.called)
        title = feed.title or place.host or documents.readable(Path(origin))
        show = Show(slug(title), title, documents.web(origin))
        for item in _newest(feed.items, latest):
            yield _found(item, feed, show, place)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a feed was read, and so what its addresses mean.

    Relative ones count from there; those of a local feed never lead out of its folder.
    """

    origin: str
    fetcher: Fetcher

    @property
    def host(self) -> str | None:
        """Give the host; None for a file."""
        return urlsplit(self.origin).hostname if documents.web(self.origin) else None

    @property
    def called(self) -> str:
        """Give what to call the feed to a person."""
        return self.host or Path(self.origin).name

    def content(self) -> bytes:
        """Read the feed itself."""
        if documents.web(self.origin):
            return self.fetcher.text(self.origin, limit=_LIMIT)
        return _read(Path(self.origin))

    def beside(self, href: str) -> bytes:
        """Read what an address of the feed leads to."""
        target = self.find(href)
        if documents.web(target):
            return self.fetcher.text(target, limit=_LIMIT)
        return _read(Path(target))

    def find(self, href: str) -> str:
        """Give the web address, or the path of the file, that is meant.

        Raises:
            DocumentError: it is neither, or no file of the feed's folder.
        """
        if found := self.web(href):
            return found
        folder = Path(self.origin).parent.resolve()
        try:
            path = (folder / unquote(href)).resolve()
            if path.is_relative_to(folder) and path.is_file() and not documents.web(self.origin):
                return str(path)
        except (OSError, ValueError):  # a name too long, or with a zero byte
            pass
        raise DocumentError(
            f"“{href}” is no web address and no file beside the feed",
            hint="Put the file into the feed's folder, or give its whole address.",
        )

    def web(self, href: str) -> str | None:
        """Give the web address that is meant; None where it is none."""
        try:
            return documents.web(urljoin(self.origin, href) if documents.web(self.origin) else href)
        except ValueError:  # brackets that hold no IPv6 address
            return None


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LIMIT:
            raise DocumentError(
                f"{path.name} is larger than {_LIMIT:,} bytes", hint="Is it the right file?"
            )
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(
            f"{path.name} cannot be opened: {error.strerror}", hint="Check the path."
        ) from error


def _newest(items: Iterable[Item], latest: int) -> list[Item]:
    """Take each item once; undated ones come last, in the order of the feed."""
    unique: dict[tuple[str, ...], Item] = {}
    for item in items:
        identity = (item.guid,) if item.guid else (item.enclosure, item.title)
        if any(identity):
            unique.setdefault(identity, item)
    return sorted(unique.values(), key=lambda item: item.published or date.min, reverse=True)[
        :latest
    ]


def _found(item: Item, feed: Feed, show: Show, place: _Place) -> Found:
    warnings = list(feed.warnings)
    segments, noted = shownotes.parse(_document(item), duration=item.duration)
    listed = _chapters(item, place, warnings)
    transcript = _transcript(item, feed, place, warnings)
    media = _media(item, place, warnings)
    episode = _episode(item, show, place)
    return Found(
        replace(episode, chapters=listed or noted, warnings=tuple(warnings)),
        transcript=transcript,
        notes=Notes(segments, Origin("publisher", place.called)) if segments else None,
        media=media,
    )


def _episode(item: Item, show: Show, place: _Place) -> Episode:
    key = feed_key(feed=show.id, guid=item.guid, enclosure=item.enclosure, title=item.title)
    file = Path(item.enclosure.partition("?")[0])
    title = item.title or documents.readable(file) or "Untitled episode"
    return Episode(
        id=episode_id(key, title),
        key=key,
        title=title,
        show=show,
        published=item.published,
        duration=item.duration,
        link=place.web(item.link),
        audio_url=place.web(item.enclosure),
        summary=item.summary,
        people=item.people,
    )


def _document(item: Item) -> Document:
    return Document(item.title, {}, tuple(enumerate(item.notes.split("\n"), start=1)))


def _media(item: Item, place: _Place, warnings: list[str]) -> str | None:
    if item.enclosure:
        with _optional("The audio", warnings):
            return place.find(item.enclosure)
    return None


def _chapters(item: Item, place: _Place, warnings: list[str]) -> tuple[Chapter, ...]:
    """Give the chapters in the feed, else those in the file that it links to."""
    marks = item.extras.chapters
    if not marks and (href := item.extras.chapters_href):
        with _optional("The list of chapters", warnings):
            marks = chapters.from_json(place.beside(href))
    return chapters.from_marks(marks, duration=item.duration)


def _transcript(item: Item, feed: Feed, place: _Place, warnings: list[str]) -> Transcript | None:
    """Give the best transcript that can be read."""
    for link in _ranked(item.extras.transcripts, feed.language):
        with _optional("A transcript", warnings):
            return Transcript(
                _heard(place.beside(link.href), link.href, item.duration),
                Origin("publisher", link.href),
                link.language or feed.language or None,
            )
    return None


def _ranked(links: Iterable[TranscriptLink], language: str) -> list[TranscriptLink]:
    """Keep the kinds that are read: those in the feed's language first, then by kind."""

    def rank(link: TranscriptLink) -> tuple[bool, int]:
        foreign = bool(link.language) and _tongue(link.language) != _tongue(language)
        return foreign, list(_KINDS).index(_kind(link))

    return sorted((link for link in links if _kind(link) in _KINDS), key=rank)


def _kind(link: TranscriptLink) -> str:
    """Give the MIME type, by the extension where the feed gives none that is known."""
    kind = link.kind.partition(";")[0].strip().lower()
    suffix = PurePosixPath(link.href.partition("?")[0]).suffix.lower()
    return kind if kind in _KINDS else _SUFFIXES.get(suffix, kind)


def _tongue(language: str) -> str:
    return language.partition("-")[0].lower()


def _heard(content: bytes, href: str, duration: float | None) -> tuple[Segment, ...]:
    """Read a transcript by what it is, whatever it was said to be."""
    document = documents.document(documents.peek(content), href)
    for kind in dict.fromkeys(_KINDS.values()):
        if kind.looks_right(document.text):
            return kind.parse(document, duration)
    raise DocumentError(
        f"{href} is neither WebVTT nor SRT nor podcast JSON", hint="Tell the publisher."
    )


@contextmanager
def _optional(what: str, warnings: list[str]) -> Generator[None]:
    """Note as a warning what an episode can do without."""
    try:
        yield
    except (DocumentError, FetchError) as error:
        warnings.append(f"{what} that the feed offers is left out: {error}.")
