"""Drafts an analyst works on: theses and posts whose every sentence is a claim with its citations."""

from dataclasses import dataclass
from enum import StrEnum

from kb.models import Citation, Claim, Episode, Mark, Passage, Question


class Kind(StrEnum):
    """What a draft is to become."""

    THESIS = "thesis"
    POST = "post"
    BLOG = "blog"


class Heading(StrEnum):
    """The parts of a thesis, in their order."""

    PROBLEM = "Problem"
    SOLUTION = "Solution"
    FOR = "Evidence for"
    AGAINST = "Evidence against"
    VOICES = "Independent voices"
    BOOK = "Who is talking their book"
    COMPANIES = "Companies"
    CHANGE = "What would change our mind"


@dataclass(frozen=True, slots=True)
class Part:
    """A titled part of a draft ("Problem", "Evidence against"), a claim for each sentence."""

    title: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A thesis or post in the making. Citation numbers run 1..n over all parts.

    The parts of a post are the single posts of at most 280 characters.
    """

    kind: Kind
    title: str
    parts: tuple[Part, ...]
    citations: tuple[Citation, ...]
    question: str = ""
    writer: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Give the sentences of all parts in order."""
        return tuple(claim for part in self.parts for claim in part.claims)

    @property
    def publishable(self) -> float:
        """Give the share of sentences that are quoted, supported or an own view; 0 of none."""
        backed = sum(claim.mark is not Mark.UNSUPPORTED for claim in self.claims)
        return backed / len(self.claims) if self.claims else 0.0

    @property
    def points(self) -> int:
        """Count the sentences that carry the draft: those that cite, in the parts that argue."""
        return sum(
            bool(claim.citations) and claim.mark is not Mark.OWN_VIEW
            for part in self.parts
            if part.title not in _TOLD
            for claim in part.claims
        )


_TOLD = frozenset((Heading.VOICES, Heading.BOOK, Heading.COMPANIES))
"""Parts that are counted from the others and argue nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that somebody proposes or typed, not yet checked.

    It says to rest on the sentences `cited`. `own` is true of what is said as the analyst's view:
    never of what a model writes. `lost` are citations whose words are in the library no more.
    """

    text: str
    cited: tuple[Passage, ...] = ()
    own: bool = False
    lost: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a draft before the check."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Sentences that follow one another in one turn: what a draft can be made of.

    `contrary` is true of what was found by asking for the opposite.
    """

    sentences: tuple[Passage, ...]
    episode: Episode
    contrary: bool = False

    @property
    def text(self) -> str:
        """Give the sentences as they were said."""
        return " ".join(each.text for each in self.sentences)


@dataclass(frozen=True, slots=True)
class Style:
    """How somebody writes, measured on texts of theirs.

    `person` is "I", "we" or "" for neither; `opening` how their texts begin: "question", "figure"
    or "statement". `words` is the mean length of a sentence, `paragraph` of a paragraph in
    sentences; `headings` tells whether they use them.
    """

    words: float
    paragraph: float
    person: str
    opening: str
    headings: bool


@dataclass(frozen=True, slots=True)
class Order:
    """What a drafter is to write, and of what; the best excerpts come first."""

    kind: Kind
    title: str
    excerpts: tuple[Excerpt, ...]
    question: Question | None = None
    style: Style | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """What a critic holds against a draft; `sentence` is its number from 1, None for the whole."""

    what: str
    sentence: int | None = None
