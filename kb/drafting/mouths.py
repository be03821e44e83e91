"""Whom a sentence names as the one who said its quote, by rule: before the quote, or right behind it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb import names
from kb.insight.commonplace import PLAIN
from kb.sealing.reversals import closed

_BEFORE, _BETWEEN = 8, 2
"""Words before a quote in which a name counts; words that may stand between a verb and a name."""
_SHORTEST = 3
"""Letters of a name that stands alone."""
_TOKEN = re.compile(r"\w+(?:['’.-]\w+)*")
_CLAUSE = re.compile(r"[.;!?…](?=\s|$)|,\s+(?=(?:he|she|they|we|I)\b)")
_SAYS = closed(
    "add adds added admit admits admitted ask asks asked call calls called claim claims claimed explain "
    "explains explained insist insists insisted note notes noted put puts recall recalls recalled "
    "remark remarks remarked reply replies replied say says saying said spoke talk talks talked tell "
    "tells telling told warn warns warned write writes wrote"
)
_HEARERS = closed("about asked asks tell telling tells told with")
"""Who comes right after one of these is spoken to, or of."""
_CREDITS = _SAYS | closed("by from")
"""What stands between a quote and whom it is from."""
_TITLES = closed("dr mr mrs ms prof professor sir")
_CREDIT = re.compile(r"\s*[-–—~(]+\s*$")
_ENDED = re.compile(r"\s*(?:[.,;:!?()\[\]/–—-]|$)")


@dataclass(frozen=True, slots=True)
class People:
    """Names that are known, as sets of their folded words."""

    known: tuple[frozenset[str], ...]
    parts: frozenset[str]

    @classmethod
    def of(cls, called: Iterable[str]) -> "People":
        """Take up names as they are written."""
        known = tuple(frozenset(names.fold(each).split()) for each in called)
        return cls(known, frozenset[str]().union(*known) - _TITLES)

    def hold(self, written: Sequence[str]) -> bool:
        """Tell whether words are a name: a whole one in any case, a part of one with a capital."""
        folded = {names.fold(each) for each in written}
        if len(folded) > 1 and any(folded <= each for each in self.known):
            return True
        return all(
            each[0].isupper() and len(each) >= _SHORTEST and names.fold(each) not in PLAIN
            for each in written
        )


NOBODY = People((), frozenset())


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as it is written; `at` and `end` count words, `stop` letters."""

    written: str
    at: int
    end: int
    start: int
    stop: int


def named(before: str, behind: str, people: People) -> str | None:
    """Give the name of whoever a quote between these words is said to be from, None for nobody.

    >>> people = People.of(["Mara Quill", "Jonas Feld"])
    >>> named("Jonas Feld told Mara Quill: ", "", people), named("", ", said Mara.", people)
    ('Jonas Feld', 'Mara')
    """
    name, sure = _behind(behind, people)
    return (name if sure else None) or _before(before, people) or name


def _before(text: str, people: People) -> str | None:
    """Give the last name in the clause that leads up to a quote, unless it is who was spoken to."""
    clause = _CLAUSE.split(text)[-1]
    words = [each.casefold() for each in _TOKEN.findall(clause)]
    near = [each for each in _names(clause, people) if each.end > len(words) - _BEFORE]
    said = [each.written for each in near if not _hears(words[: each.at])]
    return said[-1] if said else None


def _hears(leading: Sequence[str]) -> bool:
    """Tell whether the words before a name make it that of a hearer."""
    if leading[-1:] == ["to"]:
        return leading[-2:-1] != ["according"] and not _SAYS.isdisjoint(leading)
    return bool(leading) and leading[-1] in _HEARERS


def _behind(text: str, people: People) -> tuple[str | None, bool]:
    """Give the name that comes right behind a quote, and whether a verb or a dash credits it."""
    first = next(_names(text, people), None)
    if first is None:
        return None, False
    lead = text[: first.start]
    words = [each.casefold() for each in _TOKEN.findall(lead)]
    if words:
        sure = words[0] in _CREDITS and len(words) <= 1 + _BETWEEN and not _hears(words)
        return (first.written if sure else None), sure
    credit = _CREDIT.fullmatch(lead) is not None and _ENDED.match(text, first.stop) is not None
    return first.written, credit


def _names(text: str, people: People) -> Iterator[_Name]:
    """Yield the names in a text: words that follow one another, each part of a known name."""
    run = list[tuple[int, re.Match[str], str]]()
    for at, match in enumerate(_TOKEN.finditer(text)):
        word = re.sub(r"['’]s$", "", match.group())
        if names.fold(word) in people.parts:
            run.append((at, match, word))
            continue
        yield from _whole(run, people)
        run = []
    yield from _whole(run, people)


def _whole(run: Sequence[tuple[int, re.Match[str], str]], people: People) -> Iterator[_Name]:
    written = [word for _, _, word in run]
    if written and people.hold(written):
        (at, first, _), (last, end, _) = run[0], run[-1]
        yield _Name(" ".join(written), at, last + 1, first.start(), end.end())
