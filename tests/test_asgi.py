"""The door: the audio route, who may knock, and what every answer carries."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kb.artefacts import FolderArtefacts
from kb.errors import SettingsError
from tests import sample_house
from ui import asgi, media

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(range(84))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("artefacts")


@pytest.fixture(scope="module")
def door(folder: Path) -> Iterator[TestClient]:
    script = Path(sample_house.__file__).parent / "e2e" / "sample_app.py"
    app = asgi.build(FolderArtefacts(folder), host="desk.example", script=script)
    with TestClient(app, base_url="http://127.0.0.1:8501") as client:
        yield client


@pytest.fixture(scope="module")
def audio(folder: Path) -> str:
    return f"/audio/{FolderArtefacts(folder).put(WAV)}"


def test_audio_comes_whole_with_its_type_and_may_be_kept_for_good(
    door: TestClient, audio: str
) -> None:
    answer = door.get(audio)

    assert (answer.status_code, answer.content) == (200, WAV)
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["etag"] == f'"{audio.removeprefix("/audio/")}"'
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=10-19", 10, 20),
        ("bytes=90-", 90, 100),
        ("bytes=-5", 95, 100),
        ("bytes=0-999", 0, 100),
    ],
)
def test_a_range_gets_just_that_range(
    door: TestClient, audio: str, asked: str, start: int, stop: int
) -> None:
    answer = door.get(audio, headers={"range": asked})

    assert answer.status_code == 206
    assert answer.content == WAV[start:stop]
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/100"


def test_a_range_beyond_the_end_is_refused_with_the_length(door: TestClient, audio: str) -> None:
    answer = door.get(audio, headers={"range": "bytes=100-"})

    assert answer.status_code == 416
    assert answer.headers["content-range"] == "bytes */100"


@pytest.mark.parametrize("asked", ["bytes=9-2", "bytes=x-y", "lines=1-2", "bytes="])
def test_a_range_that_makes_no_sense_is_a_bad_request(
    door: TestClient, audio: str, asked: str
) -> None:
    assert door.get(audio, headers={"range": asked}).status_code == 400


def test_the_head_of_audio_can_be_asked_for(door: TestClient, audio: str) -> None:
    answer = door.head(audio)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "100"


@pytest.mark.parametrize(
    "name",
    ["0" * 64, "0" * 63, "A" * 64, "x", "0" * 64 + ".wav", "0" * 63 + "%0a"],
)
def test_a_name_that_is_no_kept_hash_is_not_found(door: TestClient, name: str) -> None:
    assert door.get(f"/audio/{name}").status_code == 404


@pytest.mark.parametrize("path", ["/audio/../library.sqlite", "/audio/..%2f..%2fetc%2fpasswd"])
def test_no_path_leads_out_of_the_folder(door: TestClient, folder: Path, path: str) -> None:
    (folder / "library.sqlite").write_text("secret")

    answer = door.get(path)

    assert "secret" not in answer.text
    assert "root:" not in answer.text


def test_what_is_kept_but_is_not_audio_does_not_leave(door: TestClient, folder: Path) -> None:
    transcript = FolderArtefacts(folder).put(b'{"segments": []}')

    assert door.get(f"/audio/{transcript}").status_code == 404


def test_audio_cannot_be_written(door: TestClient, audio: str) -> None:
    assert door.post(audio, content=b"x").status_code == 405


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x1aE\xdf\xa3", "audio/webm"),
        (b"OggS", "audio/ogg"),
        (b"fLaC", "audio/flac"),
        (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xfb\x90", "audio/mpeg"),
        (b"\xff\xf1\x50", "audio/aac"),
        (b"\x00\x00\x00\x20ftypM4A ", "audio/mp4"),
        (b"RIFF\x24\x00\x00\x00WAVE", "audio/wav"),
        (b"RIFF\x24\x00\x00\x00AVI ", None),
        (b"<html>", None),
        (b"\xff", None),
        (b"", None),
    ],
)
def test_the_type_is_read_from_the_file_and_not_from_its_name(
    head: bytes, kind: str | None
) -> None:
    assert media.media_type(head) == kind


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost", "[::1]:8501", "desk.example:8501"])
def test_this_machines_names_and_the_configured_one_are_answered(
    door: TestClient, host: str
) -> None:
    assert door.get("/healthz", headers={"host": host}).text == "ok"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8501",
        "169.254.169.254",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/", "/healthz", "/_stcore/health"])
def test_a_foreign_host_is_turned_away(door: TestClient, host: str, path: str) -> None:
    assert door.get(path, headers={"host": host}).status_code == 400


@pytest.mark.parametrize("path", ["/", "/healthz", "/audio/none", "/_stcore/health"])
def test_every_answer_carries_the_rules(door: TestClient, path: str) -> None:
    headers = door.get(path).headers

    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_policy_names_no_other_host_and_no_loose_scripts() -> None:
    rules = dict(rule.split(" ", 1) for rule in asgi.content_policy().split("; "))

    assert "http" not in asgi.content_policy()
    assert "ws:" not in asgi.content_policy()
    assert "unsafe" not in rules["script-src"]
    assert "'sha256-" in rules["script-src"]
    assert rules["connect-src"] == "'self'"


def test_streamlit_is_told_to_keep_to_itself() -> None:
    told = asgi.options("127.0.0.1", 8501)

    assert told["server.address"] == "127.0.0.1"
    assert told["server.enableXsrfProtection"] is True
    assert told["browser.gatherUsageStats"] is False
    assert told["client.showErrorDetails"] == "none"
    assert "evil.example" not in asgi.hosts("127.0.0.1")


def test_a_port_in_use_is_said_before_anything_starts() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(SettingsError, match=f"127.0.0.1:{port}") as caught:
            asgi.check_free("127.0.0.1", port)

    assert "--port" in caught.value.hint


def test_an_address_that_is_not_ours_is_said() -> None:
    with pytest.raises(SettingsError):
        asgi.check_free("203.0.113.7", 8501)
