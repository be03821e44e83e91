"""One module for each kind of thing that can be added; each turns it into `Found` episodes."""

from collections.abc import Sequence
from pathlib import Path

from ingest.ports import Source
from kb.errors import SourceError


def recognise(origin: str, head: bytes, sources: Sequence[Source]) -> Source:
    """Give the first source that knows this kind of thing; `head` is its first 64 KiB.

    Those that go by content come first; transcripts in text take any text, recordings any name.

    Raises:
        SourceError: none does.
    """
    for source in sources:
        if source.recognises(origin, head):
            return source
    raise unknown(Path(origin).name or origin, sources)


def unknown(name: str, sources: Sequence[Source]) -> SourceError:
    """Word the error for what no source knows."""
    return SourceError(
        f"{name} is nothing that can be read here",
        hint=f"Add one of these: {', '.join(source.name for source in sources)}.",
    )
