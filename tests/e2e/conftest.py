"""A browser and a served library, and the watch that no page asks another host for anything."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests.conftest import ROOT
from tests.e2e.serving import free_port

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start Chromium, or skip: the pages are also tested without one.

    Its driver keeps an event loop in this thread, so it ends with the tests of this folder.
    """
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@dataclass(frozen=True, slots=True)
class Site:
    """The sample library as it is served: where, and the folder that it is in."""

    address: str
    folder: Path


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the sample library."""
    with sample_site(tmp_path_factory.mktemp("served")) as served:
        yield served


@contextmanager
def sample_site(folder: Path) -> Generator[Site]:
    """Fill a folder with the sample library and serve it."""
    port = free_port()
    command = [sys.executable, "-m", "tests.e2e.sample_server", str(folder), str(port)]
    with _served(command, port, os.environ) as base:
        yield Site(base, folder)


@pytest.fixture(scope="package")
def address(site: Site) -> str:
    """Give the address of the sample library."""
    return site.address


@pytest.fixture(scope="package")
def real_address(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> Iterator[str]:
    """Add an example with its recording as a person would, serve it, and give its address."""
    home, port = tmp_path_factory.mktemp("home"), free_port()
    environment = {**os.environ, "SOUNDPROOF_HOME": str(home), "SOUNDPROOF_OFFLINE": "1"}
    soundproof = [sys.executable, "-c", "from ui.cli import main; main()"]

    def run(*arguments: str) -> str:
        command = [*soundproof, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE
        )
        return done.stdout.decode()

    run("add", str(examples / "who-keeps-the-score.vtt"))
    [episode] = json.loads(run("list", "--json"))
    run("add", str(examples / "who-keeps-the-score.opus"), "--to", episode["id"])
    with _served([*soundproof, "ui", "--port", str(port)], port, environment) as base:
        yield base


@contextmanager
def _served(command: list[str], port: int, environment: Mapping[str, str]) -> Generator[str]:
    with subprocess.Popen(command, cwd=ROOT, env=environment) as server:
        try:
            _wait(f"http://127.0.0.1:{port}/healthz", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    pytest.fail("the server did not start")


LOOKS = ("desktop-light", "desktop-dark", "phone-light", "phone-dark")
one_look = pytest.mark.parametrize("look", ["desktop-light"], indirect=True)
"""For a test that tells nothing new on another screen or in another theme."""


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest) -> str:
    """Name a screen and a theme."""
    name: str = request.param
    return name


@pytest.fixture
def page(browser: Browser, address: str, look: str) -> Iterator[Page]:
    """Open a page over the sample library."""
    with opened(browser, address, look) as drawn:
        yield drawn


@pytest.fixture
def real_page(browser: Browser, real_address: str) -> Iterator[Page]:
    """Open a page over a real library with one of our examples."""
    with opened(browser, real_address, "desktop-light") as drawn:
        yield drawn


@pytest.fixture
def own_page(browser: Browser, real_address: str, look: str) -> Iterator[Page]:
    """Open a page over a real library, in each look."""
    with opened(browser, real_address, look) as drawn:
        yield drawn


@contextmanager
def opened(browser: Browser, address: str, look: str) -> Generator[Page]:
    """Open a page; fail in the end if anything was asked of another host."""
    screen, theme = look.split("-")
    context = browser.new_context(
        base_url=address,
        viewport={"width": 390, "height": 844}
        if screen == "phone"
        else {"width": 1360, "height": 850},
        color_scheme="dark" if theme == "dark" else "light",
    )
    elsewhere: list[str] = []

    def watch(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != urlsplit(address).netloc:
            elsewhere.append(request.url)

    context.on("request", watch)
    yield context.new_page()
    context.close()
    assert elsewhere == []


@pytest.fixture
def pictures() -> Path:
    """Give the folder for screenshots, which is never committed."""
    folder = ROOT / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
