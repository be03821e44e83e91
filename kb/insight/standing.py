"""How a thesis stands: the voices for and against it, its best counter-evidence, its age."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from kb import anchors, seal
from kb.errors import NotFoundError
from kb.insight import ties, voices
from kb.insight.stances import Stance
from kb.insight.voices import Voices
from kb.library import SqlLibrary
from kb.models import Episode, Passage, Tier, Unit

_MONTH = 30.44
"""Days."""


RULE = "rule"
"""The source of a stance that no person has seen."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A kept thesis. `searched` is the library's revision up to which episodes were read."""

    id: str
    title: str
    statement: str
    person: str
    created: float
    searched: int


@dataclass(frozen=True, slots=True)
class Attachment:
    """A passage and what it is to a thesis; `words` find it again after a new transcript.

    `source` is the person who said so, or `RULE`; `noted` in seconds since 1970.
    """

    thesis_id: str
    passage_id: str
    words: str
    stance: Stance
    source: str
    why: str
    noted: float

    @property
    def suggested(self) -> bool:
        """Tell whether only a rule says so."""
        return self.source == RULE

    @property
    def episode_id(self) -> str:
        """The episode that it is from."""
        return self.passage_id.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Placed:
    """An attachment where its words stand now."""

    attachment: Attachment
    passage: Passage
    episode: Episode


@dataclass(frozen=True, slots=True)
class Standing:
    """A thesis with its evidence, newest first. `lost` are those whose words are nowhere any more."""

    thesis: Watched
    supporting: tuple[Placed, ...]
    opposing: tuple[Placed, ...]
    beside: tuple[Placed, ...]
    lost: tuple[Attachment, ...]
    voices_for: Voices
    voices_against: Voices

    @property
    def counter(self) -> Placed | None:
        """The best counter-evidence: said by a named voice with no interest, confirmed, newest."""
        trusted = {each for voice in self.voices_against.independent for each in voice.episodes}
        return max(
            self.opposing,
            key=lambda each: (
                each.episode.id in trusted and each.passage.speaker is not None,
                not each.attachment.suggested,
                each.episode.published or date.min,
            ),
            default=None,
        )

    @property
    def newest(self) -> date | None:
        """The day of the newest supporting passage; None where none has a day."""
        return max(
            (each.episode.published for each in self.supporting if each.episode.published),
            default=None,
        )

    def quiet(self, today: date) -> int | None:
        """Give the whole months since anything new supported it; None where that is unknown."""
        return None if self.newest is None else max(0, int((today - self.newest).days / _MONTH))


def of(library: SqlLibrary, thesis: Watched, attached: Sequence[Attachment]) -> Standing:
    """Tell how a thesis stands on what is attached to it."""
    kept = [each for each in attached if each.stance is not Stance.REJECTED]
    record = _Record(library, tuple(kept))
    placed = [found for each in kept if (found := record.placed(each)) is not None]
    held = {each.attachment.passage_id for each in placed}
    by_day = sorted(placed, key=lambda each: each.episode.published or date.min, reverse=True)
    parts = {
        stance: tuple(each for each in by_day if each.attachment.stance is stance)
        for stance in Stance
    }
    return Standing(
        thesis,
        parts[Stance.FOR],
        parts[Stance.AGAINST],
        parts[Stance.CONTEXT],
        tuple(each for each in kept if each.passage_id not in held),
        record.voices(parts[Stance.FOR]),
        record.voices(parts[Stance.AGAINST]),
    )


@dataclass(frozen=True)
class _Record:
    """The episodes that a thesis draws on."""

    library: SqlLibrary
    attached: tuple[Attachment, ...]

    @cached_property
    def _ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.episode_id for each in self.attached))

    @cached_property
    def _unmoved(self) -> Mapping[str, Passage]:
        return self.library.passages(each.passage_id for each in self.attached)

    @cached_property
    def _sentences(self) -> Mapping[str, list[Passage]]:
        return {each: self.library.passages_of(each, unit=Unit.SENTENCE) for each in self._ids}

    @cached_property
    def _episodes(self) -> Mapping[str, Episode]:
        """Those that are still there, with what is said in them of who their people are."""
        found = dict[str, Episode]()
        for each in self._ids:
            try:
                held = self.library.episode(each)
            except NotFoundError:
                continue
            found[each] = ties.completed(held, self._sentences[each])
        return found

    def placed(self, attached: Attachment) -> Placed | None:
        """Find an attachment's words where they stand now, None where they do not."""
        episode = self._episodes.get(attached.episode_id)
        if episode is None:
            return None
        there = self._unmoved.get(attached.passage_id)
        if there is not None and there.text == attached.words:
            return Placed(attached, there, episode)
        tier = Tier(attached.passage_id.split("/")[1])
        said = [each for each in self._sentences[episode.id] if each.tier is tier]
        found = anchors.find(anchors.anchor(attached.words), said)
        if found is None:
            return None
        words = len(seal.folded(attached.words))
        return Placed(attached, _run(said[said.index(found[0]) :], words), episode)

    def voices(self, evidence: Iterable[Placed]) -> Voices:
        """Count the voices behind evidence."""
        return voices.counted([each.passage for each in evidence], self._episodes)


def _run(said: Sequence[Passage], words: int) -> Passage:
    """Join sentences of one turn until they have so many words."""
    run, count = list[Passage](), 0
    for sentence in said:
        if run and (count >= words or sentence.turn != run[0].turn):
            break
        run.append(sentence)
        count += len(seal.folded(sentence.text))
    text = " ".join(each.text for each in run)
    span = seal.joined([each.span for each in run])
    return replace(run[0], unit=Unit.WINDOW, text=text, span=span, last=run[-1].last)
