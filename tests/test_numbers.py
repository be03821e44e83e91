"""Numbers: one value, one key, however it is spoken or written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.sealing.spoken import words

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def keys(text: str) -> list[str]:
    return [word.key for word in words(text)]


def in_words(value: int) -> str:
    """Say a number below a billion as people do: the plain way, for checking the reader."""
    ones, tens = _ONES.split(), _TENS.split()
    if value < 20:
        return ones[value]
    if value < 100:
        rest = f"-{ones[value % 10]}" if value % 10 else ""
        return tens[value // 10 - 2] + rest
    for unit, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= unit:
            rest = f" {in_words(value % unit)}" if value % unit else ""
            return f"{in_words(value // unit)} {name}{rest}"
    raise AssertionError


@given(st.integers(0, 999_999_999))
def test_a_number_in_words_is_the_number_in_digits(value: int) -> None:
    assert keys(in_words(value)) == keys(str(value)) == keys(f"{value:,}") == [f"#{value}"]


@pytest.mark.parametrize(
    "same",
    [
        ("$1.3 bn", "$1.3bn", "1.3 billion dollars", "one point three billion dollars"),
        ("2023", "'23", "’23", "twenty twenty-three", "two thousand and twenty-three"),
        ("2005", "twenty oh five", "two thousand five"),
        ("1990s", "nineteen nineties"),
        ("90s", "'90s", "nineties"),
        ("5%", "5 %", "five percent", "five per cent", "5 percent"),
        ("3rd", "third"),
        ("21st", "twenty-first"),
        ("2.5 million", "two and a half million", "2,500,000"),
        ("half a million", "500k", "500,000", "five hundred thousand"),
        ("a million and a half", "1.5 million"),
        ("thirteen hundred", "1,300", "one thousand three hundred"),
        ("a hundred and five", "105", "one hundred five"),
        ("minus five degrees", "-5°", "negative 5 degrees"),
        ("$3.50", "3.5 dollars", "three dollars and fifty cents"),
        ("$4.80", "four dollars and eighty cents", "4 dollars 80 cents"),
        ("£2.05", "two pounds and five pence"),
        ("two dozen", "24"),
        ("20k", "20,000", "twenty thousand"),
    ],
)
def test_one_value_has_one_key(same: tuple[str, ...]) -> None:
    assert {tuple(keys(text)) for text in same} == {tuple(keys(same[0]))}
    assert len(keys(same[0])) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("14", "40"),
        ("20", "2.0"),
        ("1.3 billion", "1.3 million"),
        ("5%", "5 points"),
        ("$5", "€5"),
        ("3.10", "3.1"),
        ("2023", "23"),
        ("third", "three"),
        ("half", "50%"),
        ("-5", "5"),
        ("twenty five", "20"),
        ("90s", "1990"),
        ("2.0.1", "2.01"),
        ("four dollars and five cents", "$4.50"),
        ("four dollars and eighty people", "$4.80"),
    ],
)
def test_other_values_and_other_units_have_other_keys(one: str, other: str) -> None:
    assert keys(one) != keys(other)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("one, two, three", ["#1", "#2", "#3"]),
        ("ten to twenty", ["#10", "to", "#20"]),
        ("fifty-fifty", ["#50", "#50"]),
        ("two three hundred", ["#2", "#300"]),
        ("zero five", ["#0", "#5"]),
        ("a lot", ["a", "lot"]),
        ("hundreds", ["hundreds"]),
        ("GPT-4", ["gpt", "#4"]),
        ("point", ["point"]),
        ("and a half", ["and", "a", "#0.5"]),
        ("", []),
    ],
)
def test_what_stands_side_by_side_is_not_added_up(text: str, read: list[str]) -> None:
    assert keys(text) == read
