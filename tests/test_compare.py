"""Two runs of one set: paired differences, and gates that a change has to pass."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from scipy import stats

from eval import compare
from eval.compare import Gate
from eval.measures import NAMES
from eval.runs import Line, Run
from kb.errors import SettingsError

MRR, EXACT, PLACE = "MRR", "quotes exact", "cited place"


def line(number: int, scores: Mapping[str, float]) -> Line:
    name = f"q{number}"
    return Line(
        name, refused=False, answer="", citations=(), passages=(), cluster=name, scores=scores
    )


def run(*scores: Mapping[str, float], name: str = "one", digest: str = "d") -> Run:
    lines = tuple(line(n, each) for n, each in enumerate(scores))
    return Run(name, f"print of {name}", {}, "set.jsonl", digest, lines)


OLD = run({MRR: 1.0}, {MRR: 0.5}, {MRR: 0.2}, {MRR: 0.0, EXACT: 1.0})
NEW = run({MRR: 1.0}, {MRR: 0.9}, {MRR: 0.1, EXACT: 1.0}, {MRR: 0.1, EXACT: 0.5}, name="two")


def test_differences_are_paired_by_question() -> None:
    by_name = {each.measure: each for each in compare.compare(OLD, NEW)}

    found = by_name[MRR]
    low, high = stats.t.interval(0.95, 3, 0.1, stats.sem([0, 0.4, -0.1, 0.1]))
    assert (found.first, found.second) == pytest.approx((0.425, 0.525))
    assert found.mean.value == pytest.approx(0.1)
    assert (found.mean.low, found.mean.high) == pytest.approx((low, high))
    assert (found.better, found.worse, found.mean.count) == (2, 1, 4)
    assert by_name[EXACT].mean.count == 1


def test_the_order_of_lines_does_not_matter() -> None:
    turned = replace(NEW, lines=NEW.lines[::-1])

    assert compare.compare(OLD, turned)[0].mean.value == pytest.approx(0.1)


def test_questions_of_one_episode_are_one_voice() -> None:
    joined = [
        replace(
            each, lines=tuple(replace(line, cluster=str(line.id < "q2")) for line in each.lines)
        )
        for each in (OLD, NEW)
    ]
    found, lone = compare.compare(*joined)[0].mean, compare.compare(OLD, NEW)[0].mean

    assert (found.clusters, lone.clusters) == (2, 4)
    assert found.high - found.low > lone.high - lone.low


def test_a_run_is_no_better_and_no_worse_than_itself() -> None:
    for each in compare.compare(OLD, OLD):
        assert (each.mean.value, each.better, each.worse) == (0, 0, 0)


def test_a_measure_that_no_question_has_in_both_is_left_out() -> None:
    one, other = run({MRR: 1, EXACT: 1}, {MRR: 1}), run({MRR: 1}, {MRR: 1, EXACT: 1, PLACE: 1})

    assert [each.measure for each in compare.compare(one, other)] == [MRR]


def test_runs_of_different_sets_are_not_compared() -> None:
    with pytest.raises(SettingsError, match=r"different sets: set\.jsonl and other\.jsonl"):
        compare.compare(OLD, replace(NEW, digest="e", suite="other.jsonl"))
    with pytest.raises(SettingsError, match=r"set\.jsonl was changed between"):
        compare.compare(OLD, replace(NEW, digest="e"))


def test_a_question_that_one_run_lacks_is_named_with_the_run() -> None:
    short = replace(NEW, lines=NEW.lines[:3])

    for pair in ((OLD, short), (short, OLD)):
        with pytest.raises(SettingsError, match="The run of two lacks question q3"):
            compare.compare(*pair)


# Gates


@pytest.mark.parametrize("name", NAMES)
def test_every_measure_can_be_a_gate(name: str) -> None:
    assert compare.gate(f"{name}=-0.02") == Gate(name, -0.02)
    assert compare.gate(f" {name} = 0.1") == Gate(name, 0.1)


@pytest.mark.parametrize("text", ["", "MRR", "mean reciprocal rank=0", "=0", "MRR=0=0"])
def test_an_unknown_measure_is_an_error_that_lists_them(text: str) -> None:
    with pytest.raises(SettingsError, match=f"{re.escape(repr(text))} names no measure") as caught:
        compare.gate(text)
    assert "found within 1,000" in caught.value.hint


@pytest.mark.parametrize("number", ["", "x", "nan", "-2", "1.01", "inf", "2%"])
def test_a_gate_needs_a_difference(number: str) -> None:
    with pytest.raises(SettingsError, match="no difference from -1 to 1"):
        compare.gate(f"MRR={number}")


@pytest.mark.parametrize(
    ("least", "passes"), [(-0.1, True), (0.1, True), (0.1001, False), (0.5, False)]
)
def test_a_gate_looks_at_the_difference_itself(least: float, *, passes: bool) -> None:
    gate = Gate(MRR, least)

    assert compare.missed(compare.compare(OLD, NEW), [gate]) == ([] if passes else [gate])


def test_a_run_may_lose_what_its_gate_allows() -> None:
    lost = compare.compare(NEW, OLD)

    assert compare.missed(lost, [Gate(MRR, -0.1)]) == []
    assert compare.missed(lost, [Gate(MRR, -0.09), Gate(MRR, 0)]) == [
        *(Gate(MRR, -0.09), Gate(MRR, 0))
    ]


def test_a_gate_on_a_measure_that_no_question_has_is_an_error() -> None:
    with pytest.raises(SettingsError, match="No question has the measure cited place"):
        compare.missed(compare.compare(OLD, NEW), [Gate(PLACE, 0)])
