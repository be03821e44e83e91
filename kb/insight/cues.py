"""The words around a name that say what it is, and what it was mentioned as."""

import re
from typing import TYPE_CHECKING

from kb.insight.commonplace import GIVEN, LEARNED
from kb.insight.ties import ROLE

if TYPE_CHECKING:
    from kb.insight.spotting import Spot

SURE, LIKELY = 2, 1
_LIST = r"(?:[A-Z][^.;:!?]{0,24}?(?:, and|, or|,| and| or) ){0,4}(?:the )?"
_FIRMS = (
    r"(?:companies|startups|start-ups|firms|vendors|enterprises|businesses|competitors?|rivals?"
    r"|customers?|clients?|investors?|sponsors?|hyperscalers|providers)"
)
_CALLED = r"(?:called|named|known as|like|such as|including)"
_FIRM_BEFORE_SURELY = (
    rf"\b{ROLE}s?(?: and \w+)?,? (?:here |over )?(?:of|at|for|from|with) (?:the )?",
    rf"\b{_FIRMS},? {_CALLED} {_LIST}",
    rf"\b(?:company|startup|start-up|firm|vendor|business)(?: \w+)?,? (?:{_CALLED} )?",
    r"\b(?:work(?:s|ed|ing)?|employed|interned|intern|role|job|gig|stint|colleagues) (?:at|for) ",
    r"\b(?:acqui\w+ (?:by|of)|bought by|invest\w* in|backed by|funding from|raised from) ",
    r"\b(?:compet\w+ (?:with|of|to|against)|partner\w* with|co-?founded|acquired) ",
    r"\b(?:joining us from|joins us from|with us from|(?:his|her|your|their|our|my) team at) ",
)
_FIRM_BEFORE_LIKELY = (
    r"\b(?:here|over|back|people|folks|team|teams|guys|friends|everyone|us|we|was) at ",
    r"\b(?:our friends at|joined|join|left|leaving|sponsored by|sponsors?:?) ",
    r"\b(?:labs?|researchers|someone|somebody|products?|tools?|models?|paper) (?:at|from|by) ",
    r"\b(?:big (?:players|ones|guys) like|inside) ",
)
_FIRM_AFTER_SURELY = (
    r",? (?:Inc|Corp|LLC|Ltd|GmbH)\b",
    r"(?:['’]s)? (?:CEO|CTO|CFO|founders?|co-?founders?|IPO|shareholders|stock price)\b",
    r",? (?:raised \$?\d|went public|is a (?:\w+ )?(?:company|startup)|has raised)",
    r"(?:,| is| was|, which was)? (?:acquired by|a company that|a startup that)\b",
)
_FIRM_AFTER_LIKELY = (
    r" (?:acquired|announced|launched|hired|employees|engineers|customers|investors|sells?)\b",
    r" (?:released|open.sourced|has (?:built|done|released|announced|created|decided))\b",
    r"['’]s? (?:website|team|platform|employees|engineers|customers|own|models?|headquarters)\b",
)
_PERSON_BEFORE_SURELY = (r"\b(?:Dr|Mr|Ms|Mrs|Prof|Professor|Doctor|President|Senator|Sir)\.? ",)
_PERSON_BEFORE_LIKELY = (r"\b(?:named|co-?hosts?,?|my friend) ",)
_PERSON_AFTER_SURELY = (
    r",? who(?:['’]s| is| was| has| had)\b",
    rf",? (?:is |was )?(?:the |our |an? )?(?:\w+ )?{ROLE} (?:of|at|for)\b",
)
_PERSON_AFTER_LIKELY = (
    r"(?:,| has| just)? (?:tells|told|wrote|tweeted|asked|thinks|argues|mentioned)\b",
)
_SUFFIX = re.compile(
    r" (?:Inc|Corp|LLC|Ltd|GmbH|Labs?|Technologies|Systems|Ventures|Capital|Partners|Software|Bank"
    r"|Networks|Robotics|Health|Therapeutics|Motors)\.?$|\.(?:ai|AI|io)$"
)
_VERSION = re.compile(r"[ -]\d+(?:\.\d+)?\w?$")
_HINT = re.compile(r"[A-Z]\w+ (?:AI|Group|Studios?)$|\.(?:com|co|app)$")
_MENTIONED = (
    ("competitor", rf"\b(?:compet\w+|rivals?)(?: (?:with|of|to|against|are|is|{_CALLED}))+ {_LIST}$", ""),
    ("customer", rf"\b(?:customers?|clients?)(?: (?:are|is|{_CALLED}))+ {_LIST}$", r"^ (?:is|are|was) (?:a|our) (?:customer|client)"),
    ("investor", rf"\b(?:backed by|raised (?:\S+ )*?from|funding from|money from|led by|investors?(?: (?:are|{_CALLED}))+) {_LIST}$", r"^ (?:invested in|led (?:the|our|a)) "),
    ("acquirer", r"\b(?:acquired by|acquisition by|bought by|sold (?:\w+ ){0,3}to) (?:the )?$", r"^ (?:acquired|bought) "),
    ("acquired", r"\b(?:acquired|acquisition of|acquiring|bought out) $", r"^,? (?:was|got|were|which was|has been) (?:acquired|bought)"),
    ("investment", r"\binvest(?:ed|ing|or|ors|ment)? in $", ""),
    ("former employer", r"\b(?:formerly|former\b.{0,40}|previously|used to work|used to be|worked|before that|ex-.{0,20}|left|was (?:an? )?\w+) (?:at|for|with|of)? ?$", ""),
    ("partner", r"\bpartner(?:ed|ing|ship|ships)? with $", ""),
    ("employer", rf"\b{ROLE}s?(?: and \w+)?,? (?:of|at|for) (?:the )?$", ""),
    ("example", rf"\b(?:for example|for instance|such as|{_FIRMS} like|{_FIRMS} including|e\.g\.),? {_LIST}$", r"^,? for (?:example|instance)"),
)  # fmt: skip
_ROLES = tuple(
    (said, re.compile(before), re.compile(after) if after else None)
    for said, before, after in _MENTIONED
)


def company(spot: "Spot") -> int:
    """Weigh what says that a name is a company's: 2 is enough."""
    suffix = SURE if _SUFFIX.search(spot.name) else LIKELY if _HINT.search(spot.name) else 0
    return max(suffix, _weight(_FIRM_BEFORE, spot.before), _weight(_FIRM_AFTER, spot.after))


def person(spot: "Spot") -> int:
    """Weigh what says that a name is a person's: 2 is enough."""
    if spot.name.lower().split()[0] in GIVEN:
        return SURE
    return max(_weight(_SOMEBODY_BEFORE, spot.before), _weight(_SOMEBODY_AFTER, spot.after))


def neither(name: str) -> bool:
    """Tell whether a word of a name says that it is a school, an event, a version or the like."""
    return _VERSION.search(name) is not None or not LEARNED.isdisjoint(name.lower().split())


def mentioned_as(spot: "Spot") -> str:
    """Say what a company is mentioned as where it stands, "" where nothing says it."""
    for said, before, after in _ROLES:
        if before.search(spot.before) or (after is not None and after.search(spot.after)):
            return said
    return ""


def _before(*cues: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"(?:{'|'.join(each)})$") for each in cues)


def _after(*cues: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"^(?:{'|'.join(each)})") for each in cues)


_FIRM_BEFORE = _before(_FIRM_BEFORE_SURELY, _FIRM_BEFORE_LIKELY)
_FIRM_AFTER = _after(_FIRM_AFTER_SURELY, _FIRM_AFTER_LIKELY)
_SOMEBODY_BEFORE = _before(_PERSON_BEFORE_SURELY, _PERSON_BEFORE_LIKELY)
_SOMEBODY_AFTER = _after(_PERSON_AFTER_SURELY, _PERSON_AFTER_LIKELY)


def _weight(cues: tuple[re.Pattern[str], ...], words: str) -> int:
    surely, likely = cues
    return SURE if surely.search(words) else LIKELY if likely.search(words) else 0
