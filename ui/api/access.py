"""Who may use the API: whoever shows a good token, and this machine's own people where none is made."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from kb.keys import Keys
from ui import identity
from ui.wiring import House

_BEARER = HTTPBearer(auto_error=False, description="A token of `soundproof token new NAME`.")
_NEEDED = "A token is needed: soundproof token new NAME, then send it as `Authorization: Bearer`"


def house(request: Request) -> House:
    """Give the house that the API stands on."""
    here: House = request.app.state.house
    return here


Here = Annotated[House, Depends(house)]


def caller(
    request: Request,
    here: Here,
    shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> str:
    """Give the name of the token's holder; "" for somebody at this machine who needs none.

    Raises:
        HTTPException: the token is not good, or there is none and one is needed.
    """
    keys = Keys(here.library)
    if shown is None:
        # A header that is no bearer's is an attempt too: it is not taken for nothing said.
        if request.app.state.closed or request.headers.get("authorization") or keys.any():
            raise _unknown(_NEEDED)
        return ""
    holder = keys.holder(shown.credentials)
    if holder is None:
        raise _unknown("This token is not good, or not any more")
    return holder


Caller = Annotated[str, Depends(caller)]


def person(name: Caller) -> str:
    """Give the name that a vote or a draft carries.

    Raises:
        SettingsError: no token, and the machine knows nobody.
    """
    return name or identity.here()


Person = Annotated[str, Depends(person)]


def _unknown(why: str) -> HTTPException:
    return HTTPException(401, why, headers={"www-authenticate": "Bearer"})
