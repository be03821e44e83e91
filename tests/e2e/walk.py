"""Walk the road with slow steps, to be killed on the way: `python -m tests.e2e.walk HOME FILE...`."""

import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ingest import audio
from ingest.pipeline import Pipeline
from ingest.ports import Heard, Window
from ingest.sources.media import Recording
from ingest.sources.transcripts import KINDS
from kb.adapters.chroma import ChromaIndex
from kb.adapters.tantivy import TantivyIndex
from kb.indexes import Indexes
from kb.library import SqlLibrary
from tests.fakes import FakeEmbedder
from tests.fakes_ingest import FakeFetcher, FakeTranscriber

_PAUSE = 0.08


class Slow:
    """A transcriber that takes its time."""

    name = "slow"

    def transcribe(self, window: Window, *, hints: Sequence[str] = ()) -> Heard:
        """Hear a window after a pause."""
        time.sleep(_PAUSE)
        return FakeTranscriber().transcribe(window, hints=hints)


def opened(home: Path) -> Indexes:
    """Open the library and the indexes of a home."""
    embedder = FakeEmbedder()
    meaning = ChromaIndex(home / "chroma", embedder=embedder.name, dimension=embedder.dimension)
    library = SqlLibrary(f"sqlite:///{home / 'library.sqlite'}", home)
    return Indexes(library, embedder, TantivyIndex(home / "words"), meaning)


def walk(home: Path, origins: Sequence[str]) -> None:
    """Add each origin and bring the indexes level, as `soundproof add` does."""
    indexes = opened(home)
    pipeline = Pipeline(
        library=indexes.library,
        sources=(*KINDS, Recording()),
        fetcher=FakeFetcher(),
        transcriber=Slow,
        embedder=lambda: indexes.embedder,
        downloads=home / "downloads",
    )
    for origin in origins:
        for _ in (*pipeline.add(origin), *indexes.catch_up()):
            pass


if __name__ == "__main__":
    audio.windows = partial(audio.windows, seconds=2)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    walk(Path(sys.argv[1]), sys.argv[2:])
    sys.stdout.write("done\n")
