"""What adding will take, said before it is begun."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest.estimate import Estimate, Speed, estimate, recall_speed, remember_speed
from ingest.ports import Found
from kb.errors import NotFoundError
from kb.models import Entry, Tier
from tests.fakes import FakeLibrary
from tests.samples import entry, episode, transcript

HOUR = 3600.0
WORDS = transcript((None, "We kept it."))
SOUND, COPY, PAPER = 16_000, 4_000, 3_000_000
"""Bytes of a second of the file and of the copy to play, and of an hour of words."""


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    return FakeLibrary(tmp_path)


def found(title: str, *, hours: float | None = 1, media: bool = True) -> Found:
    duration = None if hours is None else hours * HOUR
    talk = replace(episode(title, "The Night Desk"), duration=duration)
    return Found(talk, media=f"https://cdn.example/{title}.mp3" if media else None)


def made(library: FakeLibrary, *every: Found) -> Estimate:
    return estimate(every, library, transcriber="whisper")


def test_nothing_takes_nothing(library: FakeLibrary) -> None:
    assert made(library) == Estimate(0, 0, 0, 0, 0, None, 0)


def test_hours_and_disk_are_added_up(library: FakeLibrary) -> None:
    said = made(library, found("One"), found("Two", hours=0.5))

    assert (said.episodes, said.known, said.heard, said.unknown) == (2, 0, 2, 0)
    assert said.hours == 1.5
    assert said.disk == 1.5 * HOUR * (SOUND + COPY) + 1.5 * PAPER


def test_the_time_is_that_of_this_machine(library: FakeLibrary) -> None:
    before = made(library, found("One")).seconds
    remember_speed(library, "another", Speed(audio=100, took=1))
    other = made(library, found("One")).seconds
    remember_speed(library, "whisper", Speed(audio=100, took=1))
    remember_speed(library, "whisper", Speed(audio=100, took=25))

    assert (before, other) == (None, None)
    assert recall_speed(library, "whisper") == Speed(100, 25)
    assert made(library, found("One")).seconds == HOUR / 4


def test_an_episode_of_unknown_length_is_told_apart(library: FakeLibrary) -> None:
    said = made(library, found("One"), found("Two", hours=None))

    assert (said.heard, said.unknown, said.hours) == (2, 1, 1)


def test_what_has_a_transcript_is_fetched_but_not_heard(library: FakeLibrary) -> None:
    said = made(library, replace(found("One"), transcript=WORDS))

    assert (said.heard, said.hours) == (0, 0)
    assert said.disk == HOUR * (SOUND + COPY) + PAPER


def test_a_document_without_audio_takes_next_to_nothing(library: FakeLibrary) -> None:
    said = made(library, found("One", media=False))

    assert (said.heard, said.disk) == (0, PAPER)


def test_what_the_library_has_heard_is_not_heard_again(library: FakeLibrary) -> None:
    one = found("One")
    library.save(Entry(replace(one.episode, audio="ab" * 32), {}, ()))

    said = made(library, one, found("Two"))

    assert (said.episodes, said.known, said.heard, said.hours) == (2, 1, 1, 1)
    assert said.disk == HOUR * (SOUND + COPY) + 2 * PAPER


def test_what_the_library_has_in_words_is_not_heard(library: FakeLibrary) -> None:
    one = found("One")
    library.save(entry(one.episode, {Tier.TRANSCRIPT: WORDS}))

    assert made(library, one).heard == 0


def test_an_episode_under_a_new_guid_is_known(library: FakeLibrary) -> None:
    old = replace(episode("One", "The Night Desk", published=date(2024, 1, 1)), audio="ab" * 32)
    library.save(Entry(old, {}, (), ("enclosure:1",)))
    new = replace(found("One").episode, key="guid:new", published=date(2024, 1, 1))

    assert made(library, Found(new, media="https://x.example", also=("enclosure:1",))).known == 1


def test_words_for_an_episode_that_is_not_there_are_an_error(library: FakeLibrary) -> None:
    with pytest.raises(NotFoundError):
        made(library, replace(found("One"), to="no-such-id"))
