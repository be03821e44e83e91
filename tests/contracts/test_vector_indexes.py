"""What every vector index keeps to; the scan over all vectors is the judge of the others."""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kb.adapters.chroma import ChromaIndex
from kb.adapters.exact import ExactIndex
from kb.models import Passage, Scope, Span, Tier, Unit
from kb.ports import VectorIndex
from tests.fakes import FakeVectorIndex

DIMENSION = 24
EPISODES = ("evals-1", "tao-2", "labels-3")
SPEAKERS = ("Mara Quill", "Jonas Feld", None)


def passages(episode: str, *, count: int = 60) -> list[Passage]:
    kinds = list(product(Unit, (Tier.TRANSCRIPT, Tier.NOTES), SPEAKERS))
    return [
        Passage(
            id=f"{episode}/{tier}/{unit[0]}{n}",
            span=Span(episode),
            tier=tier,
            unit=unit,
            text=f"Sentence {n}",
            first=n,
            last=n,
            turn=n,
            speaker=speaker,
        )
        for n in range(count)
        for unit, tier, speaker in [kinds[n % len(kinds)]]
    ]


def vectors(count: int, *, seed: int) -> NDArray[np.float32]:
    drawn = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    lengths: NDArray[np.float32] = np.linalg.norm(drawn, axis=1, keepdims=True)
    return drawn / lengths


def filled(index: VectorIndex) -> VectorIndex:
    for seed, episode in enumerate(EPISODES):
        index.replace(episode, seed + 1, passages(episode), vectors(60, seed=seed))
    return index


QUESTION = vectors(1, seed=99)[0]


@pytest.fixture(params=["fake", "exact", "chroma"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VectorIndex]:
    makers: dict[str, Callable[[], VectorIndex]] = {
        "fake": FakeVectorIndex,
        "exact": ExactIndex,
        "chroma": lambda: ChromaIndex(tmp_path, embedder="bag of words", dimension=DIMENSION),
    }
    index = makers[request.param]()
    yield index
    if isinstance(index, ChromaIndex):
        index.close()


@pytest.fixture
def index(empty: VectorIndex) -> VectorIndex:
    return filled(empty)


def ids(index: VectorIndex, *, limit: int = 500, scope: Scope | None = None) -> set[str]:
    found = index.nearest(QUESTION, limit=limit, scope=scope or Scope(), unit=Unit.WINDOW)
    return {score.passage_id for score in found}


@pytest.mark.parametrize(
    "scope",
    [
        Scope(),
        Scope(episodes=frozenset({"tao-2"})),
        Scope(episodes=frozenset({"tao-2", "labels-3", "gone-9"})),
        Scope(tiers=frozenset({Tier.NOTES})),
        Scope(speakers=frozenset({"Jonas Feld"})),
        Scope(speakers=frozenset({"Jonas Feld", None})),
        Scope(frozenset({"evals-1"}), frozenset({Tier.TRANSCRIPT}), frozenset({"Mara Quill"})),
        Scope(episodes=frozenset()),
        Scope(tiers=frozenset({Tier.BRIEF})),
        Scope(speakers=frozenset()),
    ],
    ids=str,
)
@pytest.mark.parametrize("unit", Unit)
def test_it_finds_what_a_scan_finds(index: VectorIndex, scope: Scope, unit: Unit) -> None:
    wanted = filled(ExactIndex()).nearest(QUESTION, limit=20, scope=scope, unit=unit)

    found = index.nearest(QUESTION, limit=20, scope=scope, unit=unit)

    assert [score.passage_id for score in found] == [score.passage_id for score in wanted]
    assert [score.value for score in found] == pytest.approx(
        [score.value for score in wanted], abs=1e-5
    )


def test_a_passages_own_vector_finds_it_first(index: VectorIndex) -> None:
    row = next(n for n, each in enumerate(passages("tao-2")) if each.unit is Unit.WINDOW)

    [first] = index.nearest(vectors(60, seed=1)[row], limit=1, scope=Scope(), unit=Unit.WINDOW)

    assert first.passage_id == passages("tao-2")[row].id
    assert first.value == pytest.approx(1, abs=1e-5)


def test_it_knows_the_similarity_of_passages_found_otherwise(index: VectorIndex) -> None:
    wanted = [passages("tao-2")[0].id, passages("evals-1")[7].id]

    similar = index.similarity(QUESTION, [*wanted, "no/such/passage"])

    assert similar == {
        wanted[0]: pytest.approx(float(vectors(60, seed=1)[0] @ QUESTION), abs=1e-5),
        wanted[1]: pytest.approx(float(vectors(60, seed=0)[7] @ QUESTION), abs=1e-5),
    }
    assert index.similarity(QUESTION, []) == {}


def test_it_tells_which_revisions_it_holds(index: VectorIndex) -> None:
    assert index.held() == {"evals-1": 1, "tao-2": 2, "labels-3": 3}


def test_it_tells_the_revisions_of_those_that_are_asked_for(index: VectorIndex) -> None:
    assert index.held(["tao-2", "gone-9"]) == {"tao-2": 2}
    assert index.held([]) == {}


def test_it_counts_what_it_holds(index: VectorIndex) -> None:
    index.replace("tao-2", 9, passages("tao-2", count=2), vectors(2, seed=5))
    index.replace("silent-1", 4, [], np.zeros((0, DIMENSION), np.float32))

    assert index.counts() == {"evals-1": 60, "tao-2": 2, "labels-3": 60, "silent-1": 0}


def test_a_batch_ends_where_its_replacements_one_by_one_would(index: VectorIndex) -> None:
    with index.batch():
        index.replace("tao-2", 9, passages("tao-2", count=2), vectors(2, seed=5))
        index.replace("late-4", 10, passages("late-4"), vectors(60, seed=6))

    assert index.held() == {"evals-1": 1, "tao-2": 9, "labels-3": 3, "late-4": 10}
    assert index.counts() == {"evals-1": 60, "tao-2": 2, "labels-3": 60, "late-4": 60}


def test_replacing_an_episode_leaves_nothing_stale(index: VectorIndex) -> None:
    shorter = passages("tao-2", count=2)

    index.replace("tao-2", 9, shorter, vectors(2, seed=5))

    assert index.held()["tao-2"] == 9
    assert ids(index, scope=Scope(episodes=frozenset({"tao-2"}))) == {
        each.id for each in shorter if each.unit is Unit.WINDOW
    }


def test_replacing_twice_doubles_nothing(index: VectorIndex) -> None:
    before = ids(index)

    filled(index)

    assert ids(index) == before


def test_an_episode_without_passages_is_held_all_the_same(empty: VectorIndex) -> None:
    empty.replace("silent-1", 1, [], np.zeros((0, DIMENSION), np.float32))

    assert empty.held() == {"silent-1": 1}
    assert ids(empty) == set()


def test_removing_takes_one_episode_and_no_other(index: VectorIndex) -> None:
    index.remove("tao-2")
    index.remove("never-there")

    assert sorted(index.held()) == ["evals-1", "labels-3"]
    assert {each.split("/")[0] for each in ids(index)} == {"evals-1", "labels-3"}


def test_clearing_leaves_an_index_that_can_be_filled(index: VectorIndex) -> None:
    before = ids(index)

    index.clear()
    assert (index.held(), ids(index)) == ({}, set())

    assert ids(filled(index)) == before


def test_an_empty_index_finds_nothing(empty: VectorIndex) -> None:
    assert empty.held() == {}
    assert ids(empty) == set()
    assert empty.similarity(QUESTION, ["evals-1/notes/w0"]) == {}


# Chroma alone: it is on disk. Who may have it open: tests/e2e/test_chroma_owner.py


def opened(folder: Path, *, embedder: str = "bag of words") -> ChromaIndex:
    return ChromaIndex(folder, embedder=embedder, dimension=DIMENSION)


def test_chroma_holds_after_closing_what_it_held_before(tmp_path: Path) -> None:
    first = opened(tmp_path)
    before = ids(filled(first))
    first.close()

    second = opened(tmp_path)

    assert second.held() == {"evals-1": 1, "tao-2": 2, "labels-3": 3}
    assert ids(second) == before
    second.close()


def test_two_embedders_in_one_folder_do_not_mix(tmp_path: Path) -> None:
    first = opened(tmp_path)
    filled(first)
    first.close()

    other = opened(tmp_path, embedder="another/model")

    assert other.held() == {}
    assert ids(other) == set()
    other.close()


def test_a_kill_between_vectors_and_mark_doubles_nothing(tmp_path: Path) -> None:
    first = opened(tmp_path)
    before = ids(filled(first))
    first._marks.delete(ids=list(EPISODES))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType]
    first.close()

    second = opened(tmp_path)

    assert second.held() == {}
    assert ids(filled(second)) == before
    assert second.counts() == dict.fromkeys(EPISODES, 60)
    second.close()


def test_a_batch_that_fails_leaves_chroma_as_it_was(tmp_path: Path) -> None:
    index = opened(tmp_path)
    before = ids(filled(index))

    def replaced_and_struck() -> None:
        with index.batch():
            index.replace("tao-2", 9, passages("tao-2", count=2), vectors(2, seed=5))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        replaced_and_struck()

    assert (index.held()["tao-2"], ids(index)) == (2, before)
    index.replace("tao-2", 9, [], np.zeros((0, DIMENSION), np.float32))
    assert index.held()["tao-2"] == 9
    index.close()
