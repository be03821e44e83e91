"""Where sentences begin and end in spoken text."""

import re
from collections.abc import Iterator

_END = re.compile(r"""(?:[.!?…]+["'”’)\]]*|\.\.\.)(?=\s+["'“‘(\[]?[A-Z0-9“"'])|\n+""")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|etc|Inc|Ltd|Jr|Sr|No|e\.g|i\.e|approx|U\.S|U\.K)|\b[A-Z])\.$"
)
_NUMBERING = re.compile(r"\d+[.)]")
_LONGEST = 60
"""Words after which an unpunctuated run is cut: recognisers and captions may have no full stops."""


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence, without the white space around it.

    >>> text = "We tried. Dr. Lee said no... It was 3.5 points! Right?"
    >>> [text[a:b] for a, b in spans(text)]
    ['We tried.', 'Dr. Lee said no...', 'It was 3.5 points!', 'Right?']
    """
    start = 0
    for match in _END.finditer(text):
        so_far = text[start : match.end()]
        if _ABBREVIATION.search(so_far[-8:]) or _NUMBERING.fullmatch(so_far.strip()):
            continue
        yield from _pieces(text, start, match.end())
        start = match.end()
    yield from _pieces(text, start, len(text))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentence, cut where it runs on for longer than anyone speaks."""
    words = list(re.finditer(r"\S+", text[start:end]))
    for first in range(0, len(words), _LONGEST):
        last = words[min(first + _LONGEST, len(words)) - 1]
        yield start + words[first].start(), start + last.end()
