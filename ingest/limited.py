"""Run a function where it can do no harm: in a process of its own, with limits.

What reads foreign bytes may crash, hang or fill the memory, whoever wrote it. Here it loses nothing but
its own process: computing time, memory, files and the wall clock are bounded, it sees no variable
of our environment, and what comes back is data that is checked, never pickled objects.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import struct
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import ceil
from threading import Thread, Timer
from types import SimpleNamespace
from typing import IO, TYPE_CHECKING, NoReturn, TypeVar, TypeVarTuple, get_type_hints

from kb import errors
from kb.errors import SoundproofError, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from pydantic import TypeAdapter

_Given = TypeVarTuple("_Given")
_Result = TypeVar("_Result")

_START = "import sys; sys.path[:] = sys.argv[1:]; from ingest import limited; limited.serve()"
_OPTIONS = ("-I", "-S", "-B", "-X", "utf8")
"""No site packages of its own (it gets our path), no variables, no `.pyc` written, paths in UTF-8."""
_ENVIRONMENT = ("LANG", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PATH", "SYSTEMROOT")
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
"""Each thread of a library would take its share of the address space that we allow."""
_PATIENCE = 2.0
_FILES = 64
_NO_MEMORY = 77
_FRAME = struct.Struct("<cI")
_BLOCK, _ANSWER, _REFUSAL = b"B", b"A", b"R"
_NONSENSE = "what came of it makes no sense"
_HINT = "It is damaged, or made to do harm. Get it anew from its publisher."


@dataclass(frozen=True, slots=True)
class _Bounds:
    """What a child may use, and how its failure is told."""

    seconds: float
    memory_mb: int
    written_mb: int
    subject: str
    failure: type[SourceError]

    def error(self, reason: str) -> SourceError:
        return self.failure(f"{self.subject} cannot be read: {reason}", hint=_HINT)

    @property
    def too_long(self) -> SourceError:
        return self.error(f"it takes longer than {self.seconds:.0f} s")


def call(
    function: Callable[[*_Given], _Result],
    *given: *_Given,
    seconds: float,
    memory_mb: int,
    written_mb: int = 0,
    subject: str = "What was given",
    failure: type[SourceError] = SourceError,
) -> _Result:
    """Give what a function of a module returns, worked out in a limited process.

    The return annotation must hold at run time (no import under TYPE_CHECKING) and be something
    that pydantic writes and reads as JSON: dataclasses, tuples, dates, text, numbers. Arguments may
    be anything that pickles. The child imports the function's module and what that imports, nothing
    more: keep it light. `seconds` bounds computing time; the wall clock may show twice that, as
    others use the machine too. `memory_mb` bounds the address space, of which Python with numpy and
    FFmpeg take about 200 MB. Files can be written only up to `written_mb`.

        parsed = limited.call(
            feed_xml.parse, content, seconds=5, memory_mb=512, subject=url, failure=DocumentError
        )

    Raises:
        SoundproofError: what the function raised, with its own type, message and hint.
        SourceError: (or `failure`) it crashed, took too long or too much, or answered nonsense.
    """
    from pydantic import ValidationError  # noqa: PLC0415 - streams do without it

    bounds = _Bounds(seconds, memory_mb, written_mb, subject, failure)
    with _started(function, given, bounds, streams=False) as child:
        kind, content = child.frame()
    try:
        return _adapter(function).validate_json(content if kind == _ANSWER else b"")
    except ValidationError as error:
        raise bounds.error(_NONSENSE) from error


def stream(
    function: Callable[[*_Given], Iterator[bytes]],
    *given: *_Given,
    seconds: float,
    memory_mb: int,
    subject: str = "What was given",
    failure: type[SourceError] = SourceError,
) -> Generator[bytes]:
    """Give the blocks of bytes that a generator function yields in a limited process.

    As `call`, but the wall clock counts only while we wait: what is done between two blocks may
    take as long as it likes. A stream that is left early ends its process.
    """
    bounds = _Bounds(seconds, memory_mb, 0, subject, failure)
    with _started(function, given, bounds, streams=True) as child:
        while True:
            kind, content = child.frame()
            if kind != _BLOCK:
                return
            yield content


class _Child:
    """A started process, whose frames are waited for until the patience is used up."""

    def __init__(self, process: subprocess.Popen[bytes], out: IO[bytes], bounds: _Bounds) -> None:
        self._process, self._out, self._bounds = process, out, bounds
        self._patience = _PATIENCE * bounds.seconds

    def frame(self) -> tuple[bytes, bytes]:
        """Give the next frame; a refusal is raised as the error that it tells of."""
        begun = time.monotonic()
        timer = Timer(max(self._patience, 0.0), self._process.kill)
        timer.start()
        try:
            kind, content = self._frame()
        finally:
            timer.cancel()
            self._patience -= time.monotonic() - begun
        if kind == _REFUSAL:
            raise _told(content, self._bounds)
        return kind, content

    def _frame(self) -> tuple[bytes, bytes]:
        head = self._out.read(_FRAME.size)
        if len(head) < _FRAME.size:
            raise self._ended()
        kind, length = _FRAME.unpack(head)
        if length > self._bounds.memory_mb * 2**20:
            raise self._bounds.error(_NONSENSE)
        content = self._out.read(length)
        if len(content) < length:
            raise self._ended()
        return kind, content

    def _ended(self) -> SourceError:
        """Say why the child is no more."""
        status = self._process.wait()
        if status in (-signal.SIGKILL, -signal.SIGXCPU):  # our timer, or the computing time
            return self._bounds.too_long
        if status == _NO_MEMORY:
            return self._bounds.error(f"it needs more than {self._bounds.memory_mb} MB")
        name = signal.Signals(-status).name if status < 0 else f"status {status}"
        return self._bounds.error(f"its reader crashed ({name})")


def _adapter(function: Callable[..., _Result]) -> TypeAdapter[_Result]:
    """Give what writes and reads a function's answer; of its annotations only that one is needed."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - streams do without it

    answer = SimpleNamespace(__annotations__={"return": function.__annotations__["return"]})
    known: dict[str, object] = vars(sys.modules[function.__module__])
    return TypeAdapter(get_type_hints(answer, known)["return"])


@contextmanager
def _started(
    function: Callable[..., object], given: tuple[object, ...], bounds: _Bounds, *, streams: bool
) -> Generator[_Child]:
    """Start a child on a function; it is gone at the end of the block, finished or not."""
    request = pickle.dumps(bounds) + pickle.dumps((streams, function, given))
    path = [os.path.abspath(entry) for entry in sys.path]  # noqa: PTH100 - "" is the folder we are in
    known = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    with subprocess.Popen(  # noqa: S603 - our own interpreter and code, no shell
        [sys.executable, *_OPTIONS, "-c", _START, *path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=known | _ONE_THREAD,
    ) as process:
        stdin, stdout = process.stdin, process.stdout
        try:
            if stdin is None or stdout is None:
                raise bounds.error("no process can be started for it")
            with suppress(BrokenPipeError):  # then it is gone, which the first frame tells
                stdin.write(request)
                stdin.flush()
            yield _Child(process, stdout, bounds)
        finally:
            process.kill()
            with suppress(BrokenPipeError):
                process.communicate()


def _told(content: bytes, bounds: _Bounds) -> SoundproofError:
    """Make the error again that was raised in the child."""
    try:
        name, message, hint = json.loads(content)
        kind: type[object] = getattr(errors, name)
        if issubclass(kind, SoundproofError):
            return kind(str(message), hint=str(hint))
    except (ValueError, TypeError, AttributeError):
        pass
    return bounds.error(_NONSENSE)


# From here on: what runs in the child.


def serve() -> NoReturn:
    """Do what standard input asks for, and end the process. Called in the child alone."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get among the frames
    asked = sys.stdin.buffer
    _limit(pickle.load(asked))  # noqa: S301 - our parent wrote it
    streams, function, given = pickle.load(asked)  # noqa: S301 - our parent wrote it
    Thread(target=_leave_with_the_parent, daemon=True).start()
    status = 0
    try:
        if streams:
            for block in function(*given):
                _write(out, _BLOCK, block)
            _write(out, _ANSWER, b"")
        else:
            _write(out, _ANSWER, _adapter(function).dump_json(function(*given)))
    except MemoryError:
        status = _NO_MEMORY
    except SoundproofError as error:
        told = (type(error).__name__, str(error), error.hint)
        _write(out, _REFUSAL, json.dumps(told).encode())
    os._exit(status)  # whatever threads a library left


def _write(out: IO[bytes], kind: bytes, content: bytes) -> None:
    out.write(_FRAME.pack(kind, len(content)))
    out.write(content)
    out.flush()


def _limit(bounds: _Bounds) -> None:
    """Bound this process, as far as the platform can."""
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    seconds, memory = ceil(bounds.seconds), bounds.memory_mb * 2**20
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, bounds.written_mb * 2**20),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a lower limit holds already, or macOS knows none
            resource.setrlimit(kind, (most, most))


def _leave_with_the_parent() -> None:
    """End when our parent does: a killed run leaves nothing behind that still works."""
    os.read(0, 1)
    os._exit(1)
