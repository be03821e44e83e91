"""Search: words and meaning together, within what a person narrows it to."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kb.errors import EmptyLibraryError, NotFoundError
from kb.indexes import Indexes
from kb.models import Filters, Hit, Tier, Unit
from kb.search import Mix, Search
from tests.fakes import FakeEmbedder, FakeLibrary, FakeVectorIndex, FakeWordIndex
from tests.samples import ALL, CLOSED, COSTS, INES, JONAS, LEAKS, entry, transcript


def search_over(folder: Path) -> Search:
    library = FakeLibrary(folder)
    return Search(Indexes(library, FakeEmbedder(), FakeWordIndex(), FakeVectorIndex()))


@pytest.fixture
def search(tmp_path: Path) -> Search:
    made = search_over(tmp_path)
    for each in ALL:
        made.indexes.library.save(each)
    return made


def found(
    search: Search, text: str, filters: Filters | None = None, *, limit: int = 20
) -> list[Hit]:
    return search.find(search.understand(text), filters=filters, limit=limit)


def test_the_passage_that_holds_the_words_comes_first(search: Search) -> None:
    [first, *_] = found(search, "wholesale price of onions")

    assert "onions" in first.passage.text
    assert first.episode == COSTS.episode
    assert first.words > 0
    assert first.meaning > 0


def test_hits_are_windows_best_first_and_each_once(search: Search) -> None:
    hits = found(search, "new cases in a drawer")

    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert {hit.passage.unit for hit in hits} == {Unit.WINDOW}
    assert len({hit.passage.id for hit in hits}) == len(hits)


def test_a_window_half_of_which_was_seen_is_left_out(tmp_path: Path) -> None:
    search = search_over(tmp_path)
    talk = transcript((JONAS, " ".join(f"Drawer {n} holds cases." for n in range(12))))
    search.indexes.library.save(entry(LEAKS.episode, {Tier.TRANSCRIPT: talk}))

    hits = found(search, "drawer cases")

    seen = set[int]()
    for hit in hits:
        sentences = set(range(hit.passage.first, hit.passage.last + 1))
        assert 2 * len(sentences - seen) > len(sentences)
        seen |= sentences


def test_no_more_than_the_limit_is_found(search: Search) -> None:
    assert len(found(search, "what is a label", limit=2)) == 2


@pytest.mark.parametrize(
    ("filters", "episodes"),
    [
        (Filters(show="Second Opinion"), {COSTS.episode.id}),
        (Filters(since=date(2025, 1, 1)), {LEAKS.episode.id}),
        (Filters(episode=CLOSED.episode.id), {CLOSED.episode.id}),
        (Filters(tiers=frozenset({Tier.NOTES})), {LEAKS.episode.id, CLOSED.episode.id}),
        (Filters(show="night", person=INES), set[str]()),
    ],
    ids=str,
)
def test_filters_bound_what_is_found(search: Search, filters: Filters, episodes: set[str]) -> None:
    hits = found(search, "labels in a drawer", filters)

    assert {hit.episode.id for hit in hits} == episodes
    assert not filters.tiers or {hit.passage.tier for hit in hits} == filters.tiers


def test_a_persons_filter_finds_their_own_words(search: Search) -> None:
    hits = found(search, "benchmark", Filters(person="feld"))

    assert {hit.passage.speaker for hit in hits} <= {JONAS, None}
    assert any(hit.passage.speaker == JONAS for hit in hits)


def test_a_filter_that_names_nothing_is_an_error(search: Search) -> None:
    with pytest.raises(NotFoundError, match="show"):
        found(search, "labels", Filters(show="Morning Desk"))


def test_an_empty_library_cannot_be_asked(tmp_path: Path) -> None:
    with pytest.raises(EmptyLibraryError) as refusal:
        search_over(tmp_path).understand("anything?")
    assert "soundproof add" in refusal.value.hint


def test_what_was_added_a_moment_ago_is_found(search: Search) -> None:
    found(search, "onions")
    late = entry(
        replace(COSTS.episode, id="late-1", key="late"),
        {Tier.TRANSCRIPT: transcript((INES, "Zeppelins were sold at Graf Zeppelin yard."))},
    )
    search.indexes.library.save(late)

    assert found(search, "zeppelins")[0].episode.id == "late-1"
    assert search.understand("What of Zeplin?").mended == "What of Zeppelin?"


def test_what_was_deleted_a_moment_ago_is_not_found(search: Search) -> None:
    found(search, "onions")
    search.indexes.library.delete(COSTS.episode.id)

    assert COSTS.episode.id not in {hit.episode.id for hit in found(search, "onions")}


@pytest.mark.parametrize("text", ["", "?", "the of and", "日本", "x" * 5000])
def test_a_question_without_a_known_word_finds_something_or_nothing_but_does_not_fail(
    search: Search, text: str
) -> None:
    assert all(hit.words == 0 for hit in found(search, text))


@pytest.mark.parametrize(
    ("mix", "side"),
    [(Mix(meaning=0, sentence=0, named=0), "words"), (Mix(words=0, named=0), "meaning")],
)
def test_a_side_that_counts_alone_orders_alone(search: Search, mix: Mix, side: str) -> None:
    alone = Search(search.indexes, mix)

    hits = found(alone, "forty new cases in a drawer every month", limit=5)

    liked = [getattr(hit, side) for hit in hits]
    assert hits
    if side == "words":
        assert all(liked)
        assert liked == sorted(liked, reverse=True)
    else:
        assert not any(hit.words for hit in hits)


def test_a_search_without_words_finds_what_shares_none(search: Search) -> None:
    words = found(Search(search.indexes, Mix(meaning=0, sentence=0)), "wholesale onions")
    both = found(search, "wholesale onions")

    assert {hit.passage.id for hit in words} < {hit.passage.id for hit in both}
