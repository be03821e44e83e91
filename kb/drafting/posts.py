"""A draft's parts -> the text that is published: posts of 280 characters, a post for a blog.

A Chinese character or an emoji counts two and a link at least 23, as the strictest place that such
posts go to counts; a longer link counts in full, as people count.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from kb.drafts import Draft, Kind, Part
from kb.errors import SourceError
from kb.models import Citation, Claim, Mark

LONGEST, BLOG_WORDS = 280, 500
UNSUPPORTED = "[unsupported]"
_LINK, _LONGEST_LINK = 23, 160
_ADDRESS = re.compile(r"https?://\S+")
_SINGLE = 0x10FF
"""The last of the characters that count one: Latin, Greek, Cyrillic, Arabic and their neighbours."""
_LIGHT = (range(0x2000, 0x200E), range(0x2010, 0x2020), range(0x2032, 0x2038))
"""Spaces, dashes and quotation marks, which count one."""
_PLACE = re.compile(r"\((\d+/\d+)\)$")
_FEWEST = 4


def length(text: str) -> int:
    """Count a post's characters.

    >>> length("Hi https://a.example"), length("日本")
    (26, 4)
    """
    links = sum(max(_LINK, len(each)) for each in _ADDRESS.findall(text))
    return links + sum(map(_weight, _ADDRESS.sub("", text)))


def words(text: str) -> int:
    """Count words."""
    return len(text.split())


def post(part: Part, citations: Sequence[Citation]) -> str:
    """Write a post: what it says, who said it where there is room, and the link at the second."""
    said = " ".join(map(sentence, part.claims))
    place = _PLACE.search(part.title)
    head = f"{said} ({place[1]})" if place else said
    cited = _first(part.claims, citations)
    if cited is None:
        return head
    link = f"\n{cited.link}" if linked(cited.link) else ""
    return next(
        (text for text in _signed(head, cited, link) if length(text) <= LONGEST), head + link
    )


def linked(link: str | None) -> bool:
    """Tell whether there is a link that a post can carry."""
    return link is not None and len(link) <= _LONGEST_LINK


def _signed(head: str, cited: Citation, link: str) -> Iterator[str]:
    who = cited.speaker
    yield (
        f"{head}\n— {who}, {cited.show_title}{link}"
        if who
        else f"{head}\n— {cited.show_title}{link}"
    )
    if who:
        yield f"{head}\n— {who}{link}"
    yield head + link


def room(link: str | None, speaker: str | None) -> int:
    """Give the characters left for words beside link, name, a pair of marks and "(1/9)"."""
    beside = f"\n— {speaker or ''}" + (f"\n{link}" if link and linked(link) else "")
    return LONGEST - length(beside) - 8


def pieces(text: str, most: int) -> list[str]:
    """Cut words that are too long for one post into as few as will do, at commas where it can be.

    >>> pieces("one two three four, five six seven eight", 24)
    ['one two three four,', 'five six seven eight']
    """
    if length(text) <= most:
        return [text]
    said = text.split()
    fit = [n for n in range(1, len(said)) if length(" ".join(said[:n])) <= most]
    ends = [n for n in fit if said[n - 1][-1] in ",;:—–" and n >= len(fit) // 2]
    cut = max(ends, default=max(fit, default=1))
    if len(said) - cut < _FEWEST < cut:
        cut = max(cut - _FEWEST, 1)
    return [" ".join(said[:cut]), *pieces(" ".join(said[cut:]), most)]


def sentence(claim: Claim) -> str:
    """Write a sentence; one that nothing carries says so."""
    return f"{claim.text} {UNSUPPORTED}" if claim.mark is Mark.UNSUPPORTED else claim.text


def attributed(claim: Claim, citations: Mapping[int, Citation]) -> str:
    """Write a sentence of a thesis or blog; after a quote, who said it."""
    cited = citations.get(claim.citations[0]) if claim.citations else None
    if claim.mark is not Mark.QUOTED or cited is None:
        return sentence(claim)
    return f"{claim.text} — {cited.speaker or cited.show_title}"


def article(draft: Draft) -> str:
    """Write a blog post: what is counted against its 500 words."""
    numbered = {each.number: each for each in draft.citations}
    said = (
        " ".join([part.title, *(attributed(each, numbered) for each in part.claims)])
        for part in draft.parts
    )
    return "\n\n".join((draft.title, *said))


def require_short(draft: Draft) -> None:
    """Insist on the length that a draft's kind allows.

    Raises:
        SourceError: a post or the blog post is too long.
    """
    for part in draft.parts if draft.kind is Kind.POST else ():
        count = length(post(part, draft.citations))
        if count > LONGEST:
            raise SourceError(
                f"{part.title} has {count} characters; {LONGEST} are allowed",
                hint="Say it in fewer words, or in two posts.",
            )
    count = words(article(draft)) if draft.kind is Kind.BLOG else 0
    if count > BLOG_WORDS:
        raise SourceError(
            f"The blog post has {count} words; {BLOG_WORDS} are allowed",
            hint="Take a sentence out first.",
        )


def _first(claims: Sequence[Claim], citations: Sequence[Citation]) -> Citation | None:
    numbers = [number for claim in claims for number in claim.citations]
    return next((each for each in citations if numbers and each.number == numbers[0]), None)


def _weight(character: str) -> int:
    code = ord(character)
    return 1 if code <= _SINGLE or any(code in each for each in _LIGHT) else 2
