"""Where a claim is cut out of a sentence: what takes it back is left out, or nothing that does.

By the rules of docs/evidence.md, on a sentence's text alone; nothing of the seal is used.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

_LEAST = 5
"""Words that are left at least."""
_STATED = (
    r"(?=(?:the|this|these|those|it|it's|that's|there's|there|we|we're|they|they're|you|you're|i|i'm"
    r"|he|he's|she|she's|our|their|my|your) )"
)
"""Words with which a statement begins."""
_MOOD = r"(?:think|believe|say|said|saying|feel like|guess|claim|mean)"
_BEGUN = r"^(?:(?:and|but|so|because|now|well|like|yeah|i think|i mean|you know),? )*"
_CONDITION = re.compile(
    r"\b(?:(?<!would )(?<!'d )imagine|suppose|supposing|i wish|we wish|assuming) (?:that )?" + _STATED
    + r"|" + _BEGUN + r"(?:if|unless) (?!i could|i may|you look|you think|you remember|we look)"
    r"[^,.?!\"“]{12,80}, (?:then )?" + _STATED,
    re.IGNORECASE,
)  # fmt: skip
_BEHIND = re.compile(
    r",? (?:unless|except (?:for|that|if)|only if) |(?<=[a-z]), if (?!you|i |i'm|not|any|necessary|possible|that makes|they're interested)",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\b(?:know|see|ask|wonder|tell|sure|or|and|as|even|what|like|that|because|but|so|then)$"
)
_HEDGE = re.compile(
    r"\b(?:probably|maybe|perhaps|possibly|potentially|hopefully|supposedly|might|almost|nearly),? (?=[a-z])",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?<!as )\b(?:they|he|she|people|folks|everyone|everybody|somebody|(?-i:(?!We |Having )[A-Z][a-z]+))"
    r" (?:(?:always|also|just|often|would|will) )?(?:says|said|thinks|believes|claims|(?<!I )(?:say|think))"
    r"(?: that)?,? [\"“]?" + _STATED,
    re.IGNORECASE,
)  # fmt: skip
_ONCE = re.compile(
    r"(?<!than )\b(?:(?:i|we|people|they) (?:always |just )?thought|used to (?:think|believe|say))(?: that)?"
    r" " + _STATED,
    re.IGNORECASE,
)  # fmt: skip

_DENIED = re.compile(
    r"\b(?:don't|doesn't|didn't|can't|couldn't|wouldn't|won't|never|nobody|no one)"
    r" (?!only|just|know)(?:\w+ ){0,3}" + _MOOD + r"(?: that)?,? [\"“]?" + _STATED,
    re.IGNORECASE,
)  # fmt: skip
_COUNTED = re.compile(
    r"\b(?:none of|neither of|hardly any of|lack of|instead of|no longer)"
    r" (?:(?:the|our|their|those|these|my|your|own) )*(?=\w)",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"^(?:(?:and|but|so|or|now|well),? )*(?:do you (?:think|feel like|believe)|would you say|are you saying"
    r"|does (?:that|this|it) mean|is it (?:because|true|possible)|did (?:they|he|she) (?:say|think))"
    r"(?: that)? " + _STATED,
    re.IGNORECASE,
)  # fmt: skip
_OWN = re.compile(
    r"^(?:(?:and|but|so|because|now|well|yeah),? )*(?:i|we) (?:just |also |really |would |do )?"
    r"(?:think|believe|know|say|feel like|guess)(?: that)? " + _STATED,
    re.IGNORECASE,
)  # fmt: skip
_TURNING = re.compile(
    r"\b(?:no|not|\w+n't|cannot|never|none|nobody|nothing|neither|nor|hardly|barely|without|few|little"
    r"|less|if|unless|whether|might|may|maybe|perhaps|probably|possibly|hopefully|almost|nearly|supposedly"
    r"|only|except|instead|rather|than|but|though|although|until|while|lack|avoid|stop\w*|fail\w*|refuse\w*"
    r"|wrong|false|say|says|said|saying|told|tell|thinks?|thought|believes?|claims?|argues?|guess|imagine"
    r"|suppose\w*|assum\w+|wish\w*|hope\w*|pretend|used to|worried|doubt|theory|according|myth|lie|question"
    r"|ask\w*|wonder\w*|mean|feel|like)\b",
    re.IGNORECASE,
)
_PAUSE = re.compile(r"[,;:] ")


def _after(pattern: re.Pattern[str], text: str) -> str | None:
    """Give what follows the first place of a pattern, up to a full stop; None where that is short."""
    found = pattern.search(text)
    rest = re.split(r"(?<=[.?!]) |[\"”]", text[found.end() :])[0] if found else ""
    return rest if len(rest.split()) >= _LEAST else None


def behind_condition(text: str, _draw: random.Random) -> str | None:
    """Begin behind "imagine that", "I wish", or an if-clause."""
    return _after(_CONDITION, text)


def before_condition(text: str, _draw: random.Random) -> str | None:
    """End before "unless", "except", "only if" or ", if"."""
    found = _BEHIND.search(text)
    kept = re.split(r"(?<=[.?!;:]) |[\"“]", text[: found.start()])[-1] if found else ""
    return kept if len(kept.split()) >= _LEAST and not _ASKING.search(kept) else None


def behind_hedge(text: str, _draw: random.Random) -> str | None:
    """Begin behind the one "probably", "maybe" or the like of a sentence."""
    rest = _after(_HEDGE, text)
    return rest if rest and not _HEDGE.search(rest) else None


def behind_others(text: str, _draw: random.Random) -> str | None:
    """Begin behind who else says or thinks so."""
    return _after(_OTHERS, text)


def behind_once(text: str, _draw: random.Random) -> str | None:
    """Begin behind what was thought, unless that suggests or values something."""
    rest = _after(_ONCE, text)
    mild = r"\b(?:might|should|could|great|good|nice|cool|interesting|fun|funny|hilarious|amazing|best)\b"
    return None if rest and re.search(mild, rest) else rest


def behind_denied(text: str, _draw: random.Random) -> str | None:
    """Begin behind a saying or thinking that is denied from afar, or what there is none of."""
    return _after(_DENIED, text) or _after(_COUNTED, text)


def behind_question(text: str, _draw: random.Random) -> str | None:
    """Begin behind what asks, and end with a full stop."""
    rest = _after(_ASKED, text) if text.endswith("?") else None
    return rest.replace("?", ".") if rest else None


def other_mark(text: str, _draw: random.Random) -> str | None:
    """Make a question a statement, or the reverse, by its mark alone."""
    if not re.search(r"\w[.?]$", text) or re.search(r"[.?!][ \"”]", text):
        return None
    return f"{text[:-1]}{'.' if text.endswith('?') else '?'}"


def behind_own(text: str, _draw: random.Random) -> str | None:
    """Begin behind "I think", "we would say that" and the like, at the head of a sentence."""
    return _after(_OWN, text)


def at_pause(text: str, draw: random.Random) -> str | None:
    """Keep what stands before or behind a pause where the rest turns nothing."""
    places = [each.span() for each in _PAUSE.finditer(text)]
    parts = [
        (kept, left)
        for start, end in places
        for kept, left in ((text[:start], text[end:]), (text[end:], text[:start]))
        if len(kept.split()) >= _LEAST and not _TURNING.search(left)
    ]
    return draw.choice(parts)[0] if parts else None


HONEST = {"cut behind one's own word": behind_own, "cut at a pause": at_pause}
FORGED = {
    "cut behind a condition": behind_condition,
    "cut before a condition": before_condition,
    "cut behind a hedge": behind_hedge,
    "cut behind another's word": behind_others,
    "cut behind what was thought": behind_once,
    "cut behind a far negation": behind_denied,
    "cut behind a question": behind_question,
    "another mark at the end": other_mark,
}
