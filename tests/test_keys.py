"""Tokens: shown once, kept as a hash, good until they are revoked."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from kb import schema
from kb.errors import LibraryError, NotFoundError, SettingsError
from kb.keys import PREFIX, Keys
from kb.library import SqlLibrary
from tests import kept_house


@pytest.fixture
def library(tmp_path: Path) -> SqlLibrary:
    return kept_house.sqlite(tmp_path).library


@pytest.fixture
def keys(library: SqlLibrary) -> Keys:
    clock = iter(range(100, 200))
    return Keys(library, now=lambda: float(next(clock)))


def test_a_token_tells_its_holder(keys: Keys) -> None:
    mara, jonas = keys.make("mara"), keys.make("jonas")

    assert (keys.holder(mara), keys.holder(jonas)) == ("mara", "jonas")
    assert mara != jonas


@pytest.mark.parametrize("said", ["", "sp_", "sp_wrong", "mara", "sp_" + "é" * 43])
def test_what_is_no_token_has_no_holder(keys: Keys, said: str) -> None:
    keys.make("mara")

    assert keys.holder(said) is None


def test_a_token_is_long_and_is_kept_nowhere(keys: Keys, library: SqlLibrary) -> None:
    token = keys.make("mara")

    with library.reading() as db:
        kept = str(db.execute(sa.select(schema.tokens)).all())
    assert len(token) >= len(PREFIX) + 43
    assert token not in kept
    assert keys.holder(kept) is None


def test_the_hash_that_is_kept_opens_nothing(keys: Keys, library: SqlLibrary) -> None:
    keys.make("mara")

    with library.reading() as db:
        digest = db.scalar(sa.select(schema.tokens.c.digest))
    assert keys.holder(str(digest)) is None


def test_a_revoked_token_is_worthless_at_once_and_the_others_are_not(keys: Keys) -> None:
    mara, jonas = keys.make("mara"), keys.make("jonas")

    gone = keys.revoke("mara")

    assert (keys.holder(mara), keys.holder(jonas)) == (None, "jonas")
    assert gone.revoked is not None
    assert [(each.name, each.revoked is None) for each in keys.all()] == [
        ("mara", False),
        ("jonas", True),
    ]


def test_a_token_counts_until_the_last_is_revoked(keys: Keys) -> None:
    assert not keys.any()
    keys.make("mara")
    assert keys.any()
    keys.revoke("mara")
    assert not keys.any()


def test_nobody_revokes_twice_or_what_is_not_there(keys: Keys) -> None:
    keys.make("mara")
    keys.revoke("mara")

    for name in ("mara", "jonas"):
        with pytest.raises(NotFoundError):
            keys.revoke(name)


@pytest.mark.parametrize("gone", [False, True])
def test_a_name_has_one_token_ever(keys: Keys, *, gone: bool) -> None:
    keys.make("mara")
    if gone:
        keys.revoke("mara")

    with pytest.raises(LibraryError, match="mara"):
        keys.make(" mara ")


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "x" * 81])
def test_a_holder_has_a_name_that_can_be_printed(keys: Keys, name: str) -> None:
    with pytest.raises(SettingsError):
        keys.make(name)
