"""A claimed quote as its words, with the marks of whoever cut it: ellipses, stitches, [brackets]."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from kb.sealing.alignment import BRACKET, Said
from kb.sealing.spoken import Word, close, fillers, words

_ELLIPSIS = r"\\?\[\s*(?:…|\.\s?\.\s?\.)\s*\\?\]|\(\s*(?:…|\.\s?\.\s?\.)\s*\)|…|\.\s?\.\s?\.+"
_STITCH = r",\s*,[,\s]*"
_MARK = re.compile(rf"{_ELLIPSIS}|{_STITCH}")
_LETTER = re.compile(r"\\?\[(\w)\\?\](?=\w)")
_BRACKET = re.compile(r"\\?\[((?!(?i:unintell|inaud|crosst|indist))[^\[\]]*)\\?\]")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim's text and words; `cuts` are the places in them where a mark says that it was cut."""

    text: str
    said: Said
    cuts: tuple[int, ...]

    @property
    def parts(self) -> tuple[Said, ...]:
        """Give the runs of words between the cuts."""
        return self.said.parts(self.cuts)

    def written(self, part: Said) -> str:
        """Give a run of its words as they stand in the claim."""
        return self.text[part.words[0].start : close(self.text, part.words[-1].end)]


def read(text: str, *, literal: bool = False) -> Claimed:
    """Read a claim; `literal` takes what stands in brackets for words like all others.

    >>> claim = read("“[W]e tried … [the model] and,, well, failed”")
    >>> [word.key for word in claim.said.words], claim.cuts
    (['we', 'tried', '[the model]', 'and', 'well', 'failed'], (2, 4))
    """
    plain = text if literal else _LETTER.sub(r"\1", text)
    marks = [match.span() for match in _MARK.finditer(plain)]
    open_text = _blanked(plain, marks)
    said = list[Word]()
    at = 0
    for match in () if literal else _BRACKET.finditer(open_text):
        said += _moved(words(open_text[at : match.start()]), at)
        directed = not words(match.group())
        if not directed:
            said.append(_inserted(match))
        at = match.end()
    said += _moved(words(open_text[at:]), at)
    cuts = {sum(word.start < end for word in said) for _, end in marks} - {0, len(said)}
    edges = (0, *sorted(cuts), len(said))
    runs = (said[start:end] for start, end in pairwise(edges))
    return Claimed(plain, Said(said, _spare([fillers(run) for run in runs])), edges[1:-1])


def _spare(runs: list[list[bool]]) -> list[bool]:
    """Tell which words may be left out; a claim of nothing else is taken at its word."""
    spare = [filler for run in runs for filler in run]
    return [False] * len(spare) if all(spare) else spare


def _blanked(text: str, places: list[tuple[int, int]]) -> str:
    """Give the text with a comma for every mark, and everything else where it was."""
    for start, end in places:
        text = f"{text[:start]},{' ' * (end - start - 1)}{text[end:]}"
    return text


def _moved(said: list[Word], by: int) -> list[Word]:
    return (
        [replace(word, start=word.start + by, end=word.end + by) for word in said] if by else said
    )


def _inserted(match: re.Match[str]) -> Word:
    """Give an editor's insertion as one word."""
    inside = " ".join(word.key for word in words(match[1]))
    return Word(
        f"{BRACKET}{inside}]", match.group(), match.start(), match.end(),
        opens=True, closes=True, pause=False, stop=False, named=False,
    )  # fmt: skip
