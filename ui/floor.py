"""What the pages do with the house beyond reading it: ask and tell the steps, take in, draft, brief."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from kb.steps import answered
from ui import stock
from ui.answers import Answers
from ui.bench import Bench
from ui.intake import Intake
from ui.once import Once

if TYPE_CHECKING:
    from kb.models import Filters
    from kb.steps import Asked
    from ui.stock import Stock
    from ui.wiring import House


class Floor:
    """The house as the app uses it, shared by all its sessions."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._answers = Answers(self._asked)
        self._stock = Once(house.library.revision, lambda: stock.taken(house.library))

    def asked(self, question: str, filters: Filters, revision: int, *, anew: bool) -> Asked:
        """Answer a question at a state of the library, and count what was done for it.

        Asked `anew`, it goes to the writer again where that failed; else it is as it was answered.
        """
        return self._answers.asked(question, filters, revision, anew=anew)

    def stock(self) -> Stock:
        """Give what is in the library now."""
        return self._stock()

    def _asked(self, question: str, filters: Filters) -> Asked:
        return answered(self._house.answering(), question, filters)

    @cached_property
    def intake(self) -> Intake:
        """What people add, looked at beside the pages."""
        house = self._house
        uploads = house.settings.home / "uploads"
        return Intake(lambda: house.pipeline.find, lambda: house.dispatcher, uploads)

    @cached_property
    def bench(self) -> Bench:
        """What makes drafts and briefs beside the pages."""
        house = self._house
        return Bench(
            drafting=lambda: house.drafting,
            desk=lambda: house.desk,
            briefing=lambda: house.briefer,
            landed=house.catch_up,
        )
