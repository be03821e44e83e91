"""A worker beside the app: a process of its own, which never outlives the one that started it.

The child (`ui.commands.attached`) holds the end of a pipe whose other end nobody but the app has: when
the app ends, however it ends, the kernel closes it, and the child stops as it does when it is asked to.
"""

import subprocess
import sys
from collections.abc import Sequence
from threading import Event, Thread

_CHILD = (sys.executable, "-P", "-m", "ui.commands.attached")
_PATIENCE = 8.0
"""Seconds in which a child has ended itself, whatever it was at."""
_PAUSE = 5.0
"""Seconds before a worker that died is started again."""


class Beside:
    """Keeps a worker running until `stop`; one that dies is started again."""

    def __init__(self, command: Sequence[str] = _CHILD, *, pause: float = _PAUSE) -> None:
        self._command, self._pause = command, pause
        self._stopped = Event()
        self._keeper = Thread(target=self._keep, daemon=True, name="worker beside")
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the worker."""
        self._child = self._started()
        self._keeper.start()

    def stop(self) -> None:
        """End the worker and wait for it; it is killed where it takes too long."""
        self._stopped.set()
        child = self._child
        if child is None or child.stdin is None:
            return
        child.stdin.close()
        try:
            child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        self._keeper.join(self._pause)

    @property
    def pid(self) -> int | None:
        """Give the worker's process id."""
        return self._child.pid if self._child else None

    def _started(self) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C at the terminal is for the app, which then ends the worker.
        return subprocess.Popen(  # noqa: S603 - our own module
            self._command, stdin=subprocess.PIPE, start_new_session=True
        )

    def _keep(self) -> None:
        while self._child is not None:
            self._child.wait()
            if self._stopped.wait(self._pause):
                return
            if self._child.stdin is not None:
                self._child.stdin.close()
            self._child = self._started()
