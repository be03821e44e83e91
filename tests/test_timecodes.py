"""Times as people write them, and times between marks."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import timecodes
from ingest.timecodes import Mark, rising, timeline

times = st.lists(st.floats(min_value=0, max_value=9000), max_size=9)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0:49", 49), ("75:10", 4510), ("1:02:03", 3723), ("00:14:24.19", 864.19), ("0:01,5", 1.5)],
)
def test_times_are_read_in_every_usual_form(text: str, seconds: float) -> None:
    assert timecodes.seconds(text) == pytest.approx(seconds)


def test_a_text_without_marks_has_no_times() -> None:
    assert timeline([], length=100, duration=60) is None


def test_times_between_marks_follow_the_characters() -> None:
    line = timeline([(100, 10.0), (200, 40.0)], length=300, duration=100)
    assert line
    assert (line.start(0), line.start(50), line.end(150), line.end(300)) == (0, 5, 25, 100)


def test_without_a_duration_the_pace_of_the_marks_goes_on() -> None:
    line = timeline([(0, 10.0), (100, 20.0)], length=150, duration=None)
    assert line
    assert line.end(150) == 25


def test_with_one_mark_alone_the_pace_is_that_of_ordinary_talk() -> None:
    line = timeline([(0, 10.0)], length=30, duration=None)
    assert line
    assert (line.start(0), line.end(30)) == (10, 12)


def test_a_duration_before_the_last_mark_is_not_believed() -> None:
    line = timeline([(0, 0.0), (100, 50.0)], length=110, duration=20)
    assert line
    assert line.end(110) == 55


def test_a_break_separates_the_end_before_it_from_the_start_after_it() -> None:
    line = timeline([(50, 10.0), (50, 40.0)], length=100, duration=60)
    assert line
    assert (line.end(50), line.start(50)) == (10, 40)


def test_a_mistyped_mark_drops_out() -> None:
    marks = [(0, 0.0), (10, 5990.0), (20, 20.0), (30, 30.0), (35, 3.0), (40, 40.0)]
    assert rising(marks) == [(0, 0.0), (20, 20.0), (30, 30.0), (40, 40.0)]


@given(times)
def test_the_kept_marks_are_as_many_as_trying_every_choice_finds(values: list[float]) -> None:
    marks = list(enumerate(values))
    kept = rising(marks)
    assert _in_order(kept)
    assert set(kept) <= set(marks)
    longest = max(
        n
        for n in range(len(marks) + 1)
        if any(_in_order(choice) for choice in combinations(marks, n))
    )
    assert len(kept) == longest


@given(times, st.lists(st.integers(1, 200), min_size=1, max_size=30), st.data())
def test_pieces_of_a_text_never_run_backwards(
    values: list[float], sizes: list[int], data: st.DataObject
) -> None:
    length = sum(sizes)
    places = sorted(data.draw(st.integers(0, length)) for _ in values)
    line = timeline(zip(places, values, strict=True), length=length, duration=None)
    if line is None:
        assert not values
        return
    position, last = 0, 0.0
    for size in sizes:
        start, end = line.start(position), line.end(position + size)
        assert last <= start <= end
        position, last = position + size, end


def _in_order(marks: list[Mark] | tuple[Mark, ...]) -> bool:
    return list(marks) == sorted(marks) and all(a[1] <= b[1] for a, b in pairwise(marks))
