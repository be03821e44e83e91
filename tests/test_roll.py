"""Who is at work: told by numbers that rise, never by another machine's clock."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from kb.errors import LibraryError
from kb.roll import Roll, Watch
from tests.test_jobs import DATABASES, Clock, a_library


@pytest.fixture(params=DATABASES)
def roll(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Roll]:
    with a_library(request.param, tmp_path) as library:
        yield Roll(library)


def test_each_worker_counts_for_itself(roll: Roll) -> None:
    roll.join("ada", "desk")
    roll.join("ben", "desk")
    roll.beat("ada", "desk")
    roll.beat("ada", "desk")

    assert roll.beats() == {"ada": 2, "ben": 0}


def test_who_leaves_is_off_the_roll(roll: Roll) -> None:
    roll.join("ada", "desk")
    roll.join("ben", "desk")
    roll.leave("ada")
    roll.leave("nobody")

    assert roll.beats() == {"ben": 0}


def test_two_workers_cannot_be_of_one_name(roll: Roll) -> None:
    roll.join("ada", "desk")

    with pytest.raises(LibraryError) as refusal:
        roll.join("ada", "attic")
    assert isinstance(refusal.value.__cause__, IntegrityError)


def test_who_was_struck_off_but_lives_is_back_at_the_next_beat(roll: Roll) -> None:
    roll.join("ada", "desk")
    roll.leave("ada")  # by another, who had not seen a beat for too long: its lid was closed

    roll.beat("ada", "desk")

    assert "ada" in roll.beats()


# The watch


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watch(clock: Clock) -> Watch:
    return Watch(clock, patience=30)


def test_whoever_is_seen_first_has_the_watchers_whole_patience(watch: Watch, clock: Clock) -> None:
    clock.time = 1e9

    assert watch.gone({"ada": 7}) == []
    clock.time += 30
    assert watch.gone({"ada": 7}) == []
    clock.time += 0.1
    assert watch.gone({"ada": 7}) == ["ada"]


def test_a_number_that_changes_in_any_way_is_a_sign_of_life(watch: Watch, clock: Clock) -> None:
    for beat in (5, 6, 900, 0):
        assert watch.gone({"ada": beat}) == []
        clock.time += 29
    assert watch.gone({"ada": 0}) == []
    clock.time += 2
    assert watch.gone({"ada": 0}) == ["ada"]


def test_only_those_who_are_silent_are_gone(watch: Watch, clock: Clock) -> None:
    watch.gone({"ada": 1, "ben": 1})
    clock.time += 31

    assert watch.gone({"ada": 2, "ben": 1, "new": 0}) == ["ben"]


def test_who_leaves_and_comes_back_is_new(watch: Watch, clock: Clock) -> None:
    watch.gone({"ada": 1})
    clock.time += 20
    watch.gone({})
    clock.time += 20

    assert watch.gone({"ada": 1}) == []


def test_a_watch_that_slept_calls_nobody_gone_who_beat_meanwhile(
    watch: Watch, clock: Clock
) -> None:
    watch.gone({"ada": 1})
    clock.time += 8 * 3600

    assert watch.gone({"ada": 5000}) == []
