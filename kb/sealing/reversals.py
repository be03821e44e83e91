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
    " should can must"
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

SPEECH = closed(
    "say says said saying tell tells told telling claim claims claimed claiming argue argues argued"
    " write writes wrote insist insists insisted announce announces announced ask asks asked"
)
"""Verbs that open what somebody says."""
HEARERS = closed("you me us him her them people anybody anyone everybody everyone")
"""To whom it is said."""
ATTITUDES = SPEECH - closed("tell tells told telling ask asks asked") | closed(
    "think thinks thought thinking believe believes believed believing know knows knew feel feels felt"
    " mean means meant guess suppose assume assumes assumed assuming suggest suggests suggested agree"
    " agrees agreed expect expects expected imagine imagines pretend pretends pretended admit admits"
    " state states stated promise promises promised conclude sure certain convinced"
)
"""Words by which a mind is told, directly before what is in it."""
OWN = closed("i we")
_CLAUSES = closed("and but so because which then while though although since if")
"""Words that begin another clause, which a denial before them does not reach."""
_DISPARAGED = closed(
    "mistake mistaken wrong fool fools foolish naive lie lies lied lying false myth nonsense absurd"
    " ridiculous misleading dishonest refuse refuses refused hesitate hesitant reluctant"
)
"""Words that make what is said or thought an error."""
HELPERS = closed(
    "would will 'll 'd can could should may might must do does did have has had is are was were been be"
    " being am 's 're 've 'm to going go goes keep keeps kept just also still even always often ever"
    " then now all once sometimes again"
)
"""Words that stand between who says a thing and the verb."""

_ADDING = closed("and or which")
_LINKING = closed("is are was were has have 's")
_CHOSEN = closed("either whether between both neither")

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
    " fact means else whole life earth far longer probably our my your his"
    " her its their own these those such other believes thinks wants knows claims believed thought wanted"
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
_ABSENT = closed("none neither lack lacks absence free devoid")
_DETERMINERS = closed(
    "a an the this that these those my our your his her its their own other such them us"
)
_AVOIDED = closed("avoid avoids avoided avoiding prevent prevents prevented preventing")
_UNDONE = closed(
    "refuse refuses refused refusing fail fails failed failing unable impossible unwilling reluctant"
    " decline declines declined hesitate hesitates hesitated"
)
_PERSONS = closed("i you he she it we they that this there what")
_NO_ADVERBS = closed(
    "only reply rely apply supply family fly early daily friendly likely italy july july multiply imply"
    " ally assembly anomaly butterfly monopoly jelly belly bully"
)
_QUANTIFIED = 4
"""Words among which "few" counts what follows: "few of our | engineers"."""


def before(words: list[str], *, told: bool = False) -> str:
    """Give what denies a statement from before it, "" where nothing does.

    `words` are those that lead up to it without a pause; `told` that they end where speech begins.

    >>> before("i do not think that".split()), before("not only".split()), before(["so", "that"])
    ('not think that', '', '')
    >>> before("i can not in good faith say".split()), before("i would say".split())
    ('not in good faith say', '')
    """
    for at in range(len(words) - 1, max(-1, len(words) - 1 - _REACH), -1):
        word = words[at]
        if word in NEGATIONS or word in ("doubt", "deny", "false", "myth", "unlikely"):
            rest = words[at + 1 :]
            return "" if rest[:1] in (["only"], ["just"], ["matter"]) else " ".join(words[at:])
        if word not in _FRAME and not adverb(word):
            break
    return _construed(words) or _unsaid(words, told=told)


def adverb(word: str) -> bool:
    """Tell whether a word ends as adverbs do."""
    return word.endswith("ly") and word not in _NO_ADVERBS


def _construed(words: list[str]) -> str:
    """Give what denies what follows by how the sentence is built."""
    last = words[-1:]
    if last == ["that"] and set(words[-2:-1]) & _UNTRUE:
        return " ".join(words[-2:])
    if set(last) & _AVOIDED or (last == ["to"] and set(words[-2:-1]) & _UNDONE):
        at = -1 if last != ["to"] else -2
        return "" if set(words[at - 1 : at]) & NEGATIONS else " ".join(words[at:])
    few = words[-_QUANTIFIED:]
    if "few" in few and few[few.index("few") - 1 : few.index("few") + 1] != ["a", "few"]:
        return "few"
    inverted = bool(set(last) & _AUXILIARIES)  # "at no point in ten years did | we …"
    counted = next((word for word in words[-_REACH - 1 :] if inverted and word in NEGATIONS), "")
    return counted or _replaced(words)


def _replaced(words: list[str]) -> str:
    """Give what leaves out or replaces a thing: "none of our own | …", "instead of the | …"."""
    end = len(words)
    while end and words[end - 1] in _DETERMINERS:
        end -= 1
    pair = words[max(0, end - 2) : end]
    absent = pair[-1:] == ["of"] and set(pair[:1]) & _ABSENT
    return " ".join(words[end - 2 :]) if absent or pair in _IN_PLACE_OF else ""


def _unsaid(words: list[str], *, told: bool) -> str:
    """Give what denies or disparages a saying or thinking: "nobody in his right mind says | …"."""
    rest = words[:-1] if words[-1:] in (["that"], ["like"]) else words
    if not rest or not (told or rest[-1] in ATTITUDES):
        return ""
    by = len(rest) - 2
    while by >= 0 and (rest[by] in HELPERS or adverb(rest[by])):
        by -= 1
    if by >= 0 and rest[by] in OWN and not told:
        return ""  # "I would say"
    for at in range(len(rest) - 1, -1, -1):
        joined = rest[at] == "and" and set(rest[at + 1 : at + 2]) & (HELPERS | ATTITUDES)
        if rest[at] in _CLAUSES and not joined:
            break
        if rest[at] in _DISPARAGED or (rest[at] in NEGATIONS and _denies(rest, at)):
            return " ".join(words[at:])
    return ""


def _denies(words: list[str], at: int) -> bool:
    """Tell whether a denial is one of what follows: not "no, I …", "no doubt", "not only"."""
    after = words[at + 1] if at + 1 < len(words) else ""
    if after in ("only", "just", "matter", "doubt", "question", "wonder"):
        return False
    return words[at] not in ("no", "nope", "nah") or after not in _PERSONS


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


def added(words: Sequence[str], before: Sequence[str]) -> bool:
    """Tell whether words only add to those before: "the timeout, and all those, …".

    >>> added("which is new".split(), ["it"]), added("which is false".split(), ["it"])
    (True, False)
    >>> added(["or", "right"], ["just"]), added(["or", "right"], ["either", "wrong"])
    (True, False)
    """
    if not words or words[0] not in _ADDING or _CHOSEN & set(before):
        return False
    linked = _LINKING if words[0] == "which" else frozenset[str]()
    return not skipped([word for word in words[1:] if word not in linked], whole=False)
