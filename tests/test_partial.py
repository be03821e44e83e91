"""Downloads: named by their hash, and resumed where they broke off."""

import gzip
import hashlib
import os
import re
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from ingest.fetch import GuardedFetcher
from ingest.partial import tidy
from kb.errors import FetchError
from tests.loopback import Net, Reply, Route, Server

AUDIO = bytes(range(256)) * 4096  # 1 MiB
DATED = "Tue, 14 Nov 2023 22:13:20 GMT"


@pytest.fixture
def local(server: Server) -> GuardedFetcher:
    """Give a fetcher that may reach the server by its private address."""
    return Net(server.port).fetcher(allow=[server.host])


def quiet(fraction: float) -> None:
    del fraction


def ranged(body: bytes, etag: str, *, cut: int | None = None) -> Route:
    """Serve a file with Range and If-Range; the whole of it breaks off after `cut` bytes."""

    def answer(headers: Mapping[str, str]) -> Reply:
        found = re.fullmatch(r"bytes=(\d+)-", headers.get("range", ""))
        if found and headers["if-range"] == etag:
            start = int(found[1])
            if start >= len(body):
                return Reply(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
            part = {"ETag": etag, "Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
            return Reply(body[start:], status=206, headers=part)
        return Reply(body[:cut], headers={"ETag": etag}, length=len(body))

    return answer


def test_a_download_is_named_by_its_hash_and_keeps_its_extension(
    local: GuardedFetcher, server: Server, tmp_path: Path
) -> None:
    fractions: list[float] = []
    url = server.says("/Episode%201.MP3", Reply(AUDIO))

    path = local.download(f"{url}?sig=1", tmp_path / "media", report=fractions.append)

    assert path == tmp_path / "media" / f"{hashlib.sha256(AUDIO).hexdigest()}.mp3"
    assert path.read_bytes() == AUDIO
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert list(path.parent.iterdir()) == [path], "nothing else is left behind"
    assert server.seen[0][1]["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("/episode", ""), ("/a.mp3/play", ""), ("/a.%2e%2Fx", ""), ("/a.m4a", ".m4a")],
)
def test_only_a_plain_extension_is_kept(
    local: GuardedFetcher, server: Server, tmp_path: Path, name: str, suffix: str
) -> None:
    path = local.download(server.says(name, Reply(AUDIO)), tmp_path, report=quiet)

    assert path.parent == tmp_path
    assert path.suffix == suffix


def test_a_download_that_breaks_off_goes_on_where_it_was(
    local: GuardedFetcher, server: Server, tmp_path: Path
) -> None:
    server.routes["/a.mp3"] = ranged(AUDIO, '"v1"', cut=300_000)

    path = local.download(server.url("/a.mp3"), tmp_path, report=quiet)

    assert path.read_bytes() == AUDIO
    assert [headers.get("range") for _, headers in server.seen] == [None, "bytes=300000-"]


def test_a_download_given_up_goes_on_in_another_process(
    local: GuardedFetcher, server: Server, tmp_path: Path
) -> None:
    broken = Reply(AUDIO[:300_000], headers={"ETag": '"v1"'}, length=len(AUDIO))
    url = server.says("/a.mp3", broken, Reply(status=404))
    with pytest.raises(FetchError):
        local.download(url, tmp_path, report=quiet)
    server.routes["/a.mp3"] = ranged(AUDIO, '"v1"')

    path = Net(server.port).fetcher(allow=[server.host]).download(url, tmp_path, report=quiet)

    assert path.read_bytes() == AUDIO
    assert server.seen[-1][1]["range"] == "bytes=300000-"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_changed_meanwhile_is_fetched_anew(
    local: GuardedFetcher, server: Server, tmp_path: Path
) -> None:
    new = AUDIO[::-1]
    old, changed = ranged(AUDIO, '"v1"', cut=300_000), ranged(new, '"v2"')
    server.routes["/a.mp3"] = lambda headers: (changed if "range" in headers else old)(headers)

    assert local.download(server.url("/a.mp3"), tmp_path, report=quiet).read_bytes() == new


@pytest.mark.parametrize(
    "fault",
    [
        Reply(AUDIO, status=206, headers={"Content-Range": "bytes 0-1048575/1048576"}),
        Reply(b"", status=206, headers={"ETag": '"v1"'}),
        Reply(
            AUDIO[300_000:],
            status=206,
            headers={"ETag": '"v2"', "Content-Range": "bytes 300000-1048575/1048576"},
        ),
        Reply(status=416),
    ],
    ids=["from the start", "no range", "another version", "not satisfiable"],
)
def test_a_server_that_continues_wrongly_is_asked_for_the_whole(
    local: GuardedFetcher, server: Server, tmp_path: Path, fault: Reply
) -> None:
    broken = Reply(AUDIO[:300_000], headers={"ETag": '"v1"'}, length=len(AUDIO))
    url = server.says("/a.mp3", broken, fault, Reply(AUDIO))

    assert local.download(url, tmp_path, report=quiet).read_bytes() == AUDIO
    assert "range" not in server.seen[-1][1]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"ETag": 'W/"weak"'},
        {"ETag": '"é"'},
        {"Last-Modified": DATED},
        {"Last-Modified": DATED, "Date": DATED},
    ],
)
def test_a_file_without_a_strong_validator_is_not_resumed(
    local: GuardedFetcher, server: Server, tmp_path: Path, headers: dict[str, str]
) -> None:
    broken = Reply(AUDIO[:300_000], headers=headers, length=len(AUDIO))
    url = server.says("/a.mp3", broken, Reply(AUDIO))

    assert local.download(url, tmp_path, report=quiet).read_bytes() == AUDIO
    assert "range" not in server.seen[-1][1]


def test_a_download_larger_than_the_limit_stops_before_it_is_written(
    server: Server, tmp_path: Path
) -> None:
    fetcher = GuardedFetcher(allow=[server.host], limit=500_000)
    url = server.says("/a.mp3", Reply(AUDIO))

    with pytest.raises(FetchError, match="larger than 500,000 bytes"):
        fetcher.download(url, tmp_path, report=quiet)

    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == 0


def test_compressed_audio_is_refused(local: GuardedFetcher, server: Server, tmp_path: Path) -> None:
    packed = Reply(gzip.compress(AUDIO), headers={"Content-Encoding": "gzip"})

    with pytest.raises(FetchError, match="compressed"):
        local.download(server.says("/a.mp3", packed), tmp_path, report=quiet)


def test_a_file_that_another_process_downloads_is_left_to_it(
    local: GuardedFetcher, server: Server, tmp_path: Path
) -> None:
    url = server.says("/a.mp3", Reply(AUDIO))
    name = hashlib.sha256(url.encode()).hexdigest()

    with (
        FileLock(tmp_path / f"{name}.lock"),
        pytest.raises(FetchError, match="by another process"),
    ):
        local.download(url, tmp_path, report=quiet)


def test_downloading_twice_leaves_one_file(
    local: GuardedFetcher, server: Server, tmp_path: Path
) -> None:
    url = server.says("/a.mp3", Reply(AUDIO))

    first = local.download(url, tmp_path, report=quiet)
    second = local.download(url, tmp_path, report=quiet)

    assert first == second
    assert list(tmp_path.iterdir()) == [first]


def test_a_folder_that_cannot_be_written_is_said_so(
    local: GuardedFetcher, server: Server, tmp_path: Path
) -> None:
    (tmp_path / "media").write_text("in the way")

    with pytest.raises(FetchError, match="Nothing can be saved in"):
        local.download(server.says("/a.mp3", Reply(AUDIO)), tmp_path / "media", report=quiet)


# Tidying up


def leave(folder: Path, name: str, *, days: float) -> Path:
    path = folder / name
    path.write_bytes(b"left")
    then = time.time() - days * 86_400
    os.utime(path, (then, then))
    return path


def test_what_nobody_goes_on_with_is_removed_after_a_week(tmp_path: Path) -> None:
    old = [leave(tmp_path, f"{'a' * 64}{end}", days=8) for end in (".etag", ".lock", ".part")]

    assert tidy(tmp_path) == tuple(old)
    assert list(tmp_path.iterdir()) == []


def test_a_download_of_which_any_file_is_recent_stays_whole(tmp_path: Path) -> None:
    left = [
        leave(tmp_path, f"{'a' * 64}.etag", days=8),
        leave(tmp_path, f"{'a' * 64}.part", days=6),
    ]

    assert tidy(tmp_path) == ()
    assert sorted(tmp_path.iterdir()) == left


def test_the_age_can_be_chosen(tmp_path: Path) -> None:
    path = leave(tmp_path, f"{'a' * 64}.part", days=2)

    assert tidy(tmp_path, older_than=timedelta(days=1)) == (path,)


def test_a_download_that_is_held_stays(tmp_path: Path) -> None:
    path = leave(tmp_path, f"{'a' * 64}.part", days=8)
    lock = tmp_path / f"{'a' * 64}.lock"

    with FileLock(lock):
        leave(tmp_path, lock.name, days=8)
        assert tidy(tmp_path) == ()

    assert path.exists()


def test_nothing_else_is_touched(tmp_path: Path) -> None:
    names = [f"{'a' * 64}.mp3", "a" * 64, "talk.part", f"{'A' * 64}.part", "notes.lock"]
    kept = [leave(tmp_path, name, days=99) for name in names]

    assert tidy(tmp_path) == ()
    assert sorted(tmp_path.iterdir()) == sorted(kept)


def test_a_folder_that_is_not_there_is_tidy(tmp_path: Path) -> None:
    assert tidy(tmp_path / "none") == ()
