"""The roll of workers: who is at work, told by a number that each counts up while it lives.

No clocks are compared: a worker is gone when somebody who watched has not seen its number rise for
long enough on their own watch.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from kb import schema
from kb.library import SqlLibrary


@dataclass(frozen=True, slots=True)
class Roll:
    """The rows of all workers of a library."""

    library: SqlLibrary

    def join(self, worker: str, host: str) -> None:
        """Enter a worker."""
        with self.library.writing() as db:
            db.execute(sa.insert(schema.workers).values(id=worker, host=host, beat=0))

    def beat(self, worker: str, host: str) -> None:
        """Tell that a worker lives; one that was struck off meanwhile enters again."""
        table = schema.workers
        with self.library.writing() as db:
            known = db.execute(
                sa.update(table).where(table.c.id == worker).values(beat=table.c.beat + 1)
            )
            if known.rowcount == 0:
                db.execute(sa.insert(table).values(id=worker, host=host, beat=0))

    def leave(self, worker: str) -> None:
        """Strike a worker off."""
        with self.library.writing() as db:
            db.execute(sa.delete(schema.workers).where(schema.workers.c.id == worker))

    def beats(self) -> Mapping[str, int]:
        """Give each worker's number."""
        with self.library.reading() as db:
            found = db.execute(sa.select(schema.workers.c.id, schema.workers.c.beat))
            return {str(row[0]): int(row[1]) for row in found}


@dataclass(slots=True)
class Watch:
    """One watcher's notes on the roll: since when each number has stood still."""

    now: Callable[[], float]
    patience: float
    _seen: dict[str, tuple[int, float]] = field(default_factory=dict[str, tuple[int, float]])

    def gone(self, beats: Mapping[str, int]) -> list[str]:
        """Note the numbers, and give the workers whose number stood still for too long."""
        now = self.now()
        for worker, beat in beats.items():
            if self._seen.get(worker, (-1, 0.0))[0] != beat:
                self._seen[worker] = (beat, now)
        self._seen = {worker: seen for worker, seen in self._seen.items() if worker in beats}
        return [who for who, (_, since) in self._seen.items() if now - since > self.patience]
