"""Tokens of the API: who holds one. Only a hash is kept, so a token that is lost is made anew."""

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from kb import rows, schema
from kb.errors import LibraryError, NotFoundError, SettingsError
from kb.library import SqlLibrary

PREFIX = "sp_"
"""What a token begins with, so that it is known for one wherever it turns up."""
_BYTES = 32
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Key:
    """A holder's entry: moments in seconds since 1970, `revoked` None while the token is good."""

    name: str
    created: float
    revoked: float | None = None


class Keys:
    """The tokens of a library."""

    def __init__(self, library: SqlLibrary, *, now: Callable[[], float] = time.time) -> None:
        self._library = library
        self._now = now

    def make(self, name: str) -> str:
        """Make a token for somebody and give it: this once, for it is not kept.

        Raises:
            SettingsError: nobody can be called that.
            LibraryError: the name had a token before; what it did stays told apart from what follows.
        """
        if not name.strip() or len(name) > _LONGEST or not name.isprintable():
            raise SettingsError(
                "A token has a holder", hint="Name a person or a program: soundproof token new NAME"
            )
        token = PREFIX + secrets.token_urlsafe(_BYTES)
        given = {"name": name.strip(), "digest": _hashed(token), "created": self._now()}
        with self._library.writing() as db:
            if not rows.insert_missing(db, schema.tokens, given):
                raise LibraryError(
                    f"{name.strip()} has or had a token",
                    hint="Choose another name for the new one.",
                )
        return token

    def holder(self, token: str) -> str | None:
        """Give the name of whoever holds a token; None for one that is unknown or revoked."""
        table, wanted = schema.tokens, _hashed(token)
        query = sa.select(table.c.name, table.c.digest).where(table.c.revoked.is_(None))
        with self._library.reading() as db:
            known = db.execute(query).all()
        # All are compared, each in the same time: how long it takes tells nothing.
        found = [row.name for row in known if hmac.compare_digest(str(row.digest), wanted)]
        return str(found[0]) if found else None

    def any(self) -> bool:
        """Tell whether a token is good, so that others have to show theirs."""
        table = schema.tokens
        query = sa.select(table.c.name).where(table.c.revoked.is_(None)).limit(1)
        with self._library.reading() as db:
            return db.execute(query).first() is not None

    def all(self) -> list[Key]:
        """Give all holders, the newest last."""
        table = schema.tokens
        with self._library.reading() as db:
            query = sa.select(table).order_by(table.c.created, table.c.name)
            return [_key(row) for row in db.execute(query).mappings()]

    def revoke(self, name: str) -> Key:
        """Make somebody's token worthless, at once and for good.

        Raises:
            NotFoundError: nobody of that name holds one.
        """
        table = schema.tokens
        good = (table.c.name == name, table.c.revoked.is_(None))
        with self._library.writing() as db:
            changed = db.execute(sa.update(table).where(*good).values(revoked=self._now()))
        if changed.rowcount == 0:
            raise NotFoundError(f"{name} holds no token", hint="soundproof token list")
        return next(each for each in self.all() if each.name == name)


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _key(row: RowMapping) -> Key:
    return Key(row["name"], row["created"], row["revoked"])
