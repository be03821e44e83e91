"""A draft as Markdown with receipts: each citation with who, where, when, and the words as heard.

Whatever the draft says of itself, it is read against the library again on its way out. A sentence
whose quote does not stand there is left out, and the receipts say so in the words that were heard.
A sentence that nothing carries leaves with a mark that can be seen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.drafting import posts
from kb.drafting.proof import LOST, Proof, fault
from kb.drafts import Draft, Kind, Part
from kb.markdown import escaped
from kb.models import Citation, Claim, Mark, Quote
from kb.text import clock

_UNTITLED = {
    Kind.THESIS: "Investment thesis",
    Kind.POST: "Posts",
    Kind.BLOG: "Blog post",
}


@dataclass(frozen=True, slots=True)
class Export:
    """The Markdown, and how many sentences had to be left out of it."""

    text: str
    left_out: int


def markdown(draft: Draft, proof: Proof) -> Export:
    """Write a draft for others to read."""
    proof = proof.sitting()  # one export may read a long episode ten times
    read = proof.again(draft)
    lost = proof.lost(read)
    held = tuple(each for each in read.citations if each.number not in lost)
    parts = tuple(part for part in map(_clean, read.parts) if part.claims)
    kept = replace(read, parts=parts, citations=held)
    gone = [claim for claim in read.claims if not leaves(claim)]
    title = proof.heading(read.title, read)
    lines = [f"# {escaped(title or _UNTITLED[read.kind])}", "", *_body(kept, proof)]
    lines += ["## Receipts", "", f"{share(read)}.", ""]
    lines += _receipts(read, lost)
    lines += _left_out(gone)
    if title is None:
        lines += ["The title held a quote that nobody said, and was left out.", ""]
    return Export("\n".join(lines).rstrip() + "\n", len(gone))


def share(draft: Draft) -> str:
    """Say how much of a draft can be published, and what its sentences are.

    >>> share(Draft(Kind.POST, "Nothing", (), ()))
    '0 % of 0 sentences can be published: 0 quoted, 0 supported, 0 own view, 0 unsupported'
    """
    marks = [claim.mark for claim in draft.claims]
    counts = ", ".join(f"{marks.count(mark)} {mark}" for mark in Mark)
    percent = int(100 * draft.publishable)  # never rounded up: 99.6 is not all of it
    return f"{percent} % of {len(marks)} sentences can be published: {counts}"


def leaves(claim: Claim) -> bool:
    """Tell whether a sentence may be shown to others: each quote in it is one that was said."""
    return all(quote.quotable for quote in claim.quotes)


def _clean(part: Part) -> Part:
    return replace(part, claims=tuple(filter(leaves, part.claims)))


def _body(draft: Draft, proof: Proof) -> Iterator[str]:
    for count, part in enumerate(draft.parts, 1):
        if part.title:
            title = proof.heading(part.title, draft)
            yield from (f"## {escaped(title or f'Part {count}')}", "")
        if draft.kind is Kind.POST:
            yield from (*_lines(posts.post(part, draft.citations)), "")
        for claim in part.claims if draft.kind is not Kind.POST else ():
            yield from (_sentence(claim, draft.citations), "")


def _lines(post: str) -> Iterator[str]:
    """Write a post line by line; a link stays one."""
    for line in post.splitlines():
        address = line.startswith(("https://", "http://"))
        yield f"{_address(line) if address else escaped(line)}  "


def _sentence(claim: Claim, citations: Sequence[Citation]) -> str:
    numbers = "".join(rf"\[{number}\]" for number in claim.citations)
    own = " *(own view)*" if claim.mark is Mark.OWN_VIEW else ""
    said = escaped(posts.attributed(claim, citations))
    return f"{said}{own}{' ' if numbers else ''}{numbers}"


def _receipts(draft: Draft, lost: frozenset[int]) -> Iterator[str]:
    for citation in draft.citations:
        if citation.number in lost:
            yield f"{citation.number}. {LOST}"
        else:
            yield from _receipt(citation, draft)
        yield ""


def _receipt(citation: Citation, draft: Draft) -> Iterator[str]:
    span = citation.span
    at = "no time" if span.start is None or span.end is None else clock(span.start)
    about = "" if span.exact else "about "
    who = citation.speaker or "speaker unknown"
    where = f"{citation.show_title}: {citation.episode_title}"
    yield f"{citation.number}. {escaped(who)} · {escaped(where)} · {about}{at} · {citation.tier}"
    if citation.suspect:
        yield "   The recording is damaged: times may be off."
    if citation.link:
        yield f"   {_address(citation.link)}"
    yield f"   > {escaped(citation.text)}"
    for status in dict.fromkeys(
        quote.status for quote in _quoted(citation, draft) if quote.quotable
    ):
        yield f"   Sealed: {status}"


def _quoted(citation: Citation, draft: Draft) -> Iterator[Quote]:
    for claim in draft.claims:
        if citation.number in claim.citations:
            yield from claim.quotes


def _left_out(gone: Sequence[Claim]) -> Iterator[str]:
    if not gone:
        return
    yield from ("## Left out", "")
    for claim in gone:
        bad = next(quote for quote in claim.quotes if not quote.quotable)
        yield f"- A sentence was left out. {escaped(fault(bad))}"
    yield ""


def _address(link: str) -> str:
    """Write a link that Markdown takes whole; ours are http or https alone, see `kb.links`."""
    return f"<{link.replace('<', '%3C').replace('>', '%3E').replace(' ', '%20')}>"
