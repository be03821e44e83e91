"""Loudness and silence: the numbers of the standard, and stretches to the tenth of a second."""

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.ports import SAMPLE_RATE
from ingest.sound import Meter

Samples = NDArray[np.float32]


def tone(seconds: float, *, decibels: float = -20, pitch: float = 997) -> Samples:
    times = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (10 ** (decibels / 20) * np.sin(2 * np.pi * pitch * times)).astype(np.float32)


def quiet(seconds: float) -> Samples:
    return np.zeros(int(seconds * SAMPLE_RATE), np.float32)


def measured(*parts: Samples, piece: int = 4_321) -> Meter:
    meter, sound = Meter(), np.concatenate(parts)
    for start in range(0, len(sound), piece):
        meter.feed(sound[start : start + piece])
    return meter


@pytest.mark.parametrize("decibels", [0, -20, -40])
def test_a_tone_of_997_hertz_has_the_loudness_that_the_standard_says(decibels: float) -> None:
    # BS.1770: 0 dBFS at 997 Hz in one channel is -3.01 LUFS.
    assert measured(tone(10, decibels=decibels)).loudness == pytest.approx(decibels - 3.01, abs=0.1)


def test_low_tones_count_less_and_high_ones_more() -> None:
    low, high = measured(tone(5, pitch=50)).loudness, measured(tone(5, pitch=4_000)).loudness

    assert low is not None
    assert high is not None
    assert low < -26
    assert high == pytest.approx(-20 - 3.01 + 3.3, abs=0.5)


def test_pauses_do_not_make_it_quieter() -> None:
    without = measured(tone(20)).loudness

    assert measured(tone(20), quiet(60)).loudness == pytest.approx(without, abs=0.2)


@pytest.mark.parametrize("sound", [quiet(0), quiet(0.2), quiet(10), tone(10, decibels=-80)])
def test_where_nothing_is_to_be_heard_there_is_no_loudness(sound: Samples) -> None:
    assert measured(sound).loudness is None


def test_silences_of_two_seconds_and_more_are_found() -> None:
    meter = measured(quiet(3), tone(5), quiet(1.9), tone(2), tone(4, decibels=-60), tone(3))

    assert [each for pair in meter.silences for each in pair] == pytest.approx(
        [0, 3, 11.9, 15.9], abs=0.11
    )


def test_what_is_silent_throughout_is_one_silence() -> None:
    assert measured(quiet(12)).silences == ((0, 12),)


def test_zeros_cut_into_sound_are_dead_but_faded_pauses_are_not() -> None:
    fade = np.linspace(1, 0, SAMPLE_RATE // 2, dtype=np.float32) ** 4
    faded = tone(0.5) * fade
    cut = measured(tone(5), quiet(3), tone(5))
    gated = measured(tone(5), faded, quiet(3), faded[::-1], tone(5))

    framed = measured(quiet(3), tone(5), quiet(3))

    assert [meter.dead for meter in (cut, gated, framed)] == [((5, 8),), (), ()]


def test_random_bytes_are_noise_and_music_is_not() -> None:
    rubbish = np.frombuffer(np.random.default_rng(1).bytes(2 * SAMPLE_RATE), "<i2") / 32768

    assert measured(tone(3), rubbish.astype(np.float32), tone(3)).noise == ((3, 4),)
    assert measured(tone(5, decibels=0) + tone(5, decibels=0, pitch=3_000)).noise == ()


def test_how_it_is_fed_makes_no_difference() -> None:
    sound = np.concatenate([tone(5), quiet(3), tone(2)])

    one, other = measured(sound, piece=777), measured(sound, piece=10**6)

    assert one.loudness == other.loudness
    assert one.silences == other.silences
    assert one.dead == other.dead
