"""YouTube: videos, playlists and channels, captions and chapters first."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.ports import Found
from ingest.sources import cues, documents, shownotes
from kb.errors import DocumentError, FetchError, SourceError
from kb.identity import episode_id, feed_key, slug
from kb.models import Chapter, Episode, Notes, Origin, Person, Role, Show, Transcript

_HOSTS = frozenset(
    {"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be"}
    | {"www.youtube-nocookie.com"}
)
_VIDEO = re.compile(r"[\w-]{11}", re.ASCII)
_LIST = re.compile(r"[\w-]{2,64}", re.ASCII)
_CHANNEL = re.compile(r"/(@[\w.%-]{3,90}|(?:channel|c|user)/[\w.%-]{1,90})(?:/\w*)?/?", re.ASCII)
_WATCHED = re.compile(r"/(?:shorts|live|embed|v)/([\w-]{11})/?", re.ASCII)
_LARGEST_MB = 2000


class _Mark(BaseModel):
    model_config = ConfigDict(frozen=True)

    title: str = ""
    start_time: float = Field(ge=0, allow_inf_nan=False)
    end_time: float | None = Field(default=None, ge=0, allow_inf_nan=False)


class _Video(BaseModel):
    """What yt-dlp tells of a video, as far as it is needed."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(pattern=r"^[\w-]{11}$")
    title: str
    channel: str | None = None
    uploader: str | None = None
    upload_date: str | None = None
    duration: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    description: str | None = None
    language: str | None = None
    chapters: tuple[_Mark, ...] | None = None
    subtitles: Mapping[str, object] | None = None
    automatic_captions: Mapping[str, object] | None = None


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str


class _Playlist(BaseModel):
    model_config = ConfigDict(frozen=True)

    entries: tuple[_Entry, ...]


@dataclass(frozen=True, slots=True)
class _Captions:
    """Which captions to take: their name among all, their language, and who made them."""

    name: str
    language: str
    automatic: bool


@dataclass(frozen=True, slots=True)
class YouTube:
    """One video, or the newest of a channel or playlist, as YouTube orders them.

    `run` runs yt-dlp with arguments (see `ytdlp`). Audio of a video without captions is saved into
    `folder`; None leaves it where it is.
    """

    run: Callable[[Sequence[str]], bytes]
    folder: Path | None
    name: str = "YouTube video, playlist or channel"
    remote: bool = True

    def recognises(self, origin: str, head: bytes) -> bool:
        """Go by the address alone: a host of YouTube's, and a path that leads to videos."""
        del head
        return video(origin) is not None or listing(origin) is not None

    def read(self, origin: str, *, latest: int) -> Iterator[Found]:
        """Give the video, or the newest `latest`; the reason why one cannot be had comes last.

        Raises:
            SourceError: yt-dlp is not installed.
            FetchError: it cannot be had.
            DocumentError: what yt-dlp tells makes no sense.
        """
        known = video(origin)
        failures = list[FetchError | DocumentError]()
        for one in [known] if known else self._newest(origin, latest):
            try:
                yield self._found(one)
            except (FetchError, DocumentError) as error:
                failures.append(error)  # one video that is private does not hide the others
        if failures:
            raise failures[0]

    def _newest(self, origin: str, latest: int) -> list[str]:
        address = listing(origin)
        if address is None:
            raise SourceError(f"{origin} is no address of YouTube's", hint="Copy it once more.")
        wanted = ("--flat-playlist", "--playlist-items", f"1:{latest}", "--dump-single-json")
        said = self.run((*wanted, "--skip-download", "--", address))
        try:
            entries = _Playlist.model_validate_json(said).entries
        except ValidationError as error:
            raise _nonsense(address, error) from error
        return [entry.id for entry in entries if _VIDEO.fullmatch(entry.id)][:latest]

    def _found(self, one: str) -> Found:
        address = f"https://www.youtube.com/watch?v={one}"
        alone = ("--no-playlist", "--skip-download")
        try:
            told = _Video.model_validate_json(
                self.run((*alone, "--dump-single-json", "--", address))
            )
        except ValidationError as error:
            raise _nonsense(address, error) from error
        heard, warning = None, ""
        if wanted := _captions(told):
            try:
                heard = self._transcript(address, wanted)
            except (FetchError, DocumentError) as error:
                warning = f"Its captions cannot be read: {error}"
        episode, notes = _episode(told, address)
        if warning:
            episode = replace(episode, warnings=(*episode.warnings, warning))
        media = None if heard or self.folder is None else self._audio(address, one, self.folder)
        return Found(episode, transcript=heard, notes=notes, media=media)

    def _transcript(self, address: str, wanted: _Captions) -> Transcript:
        kind = "--write-auto-subs" if wanted.automatic else "--write-subs"
        with TemporaryDirectory(prefix="soundproof-") as folder:
            self.run(
                (
                    *("--no-playlist", "--skip-download", kind, "--sub-format", "vtt"),
                    *("--sub-langs", f"^{re.escape(wanted.name)}$"),
                    *("--paths", folder, "--output", "captions.%(ext)s", "--", address),
                )
            )
            files = sorted(Path(folder).glob("captions*.vtt"))
            if not files:
                raise FetchError("YouTube sent none", hint="Try again later.")
            segments = cues.parse(documents.load(files[0]))
        detail = f"youtube captions{' (automatic)' if wanted.automatic else ''}"
        return Transcript(segments, Origin("publisher", detail), wanted.language)

    def _audio(self, address: str, one: str, folder: Path) -> str:
        """Save the audio; a file that is there already is taken as it is."""
        folder.mkdir(parents=True, exist_ok=True)
        if not _files(folder, one):
            self.run(
                (
                    *("--no-playlist", "--format", "bestaudio/best", "--no-overwrites"),
                    *("--match-filters", "!is_live"),
                    *("--max-filesize", f"{_LARGEST_MB}M", "--no-mtime", "--paths", str(folder)),
                    *("--output", "youtube-%(id)s.%(ext)s", "--", address),
                )
            )
        saved = _files(folder, one)
        if not saved:
            raise FetchError(
                f"{address} has no audio of less than {_LARGEST_MB} MB",
                hint="Is it a live stream that is still going on?",
            )
        return str(saved[0].resolve())


def video(url: str) -> str | None:
    """Give the id of the video that an address leads to; None where it leads to none.

    >>> video("https://youtu.be/dQw4w9WgXcQ?t=42"), video("https://a.example/watch?v=dQw4w9WgXcQ")
    ('dQw4w9WgXcQ', None)
    """
    parts = _parts(url)
    if parts is None:
        return None
    host, path, query = parts
    if host == "youtu.be":
        wanted = path.strip("/")
    elif path == "/watch":
        wanted = query.get("v", "")
    else:
        found = _WATCHED.fullmatch(path)
        wanted = found[1] if found else ""
    return wanted if _VIDEO.fullmatch(wanted) else None


def listing(url: str) -> str | None:
    """Give the address of a playlist or a channel's videos, put together anew; None for others.

    >>> listing("http://m.youtube.com/@ada.byron/featured")
    'https://www.youtube.com/@ada.byron/videos'
    """
    parts = _parts(url)
    if parts is None or parts[0] == "youtu.be" or video(url):
        return None
    _, path, query = parts
    if path in ("/playlist", "/watch"):
        wanted = query.get("list", "")
        known = _LIST.fullmatch(wanted)
        return f"https://www.youtube.com/playlist?list={wanted}" if known else None
    found = _CHANNEL.fullmatch(path)
    return f"https://www.youtube.com/{found[1]}/videos" if found else None


def _parts(url: str) -> tuple[str, str, dict[str, str]] | None:
    """Give host, path and query of an address of YouTube's."""
    try:
        parts = urlsplit(url.strip())
        strange = parts.username is not None or parts.port not in (None, 80, 443)
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or host not in _HOSTS or strange:
        return None
    return host, parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}


def _captions(told: _Video) -> _Captions | None:
    """Choose captions: those that people made, in the video's language, before automatic ones."""
    made = [name for name in told.subtitles or {} if name != "live_chat"]
    heard = [*(told.automatic_captions or {})]
    spoken = told.language or next((_bare(n) for n in heard if n.endswith("-orig")), None)
    for names, automatic in ((made, False), (heard, True)):
        name = _in_language(names, spoken) or (names[0] if len(names) == 1 else None)
        if name:
            return _Captions(name, _bare(name), automatic)
    return None


def _in_language(names: Iterable[str], spoken: str | None) -> str | None:
    """Give the captions of that very language, as first made, else of a variety of it."""
    if spoken is None:
        return None
    every = tuple(names)
    exact = [name for name in (f"{spoken}-orig", spoken) if name in every]
    near = [name for name in every if name.split("-")[0] == spoken.split("-")[0]]
    return next(iter([*exact, *near]), None)


def _bare(name: str) -> str:
    return name.removesuffix("-orig")


def _episode(told: _Video, address: str) -> tuple[Episode, Notes | None]:
    channel = told.channel or told.uploader or "YouTube"
    key = feed_key(feed="youtube", guid=told.id, enclosure=None, title=told.title)
    text = told.description or ""
    lines, noted = shownotes.parse(documents.document(text, ""), duration=told.duration)
    segments = tuple(replace(line, line=None) for line in lines)
    people = shownotes.people(text)
    if told.uploader and told.uploader != channel:
        people = (*people, Person(told.uploader, Role.MENTIONED, "uploaded it"))
    episode = Episode(
        id=episode_id(key, told.title),
        key=key,
        title=told.title,
        show=Show(slug(channel), channel),
        published=_day(told.upload_date),
        duration=told.duration,
        link=address,
        people=people,
        chapters=tuple(_chapters(told)) or noted,
    )
    return episode, Notes(
        segments, Origin("publisher", "youtube description")
    ) if segments else None


def _chapters(told: _Video) -> Iterator[Chapter]:
    for mark in told.chapters or ():
        end = mark.end_time
        whole = end is not None and end >= mark.start_time
        yield Chapter(mark.title.strip(), mark.start_time, end if whole else None)


def _day(text: str | None) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text or "")
    return None


def _files(folder: Path, one: str) -> list[Path]:
    """Give what is saved of a video; pieces of it that are on their way do not count."""
    partial = (".part", ".ytdl", ".temp")
    return sorted(path for path in folder.glob(f"youtube-{one}.*") if path.suffix not in partial)


def _nonsense(address: str, error: ValidationError) -> DocumentError:
    fault = error.errors()[0]
    return DocumentError(
        f"What yt-dlp tells of {address} makes no sense: {fault['msg']}",
        hint="A newer yt-dlp may help: pip install -U yt-dlp",
    )
