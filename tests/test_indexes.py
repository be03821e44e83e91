"""The indexes follow the library, whatever was changed, killed or lost."""

from dataclasses import replace
from pathlib import Path

import pytest

from kb.indexes import Indexes
from kb.models import Scope, Tier, Unit
from tests.fakes import FakeEmbedder, FakeLibrary, FakeVectorIndex, FakeWordIndex
from tests.samples import ALL, CLOSED, COSTS, INES, LEAKS, entry, transcript


class Kept:
    """A library with all samples and indexes that have caught up with it."""

    def __init__(self, folder: Path) -> None:
        self.library, self.embedder = FakeLibrary(folder), FakeEmbedder()
        self.words, self.meaning = FakeWordIndex(), FakeVectorIndex()
        self.indexes = Indexes(self.library, self.embedder, self.words, self.meaning)
        for each in ALL:
            self.library.save(each)
        self.catch_up()

    def catch_up(self) -> list[str]:
        return list(self.indexes.catch_up())

    def ids(self) -> tuple[set[str], set[str]]:
        """Give the passage ids in the word index and in the vector index."""
        words = {each.id for passages in self.words.texts.values() for each in passages}
        return words, set(self.meaning.rows)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def ids(*entries: object) -> set[str]:
    return {each.id for sample in ALL if sample in entries for each in sample.passages}


def test_both_indexes_hold_what_the_library_holds(kept: Kept) -> None:
    assert kept.ids() == (ids(*ALL), ids(*ALL))
    assert kept.words.held() == kept.meaning.held() == kept.library.revisions()


def test_when_nothing_changed_nothing_is_done(kept: Kept) -> None:
    before = kept.embedder.embedded

    assert kept.catch_up() == []
    assert kept.embedder.embedded == before


def test_a_changed_episode_is_replaced_and_no_other(kept: Kept) -> None:
    anew = entry(COSTS.episode, {Tier.TRANSCRIPT: transcript((INES, "Only turnips are left."))})
    kept.library.save(anew)

    assert kept.catch_up() == [COSTS.episode.id]
    fresh = ids(LEAKS, CLOSED) | {each.id for each in anew.passages}
    assert kept.ids() == (fresh, fresh)


def test_a_deleted_episode_leaves_both_indexes(kept: Kept) -> None:
    kept.library.delete(LEAKS.episode.id)

    assert kept.catch_up() == []
    assert kept.ids() == (ids(COSTS, CLOSED), ids(COSTS, CLOSED))


def test_one_index_that_fell_behind_catches_up_alone(kept: Kept) -> None:
    kept.words.remove(LEAKS.episode.id)
    kept.meaning.revisions[LEAKS.episode.id] = 1_000

    assert kept.catch_up() == [LEAKS.episode.id]
    assert kept.ids() == (ids(*ALL), ids(*ALL))


def test_a_stranger_in_an_index_is_put_out(kept: Kept) -> None:
    stranger = replace(COSTS.episode, id="stranger-1")
    kept.words.replace(stranger, 1, entry(stranger, COSTS.documents).passages)

    kept.catch_up()

    assert kept.ids() == (ids(*ALL), ids(*ALL))


def test_rebuilding_gives_the_same_ids_and_embeds_nothing_anew(kept: Kept) -> None:
    before, embedded = kept.ids(), kept.embedder.embedded

    assert sorted(kept.indexes.rebuild()) == sorted(kept.library.revisions())
    assert kept.ids() == before
    assert kept.embedder.embedded == embedded


def test_vectors_that_were_lost_are_made_again(kept: Kept) -> None:
    for file in kept.library.artefacts.folder.iterdir():
        file.unlink()
    embedded = kept.embedder.embedded

    list(kept.indexes.rebuild())

    assert kept.embedder.embedded == 2 * embedded


def test_another_embedder_gets_vectors_of_its_own(kept: Kept) -> None:
    other = FakeEmbedder(name="another", dimension=64)

    list(Indexes(kept.library, other, FakeWordIndex(), kept.meaning).rebuild())

    assert other.embedded == kept.embedder.embedded
    assert {vector.shape for _, vector in kept.meaning.rows.values()} == {(64,)}


def test_saved_vectors_mean_what_was_embedded(kept: Kept) -> None:
    question = kept.embedder.embed(["The wholesale price of onions fell as well."])[0]

    [nearest] = kept.meaning.nearest(question, limit=1, scope=Scope(), unit=Unit.SENTENCE)

    assert kept.library.passages([nearest.passage_id])[nearest.passage_id].text.startswith(
        "The wholesale price of onions"
    )
    assert nearest.value == pytest.approx(1, abs=0.01)


def test_an_interrupted_catch_up_is_taken_up(kept: Kept) -> None:
    kept.words.clear()
    kept.meaning.clear()
    next(kept.indexes.catch_up())

    rest = kept.catch_up()

    assert len(rest) == 2
    assert kept.ids() == (ids(*ALL), ids(*ALL))


def test_an_empty_library_empties_the_indexes(kept: Kept) -> None:
    for each in ALL:
        kept.library.delete(each.episode.id)

    assert kept.catch_up() == []
    assert kept.ids() == (set(), set())
