"""Drafts made beside the pages."""

from pathlib import Path

import pytest

from kb.drafting.making import Asked, Drafting
from kb.drafts import Kind
from tests import sample_house
from tests.sample_house import FakeHouse
from ui.bench import Bench, Outcome


@pytest.fixture
def house(tmp_path: Path) -> FakeHouse:
    return sample_house.fresh_house(tmp_path)


def test_a_draft_is_made_and_kept(house: FakeHouse) -> None:
    bench = house.floor.bench
    number = bench.begin(Kind.THESIS, Asked("Why throw a benchmark away?"), person="ana")
    bench.settle()
    outcome = bench.outcome(number)

    assert outcome is not None
    kept = house.desk.open(outcome.draft_id)
    assert (kept.person, kept.draft.kind) == ("ana", Kind.THESIS)


def test_why_there_is_no_draft_is_told(house: FakeHouse) -> None:
    bench = house.floor.bench
    number = bench.begin(Kind.POST, Asked(""), person="ana")
    bench.settle()
    outcome = bench.outcome(number)

    assert outcome is not None
    assert (outcome.draft_id, bool(outcome.reason), bool(outcome.hint)) == ("", True, True)


def test_a_fault_that_nobody_foresaw_is_told_too(house: FakeHouse) -> None:
    def broken() -> Drafting:
        raise ZeroDivisionError

    bench = Bench(broken, lambda: house.desk)
    number = bench.begin(Kind.POST, Asked("x"), person="ana")
    bench.settle()

    assert "ZeroDivisionError" in str(bench.outcome(number))


def test_a_draft_of_before_a_restart_was_interrupted(house: FakeHouse) -> None:
    assert house.floor.bench.outcome(99) == Outcome(
        reason="This draft was interrupted", hint="Ask for it again."
    )
