"""The quotes in running text: between straight or curly marks, and as block quotes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

FEWEST = 4
"""Words between quotation marks that make a quote: fewer are a name or a turn of phrase."""

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
    for match in _MARKED.finditer(text):
        said, at = match[match.lastgroup or 0], match.start(match.lastgroup or 0)
        if len(_WORD.findall(said)) >= FEWEST:
            yield Quotation(said, at, at + len(said))


def _blanked(text: str, places: list[tuple[int, int]]) -> str:
    """Give the text with spaces where the places are: what follows stays where it was."""
    for start, end in places:
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text
