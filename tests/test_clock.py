"""The clock of a recording: holes are filled, jumps are doubted, and nothing shifts what follows."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clock import Bytes, Clock, Hole, Stamps

_FRAME = 0.5


def placed(clock: Clock, stamps: Iterable[float | None]) -> list[float | None]:
    """Place frames of half a second and a hundred bytes."""
    return [clock.place(stamp, _FRAME, 100) for stamp in stamps]


def test_frames_without_a_gap_follow_each_other() -> None:
    clock = Stamps(0, 60)

    assert placed(clock, [0, 0.5, 1.03, None, 1.98]) == [0, 0.5, 1.0, 1.5, 2.0]
    assert clock.holes == []


def test_a_gap_is_followed_once_the_next_frame_confirms_it() -> None:
    clock = Stamps(0, 60)

    assert placed(clock, [0, 10, 10.5, 11]) == [0, None, 10.5, 11]
    assert clock.holes == [Hole(0.5, 10)]


def test_one_stray_stamp_is_not_followed() -> None:
    clock = Stamps(0, 60)

    assert placed(clock, [0, 50, 0.5, 1]) == [0, None, 0.5, 1]
    assert [hole.seconds for hole in clock.holes] == [0]


def test_what_comes_too_late_is_left_out() -> None:
    clock = Stamps(0, 60)

    assert placed(clock, [9, 9.5, 2, 2.5, 10, 10.5]) == [None, 9.5, None, None, 10, 10.5]


@pytest.mark.parametrize(("reach", "far"), [(60.0, 7200.0), (None, 7200.0)])
def test_a_jump_past_the_end_is_a_broken_clock_and_not_followed(
    reach: float | None, far: float
) -> None:
    clock = Stamps(0, reach)

    assert placed(clock, [0, far, far + 0.5, far + 1]) == [0, None, 0.5, 1]
    assert len(clock.holes) == 1


def test_a_clock_that_starts_anew_goes_on() -> None:
    clock = Stamps(0, 60)
    placed(clock, [n / 2 for n in range(20)])

    assert placed(clock, [0, 0.5, 1]) == [10, 10.5, 11]
    assert len(clock.holes) == 1


def test_a_clock_that_stays_behind_is_believed_in_the_end() -> None:
    clock = Stamps(0, 600)
    placed(clock, [n / 2 for n in range(400)])

    late = placed(clock, [50 + n / 2 for n in range(140)])

    assert late[:120] == [None] * 120
    assert late[120:122] == [200, 200.5]


def test_lost_bytes_last_as_long_as_others_of_their_number() -> None:
    clock = Bytes(1, 1000)
    placed(clock, [None] * 10)

    clock.lost(600)
    clock.lost(400)

    assert placed(clock, [None, None]) == [10, 10.5]
    assert clock.holes == [Hole(5, 5)]


def test_tags_between_two_recordings_are_no_damage() -> None:
    clock = Bytes(200, None)
    placed(clock, [None] * 10)

    clock.lost(100, harmless=True)

    assert placed(clock, [None]) == [5.5]
    assert clock.holes == []


def test_silence_never_leads_past_the_end_that_is_claimed() -> None:
    clock = Bytes(1, 20)

    clock.lost(10**9)

    assert placed(clock, [None]) == [20]


def test_what_lies_before_the_first_frame_counts_from_the_tags_on() -> None:
    late, padded = Bytes(1000, None, lead=5_000), Bytes(1000, None, lead=5_000)

    late.begin(15_000)
    padded.begin(8_000)

    assert placed(late, [None]) == [10]
    assert placed(padded, [None]) == [0]


@given(
    st.lists(st.one_of(st.none(), st.floats(-1e6, 1e9, allow_nan=False)), min_size=1, max_size=60),
    st.one_of(st.none(), st.floats(0.1, 1e5)),
)
def test_whatever_the_stamps_are_time_runs_forward(
    stamps: list[float | None], reach: float | None
) -> None:
    clock = Stamps(0, reach)

    starts = [start for start in placed(clock, stamps) if start is not None]

    assert all(later - start >= _FRAME - 1e-6 for start, later in pairwise(starts))
    assert all(start <= (reach or 6e5) + _FRAME * len(stamps) for start in starts)
    assert all(hole.seconds >= 0 for hole in clock.holes)
