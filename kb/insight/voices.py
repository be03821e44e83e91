"""Passages -> the independent voices behind them: one guest on nine shows is one voice.

What has no speaker counts as one unknown voice an episode at most: it may be anybody's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kb.insight import ties
from kb.insight.ties import How, Tie
from kb.models import Episode, Passage, Person
from kb.names import fold

UNKNOWN = "an unknown speaker"
_NOBODY = re.compile(
    r"(?:speaker|spk|guest|host|unknown|man|woman|male|female|voice|person|caller|audience|a guest)"
    r"[ _#-]*\w{0,3}",
    re.IGNORECASE,
)
_FULL = 2
"""Words of a name from which it is told apart from its namesakes."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody heard: on which shows (titles) and in which episodes (ids), as first met.

    `interest` says why they are talking their book, "" if nothing shows that they are.
    """

    name: str
    shows: tuple[str, ...]
    episodes: tuple[str, ...]
    interest: str = ""

    @property
    def known(self) -> bool:
        """Tell whether it has a name."""
        return self.name != UNKNOWN


@dataclass(frozen=True, slots=True)
class Voices:
    """The distinct voices, in the order in which they were met."""

    voices: tuple[Voice, ...]

    @property
    def independent(self) -> tuple[Voice, ...]:
        """Those that have a name and are not known to talk their book."""
        return tuple(voice for voice in self.voices if voice.known and not voice.interest)

    @property
    def interested(self) -> tuple[Voice, ...]:
        """Those that talk their book."""
        return tuple(voice for voice in self.voices if voice.interest)

    @property
    def unknown(self) -> int:
        """How many episodes speak without saying who does."""
        return sum(not voice.known for voice in self.voices)

    @property
    def shows(self) -> tuple[str, ...]:
        """The distinct shows."""
        return tuple(dict.fromkeys(show for voice in self.voices for show in voice.shows))


def counted(passages: Sequence[Passage], episodes: Mapping[str, Episode]) -> Voices:
    """Count who speaks. `episodes` holds each passage's episode by its id.

    Two labels are one person where their first and last names are the same, or where one is a
    single name that only one person of these episodes bears.
    """
    everyone = _Everyone(tuple(episodes.values()))
    said = dict[str, list[Passage]]()
    for passage in passages:
        said.setdefault(everyone.key(passage), []).append(passage)
    return Voices(tuple(everyone.voice(key, spoken) for key, spoken in said.items()))


def person_key(name: str) -> str:
    """Fold a name to what two ways of writing it share: no accents, case or middle names.

    >>> person_key("José B. Souza"), person_key("jose souza")
    ('jose souza', 'jose souza')
    """
    words = [word for word in fold(name).split() if word not in ("dr", "mr", "ms", "mrs", "prof")]
    return " ".join(words if len(words) < _FULL else (words[0], words[-1]))


def speaker_key(label: str | None, episode: Episode) -> str:
    """Give the `person_key` of whom a label stands for in an episode, "" where it names nobody."""
    if not label or _NOBODY.fullmatch(label.strip()) or not fold(label):
        return ""
    near = {person_key(person.name) for person in episode.people if same(label, person.name)}
    return near.pop() if len(near) == 1 else person_key(label)


def same(one: str, other: str) -> bool:
    """Tell whether two names are one person's, as far as names can tell.

    >>> same("Ion", "Ion Stoica"), same("Ion Popa", "Ion Stoica")
    (True, False)
    """
    a, b = person_key(one).split(), person_key(other).split()
    if len(a) < _FULL or len(b) < _FULL:
        return bool(a and b) and (set(a) <= set(b) or set(b) <= set(a))
    return a == b


@dataclass(frozen=True)
class _Everyone:
    """The people of some episodes, and whose label is whose."""

    episodes: tuple[Episode, ...]

    @cached_property
    def _by_id(self) -> Mapping[str, Episode]:
        return {episode.id: episode for episode in self.episodes}

    @cached_property
    def _people(self) -> Mapping[str, list[Person]]:
        found = dict[str, list[Person]]()
        for person in (person for episode in self.episodes for person in episode.people):
            found.setdefault(person_key(person.name), []).append(person)
        return found

    def key(self, passage: Passage) -> str:
        """Give what is the same for all passages of one voice."""
        key = speaker_key(passage.speaker, self._by_id[passage.span.episode_id])
        return self._fuller(key) if key else f"?{passage.span.episode_id}"

    def _fuller(self, key: str) -> str:
        """Give the only full name that a single name is part of, else the name itself."""
        if " " in key:
            return key
        full = [each for each in self._people if " " in each and key in each.split()]
        return full[0] if len(full) == 1 else key

    def voice(self, key: str, spoken: Sequence[Passage]) -> Voice:
        """Give the voice that said these passages."""
        held = list(dict.fromkeys(passage.span.episode_id for passage in spoken))
        shows = tuple(dict.fromkeys(self._by_id[each].show.title for each in held))
        if key.startswith("?"):
            return Voice(UNKNOWN, shows, tuple(held))
        known = [person.name for person in self._people.get(key, ())]
        labels = [passage.speaker for passage in spoken if passage.speaker]
        return Voice(
            max((*known, *labels), key=len), shows, tuple(held), self._interest(key, spoken)
        )

    def _interest(self, key: str, spoken: Sequence[Passage]) -> str:
        bound = [tie for tie in self._ties(key, spoken) if tie.binds]
        reasons = [_reason(tie, passage) for passage in spoken for tie in bound]
        if not bound and any(ties.own_talk(passage.text) for passage in spoken):
            return "speaks of what they make or sell"
        return next(filter(None, reasons), "")

    def _ties(self, key: str, spoken: Sequence[Passage]) -> Iterator[Tie]:
        for person in self._people.get(key, ()):
            yield from ties.stated(person.about)
        for passage in spoken:
            yield from ties.own(passage.text)


def _reason(tie: Tie, passage: Passage) -> str:
    """Say why a passage is in the interest of somebody who has a tie, "" where nothing shows it."""
    if ties.names_company(passage.text, tie.company):
        return f"{tie.how} {tie.company}, which they speak of"
    if tie.how is not How.LEFT and ties.own_talk(passage.text):
        return f"{tie.how} {tie.company}, and speaks of what it makes or sells"
    return ""
