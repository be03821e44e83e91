"""Names that were probably misheard: a rare word that sounds like a name that belongs there.

Suggested where a name is expected in the episode and a rare capitalised word sounds like it;
accepted without a person where a second, independent signal agrees, and nothing speaks against it.
A wrong correction costs more than a missing one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

import jellyfish

from kb import names, questions
from kb.corrections import Correction, Shown, State
from kb.models import Episode, Filters, Passage, Tier, Unit
from kb.ports import Library

RARE = 5
"""A word that the library holds more often is a name of its own."""
SHOWN = 3
"""Passages that are given as evidence."""
_LONG = 6
"""Letters from which a name's sound is seldom another's too."""
_SAME = "it is letter by letter the same"
_ADDRESS = re.compile(r"https?://\S+|\b\w[\w.-]*\.(?:com|org|ai|io|net|dev|co)\b\S*")
_PLAIN_WORD = re.compile(r"(?<![\w'’-])[a-z]+(?![\w'’-])")
_WORD = re.compile(r"\w[\w'’-]*")
_SENTENCE_END = re.compile(r"[.!?:;,]")


class Signal(StrEnum):
    """What speaks for a correction beside the sound, in words for a person."""

    LISTED = "the episode's people, or its notes more than once, name it and nobody in it says it"
    BOTH = "the same speaker says both"
    BESIDE = "the rest of the name stands beside it"
    BETWEEN = "it stands between the same words"


@dataclass(frozen=True, slots=True)
class _Heard:
    """A transcript's sentences with what the episode's notes, titles and people name.

    `told` counts what notes and titles name, `people` holds the words of full names.
    """

    episode: Episode
    sentences: Sequence[Passage]
    said: Counter[str]
    told: Counter[str]
    people: Sequence[Sequence[str]]

    @property
    def listed(self) -> frozenset[str]:
        """Give what notes, titles and people name, as it is spelled there."""
        return frozenset((*self.told, *(word for words in self.people for word in words)))

    def listed_surely(self, name: str, heard: int) -> bool:
        """Tell whether a name is a person's here, or told as often as its like was heard.

        Notes have slips too: once is not enough.
        """
        told = self.told[name] > 1 and self.told[name] >= heard
        return told or any(name in words for words in self.people)

    def holding(self, words: str) -> list[Passage]:
        """Give the sentences in which words stand as they are spelled."""
        wanted = re.compile(rf"(?<![\w-]){re.escape(words)}(?![\w-])")
        return [each for each in self.sentences if wanted.search(each.text)]


@dataclass(frozen=True)
class _World:
    """What all episodes together hold.

    `said` counts each spelling of a name, `plain` each word in small letters; `listed` is what
    notes, people and titles name anywhere, and `beside` the words that stand next to a spelling.
    """

    said: Counter[str]
    plain: Counter[str]
    listed: frozenset[str]
    beside: Mapping[str, frozenset[str]]

    def is_name(self, word: str) -> bool:
        """Tell whether a word is said as a name more often than as a word of everyday."""
        return self.plain[names.fold(word)] < max(self.said[word], 1)

    @cached_property
    def _often(self) -> Sequence[str]:
        """Give the names that are said too often to be slips."""
        often = (name for name, count in self.said.items() if count > RARE)
        return [name for name in often if self.is_name(name)]

    @cached_property
    def sounding(self) -> Mapping[str, Sequence[str]]:
        """Give those names by how they sound."""
        return _by_sound(self._often)

    @cached_property
    def folded(self) -> Mapping[str, str]:
        """Give those names by how they are folded."""
        return {names.fold(name): name for name in self._often}


def found(library: Library) -> Iterator[Correction]:
    """Suggest corrections for every transcript of a library, the sure ones as accepted."""
    heard = [_heard(library, each) for each in library.episodes(Filters())]
    world = _world(heard)
    for each in heard:
        yield from _in_episode(each, world)


def _world(heard: Sequence[_Heard]) -> _World:
    said, plain, beside = Counter[str](), Counter[str](), defaultdict[str, set[str]](set)
    for each in heard:
        said.update(each.said)
        for sentence in each.sentences:
            plain.update(_PLAIN_WORD.findall(sentence.text))
            for word, other in _pairs(sentence.text, each.said):
                beside[word].add(other)
    listed = frozenset(names.fold(name) for each in heard for name in each.listed)
    return _World(said, plain, listed, {word: frozenset(beside[word]) for word in beside})


def _heard(library: Library, episode: Episode) -> _Heard:
    held = library.passages_of(episode.id, unit=Unit.SENTENCE)
    notes = [each.text for each in held if each.tier is Tier.NOTES]
    titles = [episode.title, episode.summary, *(each.title for each in episode.chapters)]
    sentences = [each for each in held if each.tier is Tier.TRANSCRIPT]
    everybody = {*(each.name for each in episode.people), *(s.speaker or "" for s in sentences)}
    people = [names.words(each) for each in sorted(everybody)]
    said, told = Counter[str](), Counter[str]()
    for text in (*notes, *titles):
        told.update(names.spelled(_ADDRESS.sub(" ", text)))
    for sentence in sentences:
        said.update(names.spelled(sentence.text))
    return _Heard(episode, sentences, said, told, people)


def _in_episode(heard: _Heard, world: _World) -> Iterator[Correction]:
    expected = list(_expected(heard, world))
    yield from _sounding(heard, world, _by_sound(expected))
    yield from _parted(heard, {**world.folded, **{names.fold(each): each for each in expected}})


def _sounding(
    heard: _Heard, world: _World, expected: Mapping[str, Sequence[str]]
) -> Iterator[Correction]:
    """Yield rare words that sound like a name of the episode, or like another that fits there."""
    for word in sorted(each for each in heard.said if _rare(each, world)):
        sound = _sound(word)
        alike = (*expected.get(sound, ()), *world.sounding.get(sound, ()))
        near = [each for each in alike if _alike(word, each)]
        judged = [(name, _signals(word, name, heard, world)) for name in near]
        fitting = [(name, signs) for name, signs in judged if _enough(word, name, signs, heard)]
        for name, signs in sorted(fitting, key=lambda pair: -len(pair[1]))[:1]:
            if not _contradicted(word, name, heard, world):
                sure = len(signs) > _short(word, name)
                yield _correction(word, name, ("it sounds alike", *signs), heard, sure=sure)


def _short(word: str, name: str) -> bool:
    return min(len(word), len(name)) < _LONG


def _enough(word: str, name: str, signs: Sequence[Signal], heard: _Heard) -> bool:
    """Tell whether a suggestion is worth a person's time: many short words sound like another."""
    if not _short(word, name):
        return bool(signs)
    here = name in heard.listed and Signal.BOTH in signs
    told = heard.told[name] > 1 and Signal.LISTED in signs
    return here or told or Signal.BESIDE in signs or Signal.BETWEEN in signs


def _parted(heard: _Heard, known: Mapping[str, str]) -> Iterator[Correction]:
    """Yield names that were heard as two words, letter by letter the same."""
    couples = {both for each in heard.sentences for both in _couples(each.text)}
    found = dict[str, str]()
    for both in sorted(couples, reverse=True):  # of two spellings the one with capitals is last
        name = known.get(names.fold(both).replace(" ", ""), "")
        if len(name) >= _LONG and not _a_person(both, heard):
            found[name] = both
    for name, both in sorted(found.items()):
        by_name, parted = {each.speaker for each in heard.holding(name)}, heard.holding(both)
        signs = {
            Signal.LISTED: heard.listed_surely(name, len(parted)) and not by_name,
            Signal.BOTH: any(each.speaker in by_name - {None} for each in parted),
        }
        signals = [sign for sign, holds in signs.items() if holds]
        named = all(each[0].isupper() for each in both.split())  # "open AI" may be a kind of AI
        yield _correction(both, name, (_SAME, *signals), heard, sure=named and bool(signals))


def _couples(text: str) -> Iterator[str]:
    """Yield two words side by side of which one is a name's, by its capital within a sentence."""
    for first, second in pairwise(_WORD.finditer(text)):
        one, other = first.group(), second.group()
        apart = text[first.end() : second.start()] == " "
        named = other[0].isupper() or (first.start() > 0 and one[0].isupper())
        if apart and named and not {"-", "'", "’"} & {*one, *other}:
            yield text[first.start() : second.end()]


def _a_person(both: str, heard: _Heard) -> bool:
    words = [names.fold(each) for each in both.split()]
    return any(set(words) <= {names.fold(each) for each in full} for full in heard.people)


def _expected(heard: _Heard, world: _World) -> Iterator[str]:
    """Give the names that belong in an episode: those listed there, those said repeatedly."""
    often = (name for name, count in heard.said.items() if count > 1)
    for name in dict.fromkeys((*sorted(heard.listed), *often)):
        if world.is_name(name):
            yield name


def _by_sound(known: Iterable[str]) -> Mapping[str, Sequence[str]]:
    found = defaultdict[str, list[str]](list)
    for name in known:
        if _spoken(name):
            found[_sound(name)].append(name)
    return found


def _rare(word: str, world: _World) -> bool:
    """Tell whether a word may be a mishearing: seldom said, listed nowhere, no word of everyday."""
    folded = names.fold(word)
    known = folded in world.plain or folded in world.listed or questions.is_common(word)
    return _spoken(word) and not word.isupper() and not known and world.said[word] <= RARE


def _spoken(word: str) -> bool:
    """Tell whether a word is spoken as it is written: no figures, nothing put together."""
    return word.isalpha() and word.isascii()


def _sound(word: str) -> str:
    """Give how a word sounds, without the h that many languages write and English swallows."""
    return jellyfish.metaphone(re.sub(r"(?<=[bdgkr])h", "", names.fold(word)))


def _alike(word: str, name: str) -> bool:
    """Tell whether two words of one sound are near in spelling, and not forms of one word."""
    a, b = names.fold(word), names.fold(name)
    stem = a.startswith(b) or b.startswith(a)
    allowed = 2 if min(len(a), len(b)) >= _LONG else 1
    return a != b and not stem and jellyfish.damerau_levenshtein_distance(a, b) <= allowed


def _signals(word: str, name: str, heard: _Heard, world: _World) -> list[Signal]:
    """Give what speaks for a name beside its sound."""
    found, others = heard.holding(word), heard.holding(name)
    by_name = {each.speaker for each in others if each.speaker is not None}
    beside = _beside(word, found)
    signs = {
        Signal.LISTED: heard.listed_surely(name, heard.said[word]) and not others,
        Signal.BOTH: any(each.speaker in by_name for each in found),
        Signal.BESIDE: bool(beside & _rest(name, heard)),
        Signal.BETWEEN: bool(beside & world.beside.get(name, frozenset())),
    }
    return [sign for sign, holds in signs.items() if holds]


def _contradicted(word: str, name: str, heard: _Heard, world: _World) -> bool:
    """Tell whether anything speaks against a name: it is a form of another person's, or too rare."""
    found = heard.holding(word)
    together = any(name in _WORD.findall(each.text) for each in found)
    rest = _rest(name, heard)
    beside = {each for each in _beside(word, found) if each not in world.plain}
    seldom = name not in heard.listed and world.said[name] <= 2 * world.said[word]
    return together or seldom or bool(rest and beside - rest)


def _rest(name: str, heard: _Heard) -> set[str]:
    """Give the other words of the full names that a name is part of, folded."""
    full = (words for words in heard.people if name in words)
    return {names.fold(word) for words in full for word in words if word != name}


def _beside(word: str, sentences: Iterable[Passage]) -> set[str]:
    return {other for each in sentences for _, other in _pairs(each.text, (word,))}


def _pairs(text: str, wanted: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each wanted word with a telling one right before or after it, that one folded."""
    for before, after in pairwise(_WORD.finditer(text)):
        for one, other in ((before, after), (after, before)):
            if one.group() not in wanted or questions.is_common(other.group()):
                continue
            if not _SENTENCE_END.search(text[before.end() : after.start()]):
                yield one.group(), names.fold(other.group())


def _correction(
    word: str, name: str, signals: Sequence[str], heard: _Heard, *, sure: bool
) -> Correction:
    passages = (*heard.holding(word)[:SHOWN], *heard.holding(name)[:1])
    return Correction(
        heard=names.key(word),
        name=name,
        episode_id=heard.episode.id,
        state=State.ACCEPTED if sure else State.SUGGESTED,
        source="; ".join(signals),
        evidence=tuple(Shown(each.id, each.text, each.span.start) for each in passages),
    )
