"""Every audio and transcript that an episode ever had: told of, never deleted by a newer one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from kb import schema

if TYPE_CHECKING:
    from kb.library import SqlLibrary


@dataclass(frozen=True, slots=True)
class Version:
    """A recording or a transcript (`kind`), when it was first seen here, and where it came from."""

    kind: str
    sha256: str
    noted: datetime
    origin: str


def of(library: SqlLibrary, episode_id: str) -> tuple[Version, ...]:
    """Give the versions of an episode, newest first; none where it is not in the library."""
    table = schema.versions
    query = (
        sa.select(table)
        .where(table.c.episode_id == episode_id)
        .order_by(table.c.noted.desc(), table.c.kind)
    )
    with library.reading() as db:
        return tuple(
            Version(
                row["kind"],
                row["sha256"],
                datetime.fromtimestamp(row["noted"], UTC),
                row["origin"],
            )
            for row in db.execute(query).mappings()
        )
