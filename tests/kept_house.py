"""A library with recordings and all that was made of them, for the tests of what keeps it whole."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from kb.indexes import Indexes
from kb.library import SqlLibrary
from kb.models import Entry, Tier
from tests.fakes import FakeEmbedder, FakeVectorIndex, FakeWordIndex
from tests.samples import CLOSED, COSTS, LEAKS, notes

IDS = (LEAKS.episode.id, COSTS.episode.id, CLOSED.episode.id)
_LONG_AGO = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """The library of `folder` and its indexes."""

    folder: Path
    library: SqlLibrary
    indexes: Indexes

    @property
    def files(self) -> set[str]:
        """What is in the folder of artefacts, half-written files too."""
        return {each.name for each in (self.folder / "artefacts").rglob("*") if each.is_file()}

    def put(self, content: bytes) -> str:
        """Keep something."""
        return self.library.artefacts.put(content)

    def damage(self, sha256: str) -> None:
        """Change what is kept under a hash."""
        self.library.artefacts.path(sha256).write_bytes(b"something else")


def age(path: Path) -> None:
    """Make a file old."""
    os.utime(path, (_LONG_AGO, _LONG_AGO))


def opened(url: str, folder: Path) -> Kept:
    """Open a library, with empty indexes."""
    library = SqlLibrary(url, folder)
    return Kept(
        folder, library, Indexes(library, FakeEmbedder(), FakeWordIndex(), FakeVectorIndex())
    )


def sqlite(folder: Path) -> Kept:
    """Open a library in SQLite."""
    return opened(f"sqlite:///{folder / 'library.sqlite'}", folder)


def fill(kept: Kept) -> None:
    """Save three episodes, two of them heard from a recording, and bring the indexes level."""
    heard(kept, LEAKS, b"a talk about leaks")
    heard(kept, COSTS, b"a talk about costs")
    kept.library.save(CLOSED)
    assert len(list(kept.indexes.catch_up())) == len(IDS)


def with_notes(entry: Entry, *lines: str) -> Entry:
    """Give an episode other show notes."""
    return replace(entry, documents={**entry.documents, Tier.NOTES: notes(*lines)})


def heard(kept: Kept, entry: Entry, recording: bytes) -> None:
    """Save an episode as the pipeline does: with recording, playback copy and two heard windows."""
    library = kept.library
    audio, playback = kept.put(recording), kept.put(b"copy of " + recording)
    library.remember(f"fetched|https://cdn.example/{audio}.mp3", audio)
    library.remember(f"playback|{audio}", playback)
    for start in ("0.00", "30.00"):
        library.remember(f"heard|{audio}|{start}|fake", kept.put(start.encode() + recording))
    library.save(replace(entry, episode=replace(entry.episode, audio=audio, playback=playback)))
