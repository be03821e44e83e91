"""The door: the audio route, who may knock, and what every answer carries."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient, WebSocketDenialResponse

from kb.artefacts import FolderArtefacts
from kb.errors import SettingsError
from tests import api_house, sample_house
from ui import asgi, door, intake, media
from ui.api import service

SCRIPT = Path(sample_house.__file__).parent / "e2e" / "sample_app.py"
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(range(84))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("artefacts")


@pytest.fixture(scope="module")
def door_(folder: Path) -> Iterator[TestClient]:
    api = Mount(service.PATH, service.build(api_house.filled(folder / "home"), closed=False))
    app = asgi.build(FolderArtefacts(folder), host="desk.example", script=SCRIPT, routes=[api])
    with TestClient(app, base_url="http://127.0.0.1:8501") as client:
        yield client


@pytest.fixture(scope="module")
def audio(folder: Path) -> str:
    return f"/audio/{FolderArtefacts(folder).put(WAV)}"


def test_audio_comes_whole_with_its_type_and_may_be_kept_for_good(
    door_: TestClient, audio: str
) -> None:
    answer = door_.get(audio)

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
    door_: TestClient, audio: str, asked: str, start: int, stop: int
) -> None:
    answer = door_.get(audio, headers={"range": asked})

    assert answer.status_code == 206
    assert answer.content == WAV[start:stop]
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/100"


def test_a_range_beyond_the_end_is_refused_with_the_length(door_: TestClient, audio: str) -> None:
    answer = door_.get(audio, headers={"range": "bytes=100-"})

    assert answer.status_code == 416
    assert answer.headers["content-range"] == "bytes */100"


@pytest.mark.parametrize("asked", ["bytes=9-2", "bytes=x-y", "lines=1-2", "bytes="])
def test_a_range_that_makes_no_sense_is_a_bad_request(
    door_: TestClient, audio: str, asked: str
) -> None:
    assert door_.get(audio, headers={"range": asked}).status_code == 400


def test_the_head_of_audio_can_be_asked_for(door_: TestClient, audio: str) -> None:
    answer = door_.head(audio)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "100"


@pytest.mark.parametrize(
    "name",
    ["0" * 64, "0" * 63, "A" * 64, "x", "0" * 64 + ".wav", "0" * 63 + "%0a"],
)
def test_a_name_that_is_no_kept_hash_is_not_found(door_: TestClient, name: str) -> None:
    assert door_.get(f"/audio/{name}").status_code == 404


@pytest.mark.parametrize("path", ["/audio/../library.sqlite", "/audio/..%2f..%2fetc%2fpasswd"])
def test_no_path_leads_out_of_the_folder(door_: TestClient, folder: Path, path: str) -> None:
    (folder / "library.sqlite").write_text("secret")

    answer = door_.get(path)

    assert "secret" not in answer.text
    assert "root:" not in answer.text


def test_what_is_kept_but_is_not_audio_does_not_leave(door_: TestClient, folder: Path) -> None:
    transcript = FolderArtefacts(folder).put(b'{"segments": []}')

    assert door_.get(f"/audio/{transcript}").status_code == 404


def test_audio_cannot_be_written(door_: TestClient, audio: str) -> None:
    assert door_.post(audio, content=b"x").status_code == 405


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
    door_: TestClient, host: str
) -> None:
    assert door_.get("/healthz", headers={"host": host}).text == "ok"


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
def test_a_foreign_host_is_turned_away(door_: TestClient, host: str, path: str) -> None:
    assert door_.get(path, headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/audio/none", "/_stcore/health", "/api/v1/docs", "/api/v1/none"]
)
def test_every_answer_carries_the_rules(door_: TestClient, path: str) -> None:
    headers = door_.get(path).headers

    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("127.0.0.1:8501", "http://127.0.0.1:8501", 200),
        ("localhost:8501", "http://localhost:8501", 200),
        ("desk.example", "https://desk.example", 200),
        ("127.0.0.1:8501", None, 200),
        ("127.0.0.1:8501", "https://evil.example", 403),
        ("127.0.0.1:8501", "http://evil.example:8501", 403),
        ("127.0.0.1:8501", "http://127.0.0.1:3000", 403),
        ("127.0.0.1:8501", "http://localhost:8501", 403),
        ("127.0.0.1:8501", "http://127.0.0.1:8501.evil.example", 403),
        ("127.0.0.1:8501", "null", 403),
        ("127.0.0.1:8501", "", 403),
        ("evil.example", "http://evil.example", 400),
    ],
)
@pytest.mark.parametrize("path", ["/", "/healthz", "/_stcore/health", "/api/v1/episodes"])
def test_twelve_hosts_and_origins(
    door_: TestClient, path: str, host: str, origin: str | None, status: int
) -> None:
    headers = {"host": host} | ({} if origin is None else {"origin": origin})

    assert door_.get(path, headers=headers).status_code == status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/api/v1/jobs", "/_stcore/upload_file/a/b"])
def test_a_foreign_page_changes_nothing(door_: TestClient, method: str, path: str) -> None:
    headers = {"origin": "https://evil.example"}

    assert door_.request(method, path, headers=headers).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", ["/api/v1/episodes", "/audio/none"])
def test_another_site_does_not_even_link_to_data(door_: TestClient, path: str, site: str) -> None:
    assert door_.get(path, headers={"sec-fetch-site": site}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "none", "same-origin"])
def test_a_link_to_a_page_opens_it(door_: TestClient, site: str) -> None:
    assert door_.get("/?ep=evals-1", headers={"sec-fetch-site": site}).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:3000", "null"])
def test_a_foreign_page_opens_no_socket(door_: TestClient, origin: str) -> None:
    headers = {"host": "127.0.0.1:8501", "origin": origin}
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        door_.websocket_connect("/_stcore/stream", headers=headers),
    ):
        pass

    assert refused.value.status_code == 403


@pytest.mark.parametrize(("let_in", "status"), [(True, 200), (False, 401)])
def test_audio_is_for_those_who_are_let_in(
    folder: Path, audio: str, status: int, *, let_in: bool
) -> None:
    app = Starlette(
        routes=[media.route(FolderArtefacts(folder))],
        middleware=[Middleware(door.SignedIn, admits=lambda _: let_in)],
    )

    assert TestClient(app).get(audio).status_code == status
    assert TestClient(app).get("/elsewhere").status_code == 404


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize(("let_in", "status"), [(True, 204), (False, 401)])
def test_only_those_who_are_let_in_send_files(method: str, status: int, *, let_in: bool) -> None:
    async def taken(_request: Request) -> Response:
        return Response(status_code=204)

    app = Starlette(
        routes=[Route("/_stcore/upload_file/{session}/{file}", taken, methods=[method])],
        middleware=[Middleware(door.SignedIn, admits=lambda _: let_in)],
    )

    answer = TestClient(app).request(method, "/_stcore/upload_file/a/b", content=b"x")

    assert answer.status_code == status


@pytest.mark.parametrize(
    "forged", ["", "x", "chunks-2", "e30.aa.bb", '{"is_logged_in": true}', "é"]
)
def test_a_cookie_that_we_did_not_sign_says_nothing(forged: str) -> None:
    cookie = f"_streamlit_user={forged}".encode("latin-1")

    assert asgi.claims(HTTPConnection({"type": "http", "headers": [(b"cookie", cookie)]})) == {}


def test_the_policy_names_no_other_host_and_no_loose_scripts(door_: TestClient) -> None:
    policy = door_.get("/").headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))

    assert "http" not in policy
    assert "ws:" not in policy
    assert "unsafe" not in rules["script-src"]
    assert "'sha256-" in rules["script-src"]
    assert rules["connect-src"] == "'self'"


def test_streamlit_is_told_to_keep_to_itself() -> None:
    told = asgi.options("127.0.0.1", 8501)

    assert told["server.address"] == "127.0.0.1"
    assert told["server.enableXsrfProtection"] is True
    assert told["browser.gatherUsageStats"] is False
    assert told["client.showErrorDetails"] == "none"
    assert told["server.maxUploadSize"] == intake.MOST_MB
    assert told["server.enableAgentApi"] is False
    assert "evil.example" not in door.hosts("127.0.0.1")


def test_a_port_in_use_is_said_before_anything_starts() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(SettingsError, match=f"127.0.0.1:{port}") as caught:
            door.check_free("127.0.0.1", port)

    assert "--port" in caught.value.hint


def test_an_address_that_is_not_ours_is_said() -> None:
    with pytest.raises(SettingsError):
        door.check_free("203.0.113.7", 8501)
