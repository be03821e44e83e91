"""What the views need from the rest of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from eval.polls import Polls
    from ingest.finding import Given
    from ingest.ports import Found, Progress
    from kb.corrections import Corrections
    from kb.drafting.desk import Desk
    from kb.jobs import Job, State
    from kb.library import SqlLibrary
    from kb.models import Episode, Filters, Hit, Passage, Tier, Unit
    from kb.ports import Critic
    from kb.relabelling import Relabelling
    from kb.steps import Asked
    from ui.bench import Bench
    from ui.intake import Intake
    from ui.stock import Stock


class Shelf(Protocol):
    """The part of `kb.ports.Library` that is read on a page.

    Raises:
        NotFoundError: an id that is not in the library.
    """

    def episodes(self, filters: Filters) -> list[Episode]: ...

    def episode(self, episode_id: str) -> Episode: ...

    def passages_of(
        self, episode_id: str, *, unit: Unit | None = None, tier: Tier | None = None
    ) -> list[Passage]: ...


class Queue(Protocol):
    """The part of `kb.jobs.Jobs` that is looked at."""

    def jobs(self, *, state: State | None = None, limit: int = 100) -> list[Job]: ...


class Sender(Protocol):
    """The part of `ingest.dispatch.Dispatcher` that a button stands for.

    Raises:
        NotFoundError: there is no such job.
        LibraryError: it stands otherwise by now.
    """

    def retry(self, job_id: str) -> Job: ...

    def cancel(self, job_id: str) -> Job: ...


class Finder(Protocol):
    """`ingest.pipeline.Pipeline.find`."""

    def __call__(
        self, origin: str, *, latest: int = 5, given: Given | None = None
    ) -> Iterator[Progress | Found]: ...


class Taker(Protocol):
    """The part of `ingest.dispatch.Dispatcher` that takes episodes in."""

    def send(self, found: Found) -> Job: ...


class Workers(Protocol):
    """The part of `kb.roll.Roll` that is looked at: each worker's number, which rises while it lives."""

    def beats(self) -> Mapping[str, int]: ...


class Floor(Protocol):
    """`ui.floor.Floor`: what the pages do with the house beyond reading it."""

    @property
    def intake(self) -> Intake: ...

    @property
    def bench(self) -> Bench: ...

    def asked(self, question: str, filters: Filters, revision: int, *, anew: bool) -> Asked:
        """Answer a question, once for a revision, and tell what was done for it.

        Asked `anew`, it goes to the writer again where that failed.
        """
        ...

    def stock(self) -> Stock:
        """Give what is in the library now, read once for each of its states."""
        ...


class House(Protocol):
    """All that a page can ask for; `ui.wiring.house` gives the real one."""

    @property
    def library(self) -> SqlLibrary: ...

    @property
    def floor(self) -> Floor: ...

    @property
    def corrections(self) -> Corrections: ...

    @property
    def relabelling(self) -> Relabelling: ...

    @property
    def desk(self) -> Desk: ...

    def critic(self) -> Critic:
        """Give what objects to drafts."""
        ...

    @property
    def polls(self) -> Polls: ...

    @property
    def jobs(self) -> Queue: ...

    @property
    def dispatcher(self) -> Sender: ...

    @property
    def roll(self) -> Workers: ...

    def find(self, words: str, filters: Filters, *, limit: int) -> list[Hit]: ...

    def suggestions(self) -> tuple[str, ...]:
        """Give three questions that what is in the library answers."""
        ...
