"""Who has Chroma's folder open: one process alone, or a server as soon as there are two.

Two locks on the folder say it all, and the kernel frees both when a process ends, however it ends.
`owner.lock` is held by whoever has the folder open: one process, or the server. `users.lock` is
shared by all who use the server or wait for it. A process that is alone looks now and then whether
somebody waits; then it closes the folder and becomes a user itself. The server ends when it can have
`users.lock` for itself. `owner.json` says who the owner is and where a server listens; it is a
signpost and no more, the locks decide.
"""

import json
import os
import socket
import sys
import threading
import time
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import chromadb
from chromadb.api import ClientAPI
from chromadb.config import Settings
from chromadb.errors import ChromaError
from filelock import FileLock, Timeout

from kb.errors import FetchError, IndexOwnedError, SettingsError

if sys.platform != "win32":
    import fcntl

_LOOK = 0.25
"""Seconds between two looks of a lone owner for somebody who waits."""
_PATIENCE = 20.0
"""Seconds to wait for an owner that is busy, and for a server to start."""
_PAUSE = 0.05
_FREED = 5.0
"""Seconds within which a closed Chroma lets go of its files."""
_HERE = "127.0.0.1"
_PORTS = {"http": 8000, "https": 443}


class Home(Protocol):
    """Where Chroma is."""

    def using(self) -> AbstractContextManager[ClientAPI]:
        """Lend a client that stays good within the block; one thread at a time."""
        ...

    def lost(self) -> None:
        """Take note that the client's server is gone."""
        ...

    def writing(self) -> AbstractContextManager[object]:
        """Keep the other processes of this machine from writing."""
        ...

    def close(self) -> None: ...


class ChromaFolder:
    """A folder on this machine, open here alone or shared through a server."""

    def __init__(self, folder: Path, *, patience: float = _PATIENCE) -> None:
        """Open the folder, waiting up to `patience` seconds for an owner that is busy.

        Raises:
            IndexOwnedError: the owner did not hand over in time.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._patience = folder, patience
        self._turn, self._closed = threading.RLock(), threading.Event()
        self._owner = FileLock(folder / "owner.lock", thread_local=False)
        self._writing = FileLock(folder / "writing.lock", thread_local=False)
        self._users = os.open(folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        self._sharing = False
        self._client: ClientAPI | None = None
        self._server: int | None = None
        try:
            self._connect()
        except BaseException:
            self.close()
            raise
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def shared(self) -> bool:
        """Tell whether a server has the folder, rather than this process."""
        return not self._owner.is_locked

    @contextmanager
    def using(self) -> Generator[ClientAPI]:
        with self._turn:
            self._yield_to_others()
            yield self._client or self._connect()

    def lost(self) -> None:
        with self._turn:
            if self.shared:
                self._let_go()

    def writing(self) -> AbstractContextManager[object]:
        return self._writing  # alone too: a second process may come before the write is done

    def close(self) -> None:
        """Give the folder up; a server of which this was the last user ends."""
        self._closed.set()
        with self._turn:
            self._let_go()
            self._owner.release()
            if self._users >= 0:
                os.close(self._users)
                self._users = -1

    # Handing over

    def _watch(self) -> None:
        """Look for others even while nobody here asks anything."""
        while not self._closed.wait(_LOOK):
            with self._turn:
                if not self._closed.is_set():
                    self._yield_to_others()

    def _yield_to_others(self) -> None:
        if not self.shared and self._others():
            self._share()  # before the folder is free: whoever opens it next sees a second user
            self._let_go()
            self._owner.release()

    def _let_go(self) -> None:
        if self._client is not None:
            _close(self._client)
            self._client = None
            if self._owner.is_locked:
                _wait_for_release(self._folder)

    # Opening

    def _connect(self) -> ClientAPI:
        """Open the folder here if nobody else wants it, else through its server."""
        deadline = time.monotonic() + self._patience
        while self._client is None:
            if self._taken():
                if self._others():
                    self._share()
                    self._owner.release()
                    self._start()
                else:
                    self._client = self._alone()
                    break
            self._share()
            self._client = self._reached()
            if self._client is None and (time.monotonic() > deadline or sys.platform == "win32"):
                raise IndexOwnedError(
                    f"The vector index in {self._folder} is open in process"
                    f" {self._sign('pid') or 'unknown'}",
                    hint="Searching still works beside it; rebuild it where it is open, or stop that.",
                )
            time.sleep(_PAUSE)
        return self._client

    def _taken(self) -> bool:
        if self._owner.is_locked:
            return True  # it was ours already, and only opening failed: a full disk, perhaps
        try:
            self._owner.acquire(timeout=0)
        except Timeout:
            return False
        return True

    def _alone(self) -> ClientAPI:
        aside = self._folder / "owner.json.part"
        aside.write_text(json.dumps({"pid": os.getpid()}))
        aside.replace(self._folder / "owner.json")
        return chromadb.PersistentClient(str(self._folder), settings=_settings())

    def _reached(self) -> ClientAPI | None:
        """Give a client of the server that the signpost points to, if one answers there."""
        port = self._sign("port")
        if port is None:
            return None
        try:
            socket.create_connection((_HERE, port), timeout=1).close()
        except OSError:
            return None
        return _client(_HERE, port)

    def _start(self) -> None:
        """Start the server, unless the one that was started is still on its way."""
        if self._server is not None and os.waitpid(self._server, os.WNOHANG) == (0, 0):
            return
        with socket.socket() as free:
            free.bind((_HERE, 0))
            port = free.getsockname()[1]
        program = [sys.executable, "-P", str(Path(__file__).with_name("chroma_server.py"))]
        log = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        # Not Popen: the server outlives this process, and nobody is to wait for it.
        self._server = os.posix_spawn(
            sys.executable,
            [*program, str(self._folder), str(port)],
            {**os.environ, "ANONYMIZED_TELEMETRY": "False"},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, str(self._folder / "server.log"), log, 0o600),
            ],
            setsid=True,
        )

    def _sign(self, name: str) -> int | None:
        """Read from the signpost; it can be missing, old, or another version's."""
        try:
            sign: Any = json.loads((self._folder / "owner.json").read_text())
        except (OSError, ValueError):
            return None
        value = sign.get(name) if isinstance(sign, dict) else None
        return value if isinstance(value, int) else None

    # The users' lock

    def _others(self) -> bool:
        """Tell whether another process shares the folder or waits to; gives up our own share."""
        if sys.platform == "win32":
            return False
        self._sharing = False
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        fcntl.flock(self._users, fcntl.LOCK_UN)
        return False

    def _share(self) -> None:
        # Never twice: asking again lets the server, which waits for it alone, go first.
        if sys.platform != "win32" and not self._sharing:
            fcntl.flock(self._users, fcntl.LOCK_SH)
            self._sharing = True


class ChromaAddress:
    """A server somewhere else, which sees to its folder itself."""

    def __init__(self, url: str) -> None:
        """Connect.

        Raises:
            SettingsError: it is no http or https address.
            FetchError: nothing answers there.
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise SettingsError(
                f"{url} is no address of a Chroma server",
                hint="Set SOUNDPROOF_CHROMA_URL to something like http://127.0.0.1:8000.",
            )
        self._url, self._host, self._ssl = url, parts.hostname, parts.scheme == "https"
        self._port = parts.port or _PORTS[parts.scheme]
        self._turn = threading.RLock()
        self._client: ClientAPI | None = None
        with self.using():
            pass

    @contextmanager
    def using(self) -> Generator[ClientAPI]:
        with self._turn:
            if self._client is None:
                self._client = _client(self._host, self._port, ssl=self._ssl)
            if self._client is None:
                raise FetchError(
                    f"No Chroma server answers at {self._url}",
                    hint="Start it (chroma run), or correct SOUNDPROOF_CHROMA_URL.",
                )
            yield self._client

    def lost(self) -> None:
        self.close()

    def writing(self) -> AbstractContextManager[object]:
        return nullcontext()

    def close(self) -> None:
        with self._turn:
            if self._client is not None:
                _close(self._client)
                self._client = None


def _client(host: str, port: int, *, ssl: bool = False) -> ClientAPI | None:
    if host == _HERE:
        _past_proxies()
    try:
        return chromadb.HttpClient(host, port, ssl=ssl, settings=_settings())
    except (ValueError, ChromaError):
        return None  # Chroma's way to say that nothing, or something else, answers there


def _close(client: Any) -> None:  # noqa: ANN401 - below Chroma's public surface
    """Close a client and its connections, which Chroma leaves to chance."""
    sessions = [
        getattr(each._server, "_session", None)  # noqa: SLF001
        for each in (client, client._admin_client)  # noqa: SLF001
    ]
    client.close()
    for session in sessions:
        if session is not None:
            session.close()


def _past_proxies() -> None:
    """Keep the way to our own machine out of any proxy."""
    spared = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if _HERE not in spared:
        os.environ["no_proxy"] = f"{spared},{_HERE}".strip(",")


def _settings() -> Settings:
    return Settings(anonymized_telemetry=False)


def _wait_for_release(folder: Path) -> None:
    """Wait until Chroma has closed its files: it does so a moment after it was told to."""
    deadline, opened = time.monotonic() + _FREED, Path("/proc/self/fd")
    if not opened.is_dir():
        time.sleep(1)
        return
    while time.monotonic() < deadline and _open_below(folder, opened):
        time.sleep(_PAUSE)


def _open_below(folder: Path, opened: Path) -> bool:
    """Tell whether this process has a file of Chroma's open; the locks are ours."""
    ours = {".lock"}
    for descriptor in opened.iterdir():
        try:
            file = descriptor.readlink()
        except OSError:
            continue  # closed since it was listed
        if file.is_relative_to(folder.resolve()) and file.suffix not in ours:
            return True
    return False
