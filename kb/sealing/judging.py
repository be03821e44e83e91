"""One place that a claim may be about, judged: what differs there, and what turns it round."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from kb import names
from kb.models import Difference
from kb.sealing import reversals
from kb.sealing.alignment import REAL, REPLACED, How, Said, Step, align
from kb.sealing.hearing import Heard
from kb.sealing.reversals import closed
from kb.sealing.spoken import Word

_CONTEXT = 10
"""Words around a place in which something may turn it round."""
_NAMED_BEFORE = 200
"""Words before an editor's insertion among which its own must be."""
_NEAR = 3
"""Words that must agree for a place to be near."""
_ANONYMOUS = closed("speaker guest host voice unknown unidentified participant interviewer")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a claim was laid: `start` to `end` are words of the record.

    `differs` are words that are others, or turned round by what stands around them; `alike` are
    those that only sound or are written otherwise. `agreeing` counts the claim's words that are there,
    `handovers` are the places in the claim from which another voice says it.
    """

    start: int
    end: int
    cost: int
    differs: tuple[Difference, ...]
    alike: tuple[Difference, ...]
    agreeing: int
    handovers: tuple[int, ...]

    @property
    def crossing(self) -> bool:
        """Tell whether it runs on from one voice into another's turn."""
        return bool(self.handovers)

    @property
    def sound(self) -> bool:
        """Tell whether all words were heard there, in one voice, and mean there what they say."""
        return not self.differs and not self.crossing

    @property
    def whole(self) -> bool:
        """Tell whether the claim's words are there, whatever stands around them."""
        return self.cost < REAL


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges places of one document for one claimed speaker."""

    heard: Heard
    speaker: str | None

    def place(self, claim: Said, start: int, end: int, text: str) -> Place | None:
        """Lay a claim over a stretch of the record; None where no word of it stands there."""
        cost, steps = align(claim, self.heard.said.part(start, end))
        used = [step for step in steps if step.heard]
        if not used:
            return None
        first, last = start + used[0].heard.start, start + used[-1].heard.stop
        differs = [
            *_different(steps, claim.words, self.heard.said.words[start:end], text),
            *self._unfounded(steps, claim.words, start),
        ]
        whole = cost < REAL
        if whole:
            differs += [*self._cut(first, last), *self._turned(first, last)]
        voices = self._voices(first, last)
        if self.speaker and not any(_is(self.speaker, voice) for voice in voices):
            differs.append(Difference("speaker", self.speaker, next(iter(voices)) or ""))
        return Place(
            first, last, cost, tuple(differs),
            tuple(_alike(steps, claim.words, self.heard.said.words[start:end])),
            sum(len(s.claimed) for s in steps if s.heard and s.how not in (How.OTHER, How.FILLER)),
            tuple(self._handovers(steps, start)),
        )  # fmt: skip

    def near(self, claim: Said, place: Place) -> bool:
        """Tell whether enough agrees for a place to be what the claim is about."""
        length = len(claim.words)
        return place.agreeing >= _NEAR and place.agreeing * 2 >= length

    def _voices(self, first: int, last: int) -> dict[str | None, None]:
        numbers = range(self.heard.holders[first], self.heard.holders[last - 1] + 1)
        return dict.fromkeys(self.heard.sentences[number].speaker for number in numbers)

    def _handovers(self, steps: Sequence[Step], start: int) -> Iterator[int]:
        """Yield from where on in the claim another voice speaks."""
        heard = [step for step in steps if step.heard]
        for before, step in pairwise(heard):
            if not self._same_voice(start + before.heard.start, start + step.heard.start):
                yield step.claimed.start

    def _cut(self, first: int, last: int) -> Iterator[Difference]:
        """Yield the tokens that the claim cuts in two: "we can" is not in "we can't"."""
        words = self.heard.said.words
        for at, complete in ((first, words[first].opens), (last - 1, words[last - 1].closes)):
            if not complete:
                yield Difference(_kind([words[at]]), words[at].key, words[at].written)

    def _turned(self, first: int, last: int) -> Iterator[Difference]:
        """Yield what stands right before or after the place and turns it round."""
        leading, following = self._leading(first), self._following(last)
        turned = reversals.before(leading)
        if turned:
            yield Difference("negation", "", turned)
        elif self.heard.said.words[first].key[0] == "#" and reversals.bound(leading):
            yield Difference("number", "", reversals.bound(leading))
        behind = reversals.after(following)
        if behind:
            yield Difference("negation", "", behind)

    def _leading(self, first: int) -> list[str]:
        """Give the words that lead up to a place without a pause, in the same voice."""
        said, found, at = self.heard.said, list[str](), first - 1
        while at >= 0 and len(found) < _CONTEXT and self._same_voice(at, first):
            if said.words[at].pause and not said.fillers[at]:
                break
            if not said.fillers[at]:
                found.append(said.words[at].key)
            at -= 1
        return found[::-1]

    def _following(self, last: int) -> list[str]:
        said, found, at = self.heard.said, list[str](), last
        paused = said.words[last - 1].pause
        while not paused and at < len(said.words) and len(found) < _CONTEXT:
            if not self._same_voice(at, last - 1):
                break
            if not said.fillers[at]:
                found.append(said.words[at].key)
            paused = said.words[at].pause
            at += 1
        return found

    def _same_voice(self, one: int, other: int) -> bool:
        holders, sentences = self.heard.holders, self.heard.sentences
        return sentences[holders[one]].speaker == sentences[holders[other]].speaker

    def _unfounded(
        self, steps: Sequence[Step], claimed: Sequence[Word], start: int
    ) -> Iterator[Difference]:
        """Yield an editor's insertions that say more than the words before them."""
        for step in steps:
            if step.how is How.EDITED:
                word = claimed[step.claimed.start]
                at = start + step.heard.start
                inside = word.key[1:-1].split()
                before = self.heard.said.words[max(0, at - _NAMED_BEFORE) : at]
                known = REPLACED | {each.key for each in before} | {"'s"}
                if not set(inside) <= known or reversals.skipped(inside, whole=True):
                    heard = " ".join(each.written for each in self._words(step, start))
                    yield Difference("insertion", word.written, heard)

    def _words(self, step: Step, start: int) -> Sequence[Word]:
        return self.heard.said.words[start + step.heard.start : start + step.heard.stop]


def _different(
    steps: Sequence[Step], claimed: Sequence[Word], heard: Sequence[Word], text: str
) -> Iterator[Difference]:
    """Yield the runs of words that are others, with how they stand in the claim and were heard."""
    for other, group in groupby(steps, key=lambda step: step.how is How.OTHER):
        if other:
            run = list(group)
            mine = [claimed[at] for step in run for at in step.claimed]
            theirs = [heard[at] for step in run for at in step.heard]
            yield Difference(
                _kind([*mine, *theirs]),
                text[mine[0].start : mine[-1].end] if mine else "",
                _said(theirs),
            )


def _alike(
    steps: Sequence[Step], claimed: Sequence[Word], heard: Sequence[Word]
) -> Iterator[Difference]:
    """Yield the tokens that are written or sound otherwise, and what an editor put in."""
    kinds = {How.SOUND: "sound", How.WRITTEN: "spelling", How.EDITED: "insertion"}
    for step in steps:
        if step.how in kinds:
            mine = [claimed[at] for at in step.claimed]
            theirs = [heard[at] for at in step.heard]
            if not (mine[0].opens or (theirs and theirs[0].opens)):
                continue  # the rest of a contraction that was told with its first word
            renamed = any(word.named for word in (*mine, *theirs))
            kind = "name" if renamed and step.how is not How.EDITED else kinds[step.how]
            yield Difference(kind, _said(mine), _said(theirs))


def _said(run: Sequence[Word]) -> str:
    return " ".join(dict.fromkeys(f"{word.start} {word.written}" for word in run)) and " ".join(
        word.written for at, word in enumerate(run) if not at or run[at - 1].start != word.start
    )


def _kind(run: Sequence[Word]) -> str:
    """Say of which kind a difference is: the gravest of its words."""
    if any(word.key in reversals.NEGATIONS for word in run):
        return "negation"
    if any(word.key[0] == "#" for word in run):
        return "number"
    return "name" if any(word.named for word in run) else "word"


def _is(claimed: str, voice: str | None) -> bool:
    """Tell whether a voice may be the one that is claimed: one without a name may."""
    words = names.fold(voice or "").split()
    if not words or words[0] in _ANONYMOUS or words[-1] in _ANONYMOUS:
        return True
    return names.matches(claimed, voice or "") or names.matches(voice or "", claimed)
