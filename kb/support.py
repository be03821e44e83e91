"""Whether cited words carry a sentence, by rule: quotes, figures, names, negations, words in common.

That the words entail it is not decided here: a sentence that passes says nothing that can be seen
to be missing from, or denied by, what it cites. Four questions are asked, and the first that fails
is told: are its quotes sealed, are its figures there by value, are its names there, does it deny
what they affirm or affirm what they deny; and it must share a word of substance with them.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb import names, quotations
from kb.models import Mark, Passage, Quote
from kb.seal import Record, runs
from kb.sealing.alignment import GRAMMAR
from kb.sealing.hearing import keyed, renamed
from kb.sealing.reversals import DENIALS, NEGATIONS, closed
from kb.sealing.spoken import Word, words

_ENDING = re.compile(r"(?:ings?|ed|e?s|ly|e)$")
_STEM = 3
"""Letters that a word keeps when its ending is cut off."""
_REACH = 3
"""Words of substance that a negation reaches."""
_LOOSE = closed("one first second")
"""Number words that are seldom figures."""
_FEW = closed("few little")
"""Words that deny, unless "a" stands before them."""
_TURN = closed("but yet so because and")
_VALUE = re.compile(r"#(-?\d+(?:\.\d+)?)(.*)")


@dataclass(frozen=True, slots=True)
class Weighed:
    """How a sentence is backed; `quotes` are those found in it, sealed, `why` what is not carried."""

    mark: Mark
    quotes: tuple[Quote, ...] = ()
    why: str = ""


def weigh(
    text: str,
    cited: Sequence[Passage],
    *,
    context: str = "",
    variants: Mapping[str, str] = {},
) -> Weighed:
    """Tell whether the cited sentences carry a sentence.

    `context` is what may be named beside their words: titles, speakers. A sentence that is nothing
    but sealed quotes is quoted.
    """
    found = quotations.found(text)
    records = [Record.of(run, variants=variants) for run in runs(cited)]
    quotes = tuple(_sealed(each.text, records) for each in found)
    known, rest = keyed(variants), _without(text, found)
    said = _Words.of(" ".join(each.text for each in cited), known)
    told = _Words.of(rest, known)
    beside = f"{context} {' '.join(each.speaker or '' for each in cited)}"
    why = _broken(cited, quotes) or _missing(rest, told, said, beside)
    if why or (told.substance and not (quotes or told.touches(said))):
        return Weighed(Mark.UNSUPPORTED, quotes, why or "it shares no word with what it cites")
    return Weighed(Mark.SUPPORTED if told.substance or not quotes else Mark.QUOTED, quotes)


def _broken(cited: Sequence[Passage], quotes: Sequence[Quote]) -> str:
    """Say which quote is not sealed, "" where all are."""
    if not cited:
        return "nothing is cited"
    return next((f"{each.status} quote: {each.claim}" for each in quotes if not each.quotable), "")


@dataclass(frozen=True, slots=True)
class _Words:
    """What of a text is compared."""

    keys: frozenset[str]
    figures: Mapping[str, frozenset[str]]
    """Values, each with the units it has."""
    substance: Mapping[str, frozenset[bool]]
    """Stems of words of substance, each with whether it is denied, affirmed, or both."""

    @classmethod
    def of(cls, text: str, variants: Mapping[str, str]) -> "_Words":
        """Read a text; `variants` as `keyed` gives them."""
        said = renamed(words(text), variants)
        figures = defaultdict[str, set[str]](set)
        for word in said:
            value = _VALUE.fullmatch(word.key)
            if value and word.written not in _LOOSE:
                figures[_plain(value[1])].add(value[2])
        substance = defaultdict[str, set[bool]](set)
        for stem, denied in _polar(said):
            substance[stem].add(denied)
        return cls(
            frozenset(word.key for word in said),
            {value: frozenset(units) for value, units in figures.items()},
            {stem: frozenset(polarity) for stem, polarity in substance.items()},
        )

    def touches(self, said: "_Words") -> bool:
        """Tell whether any of its substance or figures is in other words too."""
        return bool(self.substance.keys() & said.substance.keys() or self.figures)


def _polar(said: Sequence[Word]) -> Iterator[tuple[str, bool]]:
    """Yield the stems of words of substance with whether a negation reaches them."""
    reach, before = 0, ""
    for word in said:
        few, before = word.key in _FEW and before == "a", word.key
        if word.key in DENIALS and not few:
            if word.key not in NEGATIONS:
                yield _stem(word.key), reach > 0
            reach = _REACH + 1
        elif word.key in _TURN:
            reach = 0
        elif word.key not in GRAMMAR and word.key[0] not in "#[":
            reach = max(0, reach - 1)
            yield _stem(word.key), reach > 0
        if word.pause:
            reach = 0


def _missing(text: str, told: _Words, said: _Words, context: str) -> str:
    """Say what of a text its sources do not carry, "" where nothing is missing."""
    beside = _Words.of(context, {})
    for value, units in told.figures.items():
        known = said.figures.get(value, frozenset()) | beside.figures.get(value, frozenset())
        if not known or not units <= known | {""}:
            return f"not in what it cites: {value}{''.join(sorted(units))}"
    allowed = {part for key in (*said.keys, *beside.keys) for part in names.fold(key).split()}
    for name in names.spelled(text):
        parts = [each.key for each in words(name) if each.key[0] not in "#'"]
        if not {part for key in parts for part in names.fold(key).split()} <= allowed:
            return f"not in what it cites: {name}"
    return _denied(told, said)


def _denied(told: _Words, said: _Words) -> str:
    for stem in sorted(told.substance.keys() & said.substance.keys()):
        if not told.substance[stem] & said.substance[stem]:
            affirmed = "affirms" if False in told.substance[stem] else "denies"
            return f"it {affirmed} what the cited words do not: {stem}"
    negated = told.keys & NEGATIONS
    if negated and not said.keys & NEGATIONS:
        return f"it denies, the cited words do not: {min(negated)}"
    return ""


def _sealed(claim: str, records: Sequence[Record]) -> Quote:
    """Seal a quote against each stretch; the best counts."""
    sealed = [record.check(claim) for record in records] or [Record.of(()).check(claim)]
    return next((each for each in sealed if each.quotable), sealed[0])


def _without(text: str, found: Sequence[quotations.Quotation]) -> str:
    """Give a text without its quotes."""
    for each in reversed(found):
        text = f"{text[: each.start]} {text[each.end :]}"
    return text


def _stem(word: str) -> str:
    cut = _ENDING.sub("", word)
    return cut if len(cut) >= _STEM else word


def _plain(value: str) -> str:
    return value.rstrip("0").rstrip(".") if "." in value else value
