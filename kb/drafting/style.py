"""How somebody writes, measured on texts of theirs: what a draft in their style keeps to."""

import re
from collections import Counter
from collections.abc import Sequence
from statistics import fmean

from kb import sentences
from kb.drafts import Style
from kb.errors import SourceError

_FEWEST = 40
"""Words under which a text tells nothing of a style."""
_HEADING = re.compile(r"^\s{0,3}(?:#{1,6}\s+.+|\*\*[^*]+\*\*)\s*$", re.MULTILINE)
_I = re.compile(r"\b(?:I|I['’](?:m|ve|d|ll)|me|my|mine)\b")
_WE = re.compile(r"\b(?:we|we['’](?:re|ve|d|ll)|us|our|ours)\b", re.IGNORECASE)
_FIGURE = re.compile(r"\d")


def measured(texts: Sequence[str]) -> Style:
    """Measure sample texts.

    Raises:
        SourceError: there is too little to measure.
    """
    bodies = [_HEADING.sub("", text) for text in texts]
    paragraphs = [each for body in bodies for each in _paragraphs(body)]
    said = [one for each in paragraphs for one in _sentences(each)]
    words = sum(len(each.split()) for each in said)
    if words < _FEWEST:
        raise SourceError(
            f"The style samples have {words} words, too few to measure a style",
            hint="Give whole texts of your own: --style FILE, more than once if you like.",
        )
    return Style(
        words=words / len(said),
        paragraph=fmean(len(_sentences(each)) for each in paragraphs),
        person=_person(" ".join(said)),
        opening=_opening(
            [_sentences(each)[0] for body in bodies for each in _paragraphs(body)[:1]]
        ),
        headings=any(_HEADING.search(text) for text in texts),
    )


def described(style: Style) -> str:
    """Say a style in a sentence, for a model or a person.

    >>> described(Style(12.4, 3.0, "we", "question", headings=True))
    'about 12 words a sentence, 3 sentences a paragraph, "we", opening with a question, with headings'
    """
    person = f'"{style.person}"' if style.person else "no first person"
    headings = "with headings" if style.headings else "without headings"
    return (
        f"about {style.words:.0f} words a sentence, {style.paragraph:.0f} sentences a paragraph, "
        f"{person}, opening with a {style.opening}, {headings}"
    )


def _paragraphs(text: str) -> list[str]:
    return [" ".join(each.split()) for each in re.split(r"\n\s*\n", text) if each.strip()]


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences.spans(text)]


def _person(text: str) -> str:
    counts = {"I": len(_I.findall(text)), "we": len(_WE.findall(text))}
    most = max(counts, key=lambda each: counts[each])
    return most if counts[most] else ""


def _opening(first: Sequence[str]) -> str:
    kinds = (
        "question" if each.endswith("?") else "figure" if _FIGURE.search(each) else "statement"
        for each in first
    )
    return Counter(kinds).most_common(1)[0][0]
