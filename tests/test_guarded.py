"""A sign-in that runs out while a page is open: no part of it is drawn again, no button does a thing."""

import gc
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest

from kb.artefacts import FolderArtefacts
from tests import turnstile
from tests.conftest import ROOT
from tests.turnstile import DONE, SECRET, Turnstile
from ui import asgi

pytestmark = pytest.mark.slow  # a whole app is served

HERE = "http://127.0.0.1:8501"
SOCKET = "ws://127.0.0.1:8501/_stcore/stream"
OUT = "Your last sign-in was too long ago"
SCRIPT = Path(turnstile.__file__).with_name("turnstile_app.py")


@pytest.fixture(autouse=True)
def _open() -> Iterator[None]:
    Turnstile.shut = False
    DONE.clear()
    yield
    Turnstile.shut = False


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[WebSocketTestSession]:
    """Give a socket as a browser opens it."""
    app = asgi.build(FolderArtefacts(tmp_path), host="127.0.0.1", script=SCRIPT)
    with (
        TestClient(app, base_url=HERE) as client,
        client.websocket_connect(SOCKET, headers={"origin": HERE}) as socket,
    ):
        yield socket
    with warnings.catch_warnings():  # Streamlit leaves the loops of its threads open
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def run(browser: WebSocketTestSession, fragment: str = "") -> tuple[str, str]:
    """Have the page drawn, or one part; give all that came, and the id of the part that it told."""
    asked = BackMsg()
    asked.rerun_script.query_string = ""
    asked.rerun_script.fragment_id = fragment
    browser.send_bytes(asked.SerializeToString())
    came, part, told = list[str](), "", ForwardMsg()
    while told.WhichOneof("type") != "script_finished" or _goes_on(told):
        told = ForwardMsg()
        told.ParseFromString(browser.receive_bytes())
        came.append(str(told.delta))
        part = told.auto_rerun.fragment_id or part
    return " ".join(came), part


def _goes_on(told: ForwardMsg) -> bool:
    return told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN


def test_a_part_is_drawn_again_only_for_who_is_still_in(browser: WebSocketTestSession) -> None:
    whole, part = run(browser)
    again, _ = run(browser, part)
    Turnstile.shut = True
    late, _ = run(browser, part)

    assert SECRET in whole
    assert SECRET in again
    assert SECRET not in late
    assert OUT in late


def _drawn() -> AppTest:
    page = AppTest.from_file(str(SCRIPT)).run(timeout=20)
    assert not page.exception
    return page


def test_a_button_does_nothing_for_who_is_out() -> None:
    page = _drawn()
    page.button[0].click().run()
    Turnstile.shut = True
    page.button[0].click().run()

    assert DONE == ["done"]
    assert page.text[0].value.startswith(OUT)


def test_no_view_forgets_to_ask() -> None:
    """Whatever a view has drawn again or called by itself goes through `ui.widgets`."""
    unasked = re.compile(
        r"st\.fragment|st\.dialog|on_(click|change)="
        r"(?!widgets\.acting\(|\"ignore\"|\"rerun\"|st\.login|st\.logout)"
    )
    for path in (ROOT / "ui" / "views").glob("*.py"):
        assert unasked.findall(path.read_text()) == [], path.name
