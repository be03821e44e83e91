"""The quotes in running text: between straight or curly marks, and as block quotes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.sealing.reversals import closed

FEWEST = 4
"""Words between quotation marks that make a quote: fewer are a name or a turn of phrase."""

_SPLIT, _PART, _SEVERAL = 3, 2, 2
"""Words that may split a quote in two; words that each of the two then has; turns of phrase."""
_LISTED = closed(
    "and or but nor then as versus vs to is are was says said say writes wrote adds added asks asked"
    " told tells"
)
"""Words between two quotes that are two."""
_KINDS = str.maketrans("⟪❮⹂❝〝‹「『⟫❯⹃❞〞›」』״ʺˮ＂ʻ❛❜", '““““““““””””””””""""‘‘’')
"""Marks of every kind, by those that look as they do."""
_INNER = re.compile('[“”«»„"⟪❮⹂❝〝‹「『⟫❯⹃❞〞›」』״ʺˮ＂]')

_WORD = re.compile(r"\w+(?:['’.,-]\w+)*")
_BLOCK = re.compile(r"(?:^[ \t]{0,3}>[^\n]*\n?)+", re.MULTILINE)
_MARKER = re.compile(r"^[ \t]{0,3}>(?:[ \t]*>)*[ \t]?", re.MULTILINE)
_CREDIT = re.compile(r"(?:^|\n)[ \t]*(?:[-–—]{1,3}|~)[ \t]*\S[^\n]*\s*$")
_MARKED = re.compile(
    r"“(?P<curly>[^“”]+)[”\"]"
    r"|«(?P<angle>[^«»]+)»"
    r"|„(?P<low>[^„“”]+)[“”]"
    r"|(?<![\w\"])\"(?P<straight>(?!\s)[^\"“”]+?)\"(?!\w)"
    r"|(?<!\w)‘(?P<single>(?:[^‘’\n]|(?<=\w)’(?=\w)|(?<=s)’(?=\s\w[^‘\n]*’))+)’(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quote as it stands in a text, without its marks; `text` runs from `start` to `end`.

    In a block quote the markers are left out of the text, so that it may be shorter than its place.
    """

    text: str
    start: int
    end: int


def found(text: str) -> tuple[Quotation, ...]:
    """Give the quotes of a text in its order: four words or more between marks, and block quotes.

    >>> [
    ...     each.text
    ...     for each in found('He said “We threw ours away,” and “no”. "It was a memory test."')
    ... ]
    ['We threw ours away,', 'It was a memory test.']
    """
    blocks = list(_BLOCK.finditer(text))
    within = [quote for block in blocks for quote in _block(block)]
    rest = _blanked(text, [match.span() for match in blocks])
    return tuple(sorted((*within, *_marked(rest)), key=lambda each: each.start))


def _block(block: re.Match[str]) -> Iterator[Quotation]:
    """Yield the quote of a block, without its markers, its credit line, and marks around it all."""
    said = _CREDIT.sub("", _MARKER.sub("", block.group()).strip()).strip()
    said = " ".join(said.split())
    if len(said) > 1 and said[0] in '"“«„' and not set(said[1:-1]) & set('"“”«»„'):
        said = said[1:].rstrip('"”»“')
    if len(_WORD.findall(said)) >= FEWEST:
        yield Quotation(said, block.start(), block.start() + len(block.group().rstrip("\n")))


def _marked(text: str) -> Iterator[Quotation]:
    alike = text.translate(_KINDS)
    places = [match.span(match.lastgroup or 0) for match in _MARKED.finditer(alike)]
    for start, end in _rejoined(text, places):
        said = text[start:end]
        if (start, end) not in places:
            said = " ".join(_INNER.sub(" ", said).split())
        if len(_WORD.findall(said)) >= FEWEST:
            yield Quotation(said, start, end)


def _rejoined(text: str, places: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join quotes that a few words split: “We wrote” 97 “new cases” claims them all.

    Two turns of phrase are no quote: there are three, or a figure stands between the two.
    """
    runs = list[list[tuple[int, int]]]()
    for place in places:
        if runs and _is_split(text, runs[-1][-1], place):
            runs[-1].append(place)
        else:
            runs.append([place])
    for run in runs:
        start, end = run[0][0], run[-1][1]
        one = len(run) > _SEVERAL or any(map(str.isdigit, text[start:end]))
        yield from [(start, end)] if one else run


def _is_split(text: str, before: tuple[int, int], behind: tuple[int, int]) -> bool:
    between = text[before[1] : behind[0]]
    words = [word.lower() for word in _WORD.findall(between)]
    whole = all(len(_WORD.findall(text[a:b])) >= _PART for a, b in (before, behind))
    near = 0 < len(words) <= _SPLIT and not set(words) & _LISTED
    return whole and near and not set(between + text[before[1] - 1]) & set(".?!;:,\n")


def _blanked(text: str, places: list[tuple[int, int]]) -> str:
    """Give the text with spaces where the places are: what follows stays where it was."""
    for start, end in places:
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text
