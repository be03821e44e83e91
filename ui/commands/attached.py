"""A worker that ends with the process that started it: `ui.beside` runs this, on a pipe as its stdin."""

import os
import signal
import time
from threading import Thread

from ui.commands import following

_GRACE = 5.0
"""Seconds to leave in good order; whatever is under way then, the next worker takes up."""


def main() -> None:
    """Work until the process that holds the other end of the pipe has gone."""
    Thread(target=_end_with_parent, args=(_private_stdin(),), daemon=True).start()
    following.worker()


def _private_stdin() -> int:
    """Keep the pipe from the programs that a worker runs: they read nothing."""
    pipe, nothing = os.dup(0), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return pipe


def _end_with_parent(pipe: int) -> None:
    while os.read(pipe, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE)
    os._exit(1)


if __name__ == "__main__":
    main()
