"""What a house knows beside its episodes: kept theses, the radar, predictions, what to ask."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from ui.once import Once

if TYPE_CHECKING:
    from kb.ask import Asker
    from kb.corrections import Corrections
    from kb.insight.predictions import Predictions
    from kb.insight.radar import Radar
    from kb.insight.theses import Theses
    from kb.library import SqlLibrary
    from kb.search import Search


class _Record(Protocol):
    """What all of it stands on."""

    @property
    def library(self) -> SqlLibrary: ...

    @property
    def corrections(self) -> Corrections: ...

    @property
    def search(self) -> Search: ...

    def answering(self, *, plain: bool = False) -> Asker: ...


class Insights:
    """Each part made when it is first asked for, of a house's library and search."""

    @cached_property
    def theses(self: _Record) -> Theses:
        """The kept theses."""
        from kb.insight.theses import Theses  # noqa: PLC0415 - as in ui.wiring: made when asked for

        return Theses(self.library, lambda: self.search)

    @cached_property
    def radar(self: _Record) -> Radar:
        """The companies by first mention."""
        from kb.insight.radar import Radar  # noqa: PLC0415 - as above

        return Radar(self.library, self.corrections.variants)

    @cached_property
    def predictions(self: _Record) -> Predictions:
        """What people said will be, and the figures they gave."""
        from kb.insight.predictions import Predictions  # noqa: PLC0415 - as above

        return Predictions(self.library)

    @cached_property
    def suggested(self: _Record) -> Once[tuple[str, ...]]:
        """Up to three questions to begin with: no model tries them, and none twice."""
        from kb import suggest  # noqa: PLC0415 - as above

        library = self.library
        return Once(library.revision, lambda: suggest.tried(library, self.answering(plain=True)))
