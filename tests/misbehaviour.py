"""Functions that do as they are told, or very much not so: `ingest.limited` runs them elsewhere."""

import ctypes
import os
import re
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kb.errors import DocumentError
from kb.models import Chapter


@dataclass(frozen=True, slots=True)
class Parsed:
    """Something with parts, as a parser gives it."""

    title: str
    published: date | None
    chapters: tuple[Chapter, ...]


def parsed(content: bytes, times: tuple[float, ...]) -> Parsed:
    """Give what was given, in another shape."""
    chapters = tuple(Chapter(f"part {n}", start) for n, start in enumerate(times))
    return Parsed(content.decode(), date(2025, 3, 9), chapters)


def pid() -> int:
    """Name the process."""
    return os.getpid()


def variables() -> list[str]:
    """Give what is known of the environment."""
    return sorted(os.environ)


def talks(text: str) -> str:
    """Print before answering, as some libraries do."""
    sys.stdout.write("chatter\n" * 1000)
    sys.stdout.flush()
    os.write(1, b"A\xff\xff\xff\x00")
    return text


def refuses(name: str) -> str:
    """Raise an error of ours."""
    raise DocumentError(f"{name} ends in the middle", hint="Get it again.")


def fails() -> str:
    """Raise what nobody foresaw."""
    return str(os.environ["NO_SUCH_VARIABLE"])


def crashes() -> str:
    """Read where there is nothing."""
    return ctypes.string_at(0).decode()


def leaves() -> str:
    """End without an answer."""
    os._exit(0)


def sleeps() -> str:
    """Wait for ever."""
    time.sleep(3600)
    return ""


def spins() -> str:
    """Match a pattern that never ends."""
    return str(re.fullmatch(r"(a|a)*b", "a" * 60))


def hoards() -> int:
    """Take memory until there is none."""
    held = [bytearray(2**24) for _ in range(1_000)]
    return len(held)


def writes(path: Path, megabytes: int) -> int:
    """Write a file."""
    try:
        return path.write_bytes(bytes(megabytes * 2**20))
    except OSError:
        return -1


def opens() -> int:
    """Open sockets, and say after how many it was refused."""
    held: list[socket.socket] = []
    try:
        while len(held) < 1_000:
            held.append(socket.socket())
    except OSError:
        pass
    return len(held)


def lies() -> int:
    """Answer with what was not announced."""
    return "many"  # type: ignore[return-value]  # pyright: ignore[reportReturnType]


def blocks(count: int, size: int) -> Iterator[bytes]:
    """Give numbered blocks."""
    for number in range(count):
        yield bytes([number % 256]) * size


def breaks_off(kind: str) -> Iterator[bytes]:
    """Give one block, and then trouble."""
    yield b"first"
    if kind == "refusal":
        raise DocumentError("the rest is missing", hint="Get it again.")
    if kind == "crash":
        ctypes.string_at(0)
    if kind == "silence":
        time.sleep(3600)


def tells_its_pid() -> Iterator[bytes]:
    """Name the process, and stay."""
    yield str(os.getpid()).encode()
    time.sleep(3600)
