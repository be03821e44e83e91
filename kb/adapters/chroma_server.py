"""Chroma as the server of one folder: a program of its own, started by `kb.adapters.chroma_home`.

It holds the folder's lock for as long as it lives, so whatever ends it, a kill too, frees the folder
and nothing else does. It ends itself when no process shares the folder any more. It is run by its
path and imports none of ours.
"""

import fcntl
import json
import os
import sys
import threading
from pathlib import Path

import chromadb_rust_bindings  # type: ignore[import-untyped]
from filelock import FileLock, Timeout

_PATIENCE = 2.0
"""Seconds to wait for the lock: it was free a moment ago, so another server was quicker."""


def serve(folder: Path, port: int) -> None:
    """Serve the folder on a port of this machine alone until the last user has gone."""
    os.chdir(folder)  # Chroma reads settings from the working folder: never from a person's own
    lock = FileLock("owner.lock")  # kept by name to the end: one that is forgotten lets go
    try:
        lock.acquire(timeout=_PATIENCE)
    except Timeout:
        return
    users = os.open("users.lock", os.O_RDWR | os.O_CREAT, 0o600)
    threading.Thread(target=_end_with_the_last, args=(users,), daemon=True).start()
    aside = Path("owner.json.part")
    aside.write_text(json.dumps({"pid": os.getpid(), "port": port}))
    aside.replace("owner.json")
    chromadb_rust_bindings.cli(
        ["chroma", "run", "--path", ".", "--host", "127.0.0.1", "--port", str(port)]
    )
    lock.release()  # only where Chroma could not begin


def _end_with_the_last(users: int) -> None:
    """Wait until nobody shares the folder, then end; whoever comes meanwhile waits for the end."""
    fcntl.flock(users, fcntl.LOCK_EX)
    os._exit(0)  # Chroma keeps what it has answered for, whichever way it ends


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
