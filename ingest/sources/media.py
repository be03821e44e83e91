"""Recordings: audio and video files, on this machine or at an address."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from ingest.ports import Found
from ingest.sources.documents import readable, web
from kb.errors import AudioError
from kb.identity import audio_key, episode_id, feed_key, slug
from kb.models import Episode, Show

MY_RECORDINGS = "My recordings"

_SUFFIX = re.compile(
    r"\.(3gp|aac|aiff?|amr|avi|caf|flac|m4[abv]|mk[av]|mov|mp[34]|mpe?g|og[ag]|opus|wav|webm|wma)",
    re.IGNORECASE,
)
_BEGINNINGS = (
    b"ID3",
    b"fLaC",
    b"OggS",
    b"\x1aE\xdf\xa3",
    b"caff",
    b"#!AMR",
    b"0&\xb2u\x8ef\xcf\x11",
)
_CONTAINERS = {(b"RIFF", b"WAVE"), (b"RIFF", b"AVI "), (b"FORM", b"AIFF"), (b"FORM", b"AIFC")}
_MPEG_FRAMES = frozenset(b"\xe2\xe3\xf0\xf1\xf2\xf3\xf8\xf9\xfa\xfb\xfc\xfd")


@dataclass(frozen=True, slots=True)
class Recording:
    """A local audio or video file. What it sounds like is for `ingest.audio` to say."""

    name: str = "audio or video file"
    remote: bool = False

    def recognises(self, origin: str, head: bytes) -> bool:
        """Go by the first bytes, or by the name: a damaged recording is still one."""
        if "://" in origin:
            return False
        return _sounds(head) or _SUFFIX.fullmatch(Path(origin).suffix) is not None

    def read(self, origin: str, *, latest: int) -> Iterator[Found]:
        """Give the one episode that the file is, named by the hash of its bytes.

        Raises:
            AudioError: it cannot be opened.
        """
        del latest
        path = Path(origin)
        try:
            with path.open("rb") as file:
                key = audio_key(hashlib.file_digest(file, "sha256").hexdigest())
        except OSError as error:
            raise AudioError(
                f"{path.name} cannot be opened: {error.strerror}", hint="Check the path."
            ) from error
        title = readable(path)
        show = Show(slug(MY_RECORDINGS), MY_RECORDINGS)
        episode = Episode(id=episode_id(key, title), key=key, title=title, show=show)
        yield Found(episode, media=str(path.resolve()))


@dataclass(frozen=True, slots=True)
class RemoteRecording:
    """An audio or video file at an address. It is named by the address, without its query."""

    name: str = "address of an audio or video file"
    remote: bool = True

    def recognises(self, origin: str, head: bytes) -> bool:
        """Go by the name at the end of the path, or by the first bytes where they are known."""
        if web(origin) is None:
            return False
        return _sounds(head) or _SUFFIX.fullmatch(_file(origin).suffix) is not None

    def read(self, origin: str, *, latest: int) -> Iterator[Found]:
        """Give the one episode; its audio is still to be fetched."""
        del latest
        title = readable(_file(origin)) or urlsplit(origin).hostname or origin
        key = feed_key(feed="", guid=None, enclosure=origin, title=title)
        show = Show(slug(MY_RECORDINGS), MY_RECORDINGS)
        episode = Episode(
            id=episode_id(key, title),
            key=key,
            title=title,
            show=show,
            link=origin,
            audio_url=origin,
        )
        yield Found(episode, media=origin)


def _file(url: str) -> PurePosixPath:
    """Give the name at the end of an address; it names no file here, so it is no `Path`."""
    return PurePosixPath(PurePosixPath(unquote(urlsplit(url).path)).name)


def _sounds(head: bytes) -> bool:
    if head.startswith(_BEGINNINGS) or head[4:8] == b"ftyp":
        return True
    return (head[:4], head[8:12]) in _CONTAINERS or (
        head[:1] == b"\xff" and head[1:2] != b"" and head[1] in _MPEG_FRAMES
    )
