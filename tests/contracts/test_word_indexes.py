"""What every word index keeps to, and what tantivy does beyond."""

import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kb.adapters.tantivy import TantivyIndex
from kb.models import Scope, Tier, Unit
from kb.ports import WordIndex
from tests.conftest import ROOT
from tests.fakes import FakeWordIndex
from tests.samples import ALL, CLOSED, COSTS, INES, JONAS, LEAKS, MARA, entry, transcript


def filled(index: WordIndex) -> WordIndex:
    for revision, each in enumerate(ALL, 1):
        index.replace(each.episode, revision, each.passages)
    return index


@pytest.fixture(params=["fake", "tantivy"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> WordIndex:
    return FakeWordIndex() if request.param == "fake" else TantivyIndex(tmp_path)


@pytest.fixture
def index(empty: WordIndex) -> WordIndex:
    return filled(empty)


def found(
    index: WordIndex,
    *words: str,
    terms: Mapping[str, float] | None = None,
    scope: Scope | None = None,
    unit: Unit = Unit.SENTENCE,
    limit: int = 50,
) -> list[str]:
    wanted = terms or dict.fromkeys(words, 1.0)
    scores = index.search(wanted, limit=limit, scope=scope or Scope(), unit=unit)
    texts = {each.id: each.text for sample in ALL for each in sample.passages}
    return [texts.get(score.passage_id, score.passage_id) for score in scores]


def test_it_finds_the_passages_that_hold_a_word(index: WordIndex) -> None:
    assert found(index, "onions") == ["The wholesale price of onions fell as well."]
    assert found(index, "ONIONS") == found(index, "onions")
    assert len(found(index, "Lathe")) == 2
    assert found(index, "zeppelin") == []


def test_passages_with_more_of_the_words_come_first(index: WordIndex) -> None:
    assert found(index, "benchmark", "memory")[0] == (
        "A benchmark that leaked into training measures memory."
    )


def test_scores_fall_and_are_positive(index: WordIndex) -> None:
    scores = index.search({"benchmark": 1, "drawer": 1}, limit=9, scope=Scope(), unit=Unit.WINDOW)

    values = [score.value for score in scores]
    assert values == sorted(values, reverse=True)
    assert min(values) > 0


def test_weights_decide_between_words(index: WordIndex) -> None:
    heavy, light = "onions", "twice"

    assert found(index, terms={heavy: 1.0, light: 0.01})[0].startswith("The wholesale price")
    assert found(index, terms={heavy: 0.01, light: 1.0})[0] == "They asked twice."


@pytest.mark.parametrize("unit", Unit)
def test_each_size_is_searched_by_itself(index: WordIndex, unit: Unit) -> None:
    scores = index.search({"drawer": 1}, limit=50, scope=Scope(), unit=unit)

    assert scores
    assert {score.passage_id.rpartition("/")[2][0] for score in scores} == {unit[0]}


@pytest.mark.parametrize(
    ("scope", "count"),
    [
        (Scope(episodes=frozenset({LEAKS.episode.id})), 1),
        (Scope(episodes=frozenset({CLOSED.episode.id})), 0),
        (Scope(episodes=frozenset()), 0),
        (Scope(tiers=frozenset({Tier.TRANSCRIPT})), 2),
        (Scope(tiers=frozenset({Tier.NOTES})), 0),
        (Scope(speakers=frozenset({INES})), 1),
        (Scope(speakers=frozenset({INES, JONAS})), 2),
        (Scope(speakers=frozenset({MARA})), 0),
        (Scope(speakers=frozenset({None})), 0),
        (Scope(speakers=frozenset()), 0),
    ],
    ids=str,
)
def test_a_scope_narrows_the_search(index: WordIndex, scope: Scope, count: int) -> None:
    assert len(found(index, "Lathe", scope=scope)) == count


def test_no_more_than_the_limit_is_found(index: WordIndex) -> None:
    assert len(found(index, "Lathe", limit=1)) == 1


@pytest.mark.parametrize(
    "word", ["", "?!", "the", 'text:onions OR "', "(((", "onions*", "\0", "日本"]
)
def test_signs_and_empty_words_do_no_harm(index: WordIndex, word: str) -> None:
    assert len(found(index, word)) <= 8
    assert found(index, terms={}) == []


def test_it_tells_which_revisions_it_holds(index: WordIndex) -> None:
    assert index.held() == {each.episode.id: n for n, each in enumerate(ALL, 1)}


def test_it_tells_the_revisions_of_those_that_are_asked_for(index: WordIndex) -> None:
    assert index.held([COSTS.episode.id, "gone-9"]) == {COSTS.episode.id: ALL.index(COSTS) + 1}
    assert index.held([]) == {}


def test_it_counts_what_it_holds(index: WordIndex) -> None:
    index.replace(replace(COSTS.episode, id="silent-1"), 9, [])

    counts = {each.episode.id: len(each.passages) for each in ALL}
    assert index.counts() == {**counts, "silent-1": 0}


def test_a_batch_ends_where_its_replacements_one_by_one_would(index: WordIndex) -> None:
    anew = entry(COSTS.episode, {Tier.TRANSCRIPT: transcript((INES, "Only turnips are left."))})
    late = replace(COSTS.episode, id="late-1")

    with index.batch():
        index.replace(anew.episode, 7, anew.passages)
        index.replace(late, 8, entry(late, COSTS.documents).passages)

    assert len(found(index, "turnips")) == len(found(index, "onions")) == 1
    held = index.held()
    assert (held[anew.episode.id], held["late-1"], len(held)) == (7, 8, 4)


def test_replacing_an_episode_leaves_nothing_stale(index: WordIndex) -> None:
    anew = entry(COSTS.episode, {Tier.TRANSCRIPT: transcript((INES, "Only turnips are left."))})

    index.replace(anew.episode, 7, anew.passages)

    assert found(index, "onions") == []
    assert len(found(index, "turnips")) == 1
    assert index.held()[COSTS.episode.id] == 7


def test_replacing_twice_doubles_nothing(index: WordIndex) -> None:
    before = found(index, "Lathe")

    filled(index)

    assert found(index, "Lathe") == before


def test_an_episode_without_passages_is_held_all_the_same(empty: WordIndex) -> None:
    empty.replace(COSTS.episode, 3, [])

    assert empty.held() == {COSTS.episode.id: 3}


def test_removing_takes_one_episode_and_no_other(index: WordIndex) -> None:
    index.remove(COSTS.episode.id)
    index.remove("never-there")

    assert sorted(index.held()) == sorted([LEAKS.episode.id, CLOSED.episode.id])
    assert found(index, "onions") == []
    assert len(found(index, "Lathe")) == 1


def test_an_id_that_begins_like_another_is_another(empty: WordIndex) -> None:
    for each in ("evals-1", "evals-10"):
        held = replace(COSTS.episode, id=each)
        empty.replace(held, 1, entry(held, COSTS.documents).passages)

    empty.remove("evals-1")

    assert list(empty.held()) == ["evals-10"]
    assert len(found(empty, "onions")) == 1


def test_clearing_leaves_an_index_that_can_be_filled(index: WordIndex) -> None:
    index.clear()
    assert (index.held(), found(index, "Lathe")) == ({}, [])

    assert len(found(filled(index), "Lathe")) == 2


# tantivy alone


def test_tantivy_knows_a_word_by_its_stem_and_without_accents(tmp_path: Path) -> None:
    index = filled(TantivyIndex(tmp_path))

    assert found(index, "onion") == found(index, "onions") != []
    assert found(index, "benchmarks") == found(index, "bénchmark") != []


def test_tantivy_holds_after_opening_again_what_it_held_before(tmp_path: Path) -> None:
    filled(TantivyIndex(tmp_path))

    again = TantivyIndex(tmp_path)

    assert len(again.held()) == 3
    assert len(found(again, "Lathe")) == 2


def test_a_batch_that_fails_leaves_tantivy_as_it_was_and_open_to_others(tmp_path: Path) -> None:
    index = filled(TantivyIndex(tmp_path))

    def replaced_and_struck() -> None:
        with index.batch():
            index.replace(COSTS.episode, 7, [])
            raise InterruptedError

    with pytest.raises(InterruptedError):
        replaced_and_struck()

    assert len(found(index, "onions")) == 1
    TantivyIndex(tmp_path).remove(COSTS.episode.id)
    assert found(index, "onions") == []


_WRITE = """
    import sys
    from dataclasses import replace
    from pathlib import Path
    from kb.adapters.tantivy import TantivyIndex
    from tests.samples import COSTS, entry
    index = TantivyIndex(Path(sys.argv[1]))
    for n in range(5):
        held = replace(COSTS.episode, id=f"{sys.argv[2]}-{n}")
        index.replace(held, n, entry(held, COSTS.documents).passages)
"""


def test_two_processes_write_in_turn_and_a_reader_sees_both(tmp_path: Path) -> None:
    reader = TantivyIndex(tmp_path)
    command = [sys.executable, "-c", textwrap.dedent(_WRITE), str(tmp_path)]
    writers = [subprocess.Popen([*command, name], cwd=ROOT) for name in ("left", "right")]

    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    assert len(reader.held()) == 10
    assert len(found(reader, "onions")) == 10
