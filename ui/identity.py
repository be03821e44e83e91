"""Who is at work here: whoever signed in, else whoever is at this machine."""

import getpass
from collections.abc import Mapping

from kb.errors import SettingsError


def of(claims: Mapping[str, object]) -> str:
    """Give the e-mail address of somebody whom a provider vouches for; "" where it gives none.

    >>> of({"email": " Ada@Example.org "}), of({"email": "ada@x.org", "email_verified": False})
    ('ada@example.org', '')
    """
    email, verified = claims.get("email"), claims.get("email_verified", True)
    if not isinstance(email, str) or verified in (False, "false"):
        return ""
    return email.strip().casefold()


def here() -> str:
    """Give the login name at this machine.

    Raises:
        SettingsError: it has none, as in a container without users.
    """
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise SettingsError(
            "Nobody is signed in here",
            hint="Say who you are: --by NAME or --voter NAME; or set LOGNAME.",
        ) from error


def person(claims: Mapping[str, object]) -> str:
    """Give the name that votes and drafts carry.

    Raises:
        SettingsError: nobody signed in, and the machine knows nobody either.
    """
    return of(claims) or here()
