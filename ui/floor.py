"""What the pages do with the house beyond reading it: ask and tell the steps, take in, draft."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from kb.steps import answered
from ui.bench import Bench
from ui.intake import Intake

if TYPE_CHECKING:
    from kb.models import Filters
    from kb.steps import Asked
    from ui.wiring import House


class Floor:
    """The house as the app uses it, shared by all its sessions."""

    def __init__(self, house: House) -> None:
        self._house = house

    def asked(self, question: str, filters: Filters) -> Asked:
        """Answer a question and count what was done for it."""
        return answered(self._house.asker, question, filters)

    @cached_property
    def intake(self) -> Intake:
        """What people add, looked at beside the pages."""
        house = self._house
        uploads = house.settings.home / "uploads"
        return Intake(lambda: house.pipeline.find, lambda: house.dispatcher, uploads)

    @cached_property
    def bench(self) -> Bench:
        """What makes drafts beside the pages."""
        return Bench(lambda: self._house.drafting, lambda: self._house.desk)
