"""Which episode was found: known by its key, one of before, its recording; and what is kept of both."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest.identification import filled, identified, same_place, same_recording
from ingest.ports import Found
from ingest.sources.media import MY_RECORDINGS
from kb.errors import NotFoundError
from kb.identity import audio_key, episode_id, slug
from kb.models import Entry, Episode, Health, Show
from tests.fakes import FakeLibrary

TIDE, OTHER = Show("tide", "The Tide"), Show("other", "The Other")
BARE = Show(slug(MY_RECORDINGS), MY_RECORDINGS)
SOUND = "ab" * 32
ENCLOSURE = "enclosure:https://cdn.example/1.mp3|Talk"
DAY = date(2024, 1, 1)


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    return FakeLibrary(tmp_path)


def talk(key: str = "guid:tide|1", *, show: Show = TIDE, title: str = "Talk") -> Episode:
    return Episode(episode_id(key, title), key, title, show, published=DAY)


def bare(title: str = "rec001") -> Episode:
    """Give the episode that a file is before anything is known of it."""
    known = talk(audio_key(SOUND), show=BARE, title=title)
    return replace(known, published=None, audio=SOUND)


def put(library: FakeLibrary, episode: Episode, *also: str) -> Episode:
    library.save(Entry(episode, {}, (), also))
    return episode


# By key


def test_what_is_nowhere_is_new(library: FakeLibrary) -> None:
    assert identified(Found(talk(), also=(ENCLOSURE,)), library) == (None, talk())


def test_an_episode_is_known_by_its_key_and_keeps_its_id(library: FakeLibrary) -> None:
    known = put(library, talk())
    again = replace(talk(title="Talk, whole"), summary="New.")

    assert identified(Found(again), library) == (known, replace(again, id=known.id))


def test_an_episode_is_known_by_a_key_of_before(library: FakeLibrary) -> None:
    known = put(library, talk(), "guid:tide|old")

    found = Found(talk("guid:tide|old"))

    assert identified(found, library) == (known, known)


def test_an_episode_whose_guid_changed_keeps_key_and_id(library: FakeLibrary) -> None:
    known = put(library, talk(), ENCLOSURE)

    before, now = identified(Found(talk("guid:tide|new"), also=(ENCLOSURE,)), library)

    assert before == known
    assert (now.id, now.key) == (known.id, known.key)


@pytest.mark.parametrize("days", [(None, DAY), (DAY, None), (None, None)])
def test_a_day_that_is_not_known_speaks_for_no_other_episode(
    library: FakeLibrary, days: tuple[date | None, date | None]
) -> None:
    known = put(library, replace(talk(), published=days[0]), ENCLOSURE)
    found = replace(talk("guid:tide|new"), published=days[1])

    assert identified(Found(found, also=(ENCLOSURE,)), library)[0] == known


def test_two_days_are_two_episodes_though_recording_and_title_are_called_the_same(
    library: FakeLibrary,
) -> None:
    put(library, talk(), ENCLOSURE)
    tomorrow = replace(talk("guid:tide|2"), published=date(2024, 1, 2))

    assert identified(Found(tomorrow, also=(ENCLOSURE,)), library) == (None, tomorrow)


def test_of_several_other_keys_the_one_of_that_day_counts(library: FakeLibrary) -> None:
    put(library, replace(talk("guid:tide|0"), published=date(2023, 1, 1)), "enclosure:a")
    known = put(library, talk(), "enclosure:b")

    found = Found(talk("guid:tide|new"), also=("enclosure:none", "enclosure:a", "enclosure:b"))

    assert identified(found, library)[0] == known


def test_its_own_key_counts_whatever_the_day(library: FakeLibrary) -> None:
    known = put(library, talk())

    moved = replace(talk(), published=date(2024, 2, 2))

    assert identified(Found(moved), library) == (known, moved)


def test_a_person_may_say_which_it_is(library: FakeLibrary) -> None:
    known = put(library, talk())
    notes = replace(talk("document:x", title="notes"), summary="From the notes.")

    before, now = identified(Found(notes, to=known.id), library)

    assert before == known
    assert now == replace(known, summary="From the notes.")


def test_a_person_who_names_what_is_not_there_is_told(library: FakeLibrary) -> None:
    with pytest.raises(NotFoundError):
        identified(Found(talk(), to="no-such-id"), library)


# By recording


def test_the_same_recording_in_the_same_show_is_the_same_episode(library: FakeLibrary) -> None:
    known = put(library, replace(talk(), audio=SOUND))

    now = same_recording(replace(talk("guid:tide|2"), audio=SOUND), library)

    assert (now.id, now.key) == (known.id, known.key)


def test_another_show_that_airs_it_has_an_episode_of_its_own(library: FakeLibrary) -> None:
    put(library, replace(talk(), audio=SOUND))
    aired = replace(talk("guid:other|1", show=OTHER), audio=SOUND)

    assert same_recording(aired, library) == aired


def test_what_is_known_or_has_no_audio_is_taken_as_it_is(library: FakeLibrary) -> None:
    put(library, bare())
    known = put(library, replace(talk(), audio=SOUND))

    assert same_recording(known, library) == known
    assert same_recording(talk("guid:tide|2"), library) == talk("guid:tide|2")


def test_a_file_becomes_the_episode_of_the_feed_that_names_it(library: FakeLibrary) -> None:
    known = put(library, replace(bare(), duration=60.0))

    now = same_recording(replace(talk(), audio=SOUND, duration=61.0), library)

    assert now.id == known.id, "permalinks stay good"
    assert (now.key, now.title, now.show) == ("guid:tide|1", "Talk", TIDE)
    assert now.duration == 60.0, "what was measured counts"


def test_a_file_of_an_episode_of_a_feed_changes_nothing_of_it(library: FakeLibrary) -> None:
    known = put(library, replace(talk(), audio=SOUND))

    assert identified(Found(bare()), library) == (known, known)


def test_an_address_of_an_episode_of_a_feed_changes_nothing_of_it(library: FakeLibrary) -> None:
    there = talk("enclosure:https://cdn.example/1.mp3|1", show=BARE, title="1")
    put(library, replace(there, audio=SOUND))
    named = same_recording(replace(talk(), audio=SOUND), library)
    known = put(library, named, talk().key)

    assert (known.id, known.title) == (there.id, "Talk")
    assert identified(Found(there), library) == (known, known)
    assert identified(Found(talk()), library)[1].title == "Talk"


# What is filled in


def test_only_gaps_are_filled() -> None:
    full = replace(
        talk(),
        duration=60.0,
        summary="Known.",
        audio=SOUND,
        health=Health.OK,
        withdrawn=DAY,
        warnings=("quiet",),
    )
    newer = replace(talk(), summary="New.")

    assert filled(newer, full) == replace(full, summary="New.")
    assert filled(full, newer) == full


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/1.mp3?sig=1", "https://a.example/1.mp3?sig=2#t=3", True),
        ("https://a.example/1.mp3", "https://a.example/1.mp3", True),
        ("https://a.example/1.mp3", "https://a.example/2.mp3", False),
        ("https://a.example/1.mp3", "https://b.example/1.mp3", False),
        ("https://a.example/1.mp3", "", False),
    ],
)
def test_signed_addresses_are_one_place(one: str, other: str, same: object) -> None:
    assert same_place(one, other) is same
