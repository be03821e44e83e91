"""Puts everything together, with the adapters of `ui.engines`. What is heavy is imported late."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from itertools import starmap
from threading import RLock
from typing import TYPE_CHECKING

from kb import settings as kb_settings
from kb.errors import SettingsError
from ui.engines import Engines, gpus
from ui.insights import Insights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from eval.models import Contestant
    from eval.polls import Polls
    from eval.ports import Answerer, Judge
    from eval.recipes import Recipe
    from ingest.brief import Briefing
    from ingest.dispatch import Dispatcher
    from ingest.estimate import Estimate
    from ingest.following import Follower
    from ingest.pipeline import Pipeline
    from ingest.ports import Fetcher, Found, Transcriber
    from ingest.worker import Worker
    from kb.ask import Asker
    from kb.corrections import Corrections
    from kb.drafting.desk import Desk
    from kb.drafting.making import Drafting
    from kb.drafting.proof import Proof
    from kb.indexes import Indexes
    from kb.jobs import Jobs
    from kb.library import SqlLibrary
    from kb.models import Answer, Filters, Hit
    from kb.ports import Critic, Writer
    from kb.relabelling import Relabelling
    from kb.roll import Roll
    from kb.search import Search
    from kb.settings import Settings
    from kb.subscriptions import Subscriptions
    from ui.floor import Floor


def house() -> House:
    """Give the house that this process shares, else the one that the settings describe.

    Nothing in it is opened yet.
    """
    return _Process.house or House(kb_settings.load())


def share(made: House) -> House:
    """Let all that this process serves, pages and API, stand on one house, and give it."""
    _Process.house = made
    return made


class _Process:
    """What this process has one of."""

    house: House | None = None


class House(Insights, Engines):
    """Everything in its place, each part made when it is first asked for."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._turn = RLock()

    @cached_property
    def library(self) -> SqlLibrary:
        """The record, opened (and made or upgraded) now."""
        from kb.library import SqlLibrary

        return SqlLibrary(self.settings.database, self.settings.home, self.artefacts())

    @cached_property
    def indexes(self) -> Indexes:
        """Both indexes over the library."""
        from kb.adapters.tantivy import TantivyIndex
        from kb.indexes import Indexes

        words = TantivyIndex(self.settings.home / "words")
        return Indexes(self.library, self.embedder, words, self.vector_index())

    @cached_property
    def search(self) -> Search:
        """What finds passages."""
        from kb.search import require_episodes
        from ui.turns import SearchInTurn

        require_episodes(self.library.revisions())  # said before models are loaded
        return SearchInTurn(self.indexes, self._turn)

    @cached_property
    def plain(self) -> Asker:
        """What answers questions in sentences that were said, without a model."""
        from kb.adapters.extractive import ExtractiveWriter
        from kb.ask import Asker

        return Asker(self.search, ExtractiveWriter(self.library))

    @cached_property
    def asker(self) -> Asker:
        """What answers questions, with the writer of the settings."""
        plain = self.plain
        if self.settings.writer == "extractive":
            return plain
        return replace(plain, writer=self._llm(self.settings.llm_model), fallback=plain.writer)

    @cached_property
    def polls(self) -> Polls:
        """The arena of the library."""
        from eval.polls import Polls

        return Polls(self.library)

    def contestants(self) -> tuple[Contestant, ...]:
        """Give the ways of answering that ship, the one with a model where a model is set."""
        from eval.recipes import shipped

        return tuple(starmap(self.contestant, shipped(self.settings.llm_model).items()))

    def contestant(self, name: str, recipe: Recipe) -> Contestant:
        """Name a way of answering, with what this house adds to it: its embedder, its prompt."""
        from eval import recipes

        prompt = _prompt() if recipe.writer == recipes.MODEL else ""
        return recipes.contestant(name, replace(recipe, embedder=self.embedder.name, prompt=prompt))

    def answerer(self, made: Contestant) -> Answerer:
        """Set a contestant to work.

        Raises:
            SettingsError: it was made with another prompt or embedder than are here.
        """
        from eval import recipes
        from eval.answering import Answering
        from kb.adapters.extractive import ExtractiveWriter
        from kb.ask import Asker
        from kb.search import Search, require_episodes

        recipe = recipes.recipe(made)
        if self.contestant(made.name, recipe) != made:
            raise SettingsError(
                f"The contestant {made.name} was made with another embedder or prompt than are here",
                hint="It stays on the board; to battle on, register one anew: soundproof arena new",
            )
        require_episodes(self.library.revisions())
        modelled = recipe.writer == recipes.MODEL
        writer = self._llm(recipe.model) if modelled else ExtractiveWriter(self.library)
        return Answering(made, Asker(Search(self.indexes, recipe.mix), writer, read=recipe.read))

    def judge(self) -> Judge:
        """Give the language model of the settings as a judge."""
        from eval.judge import ModelJudge
        from kb.adapters.llama_judge import LlamaReader

        return ModelJudge(LlamaReader(**self.server(self.settings.llm_model)))

    @cached_property
    def pipeline(self) -> Pipeline:
        """The road from a source into the library."""
        return self._pipeline(lambda: self.transcriber)

    @cached_property
    def transcriber(self) -> Transcriber:
        """The speech recogniser of the settings; its model is loaded by the first window."""
        return self.ear()

    @cached_property
    def fetcher(self) -> Fetcher:
        """The one door to the network."""
        from ingest.document_cache import DocumentCache
        from ingest.fetch import GuardedFetcher

        return GuardedFetcher(
            allow=self.settings.fetch_allow,
            limit=self.settings.fetch_limit_mb * 2**20,
            cache=DocumentCache(self.library),
        )

    @cached_property
    def briefer(self) -> Briefing:
        """What makes briefs, with the model of the settings where one writes."""
        return self.briefing(modelled=self.settings.writer == "openai")

    def briefing(self, *, modelled: bool) -> Briefing:
        """Give what makes briefs with the model of the settings, or by rule."""
        from ingest.brief import Briefing

        briefer = self.reader() if modelled else None
        variants = self.corrections.variants
        return Briefing(self.library, lambda: self.embedder, variants, briefer)

    @cached_property
    def corrections(self) -> Corrections:
        """The names that were misheard."""
        from kb.corrections import Corrections

        return Corrections(self.library)

    @cached_property
    def relabelling(self) -> Relabelling:
        """The speakers that people renamed."""
        from kb.relabelling import Relabelling

        return Relabelling(self.library)

    # The queue

    @cached_property
    def jobs(self) -> Jobs:
        """What people see of the work in hand."""
        from kb.jobs import Jobs

        return Jobs(self.library)

    @cached_property
    def roll(self) -> Roll:
        """Which workers live."""
        from kb.roll import Roll

        return Roll(self.library)

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """What sends episodes on their way."""
        from ingest.dispatch import Dispatcher

        return Dispatcher(self.settings.queue, self.jobs, self.pipeline.pack)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """The followed shows."""
        from kb.subscriptions import Subscriptions

        return Subscriptions(self.library)

    def follower(self, submit: Callable[[Found], object] | None = None) -> Follower:
        """Give what reads followed feeds; new episodes are queued unless `submit` does otherwise."""
        from ingest.following import Follower
        from ingest.sources.feed import FeedSource

        queue = submit or self.dispatcher.submit
        return Follower(self.subscriptions, FeedSource(self.fetcher), queue)

    def worker(self) -> Worker:
        """Give a worker over the queue, with an ear for each GPU."""
        from ingest.partial import tidy
        from ingest.worker import Pace, Worker

        settings = self.settings
        tidy(settings.home / "downloads")
        hours = settings.sync_hours
        return Worker(
            url=settings.queue,
            library=self.library,
            pipelines=self._pipelines(),
            jobs=self.jobs,
            dispatcher=self.dispatcher,
            subscriptions=self.subscriptions,
            follower=self.follower(),
            landed=self.landed,
            pace=Pace(every=hours * 3600 or None, fetches=settings.fetches),
        )

    def estimate(self, found: Iterable[Found]) -> Estimate:
        """Say what adding all this will take."""
        from ingest.estimate import estimate

        return estimate(found, self.library, transcriber=self.transcriber.name)

    def landed(self) -> None:
        """Bring both indexes level, and let the kept theses read what is new."""
        self.catch_up()
        for each in self.theses.all():
            self.theses.update(each.id)

    def catch_up(self) -> None:
        """Bring both indexes level with the library."""
        with self._turn:
            for _ in self.indexes.catch_up():
                pass

    def _pipelines(self) -> list[Pipeline]:
        if self.settings.device == "cpu" or gpus() < 2:  # noqa: PLR2004 - more than one
            return [self.pipeline]
        ears = [self.ear(device_index=index) for index in range(gpus())]
        return [self._pipeline(partial(_same, ear)) for ear in ears]

    def _pipeline(self, transcriber: Callable[[], Transcriber]) -> Pipeline:
        from ingest.pipeline import Pipeline
        from ui.sources import every

        downloads = self.settings.home / "downloads"
        return Pipeline(
            library=self.library,
            sources=every(self.fetcher, downloads),
            fetcher=self.fetcher,
            transcriber=transcriber,
            embedder=lambda: self.embedder,
            downloads=downloads,
        )

    def ask(self, question: str, filters: Filters) -> Answer:
        """Answer a question from the library."""
        return self.answering().answer(question, filters)

    def answering(self, *, plain: bool = False) -> Asker:
        """Give what answers, or what does so `plain`ly; the first to come makes it, for all."""
        with self._turn:
            return self.plain if plain else self.asker

    def find(self, words: str, filters: Filters, *, limit: int) -> list[Hit]:
        """Find passages by words and meaning, best first."""
        with self._turn:
            return self.search.find(self.search.understand(words), filters=filters, limit=limit)

    @cached_property
    def floor(self) -> Floor:
        """What the pages do with all this."""
        from ui.floor import Floor

        return Floor(self)

    def suggestions(self) -> tuple[str, ...]:
        """Give up to three questions that what is in the library answers: each was tried."""
        return self.suggested()

    # Drafts

    @cached_property
    def proof(self) -> Proof:
        """What reads drafts against the library."""
        from kb.drafting.proof import Proof

        return Proof(self.library, self.corrections.variants)

    @cached_property
    def desk(self) -> Desk:
        """The drafts that are kept."""
        from kb.drafting.desk import Desk

        return Desk(self.library, self.proof)

    @cached_property
    def drafting(self) -> Drafting:
        """What makes drafts, with the writer of the settings."""
        from kb.adapters.extractive_drafter import ExtractiveDrafter
        from kb.drafting.making import Drafting

        plain = ExtractiveDrafter()
        if self.settings.writer == "extractive":
            return Drafting(self.proof, plain, plain, lambda: self.search)
        from kb.adapters.llama_drafter import LlamaDrafter

        drafter = LlamaDrafter(**self.server(self.settings.llm_model))
        return Drafting(self.proof, drafter, plain, lambda: self.search)

    def critic(self) -> Critic:
        """Give what objects to drafts: another model than the writer's, else rules.

        Raises:
            SettingsError: the model is the writer's own.
        """
        settings = self.settings
        if not settings.critic_model:
            from kb.drafting.critic import RuleCritic

            return RuleCritic(self.library)
        if settings.writer == "openai" and settings.critic_model == settings.llm_model:
            raise SettingsError(
                f"The critic would be the writer itself, {settings.llm_model}",
                hint="Set SOUNDPROOF_CRITIC_MODEL to another model, or leave it empty for rules.",
            )
        from kb.adapters.llama_critic import LlamaCritic

        return LlamaCritic(**self.server(settings.critic_model))

    def _llm(self, model: str) -> Writer:
        from kb.adapters.llama import LlamaWriter

        return LlamaWriter(self.library, **self.server(model))


def _prompt() -> str:
    from kb.adapters.llama import PROMPT_HASH

    return PROMPT_HASH


def _same(ear: Transcriber) -> Transcriber:
    return ear
