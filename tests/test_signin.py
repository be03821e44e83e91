"""Sign-in: needed wherever others can reach the app, complete or refused, and not for ever."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import SettingsError
from kb.settings import Settings
from ui import asgi, identity, signin
from ui.signin import Gate, Standing

ADA = {"is_logged_in": True, "email": "ada@x.org", "email_verified": True, "iat": 1_000_000}
GATE = Gate(frozenset({"ada@x.org", "@lab.example"}), hours=12)
WHOLE = {
    "oidc_metadata_url": "https://id.example/.well-known/openid-configuration",
    "oidc_client_id": "soundproof",
    "oidc_client_secret": "hush",
    "oidc_allow": ("ada@x.org",),
}


def settings(**given_: object) -> Settings:
    return Settings(home=Path("nowhere"), **given_)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# Who may come in


@pytest.mark.parametrize(
    ("email", "standing"),
    [
        ("ada@x.org", Standing.IN),
        ("ADA@X.ORG", Standing.IN),
        (" ada@x.org ", Standing.IN),
        ("bo@lab.example", Standing.IN),
        ("eve@x.org", Standing.STRANGER),
        ("ada@x.org.evil.example", Standing.STRANGER),
        ("evil@sub.lab.example", Standing.STRANGER),
        ("ada@x.org@evil.example", Standing.STRANGER),
        ("@lab.example", Standing.STRANGER),
        ("lab.example", Standing.STRANGER),
        ("", Standing.STRANGER),
        (None, Standing.STRANGER),
        (["ada@x.org"], Standing.STRANGER),
    ],
)
def test_the_list_decides_who_may_come_in(email: object, standing: Standing) -> None:
    assert GATE.standing({**ADA, "email": email}, 1_000_100) is standing


@pytest.mark.parametrize("verified", [False, "false"])
def test_an_address_that_the_provider_did_not_check_is_nobodys(verified: object) -> None:
    assert GATE.standing({**ADA, "email_verified": verified}, 1_000_100) is Standing.STRANGER


@pytest.mark.parametrize(
    ("claims", "standing"),
    [
        ({}, Standing.OUT),
        ({"email": "ada@x.org", "iat": 1_000_000}, Standing.OUT),
        ({**ADA, "is_logged_in": "yes"}, Standing.OUT),
        ({**ADA, "iat": None}, Standing.EXPIRED),
        ({**ADA, "iat": "1000000"}, Standing.EXPIRED),
    ],
)
def test_who_did_not_sign_in_is_asked_to(claims: dict[str, object], standing: Standing) -> None:
    assert GATE.standing(claims, 1_000_100) is standing


@given(st.integers(-(10**6), 10**6))
def test_a_sign_in_lasts_its_hours_and_no_longer(after: int) -> None:
    standing = GATE.standing(ADA, 1_000_000 + after)

    assert (standing is Standing.IN) == (-120 <= after < 12 * 3600)


# When it is needed


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.9.1"])
def test_on_this_machine_nobody_is_asked(host: str) -> None:
    assert signin.gate(settings(ui_host=host)) is None


@pytest.mark.parametrize(
    "reached",
    [
        {"ui_host": "0.0.0.0"},  # noqa: S104 - what is refused
        {"ui_host": "::"},
        {"ui_host": "192.168.1.7"},
        {"ui_host": "desk.example"},
        {"ui_url": "https://podcasts.example"},
        {"ui_hosts": ("podcasts.example",)},
    ],
)
def test_an_app_that_others_reach_does_not_start_without_sign_in(
    reached: dict[str, object],
) -> None:
    with pytest.raises(SettingsError) as caught:
        asgi.serve(settings(**reached))

    assert "SOUNDPROOF_UI_HOST" in caught.value.hint
    assert signin.gate(settings(**reached, **WHOLE)) is not None


@pytest.mark.parametrize("left_out", WHOLE)
def test_half_a_sign_in_is_none(left_out: str) -> None:
    half = {name: value for name, value in WHOLE.items() if name != left_out}

    with pytest.raises(SettingsError, match=f"SOUNDPROOF_{left_out.upper()}"):
        signin.gate(settings(**half))


def test_sign_in_can_be_asked_for_on_this_machine_too() -> None:
    gate = signin.gate(settings(**WHOLE, oidc_hours=2))

    assert gate == Gate(frozenset({"ada@x.org"}), hours=2)


@pytest.mark.parametrize(
    "url", ["podcasts.example", "ftp://a.example", "https://a.example/app", "https://", "x"]
)
def test_an_address_that_is_none_is_said(url: str) -> None:
    with pytest.raises(SettingsError, match="no address"):
        signin.address(settings(ui_url=url))


def test_the_provider_sends_people_back_to_where_they_came_from() -> None:
    here = signin.secrets(settings(**WHOLE))["auth"]
    there = signin.secrets(settings(**WHOLE, ui_url="https://pods.example/"))["auth"]

    assert here["redirect_uri"] == "http://127.0.0.1:8501/oauth2callback"
    assert there["redirect_uri"] == "https://pods.example/oauth2callback"
    assert here["cookie_secret"] != there["cookie_secret"]
    assert len(here["cookie_secret"]) >= 32
    assert signin.secrets(settings()) == {}


def test_the_secrets_are_printed_nowhere() -> None:
    printed = repr(settings(**WHOLE | {"cookie_secret": "crumbs"}))

    assert "hush" not in printed
    assert "crumbs" not in printed


# Names


def test_votes_carry_who_signed_in_else_who_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "desk")

    assert identity.person(ADA) == "ada@x.org"
    assert identity.person({}) == identity.person({"email": ""}) == "desk"


def test_where_nobody_is_known_a_token_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError("no user")

    monkeypatch.setattr("getpass.getuser", nobody)

    with pytest.raises(SettingsError, match="Nobody"):
        identity.here()
