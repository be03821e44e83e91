"""Two runs of spoken words laid side by side, at the least cost: what is the same, alike, different.

A step costs nothing where the words are the same, next to nothing where they only sound or are
written alike or a filler is skipped, and `REAL` where a word is another, added or left out. So the
sum tells both: below `REAL` nothing differs. Every word counts; no score decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise

from kb.sealing import sounds
from kb.sealing.reversals import NEGATIONS, TURNING, closed
from kb.sealing.spoken import Word

REAL = 1000
_FILLER, _ALIKE = 1, 3
_ADDED = REAL + _ALIKE
"""A word that stands for another is told as that, rather than as one put in and one left out."""
_JOINED = (2, 3)
"""Words that may be written as one."""
_LONG_ENOUGH = 5
"""Letters from which a name may be known by its sound though it is written in parts."""

BRACKET = "["
"""Begins the key of an editor's insertion: "[the model]"; it may stand for a few small words."""
_STANDS_FOR = 3
REPLACED = closed(
    "it this that these those they them their its he him his she her hers we us our you your i me"
    " my the a an one there here"
)
"""Words that an editor's insertion may stand for."""

GRAMMAR = TURNING | closed(
    "a an the this that these those i you he she it we they me him her us them my your his its our"
    " their be am is are was were been being do does did have has had will would can could should"
    " shall may might must to of in on at by for from with about into over under after before off"
    " and or nor so as if then else when where who whose what which why how there here up down out"
    " all any some each every both few many much most other another same such very too also just"
    " only even still ever always often now again well yes yeah okay 's 'd 're 've 'll 'm see go"
    " get got no know"
)
"""Words too small to be known by their sound: a slip in one of them changes what was said."""
_PLURALS = closed("man men woman women")
"""Words that a vowel nobody hears in names makes another."""
_OTHERS_WITHOUT = closed("well ill shell hell wed shed id were shed cant wont")
"""Contractions that are other words without their apostrophe."""
_HOMOPHONES = (
    {"their", "there", "they're"}, {"your", "you're"}, {"its", "it's"}, {"whose", "who's"},
    {"to", "too"}, {"here", "hear"}, {"were", "we're"}, {"by", "buy", "bye"}, {"where", "wear"},
    {"through", "threw"}, {"some", "sum"}, {"our", "hour"}, {"would", "wood"}, {"see", "sea"},
    {"weather", "whether"}, {"which", "witch"}, {"passed", "past"}, {"all", "awl"},
)  # fmt: skip
"""Grammar's own homophones: a closed class, and too small for a key."""
_SAME_SOUND = {word: number for number, group in enumerate(_HOMOPHONES) for word in group}
_SHORT_FOR = {"'s": {"is", "has", "us"}, "'d": {"would", "had", "did"}}
_PREFIXES = closed("a an in im no not dis")
"""Words that turn the one they are written together with: "in valid", "a typical", "not able"."""


class How(StrEnum):
    """How a step's words compare."""

    SAME = "same"
    WRITTEN = "written"
    SOUND = "sound"
    FILLER = "filler"
    EDITED = "edited"
    OTHER = "other"


_COSTS = {How.WRITTEN: 0, How.SOUND: _ALIKE, How.OTHER: REAL}


@dataclass(frozen=True, slots=True)
class Step:
    """Words of the claim and the words of the record that they are laid beside; either may be none."""

    how: How
    claimed: range
    heard: range


@dataclass(frozen=True, slots=True)
class Said:
    """A run of words, each with whether it may be left out."""

    words: Sequence[Word]
    fillers: Sequence[bool]

    def part(self, start: int, end: int) -> "Said":
        """Give the words from one place to another."""
        return Said(self.words[start:end], self.fillers[start:end])

    def parts(self, cuts: Sequence[int]) -> "tuple[Said, ...]":
        """Give the runs of words between the places where it is cut."""
        edges = (0, *cuts, len(self.words))
        return tuple(self.part(start, end) for start, end in pairwise(edges) if start < end)


def align(claim: Said, heard: Said) -> tuple[int, tuple[Step, ...]]:
    """Lay the whole claim beside the stretch of the record where that costs least.

    Gives the cost and the steps in order; their places count from the start of each run.
    """
    table = _Table(claim, heard)
    end = min(range(len(heard.words) + 1), key=table.rows[-1].__getitem__)
    return table.rows[-1][end], tuple(table.steps(end))


def matched(claim: Said, heard: Said) -> tuple[Step, ...]:
    """Lay a claim beside a stretch that holds its very words, fillers aside: `align` without a search."""
    steps, at, there = list[Step](), 0, 0
    while at < len(claim.words) or there < len(heard.words):
        if there < len(heard.words) and heard.fillers[there]:
            steps.append(Step(How.FILLER, range(at, at), range(there, there + 1)))
            there += 1
        elif claim.fillers[at]:
            steps.append(Step(How.FILLER, range(at, at + 1), range(there, there)))
            at += 1
        else:
            how = _how(claim.words[at], heard.words[there])
            steps.append(Step(how, range(at, at + 1), range(there, there + 1)))
            at, there = at + 1, there + 1
    return tuple(steps)


class _Table:
    """The costs of laying each start of the claim beside each end of the record's stretch."""

    def __init__(self, claim: Said, heard: Said) -> None:
        self._claim, self._heard = claim, heard
        self._claimed_joins, self._heard_joins = _joins(claim.words), _joins(heard.words)
        self._joined = _Index.of(
            (there, width, text, any(word.named for word in heard.words[there - width : there]))
            for there, joins in enumerate(self._heard_joins)
            for width, text in joins.items()
        )
        self._single = _Index.of(
            (there, 1, _single(word), word.named) for there, word in enumerate(heard.words, 1)
        )
        self._places = defaultdict[str, list[int]](list)
        for there, word in enumerate(heard.words):
            for handle in _handles(word.key):
                self._places[handle].append(there)
        self._skips = [_FILLER if filler else REAL for filler in heard.fillers]
        self.rows: list[list[int]] = [[0] * (len(heard.words) + 1)]
        for _ in claim.words:
            self._fill()

    def _fill(self) -> None:
        """Add the row of the next word of the claim."""
        at = len(self.rows)
        word, above = self._claim.words[at - 1], self.rows[-1]
        if word.key.startswith(BRACKET):
            self.rows.append(self._bracket(above))
            return
        row, joins = self._plain(word, at, above), list(self._joining(at))
        for there, back, width in joins:
            row[there] = min(row[there], self._joined_cost(at - back, there - width))
        for there in range(1, len(row) if joins else 0):
            row[there] = min(row[there], row[there - 1] + self._skips[there - 1])
        self.rows.append(row)

    def _plain(self, word: Word, at: int, above: Sequence[int]) -> list[int]:
        added = _FILLER if self._claim.fillers[at - 1] else _ADDED
        last = above[0] + added
        row = [last]
        beside = self._beside(word)
        for before, ahead, cost, skip in zip(above, above[1:], beside, self._skips, strict=False):
            # `min` of three takes twice as long, and most of a check is spent here.
            best = before + cost
            if last + skip < best:  # noqa: PLR1730
                best = last + skip
            if ahead + added < best:  # noqa: PLR1730
                best = ahead + added
            last = best
            row.append(best)
        return row

    def _beside(self, word: Word) -> list[int]:
        """Give the cost of a word beside each of the record's: most of them are others."""
        costs = [_COSTS[How.OTHER]] * len(self._heard.words)
        for handle in _handles(word.key):
            for there in self._places.get(handle, ()):
                costs[there] = _cost_of(word, self._heard.words[there])
        return costs

    def _joining(self, at: int) -> Iterator[tuple[int, int, int]]:
        """Yield where words that are one on one side and two or three on the other may end there.

        With it come how many they are here, and how many there.
        """
        for there, width in self._joined.like(_single(self._claim.words[at - 1])):
            yield there, 1, width
        for back, text in self._claimed_joins[at].items():
            for there, width in self._single.like(text):
                yield there, back, width

    def _joined_cost(self, at: int, there: int) -> int:
        return self.rows[at][there] + _ALIKE

    def _bracket(self, above: list[int]) -> list[int]:
        row = list[int]()
        for there in range(len(above)):
            best = above[there] + _ADDED
            for width in range(1, min(_STANDS_FOR, there) + 1):
                if self._heard.words[there - width].key not in REPLACED:
                    break
                best = min(best, above[there - width] + _ALIKE)
            row.append(min(best, row[-1] + self._skips[there - 1]) if row else best)
        return row

    def steps(self, end: int) -> list[Step]:
        """Give the steps of the cheapest way to an end."""
        found, at, there = list[Step](), len(self.rows) - 1, end
        while at:
            how, back, width = self._last(at, there)
            found.append(Step(how, range(at - back, at), range(there - width, there)))
            at, there = at - back, there - width
        return found[::-1]

    def _last(self, at: int, there: int) -> tuple[How, int, int]:
        """Find the step that led to a place: how, over how many words here, and over how many there."""
        cost, word = self.rows[at][there], self._claim.words[at - 1]
        if word.key.startswith(BRACKET):
            for width in range(min(_STANDS_FOR, there), 0, -1):
                replaced = self._heard.words[there - width : there]
                small = all(each.key in REPLACED for each in replaced)
                if small and cost == self.rows[at - 1][there - width] + _ALIKE:
                    return How.EDITED, 1, width
        elif there:
            other = self._heard.words[there - 1]
            if cost == self.rows[at - 1][there - 1] + _cost_of(word, other):
                return _how(word, other), 1, 1
        if there and cost == self.rows[at][there - 1] + self._skips[there - 1]:
            return (How.FILLER if self._heard.fillers[there - 1] else How.OTHER), 0, 1
        joined = self._joined_step(at, there, cost)
        filler = self._claim.fillers[at - 1]
        return joined or (How.FILLER if filler else How.OTHER, 1, 0)

    def _joined_step(self, at: int, there: int, cost: int) -> tuple[How, int, int] | None:
        for place, back, width in self._joining(at):
            if place == there and cost == self._joined_cost(at - back, there - width):
                return How.SOUND, back, width
        return None


_Entry = tuple[int, int]
"""Where words end, and how many they are."""


@dataclass(frozen=True, slots=True)
class _Index:
    """Words of one stretch by how they are written as one, and by how they sound."""

    written: Mapping[str, Sequence[_Entry]]
    sounding: Mapping[str, Sequence[_Entry]]
    named: frozenset[int]

    @classmethod
    def of(cls, entries: Iterable[tuple[int, int, str, bool]]) -> "_Index":
        """Index (end, width, text, whether it is spelled like a name)."""
        written = defaultdict[str, list[_Entry]](list)
        sounding = defaultdict[str, list[_Entry]](list)
        named = set[int]()
        for there, width, text, name in entries:
            for key in _spellings(text):
                written[key].append((there, width))
            if len(text) >= _LONG_ENOUGH and "'" not in text:
                sounding[sounds.name_key(text)].append((there, width))
            if name:
                named.add(there)
        return cls(dict(written), dict(sounding), frozenset(named))

    def like(self, text: str) -> Iterator[_Entry]:
        """Yield the words that are the same written as one, or, of names, sound the same."""
        if not text or text in TURNING:
            return
        for key in _spellings(text):
            yield from self.written.get(key, ())
        if len(text) >= _LONG_ENOUGH and "'" not in text:
            for entry in self.sounding.get(sounds.name_key(text) or text, ()):
                if entry[0] in self.named:
                    yield entry


def _spellings(text: str) -> tuple[str, ...]:
    """Give what a word may be known by: its letters, and the group of its homophones."""
    group = _SAME_SOUND.get(text)
    letters = text.replace("'", "")
    other = letters in TURNING or ("'" in text and letters in _OTHERS_WITHOUT)
    plain = () if other else (letters,)
    return plain if group is None else (*plain, f"{group}")


def _joins(words: Sequence[Word]) -> list[dict[int, str]]:
    """Give what the words that end at each place are written as one, by how many they are."""
    letters = [_letters(word) for word in words]
    found = list[dict[int, str]]([{}])
    for end in range(1, len(words) + 1):
        joins = dict[int, str]()
        for width in _JOINED:
            parts = letters[end - width : end] if end >= width else []
            initials = all(len(part) == 1 for part in parts)
            if parts and all(parts) and (initials or not _PREFIXES & set(parts[:-1])):
                joins[width] = "".join(parts)
        pair = words[end - 2 : end] if end > 1 else ()
        if pair and pair[0].start == pair[1].start and pair[0].written == pair[1].written:
            joins[2] = pair[0].written
        found.append(joins)
    return found


def _single(word: Word) -> str:
    """Give how a word is written as one: a contraction as it is, of all else the letters."""
    return word.written if "'" in word.written else _letters(word)


def _letters(word: Word) -> str:
    return "" if word.key[0] in "#[" else word.key.replace("'", "")


def _cost_of(word: Word, other: Word) -> int:
    if word.key == other.key:
        return 0
    return _COSTS[_sounding(word.key, other.key, named=other.named)]


def _how(word: Word, other: Word) -> How:
    """Compare two words: the same, written otherwise, sounding alike, or another."""
    if word.key == other.key:
        return How.SAME if word.written == other.written else How.WRITTEN
    return _sounding(word.key, other.key, named=other.named)


@cache
def _handles(key: str) -> tuple[str, ...]:
    """Give what a word shares with each word that it may be taken for."""
    group = _SAME_SOUND.get(key)
    shared = {f"={each}" for each in (key, *_SHORT_FOR.get(key, ()))}
    shared |= {f"#{group}"} if group is not None else set[str]()
    return (*shared, f"~{sounds.key(key)}", f"^{sounds.name_key(key)}")


@cache
def _sounding(key: str, other: str, *, named: bool) -> How:
    """Compare two words of different keys."""
    if other in _SHORT_FOR.get(key, ()) or key in _SHORT_FOR.get(other, ()):
        return How.WRITTEN
    if {key, other} & NEGATIONS or key[0] in "#[" or other[0] in "#[":
        return How.OTHER
    group = _SAME_SOUND.get(key)
    alike = group is not None and _SAME_SOUND.get(other) == group
    if not ({key, other} & GRAMMAR or not sounds.key(key)):
        alike = alike or sounds.key(key) == sounds.key(other)
        loose = named and not {key, other} & _PLURALS
        alike = alike or (loose and sounds.name_key(key) == sounds.name_key(other))
    return How.SOUND if alike else How.OTHER
