"""Is a passage for a thesis, against it, or only about it? By rule, and so only ever a suggestion.

A sentence that speaks of what the statement speaks of agrees with it, unless one of the two is
negated, or says the opposite word (cheaper, more expensive). Questions and conditions say nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kb import sentences
from kb.insight.commonplace import FUNCTION
from kb.names import fold

_LEAST = 2
"""Words that a sentence must share with a statement to say anything of it."""
_SHARE = 0.34
"""… and the share of the statement's words that is."""
_SHORTEST = 3
_NEGATED = re.compile(
    r"not|never|no|nobody|none|nothing|without|hardly|barely|cannot|neither|nor|unlikely"
    r"|fails?|failed|wrong|myth|doubt\w*|disagree\w*|overhyped|\w+n['’]t"
)
_REACH = 7
"""Words up to which a negation reaches; a thing may be denied a word after it is named, too."""
_SURE = 0.45
"""The share of the statement's words from which a sentence takes a side."""
_NOT_ONLY = re.compile(
    r"\bnot (?:only|just|merely|to mention)\b|\bno doubt\b|\bwhy not\b|\bno[,.]", re.IGNORECASE
)
_OPEN = re.compile(r"\?\s*$|^(?:if|whether|suppose|imagine|let['’]s say)\b", re.IGNORECASE)
_OPPOSITES = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("cheap cheaper cheapest", "expensive costly dear pricey pricier"),
        ("more increase increases increasing rise rises rising grow grows growing grew up higher",
         "less fewer decrease decreases decreasing fall falls falling fell shrink shrinks shrinking down lower drop drops dropped decline declines"),
        ("better best improve improves improving win wins winning won beat beats succeed succeeds",
         "worse worst degrade degrades lose loses losing lost fail fails failed"),
        ("fast faster fastest quick quicker", "slow slower slowest"),
        ("easy easier simple simpler", "hard harder difficult complicated"),
        ("open", "closed proprietary"),
        ("safe safer secure", "unsafe dangerous risky insecure"),
        ("always everybody everyone all", "never nobody none"),
        ("big bigger large larger", "small smaller tiny"),
        ("needed necessary essential matters useful valuable", "useless pointless unnecessary worthless"),
        ("true right", "false wrong"),
    )
)  # fmt: skip


class Stance(StrEnum):
    """What a passage is to a thesis; REJECTED is kept so that it is not suggested again."""

    FOR = "for"
    AGAINST = "against"
    CONTEXT = "context"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Judged:
    """A suggested stance, why, and the share (0 to 1) of the statement's words that decided it."""

    stance: Stance
    why: str
    share: float


def weigh(statement: str, text: str) -> Judged | None:
    """Judge what a passage says to a statement; None where it does not speak of it.

    >>> weigh(
    ...     "Benchmarks leak into training data", "Our benchmarks never leak into training."
    ... ).stance
    <Stance.AGAINST: 'against'>
    >>> weigh("Benchmarks leak into training data", "The soup was cold.") is None
    True
    """
    wanted = terms(statement)
    if not wanted:
        return None
    said = [text[start:end] for start, end in sentences.spans(text)]
    judged = [each for each in (_sentence(statement, wanted, one) for one in said) if each]
    if judged:
        return max(judged, key=lambda each: (each.stance is not Stance.CONTEXT, each.share))
    shared = wanted & terms(text)
    share = _share(shared, wanted)
    if not share:
        return None
    return Judged(Stance.CONTEXT, f"speaks of {_listed(shared)}, in no one sentence", share)


def terms(text: str) -> frozenset[str]:
    """Give the stems of a text's telling words.

    >>> sorted(terms("The models are leaking the benchmarks"))
    ['benchmark', 'leak', 'model']
    """
    return frozenset(stem(word) for word in fold(text).split() if word not in FUNCTION)


def stem(word: str) -> str:
    """Cut a word's ending off, roughly: what its forms share.

    >>> [stem(word) for word in ("labels", "labelling", "labelled", "companies", "is")]
    ['label', 'label', 'label', 'company', 'is']
    """
    if len(word) > _SHORTEST + 1 and word.endswith("ies"):
        return word[:-3] + "y"
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST and word[-2:] != "ss":
            bare = word[: -len(ending)]
            if ending == "es" and not bare.endswith(("s", "x", "z", "ch", "sh")):
                continue
            return bare[:-1] if bare[-1] == bare[-2] and bare[-1] != "s" else bare
    return word


def _sentence(statement: str, wanted: frozenset[str], sentence: str) -> Judged | None:
    """Judge one sentence; None where it shares too little."""
    opposite = list(_opposites(statement, sentence))
    # An opposite word speaks of the same thing.
    shared = (wanted & terms(sentence)) | {stem(ours) for ours, _ in opposite}
    share = _share(shared, wanted)
    if not share:
        return None
    stance, why = _side(statement, sentence, shared, opposite)
    if share < _SURE and stance is not Stance.CONTEXT:
        stance, why = Stance.CONTEXT, "too little to take a side"
    return Judged(stance, "; ".join(filter(None, (f"speaks of {_listed(shared)}", why))), share)


def _share(shared: frozenset[str], wanted: frozenset[str]) -> float:
    """Give the share of a statement's words that is shared, 0 where that is too little to count."""
    share = len(shared) / len(wanted)
    return share if len(shared) >= min(_LEAST, len(wanted)) and share >= _SHARE else 0.0


def _side(
    statement: str, sentence: str, shared: frozenset[str], opposite: list[tuple[str, str]]
) -> tuple[Stance, str]:
    """Say which side a sentence takes, and what turns it there."""
    if _OPEN.search(sentence.strip()):
        return Stance.CONTEXT, "asks or supposes"
    turns = [f"says “{theirs}” where the thesis says “{ours}”" for ours, theirs in opposite]
    here, there = _negations(sentence, shared), _negations(statement, shared)
    if len(here) % 2 != len(there) % 2:
        turns.append(f"one of the two is negated (“{(here or there)[-1]}”)")
    return (Stance.AGAINST, turns[-1]) if len(turns) % 2 else (Stance.FOR, "")


def _opposites(statement: str, sentence: str) -> Iterator[tuple[str, str]]:
    """Yield each word of the statement whose opposite the sentence says in its stead."""
    ours, theirs = set(fold(statement).split()), set(fold(sentence).split())
    for one, other in _OPPOSITES:
        for mine, yours in ((one, other), (other, one)):
            if ours & mine and theirs & yours and not theirs & mine:
                yield min(ours & mine), min(theirs & yours)


def _negations(text: str, shared: frozenset[str]) -> list[str]:
    """Give the negations that reach a word which both share."""
    words = re.findall(r"[\w'’]+", _NOT_ONLY.sub(" ", text).lower())
    stems = [stem(fold(word)) for word in words]
    return [
        word
        for n, word in enumerate(words)
        if _NEGATED.fullmatch(word)
        and not shared.isdisjoint(stems[max(0, n - _REACH // 2) : n + _REACH])
    ]


def _listed(words: frozenset[str]) -> str:
    return ", ".join(sorted(words)[:4])
