"""Who speaks: one person is one voice, on however many shows, under however many labels."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import passages
from kb.insight import voices
from kb.models import Episode, Passage, Person, Role, Tier, Unit
from tests.samples import episode, transcript

ION = "Ion Stoica"


def made(show: str, *people: Person) -> Episode:
    return replace(episode(f"On {show}", show, published=date(2025, 1, 1)), people=people)


def says(held: Episode, speaker: str | None, text: str) -> Passage:
    cut = passages.cut(held.id, Tier.TRANSCRIPT, transcript((speaker, text)).segments)
    return next(each for each in cut if each.unit is Unit.SENTENCE)


def counted(*said: tuple[Episode, str | None, str]) -> voices.Voices:
    heard = [says(*each) for each in said]
    return voices.counted(heard, {held.id: held for held, _, _ in said})


def test_one_guest_on_three_shows_is_one_voice() -> None:
    shows = [made(f"Show {n}", Person(ION, Role.GUEST)) for n in range(3)]
    found = counted(*((show, ION, "Votes tell more than tests.") for show in shows))
    (voice,) = found.voices
    assert (voice.name, len(voice.shows), len(voice.episodes)) == (ION, 3, 3)


@pytest.mark.parametrize("label", ["Ion", "ion stoica", "Ion P. Stoica", "Stoica", "Ión Stoica"])
def test_labels_of_one_person_are_one_voice(label: str) -> None:
    one, other = made("A", Person(ION, Role.GUEST)), made("B")
    found = counted((one, ION, "Votes count."), (other, label, "Votes count."))
    assert len(found.voices) == 1


def test_a_first_name_that_two_people_bear_is_a_voice_of_its_own() -> None:
    one, other = made("A", Person(ION, Role.GUEST)), made("B", Person("Ion Popa", Role.GUEST))
    third = made("C")
    found = counted((one, ION, "Yes."), (other, "Ion Popa", "No."), (third, "Ion", "Well."))
    assert len(found.voices) == 3


@pytest.mark.parametrize("label", [None, "", "Speaker 1", "SPEAKER_00", "Guest", "?"])
def test_the_unlabelled_are_one_unknown_voice_an_episode(label: str | None) -> None:
    one, other = made("A"), made("B")
    found = counted((one, label, "Yes."), (one, label, "And no."), (other, label, "Yes."))
    assert (len(found.voices), found.unknown, found.independent) == (2, 2, ())
    assert not any(voice.known for voice in found.voices)


def test_a_founder_who_names_their_company_talks_their_book() -> None:
    show = made("A", Person(ION, Role.GUEST, "Co-Founder of LMArena"))
    found = counted((show, ION, "LMArena is the best way to test a model."))
    assert found.voices[0].interest == "founded LMArena, which they speak of"
    assert (found.interested, found.independent) == (found.voices, ())


def test_whoever_speaks_of_something_else_does_not() -> None:
    show = made("A", Person(ION, Role.GUEST, "Co-Founder of LMArena"))
    assert counted((show, ION, "Onions fell in price.")).voices[0].interest == ""


def test_a_former_employer_is_no_interest() -> None:
    show = made("A", Person(ION, Role.GUEST, "Former CTO of Ostrel"))
    assert counted((show, ION, "Ostrel is the best there is.")).voices[0].interest == ""


def test_our_customers_are_an_interest_though_no_company_is_known() -> None:
    found = counted((made("A"), ION, "Our customers double every year."))
    assert found.voices[0].interest == "speaks of what they make or sell"


def test_what_a_speaker_says_of_themselves_counts() -> None:
    found = counted((made("A"), ION, "I am the CEO of Ostrel and Ostrel is quick."))
    assert "Ostrel" in found.voices[0].interest


def test_nothing_said_is_no_voice() -> None:
    assert voices.counted([], {}) == voices.Voices(())


@given(st.lists(st.sampled_from(["Ada Byron", "Ben Cole", None, "Ada"]), min_size=1, max_size=12))
def test_there_are_never_more_voices_than_labels_and_order_does_not_matter(
    labels: list[str | None],
) -> None:
    show = made("A")
    there = counted(*((show, label, "Yes.") for label in labels))
    back = counted(*((show, label, "Yes.") for label in reversed(labels)))
    assert len(there.voices) == len(set(labels))
    assert {voice.name for voice in there.voices} == {voice.name for voice in back.voices}
