"""A JSON list of episodes with transcripts and show notes in files beside it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ingest.ports import Found
from ingest.sources import documents, shownotes, transcripts
from kb.errors import DocumentError
from kb.identity import episode_id, slug
from kb.models import Chapter, Episode, Notes, Origin, Segment, Show
from kb.text import fault

_SAFE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_Filename = Annotated[str, StringConstraints(pattern=r"^[^\x00]+$")]


class _Mark(BaseModel):
    model_config = ConfigDict(frozen=True)

    start: float = Field(ge=0, allow_inf_nan=False)
    title: str
    href: str | None = None


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str = Field(min_length=1)
    show: str = ""
    file: _Filename
    number: int | None = None
    title: str | None = None
    our_label: str | None = None
    date: str | None = None
    duration_s: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    hosts: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    link: str | None = None
    audio: str | None = None
    shownotes: _Filename | None = None
    description: str | None = None
    chapters: tuple[_Mark, ...] = ()

    @property
    def heading(self) -> str:
        """Give the title, or what stands in for it."""
        return self.title or self.our_label or f"{self.show} {self.number or self.id}"


class _Listing(BaseModel):
    """The list; its name is the show of the episodes that name none."""

    model_config = ConfigDict(frozen=True)

    episodes: tuple[_Entry, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A list `{"name", "episodes": [{"id", "show", "file", "title", …}]}`.

    An episode without a show is one of the list's own name. Files stay inside its folder.
    """

    name: str = "manifest of transcripts"
    remote: bool = False

    def recognises(self, origin: str, head: bytes) -> bool:
        """Go by the content: JSON with episodes that name files."""
        del origin
        text = documents.peek(head)
        wanted = ('"episodes"', '"id"', '"file"')
        return text.lstrip().startswith("{") and all(key in text for key in wanted)

    def read(self, origin: str, *, latest: int) -> Iterator[Found]:
        """Read all episodes it lists: a person made the list, so `latest` does not cut it.

        Raises:
            DocumentError: the list is damaged, or a file is missing, outside or damaged; all that
                can be checked beforehand is checked before the first episode is given.
        """
        del latest
        path = Path(origin)
        entries = _listing(path)
        for entry in entries:
            _inside(path, entry, entry.file)
            if entry.shownotes:
                _inside(path, entry, entry.shownotes)
        for entry in entries:
            yield _found(path, entry)


def _listing(path: Path) -> tuple[_Entry, ...]:
    text = documents.load(path).text
    hint = "Each episode needs an id of its own, a show and a file."
    try:
        listing = _Listing.model_validate_json(text)
    except ValidationError as error:
        raise DocumentError(f"{path.name} is no manifest: {fault(error)}", hint=hint) from error
    entries = tuple(
        entry.model_copy(update={"show": entry.show or listing.name}) for entry in listing.episodes
    )
    nameless = next((entry.id for entry in entries if not entry.show), None)
    if nameless is not None:
        raise DocumentError(f"{path.name} names no show for {nameless}", hint=hint)
    twice = [name for name, count in Counter(entry.id for entry in entries).items() if count > 1]
    if twice or not entries:
        fault_found = f"lists {twice[0]} twice" if twice else "lists no episodes"
        raise DocumentError(f"{path.name} {fault_found}", hint=hint)
    return entries


def _inside(manifest: Path, entry: _Entry, name: str) -> Path:
    folder = manifest.parent.resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        raise DocumentError(
            f"{manifest.name}: the file of {entry.id} lies outside its folder: {name}",
            hint="Put the files beside the manifest and name them from there.",
        )
    if not path.is_file():
        raise DocumentError(
            f"{manifest.name}: the file of {entry.id} is missing: {name}",
            hint="Put it there, or take the episode out of the manifest.",
        )
    return path


def _found(manifest: Path, entry: _Entry) -> Found:
    heard = transcripts.transcript(_inside(manifest, entry, entry.file), duration=entry.duration_s)
    key = f"manifest:{slug(entry.show)}|{entry.id}"
    notes, chapters = _notes(manifest, entry)
    published = documents.day(entry.date) if entry.date else None
    warning = f"The date “{entry.date}” is not a day and is left out."
    episode = Episode(
        id=entry.id if _SAFE.fullmatch(entry.id) else episode_id(key, entry.heading),
        key=key,
        title=entry.heading,
        show=Show(slug(entry.show), entry.show),
        published=published,
        duration=entry.duration_s,
        link=documents.web(entry.link),
        audio_url=documents.web(entry.audio),
        summary=(entry.description or "").strip(),
        people=documents.people(
            hosts=entry.hosts,
            guests=entry.guests,
            speakers=transcripts.speakers(heard.segments),
        ),
        chapters=chapters,
        warnings=(warning,) if entry.date and not published else (),
    )
    return Found(episode, transcript=heard, notes=notes)


def _notes(manifest: Path, entry: _Entry) -> tuple[Notes | None, tuple[Chapter, ...]]:
    """Read description, chapters and show notes; only lines of the show notes' file have numbers.

    Chapters that are listed go before those that are found in a text.
    """
    segments = list[Segment]()
    found: tuple[Chapter, ...] = ()
    origin = Origin("file", manifest.name)
    if entry.description and entry.description.strip():
        text = documents.document(entry.description, manifest.name)
        described, found = shownotes.parse(text, duration=entry.duration_s)
        segments += [replace(segment, line=None) for segment in described]
    chapters = tuple(_chapters(entry))
    for mark, chapter in zip(entry.chapters, chapters, strict=True):
        leads = f" ({mark.href})" if documents.web(mark.href) else ""
        end = chapter.start if chapter.end is None else chapter.end
        segments.append(Segment(f"{chapter.title}{leads}", start=chapter.start, end=end))
    if entry.shownotes:
        text = documents.load(_inside(manifest, entry, entry.shownotes))
        origin = Origin("file", text.name)
        noted, more = shownotes.parse(text, duration=entry.duration_s)
        segments, found = [*segments, *noted], more or found
    return (Notes(tuple(segments), origin) if segments else None), chapters or found


def _chapters(entry: _Entry) -> Iterator[Chapter]:
    """Give the chapters that are listed; each ends where the next begins."""
    nexts = [mark.start for mark in entry.chapters[1:]]
    for mark, after in zip_longest(entry.chapters, nexts, fillvalue=None):
        end = entry.duration_s if after is None else after
        if mark is not None:
            whole = end is not None and end >= mark.start
            yield Chapter(mark.title.strip(), mark.start, end if whole else None)
