"""A claimed quote and the words it is checked against -> a sealed `Quote`. The only maker of quotes.

Every word of a claim is laid beside the words that were heard (`kb.sealing.alignment`). What may differ is
told by rule, see docs/evidence.md; a similarity score never seals.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby, pairwise

from kb import names
from kb.models import Difference, Passage, Quote, QuoteStatus, Span
from kb.sealing import reversals
from kb.sealing.alignment import BRACKET, GRAMMAR, REAL, Said
from kb.sealing.claimed import Claimed, read
from kb.sealing.hearing import Heard, keyed, keys_of, renamed
from kb.sealing.judging import Judge, Place
from kb.sealing.reversals import closed
from kb.sealing.spoken import Word, close

_TRIED = 24
"""Places of the same words that are looked at."""
_PIECE = 4
"""Words that a piece of a stitched quote has at least."""
_APART = 4
"""Words that must differ before a claim is looked at as stitched together."""
_SKIP, _SKIP_SENTENCES = 20, 60
"""Words that an ellipsis may skip: inside a sentence; where whole sentences are left out."""
_OPEN = " … "
_LONG = 300
"""Words from which a claim is only looked for word for word: to lay it beside others takes too long."""
_POINTING = closed("it he she they this that these those him her them his its their")
"""Words that open a part with somebody or something named before it."""


def check(
    claim: str,
    sentences: Sequence[Passage],
    *,
    near: Span | None = None,
    speaker: str | None = None,
    variants: Mapping[str, str] = {},
) -> Quote:
    """Seal a claim against one document's sentences, given in order; unchecked where there are none.

    Of several places the one nearest to `near` is meant. `speaker` is who is claimed to have said
    it; `variants` gives the folded canonical name of folded words that were heard for it.
    """
    return Record.of(sentences, variants=variants).check(claim, near=near, speaker=speaker)


@dataclass(frozen=True, slots=True)
class Record:
    """One document, made ready for many claims."""

    heard: Heard
    variants: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(
        cls,
        sentences: Sequence[Passage],
        *,
        variants: Mapping[str, str] = {},
    ) -> "Record":
        """Make a document's sentences ready, given in order."""
        known = keyed(variants)
        return cls(Heard.of(sentences, known), known)

    def check(self, claim: str, *, near: Span | None = None, speaker: str | None = None) -> Quote:
        """Seal a claim, see `check`."""
        if not self.heard.sentences:
            return Quote(claim, QuoteStatus.UNCHECKED)
        claimed = self._read(claim)
        said = renamed(list(claimed.said.words), self.variants)
        if len(said) == len(claimed.said.words):
            claimed = replace(claimed, said=Said(said, claimed.said.fillers))
        if not said or not self.heard.said.words:
            return Quote(claim, QuoteStatus.ABSENT)
        return _Sealing(self, claim, claimed, Judge(self.heard, speaker), near).quote()

    def _read(self, claim: str) -> Claimed:
        """Read a claim; its brackets are words of the record where those stand there with them."""
        literal = read(claim, literal=True) if BRACKET in claim else None
        held = literal and self.heard.holds(keys_of(literal.said))
        return literal if literal and held else read(claim)


@dataclass(frozen=True, slots=True)
class _Sealing:
    """The check of one claim."""

    record: Record
    claim: str
    claimed: Claimed
    judge: Judge
    near: Span | None

    def quote(self) -> Quote:
        """Try what a claim may be, from the strongest status to the weakest."""
        stretch = self._sentences()
        if stretch:
            return replace(self._sealed(stretch), source=" ".join(self.claim.split()))
        best = self._best(self.claimed.said)
        if best and best.sound:
            return self._sealed(best)
        if best and best.whole:
            crosses = best.crossing and not best.differs
            return self._crossing(best) if crosses else self._altered(best)
        return self._cut() or self._parted(best) or self._unlike(best)

    def _sentences(self) -> Place | None:
        """Find the claim as whole sentences, character for character: whatever marks they hold."""
        runs = self._ranked(self.judge.heard.sentenced(self.claim))
        found = (self.judge.stretch(*run) for run in runs)
        return next((place for place in found if place.sound), None)

    def _cut(self) -> Quote | None:
        return self._elided() if self.claimed.cuts else None

    def _parted(self, best: Place | None) -> Quote | None:
        """Seal the pieces of a claim that is far from any one place."""
        if best and best.cost < _APART * REAL:
            return None
        pieces = tuple(self._piece(part) for part in self._runs())
        sealed = len(pieces) > 1 and all(piece.quotable for piece in pieces)
        return self._stitched(pieces) if sealed else None

    def _unlike(self, best: Place | None) -> Quote:
        near = best and self.judge.near(self.claimed.said, best)
        return self._altered(best) if best and near else Quote(self.claim, QuoteStatus.ABSENT)

    def _best(self, said: Said) -> Place | None:
        """Give the place where a claim stands best: word for word, else where most of it is."""
        exact = self._exact(said)
        sound = [place for place in exact if place.sound]
        if sound:
            return min(sound, key=self._preference)
        every = [*exact, *self._placed(said, self._windows(said))]
        return min(every, key=self._preference, default=None)

    def _windows(self, said: Said) -> list[tuple[int, int]]:
        return [] if self._long else self.judge.heard.windows(said)

    @property
    def _long(self) -> bool:
        return len(self.claimed.said.words) > _LONG

    def _exact(self, said: Said) -> list[Place]:
        """Give the places that hold a claim's very words."""
        return self._placed(said, self._ranked(self.judge.heard.exact(said)), exact=self._long)

    def _ranked(self, places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Give the places in the order of their distance from where the claim is said to be."""
        return sorted(places, key=lambda place: self._distance(place[0]))[:_TRIED]

    def _placed(
        self, said: Said, places: Iterable[tuple[int, int]], *, exact: bool = False
    ) -> list[Place]:
        text = self.claimed.text
        found = (self.judge.place(said, *place, text, exact=exact) for place in places)
        return [place for place in found if place]

    def _preference(self, place: Place) -> tuple[bool, int, bool, int, int, float, int]:
        """Order places: sound ones, then those that hold the words, in one voice, with least changed."""
        real = place.cost // REAL
        return (
            not place.sound, real, place.crossing, len(place.differs), len(place.alike),
            self._distance(place.start), place.start,
        )  # fmt: skip

    def _distance(self, word: int) -> float:
        start = self._sentence(word).span.start
        wanted = self.near.start if self.near else None
        return 0.0 if wanted is None or start is None else abs(start - wanted)

    def _sentence(self, word: int) -> Passage:
        return self.judge.heard.sentences[self.judge.heard.holders[word]]

    def _sealed(self, place: Place) -> Quote:
        return self._at(place, _status(place.alike), self.claim, place.alike)

    def _altered(self, place: Place) -> Quote:
        return self._at(place, QuoteStatus.ALTERED, self.claim, (*place.differs, *place.alike))

    def _at(
        self, place: Place, status: QuoteStatus, claim: str, differences: tuple[Difference, ...]
    ) -> Quote:
        heard = self.judge.heard
        run = heard.sentences[heard.holders[place.start] : heard.holders[place.end - 1] + 1]
        return Quote(
            claim,
            status,
            source=self._source(place, run),
            span=joined([sentence.span for sentence in run]),
            speaker=None if place.crossing else run[0].speaker,
            first=run[0].first,
            last=run[-1].last,
            differences=differences,
        )

    def _source(self, place: Place, run: Sequence[Passage]) -> str:
        """Give the words as they stand in the record, from the place's first to its last."""
        words = self.judge.heard.said.words
        start, end = words[place.start].start, close(run[-1].text, words[place.end - 1].end)
        if len(run) == 1:
            return run[0].text[start:end]
        between = [sentence.text for sentence in run[1:-1]]
        return " ".join([run[0].text[start:], *between, run[-1].text[:end]])

    def _piece(self, part: Said) -> Quote:
        """Seal a part of the claim by itself."""
        return self.record.check(
            self.claimed.written(part), near=self.near, speaker=self.judge.speaker
        )

    def _stitched(self, pieces: tuple[Quote, ...]) -> Quote:
        voices = {piece.speaker for piece in pieces}
        return Quote(
            self.claim,
            QuoteStatus.STITCHED,
            source=_OPEN.join(piece.source or "" for piece in pieces),
            speaker=pieces[0].speaker if len(voices) == 1 else None,
            pieces=pieces,
        )

    def _crossing(self, place: Place) -> Quote:
        """Part a quote that runs on into somebody else's turn."""
        pieces = tuple(self._piece(part) for part in self.claimed.said.parts(place.handovers))
        if len(pieces) > 1 and all(piece.quotable for piece in pieces):
            return self._stitched(pieces)
        differs = Difference("speaker", "one voice", "several")
        return self._altered(replace(place, differs=(*place.differs, differs)))

    def _runs(self) -> Sequence[Said]:
        """Cut a claim into what stands somewhere word for word: at its marks, else as long as it goes."""
        return self.claimed.parts if self.claimed.cuts else self._longest()

    def _longest(self) -> Sequence[Said]:
        """Give the longest runs that stand in the record; none where one is too short to tell."""
        said, at, found = self.claimed.said, 0, list[Said]()
        while at < len(said.words):
            end = self._reach(said, at)
            if end - at < _PIECE:
                return ()
            found.append(said.part(at, end))
            at = end
        return found

    def _reach(self, said: Said, start: int) -> int:
        """Give how far the words from one on stand in the record, by halving."""
        low, high = start, len(said.words)
        while low < high:
            middle = (low + high + 1) // 2
            held = self.judge.heard.holds(keys_of(said.part(start, middle)))
            low, high = (middle, high) if held else (low, middle - 1)
        return low

    def _elided(self) -> Quote | None:
        """Seal what its marks say was cut: in order, in one voice, nothing skipped that turns it."""
        parts = self.claimed.parts
        chain = self._chain(parts)
        if chain is None:
            pieces = tuple(self._piece(part) for part in parts)
            return self._stitched(pieces) if all(piece.quotable for piece in pieces) else None
        pieces = tuple(
            self._at(place, _status(place.alike), self.claimed.written(part), place.alike)
            for part, place in zip(parts, chain, strict=True)
        )
        skipped = [self._skipped(before, behind) for before, behind in pairwise(chain)]
        if any(each is None for each in skipped):
            return self._stitched(pieces)
        turning = tuple(each for each in skipped if each and each.heard)
        alike = tuple(each for place in chain for each in place.alike)
        whole = replace(chain[0], end=chain[-1].end)
        status = QuoteStatus.ALTERED if turning else _status(alike)
        sealed = self._at(whole, status, self.claim, turning or alike)
        return replace(
            sealed, pieces=pieces, source=_OPEN.join(each.source or "" for each in pieces)
        )

    def _chain(self, parts: Sequence[Said]) -> list[Place] | None:
        """Find sound places for the parts, one behind the other, as near together as can be."""
        chains = [[place] for place in self._all_sound(parts[0])]
        for part in parts[1:]:
            places = self._all_sound(part)
            chains = [
                [*chain, min(behind, key=lambda place: place.start)]
                for chain in chains
                if (behind := [place for place in places if place.start >= chain[-1].end])
            ]
        return min(chains, key=lambda chain: chain[-1].end - chain[0].start, default=None)

    def _all_sound(self, part: Said) -> list[Place]:
        places = [*self._exact(part), *self._placed(part, self._windows(part))]
        found = {place.start: place for place in places if place.sound}
        return list(found.values())

    def _skipped(self, before: Place, behind: Place) -> Difference | None:
        """Judge what lies between two parts: None where they are places apart.

        Without heard words in it, the difference is one that does not matter.
        """
        heard = self.judge.heard
        words = heard.said.words[before.end : behind.start]
        voices = {
            heard.sentences[number].speaker for number in heard.holders[before.start : behind.end]
        }
        if len(voices) > 1 or len(words) > _SKIP_SENTENCES:
            return None
        stops = heard.said.words[before.end - 1].stop and words and words[-1].stop
        apart = heard.said.words[before.end - 1].pause and words and words[-1].pause
        keys = [word.key for word in words]
        either = heard.said.words[max(before.start, before.end - _SKIP) : before.end]
        turning = reversals.skipped(keys, whole=bool(stops))
        if not (stops or any(word.named for word in words)) and reversals.added(
            keys, [word.key for word in either]
        ):
            turning = ""
        whole = stops and not self._other_meant(words, behind)
        fits = whole or (apart and not stops and len(words) <= _SKIP)
        said = " ".join(word.written for word in words if word.opens)
        return Difference("left out", "…", said if turning or not fits else "")

    def _other_meant(self, skipped: Sequence[Word], behind: Place) -> bool:
        """Tell whether what follows points at what was skipped: "Google … Theranos. | It failed"."""
        if self.judge.heard.said.words[behind.start].key not in _POINTING:
            return False
        opening = [True, *(word.stop for word in skipped)]
        return any(
            word.named or (opens and word.key not in GRAMMAR)
            for word, opens in zip(skipped, opening, strict=False)
        )


def _status(alike: Sequence[Difference]) -> QuoteStatus:
    return QuoteStatus.HEARD_ALIKE if alike else QuoteStatus.VERBATIM


def places(said: str, sentences: Sequence[Passage]) -> Iterator[Sequence[Passage]]:
    """Give each run of sentences in which the words stand one after the other."""
    wanted = folded(said)
    heard = [folded(sentence.text) for sentence in sentences]
    words = [word for sentence in heard for word in sentence]
    ends = list(accumulate(map(len, heard)))
    for at in range(len(words) - len(wanted) + 1):
        if wanted and words[at] == wanted[0] and words[at : at + len(wanted)] == wanted:
            yield sentences[_holding(ends, at) : _holding(ends, at + len(wanted) - 1) + 1]


def folded(text: str) -> list[str]:
    """Give the words of a text with case, punctuation and kinds of apostrophe folded away.

    >>> folded("“It’s 3.5 points—no more,” she said.")
    ['it', 's', '3.5', 'points', 'no', 'more', 'she', 'said']
    """
    return names.key(text).split()


def runs(sentences: Iterable[Passage]) -> Iterator[tuple[Passage, ...]]:
    """Yield the stretches of sentences that follow one another in one document, each once."""
    single = {each.id: each for each in sentences}.values()
    ordered = sorted(single, key=lambda each: (each.span.episode_id, each.tier, each.first))
    numbered = enumerate(ordered)
    for _, group in groupby(
        numbered, key=lambda pair: (pair[1].span.episode_id, pair[1].tier, pair[1].first - pair[0])
    ):
        yield tuple(passage for _, passage in group)


def joined(spans: Sequence[Span]) -> Span:
    """Give the span from the first one's start to the last one's end."""
    first, last = spans[0], spans[-1]
    return Span(first.episode_id, first.start, last.end, all(span.exact for span in spans))


def _holding(ends: Sequence[int], word: int) -> int:
    return next(number for number, end in enumerate(ends) if end > word)
