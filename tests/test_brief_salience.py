"""What an episode is about, by its own words."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.salience import Salience, residual_idf
from kb import passages
from kb.models import Passage, Segment, Tier, Unit


def cut(*lines: str) -> tuple[Passage, ...]:
    segments = [Segment(line) for line in lines]
    cuts = passages.cut("a", Tier.TRANSCRIPT, segments)
    return tuple(each for each in cuts if each.unit is Unit.SENTENCE)


PLAIN = [f"We look at number {n} of these with our friends." for n in range(30)]
SILOS = [f"Grain dust in silos burns, said inspector {n}." for n in range(30)]
ROBOTS = [f"Robots bruise melons with grippers, said farmer {n}." for n in range(30)]


@pytest.mark.parametrize(
    ("held", "total", "count", "bits"),
    [
        # By hand: one block of ten holds all ten; chance would leave 1 - 1/e of the blocks with it.
        (1, 10, 10, math.log2(10) + math.log2(1 - 1 / math.e)),
        (10, 10, 10, math.log2(1 - 1 / math.e)),
        (4, 4, 4, math.log2(1 - 1 / math.e)),
    ],
)
def test_residual_idf_is_idf_less_what_poisson_foretells(
    held: int, total: int, count: int, bits: float
) -> None:
    assert residual_idf(held, total, count) == pytest.approx(bits)


@given(st.integers(2, 50), st.integers(1, 200))
def test_a_term_that_keeps_together_counts_more_than_one_that_is_spread(
    count: int, total: int
) -> None:
    spread = min(count, total)
    assert residual_idf(1, total, count) >= residual_idf(spread, total, count)


def test_topics_have_weight_and_talk_has_none() -> None:
    weights = Salience.of(cut(*SILOS, *PLAIN, *ROBOTS)).weights
    assert {"silo", "robot", "melon", "grain"} <= weights.keys()
    assert weights.keys().isdisjoint({"look", "these", "with", "said"})


def test_who_speaks_is_no_topic() -> None:
    lines = cut(*[f"Ines Okafor knows silo {n}." for n in range(20)], *PLAIN)
    assert "okafor" in Salience.of(lines).weights
    assert "okafor" not in Salience.of(lines, but="Ines Okafor").weights


def test_singular_and_plural_are_one_term_spelled_as_most() -> None:
    lines = cut(*["A Robot met robots, robots, and more robots."] * 5, *PLAIN)
    salience = Salience.of(lines)
    assert salience.title(["One robot."]) == "Robots"


def test_a_stretch_is_named_by_what_weighs_most_in_it_and_nothing_by_nothing() -> None:
    salience = Salience.of(cut(*SILOS, *PLAIN, *ROBOTS))
    assert salience.title(SILOS, most=2) == "Burns and dust"  # they weigh the same: by letters
    assert salience.title(["We look at these."]) == ""


def test_a_document_is_divided_where_its_terms_change() -> None:
    lines = cut(*SILOS, *ROBOTS)
    stretches = Salience.of(lines).stretches(lines)
    assert [len(each) for each in stretches] == [30, 30]


@pytest.mark.parametrize("lines", [(), ("One.",), tuple(PLAIN[:3])])
def test_what_is_too_short_has_no_topics(lines: tuple[str, ...]) -> None:
    held = cut(*lines)
    salience = Salience.of(held)
    assert salience.weights == {}
    assert len(salience.stretches(held)) <= 1
    assert salience.score("Anything at all.") == 0
