"""What judges that are models said of battles: kept apart from people's votes, never changed."""

import time
from collections.abc import Callable

import sqlalchemy as sa

from eval.judge import Verdict
from eval.models import Choice
from kb import schema
from kb.library import SqlLibrary
from kb.rows import insert_missing


class Verdicts:
    """The verdicts in a library."""

    def __init__(self, library: SqlLibrary, *, now: Callable[[], float] = time.time) -> None:
        self._library = library
        self._now = now

    def note(self, verdict: Verdict) -> bool:
        """Keep a verdict; False where that judge has given one on the battle, which stands."""
        said = {"straight": verdict.straight.value, "crossed": verdict.crossed.value}
        of = {"judge": verdict.judge, "battle_id": verdict.battle_id, "given": self._now()}
        with self._library.writing() as db:
            return insert_missing(db, schema.verdicts, of | said)

    def all(self) -> list[Verdict]:
        """Give all verdicts, oldest first."""
        table, battles = schema.verdicts, schema.battles
        query = (
            sa.select(table, battles.c.item_id, battles.c.a, battles.c.b)
            .join(battles)
            .order_by(table.c.given, table.c.judge, table.c.battle_id)
        )
        with self._library.reading() as db:
            return [
                Verdict(
                    judge=row["judge"],
                    battle_id=row["battle_id"],
                    item_id=row["item_id"],
                    model_a=row["a"],
                    model_b=row["b"],
                    straight=Choice(row["straight"]),
                    crossed=Choice(row["crossed"]),
                )
                for row in db.execute(query).mappings()
            ]
