"""A served library as a process of its own, for tests that end it in every way."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.conftest import ROOT

PROGRAM = (sys.executable, "-c", "from ui.cli import main; main()")
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    """A server's process and where it answers."""

    process: subprocess.Popen[bytes]
    url: str

    def end(self, how: signal.Signals) -> None:
        """Send a signal and wait until the process is gone."""
        self.process.send_signal(how)
        self.process.wait(_PATIENCE)


def free_port() -> int:
    """Find a port that is free for now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def served(
    command: Sequence[str], port: int, environment: Mapping[str, str], log: Path
) -> Generator[Served]:
    """Run a server until the end of the block, wherever it is then."""
    with (
        log.open("ab") as told,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=told, stderr=told, stdin=subprocess.DEVNULL
        ) as process,
    ):
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until(lambda: _answers(url) or process.poll() is not None)
            assert process.poll() is None, log.read_text()
            yield Served(process, url)
        finally:
            process.kill()


def wait_until(true: Callable[[], object]) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=5).is_success
    except httpx.TransportError:
        return False
