"""Which way a sentence leans: it names a problem, tells of a solution, backs a thing or speaks against.

By rule: words that people use for it. A count of such words orders evidence and decides nothing
about truth.
"""

import re
from enum import StrEnum


class Leaning(StrEnum):
    """What a sentence is to a thesis."""

    PROBLEM = "problem"
    SOLUTION = "solution"
    FOR = "for"
    AGAINST = "against"


_CUES = {
    Leaning.PROBLEM: re.compile(
        r"\b(?:problem(?:s|atic)?|hard(?:er|est)?|difficult\w*|struggl\w+|challeng\w+|pain(?:ful|s)?|"
        r"expensive|broken|bottlenecks?|lack(?:s|ed|ing)?|tedious|slow|manual(?:ly)?|nobody|"
        r"mess(?:y)?|frustrat\w+|too (?:much|many|long|slow)|no (?:good )?way to|missing)\b",
        re.IGNORECASE,
    ),
    Leaning.SOLUTION: re.compile(
        r"\b(?:solv\w+|solutions?|buil[dt]\w*|approach\w*|instead|creat\w+|launch\w*|introduc\w+|"
        r"design\w*|platform|tools?|framework|lets? you|allows?|enabl\w+|automat\w+|"
        r"the (?:idea|way|answer) is|what we (?:do|did)|works by|you can (?:now|just|use))\b",
        re.IGNORECASE,
    ),
    Leaning.FOR: re.compile(
        r"\b(?:grow\w*|grew|faster|cheaper|better|improv\w+|increas\w+|sav(?:e[sd]?|ing|ings)|"
        r"success\w*|customers?|users?|revenue|adopt\w*|demand|proven|works?|popular|doubl\w+|"
        r"million|billion|percent|for example|results?|show(?:s|ed|n))\b|\d",
        re.IGNORECASE,
    ),
    Leaning.AGAINST: re.compile(
        r"\b(?:but|however|although|though|risks?|risky|worr(?:y|ied|ies)|concern(?:s|ed)?|downsides?|"
        r"drawbacks?|sceptic\w*|skeptic\w*|disagree\w*|overhyped|hype|wrong|fail(?:s|ed|ure|ures|ing)?|"
        r"trade-?offs?|on the other hand|the catch|unfortunately|doubt\w*|limit(?:s|ed|ation|ations)|"
        r"not (?:going to|so|that|as|enough|necessarily|really|work)|never|won['’]t|"
        r"doesn['’]t (?:work|scale|matter|help))\b",
        re.IGNORECASE,
    ),
}
_HEDGES = re.compile(
    r"\b(?:maybe|perhaps|probably|possibly|might|may|could|likely|i think|i guess|i suspect|kind of|"
    r"sort of|seems?|apparently|some(?:what|times)?|often|usually|mostly|almost|about|around|roughly|"
    r"in (?:some|many|most) cases)\b",
    re.IGNORECASE,
)
_SUPERLATIVES = re.compile(
    r"\b(?:best|worst|greatest|biggest|largest|fastest|cheapest|most \w+|least \w+|always|never|"
    r"everybody|everyone|nobody|no one|all of them|guaranteed?|certainly|undoubtedly|revolutionary|"
    r"game[- ]chang\w+|unprecedented|inevitabl\w+|the only)\b",
    re.IGNORECASE,
)


def strength(text: str, leaning: Leaning) -> int:
    """Count the words by which a text leans that way.

    >>> strength("It is slow, expensive and hard to do.", Leaning.PROBLEM)
    3
    """
    return len(_CUES[leaning].findall(text))


def hedged(text: str) -> bool:
    """Tell whether somebody leaves a door open.

    >>> hedged("It may well be cheaper."), hedged("It is cheaper.")
    (True, False)
    """
    return _HEDGES.search(text) is not None


def superlative(text: str) -> str:
    """Give the first word that allows no exception, "" where there is none.

    >>> superlative("It is the only way, always.")
    'the only'
    """
    found = _SUPERLATIVES.search(text)
    return found.group() if found else ""
