"""Companies and people in an episode: what they were mentioned as, and by whom. By rule.

There is no model here: names are told by their spelling, what they are by the words around them
anywhere in the document. What nothing tells is OTHER. See docs/theses.md for how often it errs.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from kb.insight import cues, spotting, ties
from kb.insight.spotting import Spot
from kb.insight.ties import How
from kb.insight.voices import person_key, same
from kb.models import Episode, Passage, Role
from kb.names import fold


class Kind(StrEnum):
    """What a name stands for; OTHER is a product, a place, a thing, or not known."""

    COMPANY = "company"
    PERSON = "person"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a sentence, as `speaker` says it.

    `name` is how the episode writes it most; `mentioned_as` is "own employer", "sponsor",
    "competitor", "host" and the like, "" where nothing says so. `sponsored` is inside a sponsor
    read.
    """

    name: str
    kind: Kind
    mentioned_as: str
    passage: Passage
    speaker: str | None
    sponsored: bool


def mentions(
    episode: Episode,
    sentences: Sequence[Passage],
    *,
    variants: Mapping[str, str] = {},
    sponsored: frozenset[int] = frozenset(),
) -> tuple[Mention, ...]:
    """Find the names in one document's sentences, each once a sentence, in order.

    `variants` are folded heard words and the folded names they stand for; `sponsored` holds the
    ordinals of sentences in sponsor reads.
    """
    cast = _Cast(episode, tuple(sentences), variants, sponsored)
    return tuple(cast.mentions())


@dataclass(frozen=True)
class _Cast:
    """All that a document says of its names."""

    episode: Episode
    sentences: tuple[Passage, ...]
    variants: Mapping[str, str]
    sponsored: frozenset[int]

    def mentions(self) -> Iterator[Mention]:
        seen = set[tuple[str, str]]()
        for key, spot in self._spots:
            if key in self._kept and (key, spot.passage.id) not in seen:
                seen.add((key, spot.passage.id))
                yield self._mention(key, spot)

    def _mention(self, key: str, spot: Spot) -> Mention:
        kind = self._kinds[key]
        read = spot.passage.first in self.sponsored
        said = "sponsor" if read and kind is Kind.COMPANY else self._said(key, kind, spot)
        return Mention(
            self._names[key], kind, said, spot.passage, spot.passage.speaker, sponsored=read
        )

    def _said(self, key: str, kind: Kind, spot: Spot) -> str:
        if kind is Kind.PERSON:
            return self._part.get(key, "")
        if kind is Kind.OTHER:
            return ""
        return self._bonds.get(key) or cues.mentioned_as(spot)

    @cached_property
    def _spots(self) -> list[tuple[str, Spot]]:
        """Each name where it stands, under the key of who or what it is."""
        found = spotting.spots(self.sentences)
        keys = [self._key(spot.name) for spot in found]
        return [
            (self._people.get(key, key), spot) for key, spot in zip(keys, found, strict=True) if key
        ]

    def _key(self, name: str) -> str:
        key = spotting.key(name)
        return self._canonical.get(key, key)

    @cached_property
    def _canonical(self) -> Mapping[str, str]:
        return {spotting.key(heard): spotting.key(name) for heard, name in self.variants.items()}

    @cached_property
    def _people(self) -> Mapping[str, str]:
        """Each key that stands for a person of this document -> the key of their full name."""
        known = {spotting.key(name): name for name in self._cast}
        counts = Counter(fold(name).split()[0] for name in self._cast)
        last = Counter(fold(name).split()[-1] for name in self._cast)
        short = {
            spotting.key(word): key
            for key, name in known.items()
            for word, times in ((fold(name).split()[0], counts), (fold(name).split()[-1], last))
            if times[word] == 1
        }
        return short | {key: key for key in known}

    @cached_property
    def _cast(self) -> tuple[str, ...]:
        """The full names of the people that the episode lists, labels or introduces."""
        listed = [person.name for person in self.episode.people]
        labels = [sentence.speaker for sentence in self.sentences if sentence.speaker]
        introduced = [who for who, _ in self._introduced]
        names = dict[str, str]()
        for name in (*listed, *labels, *introduced):
            if " " in name.strip() and fold(name):
                names.setdefault(person_key(name), name)
        return tuple(names.values())

    @cached_property
    def _introduced(self) -> list[tuple[str, str]]:
        return [each for sentence in self.sentences for each in ties.introduced(sentence.text)]

    @cached_property
    def _part(self) -> Mapping[str, str]:
        """What the episode's people are to it."""
        return {
            spotting.key(person.name): person.role.value
            for person in self.episode.people
            if person.role is not Role.SPEAKER
        }

    @cached_property
    def _bonds(self) -> Mapping[str, str]:
        """The companies that the people in the episode belong to, or once did."""
        own = [tie for person in self.episode.people for tie in ties.stated(person.about)]
        own += [tie for sentence in self.sentences for tie in ties.own(sentence.text)]
        speakers = {*self._labels, *(person.name for person in self.episode.people)}
        own += [
            tie
            for who, about in self._introduced
            if any(same(who, name) for name in speakers)
            for tie in ties.stated(about)
        ]
        return {self._key(tie.company): _bond(tie.how) for tie in reversed(own)}

    @cached_property
    def _labels(self) -> frozenset[str]:
        return frozenset(each.speaker for each in self.sentences if each.speaker)

    @cached_property
    def _kinds(self) -> Mapping[str, Kind]:
        standing = dict[str, list[Spot]]()
        for key, spot in self._spots:
            standing.setdefault(key, []).append(spot)
        people = set(self._people.values())
        return {
            key: Kind.PERSON if key in people else self._weighed(key, spots)
            for key, spots in standing.items()
        }

    def _weighed(self, key: str, spots: Sequence[Spot]) -> Kind:
        read = sum(spot.passage.first in self.sponsored for spot in spots)
        show = key == spotting.key(self.episode.show.title)
        return _kind(spots, bound=key in self._bonds, read=read, show=show)

    @cached_property
    def _kept(self) -> frozenset[str]:
        """The keys worth telling: what only begins a sentence, or is mere capitals, needs a reason."""
        backed = {
            key for key, spot in self._spots if not spot.opens and not spotting.acronym(spot.name)
        }
        named = {key for key, kind in self._kinds.items() if kind is not Kind.OTHER}
        return frozenset(backed | named)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """How each is written: in full where the episode does, else as most often."""
        spellings = dict[str, Counter[str]]()
        for key, spot in self._spots:
            if spotting.key(spot.name) == key:
                spellings.setdefault(key, Counter())[spot.name] += 1
        full = {spotting.key(name): name for name in self._cast}
        heard = {spotting.key(name): name.title() for name in self.variants.values()}
        written = {key: counts.most_common(1)[0][0] for key, counts in spellings.items()}
        other = {key: spot.name for key, spot in reversed(self._spots)}
        return other | heard | written | full


def _kind(spots: Sequence[Spot], *, bound: bool, read: int, show: bool) -> Kind:
    """Weigh all places of a name: one sure sign is enough, likely ones need a second.

    To be named in a sponsor read (`read` times) is a likely sign; the show itself is no company.
    """
    if show or any(cues.neither(spot.name) for spot in spots):
        return Kind.OTHER
    firm = sum(cues.company(spot) for spot in spots) + (cues.SURE if bound else 0) + read
    somebody = sum(cues.person(spot) for spot in spots)
    if max(firm, somebody) < cues.SURE:
        return Kind.OTHER
    return Kind.COMPANY if firm > somebody else Kind.PERSON


def _bond(how: How) -> str:
    return "former employer" if how is How.LEFT else "own employer"
