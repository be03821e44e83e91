"""What every store of artefacts keeps to, and what one behind fsspec does beyond."""

import hashlib
import io
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.adapters.fsspec import RemoteArtefacts
from kb.artefacts import ArtefactStore, FolderArtefacts
from kb.errors import LibraryError, NotFoundError, SettingsError
from kb.ports import Artefacts
from tests.fakes import FakeArtefacts

WORDS = hashlib.sha256(b"words").hexdigest()
_REMOTE = ["memory", "file", pytest.param("s3", marks=pytest.mark.slow)]


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """Play S3 on loopback and give the address of an empty bucket."""
    moto = pytest.importorskip("moto.server", reason="no moto is here to play S3")
    s3fs = pytest.importorskip("s3fs", reason="the extra `s3` is not installed")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "somebody")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        s3fs.S3FileSystem().mkdir("podcasts")
        yield "s3://podcasts"
    server.stop()


def address(request: pytest.FixtureRequest, folder: Path) -> str:
    """Give an address, of the kind that the test is run for, at which nothing is kept yet."""
    if request.param == "s3":
        return f"{request.getfixturevalue('s3')}/{folder.name}"
    return f"memory://{folder.name}" if request.param == "memory" else f"file://{folder}/remote"


@pytest.fixture(params=_REMOTE)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return address(request, tmp_path)


@pytest.fixture(params=["folder", *_REMOTE])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ArtefactStore:
    if request.param == "folder":
        return FolderArtefacts(tmp_path / "here")
    return RemoteArtefacts(address(request, tmp_path), tmp_path / "here")


@pytest.fixture(params=["fake", "folder", *_REMOTE])
def artefacts(request: pytest.FixtureRequest, tmp_path: Path) -> Artefacts:
    if request.param == "fake":
        return FakeArtefacts(tmp_path / "fake")
    if request.param == "folder":
        return FolderArtefacts(tmp_path / "here")
    return RemoteArtefacts(address(request, tmp_path), tmp_path / "here")


def names(store: ArtefactStore) -> list[str]:
    return [each.name for each in store.held()]


# Every kind, the fake too


def test_what_was_put_is_given_back_under_its_hash(artefacts: Artefacts, tmp_path: Path) -> None:
    file = tmp_path / "talk.mp3"
    file.write_bytes(b"words")

    assert artefacts.put(b"words") == artefacts.put_file(file) == WORDS
    assert artefacts.path(WORDS).read_bytes() == b"words"
    assert file.exists()


@pytest.mark.parametrize("name", ["0" * 64, "", "../../etc/passwd", "A" * 64, "a" * 63])
def test_what_is_not_kept_or_is_no_hash_is_not_found(artefacts: Artefacts, name: str) -> None:
    with pytest.raises(NotFoundError):
        artefacts.path(name)


# Every kind that can be looked after


def test_what_is_kept_is_listed_with_its_size(store: ArtefactStore) -> None:
    assert names(store) == []

    store.put(b"words")
    store.put(b"words")

    [held] = store.held()
    assert (held.name, held.size) == (WORDS, 5)
    assert held.modified > 1.7e9
    assert list(store.leftovers()) == []


def test_a_stream_is_taken_only_with_the_hash_it_should_have(store: ArtefactStore) -> None:
    with pytest.raises(NotFoundError, match="damaged where it comes from"):
        store.take(WORDS, io.BytesIO(b"swords"))
    assert names(store) == []

    store.take(WORDS, io.BytesIO(b"words"))
    assert store.path(WORDS).read_bytes() == b"words"


def test_what_was_removed_is_gone_and_its_size_told(store: ArtefactStore) -> None:
    store.put(b"words")

    assert store.remove(WORDS) == 5
    assert store.remove(WORDS) == 0
    assert names(store) == []
    with pytest.raises(NotFoundError):
        store.path(WORDS)


@pytest.mark.parametrize("name", ["../library.sqlite", "", "ab/other", "ab/.part-../x"])
def test_nothing_but_artefacts_and_leftovers_is_removed(store: ArtefactStore, name: str) -> None:
    with pytest.raises(NotFoundError):
        store.remove(name)


def test_what_is_whole_is_intact(store: ArtefactStore) -> None:
    store.put(b"words")

    assert store.intact(WORDS)
    with pytest.raises(NotFoundError):
        store.intact("0" * 64)


# Behind fsspec


def damage(url: str) -> None:
    files, root = pytest.importorskip("fsspec").url_to_fs(url)
    files.pipe_file(f"{root}/{WORDS[:2]}/{WORDS}", b"swords")


def test_another_machine_finds_what_was_put(url: str, tmp_path: Path) -> None:
    RemoteArtefacts(url, tmp_path / "one").put(b"words")
    other = RemoteArtefacts(url, tmp_path / "two")

    assert other.path(WORDS) == FolderArtefacts(tmp_path / "two").path(WORDS)
    assert other.path(WORDS).read_bytes() == b"words"


def test_damage_at_the_other_end_is_seen_and_never_comes_in(url: str, tmp_path: Path) -> None:
    RemoteArtefacts(url, tmp_path / "one").put(b"words")
    damage(url)
    other = RemoteArtefacts(url, tmp_path / "two")

    assert not other.intact(WORDS)
    with pytest.raises(NotFoundError, match="damaged"):
        other.path(WORDS)
    assert list(FolderArtefacts(tmp_path / "two").held()) == []


def test_local_copies_may_be_thrown_away(url: str, tmp_path: Path) -> None:
    store = RemoteArtefacts(url, tmp_path / "one")
    store.put(b"words")

    FolderArtefacts(tmp_path / "one").remove(WORDS)

    assert store.path(WORDS).read_bytes() == b"words"


def test_a_copy_of_what_another_machine_removed_is_a_leftover(url: str, tmp_path: Path) -> None:
    store = RemoteArtefacts(url, tmp_path / "one")
    store.put(b"words")
    RemoteArtefacts(url, tmp_path / "two").remove(WORDS)

    assert [each.name for each in store.leftovers()] == [WORDS]
    assert store.remove(WORDS) == 5
    assert list(store.leftovers()) == []


def test_a_killed_upload_is_a_leftover_and_no_artefact(tmp_path: Path) -> None:
    url, aside = f"file://{tmp_path}/remote", tmp_path / "remote" / "aside" / ("0" * 32)
    aside.parent.mkdir(parents=True)
    aside.write_bytes(b"wor")
    store = RemoteArtefacts(url, tmp_path / "one")

    [left] = store.leftovers()

    assert (left.name, left.size, names(store)) == (f"aside/{'0' * 32}", 3, [])
    assert store.remove(left.name) == 3
    assert not aside.exists()


def test_an_address_of_no_known_kind_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Artefacts cannot be kept at nowhere://x"):
        RemoteArtefacts("nowhere://x", tmp_path)


def test_a_server_that_cannot_be_reached_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3fs = pytest.importorskip("s3fs", reason="the extra `s3` is not installed")
    s3fs.S3FileSystem.clear_instance_cache()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        store = RemoteArtefacts("s3://nobody/home", tmp_path / "one")

        with pytest.raises(LibraryError, match="cannot be reached") as refusal:
            store.put(b"words")
    s3fs.S3FileSystem.clear_instance_cache()
    assert "SOUNDPROOF_ARTEFACTS_URL" in refusal.value.hint


@pytest.mark.slow
def test_a_bucket_that_is_not_there_is_told(s3: str, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="bucket does not exist"):
        RemoteArtefacts(f"{s3}-elsewhere/kept", tmp_path).put(b"words")
