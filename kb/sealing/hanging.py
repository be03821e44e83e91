"""What a statement hangs on that a cut leaves out: a condition, a hedge, somebody else's mouth.

Each rule is a closed class of English words and the place where it stands: right before the cut,
right behind it, or in the clause that leads up to it. What denies is in `kb.sealing.reversals`.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from kb.models import Difference
from kb.sealing import reports
from kb.sealing.beside import Mark, Near, unpaused
from kb.sealing.reversals import NEGATIONS, OWN, closed

_IFS = closed("if unless assuming supposing")
_CONDITIONS = _IFS | closed("whether lest suppose imagine pretend")
_WISHES = closed("wish wishes wished wishing")
_MUSING = ("would", "'d")
"""Words behind which one imagines what is: "I would imagine that | …"."""
_WISHED = closed("a all the well luck good")
"""Words behind "I wish | you" that make it a greeting."""
_CONDITIONAL = (
    ("as", "though"), ("in", "case"), ("provided", "that"), ("providing", "that"), ("long", "as"),
    ("only", "when"), ("on", "condition", "that"),
)  # fmt: skip
_BETWEEN = closed(
    "for some any reason whatever by chance somehow let us 's say ever in fact at point"
)
"""Words that may stand between a condition's word and the rest: "if, for some reason, | …"."""
_HEDGES = closed(
    "might may probably perhaps maybe possibly potentially hopefully almost nearly supposedly allegedly"
    " theoretically ideally"
)
_HOPES = closed("hope hopes hoped hoping")
_UNCERTAIN = (("in", "theory"), ("an", "ideal", "world"), ("a", "perfect", "world"))
_WITHIN = 4
"""Words of a claim among which a hedge of its own makes up for one that was cut off."""
_BEGINNING = closed(
    "and so but because like now well okay yeah then or i we you they think mean guess say said know"
    " believe feel that 's it is just maybe also see right actually basically where which"
)
"""Words that may stand before the "if" of a sentence that begins with it."""
_LOOKING = closed("look looked think remember recall")
_SPEAKING = _LOOKING | closed(
    "summarize summarise say add understand understanding honest mistaken mentioned"
)
"""Words of a condition that is none: "if you look at", of one's own words "if I could summarize"."""
_PLEASED = _LOOKING | closed(
    "will want like wish prefer interested able curious need ask sense looking"
)
"""Words of a condition behind a statement that is none: "| if you want"."""
_SPOKEN = 5
_ADDED = closed("and or but because which so if when while unless though")
"""Words with which another statement begins than the one that a condition is for."""
_EXCEPT = closed("unless except")
_GIVEN = closed("assuming provided providing supposing")
_ONLY_IF = (
    ("as", "long", "as"), ("so", "long", "as"), ("only", "if"), ("only", "when"),
    ("but", "only", "if"),
)  # fmt: skip
_WHETHER = closed(
    "know see ask asked wonder wondering tell check decide sure remember test verify understand matter"
    " care idea question clear out me as even only and or but what that because then so like not"
)
"""Words before an "if" that is no condition of theirs."""
_UNCONDITIONAL = closed("not so any anything nothing possible necessary at")
_LEAST = 3
"""Words of a condition behind a statement."""
_QUIT = closed("stop stops stopped quit quits")
_SO_THOUGHT = closed("thought said claimed believed told hoped claim say think assumed")


def front(near: Sequence[Near], inside: Sequence[str], *, asked: bool) -> Difference | None:
    """Give what stands before a statement and takes it back, None where nothing does.

    `near` are the words of its sentence before it, `inside` its own; `asked` tells that its sentence
    is a question.

    >>> front([Near("probably", Mark.COMMA)], ["it", "works"], asked=False)
    Difference(kind='hedge', claimed='', heard='probably')
    """
    if not near or not inside:
        return None
    found = (
        ("negation", near[-1].key if near[-1].key in _QUIT and inside[0].endswith("ing") else ""),
        ("condition", _supposed(near, inside) or _aside(near) or _on_condition(near, inside)),
        ("hedge", _hedged(near, inside)),
        ("question", reports.asked(near, inside) if asked else ""),
        ("belief", reports.believed(near, inside)),
        ("report", reports.reported(near, inside) or _according(near)),
    )
    return next((Difference(kind, "", words) for kind, words in found if words), None)


def _ends(keys: Sequence[str], phrases: Sequence[tuple[str, ...]]) -> str:
    return next((" ".join(each) for each in phrases if tuple(keys[-len(each) :]) == each), "")


def _begins(keys: Sequence[str], phrases: Sequence[tuple[str, ...]]) -> str:
    return next((" ".join(each) for each in phrases if tuple(keys[: len(each)]) == each), "")


def _without_that(keys: Sequence[str]) -> Sequence[str]:
    """Leave out a "that" which ends words that lead up to a statement."""
    return keys[:-1] if keys[-1] == "that" and len(keys) > 1 else keys


def _supposed(near: Sequence[Near], inside: Sequence[str]) -> str:
    """Give the word that supposes or wishes what follows: "imagine that | …", "I wish | …"."""
    keys = unpaused(near)
    if near[-1].mark not in (Mark.NONE, Mark.OPENING):
        return ""
    rest = _without_that(keys)
    mused = rest[-1] == "imagine" and bool(set(rest[-2:-1]) & set(_MUSING))
    greeted = inside[0] == "you" and bool(set(inside[1:2]) & _WISHED)
    if (rest[-1] in _CONDITIONS and not mused) or (rest[-1] in _WISHES and not greeted):
        return " ".join(keys[len(rest) - 1 :])
    return _ends(keys, _CONDITIONAL)


def _aside(near: Sequence[Near]) -> str:
    """Give a condition's word and the aside behind it: "if, say, | …"."""
    at = len(near) - 1
    while at > 0 and near[at].key in _BETWEEN:
        at -= 1
    even = at > 0 and near[at - 1].key == "even"
    held = at < len(near) - 1 and near[at].key in _IFS and not even
    return " ".join(each.key for each in near[at:]) if held else ""


def _on_condition(near: Sequence[Near], inside: Sequence[str]) -> str:
    """Give the condition in whose sentence a statement stands: "if they pay, then | …"."""
    then = near[-1].key == "then"
    parts = [list(part) for part in _clauses(near[:-1] if then else near)]
    paused = then or near[-1].mark in (Mark.COMMA, Mark.CLOSING)
    if not parts or not (paused or inside[0] == "then") or inside[0] in _ADDED:
        return ""
    for part in reversed(parts):
        at = next((at for at, word in enumerate(part) if word in _IFS), len(part))
        if at < len(part):
            begins = set(part[:at]) <= _BEGINNING
            return " ".join(part[at:]) if begins and not _only_said(part[at + 1 :]) else ""
        if part[0] not in ("or", "say", "like", "as"):
            break
    return ""


def _clauses(near: Sequence[Near]) -> Iterator[list[str]]:
    """Yield the words between pauses; what is quoted belongs to where it is."""
    number, found = 0, list[tuple[int, str]]()
    for each in near:
        found.append((number, each.key))
        number += each.mark not in (Mark.NONE, Mark.OPENING)
    for _, group in groupby(found, key=lambda pair: pair[0]):
        yield [key for _, key in group]


def _only_said(words: Sequence[str]) -> bool:
    """Tell whether a condition before a statement is none of it: "if I could summarize"."""
    return _polite(words, _SPEAKING if set(words[:1]) & OWN else _LOOKING)


def _polite(words: Sequence[str], spoken: frozenset[str]) -> bool:
    """Tell whether a condition is none: "if I could summarize", "if you ask me"."""
    asked = tuple(words[1:3]) == ("ask", "me")
    return asked or (bool(spoken & set(words[:_SPOKEN])) and not NEGATIONS & set(words))


def _hedged(near: Sequence[Near], inside: Sequence[str]) -> str:
    """Give the hedge right before a statement, unless it has one itself."""
    last = near[-1]
    if last.mark not in (Mark.NONE, Mark.COMMA) or last.named or _HEDGES & set(inside[:_WITHIN]):
        return ""
    keys = unpaused(near)
    rest = _without_that(keys)
    if rest[-1] in _HOPES and last.mark is Mark.NONE:
        return " ".join(keys[len(rest) - 1 :])
    return last.key if last.key in _HEDGES else _ends(keys, _UNCERTAIN)


def _according(near: Sequence[Near]) -> str:
    """Give by whom it is so: "according to our competitors, | …"."""
    keys = unpaused(near)
    by = near[-1].mark is Mark.COMMA and tuple(keys[:2]) == ("according", "to")
    return " ".join(keys) if by and keys[2:] != ["me"] else ""


def behind(near: Sequence[Near], mark: Mark, inside: Sequence[str]) -> Difference | None:
    """Give what stands behind a statement and takes it back, None where nothing does.

    `near` are the words of its sentence behind it, `mark` what stands before them.

    >>> behind([Near("unless"), Near("they"), Near("pay")], Mark.COMMA, ["we", "stop"])
    Difference(kind='condition', claimed='', heard='unless')
    """
    if not near or not inside or mark is Mark.STOP:
        return None
    keys = [each.key for each in near]
    found = (
        ("condition", _conditioned(keys, mark, inside)),
        ("negation", "not" if keys[0] == "not" and _ended(near, 1) else ""),
        ("negation", _never_said(near)),
        ("report", _attributed(near, mark)),
    )
    return next((Difference(kind, "", words) for kind, words in found if words), None)


def _ended(near: Sequence[Near], length: int) -> bool:
    """Tell whether a pause or the end stands behind so many words."""
    return len(near) == length or (len(near) > length and near[length - 1].mark is not Mark.NONE)


def _conditioned(keys: Sequence[str], mark: Mark, inside: Sequence[str]) -> str:
    """Give the condition that follows: "| unless they pay", "| if they pay"."""
    if keys[0] in _EXCEPT:
        return keys[0]
    if keys[0] in _GIVEN and (mark is Mark.COMMA or keys[1:2] == ["that"]):
        return keys[0]
    if keys[0] != "if":
        return _begins(keys, _ONLY_IF)
    pleased = _PLEASED | (_SPEAKING if OWN & set(keys[1:2]) else frozenset[str]())
    none = inside[-1] in _WHETHER or len(keys) <= _LEAST or keys[1] in _UNCONDITIONAL
    return "" if none or _polite(keys[1:], pleased) else " ".join(keys[: _LEAST + 1])


def _never_said(near: Sequence[Near]) -> str:
    """Give what says that nobody says so: "| is what I would never say"."""
    keys = [each.key for each in near]
    if tuple(keys[:2]) not in (("is", "what"), ("was", "what")):
        return ""
    told = [key for key in keys if key in NEGATIONS or key in reports.OTHERS]
    return " ".join(keys[: keys.index(told[0]) + 1]) if told else ""


def _attributed(near: Sequence[Near], mark: Mark) -> str:
    """Give who is said to say so: "| , they say", "| , or so we thought"."""
    keys = [each.key for each in near]
    if tuple(keys[:2]) == ("or", "so"):
        told = [key for key in keys[2:6] if key in _SO_THOUGHT]
        return " ".join(keys[: keys.index(told[0]) + 1]) if told else ""
    if tuple(keys[:2]) == ("according", "to") and keys[2:3] != ["me"]:
        return "according to"
    said = (
        mark in (Mark.COMMA, Mark.CLOSING)
        and len(keys) > 1
        and keys[1] in reports.SAID
        and _ended(near, 2)
    )
    return " ".join(keys[:2]) if said and reports.somebody(near[0]) else ""
