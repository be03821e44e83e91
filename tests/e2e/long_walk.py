"""Add a long recording through the real road: `python -m tests.e2e.long_walk HOME FILE [WINDOWS]`.

After WINDOWS windows in all it kills itself. In the end it prints the peak memory, in megabytes, of
itself and of its largest child. Each window that is heard leaves a line in HOME/heard.
"""

import os
import resource
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest import audio
from ingest.pipeline import Pipeline
from ingest.ports import Heard, Window
from ingest.sources.media import Recording
from tests.e2e import walk
from tests.fakes_ingest import FakeFetcher, FakeTranscriber


@dataclass(frozen=True, slots=True)
class Listener:
    """Notes each window it hears, and ends abruptly before one too many."""

    notes: Path
    most: int
    name: str = "listener"

    def transcribe(self, window: Window, *, hints: Sequence[str] = ()) -> Heard:
        """Hear a window, or die."""
        before = self.notes.read_text().splitlines() if self.notes.exists() else []
        if len(before) >= self.most:
            os.kill(os.getpid(), signal.SIGKILL)
        with self.notes.open("a") as file:
            file.write(f"{window.start:.2f}\n")
        return FakeTranscriber().transcribe(window, hints=hints)


def copy_of_nothing(path: Path, out: Path) -> None:
    """Stand in for the playback copy: encoding ten hours takes minutes, in constant memory too."""
    del path
    out.write_bytes(b"a copy")


def main(home: Path, path: str, most: int) -> None:
    """Add the recording."""
    indexes = walk.opened(home)
    pipeline = Pipeline(
        library=indexes.library,
        sources=(Recording(),),
        fetcher=FakeFetcher(),
        transcriber=lambda: Listener(home / "heard", most),
        embedder=lambda: indexes.embedder,
        downloads=home / "downloads",
    )
    for _ in (*pipeline.add(path), *indexes.catch_up()):
        pass
    for peak in (_own_peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss):
        sys.stdout.write(f"{peak // 1024}\n")


def _own_peak() -> int:
    """Give the most memory that this process held, in kB.

    `getrusage` would also count what the process held that started it.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (peak,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1])


if __name__ == "__main__":
    audio.playback = copy_of_nothing
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else sys.maxsize)
