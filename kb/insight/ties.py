"""What ties a person to a company: what is said about them, and what they say of themselves."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from kb.models import Episode, Passage
from kb.names import fold

COMPANY = r"[A-Z][\w.&'’+-]*(?: (?:& )?[A-Z0-9][\w.&'’+-]*)*"
"""A name as it is written: capitalised words in a row."""
ROLE = (
    r"(?i:CEO|CTO|COO|CFO|CMO|CPO|CIO|chief [a-z ]{2,30} officer|(?:co-?\s?)?founders?"
    r"|president|chair(?:man|woman)?|owner|(?:general |managing )?partner|investor|advis[eo]r|head"
    r"|VP|vice president|director|manager|PM|lead|principal|engineer|scientist|researcher"
    r"|developer|advocate|evangelist|architect|analyst|designer|professor|editor|host|fellow)"
)
_PARTS = re.compile(r"[,;\n(]|\band (?=[A-Z][a-z]+ (?:of|at)\b)")
_PAST = re.compile(r"\b(?:former(?:ly)?|previously|ex|once|used to|left)\b", re.IGNORECASE)
_AT = re.compile(rf"(?:\b(?i:at|for|from|with|joins|joined)|@) ?({COMPANY})")
_OF = re.compile(
    rf"\b{ROLE}(?: and [\w-]+)?,?(?: (?i:of|for|behind))? ({COMPANY}(?: (?:&|and) {COMPANY})*)"
)
_FOUNDED = re.compile(r"\b(?:co-?\s?)?found(?:er|ers|ed|ing)\b", re.IGNORECASE)
_INVESTS = re.compile(r"\b(?:partner|invest\w*|venture|capital)\b", re.IGNORECASE)
_MYSELF = re.compile(
    r"\b(?:I(?:['’]m| am| was|['’]ve been)|my name is|we(?:['’]re| are)|I (?:co-?)?founded"
    r"|I (?:now |currently )?(?:work|lead|run|joined|started)|here at|us at|we at|my (?:role|job))\b",
    re.IGNORECASE,
)
_OWN_AT = re.compile(
    rf"(?:\b{ROLE}\b[\w ,-]{{0,40}}?|(?i:work(?:ing)?|role|job|here|us|we) )"
    rf"\b(?:of|at|for|with|here at) (?:a company called |the )?({COMPANY})"
)
_STARTED = re.compile(
    rf"\bI (?:co-?)?(?:founded|started) (?:a (?:company|startup) (?:called|named) )?({COMPANY})"
)
_INTRODUCED = re.compile(
    rf"({COMPANY}),? (?:who(?:['’]s| is)|is|the|our guest,?) (?:an? |the |also )*"
    rf"((?:[\w-]+ ){{0,5}}?{ROLE}\b[^.,;!?]{{0,40}}? (?:of|at|for|with) {COMPANY})"
)
_ENDS = re.compile(r"(?:['’]s|[.'’-]+)$")
_STOPS = re.compile(r" (?=(?:I|We|And|But|So|The|My|Our)\b)")
_OWN = re.compile(
    r"\b(?:our|my) (?:own )?(?:\w+ )?(?:company|startup|product|platform|customers?|users|clients"
    r"|portfolio|fund|team|tools?|models?|investors|business)\b"
    r"|\bwe (?:sell|offer|launched|raised|built|provide|ship(?:ped)?|invest(?:ed)?)\b",
    re.IGNORECASE,
)


class How(StrEnum):
    """What somebody is to a company, as it is put into words."""

    WORKS = "works for"
    FOUNDED = "founded"
    INVESTS = "invests with"
    LEFT = "worked for"


_ABOUT = {
    How.WORKS: "at",
    How.FOUNDED: "Founder of",
    How.INVESTS: "Investor at",
    How.LEFT: "Formerly at",
}
"""How a tie is put so that `stated` reads it again."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A company, and what somebody is to it."""

    company: str
    how: How

    @property
    def binds(self) -> bool:
        """Tell whether they still have an interest in it."""
        return self.how is not How.LEFT


def stated(about: str) -> tuple[Tie, ...]:
    """Read the ties out of what a source says about a person.

    >>> [
    ...     (tie.company, tie.how.value)
    ...     for tie in stated("Partner at Redpoint, Former PM Flatiron Health")
    ... ]
    [('Redpoint', 'invests with'), ('Flatiron Health', 'worked for')]
    >>> [tie.company for tie in stated("Co-Founder of Databricks & LMArena")]
    ['Databricks', 'LMArena']
    """
    return tuple(dict.fromkeys(tie for part in _PARTS.split(about) for tie in _part(part)))


def own(sentence: str) -> tuple[Tie, ...]:
    """Read the ties that a speaker tells of themselves.

    >>> [tie.company for tie in own("I am CEO at Prediction Guard, and this is my dog.")]
    ['Prediction Guard']
    >>> own("The CEO of Lathe is late.")
    ()
    """
    if not _MYSELF.search(sentence):
        return ()
    how = _how(sentence)
    found = [*_OWN_AT.findall(sentence), *_STARTED.findall(sentence)]
    return tuple(dict.fromkeys(Tie(_clean(each), how) for each in found if _clean(each)))


def introduced(sentence: str) -> tuple[tuple[str, str], ...]:
    """Read who is introduced as what: (name, about).

    >>> introduced("With us is Ben Burtenshaw, who is a Machine Learning Engineer at Argilla.")
    (('Ben Burtenshaw', 'Machine Learning Engineer at Argilla'),)
    """
    found = ((_clean(who), _ENDS.sub("", what)) for who, what in _INTRODUCED.findall(sentence))
    return tuple((who, about) for who, about in found if stated(about))


def completed(episode: Episode, sentences: Sequence[Passage]) -> Episode:
    """Give an episode whose people have what is said of them, where its source says nothing."""
    said = dict[str, str]()
    for sentence in sentences:
        for who, about in introduced(sentence.text):
            said.setdefault(fold(who), about)
        for tie in own(sentence.text) if sentence.speaker else ():
            said.setdefault(fold(sentence.speaker or ""), f"{_ABOUT[tie.how]} {tie.company}")
    people = (
        replace(person, about=person.about or said.get(fold(person.name), ""))
        for person in episode.people
    )
    return replace(episode, people=tuple(people))


def own_talk(text: str) -> bool:
    """Tell whether somebody speaks of what they make or sell themselves.

    >>> own_talk("Our customers use it daily."), own_talk("Their customers use it daily.")
    (True, False)
    """
    return _OWN.search(text) is not None


def names_company(text: str, company: str) -> bool:
    """Tell whether a text names a company, in whatever case.

    >>> names_company("Databricks' notebooks", "databricks"), names_company("Lathes", "Lathe")
    (True, False)
    """
    plain = re.sub(r"['’]s\b", "", text)
    return f" {fold(company)} " in f" {fold(plain)} "


def _part(part: str) -> Iterator[Tie]:
    how = _how(part)
    at = _AT.findall(part)
    of = [each for found in _OF.findall(part) for each in re.split(r" (?:&|and) ", found)]
    yield from (Tie(_clean(company), how) for company in at or of if _clean(company))


def _how(text: str) -> How:
    if _PAST.search(text):
        return How.LEFT
    if _FOUNDED.search(text):
        return How.FOUNDED
    return How.INVESTS if _INVESTS.search(text) else How.WORKS


def _clean(name: str) -> str:
    return _ENDS.sub("", _STOPS.split(name)[0].strip())
