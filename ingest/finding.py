"""Find out what is at a path or address, and read it: `add ANYTHING` begins here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ingest import sources
from ingest.ports import Progress
from ingest.sources import documents
from kb import identity
from kb.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ingest.ports import Fetcher, Found, Source

_HEAD = 65_536
"""Bytes of a file that the sources may look at to recognise it."""
_NAME = 60
"""Characters of a file's name: at four bytes each no file system refuses it."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a person says about an episode that its source does not; empty means nothing said."""

    title: str | None = None
    show: str | None = None
    to: str | None = None


def find(
    origin: str,
    known: Sequence[Source],
    fetcher: Fetcher,
    *,
    latest: int,
    given: Given | None = None,
) -> Iterator[Progress | Found]:
    """Say what an origin is, then give each episode that it holds.

    Some addresses say what they are; of the others the beginning is fetched and looked at. A
    document at an address is fetched whole and read like a file of that name.

    Raises:
        SourceError: it is not there, or not anything that can be read; or it holds several episodes,
            and a title or an episode is given, which fits one alone.
        FetchError: it could not be fetched.
    """
    said = given or Given()
    read = _address if "://" in origin else _file
    here = read(origin, known, fetcher, latest)
    for each in _alone(here, origin) if said.title or said.to else here:
        yield each if isinstance(each, Progress) else _as_given(each, said)


def _alone(here: Iterator[Progress | Found], origin: str) -> Iterator[Progress | Found]:
    """Give the one episode that is there, once it is known that there is no other."""
    only: Found | None = None
    for each in here:
        if isinstance(each, Progress):
            yield each
        elif only is not None:
            raise SourceError(
                f"{origin} holds several episodes: a title, or an episode to lay it to, fits one",
                hint="Add them without; of a feed, --latest 1 takes the newest alone.",
            )
        else:
            only = each
    if only is not None:
        yield only


def _file(
    origin: str, known: Sequence[Source], _fetcher: Fetcher, latest: int
) -> Iterator[Progress | Found]:
    source = sources.recognise(origin, _head(origin), known)
    yield Progress("read", f"{source.name}: {origin}")
    yield from source.read(origin, latest=latest)


def _address(
    url: str, known: Sequence[Source], fetcher: Fetcher, latest: int
) -> Iterator[Progress | Found]:
    remote = [each for each in known if each.remote]
    source = next((each for each in remote if each.recognises(url, b"")), None)
    if source is not None:
        yield Progress("read", f"{source.name}: {url}")
        yield from source.read(url, latest=latest)
        return
    yield Progress("look", url)
    head = fetcher.peek(url).content
    with TemporaryDirectory(prefix="soundproof-") as folder:
        path = Path(folder) / _name(url)
        source = _there(url, head, known, lambda: _saved(url, path, fetcher))
        yield Progress("read", f"{source.name}: {url}")
        if source.remote:
            yield from source.read(url, latest=latest)
            return
        for found in source.read(str(path), latest=latest):
            yield _from_address(found, url)


def _there(url: str, head: bytes, known: Sequence[Source], save: Callable[[], Path]) -> Source:
    """Give the first source that knows what is there; those of files are asked about a file.

    It is fetched whole for them only where it may be a document.
    """
    saved: Path | None = None
    for each in known:
        if each.remote:
            fits = each.recognises(url, head)
        elif documents.is_text(head):
            saved = saved or save()
            fits = each.recognises(str(saved), head)
        else:
            fits = False
        if fits:
            return each
    raise sources.unknown(_name(url), known)


def _saved(url: str, path: Path, fetcher: Fetcher) -> Path:
    path.write_bytes(fetcher.get(url).content)
    return path


def _from_address(found: Found, url: str) -> Found:
    """Name the address where the temporary file's name stands."""
    brought = {
        kind: replace(document, origin=replace(document.origin, detail=url))
        for kind in ("transcript", "notes", "brief")
        if (document := getattr(found, kind)) is not None
    }
    episode = replace(found.episode, link=found.episode.link or url)
    return replace(found, episode=episode, **brought)


def _name(url: str) -> str:
    """Give the last part of an address's path as the name of a file."""
    name = PurePosixPath(unquote(urlsplit(url).path).replace("\0", "")).name
    return "page" if name in ("", "..") else name[-_NAME:]


def _head(origin: str) -> bytes:
    """Read the beginning of a local file."""
    path = Path(origin)
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except IsADirectoryError as error:
        raise SourceError(
            f"{origin} is a folder", hint=f"Add its files one by one: soundproof add {origin}/*"
        ) from error
    except OSError as error:
        raise SourceError(
            f"{origin} cannot be read: {(error.strerror or 'unknown').lower()}",
            hint="Check the path; give an address with https:// in front.",
        ) from error
    if not head:
        raise SourceError(f"{origin} is empty", hint="Is the download complete?")
    return head


def _as_given(found: Found, given: Given) -> Found:
    """Apply what a person said: the title and show, or which episode it is."""
    episode = found.episode
    if given.show is not None:
        show = replace(episode.show, id=identity.slug(given.show), title=given.show)
        episode = replace(episode, show=show)
    if given.title is not None:
        named = identity.episode_id(episode.key, given.title)
        episode = replace(episode, title=given.title, id=named)
    return replace(found, episode=episode, to=given.to)
