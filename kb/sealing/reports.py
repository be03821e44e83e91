"""Who says, thinks, once thought or asks what follows: a cut behind it puts it into a wrong mouth.

Told by closed classes of English words that stand right before the cut.
"""

from collections.abc import Sequence

from kb.sealing.beside import Mark, Near, unpaused
from kb.sealing.reversals import HEARERS, HELPERS, NEGATIONS, OWN, adverb, closed

OTHERS = closed(
    "he she they it people folks critics experts some many most others someone somebody everyone"
    " everybody anyone anybody nobody who them him her analysts investors skeptics reporters economists"
    " researchers scientists engineers developers users customers"
)
_SINGULAR = closed("says thinks claims believes argues assumes insists pretends")
"""Verbs that only a third person has."""
SAID = closed("say says said claim claims claimed think thinks believe argue lie lied joke joked")
_PAST = closed("said told claimed believed argued assumed insisted")
_REPORTED = (
    _SINGULAR
    | _PAST
    | closed(
        "say think claim believe argue assume insist thought saying thinking claiming believing arguing"
        " assuming telling tell tells"
    )
)
_TOLD = closed("tell tells told telling")
_NAMES = 3
"""Words of a name between "as" and "says"."""
_JOINING = closed("and or then but for by when")
_NOBODYS = closed("that this having")
"""What stands before "said" in "that said, | …"."""
_SAYABLE = closed("can could might may should know")
"""Words by which "you" is anybody: "you could say | …"."""
_COMPARED = closed("as than like")
_AGREED = closed("rightly correctly accurately agree")
_PASSIVE = closed("was were been being am are 'm 're got")
_NO_CLAUSE = closed(
    "is are was were about to of in on at for with by from as and or but so because when than 's"
)
"""Words with which no statement begins: "what he says | is …"."""
_QUOTATIVE = closed("like goes go went all")
_CLAIMS = closed(
    "claim argument myth illusion rumor rumour fear worry misconception fantasy pretense theory"
)
_WORRIED = closed("worried scared concerned")
_LINKS = closed("is was being 's")
_POINTING = closed("the a this their his her its 's your")
"""Before "that": what somebody holds or fears, with the words beside it."""
_THINKERS = closed("i we you they he she it people everyone everybody")
_FORMER = closed("think thought believe believed say assume feel")
_OPINIONS = closed(
    "good great nice cool interesting fun funny awesome amazing brilliant weird strange crazy hard easy"
    " useful helpful neat fascinating important smart clever fantastic terrible awful bad best worst"
    " wonderful beautiful hilarious"
)
_VALUING = closed(
    "it that this they there was were is 's really so very pretty quite a an kind of just"
)
_SUGGESTING = closed("might could should")
_VALUED = 7
"""Words of a statement among which it says what it values."""
_AUXILIARIES = closed("do does did would could can are is was were have has should")
_ASKED = closed(
    "think believe say saying said mean meaning feel claim claiming suppose guess imagine assume agree"
    " expect suggesting"
)
_TESTED = closed("true possible likely fair because that the case just")
_IS_IT = 2


def reported(near: Sequence[Near], inside: Sequence[str]) -> str:
    """Give who says or thinks what follows where that is somebody else, "" where it is not.

    `near` are the words of its sentence before it, `inside` its own.

    >>> said = [Near("critics"), Near("say"), Near("that")]
    >>> reported(said, ["it", "fails"]), reported([Near("i"), *said[1:]], ["it", "fails"])
    ('critics say that', '')
    """
    begun = _opened(near)
    return _mouth(near, inside) or (_mouth(begun, inside) if len(begun) < len(near) else "")


def _mouth(near: Sequence[Near], inside: Sequence[str]) -> str:
    keys = unpaused(near)
    quoted = near[-1].mark is Mark.OPENING
    heard = inside[0] in HEARERS and keys[-1] in _TOLD
    if near[-1].mark is Mark.DASH or inside[0] in _NO_CLAUSE or heard or _AGREED & set(keys):
        return ""
    rest = keys if quoted and keys[-1] in _QUOTATIVE else _verbed(keys)
    by = _subject(rest)
    likened = rest[-2:] == ["like", "saying"]
    if likened or rest[-1] not in (_REPORTED | _QUOTATIVE if quoted else _REPORTED):
        return " ".join(keys[-2:]) if likened else ""
    compared = by >= 0 and ("as" in rest[max(0, by - _NAMES) : by] or _compared(rest, by))
    mouth = near[: len(near) - len(keys) + len(rest)]
    others = not compared and _others(mouth, rest, by, quoted=quoted)
    return " ".join(keys[max(0, by) :]) if others else ""


def _compared(rest: Sequence[str], by: int) -> bool:
    """Tell whether it is as somebody says, or than he thinks."""
    return bool(_COMPARED & set(rest[max(0, by - 1) : by + 1]))


def _opened(near: Sequence[Near]) -> Sequence[Near]:
    """Give the words up to where a quotation was opened that is still open."""
    for at in range(len(near) - 1, -1, -1):
        if near[at].mark in (Mark.OPENING, Mark.CLOSING):
            return near[: at + 1] if near[at].mark is Mark.OPENING else near
    return near


def _verbed(keys: list[str]) -> list[str]:
    """Give the words up to the verb: "they told us that" ends with "told"."""
    rest = keys[:-1] if len(keys) > 1 and keys[-1] in ("that", "like") else keys
    told = len(rest) > 1 and rest[-1] in HEARERS and rest[-2] in _TOLD
    return rest[:-1] if told else rest


def _subject(rest: Sequence[str]) -> int:
    """Give the place of who says or thinks, behind whom only helping words stand, else -1."""
    by = len(rest) - 2
    while by >= 0 and (rest[by] in HELPERS | NEGATIONS or adverb(rest[by])):
        by -= 1
    return by


def _others(mouth: Sequence[Near], rest: Sequence[str], by: int, *, quoted: bool) -> bool:
    """Tell whether a verb is somebody else's: whose it is stands at `by`, or further in front."""
    verb, who = rest[-1], mouth[len(mouth) - len(rest) + by] if by >= 0 else Near("and")
    if verb in _QUOTATIVE or somebody(who):
        return somebody(who) and (who.key != "it" or verb in _SINGULAR | _PAST)
    if who.key in OWN or who.key == "you":
        passive = verb == "told" and rest[-2] in _PASSIVE
        return passive or (who.key == "you" and (quoted or not _SAYABLE & set(rest[by:])))
    if who.key in _JOINING or verb not in _SINGULAR | _PAST:
        owner = next((each for each in reversed(mouth) if each.key in OWN or somebody(each)), None)
        return owner.key not in OWN if owner else quoted
    return verb in _SINGULAR or who.key not in _NOBODYS


def somebody(who: Near) -> bool:
    """Tell whether a word is one for somebody else, or a name."""
    return who.key in OTHERS or who.named


def believed(near: Sequence[Near], inside: Sequence[str]) -> str:
    """Give what says that the rest was once thought, or is held where it should not be.

    >>> believed([Near("i"), Near("thought")], ["it", "was", "safe"])
    'i thought'
    >>> believed([Near("i"), Near("thought")], ["it", "was", "really", "good"])
    ''
    """
    if near[-1].mark not in (Mark.NONE, Mark.OPENING):
        return ""
    keys = unpaused(near)
    rest = _verbed(keys)
    if _once(rest) or _supposed(rest):
        return " ".join(keys[len(rest) - 3 :])
    if keys[-1] == "that" and _held(rest):
        return " ".join(keys[-3:])
    by = _subject(rest)
    own = rest[-1] == "thought" and by >= 0 and rest[by] in _THINKERS
    return " ".join(keys[by:]) if own and not _compared(rest, by) and not _opinion(inside) else ""


def _once(rest: Sequence[str]) -> bool:
    """Tell whether it used to be so, or to be thought so."""
    if rest[-1] in _FORMER:
        return tuple(rest[-3:-1]) == ("used", "to")
    return tuple(rest[-2:]) == ("used", "to") and bool(set(rest[-3:-2]) & _THINKERS)


def _supposed(rest: Sequence[str]) -> bool:
    """Tell whether one would think so: "you would think that"."""
    would = tuple(rest[-3:-1]) in (("you", "would"), ("you", "'d"), ("one", "would"))
    return would and rest[-1] in _ASKED


def _held(rest: Sequence[str]) -> bool:
    """Tell whether "that" opens a claim, a fear or a myth: "the fear is | that"."""
    if rest[-1] in _WORRIED:
        return True
    linked = rest[-1] in _LINKS
    noun = rest[-2 if linked else -1 :][:1]
    before = rest[-3 if linked else -2 :][:1]
    return (
        bool(set(noun) & _CLAIMS)
        and len(rest) > len(noun) + linked
        and bool(set(before) & _POINTING)
    )


def _opinion(inside: Sequence[str]) -> bool:
    """Tell whether a statement values or suggests: "I thought | it was really good"."""
    if _SUGGESTING & set(inside[1:3]):
        return True
    for word in inside[:_VALUED]:
        if word not in _VALUING:
            return word in _OPINIONS
    return False


def asked(near: Sequence[Near], inside: Sequence[str]) -> str:
    """Give what asks whether the rest is so: "do you think that", "is it because".

    >>> asked([Near("does"), Near("that"), Near("mean")], ["it", "works"])
    'does that mean'
    """
    keys = unpaused(near)
    rest = _verbed(keys)
    by = _subject(rest)
    if inside[0] in _NO_CLAUSE:
        return ""
    if rest[-1] in _ASKED and by >= 0:
        put = bool(by and rest[by - 1] in _AUXILIARIES) or rest[by] == "you"
        return " ".join(keys[max(0, by - 1) :]) if put else ""
    end = len(keys)
    while end > _IS_IT and keys[end - 1] in _TESTED:
        end -= 1
    tested = end < len(keys) and keys[end - 1] in ("it", "that") and keys[end - 2] in ("is", "was")
    return " ".join(keys[end - 2 :]) if tested else ""
