"""One place that a claim may be about, judged: what differs there, and what turns it round."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from kb import names
from kb.models import Difference
from kb.sealing import hanging, reversals
from kb.sealing.alignment import GRAMMAR, REAL, REPLACED, How, Said, Step, align, matched
from kb.sealing.beside import Beside, following, leading
from kb.sealing.hearing import Heard
from kb.sealing.reversals import closed
from kb.sealing.spoken import Word

_NAMED_BEFORE = 5
"""Sentences before an editor's insertion in which its own words must be."""
_END = re.compile(r"(?<!\.)[.?!]+(?!\.)")
_CAPITAL = re.compile(r"[A-Z][\w']*")
_APART_FROM = (
    GRAMMAR,
    GRAMMAR - closed("more most much less fewer other another such same very too only"),
)
"""Words before which a pause behind a denial tells nothing; behind "no": those that it never goes with."""
_OWNED = 2
"""Words that may stand for what somebody's is: "Google's losing streak"."""
_BOTH_TENSES = closed("put cut set let hit run come become cost quit shut bet hurt cast split read")
"""Verbs that follow "would" and "had" alike."""
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

    def place(
        self, claim: Said, start: int, end: int, text: str, *, exact: bool = False
    ) -> Place | None:
        """Lay a claim over a stretch of the record; None where no word of it stands there.

        `exact` tells that its very words stand there.
        """
        stretch = self.heard.said.part(start, end)
        cost, steps = (0, matched(claim, stretch)) if exact else align(claim, stretch)
        used = [step for step in steps if step.heard]
        if not used:
            return None
        first, last = start + used[0].heard.start, start + used[-1].heard.stop
        differs = [
            *_different(steps, claim.words, stretch.words, text),
            *self._unfounded(steps, claim.words, start),
        ]
        whole = cost < REAL
        if whole:
            differs += self._read_otherwise(steps, claim.words, start)
            differs += self._marked(steps, claim.words, start, text)
            differs += [*self._cut(first, last), *self._turned(first, last)]
        differs += self._other_voice(first, last)
        return Place(
            first, last, cost, tuple(differs),
            tuple(_alike(steps, claim.words, stretch.words)),
            sum(len(s.claimed) for s in steps if s.heard and s.how not in (How.OTHER, How.FILLER)),
            tuple(self._handovers(steps, start)),
        )  # fmt: skip

    def stretch(self, first: int, last: int) -> Place:
        """Judge words of the record as they stand."""
        turns = (
            at - first for at in range(first + 1, last) if not self._beside.same_voice(at - 1, at)
        )
        speaker = self._other_voice(first, last)
        return Place(first, last, 0, (*speaker,), (), last - first, tuple(turns))

    def _read_otherwise(
        self, steps: Sequence[Step], claimed: Sequence[Word], start: int
    ) -> Iterator[Difference]:
        """Yield the same words where marks or a contraction make them say something else."""
        for step in steps:
            if not (step.heard and step.claimed):
                continue
            at, mine = start + step.heard.start, step.claimed.start
            key = self.heard.said.words[at].key
            if step.how is How.SAME and key in reversals.NEGATIONS:
                yield from self._stopped(claimed, mine, at)
            elif (
                step.how is How.WRITTEN
                and key in ("'s", "'d")
                and self._ambiguous(at, claimed, mine)
            ):
                yield Difference("word", claimed[mine].written, self.heard.said.words[at].written)

    def _marked(
        self, steps: Sequence[Step], claimed: Sequence[Word], start: int, text: str
    ) -> Iterator[Difference]:
        """Yield a question's mark for a full stop, or the reverse."""
        words = self.heard.said.words
        for step in steps:
            mine, at = step.claimed.stop - 1, start + step.heard.stop - 1
            if step.heard and step.claimed and claimed[mine].stop and words[at].stop:
                end = claimed[mine + 1].start if mine + 1 < len(claimed) else len(text)
                marks = (
                    _END.search(text[claimed[mine].end : end]),
                    _END.search(self._beside.gap(at)),
                )
                said, heard = (mark.group() if mark else "" for mark in marks)
                if said and heard and ("?" in said) != ("?" in heard):
                    yield Difference("question", said, heard)

    def _stopped(self, claimed: Sequence[Word], mine: int, at: int) -> Iterator[Difference]:
        """Yield a denial that only one side joins with what stands beside it: "No. | Customers …"."""
        words, word = self.heard.said.words, claimed[mine]
        fused = False
        if mine + 1 < len(claimed) and at + 1 < len(words):
            after = claimed[mine + 1].key
            stopped = word.stop != words[at].stop and word.key != "no"
            apart = word.pause != words[at].pause and after not in _APART_FROM[word.key == "no"]
            fused = after == words[at + 1].key and (stopped or apart)
        follows = mine and at and claimed[mine - 1].key == words[at - 1].key
        if fused or (follows and claimed[mine - 1].stop != words[at - 1].stop):
            yield Difference("negation", word.written, words[at].written)

    def _ambiguous(self, at: int, claimed: Sequence[Word], mine: int) -> bool:
        """Tell whether "'s" or "'d" may be something else: "Amazon's failing | rival was sold"."""
        words = self.heard.said.words
        host, after = (
            words[at - 1].key if at else "",
            words[at + 1].key if at + 1 < len(words) else "",
        )
        if words[at].key == "'d":
            return after in _BOTH_TENSES
        left = claimed[mine + 1 :]
        ended = len(left) > _OWNED or words[min(len(words) - 1, at + len(left))].pause
        return host not in GRAMMAR and after not in GRAMMAR and not ended

    def near(self, claim: Said, place: Place) -> bool:
        """Tell whether enough agrees for a place to be what the claim is about."""
        length = len(claim.words)
        return place.agreeing >= _NEAR and place.agreeing * 2 >= length

    def _other_voice(self, first: int, last: int) -> Iterator[Difference]:
        """Yield who speaks there if that is not who is claimed."""
        voices = self._voices(first, last)
        if self.speaker and not any(_is(self.speaker, voice) for voice in voices):
            yield Difference("speaker", self.speaker, next(iter(voices)) or "")

    def _voices(self, first: int, last: int) -> dict[str | None, None]:
        numbers = range(self.heard.holders[first], self.heard.holders[last - 1] + 1)
        return dict.fromkeys(self.heard.sentences[number].speaker for number in numbers)

    def _handovers(self, steps: Sequence[Step], start: int) -> Iterator[int]:
        """Yield from where on in the claim another voice speaks."""
        heard = [step for step in steps if step.heard]
        for before, step in pairwise(heard):
            if not self._beside.same_voice(start + before.heard.start, start + step.heard.start):
                yield step.claimed.start

    def _cut(self, first: int, last: int) -> Iterator[Difference]:
        """Yield the tokens that the claim cuts in two: "we can" is not in "we can't"."""
        words = self.heard.said.words
        for at, complete in ((first, words[first].opens), (last - 1, words[last - 1].closes)):
            if not complete:
                yield Difference(_kind([words[at]]), words[at].key, words[at].written)

    def _turned(self, first: int, last: int) -> Iterator[Difference]:
        """Yield what stands right before or after the place and turns it round."""
        if self._opens(first) and self._opens(last):
            return  # whole sentences are cut from nothing
        said, beside = self.heard.said, self._beside
        inside = [said.words[at].key for at in range(first, last) if not said.fillers[at]]
        near, mark = beside.before(first), beside.mark(last - 1)
        words, told = leading(near)
        denied, later = reversals.before(words, told=told), beside.behind(last)
        refuted = reversals.after(following(later, mark))
        if denied:
            yield Difference("negation", "", denied)
        elif said.words[first].key[0] == "#" and reversals.bound(words):
            yield Difference("number", "", reversals.bound(words))
        elif hung := hanging.front(near, inside, asked=beside.asked(last - 1)):
            yield hung
        if refuted:
            yield Difference("negation", "", refuted)
        elif hung := hanging.behind(later, mark, inside):
            yield hung

    @property
    def _beside(self) -> Beside:
        return Beside(self.heard)

    def _opens(self, at: int) -> bool:
        """Tell whether a sentence begins at a word, or would at the end."""
        holders = self.heard.holders
        return at in (0, len(holders)) or holders[at] != holders[at - 1]

    def _unfounded(
        self, steps: Sequence[Step], claimed: Sequence[Word], start: int
    ) -> Iterator[Difference]:
        """Yield an editor's insertions that say more than the words before them."""
        for step in steps:
            if step.how is How.EDITED:
                word = claimed[step.claimed.start]
                at = start + step.heard.start
                inside = word.key[1:-1].split()
                if not self._meant(word, set(inside), at) or reversals.skipped(inside, whole=True):
                    heard = " ".join(each.written for each in self._words(step, start))
                    yield Difference("insertion", word.written, heard)

    def _meant(self, word: Word, inside: set[str], at: int) -> bool:
        """Tell whether an insertion says what was spoken of: a name must be among the last named."""
        holders, told = self.heard.holders, inside - REPLACED - {"'s"}
        sentence = holders[min(at, len(holders) - 1)]
        start = bisect_left(holders, max(0, sentence - _NAMED_BEFORE))
        before = self.heard.said.words[start:at]
        if told & {part.lower() for part in _CAPITAL.findall(word.written)}:
            last = next((n for n in range(at - 1, start, -1) if before[n - start].named), start)
            before = self.heard.said.words[bisect_left(holders, holders[last]) : at]
        return bool(told) and told <= {each.key for each in before}

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
    """Give a run of words as they are written, a contraction once."""
    return " ".join(
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
