"""Words as anchors: where what was cited stands now, though the recording was replaced since.

A publisher's inserted adverts move every later second, and a new transcript counts its sentences
anew; the words stay.
"""

from collections.abc import Sequence
from itertools import accumulate

from kb.models import Passage
from kb.seal import folded

_WORDS = 6
"""Words that an anchor needs: so many in a row are seldom said twice."""


def anchor(text: str) -> str:
    """Give the words by which a text is found again.

    >>> anchor("“We wrote forty new cases every month, and kept them.”")
    'we wrote forty new cases every'
    """
    return " ".join(folded(text)[:_WORDS])


def find(
    said: str, sentences: Sequence[Passage], *, near: float | None = None
) -> tuple[Passage, Passage] | None:
    """Give the first and last of the sentences in which the words stand, None where they do not.

    Of several places the one nearest to the second `near` is taken, else the first.
    """
    wanted = folded(said)
    heard = [folded(sentence.text) for sentence in sentences]
    words = [word for sentence in heard for word in sentence]
    ends = list(accumulate(map(len, heard)))
    starts = (
        at
        for at in range(len(words) - len(wanted) + 1)
        if wanted and words[at] == wanted[0] and words[at : at + len(wanted)] == wanted
    )
    places = [(_holding(ends, at), _holding(ends, at + len(wanted) - 1)) for at in starts]
    found = [(sentences[first], sentences[last]) for first, last in places]
    return min(found, key=lambda place: _distance(place[0], near), default=None)


def _holding(ends: Sequence[int], word: int) -> int:
    return next(number for number, end in enumerate(ends) if end > word)


def _distance(sentence: Passage, near: float | None) -> float:
    start = sentence.span.start
    return 0.0 if near is None or start is None else abs(start - near)
