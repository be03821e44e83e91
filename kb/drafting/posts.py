"""A draft's parts -> the text that is published: posts of 280 characters, a post for a blog.

A Chinese character or an emoji counts two and a link at least 23, as the strictest place that such
posts go to counts; a longer link counts in full, as people count.
"""

import re
from collections.abc import Iterator, Sequence

from kb.drafts import Draft, Kind, Part
from kb.errors import SourceError
from kb.models import Citation, Claim, Mark, Quote

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
    """Write a post: what it says, whose words or what show that is of where there is room, a link.

    A speaker's name stands under nothing but quotes of theirs.
    """
    said = " ".join(map(sentence, part.claims))
    place = _PLACE.search(part.title)
    head = f"{said} ({place[1]})" if place else said
    cited = _source(part.claims, citations)
    if cited is None:
        return head
    link = f"\n{cited.link}" if linked(cited.link) else ""
    texts = (f"{head}{each}{link}" for each in _signatures(part, citations, cited))
    return next((text for text in texts if length(text) <= LONGEST), head + link)


def linked(link: str | None) -> bool:
    """Tell whether there is a link that a post can carry."""
    return link is not None and len(link) <= _LONGEST_LINK


def _signatures(part: Part, citations: Sequence[Citation], cited: Citation) -> Iterator[str]:
    """Yield what may stand under a post, the longest first."""
    quoted = all(claim.mark is Mark.QUOTED for claim in part.claims)
    who = _speaker(part.claims) if quoted else None
    if who:
        yield f"\n— {who}, {cited.show_title}"
        yield f"\n— {who}"
    elif show := _show(part.claims, citations):
        yield f"\nvia {show}"


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


def attributed(claim: Claim, citations: Sequence[Citation]) -> str:
    """Write a sentence of a thesis or blog; after a quote, who said it: nobody where several did."""
    if claim.mark is not Mark.QUOTED:
        return sentence(claim)
    several = len({quote.speaker for quote in claim.quotes}) > 1
    who = "" if several else _speaker([claim]) or _show([claim], citations)
    return f"{claim.text} — {who}" if who else claim.text


def article(draft: Draft) -> str:
    """Write a blog post: what is counted against its 500 words."""
    said = (
        " ".join([part.title, *(attributed(each, draft.citations) for each in part.claims)])
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


def _speaker(claims: Sequence[Claim]) -> str | None:
    """Give who said all quotes of some claims; None where nobody is known, or several did."""
    who = {quote.speaker for claim in claims for quote in claim.quotes}
    return who.pop() if len(who) == 1 else None


def _show(claims: Sequence[Claim], citations: Sequence[Citation]) -> str:
    """Give the show that all citations of some claims are of, "" where there are several."""
    shows = {each.show_title for each in _cited(claims, citations)}
    return shows.pop() if len(shows) == 1 else ""


def _source(claims: Sequence[Claim], citations: Sequence[Citation]) -> Citation | None:
    """Give the citation that a post links: where its first quote stands, else the first."""
    cited = _cited(claims, citations)
    quotes = [quote for claim in claims for quote in claim.quotes if quote.quotable]
    holding = (each for quote in quotes for each in cited if _holds(each, quote))
    return next(holding, cited[0] if cited else None)


def _cited(claims: Sequence[Claim], citations: Sequence[Citation]) -> list[Citation]:
    numbered = {each.number: each for each in citations}
    numbers = dict.fromkeys(number for claim in claims for number in claim.citations)
    return [numbered[each] for each in numbers if each in numbered]


def _holds(cited: Citation, quote: Quote) -> bool:
    there = quote.span is not None and quote.span.episode_id == cited.span.episode_id
    return there and quote.first is not None and cited.first <= quote.first <= cited.last


def _weight(character: str) -> int:
    code = ord(character)
    return 1 if code <= _SINGLE or any(code in each for each in _LIGHT) else 2
