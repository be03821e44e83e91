"""Numbers as they are spoken and as they are written -> one key each: value, then unit.

"twenty", "20" -> "#20"; "$1.3 bn", "1.3 billion dollars" -> "#1300000000$"; "twenty twenty-three",
"'23" -> "#2023"; "3rd", "third" -> "#3th"; "nineties", "90s" -> "#90s"; "5 %", "five per cent" -> "#5%".
What is not a number is not touched. English only; digits are read in every language.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import count


def _row(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_ONES = _row(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_TENS = _row("twenty thirty forty fifty sixty seventy eighty ninety")
_FIRSTS = _row(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_SMALL = dict(zip(_ONES, count())) | dict(zip(_TENS, count(20, 10)))
_ORDINALS = dict(zip(_FIRSTS, count(1))) | {
    f"{word[:-1]}ieth": value for word, value in _SMALL.items() if word in _TENS
}
_PARTS = {f"{word}s": value for word, value in _ORDINALS.items() if 2 < value <= 20} | {  # noqa: PLR2004 - 3rd
    "quarters": 4
}
_DECADES = {f"{word[:-1]}ies": value for word, value in _SMALL.items() if word in _TENS}
_SCALES: Mapping[str, int] = {"hundred": 100, "dozen": 12} | {
    word: 10**power
    for power, words in {3: "thousand", 6: "million", 9: "billion", 12: "trillion"}.items()
    for word in words.split()
}
_ABBREVIATED = {"k": 10**3, "m": 10**6, "mn": 10**6, "mm": 10**6, "b": 10**9, "bn": 10**9} | {
    "t": 10**12,
    "tn": 10**12,
}
_APART = ("bn", "mn", "tn")
"""Abbreviations that may stand apart from their digits: the others are letters of other meanings."""
_UNITS = {
    **dict.fromkeys(("%", "percent"), "%"),
    **dict.fromkeys(("$", "dollar", "dollars", "buck", "bucks"), "$"),
    **dict.fromkeys(("€", "euro", "euros"), "€"),
    **dict.fromkeys(("£", "pound", "pounds"), "£"),
    **dict.fromkeys(("¥", "yen"), "¥"),
    **dict.fromkeys(("°", "degree", "degrees"), "°"),
}
SIGNS = frozenset("$€£¥")
_CENTS = ("cent", "cents", "pence")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_FRACTION = re.compile(r"\d+/\d+")
_CLOCK = re.compile(r"\d+:\d+")
_BARE = re.compile(r"#-?\d+(?:\.\d+)?")
_CENTURIES = range(10, 22)
_PIVOT = 50
"""'49 is 2049, '50 is 1950."""
_ROUND = 100

STARTS = frozenset(
    {
        *_SMALL,
        *_ORDINALS,
        *_DECADES,
        *_SCALES,
        *SIGNS,
        *(f"-{sign}" for sign in SIGNS),
        "half",
        "minus",
        "negative",
        "a",
        "an",
    }
)
"""Words with which a number may begin; digits may too."""

Read = tuple[int, str]
"""Where a number ends, and its key."""


def is_digits(token: str) -> bool:
    """Tell whether a token is written in digits."""
    return token[:1].isdigit()


def read(tokens: Sequence[str], at: int, glued: Sequence[bool]) -> Read | None:
    """Read the number that begins at a token, None where none does.

    `glued[n]` tells that token n follows the one before it without a space; a year such as '23
    comes as "'23", a negative figure as "-5". Tokens must not reach over a pause.
    """
    return _Reader(tokens, glued).read(at)


class _Reader:
    """Reads one run of tokens; every method takes and gives places in it."""

    def __init__(self, tokens: Sequence[str], glued: Sequence[bool]) -> None:
        self._tokens = tokens
        self._glued = glued

    def read(self, at: int) -> Read | None:
        sign, at = self._sign(at)
        money, at = self._money(at)
        if money.startswith("-"):
            sign, money = "-", money[1:]
        found = self._fraction(at) or self._special(at) or self._year(at) or self._amount(at)
        if found is None:
            return None
        end, value = found
        unit, end = self._unit(end, money)
        exact = value.startswith("'") or value[-1:].isalpha()
        if unit in SIGNS and not exact:
            end, value = self._cents(end, value)
        plain = value.lstrip("'") if exact or not (unit or money) else _trimmed(Decimal(value))
        return end, f"#{sign}{plain}{unit}"

    def _token(self, at: int) -> str:
        return self._tokens[at] if 0 <= at < len(self._tokens) else ""

    def _sign(self, at: int) -> tuple[str, int]:
        if self._token(at) in ("minus", "negative"):
            return "-", at + 1
        return "", at

    def _money(self, at: int) -> tuple[str, int]:
        token = self._token(at)
        return (token, at + 1) if token.lstrip("-") in SIGNS else ("", at)

    def _fraction(self, at: int) -> Read | None:
        """Read 2/3 and "two thirds"."""
        token, after = self._token(at), self._token(at + 1)
        if token in _ONES[1:10] and after in _PARTS:
            return at + 2, _part(_SMALL[token], _PARTS[after])
        if _FRACTION.fullmatch(token):
            return at + 1, _part(*map(int, token.split("/")))
        return None

    def _special(self, at: int) -> Read | None:
        """Read ordinals, decades and '23."""
        token = self._token(at)
        if token in _ORDINALS:
            return at + 1, f"{_ORDINALS[token]}th"
        if token in _DECADES:
            return at + 1, f"{_DECADES[token]}s"
        return self._short_year(at) if token.startswith("'") else self._ending(at)

    def _short_year(self, at: int) -> Read:
        value = int(self._token(at)[1:])
        if self._token(at + 1) == "s" and self._is_glued(at + 1):
            return at + 2, f"{value}s"
        return at + 1, str(value + (2000 if value < _PIVOT else 1900))

    def _ending(self, at: int) -> Read | None:
        """Read what makes a figure an ordinal or a decade: 3rd, twenty-first, 1990s."""
        token, after = self._token(at), self._token(at + 1)
        if token in _TENS and after in _FIRSTS[:9]:
            return at + 2, f"{_SMALL[token] + _ORDINALS[after]}th"
        ends = _PLAIN.fullmatch(token) is not None and self._is_glued(at + 1)
        if ends and after in ("st", "nd", "rd", "th", "s"):
            return at + 2, f"{int(Decimal(token))}{'s' if after == 's' else 'th'}"
        return None

    def _cents(self, at: int, value: str) -> Read:
        """Read what follows whole dollars: four dollars and eighty cents are $4.80."""
        found = self._amount(at + (self._token(at) == "and"))
        if found is None or self._token(found[0]) not in _CENTS or not value.isdecimal():
            return at, value
        cents = found[1]
        fits = cents.isdecimal() and int(cents) < _ROUND
        return (found[0] + 1, f"{value}.{int(cents):02}") if fits else (at, value)

    def _is_glued(self, at: int) -> bool:
        return at < len(self._glued) and self._glued[at]

    def _year(self, at: int) -> Read | None:
        """Read a year in two halves: nineteen ninety-nine, twenty oh five, twenty twenty-three."""
        first = self._below_hundred(at)
        if first is None or first[1] not in _CENTURIES:
            return None
        middle = first[0]
        if self._token(middle) in _DECADES:
            return middle + 1, f"{first[1] * _ROUND + _DECADES[self._token(middle)]}s"
        second = self._below_hundred(middle) or self._oh(middle)
        if (
            second is None
            or second[1] >= _ROUND
            or self._single(middle)
            or self._token(second[0]) in _SCALES
        ):
            return None
        return second[0], str(first[1] * _ROUND + second[1])

    def _single(self, at: int) -> bool:
        """Tell whether a single digit stands there: "twenty three" is no year."""
        return self._token(at) in _ONES[:10]

    def _oh(self, at: int) -> tuple[int, int] | None:
        if self._token(at) in ("oh", "o") and self._single(at + 1):
            return at + 2, _SMALL[self._token(at + 1)]
        return None

    def _below_hundred(self, at: int) -> tuple[int, int] | None:
        """Read a number below a hundred in words."""
        token = self._token(at)
        if token not in _SMALL:
            return None
        after = self._token(at + 1)
        if token in _TENS and after in _ONES[1:10]:
            return at + 2, _SMALL[token] + _SMALL[after]
        return at + 1, _SMALL[token]

    def _amount(self, at: int) -> Read | None:
        """Read digits, halves or words, with their scales."""
        word = self._token(at)
        if is_digits(word.lstrip("-")):
            return self._figure(at)
        if word == "half":
            skip = 2 if self._token(at + 1) == "a" else 1
            return self._scaled(at + (skip if self._token(at + skip) in _SCALES else 1), "0.5")
        article = word in ("a", "an")
        counts = not article or self._token(at + 1) in _SCALES
        return self._words(at + article) if counts else None

    def _figure(self, at: int) -> Read:
        written = _digits(self._token(at))
        if _CLOCK.fullmatch(written):
            return at + 1, written.replace(":", "")  # as "ten thirty" is read
        if not _PLAIN.fullmatch(written.lstrip("-")):
            return at + 1, f"'{written}"  # 2.0.1 is a name, 10,20 a list
        return self._scaled(at + 1, written)

    def _scaled(self, at: int, written: str) -> Read:
        """Read the scales that follow a figure; without one its digits stay as they are."""
        value, scaled = Decimal(written), False
        while factor := self._factor(at):
            at, value, scaled = at + 1, value * factor, True
        return at, _trimmed(value) if scaled else written

    def _factor(self, at: int) -> int:
        word, before = self._token(at), self._token(at - 1).lstrip("-")
        if word in _SCALES:
            return _SCALES[word]
        if word == "mm" and self._token(at - 2).lstrip("-") not in SIGNS:
            return 0  # a millimetre
        near = is_digits(before) and (self._is_glued(at) or word in _APART)
        return _ABBREVIATED.get(word, 0) if near else 0

    def _words(self, at: int) -> Read | None:
        """Read a number in words: hundreds are gathered, then thousands and more close a group."""
        start, total, group, least = at, Decimal(0), Decimal(0), 0
        while True:
            skip = int(at > start and self._token(at) == "and" and bool(group or least))
            token, small = self._token(at + skip), self._below_hundred(at + skip)
            goes_on = at == start or self._token(at - 1) != "zero"
            if small and group % _ROUND == 0 and goes_on:
                at, group = small[0], group + small[1]
            elif skip == 0 and token in ("hundred", "dozen") and group < _ROUND:
                at, group = at + 1, (group or Decimal(1)) * _SCALES[token]
            elif skip == 0 and token in _SCALES and (not least or _SCALES[token] < least):
                least = _SCALES[token]
                at, total, group = at + 1, total + (group or Decimal(1)) * least, Decimal(0)
            else:
                break
            at, group, total = self._half(at, group, total, least)
        if at == start:
            return None
        spoken = self._point(at, total + group)
        return self._scaled(*spoken) if spoken else (at, _trimmed(total + group))

    def _half(
        self, at: int, group: Decimal, total: Decimal, least: int
    ) -> tuple[int, Decimal, Decimal]:
        """Read "and a half" where it stands."""
        if self._tokens[at : at + 3] != ["and", "a", "half"]:
            return at, group, total
        if group or not least:
            return at + 3, group + Decimal("0.5"), total
        return at + 3, group, total + Decimal(least) / 2

    def _point(self, at: int, value: Decimal) -> Read | None:
        """Read spoken decimals, each digit kept: 3.10 is not 3.1."""
        if self._token(at) != "point":
            return None
        said = list[str]()
        while (token := self._token(at + 1 + len(said))) in _SMALL or token.isdecimal():
            said.append(str(_SMALL.get(token, token)))
        return (at + 1 + len(said), f"{value:f}.{''.join(said)}") if said else None

    def _unit(self, at: int, money: str) -> tuple[str, int]:
        word = self._token(at)
        if word == "per" and self._token(at + 1) == "cent":
            return "%", at + 2
        if word in _UNITS and word not in SIGNS and (not money or _UNITS[word] == money):
            return _UNITS[word], at + 1
        return money, at


def shared(key: str, other: str) -> str:
    """Give a number's key with the unit of another: "five (to ten percent)"."""
    unit = other[-1]
    return key + unit if unit in _UNITS.values() and _BARE.fullmatch(key) else key


def _part(over: int, under: int) -> str:
    return "0.5" if (over, under) == (1, 2) else f"'{over}/{under}"


def _digits(token: str) -> str:
    """Give written digits without their thousands' commas."""
    bare = token.lstrip("-")
    sign = "-" if bare != token else ""
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    return sign + bare


def _trimmed(value: Decimal) -> str:
    return f"{value.normalize():f}"
