"""Earlier answers, drawn as the library is now."""

from dataclasses import replace
from pathlib import Path

from kb.models import Answer, Citation, Claim, Filters, Mark, Tier
from kb.relabelling import Relabelling
from kb.renewal import now, renewed
from tests import sample_house
from tests.sample_house import FakeHouse


def _asked(house: FakeHouse) -> Answer:
    return house.ask("Why throw a benchmark away?", Filters())


def test_nothing_changed_is_nothing_changed(tmp_path: Path) -> None:
    house = sample_house.fresh_house(tmp_path)
    answer = _asked(house)

    assert renewed(answer, house.library).answer == answer
    assert renewed(answer, house.library).lost == frozenset()


def test_a_renamed_speaker_is_renamed_in_an_old_answer(tmp_path: Path) -> None:
    house = sample_house.fresh_house(tmp_path)
    answer = _asked(house)

    Relabelling(house.library).rename("evals-1", "Jonas Feld", "Jonas Felt")

    assert renewed(answer, house.library).answer.citations[0].speaker == "Jonas Felt"


def test_words_that_moved_are_found_at_the_nearest_place(tmp_path: Path) -> None:
    house = sample_house.fresh_house(tmp_path)
    citation = _asked(house).citations[0]
    moved = replace(citation, first=7, last=7, passage_id="evals-1/transcript/s7")

    found = now(moved, house.library)

    assert found is not None
    assert (found.first, found.span) == (citation.first, citation.span)


def test_what_is_gone_stays_as_it_was_and_is_named(tmp_path: Path) -> None:
    house = sample_house.fresh_house(tmp_path)
    answer = _asked(house)

    house.library.delete("tao-2")
    found = renewed(answer, house.library)

    assert found.lost == {2}
    assert found.answer.citations[1] == answer.citations[1]


def test_words_that_are_not_there_any_more_are_lost(tmp_path: Path) -> None:
    house = sample_house.fresh_house(tmp_path)
    citation = replace(_asked(house).citations[0], text="Nobody ever said any of this.")

    answer = Answer("Why?", (Claim("x", Mark.QUOTED, (1,)),), (citation,))

    assert renewed(answer, house.library).lost == {1}


def test_a_citation_without_words_is_lost(tmp_path: Path) -> None:
    house = sample_house.fresh_house(tmp_path)
    citation: Citation = replace(_asked(house).citations[0], text="", tier=Tier.TRANSCRIPT)

    assert now(citation, house.library) is None
