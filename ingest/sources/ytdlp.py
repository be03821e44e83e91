"""yt-dlp as a program of its own, run with nothing but what it is told.

It uses the network itself, so `ingest.fetch` guards none of what it does: that can be accepted only
because `youtube` hands it addresses that it has put together itself, all of www.youtube.com, and
because only its extractors for YouTube are switched on. It gets no address that somebody wrote.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from tempfile import TemporaryFile
from threading import Timer
from typing import IO

from kb.errors import FetchError, SourceError

ALWAYS = (
    *("--ignore-config", "--no-exec", "--no-plugin-dirs", "--no-remote-components"),
    *("--no-cookies", "--no-cookies-from-browser", "--no-cache-dir", "--proxy", ""),
    *("--use-extractors", "youtube.*", "--no-warnings", "--no-progress", "--quiet"),
    *("--socket-timeout", "30", "--retries", "3", "--fixup", "never"),
)
"""No settings, plug-ins, cookies or commands of anybody's, and no other site."""

PROGRAM = (sys.executable, "-P", "-m", "yt_dlp")
"""The one of our own environment; `-P` keeps it from being looked for in the folder we are in."""

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV")
"""What it gets of our environment: no proxy, no token, no library path."""

_LIMIT = 64 * 2**20
_REMARK = 300


@dataclass(frozen=True, slots=True)
class YtDlp:
    """Runs yt-dlp with arguments; gives what it writes, within `timeout` seconds."""

    timeout: float = 1800.0
    limit: int = _LIMIT
    program: tuple[str, ...] = PROGRAM

    def __call__(self, arguments: Sequence[str]) -> bytes:
        """Run it.

        Raises:
            SourceError: it is not installed.
            FetchError: it failed, took too long or had too much to say.
        """
        if self.program == PROGRAM and find_spec("yt_dlp") is None:
            raise SourceError(
                "YouTube needs yt-dlp, which is not installed",
                hint='pip install -e ".[youtube]"',
            )
        command = [*self.program, *ALWAYS, *arguments]
        with TemporaryFile() as remarks:
            with subprocess.Popen(  # noqa: S603 - the arguments are our own, the address rebuilt
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=remarks,
                env=_environment(os.environ),
            ) as process:
                said = self._heard(process)
            if process.returncode or said is None or len(said) > self.limit:
                raise _failed(process.returncode, said, self, remarks)
        return said

    def _heard(self, process: "subprocess.Popen[bytes]") -> bytes | None:
        """Read what it writes; None where it had to be stopped."""
        stopped = list[bool]()

        def stop() -> None:
            stopped.append(True)
            process.kill()

        timer = Timer(self.timeout, stop)
        timer.start()
        try:
            said = process.stdout.read(self.limit + 1) if process.stdout else b""
            if len(said) > self.limit:
                process.kill()
            process.wait()
        finally:
            timer.cancel()
        return None if stopped else said


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    return {name: ours[name] for name in _KEPT if name in ours}


def _failed(code: int, said: bytes | None, run: YtDlp, remarks: IO[bytes]) -> FetchError:
    if said is None:
        return FetchError(
            f"yt-dlp was stopped after {run.timeout:.0f} seconds", hint="Try again later."
        )
    if len(said) > run.limit:
        return FetchError(
            f"yt-dlp was stopped: it wrote more than {run.limit:,} bytes",
            hint="Give the address of a single video.",
        )
    remarks.seek(0)
    lines = remarks.read(_LIMIT).decode(errors="replace").strip().split("\n")
    reason = lines[-1].removeprefix("ERROR: ")[:_REMARK] or f"it ended with {code}"
    return FetchError(
        f"YouTube: {reason}",
        hint="Is the video public? If so, a newer yt-dlp may help: pip install -U yt-dlp",
    )
