"""Words as anchors: where what was cited stands now, though the recording was replaced since.

A publisher's inserted adverts move every later second, and a new transcript counts its sentences
anew; the words stay.
"""

from collections.abc import Sequence

from kb.models import Passage
from kb.seal import folded, places

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
    found = [(place[0], place[-1]) for place in places(said, sentences)]
    return min(found, key=lambda place: _distance(place[0], near), default=None)


def _distance(sentence: Passage, near: float | None) -> float:
    start = sentence.span.start
    return 0.0 if near is None or start is None else abs(start - near)
