"""Fakes of the ports that draft and object: they say what they were told to."""

from collections.abc import Callable
from dataclasses import dataclass

from kb.drafts import Draft, Objection, Order, Section
from kb.errors import WriterError


def _nothing(order: Order) -> tuple[Section, ...]:
    del order
    return ()


@dataclass(frozen=True, slots=True)
class FakeDrafter:
    """Writes what it was told to make of an order, or fails."""

    write: Callable[[Order], tuple[Section, ...]] = _nothing
    name: str = "openai fake"
    failure: WriterError | None = None

    def draft(self, order: Order) -> tuple[Section, ...]:
        if self.failure is not None:
            raise self.failure
        return self.write(order)


@dataclass(frozen=True, slots=True)
class FakeCritic:
    """Objects as it was told to."""

    told: tuple[Objection, ...] = ()
    name: str = "openai fake critic"

    def objections(self, draft: Draft) -> tuple[Objection, ...]:
        del draft
        return self.told
