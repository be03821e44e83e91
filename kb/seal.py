"""A claimed quote and the words it is checked against -> a sealed `Quote`. The only maker of quotes.

Verbatim is: the same words in the same order, after case, punctuation, dashes and quotation marks
are folded. A similarity score never seals.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate

from kb.models import Passage, Quote, QuoteStatus, Span

_WORD = re.compile(r"\w+(?:['’.,]\w+)*")


def check(claim: str, sentences: Sequence[Passage]) -> Quote:
    """Seal a claim against one document's sentences, given in order.

    Without sentences it stays unchecked. What is near but not word for word counts as absent.
    """
    if not sentences:
        return Quote(claim, QuoteStatus.UNCHECKED)
    wanted = folded(claim)
    heard = [folded(sentence.text) for sentence in sentences]
    at = _find(wanted, [word for words in heard for word in words])
    if at is None:
        return Quote(claim, QuoteStatus.ABSENT)
    ends = list(accumulate(len(words) for words in heard))
    first = next(n for n, end in enumerate(ends) if end > at)
    last = next(n for n, end in enumerate(ends) if end >= at + len(wanted))
    found = sentences[first : last + 1]
    return Quote(
        claim,
        QuoteStatus.VERBATIM,
        source=" ".join(sentence.text for sentence in found),
        span=joined([sentence.span for sentence in found]),
        speaker=found[0].speaker,
    )


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


def _find(wanted: Sequence[str], words: Sequence[str]) -> int | None:
    if not wanted:
        return None
    for at in range(len(words) - len(wanted) + 1):
        if words[at] == wanted[0] and list(words[at : at + len(wanted)]) == list(wanted):
            return at
    return None
