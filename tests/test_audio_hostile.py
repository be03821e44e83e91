"""32 hostile files: refused or harmless, quickly, in bounded memory, and nothing else is opened."""

import os
import resource
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from ingest import audio
from kb.errors import AudioError
from kb.models import Health
from tests import hostile_media
from tests.recordings import record, tone

pytestmark = pytest.mark.slow

_SECONDS = 10
_MEMORY = 768 * 2**10
_LONG_AGO = 1_000_000_000
_BINARIES = (
    *("external.m4a", "reference.mov", "linked.mkv", "attachment.mkv", "streams.mkv"),
    *("streams.ogg", "nested.m4a", "century.m4a", "huge.wav", "mute.wav", "crowd.wav"),
    *("fast.wav", "cover.flac", "tag.mp3", "archive.mp3", "program.mp3"),
)
_SILENT = ("century.m4a", "huge.wav", "external.m4a")
"""Those that hold a little silence of their own: what they claim beyond that is not believed."""


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a loud recording that no other file may lead to."""
    return record(tmp_path_factory.mktemp("secret") / "talk.wav", tone(3)).rename(
        tmp_path_factory.getbasetemp() / "secret.wav"
    )


@pytest.fixture(scope="module")
def binaries(tmp_path_factory: pytest.TempPathFactory, secret: Path) -> Mapping[str, bytes]:
    quiet = record(tmp_path_factory.mktemp("quiet") / "talk.m4a", tone(1, loudness=0.0))
    return dict(hostile_media.binaries({"talk.m4a": quiet.read_bytes()}, secret))


@pytest.fixture
def server() -> Iterator[socket.socket]:
    """Listen on loopback: whoever calls has followed an address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)  # noqa: FBT003 - socket's own signature
        yield listening


@pytest.fixture
def hostile(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    secret: Path,
    server: socket.socket,
    binaries: Mapping[str, bytes],
) -> Path:
    name: str = request.param
    path = tmp_path / name
    if name in hostile_media.TEXTS:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        text = hostile_media.TEXTS[name]
        path.write_text(text.replace("{secret}", str(secret)).replace("{address}", address))
    else:
        path.write_bytes(binaries[name])
    return path


def read_since(path: Path) -> bool:
    """Tell whether a file was read after `os.utime` set its times long ago."""
    return path.stat().st_atime > _LONG_AGO


def test_the_canary_shows_when_it_is_read(secret: Path) -> None:
    os.utime(secret, (_LONG_AGO, _LONG_AGO))
    assert not read_since(secret)

    secret.read_bytes()

    if not read_since(secret):
        pytest.skip("this file system does not tell who read a file")
    assert max(np.abs(window.samples).max() for window in audio.windows(secret)) > 0.2


@pytest.mark.parametrize("hostile", [*hostile_media.TEXTS, *_BINARIES], indirect=True)
def test_a_hostile_file_leads_nowhere(hostile: Path, secret: Path, server: socket.socket) -> None:
    os.utime(secret, (_LONG_AGO, _LONG_AGO))
    begun, before = time.monotonic(), most_memory()

    if hostile.name in _SILENT:
        assert heard(hostile) < 0.01
        assert audio.survey(hostile).seconds < 10
    else:
        with pytest.raises(AudioError) as refusal:
            heard(hostile)
        assert refusal.value.hint
        with pytest.raises(AudioError):
            audio.playback(hostile, hostile.with_name("copy.webm"))
        assert [path.name for path in hostile.parent.iterdir()] == [hostile.name]
        assert verdict(hostile) in (None, Health.FAILED)

    assert time.monotonic() - begun < 3 * _SECONDS  # three readers each
    assert most_memory() <= max(before, _MEMORY)
    assert not read_since(secret)
    with pytest.raises(BlockingIOError):
        server.accept()


def most_memory() -> int:
    """Give the most kB that a child held; it is charged with its parent's at its start too."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def heard(path: Path) -> float:
    """Give the loudest sample."""
    return max(float(np.abs(window.samples).max()) for window in audio.windows(path))


def verdict(path: Path) -> Health | None:
    """Give the verdict, None for a file that cannot even be opened."""
    try:
        return audio.survey(path).health
    except AudioError:
        return None


def test_all_the_binary_ones_are_tried(binaries: Mapping[str, bytes]) -> None:
    assert set(binaries) == set(_BINARIES)
    assert len(hostile_media.TEXTS) + len(_BINARIES) == 32
