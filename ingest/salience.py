"""What an episode is about, by its own words: which terms, which sentences, where topics change.

A term counts by its residual inverse document frequency (Church and Gale 1995): how much more it
keeps together than chance would have it. "Really" is everywhere alike, "tokenizer" is not. What
talk is made of is left out by a list. No model, and the same result every time.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb import questions
from kb.models import Passage

_TERM = re.compile(r"[A-Za-z][A-Za-z0-9+#-]*[A-Za-z0-9+#]")
_PLAIN = """
able absolutely actually already always amazing another anything around away awesome back
basically because become being better bunch call called cause certain change cool couple
course definitely different doing done down else even every everyone everything exactly
example excited exciting feel find first found getting giving goes going gonna gotta great
guess guys half happen happened happy hard hear help honestly hope idea instead interesting
into kind know last least left less like literally little long look looking lots love made
main make making maybe mean means mention mentioned mind move much need never next nice none
nothing obviously okay once ones only other over part people perspective place point possible
pretty probably question quite rather ready really reason right saying says seem seen sense
several show side since single some somebody someone something sometimes sort start started
still stuff such super sure take taking talk talked talking tell than thank thanks that their
them then there these they thing think thinking this those though thought through time today
together took totally toward tried trying turn turned under understand until upon used useful
using very want wanted week well went were what whatever when where whether which while whole
with within without wonder wonderful word work worked working works would yeah year years your
yours yourself
"""
_TALK = frozenset(_PLAIN.split())
_BLOCK = 10
"""Sentences that count as one document."""
_OFTEN = 3
"""Times that a term must occur."""
_CHANCE = 0.2
"""Bits of residual idf that any word has: speech keeps to its subject."""
_SHORTEST = 4
_AROUND = 12
"""Sentences on either side that are compared where a topic may change."""
_APART = 25
"""Sentences that a topic lasts at least."""
_TOPICS = 7
_DEEP = 0.5
"""Standard deviations above the mean from which a valley is a change of topic (Hearst 1997)."""
_DAMP = 6
"""Words added to a sentence's length, so that the shortest are not the best."""


@dataclass(frozen=True, slots=True)
class Salience:
    """Weights of the terms of one document, 0 and up, and how each is mostly spelled."""

    weights: Mapping[str, float]
    spelled: Mapping[str, str]

    @classmethod
    def of(cls, sentences: Sequence[Passage], *, but: str = "") -> "Salience":
        """Weigh the terms of a document's sentences, without the words of `but`: who speaks."""
        held, blocks = Counter[str](), Counter[str]()
        spellings = defaultdict[str, Counter[str]](Counter)
        for start in range(0, len(sentences), _BLOCK):
            within = Counter[str]()
            for each in sentences[start : start + _BLOCK]:
                for spelling in _TERM.findall(each.text):
                    term = _folded(spelling)
                    within[term] += 1
                    spellings[term][spelling] += 1
            held.update(within)
            blocks.update(within.keys())
        count = math.ceil(len(sentences) / _BLOCK)
        weights = {
            term: (residual_idf(blocks[term], total, count) - _CHANCE) * math.log1p(total)
            for term, total in held.items()
            if total >= _OFTEN and len(term) >= _SHORTEST and not _plain(term)
        }
        spelled = {term: _most(spellings[term]) for term in weights}
        people = _terms(but)
        kept = {t: weight for t, weight in weights.items() if weight > 0 and t not in people}
        return cls(kept, spelled)

    def score(self, text: str) -> float:
        """Say how much a sentence is about what the document is about."""
        weight = sum(self.weights.get(term, 0.0) for term in _terms(text))
        return weight / math.sqrt(len(text.split()) + _DAMP)

    def title(self, texts: Sequence[str], *, most: int = 3) -> str:
        """Name a stretch by the terms that weigh most in it, "" where none does."""
        found = Counter[str]()
        for text in texts:
            found.update({term: 1 for term in _terms(text) if term in self.weights})
        best = sorted(found, key=lambda term: (-self.weights[term] * found[term], term))[:most]
        named = [self.spelled[term] for term in best]
        if not named:
            return ""
        listed = ", ".join(named[:-1]) + (" and " if named[1:] else "") + named[-1]
        return listed[0].upper() + listed[1:]

    def stretches(self, sentences: Sequence[Passage]) -> list[Sequence[Passage]]:
        """Divide a document where its terms change most."""
        cuts = [0, *_valleys(self._likeness(sentences)), len(sentences)]
        return [sentences[a:b] for a, b in pairwise(cuts) if a < b]

    def _likeness(self, sentences: Sequence[Passage]) -> list[float]:
        """Give the cosine of the terms before and after each sentence."""
        bags = [Counter(t for t in _terms(each.text) if t in self.weights) for each in sentences]
        before, after = Counter[str](), Counter[str]()
        for bag in bags[:_AROUND]:
            after.update(bag)
        values = list[float]()
        for at, bag in enumerate(bags):
            values.append(self._cosine(before, after))
            before.update(bag)
            after.subtract(bag)
            if at + _AROUND < len(bags):
                after.update(bags[at + _AROUND])
            if at >= _AROUND:
                before.subtract(bags[at - _AROUND])
        return values

    def _cosine(self, a: Counter[str], b: Counter[str]) -> float:
        weights = self.weights
        dot = sum(a[term] * b[term] * weights[term] ** 2 for term in a.keys() & b.keys())
        lengths = (
            math.sqrt(sum((count * weights[term]) ** 2 for term, count in bag.items()))
            for bag in (a, b)
        )
        return dot / (math.prod(lengths) or 1.0)


def residual_idf(held: int, total: int, count: int) -> float:
    """Give by how many bits fewer of `count` blocks hold a term than chance would spread it over.

    `held` blocks hold it, `total` times in all.

    >>> residual_idf(8, 8, 8) < 0 < residual_idf(1, 8, 8)
    True
    """
    return -math.log2(held / count) + math.log2(1 - math.exp(-total / count))


def _valleys(values: Sequence[float]) -> list[int]:
    """Give where likeness falls deepest between two heights, in order, far enough apart."""
    inner = range(_APART, len(values) - _APART)
    depths = {at: _depth(values, at) for at in inner}
    if not depths:
        return []
    mean = sum(depths.values()) / len(depths)
    deviation = math.sqrt(sum((each - mean) ** 2 for each in depths.values()) / len(depths))
    chosen = list[int]()
    for at in sorted(depths, key=lambda at: (-depths[at], at)):
        if len(chosen) == _TOPICS - 1 or depths[at] <= mean + _DEEP * deviation:
            break
        if all(abs(at - other) >= _APART for other in chosen):
            chosen.append(at)
    return sorted(chosen)


def _depth(values: Sequence[float], at: int) -> float:
    left = max(values[max(at - _APART, 0) : at + 1])
    right = max(values[at : at + _APART + 1])
    return left + right - 2 * values[at]


def _terms(text: str) -> set[str]:
    return {_folded(spelling) for spelling in _TERM.findall(text)}


def _plain(term: str) -> bool:
    return term in _TALK or f"{term}s" in _TALK or questions.is_common(term)


def _folded(spelling: str) -> str:
    """Fold case, and a plural's s: "Agents" and "agent" are one term."""
    low = spelling.lower()
    if low.endswith("ies") and len(low) > _SHORTEST:
        return f"{low[:-3]}y"
    return (
        low[:-1] if low.endswith("s") and not low.endswith("ss") and len(low) > _SHORTEST else low
    )


def _most(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda each: (-spellings[each], each))
