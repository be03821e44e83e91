"""Search by words with tantivy: BM25 over stemmed English.

One process writes at a time and holds the lock only while it does; any number read. An episode's
revision is a document of its own in the same commit as its passages: never one without the other.
"""

import time
from collections.abc import Collection, Mapping, Sequence
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

    def held(self) -> Mapping[str, int]:
        self._index.reload()
        searcher = self._index.searcher()
        marks = tantivy.Query.term_query(self._index.schema, "unit", _REVISION)
        found = searcher.search(marks, limit=max(1, searcher.num_docs))
        documents = [searcher.doc(address) for _, address in found.hits]
        return {str(each["episode"][0]): int(str(each["id"][0])) for each in documents}

    def replace(self, episode: Episode, revision: int, passages: Sequence[Passage]) -> None:
        writer = self._writer()
        writer.delete_documents_by_term("episode", episode.id)
        writer.add_document(tantivy.Document(id=str(revision), episode=episode.id, unit=_REVISION))
        for passage in passages:
            writer.add_document(_document(episode, passage))
        self._commit(writer)

    def remove(self, episode_id: str) -> None:
        writer = self._writer()
        writer.delete_documents_by_term("episode", episode_id)
        self._commit(writer)

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
        writer = self._writer()
        writer.delete_all_documents()
        self._commit(writer)

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
        return [
            tantivy.Query.term_set_query(self._index.schema, field, sorted(values))
            for field, values in wanted.items()
            if values is not None
        ]

    def _writer(self) -> tantivy.IndexWriter:
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

    def _commit(self, writer: tantivy.IndexWriter) -> None:
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()


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
