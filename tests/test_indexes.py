"""The indexes follow the library, whatever was changed, killed or lost."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kb import indexes
from kb.adapters.exact import ExactIndex
from kb.indexes import Indexes
from kb.models import Scope, Tier, Unit
from tests.fakes import FakeEmbedder, FakeLibrary, FakeVectorIndex, FakeWordIndex
from tests.samples import ALL, CLOSED, COSTS, INES, LEAKS, entry, transcript


@dataclass(slots=True)
class AskedIndex(FakeVectorIndex):
    """Counts how often it was asked for everything that it holds."""

    asked: int = 0

    def held(self, of: Collection[str] | None = None) -> Mapping[str, int]:
        self.asked += of is None
        return FakeVectorIndex.held(self, of)


class Kept:
    """A library with all samples and indexes that have caught up with it."""

    def __init__(self, folder: Path) -> None:
        self.library, self.embedder = FakeLibrary(folder), FakeEmbedder()
        self.words, self.meaning, self.now = FakeWordIndex(), AskedIndex(), 0.0
        self.indexes = self.another()
        for each in ALL:
            self.library.save(each)
        self.catch_up()

    def another(self) -> Indexes:
        """Give what another process, or this one started again, has of the same indexes."""
        return Indexes(self.library, self.embedder, self.words, self.meaning, lambda: self.now)

    def catch_up(self) -> list[str]:
        return list(self.indexes.catch_up())

    def later(self) -> None:
        """Let so much time pass that what was seen is not trusted any more."""
        self.now += 2 * indexes.TRUSTED

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
    kept.later()

    assert kept.catch_up() == [LEAKS.episode.id]
    assert kept.ids() == (ids(*ALL), ids(*ALL))


def test_a_stranger_in_an_index_is_put_out(kept: Kept) -> None:
    stranger = replace(COSTS.episode, id="stranger-1")
    kept.words.replace(stranger, 1, entry(stranger, COSTS.documents).passages)
    kept.later()

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


def test_an_interrupted_catch_up_is_taken_up(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "EPISODES", 1)
    kept.words.clear()
    kept.meaning.clear()
    kept.later()
    next(kept.indexes.catch_up())

    rest = kept.catch_up()

    assert len(rest) == 2
    assert kept.ids() == (ids(*ALL), ids(*ALL))


def test_what_was_looked_at_a_moment_ago_is_not_looked_at_again(kept: Kept) -> None:
    for _ in range(5):
        kept.catch_up()
        kept.library.delete(COSTS.episode.id)
        kept.library.save(COSTS)

    assert kept.meaning.asked == 1
    assert kept.catch_up() == [COSTS.episode.id]


def test_what_another_process_indexed_is_not_done_again(kept: Kept) -> None:
    anew = entry(COSTS.episode, {Tier.TRANSCRIPT: transcript((INES, "Only turnips are left."))})
    kept.library.save(anew)
    assert list(kept.another().catch_up()) == [COSTS.episode.id]

    assert kept.catch_up() == []
    assert kept.meaning.held() == kept.library.revisions()


def test_an_index_that_another_process_emptied_is_filled_within_a_minute(kept: Kept) -> None:
    kept.meaning.clear()

    kept.later()

    assert sorted(kept.catch_up()) == sorted(kept.library.revisions())
    assert kept.ids() == (ids(*ALL), ids(*ALL))


def test_an_episode_deleted_meanwhile_is_passed_over(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexes, "EPISODES", 1)
    list_of_three = kept.indexes.rebuild()
    first = next(list_of_three)
    gone = next(each for each in (COSTS, LEAKS) if each.episode.id != first)
    kept.library.delete(gone.episode.id)

    list(list_of_three)
    kept.catch_up()

    rest = ids(*(each for each in ALL if each is not gone))
    assert kept.ids() == (rest, rest)


@pytest.mark.parametrize(
    "scope",
    [
        Scope(episodes=frozenset({LEAKS.episode.id})),
        Scope(episodes=frozenset({LEAKS.episode.id, COSTS.episode.id, "gone-9"})),
        Scope(frozenset({LEAKS.episode.id}), tiers=frozenset({Tier.NOTES})),
        Scope(frozenset({LEAKS.episode.id, COSTS.episode.id}), speakers=frozenset({INES, None})),
        Scope(frozenset({LEAKS.episode.id}), frozenset({Tier.BRIEF})),
        Scope(frozenset({LEAKS.episode.id}), speakers=frozenset()),
        Scope(frozenset()),
    ],
    ids=str,
)
@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("limit", [1, 3, 500])
def test_a_filter_finds_exactly_what_a_scan_of_everything_finds(
    kept: Kept, scope: Scope, unit: Unit, limit: int
) -> None:
    question = kept.embedder.embed(["Who keeps the benchmark in a drawer?"])[0]
    twin = Indexes(kept.library, kept.embedder, FakeWordIndex(), ExactIndex())
    list(twin.catch_up())
    wanted = twin.meaning.nearest(question, limit=limit, scope=scope, unit=unit)

    found = kept.indexes.nearest(question, limit=limit, scope=scope, unit=unit)

    assert [score.passage_id for score in found] == [score.passage_id for score in wanted]
    assert [score.value for score in found] == pytest.approx(
        [score.value for score in wanted], abs=1e-3
    )


def test_a_filter_sees_an_episodes_new_words(kept: Kept) -> None:
    scope = Scope(frozenset({COSTS.episode.id}))
    question = kept.embedder.embed(["Only turnips are left."])[0]
    kept.indexes.nearest(question, limit=1, scope=scope, unit=Unit.SENTENCE)
    anew = entry(COSTS.episode, {Tier.TRANSCRIPT: transcript((INES, "Only turnips are left."))})
    kept.library.save(anew)
    kept.catch_up()

    [found] = kept.indexes.nearest(question, limit=1, scope=scope, unit=Unit.SENTENCE)

    assert found.value == pytest.approx(1, abs=1e-3)


def test_an_empty_library_empties_the_indexes(kept: Kept) -> None:
    for each in ALL:
        kept.library.delete(each.episode.id)

    assert kept.catch_up() == []
    assert kept.ids() == (set(), set())
