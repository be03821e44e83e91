"""Days that people speak of ("by the end of 2026", "in two years"), counted from when they spoke."""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

_WORDS = {
    "a": 1,
    "an": 1,
    "couple": 2,
    "few": 3,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "twenty": 20,
    "thirty": 30,
}
"""A few are three: what comes then is looked at then."""
_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTH = "|".join(_MONTHS)
_SEASONS = {"spring": 5, "summer": 8, "fall": 11, "autumn": 11, "winter": 12}
"""The month in which each is over, in the north; winter with the year."""
_LATEST = 2100
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(_WORDS)}|a (?:couple|few)|couple)"
_SPAN = r"(?:month|quarter|year|decade)s?"
_LENGTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120}
"""Months."""
_YEAR = r"(20[2-9]\d)"
_OR = r",? (?:or|maybe|perhaps|possibly)(?: maybe| perhaps| even)?"
_OTHER = rf"(?:(?:{_OR} |, | to | - | – |[-–])(?P<m>{_NUMBER}))?"
"""The other end of "two to five years": the later one counts."""
_MORE = rf"(?:{_OR} (?!an? )(?P<more>{_NUMBER})(?: (?P<over>{_SPAN}))?| to (?P<to>{_NUMBER}) (?P<upto>{_SPAN}))?"
"""What comes behind the unit: "a year or two", "six months to two years"."""
_OR_YEAR = r"(?:(?:,? (?:or|to|and|through|maybe|perhaps)(?: maybe| perhaps| even)? |[-–/])(?P<m>20[2-9]\d))?"


@dataclass(frozen=True, slots=True)
class When:
    """A day that was spoken of: the words, and the last day they can mean.

    `day` is None where the words count from a day that nobody knows.
    """

    words: str
    day: date | None


def today() -> date:
    """Give the day that it is here."""
    return datetime.now(UTC).astimezone().date()


def spoken(text: str, said: date | None) -> tuple[When, ...]:
    """Find the days in a sentence that was said on a day, as far as they tell months or more.

    >>> [each.day for each in spoken("We ship by the end of 2026.", None)]
    [datetime.date(2026, 12, 31)]
    >>> [each.day for each in spoken("In two years it is over.", date(2024, 3, 9))]
    [datetime.date(2026, 3, 9)]
    """
    found = list[tuple[int, int, When]]()
    for pattern, resolve in _RULES:
        for match in pattern.finditer(text):
            free = all(match.end() <= start or end <= match.start() for start, end, _ in found)
            if free:
                found.append(
                    (match.start(), match.end(), When(match.group(), resolve(match, said)))
                )
    return tuple(when for _, _, when in sorted(found, key=lambda each: each[0]))


def _last(year: int, month: int = 12) -> date | None:
    if not 1 <= year <= _LATEST:
        return None
    return date(year, month, calendar.monthrange(year, month)[1])


def _later(said: date, months: int) -> date | None:
    """Give the same day so many months later, the month's last where it has no such day."""
    years, month = divmod(said.month - 1 + months, 12)
    last = _last(said.year + years, month + 1)
    return None if last is None else last.replace(day=min(said.day, last.day))


def _part_of_year(match: re.Match[str], _said: date | None) -> date | None:
    part, year = match[1].lower(), _later_year(match, 2)
    if part[0] in "qh" and part[1:].isdigit():
        return _last(year, int(part[1]) * (3 if part[0] == "q" else 6))
    months = {
        "early": 4,
        "the beginning of": 4,
        "mid": 8,
        "the middle of": 8,
        "the first half of": 6,
    }
    return _last(year, _SEASONS.get(part) or _MONTHS.get(part) or months.get(part, 12))


def _year(match: re.Match[str], _said: date | None) -> date | None:
    return _last(_later_year(match, 1))


def _before_year(match: re.Match[str], _said: date | None) -> date | None:
    return _last(_later_year(match, 1) - 1)


def _later_year(match: re.Match[str], group: int) -> int:
    """Give the later of the years that were said."""
    return max(int(match[group]), int(match["m"] or 0))


def _ahead(match: re.Match[str], said: date | None) -> date | None:
    if said is None:
        return None
    unit, told = match["unit"], match.groupdict()
    spans = (
        (told["n"], unit),
        (told["m"], unit),
        (told["more"], told["over"] or unit),
        (told["to"], told["upto"]),
    )
    return _later(said, max(_months(number, of) for number, of in spans if number and of))


def _months(number: str, unit: str) -> int:
    said = number.lower().removeprefix("a ")
    count = int(said) if said.isdigit() else _WORDS[said]
    return count * _LENGTHS[unit.lower().removesuffix("s")]


def _next(match: re.Match[str], said: date | None) -> date | None:
    if said is None:
        return None
    unit = match["unit"].lower()
    if unit in _SEASONS or unit in _MONTHS:
        month = _SEASONS.get(unit) or _MONTHS[unit]
        return _last(said.year + (month <= said.month), month)
    return _period(said, _LENGTHS[unit], ahead=1)


def _this(match: re.Match[str], said: date | None) -> date | None:
    if said is None:
        return None
    return _period(said, _LENGTHS[match["unit"].lower()], ahead=0)


def _period(said: date, length: int, *, ahead: int) -> date | None:
    """Give the last day of the calendar month, quarter, year or decade, this one or the next."""
    month = said.year * 12 + said.month - 1
    end = (month // length + 1 + ahead) * length - 1
    return _last(end // 12, end % 12 + 1)


_Resolve = Callable[[re.Match[str], date | None], date | None]


def _compiled() -> Iterator[tuple[re.Pattern[str], _Resolve]]:
    parts = (
        rf"q[1-4]|h[12]|early|mid|late|the (?:end|beginning|middle|first half|second half) of"
        rf"|{'|'.join(_SEASONS)}|{_MONTH}"
    )
    rules: tuple[tuple[str, _Resolve], ...] = (
        (
            rf"\b({parts})(?:[ -]of)?[ ,-]*(?:\d{{1,2}},? )?(?:the year )?{_YEAR}{_OR_YEAR}\b",
            _part_of_year,
        ),
        (rf"\bbefore (?:the year )?{_YEAR}{_OR_YEAR}\b", _before_year),
        (
            (
                rf"\b(?:in|within|over|for)(?: about| around| maybe| less than| the)?(?: next)? (?P<n>{_NUMBER})"
                rf"{_OTHER}(?: more| of)? (?P<unit>{_SPAN})\b{_MORE}(?: from now|['’] time)?\b"
            ),
            _ahead,
        ),
        (rf"\b(?P<n>{_NUMBER}){_OTHER} (?P<unit>{_SPAN}){_MORE} from now\b", _ahead),
        (rf"\bnext (?P<n>{_NUMBER}){_OTHER} (?P<unit>{_SPAN})\b{_MORE}\b", _ahead),
        (rf"\bnext (?P<unit>{_SPAN.removesuffix('s?')}|{'|'.join(_SEASONS)}|{_MONTH})\b", _next),
        (
            (
                r"\b(?:this|(?:the )?end of (?:the|this)|by (?:the )?end of(?: the)?|later this)"
                r" (?P<unit>month|quarter|year|decade)\b"
            ),
            _this,
        ),
        (r"\b(?:by )?(?P<unit>year)[ -]end\b", _this),
        (
            rf"\b(?:by|in|until|around|during|between|of|for)(?: the year)? {_YEAR}{_OR_YEAR}\b",
            _year,
        ),
    )
    yield from ((re.compile(pattern, re.IGNORECASE), resolve) for pattern, resolve in rules)


_RULES = tuple(_compiled())
