"""Words that turn a statement round, and where leaving words out does.

A closed class of English words: grammar, not vocabulary. None of them is ever trusted by its sound,
dropped as a repetition, or skipped by an ellipsis.
"""

from collections.abc import Sequence


def closed(words: str) -> frozenset[str]:
    """Give a closed class of words, written one after the other."""
    return frozenset(words.split())


NEGATIONS = closed(
    "not no never nor neither none nothing nobody nowhere without cannot hardly barely scarcely"
    " rarely seldom ain't nope nah non un"
)
"""Words that deny. `n't` is "not" here: contractions are written out."""
DENIALS = NEGATIONS | closed(
    "doubt deny denied denies refuse refused refuses fail failed fails false untrue wrong lie myth"
    " impossible unlikely nonsense misconception stop stopped stops avoid avoided prevent prevented"
    " lack lacks lacked"
    " isn aren few little"
)
"""Words that deny, and those that do so by their meaning."""
_CONDITIONS = closed("if unless whether suppose supposing assuming imagine pretend lest")
_CONTRASTS = closed(
    "but however although though except instead rather yet whereas while despite until"
)
_DEGREES = closed(
    "only almost nearly less fewer more most least half some any many much all every each both"
    " roughly approximately maximum minimum too enough"
    " mostly partly perhaps maybe possibly probably supposedly allegedly might may could would"
    " should can will must"
)
_REPORTS = closed(
    "say says said saying tell tells told telling claim claims claimed claiming think thinks thought"
    " believe believes believed argue argues argued hear heard ask asks asked asking suggest"
    " suggests suggested write writes wrote call calls called assume assumes assumed pretend"
    " according theory pretends hope hopes hoped wish wishes wished joke joking kidding critics people"
)
_SUBJECTS = closed(
    "i you he she it we they there is are was were be been am has have had do does did and or"
    " 's 're 've 'm 'd 'll than then"
)
TURNING = NEGATIONS | _CONDITIONS | closed("but except instead less fewer more than")
"""Words that are never taken for one another, however they sound."""
_SKIPPED = DENIALS | _CONDITIONS | _CONTRASTS | _DEGREES | _REPORTS
"""Words that no ellipsis may skip."""

_FRAME = closed(
    "that to be been being have has had having do does did is are was were am 's 're 've 'm 'd 'll"
    " will would can could should shall may might must going gonna want wants wanted need needs"
    " needed try tried trying able supposed allowed ready willing a an the any really actually"
    " necessarily even ever just quite so very really always yet think thinking believe believing"
    " say saying said says mean means meant know sure true case like because convinced agree guess"
    " feel feels suggest suggesting claim claiming expect evidence reason way idea sign proof it i"
    " you we they he she this there as if of in people anybody anyone #1 single all every many most"
    " half once again much time times point circumstances circumstance account world scenario chance"
    " possibility which where why for from with by at among under minute second moment part case"
    " fact means else whole life earth far believes thinks wants knows claims believed thought wanted"
)
"""Words through which a negation reaches what follows: "I don't think that it is true that …"."""
_REACH = 9
_BOUNDS = closed(
    "than under over above below almost nearly to most least only about around roughly minus"
    " approximately"
)
_AFTER = closed("is are was were 's 're be")
_ADVERBS = closed("just plain simply completely totally plainly absolutely really so also")
_WRONG = closed(
    "not false wrong nonsense untrue ridiculous bullshit never hardly lie lies myth joke fiction"
    " misconception fantasy hoax"
)
_UNTRUE = closed("false wrong untrue impossible unlikely nonsense lie lies myth misconception hoax")
_AUXILIARIES = closed(
    "do does did have has had is are was were am will would can could should shall may might must"
)
_IN_PLACE_OF = (["instead", "of"], ["rather", "than"])
_QUANTIFIED = 4
"""Words among which "few" counts what follows: "few of our | engineers"."""


def before(words: list[str]) -> str:
    """Give what turns a statement round from before it, "" where nothing does.

    `words` are those that lead up to it without a pause.

    >>> before("i do not think that".split()), before("not only".split()), before(["so", "that"])
    ('not think that', '', '')
    """
    for at in range(len(words) - 1, max(-1, len(words) - 1 - _REACH), -1):
        word = words[at]
        if word in NEGATIONS or word in ("doubt", "deny", "false", "myth", "unlikely"):
            rest = words[at + 1 :]
            return "" if rest[:1] in (["only"], ["just"], ["matter"]) else " ".join(words[at:])
        if word in _CONDITIONS and at == len(words) - 1:
            return word
        if word not in _FRAME:
            break
    return _construed(words)


def _construed(words: list[str]) -> str:
    """Give what turns round what follows by how the sentence is built."""
    last = words[-1:]
    if words[-2:] in _IN_PLACE_OF or (last == ["that"] and set(words[-2:-1]) & _UNTRUE):
        return " ".join(words[-2:])
    few = words[-_QUANTIFIED:]
    if "few" in few and few[few.index("few") - 1 : few.index("few") + 1] != ["a", "few"]:
        return "few"
    inverted = bool(set(last) & _AUXILIARIES)  # "at no point in ten years did | we …"
    return next((word for word in words if inverted and word in NEGATIONS), "")


def bound(words: Sequence[str]) -> str:
    """Give the word that bounds the number that follows, "" where none does.

    >>> bound("it is less than".split()), bound("it takes up to".split()), bound("back to".split())
    ('than', 'to', '')
    """
    last = words[-1] if words else ""
    if last not in _BOUNDS:
        return ""
    return "" if last == "to" and words[-2:-1] != ["up"] and words[-2:-1] != ["close"] else last


def after(words: Sequence[str]) -> str:
    """Give what turns a statement round from behind it, "" where nothing does.

    `words` are those that follow it without a pause.

    >>> after("is just wrong".split()), after("not quite".split()), after("is what we do".split())
    ('is just wrong', 'not', '')
    """
    if words and words[0] in NEGATIONS - {"no", "none", "nothing", "nobody", "without"}:
        return words[0]
    counted = next((word for word in words[:2] if word in ("#0", "none")), "")
    if counted or not words or words[0] not in _AFTER:
        return counted
    for at, word in enumerate(words[1:4], 1):
        if word in _WRONG:
            return " ".join(words[: at + 1])
        if word not in _ADVERBS and word not in ("a", "an"):
            break
    return ""


def skipped(words: Sequence[str], *, whole: bool) -> str:
    """Give the first word that an ellipsis may not skip, "" where there is none.

    `whole` tells that whole sentences are skipped; inside one, a clause with a subject or a verb of
    its own may not be, for it may have been what the rest was said of.
    """
    refused = _SKIPPED if whole else _SKIPPED | _SUBJECTS
    return next(
        (word for word in words if word in refused or (word[0] == "#" and word != "#1")), ""
    )
