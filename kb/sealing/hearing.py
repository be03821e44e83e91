"""The words of one document, ready to be searched for the places that a claim may be about."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from kb.models import Passage
from kb.sealing import sounds
from kb.sealing.alignment import Said
from kb.sealing.spoken import Word, fillers, words

_COMMON = 400
"""Places from which a word is too common to lead anywhere, unless all of a claim's words are."""
_LEADS = 5
_BLOCK = 8
_WINDOWS = 5
"""Places that are looked at closely."""
_HITS = 200


@dataclass(frozen=True, slots=True)
class Heard:
    """A document's words in a row; `holders` tells of each in which sentence it stands."""

    sentences: tuple[Passage, ...]
    said: Said
    holders: Sequence[int]
    spoken: Sequence[int]
    """Places of the words that are no fillers."""
    stream: str
    """Their keys between spaces."""
    offsets: Sequence[int]
    """Where each of them starts in the stream."""
    postings: Mapping[str, Sequence[int]]
    sounding: Mapping[str, Sequence[str]]
    """Keys of words by how they sound as names."""
    text: str
    """All sentences, with one space wherever there is any."""
    edges: Sequence[int]
    """Where each sentence begins in that text, and where one more would."""

    @classmethod
    def of(cls, sentences: Sequence[Passage], variants: Mapping[str, str]) -> "Heard":
        """Read a document's sentences, given in order; `variants` as `keyed` gives them."""
        said, holders = list[Word](), list[int]()
        for number, sentence in enumerate(sentences):
            found = renamed(words(sentence.text, heard=True), variants)
            said += found
            holders += [number] * len(found)
        spare = fillers(said)
        spoken = [at for at, filler in enumerate(spare) if not filler]
        keys = [said[at].key for at in spoken]
        postings = defaultdict[str, list[int]](list)
        for at in spoken:
            postings[said[at].key].append(at)
        sounding = defaultdict[str, list[str]](list)
        for key in postings:
            sounding[sounds.name_key(key)].append(key)
        offsets = [0, *accumulate(len(key) + 1 for key in keys)][: len(keys)]
        stream = f" {' '.join(keys)} "
        return cls(
            tuple(sentences), Said(said, spare), holders, spoken, stream, offsets,
            dict(postings), dict(sounding), *_written(sentences),
        )  # fmt: skip

    def sentenced(self, claim: str) -> Iterator[tuple[int, int]]:
        """Yield the words of each run of whole sentences that a claim is, character for character."""
        wanted = _spaced(claim)
        for at in _hits(wanted, self.text) if wanted else ():
            first, last = (bisect_left(self.edges, edge) for edge in (at, at + len(wanted) + 1))
            if self.edges[first] == at and self.edges[last] == at + len(wanted) + 1:
                start, end = (bisect_left(self.holders, number) for number in (first, last))
                if start < end:
                    yield start, end

    def exact(self, claim: Said) -> Iterator[tuple[int, int]]:
        """Yield where the claim's words stand one after the other, fillers aside."""
        keys = keys_of(claim)
        for at in _hits(f" {' '.join(keys)} ", self.stream) if keys else ():
            first = bisect_left(self.offsets, at)
            yield self.spoken[first], self.spoken[first + len(keys) - 1] + 1

    def holds(self, keys: Sequence[str]) -> bool:
        """Tell whether the words stand anywhere one after the other, fillers aside."""
        return f" {' '.join(keys)} " in self.stream

    def windows(self, claim: Said) -> list[tuple[int, int]]:
        """Give the stretches that share most with a claim, rare words counting most."""
        found = defaultdict[int, float](float)
        for at, places in self._leads(claim):
            for place in places:
                found[(place - at) // _BLOCK] += 1 / len(places)
        length, count = len(claim.words), len(self.said.words)
        slack = _BLOCK + length // 3
        best = list[int]()
        for block in sorted(found, key=found.__getitem__, reverse=True):
            if len(best) == _WINDOWS:
                break
            if all(abs(block - other) > 1 for other in best):
                best.append(block)
        return [
            (max(0, block * _BLOCK - slack), min(count, (block + 1) * _BLOCK + length + slack))
            for block in best
        ]

    def _leads(self, claim: Said) -> list[tuple[int, Sequence[int]]]:
        leads = [
            (at, places)
            for at, (word, spare) in enumerate(_pairs(claim))
            if not spare
            for key in (word.key, *self._alike(word.key))
            if (places := self.postings.get(key))
        ]
        rare = [lead for lead in leads if len(lead[1]) <= _COMMON]
        return rare or sorted(leads, key=lambda lead: len(lead[1]))[:_LEADS]

    def _alike(self, key: str) -> Sequence[str]:
        """Give the heard words that sound like one that was not heard."""
        sound = "" if key in self.postings else sounds.name_key(key)
        return self.sounding.get(sound, ()) if sound else ()


def _hits(wanted: str, text: str) -> Iterator[int]:
    """Yield where something stands in a text, of very many places the first."""
    at = text.find(wanted)
    for _ in range(_HITS):
        if at < 0:
            return
        yield at
        at = text.find(wanted, at + 1)


def keys_of(said: Said) -> list[str]:
    """Give the keys of the words that count."""
    return [word.key for word, spare in _pairs(said) if not spare]


def _written(sentences: Sequence[Passage]) -> tuple[str, Sequence[int]]:
    """Give the text of all sentences, and the edges between them."""
    texts = [_spaced(each.text) for each in sentences]
    return " ".join(texts), [0, *accumulate(len(text) + 1 for text in texts)]


def _spaced(text: str) -> str:
    return " ".join(text.split())


def keyed(variants: Mapping[str, str]) -> Mapping[str, str]:
    """Give folded names and their variants by the keys of their words, as `renamed` wants them."""
    pairs = {_keys(heard): _keys(name) for heard, name in variants.items()}
    return {heard: name for heard, name in pairs.items() if heard and name}


def _keys(text: str) -> str:
    return " ".join(word.key for word in words(text))


def renamed(said: list[Word], variants: Mapping[str, str]) -> list[Word]:
    """Give the words with the canonical name's keys where a variant of it was heard."""
    if not variants:
        return said
    longest = max(len(variant.split()) for variant in variants)
    found, at = list[Word](), 0
    while at < len(said):
        width = next((n for n in range(longest, 0, -1) if _phrase(said, at, n) in variants), 0)
        run = said[at : at + width]
        found += _as(run, variants[_phrase(said, at, width)].split()) if run else [said[at]]
        at += width or 1
    return found


def _phrase(said: Sequence[Word], at: int, width: int) -> str:
    return " ".join(word.key for word in said[at : at + width])


def _as(run: Sequence[Word], keys: Sequence[str]) -> Iterator[Word]:
    """Yield a name's words over the place where it was heard otherwise."""
    first, last = run[0], run[-1]
    written = " ".join(word.written for word in run)
    for number, key in enumerate(keys):
        closing = number == len(keys) - 1
        yield replace(
            first, key=key, written=written, end=last.end, opens=number == 0, closes=closing,
            pause=closing and last.pause, stop=closing and last.stop, named=True,
        )  # fmt: skip


def _pairs(said: Said) -> Iterator[tuple[Word, bool]]:
    return zip(said.words, said.fillers, strict=True)
