"""What an episode names outside its sponsor reads, summed up: what the radar keeps of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from kb import sponsors
from kb.insight import entities, spotting, voices
from kb.insight.derived import Derived
from kb.insight.entities import Kind, Mention
from kb.library import SqlLibrary
from kb.models import Episode, Passage

_RULES = "5"
"""Raise it with the rules of `kb.insight.entities` or `kb.sponsors`: what was kept is then made anew."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A name in an episode: how often, where first, by whom, and as what.

    `first` is a sentence's id; `voices` are `voices.speaker_key`s, "" for whoever has no label.
    """

    key: str
    name: str
    kind: Kind
    times: int
    first: str
    start: float | None
    speaker: str | None
    voices: tuple[str, ...]
    mentioned_as: tuple[str, ...]


_KEPT: TypeAdapter[tuple[str, tuple[Seen, ...]]] = TypeAdapter(tuple[str, tuple[Seen, ...]])


def of(library: SqlLibrary) -> Derived[tuple[Seen, ...]]:
    """Give what keeps the sightings of a library."""
    return Derived(library, "names", _RULES, _KEPT, seen)


def seen(episode: Episode, sentences: Sequence[Passage]) -> tuple[Seen, ...]:
    """Sum up what an episode names."""
    paid = sponsors.reads(episode, sentences)
    found = dict[str, list[Mention]]()
    for mention in entities.mentions(episode, sentences, sponsored=paid):
        if not mention.sponsored:
            found.setdefault(spotting.key(mention.name), []).append(mention)
    return tuple(_summed(key, mentions, episode) for key, mentions in found.items() if key)


def _summed(key: str, mentions: Sequence[Mention], episode: Episode) -> Seen:
    first = mentions[0]
    roles = Counter(each.mentioned_as for each in mentions if each.mentioned_as)
    speakers = (voices.speaker_key(each.speaker, episode) for each in mentions)
    return Seen(
        key,
        first.name,
        first.kind,
        len(mentions),
        first.passage.id,
        first.passage.span.start,
        first.speaker,
        tuple(dict.fromkeys(speakers)),
        tuple(role for role, _ in roles.most_common()),
    )
