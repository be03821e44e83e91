"""A claimed quote and the words it is checked against -> a sealed `Quote`. The only maker of quotes.

Verbatim is: the same words in the same order, after case, punctuation, dashes and quotation marks
are folded. A similarity score never seals.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate

from kb.models import Passage, Quote, QuoteStatus, Span

_WORD = re.compile(r"\w+(?:['’.,]\w+)*")


def check(claim: str, sentences: Sequence[Passage]) -> Quote:
    """Seal a claim against one document's sentences, given in order.

    Without sentences it stays unchecked. What is near but not word for word counts as absent.
    """
    if not sentences:
        return Quote(claim, QuoteStatus.UNCHECKED)
    found = next(places(claim, sentences), None)
    if found is None:
        return Quote(claim, QuoteStatus.ABSENT)
    return Quote(
        claim,
        QuoteStatus.VERBATIM,
        source=" ".join(sentence.text for sentence in found),
        span=joined([sentence.span for sentence in found]),
        speaker=found[0].speaker,
    )


def places(said: str, sentences: Sequence[Passage]) -> Iterator[Sequence[Passage]]:
    """Give each run of sentences in which the words stand one after the other."""
    wanted = folded(said)
    heard = [folded(sentence.text) for sentence in sentences]
    words = [word for sentence in heard for word in sentence]
    ends = list(accumulate(map(len, heard)))
    for at in range(len(words) - len(wanted) + 1):
        if wanted and words[at] == wanted[0] and words[at : at + len(wanted)] == wanted:
            yield sentences[_holding(ends, at) : _holding(ends, at + len(wanted) - 1) + 1]


def folded(text: str) -> list[str]:
    """Give the words of a text with case, punctuation and kinds of apostrophe folded away.

    >>> folded("“It’s 3.5 points—no more,” she said.")
    ['it', 's', '3.5', 'points', 'no', 'more', 'she', 'said']
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("'", " ")
    return _WORD.findall(plain)


def joined(spans: Sequence[Span]) -> Span:
    """Give the span from the first one's start to the last one's end."""
    first, last = spans[0], spans[-1]
    return Span(first.episode_id, first.start, last.end, all(span.exact for span in spans))


def _holding(ends: Sequence[int], word: int) -> int:
    return next(number for number, end in enumerate(ends) if end > word)
