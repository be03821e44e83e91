"""Where a feed's addresses lead, and what a publisher offers there beside an episode."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from ingest.ports import Fetcher
from ingest.sources import chapters, documents, transcripts
from ingest.sources.feed_extras import TranscriptLink
from ingest.sources.feed_xml import Item
from kb.errors import DocumentError, FetchError
from kb.models import Chapter, Origin, Segment, Transcript

LIMIT = 32 * 2**20

_KINDS = {
    "application/json": transcripts.JSON,
    "text/vtt": transcripts.WEBVTT,
    "application/x-subrip": transcripts.SRT,
    "application/srt": transcripts.SRT,
    "text/srt": transcripts.SRT,
    "text/html": transcripts.HTML,
    "text/plain": transcripts.TEXT,
    "text/markdown": transcripts.TEXT,
}
"""Transcripts that are read, best first: JSON always says who speaks, text seldom says when."""

_SUFFIXES = {
    ".json": "application/json",
    ".vtt": "text/vtt",
    ".srt": "application/srt",
    ".html": "text/html",
    ".htm": "text/html",
    ".txt": "text/plain",
    ".md": "text/markdown",
}


@dataclass(frozen=True, slots=True)
class Place:
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

    def beside(self, href: str) -> bytes:
        """Read what an address of the feed leads to."""
        target = self.find(href)
        if documents.web(target):
            return self.fetcher.get(target, limit=LIMIT).content
        return read(Path(target))

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
        if not href or not documents.web(self.origin):
            return documents.web(href)
        try:
            return documents.web(urljoin(self.origin, href))
        except ValueError:  # brackets that hold no IPv6 address
            return None


def read(path: Path) -> bytes:
    """Read a file of a feed.

    Raises:
        DocumentError: it cannot be opened, or is larger than any.
    """
    try:
        if path.stat().st_size > LIMIT:
            raise DocumentError(
                f"{path.name} is larger than {LIMIT:,} bytes", hint="Is it the right file?"
            )
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(
            f"{path.name} cannot be opened: {error.strerror}", hint="Check the path."
        ) from error


@contextmanager
def optional(what: str, warnings: list[str]) -> Generator[None]:
    """Note as a warning what an episode can do without."""
    try:
        yield
    except (DocumentError, FetchError) as error:
        warnings.append(f"{what} that the feed offers is left out: {error}.")


def offered_chapters(item: Item, place: Place, warnings: list[str]) -> tuple[Chapter, ...]:
    """Give the chapters in the feed, else those in the file that it links to."""
    marks = item.extras.chapters
    if not marks and (href := item.extras.chapters_href):
        with optional("The list of chapters", warnings):
            marks = chapters.from_json(place.beside(href))
    return chapters.from_marks(marks, duration=item.duration)


def offered_transcript(
    item: Item, language: str, place: Place, warnings: list[str]
) -> Transcript | None:
    """Give the best transcript that can be read; `language` is the feed's."""
    for link in _ranked(item.extras.transcripts, language):
        with optional("A transcript", warnings):
            return Transcript(
                _heard(place.beside(link.href), link.href, item.duration),
                Origin("publisher", link.href),
                link.language or language or None,
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
    for kind in transcripts.KINDS:
        if kind.looks_right(document.text):
            return kind.parse(document, duration)
    raise DocumentError(
        f"{href} is no transcript of a kind that is read here",
        hint="Tell the publisher: WebVTT, SRT, podcast JSON and HTML are.",
    )
