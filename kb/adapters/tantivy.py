"""Search by words with tantivy: BM25 over stemmed English.

One process writes at a time and holds the lock only while it does; any number read. An episode's
revision is a document of its own in the same commit as its passages: never one without the other.
"""

import time
from collections import Counter
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import tantivy

from kb.errors import IndexOwnedError
from kb.models import Episode, Passage, Scope, Score, Unit

_ANALYZER = "spoken"
_HEAP = 64_000_000
_REVISION = "revision"
_PATIENCE = 30.0
"""Seconds to wait for another process that is writing."""


class TantivyIndex:
    """A `WordIndex` in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._analyzer = _analyzer()
        self._index = tantivy.Index(_schema(), path=str(folder))
        self._index.register_tokenizer(_ANALYZER, self._analyzer)
        self._batching = False
        self._writer: tantivy.IndexWriter | None = None

    def held(self, of: Collection[str] | None = None) -> Mapping[str, int]:
        marks = [self._one("unit", {_REVISION})]
        if of is not None:
            marks.append(self._one("episode", of))
        return {
            str(mark["episode"][0]): int(str(mark["id"][0])) for mark in self._documents(*marks)
        }

    def counts(self) -> Mapping[str, int]:
        counts = Counter(dict.fromkeys(self.held(), 0))
        of_a_unit = self._one("unit", {unit.value for unit in Unit})
        counts.update(str(each["episode"][0]) for each in self._documents(of_a_unit))
        return counts

    @contextmanager
    def batch(self) -> Generator[None]:
        self._batching = True
        try:
            yield
            self._commit()
        finally:
            self._batching = False
            self._abandon()

    def replace(self, episode: Episode, revision: int, passages: Sequence[Passage]) -> None:
        with self._writing() as writer:
            writer.delete_documents_by_term("episode", episode.id)
            writer.add_document(
                tantivy.Document(id=str(revision), episode=episode.id, unit=_REVISION)
            )
            for passage in passages:
                writer.add_document(_document(episode, passage))

    def remove(self, episode_id: str) -> None:
        with self._writing() as writer:
            writer.delete_documents_by_term("episode", episode_id)

    def search(
        self, terms: Mapping[str, float], *, limit: int, scope: Scope, unit: Unit
    ) -> list[Score]:
        wanted = [
            (tantivy.Occur.Should, self._term(token, weight))
            for term, weight in terms.items()
            for token in self._analyzer.analyze(term)
        ]
        if not wanted:
            return []
        self._index.reload()
        searcher = self._index.searcher()
        must = [
            (tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0))
            for query in self._restrictions(scope, unit)
        ]
        words = (tantivy.Occur.Must, tantivy.Query.boolean_query(wanted))
        found = searcher.search(tantivy.Query.boolean_query([words, *must]), limit=limit)
        return [
            Score(str(searcher.doc(address)["id"][0]), float(score))
            for score, address in found.hits
        ]

    def clear(self) -> None:
        with self._writing() as writer:
            writer.delete_all_documents()

    def _term(self, token: str, weight: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._index.schema, "text", token)
        return tantivy.Query.boost_query(query, weight)

    def _restrictions(self, scope: Scope, unit: Unit) -> list[tantivy.Query]:
        wanted: dict[str, Collection[str] | None] = {
            "unit": {unit.value},
            "episode": scope.episodes,
            "tier": None if scope.tiers is None else {tier.value for tier in scope.tiers},
            "speaker": None
            if scope.speakers is None
            else {speaker or "" for speaker in scope.speakers},
        }
        return [self._one(field, values) for field, values in wanted.items() if values is not None]

    def _one(self, field: str, values: Collection[str]) -> tantivy.Query:
        """Give the query for documents whose field has one of these values."""
        return tantivy.Query.term_set_query(self._index.schema, field, sorted(values))

    def _documents(self, *restrictions: tantivy.Query) -> Iterator[tantivy.Document]:
        """Yield every document that passes, in no order."""
        self._index.reload()
        searcher = self._index.searcher()
        must = [(tantivy.Occur.Must, each) for each in restrictions]
        found = searcher.search(
            tantivy.Query.boolean_query(must), limit=max(1, searcher.num_docs), count=False
        )
        return (searcher.doc(address) for _, address in found.hits)

    @contextmanager
    def _writing(self) -> Generator[tantivy.IndexWriter]:
        """Lend the batch's writer, or one whose work is kept at the end of the block."""
        if not self._batching:
            with self.batch(), self._writing() as writer:
                yield writer
            return
        if self._writer is None:
            self._writer = self._opened_writer()
        yield self._writer

    def _opened_writer(self) -> tantivy.IndexWriter:
        """Take the write lock, waiting for whoever has it."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                return self._index.writer(_HEAP, 1)
            except ValueError as error:
                if time.monotonic() > deadline:
                    raise IndexOwnedError(
                        "Another process has been writing the word index for half a minute",
                        hint="Wait until it is done, then run the command again.",
                    ) from error
                time.sleep(0.1)

    def _commit(self) -> None:
        if self._writer is not None:
            self._writer.commit()
            self._writer.wait_merging_threads()
            self._writer = None
            self._index.reload()

    def _abandon(self) -> None:
        """Give up what was not committed, and the lock with it."""
        if self._writer is not None:
            self._writer.rollback()
            self._writer.wait_merging_threads()
            self._writer = None


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("id", "episode"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("tier", "unit", "speaker"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


def _analyzer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def _document(episode: Episode, passage: Passage) -> tantivy.Document:
    return tantivy.Document(
        id=passage.id,
        episode=episode.id,
        tier=passage.tier.value,
        unit=passage.unit.value,
        speaker=passage.speaker or "",
        text=passage.text,
    )
