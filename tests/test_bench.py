"""Drafts and briefs made beside the pages."""

from pathlib import Path
from typing import Any

import pytest

from kb.drafting.making import Asked
from kb.drafts import Kind
from kb.models import Brief, Tier
from tests import sample_house
from tests.sample_house import FakeHouse
from ui.bench import Bench, Outcome


@pytest.fixture
def house(tmp_path: Path) -> FakeHouse:
    return sample_house.fresh_house(tmp_path)


def test_a_draft_is_made_and_kept(house: FakeHouse) -> None:
    bench = house.floor.bench
    number = bench.draft(Kind.THESIS, Asked("Why throw a benchmark away?"), person="ana")
    bench.settle()
    outcome = bench.outcome(number)

    assert outcome is not None
    kept = house.desk.open(outcome.made)
    assert (kept.person, kept.draft.kind) == ("ana", Kind.THESIS)


def test_why_there_is_no_draft_is_told(house: FakeHouse) -> None:
    bench = house.floor.bench
    number = bench.draft(Kind.POST, Asked(""), person="ana")
    bench.settle()
    outcome = bench.outcome(number)

    assert outcome is not None
    assert (outcome.made, bool(outcome.reason), bool(outcome.hint)) == ("", True, True)


def test_a_brief_is_made_and_kept(house: FakeHouse) -> None:
    bench = house.floor.bench
    number = bench.brief("evals-1")
    bench.settle()

    assert bench.outcome(number) == Outcome("evals-1")
    assert isinstance(house.library.document("evals-1", Tier.BRIEF), Brief)


def test_a_fault_that_nobody_foresaw_is_told_too() -> None:
    def broken() -> Any:  # noqa: ANN401 - it never gives anything
        raise ZeroDivisionError

    bench = Bench(drafting=broken, desk=broken, briefing=broken, landed=broken)
    numbers = (bench.draft(Kind.POST, Asked("x"), person="ana"), bench.brief("evals-1"))
    bench.settle()

    assert all("ZeroDivisionError" in str(bench.outcome(number)) for number in numbers)


def test_what_was_wished_for_before_a_restart_was_interrupted(house: FakeHouse) -> None:
    assert house.floor.bench.outcome(99) == Outcome(
        reason="It was interrupted", hint="Ask for it again."
    )
