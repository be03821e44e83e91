"""Sounds: what may be taken for one another by ear, and what may not."""

import pytest

from kb.sealing import sounds


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("night", "knight"),
        ("whole", "hole"),
        ("break", "brake"),
        ("road", "rode"),
        ("week", "weak"),
        ("passed", "past"),
        ("colour", "color"),
        ("organise", "organize"),
        ("llama", "lama"),
        ("databricks", "databrix"),
    ],
)
def test_homophones_have_one_key(one: str, other: str) -> None:
    assert sounds.key(one) == sounds.key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("learns", "earns"),
        ("price", "prize"),
        ("cost", "coast"),
        ("build", "built"),
        ("send", "sent"),
        ("bad", "bat"),
        ("hoping", "hopping"),
        ("advice", "advise"),
        ("model", "models"),
        ("place", "plays"),
        ("accept", "except"),
        ("million", "billion"),
    ],
)
def test_near_is_not_the_same(one: str, other: str) -> None:
    assert sounds.key(one) != sounds.key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tao", "tau"),
        ("stoica", "stoyca"),
        ("lora", "laura"),
        ("mistral", "mistrol"),
        ("alan", "allen"),
    ],
)
def test_names_are_known_by_what_is_heard_of_them(one: str, other: str) -> None:
    assert sounds.name_key(one) == sounds.name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("tim", "tom"), ("eric", "erica"), ("mario", "maria"), ("jared", "jerod"), ("dan", "don")],
)
def test_names_that_people_tell_apart_stay_apart(one: str, other: str) -> None:
    assert sounds.name_key(one) != sounds.name_key(other)


@pytest.mark.parametrize("word", ["", "日本", "#20", "'s", "мир"])
def test_what_is_not_in_latin_letters_has_no_sound(word: str) -> None:
    assert sounds.key(word) == ""
