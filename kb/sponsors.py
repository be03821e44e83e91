"""Sponsor reads: which sentences of an episode were paid for.

A read begins with a phrase that gives it away, or with a chapter that is named so. It goes on while
the sponsor is named or the listener is told what to do, and ends with its speaker, with a return to
the show, or where neither comes for a while.
"""

import re
from collections.abc import Sequence

from kb.models import Episode, Passage

_OPENS = re.compile(
    r"\b(?:brought to you (?:in part )?by (?!an? (?!company|startup|team))|word from our sponsors?|hear from our sponsors?|"
    r"(?:episode|show|podcast|portion|segment|week|program(?:me)?)(?: [\w']+){0,5} (?:is|was|are) "
    r"(?:(?:also|proudly|kindly) )?(?:sponsored|supported) by|"
    r"sponsors? (?:of|for) (?:today(?:['’]s)?|this) (?:show|episode|podcast|week)|"
    r"today['’]s (?:sponsor|episode sponsor)|"
    r"support for (?:this|the|today['’]s) (?:show|podcast|episode|program(?:me)?) comes from|"
    r"thank(?:s| you)(?: so much| very much)? to (?:our|this (?:week|episode|month)['’]s|today['’]s) "
    r"(?:[\w']+ )?sponsors?|"
    r"thank(?:s| you) to [^.!?]{2,60} for (?:[^.!?]{0,60} )?(?:sponsoring|supporting) "
    r"(?:this|the|our) (?:show|episode|podcast|program(?:me)?|week))",
    re.IGNORECASE,
)
_OPENS_ITEM = re.compile(
    r"\b(?:time for (?:some |our )?sponsored (?:news|content|post)|(?:it['’]s|this is) "
    r"(?:a )?sponsored (?:content|post|segment|message))\b",
    re.IGNORECASE,
)
"""What says that the item that comes is paid for, in a show of items."""
_DENIED = re.compile(r"\b(?:not|never|isn['’]t|wasn['’]t|don['’]t|no longer)\b", re.IGNORECASE)
_URGES = re.compile(
    r"\b(?:promo code|(?:use|enter|with) (?:the |our |my )?(?:promo |discount |offer )?code (?-i:[A-Z][A-Z0-9]{2,})\b|"
    r"sign up (?:at|for free|today|now)|free trial|get started (?:for free|today|at)|"
    r"(?:visit|go to|head (?:over )?to|check (?:it|them|out)[^.!?]{0,60} at|learn more[^.!?]{0,40} at|"
    r"just visit|that['’]s) [\w.-]+(?: ?(?:\.|dot) ?)(?:com|io|fm|ai|dev|org|net|co|app)\b|"
    r"(?:visit|go to|head to) [^.!?]{2,50} slash \w+|"
    r"\d+ ?(?:%|percent) off|for (?:just|only) \$\d|first (?:month|year|box) (?:is )?free|"
    r"(?:early bird|tickets) (?:pricing|are on sale)|money[- ]back guarantee|"
    r"(?:our|the|their) links? (?:is |are )?in (?:the|your) (?:show ?notes|podcast player)|"
    r"let them know (?:that )?(?:you came from us|we sent you))",
    re.IGNORECASE,
)
_RETURNS = re.compile(
    r"^(?:and |so |ok(?:ay)?,? |all right,? |alright,? |now,? )*(?:"
    r"(?:let['’]s |we(?:['’]re| are) )?(?:get |go |going |now )?back to (?:the |our )|"
    r"before we (?:jump|dive|get|start|begin)|welcome (?:back|to)\b|let['’]s (?:jump|dive|get) (?:in|to)|"
    r"want to level up|be sure to subscribe|we['’]re (?:also )?live streaming|this is your host)",
    re.IGNORECASE,
)
_SELLS = re.compile(
    r"\b(?:promo code|discount code|(?:use|with|enter) (?:the |our )?code (?-i:[A-Z][A-Z0-9]{2,})\b|"
    r"\d+ ?(?:%|percent) off (?:your|at|with)|free trial at|money[- ]back guarantee|"
    r"first (?:month|box|order) (?:is )?free)",
    re.IGNORECASE,
)
"""What nobody says in talk: enough by itself where an episode begins or ends."""
_TITLE = re.compile(
    r"\W*(?:(?:an? )?(?:quick |brief |short )?(?:word|message|note)s? from (?:our|the|this week['’]s|today['’]s) "
    r"sponsors?|(?:our |the |today['’]s )?sponsor(?:ed|s|ship)?(?: break| message| by)?|"
    r"ad(?:vert(?:isement)?)?s?(?: break)?)"
    r"(?:\s*[:–—-]\s*|\s+by\s+|\s*$)(.*)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:by|from|to|at) (?:our (?:good )?friends (?:at|over at) )?"
    r"(?:the )?((?:[A-Z0-9][\w&'’-]*(?:\.\w+)?)(?: [A-Z][\w&'’-]*){0,2}|[\w-]+\.(?:com|io|ai|dev|org))"
)
_REACH, _REACH_AFTER_CALL = 14, 4
"""Sentences to the next sign of a read: it may tell a story first, but its calls come at its end."""
_LONGEST = 60
_ITEM = 10
"""Sentences of a paid item after which its end is not looked for by the next item's title."""
_SPONSOR = re.compile(r"\bsponsor", re.IGNORECASE)
_EDGE = 60
"""Sentences that are the beginning of an episode, or its end."""
_SHORTEST = 3
"""Letters that a sponsor's name needs to be looked for."""
_AROUND = 60.0
"""Seconds by which the times of a transcript without exact ones may miss a chapter."""


def reads(episode: Episode, sentences: Sequence[Passage]) -> frozenset[int]:
    """Give the ordinals (`passage.first`) of the sentences inside sponsor reads.

    `sentences` is one document's, in order.
    """
    found = set[int]()
    for at, sentence in enumerate(sentences):
        if sentence.first not in found:
            found.update(each.first for each in _read(sentences, at))
    return frozenset(found | _in_chapters(episode, sentences))


def named(episode: Episode) -> frozenset[str]:
    """Give the sponsors that the titles of chapters name.

    >>> from kb.models import Chapter, Show
    >>> show = Show("a", "A")
    >>> sorted(named(Episode("a", "a", "A", show, chapters=(Chapter("Sponsor: Depot", 3),))))
    ['Depot']
    """
    titles = (_TITLE.fullmatch(each.title) for each in episode.chapters)
    return frozenset(title[1].strip() for title in titles if title and title[1].strip())


def titled(title: str) -> bool:
    """Tell whether a chapter's title says that it is paid for.

    >>> (
    ...     titled("Sponsor: Depot"),
    ...     titled("A Word from Our Sponsor"),
    ...     titled("Sponsorship in open source"),
    ... )
    (True, True, False)
    """
    return _TITLE.fullmatch(title) is not None


def promotes(text: str) -> bool:
    """Tell whether a sentence by itself sells something, or opens a read."""
    return _opens(text) or _SELLS.search(text) is not None


def _in_chapters(episode: Episode, sentences: Sequence[Passage]) -> frozenset[int]:
    """Give the sentences of chapters whose titles say that they are paid for.

    Where times are no more than near, what counts is the sponsor's name: chapters of ads are often
    cut from the words, and their times then fall upon the talk.
    """
    found = set[int]()
    for chapter in episode.chapters:
        title = _TITLE.fullmatch(chapter.title)
        if title is None or chapter.end is None:
            continue
        spelled = _squeezed(title[1])
        for each in sentences:
            near = 0.0 if each.span.exact else _AROUND
            start = each.span.start
            if start is None or not chapter.start - near <= start < chapter.end + near:
                continue
            if each.span.exact or (spelled and spelled in _squeezed(each.text)):
                found.add(each.first)
    return frozenset(found)


def _read(sentences: Sequence[Passage], at: int) -> Sequence[Passage]:
    """Give the read that begins at a sentence; nothing where none does."""
    text = sentences[at].text
    if _OPENS_ITEM.search(text) and not _DENIED.search(text):
        return sentences[at : _item_end(sentences, at)]
    if _opens(text):
        return sentences[at : _end(sentences, at)]
    edge = at < _EDGE or at >= len(sentences) - _EDGE
    if edge and _SELLS.search(text):
        return sentences[at : at + 1]
    return ()


def _opens(text: str) -> bool:
    return _OPENS.search(text) is not None and _DENIED.search(text) is None


def _item_end(sentences: Sequence[Passage], at: int) -> int:
    """Give where a paid item ends: at the next one's title, else after its last sign."""
    for n, each in enumerate(sentences[at + 2 : at + _ITEM], start=at + 2):
        if each.text.startswith("["):
            return n
    return _end(sentences, at)


def _end(sentences: Sequence[Passage], at: int) -> int:
    """Give where the read ends that opens here: one past its last sign."""
    brands = _brands(sentences[at].text)
    last, reach = at, _REACH
    for n, each in enumerate(sentences[at + 1 : at + _LONGEST], start=at + 1):
        if each.turn != sentences[at].turn or n - last > reach or _RETURNS.match(each.text):
            break
        opens = _opens(each.text)
        if opens:
            brands |= _brands(each.text)
        if _calls(each.text):
            last, reach = n, _REACH_AFTER_CALL
        elif opens or _SPONSOR.search(each.text):
            last, reach = n, _REACH
        elif any(brand in _squeezed(each.text) for brand in brands):
            last = n
    return last + 1


def _calls(text: str) -> bool:
    return _URGES.search(text) is not None or _SELLS.search(text) is not None


def _brands(text: str) -> set[str]:
    """Give the names after "by", "from", "to", "at", squeezed: Pork Bun is porkbun.com."""
    squeezed = (_squeezed(re.sub(r"\.\w+$", "", name)) for name in _NAMED.findall(text))
    return {name for name in squeezed if len(name) >= _SHORTEST}


def _squeezed(text: str) -> str:
    return "".join(re.findall(r"[a-z0-9]+", text.lower()))
