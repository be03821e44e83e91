"""Sign-in in a real browser, by a scripted provider: let in, refused, run out; audio and API guarded."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from kb.artefacts import FolderArtefacts
from kb.keys import Keys
from kb.library import SqlLibrary
from tests import oidc_provider, sample_house
from tests.e2e.serving import Served, free_port, served
from tests.oidc_provider import CLIENT, SECRET, Provider

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with oidc_provider.providing() as running:
        yield running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("signed")


@pytest.fixture(scope="module")
def app(home: Path, provider: Provider) -> Iterator[Served]:
    port = free_port()
    environment = os.environ | {
        "SOUNDPROOF_HOME": str(home),
        "SOUNDPROOF_UI_PORT": str(port),
        "SOUNDPROOF_UI_HOSTS": '["podcasts.example"]',
        "SOUNDPROOF_OIDC_METADATA_URL": f"{provider.url}/.well-known/openid-configuration",
        "SOUNDPROOF_OIDC_CLIENT_ID": CLIENT,
        "SOUNDPROOF_OIDC_CLIENT_SECRET": SECRET,
        "SOUNDPROOF_OIDC_ALLOW": json.dumps(["ada@x.org", "@lab.example"]),
    }
    command = [sys.executable, "-m", "tests.e2e.signin_server"]
    with served(command, port, environment, home / "server.log") as running:
        yield running


@pytest.fixture
def visitor(browser: Browser, app: Served) -> Iterator[Page]:
    context = browser.new_context(base_url=app.url)
    yield context.new_page()
    context.close()


def _audio(home: Path) -> str:
    kept = FolderArtefacts(home / "artefacts")
    return next(
        f"/audio/{each.name}" for each in kept.held() if each.size > sample_house.SECONDS * 8_000
    )


def _signs_in(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Sign in").click(timeout=30_000)


def test_who_is_on_the_list_comes_in_and_hears(
    visitor: Page, provider: Provider, home: Path
) -> None:
    provider.email, provider.ago = "Bo@Lab.example", 0
    assert visitor.request.get(_audio(home)).status == 401
    visitor.goto("/")
    expect(visitor.get_by_text("Sign in to go on.")).to_be_visible(timeout=30_000)
    expect(visitor.get_by_role("textbox")).to_have_count(0)

    _signs_in(visitor)

    expect(visitor.get_by_text("Signed in as bo@lab.example")).to_be_visible(timeout=30_000)
    expect(visitor.get_by_role("textbox", name="Question")).to_be_visible(timeout=30_000)
    assert visitor.request.get(_audio(home)).status == 200
    visitor.reload()
    expect(visitor.get_by_text("Signed in as bo@lab.example")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize(
    ("email", "verified"), [("eve@evil.example", True), ("ada@x.org", False), ("", True)]
)
def test_who_is_not_on_the_list_is_told_so_and_hears_nothing(
    visitor: Page, provider: Provider, home: Path, email: str, *, verified: bool
) -> None:
    provider.email, provider.verified = email, verified

    _signs_in(visitor)

    expect(visitor.get_by_text("nobody of that name may come in")).to_be_visible(timeout=30_000)
    expect(visitor.get_by_role("textbox")).to_have_count(0)
    assert visitor.request.get(_audio(home)).status == 401
    provider.verified = True


def test_a_sign_in_of_long_ago_has_run_out(visitor: Page, provider: Provider, home: Path) -> None:
    provider.email, provider.ago = "ada@x.org", 13 * 3600

    _signs_in(visitor)

    expect(visitor.get_by_text("too long ago")).to_be_visible(timeout=30_000)
    assert visitor.request.get(_audio(home)).status == 401
    provider.ago = 0


def test_the_api_wants_a_token_even_of_those_who_signed_in(
    visitor: Page, provider: Provider, app: Served, home: Path
) -> None:
    provider.email, provider.ago = "ada@x.org", 0
    _signs_in(visitor)
    expect(visitor.get_by_text("Signed in as ada@x.org")).to_be_visible(timeout=30_000)

    assert visitor.request.get("/api/v1/episodes").status == 401
    library = SqlLibrary(f"sqlite:///{home / 'library.sqlite'}", home)
    token = Keys(library).make("reader")
    library.close()
    shown = {"authorization": f"Bearer {token}"}
    assert httpx.get(f"{app.url}/api/v1/episodes", headers=shown).is_success


def test_the_configured_name_is_answered_and_others_are_not(app: Served) -> None:
    def status(host: str) -> int:
        return httpx.get(f"{app.url}/healthz", headers={"host": host}).status_code

    assert (status("podcasts.example"), status("evil.example")) == (200, 400)
