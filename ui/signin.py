"""Sign-in by OpenID Connect: when it is needed, who may come in, and for how long.

Streamlit's `st.login` speaks to the provider and keeps what it said in a signed cookie. It checks
neither who it is nor how long ago that was: the gate does, at every run of a page.
"""

import ipaddress
import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from urllib.parse import urlsplit

from kb.errors import SettingsError
from kb.settings import Settings
from ui import identity

CALLBACK = "/oauth2callback"
"""The path that the provider sends people back to."""
_HINT = (
    "docs/serving.md says what sign-in needs; to stay on this machine, SOUNDPROOF_UI_HOST=127.0.0.1"
)
_SKEW = 120.0
"""Seconds by which a provider's clock may be ahead."""
_HOUR = 3600.0


class Standing(StrEnum):
    """How somebody stands before the gate."""

    IN = "in"
    OUT = "out"
    EXPIRED = "expired"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets in whom the list names, `hours` from the moment their provider vouched for them.

    An entry of `allowed` is an address, or all of a domain: `@example.org`.
    """

    allowed: frozenset[str]
    hours: float

    def standing(self, claims: Mapping[str, object], now: float) -> Standing:
        """Say how somebody stands, by what the provider said of them; `now` in seconds since 1970.

        >>> gate = Gate(frozenset({"ada@x.org", "@y.org"}), hours=1)
        >>> told = {"is_logged_in": True, "email": "Ada@x.org", "iat": 1000}
        >>> gate.standing(told, 2000).value, gate.standing(told, 9000).value
        ('in', 'expired')
        >>> gate.standing({**told, "email": "eve@x.org"}, 2000).value, gate.standing({}, 0).value
        ('stranger', 'out')
        """
        if claims.get("is_logged_in") is not True:
            return Standing.OUT
        since = claims.get("iat")
        if not isinstance(since, int | float):
            return Standing.EXPIRED
        if not -_SKEW <= now - since < self.hours * _HOUR:
            return Standing.EXPIRED
        return Standing.IN if self._knows(identity.of(claims)) else Standing.STRANGER

    def _knows(self, email: str) -> bool:
        name, at, domain = email.rpartition("@")
        return bool(name) and not {email, at + domain}.isdisjoint(self.allowed)


def is_local(host: str) -> bool:
    """Tell whether a name or address leads to this machine alone.

    >>> [is_local(host) for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "desk.example")]
    [True, True, True, False, False]
    """
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_public(settings: Settings) -> bool:
    """Tell whether others than this machine's own people may reach the app."""
    return not all(map(is_local, (settings.ui_host, *names(settings))))


def address(settings: Settings) -> str:
    """Give the address that people type, without a slash at its end.

    Raises:
        SettingsError: it is none.
    """
    host = f"[{settings.ui_host}]" if ":" in settings.ui_host else settings.ui_host
    url = (settings.ui_url or f"http://{host}:{settings.ui_port}").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise SettingsError(
            f"{url} is no address of an app",
            hint="Set SOUNDPROOF_UI_URL to something like https://podcasts.example.org.",
        )
    return url


def names(settings: Settings) -> list[str]:
    """Give the names, beside the one it listens on, by which others reach the app."""
    host = urlsplit(address(settings)).hostname or ""
    return list(dict.fromkeys([host, *settings.ui_hosts]))


def gate(settings: Settings) -> Gate | None:
    """Give the gate of the settings; None where the app stays on this machine and asks nobody.

    Raises:
        SettingsError: others could reach the app and nobody would ask who they are; or sign-in is
            asked for by halves.
    """
    parts = {
        "SOUNDPROOF_OIDC_METADATA_URL": settings.oidc_metadata_url,
        "SOUNDPROOF_OIDC_CLIENT_ID": settings.oidc_client_id,
        "SOUNDPROOF_OIDC_CLIENT_SECRET": settings.oidc_client_secret.get_secret_value(),
        "SOUNDPROOF_OIDC_ALLOW": settings.oidc_allow,
    }
    if not any(parts.values()):
        if is_public(settings):
            raise SettingsError("Without sign-in the app would be open to others", hint=_HINT)
        return None
    missing = [name for name, value in parts.items() if not value]
    if missing:
        raise SettingsError(f"Sign-in is not complete without {', '.join(missing)}", hint=_HINT)
    if find_spec("authlib") is None:
        raise SettingsError("Sign-in needs authlib", hint='pip install -e ".[signin]"')
    return Gate(frozenset(each.casefold() for each in settings.oidc_allow), settings.oidc_hours)


def secrets(settings: Settings) -> Mapping[str, Mapping[str, str]]:
    """Give Streamlit's `[auth]` section; nothing is written to a file."""
    if not settings.oidc_metadata_url:
        return {}
    return {
        "auth": {
            "redirect_uri": address(settings) + CALLBACK,
            "cookie_secret": settings.cookie_secret.get_secret_value() or random.token_urlsafe(32),
            "client_id": settings.oidc_client_id,
            "client_secret": settings.oidc_client_secret.get_secret_value(),
            "server_metadata_url": settings.oidc_metadata_url,
        }
    }
