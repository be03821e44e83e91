"""An answer as Markdown that keeps its links, safe to paste: what was heard stays plain text."""

import re
from collections.abc import Iterator

from kb.links import permalink
from kb.models import Answer, Citation, Claim, Mark, Tier
from kb.text import clock

_MARKUP = re.compile(r"([\\`*_\[\]|#~$^{}])")
_BULLET = re.compile(r"^(\d*)([-+.)])(?=\s|$)")
_URL = re.compile(r"[\s()<>\[\]\\]")


def escaped(text: str) -> str:
    r"""Write a text so that Markdown and HTML show it letter for letter.

    >>> escaped("*a* <b> [c](d)")
    '\\*a\\* &lt;b&gt; \\[c\\](d)'
    >>> escaped("1. a list"), escaped("- a list")
    ('1\\. a list', '\\- a list')
    """
    plain = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _BULLET.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", plain))


def linked(text: str, address: str) -> str:
    """Link a text to an address; one that is neither http(s) nor our own is left out.

    >>> linked("14:24", "https://a.example/(1)"), linked("14:24", "javascript:alert(1)")
    ('[14:24](https://a.example/%281%29)', '14:24')
    """
    if not re.match(r"https?://|\?", address):
        return escaped(text)
    quoted = _URL.sub(lambda found: f"%{ord(found[0]):02X}", address)
    return f"[{escaped(text)}]({quoted})"


def answer(given: Answer, *, home: str = "") -> str:
    """Write an answer with its numbered sources.

    `home` is the address of the app: each number leads there, or else to the publisher's page.
    """
    return "\n\n".join((f"**{escaped(given.question)}**", *_answered(given, home))) + "\n"


def _answered(given: Answer, home: str) -> Iterator[str]:
    if given.abstained:
        yield f"Not on the record. {escaped(given.reason)}"
    for remark in given.remarks:
        yield f"_{escaped(remark)}_"
    for claim in given.claims:
        yield _claim(claim, given, home)
    if given.citations:
        yield "\n".join(source(citation, home=home) for citation in given.citations)


def _claim(claim: Claim, given: Answer, home: str) -> str:
    said = escaped(claim.text)
    text = f"> {said}" if claim.mark is Mark.QUOTED else said
    unsure = {Mark.OWN_VIEW: " _(own view)_", Mark.UNSUPPORTED: " _(unsupported)_"}
    cited = (given.citations[number - 1] for number in claim.citations)
    numbers = (linked(f"{each.number}", address(each, home=home)) for each in cited)
    return f"{text}{unsure.get(claim.mark, '')} {' '.join(numbers)}".rstrip()


def source(citation: Citation, *, home: str = "") -> str:
    """Write a citation as an item of a numbered list: who, where, when, and the words."""
    span = citation.span
    when = "" if span.start is None else f"{'' if span.exact else 'about '}{clock(span.start)}"
    weak = "" if citation.tier is Tier.TRANSCRIPT else f"from the {citation.tier}"
    where = f"{citation.episode_title} ({citation.show_title})"
    facts = (citation.speaker or "", where, weak)
    told = ", ".join(escaped(fact) for fact in facts if fact)
    at = linked(when or "open", address(citation, home=home))
    return f"{citation.number}. “{escaped(citation.text)}” {told}, {at}"


def address(citation: Citation, *, home: str = "") -> str:
    """Give where a citation can be heard: in the app, else at its publisher, else a bare permalink."""
    span = citation.span
    ours = f"{home}{permalink(span.episode_id, span.start)}"
    return ours if home else citation.link or ours
