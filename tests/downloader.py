"""Downloads in child processes that are killed; run by tests/test_fetch_kills.py.

Reads lines "url folder host seconds", forks for each, so that a start costs no imports, kills the
child after that time (0: never), and writes the child's exit code (negative for a signal).
"""

import os
import signal
import sys
import time
from pathlib import Path

from ingest.fetch import GuardedFetcher
from ingest.pace import Pace
from kb.errors import FetchError


def download(url: str, folder: str, host: str) -> int:
    fetcher = GuardedFetcher(allow=[host], pace=Pace(interval=0, sleep=lambda _: None))
    try:
        fetcher.download(url, Path(folder), report=lambda _: None)
    except FetchError:
        return 1
    return 0


def main() -> None:
    for line in sys.stdin:
        *what, seconds = line.split()
        if not (child := os.fork()):
            os._exit(download(*what))
        if float(seconds):
            time.sleep(float(seconds))
            os.kill(child, signal.SIGKILL)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
