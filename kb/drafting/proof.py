"""A draft's sentences -> claims: every place looked up, every quote sealed, every number ours.

Nothing that a draft says of itself is believed: marks, seals and the words of its citations are made
from the library each time it is read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb import anchors, citing, seal, support
from kb.drafting import mouths
from kb.drafting.mouths import NOBODY, People
from kb.drafting.plain import Plain, plain
from kb.drafts import Draft, Line, Part, Section
from kb.errors import NotFoundError
from kb.models import Citation, Claim, Episode, Mark, Passage, Quote, QuoteStatus, Span, Tier, Unit
from kb.ports import Library
from kb.quotations import FEWEST
from kb.seal import Record, folded, runs
from kb.support import Weighed

LOST = "What it cites is in the library no more."
UNCITED = "It cites nothing."


Variants = Callable[[str], Mapping[str, str]]
"""Gives, for an episode's id, heard words and the names they stand for, both folded."""


Key = tuple[str, Tier]
"""A document: the id of its episode, and its tier."""


def _unmended(episode_id: str) -> Mapping[str, str]:
    del episode_id
    return {}


@dataclass(frozen=True, slots=True)
class Proof:
    """Reads drafts against a library; `variants` gives what an episode's words were mended to."""

    library: Library
    variants: Variants = _unmended
    _desk: "_Documents | None" = None

    def sitting(self) -> "Proof":
        """Give the same for one sitting: it fetches and prepares each document once."""
        return self if self._desk else replace(self, _desk=_Documents(self.library, self.variants))

    def read(self, draft: Draft, sections: Sequence[Section]) -> Draft:
        """Check sections and give the draft with them as its parts, its citations numbered anew."""
        page = self._page()
        page.open(
            passage for section in sections for line in section.lines for passage in line.cited
        )
        parts = tuple(page.part(section) for section in sections)
        return replace(
            draft,
            parts=tuple(part for part in parts if part.claims),
            citations=tuple(page.citations),
        )

    def again(self, draft: Draft) -> Draft:
        """Read a kept draft anew: what it cites is found again by its words, or is lost."""
        return self.read(draft, self.reopened(draft))

    def reopened(self, draft: Draft) -> list[Section]:
        """Give a draft's parts as they were before the check, each citation found again."""
        page = self._page()
        numbered = {each.number: each for each in draft.citations}
        found = {number: page.found(each) for number, each in numbered.items()}

        def line(claim: Claim) -> Line:
            numbers = [number for number in claim.citations if number in numbered]
            return Line(
                claim.text,
                tuple(passage for number in numbers for passage in found[number]),
                own=claim.mark is Mark.OWN_VIEW,
                lost=tuple(numbered[number] for number in numbers if not found[number]),
            )

        return [Section(part.title, tuple(map(line, part.claims))) for part in draft.parts]

    def lost(self, draft: Draft) -> frozenset[int]:
        """Give the numbers of the citations whose words are in the library no more."""
        page = self._page()
        return frozenset(each.number for each in draft.citations if not page.found(each))

    def heading(self, title: str, draft: Draft) -> str | None:
        """Give a title in plain words; None where it has a quote that nobody said."""
        page = self._page()
        page.open(passage for each in draft.citations for passage in page.found(each))
        [said] = plain([title])
        stands = all(each.quote.quotable for each in page.sealed(Line(title), said))
        return said.text if stands else None

    def _page(self) -> "_Page":
        return _Page(self._desk or _Documents(self.library, self.variants))


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A quote, and the sentences in which it stands where it may be shown."""

    quote: Quote
    sentences: tuple[Passage, ...] = ()


@dataclass(slots=True)
class _Documents:
    """What is read of a library, each document fetched and prepared once."""

    library: Library
    variants: Variants
    _sentences: dict[Key, tuple[Passage, ...]] = field(
        default_factory=dict[Key, tuple[Passage, ...]]
    )
    _records: dict[Key, Record] = field(default_factory=dict[Key, Record])
    _episodes: dict[str, Episode | None] = field(default_factory=dict[str, Episode | None])
    _people: People | None = None

    def people(self) -> People:
        """Give whoever is known to the library: a quote may be put into any mouth."""
        if self._people is None:
            self._people = People.of(self.library.people())
        return self._people

    def record(self, key: Key) -> Record:
        if key not in self._records:
            self._records[key] = Record.of(self.sentences(key), variants=self.variants(key[0]))
        return self._records[key]

    def sentences(self, key: Key) -> tuple[Passage, ...]:
        if key not in self._sentences:
            found = self.library.passages_of(key[0], unit=Unit.SENTENCE, tier=key[1])
            self._sentences[key] = tuple(found)
        return self._sentences[key]

    def episode(self, episode_id: str) -> Episode | None:
        if episode_id not in self._episodes:
            try:
                self._episodes[episode_id] = self.library.episode(episode_id)
            except NotFoundError:
                self._episodes[episode_id] = None
        return self._episodes[episode_id]


@dataclass(slots=True)
class _Page:
    """One reading of a draft; `opened` are the documents in which quotes that cite nothing may stand."""

    documents: _Documents
    citations: list[Citation] = field(default_factory=list[Citation])
    opened: dict[Key, None] = field(default_factory=dict[Key, None])

    def open(self, cited: Iterable[Passage]) -> None:
        """Take up the documents that a draft cites."""
        self.opened |= dict.fromkeys((each.span.episode_id, each.tier) for each in cited)

    def part(self, section: Section) -> Part:
        said = plain([line.text for line in section.lines])
        pairs = zip(section.lines, said, strict=True)
        return Part(
            section.title, tuple(self._claim(line, each) for line, each in pairs if each.text)
        )

    def found(self, citation: Citation) -> tuple[Passage, ...]:
        """Give the sentences that hold a citation's words now; none where they are gone."""
        key = (citation.span.episode_id, citation.tier)
        if self.documents.episode(key[0]) is None:
            return ()
        sentences, wanted = self.documents.sentences(key), folded(citation.text)
        there = sentences[max(citation.first, 0) : citation.last + 1]
        if wanted and folded(" ".join(each.text for each in there)) == wanted:
            return there
        place = anchors.find(citation.text, sentences, near=citation.span.start)
        return sentences[place[0].first : place[1].last + 1] if place else ()

    def sealed(self, line: Line, said: Plain) -> tuple[_Sealed, ...]:
        """Seal what a sentence has between quotation marks, in what it cites or else in all.

        Whom the sentence names beside a quote must have said it.
        """
        words = sum(len(folded(quote)) for quote in said.quotes)
        if not said.quotes or not (line.cited or said.loose or words >= FEWEST):
            return ()
        people = self.documents.people() if any(map(any, said.beside)) else NOBODY
        return tuple(
            self._seal(quote, line.cited, mouths.named(before, behind, people))
            for quote, (before, behind) in zip(said.quotes, said.beside, strict=True)
        )

    def _seal(self, quote: str, cited: Sequence[Passage], speaker: str | None) -> _Sealed:
        keys = dict.fromkeys((each.span.episode_id, each.tier) for each in cited)
        near = cited[0].span if cited else None
        tried = [
            self._tried(quote, key, near if near and near.episode_id == key[0] else None, speaker)
            for key in keys or self.opened
        ]
        nothing = _Sealed(seal.check(quote, ()))
        return min(tried, key=lambda each: _RANK[each.quote.status], default=nothing)

    def _tried(self, quote: str, key: Key, near: Span | None, speaker: str | None) -> _Sealed:
        found = self.documents.record(key).check(quote, near=near, speaker=speaker)
        if not found.quotable or found.first is None or found.last is None:
            return _Sealed(found)
        return _Sealed(found, self.documents.sentences(key)[found.first : found.last + 1])

    def _claim(self, line: Line, said: Plain) -> Claim:
        sealed = self.sealed(line, said)
        held = {each.id for each in line.cited}
        stand = (passage for each in sealed for passage in each.sentences)
        cited = [*line.cited, *(passage for passage in stand if passage.id not in held)]
        numbers = [self._number(run) for run in runs(cited)]
        numbers += [self._kept(each) for each in line.lost]
        weighed = support.weigh(
            said.text, cited, context=self._context(cited), variants=self._mended(cited)
        )
        own = tuple(each.quote for each in sealed)
        quotes = (*own, *(each for each in weighed.quotes if not (own and each.quotable)))
        mark, why = _mark(replace(line, cited=tuple(cited)), said, quotes, weighed)
        return Claim(said.text, mark, tuple(dict.fromkeys(numbers)), quotes, why)

    def _context(self, cited: Sequence[Passage]) -> str:
        """Give what a sentence may name beside the words it cites: who says them, and where."""
        episodes = dict.fromkeys(each.span.episode_id for each in cited)
        held = filter(None, map(self.documents.episode, episodes))
        titles = (f"{each.title} {each.show.title}" for each in held)
        return " ".join((*titles, *dict.fromkeys(each.speaker or "" for each in cited)))

    def _mended(self, cited: Sequence[Passage]) -> Mapping[str, str]:
        mended = dict[str, str]()
        for episode_id in dict.fromkeys(each.span.episode_id for each in cited):
            mended |= self.documents.variants(episode_id)
        return mended

    def _number(self, run: tuple[Passage, ...]) -> int:
        """Give the number of the citation for a run of sentences, adding it if it is new."""

        def episode(episode_id: str) -> Episode:
            held = self.documents.episode(episode_id)
            if held is None:
                raise NotFoundError(
                    f"{run[0].id} belongs to no episode of the library", hint="Draft it again."
                )
            return held

        return citing.number(run, self.citations, episode)

    def _kept(self, lost: Citation) -> int:
        """Keep a citation that is lost as it was, under a number of its own."""
        self.citations.append(replace(lost, number=len(self.citations) + 1))
        return len(self.citations)


_RANK = {status: rank for rank, status in enumerate(QuoteStatus)}
"""The statuses, what tells most first."""


def _mark(line: Line, said: Plain, quotes: Sequence[Quote], weighed: Weighed) -> tuple[Mark, str]:
    """Say how a sentence is backed, and what is missing. A false quote outweighs all else."""
    bad = next((each for each in quotes if not each.quotable), None)
    if bad is not None:
        return Mark.UNSUPPORTED, fault(bad)
    if line.lost or not (line.cited or line.own):
        return Mark.UNSUPPORTED, LOST if line.lost else UNCITED
    whole = bool(said.quotes) and said.text == f"“{said.quotes[0]}”"
    if line.own or whole:
        return Mark.OWN_VIEW if line.own else Mark.QUOTED, ""
    return weighed.mark, weighed.why


def fault(quote: Quote) -> str:
    """Say what is wrong with a quote, in the words that were heard and none that were not."""
    kinds = ", ".join(dict.fromkeys(each.kind for each in quote.differences))
    what = f"Its quote is {quote.status}{f' ({kinds})' if kinds else ''}."
    return f"{what} Heard was: {quote.source}" if quote.source else what
