"""The words that stand beside a place in the record, with the marks between them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from kb.sealing.hearing import Heard
from kb.sealing.reversals import HEARERS, SPEECH

CONTEXT = 14
"""Words around a place in which something may turn it round."""
SENTENCE = 40
"""Words before a place that are looked at where its whole sentence counts."""


class Mark(Enum):
    """What stands between two words."""

    NONE = ""
    COMMA = ","
    COLON = ":"
    DASH = "-"
    OPENING = '"'
    CLOSING = "”"
    STOP = "."


_MARKS = (
    (Mark.STOP, re.compile(r"(?<!\.)[.?!;](?!\.)|\n")),
    (Mark.OPENING, re.compile(r"\s[\"“‘«„]+$")),
    (Mark.COLON, re.compile(r":")),
    (Mark.CLOSING, re.compile(r"^[,.]?[\"”»]")),
    (Mark.DASH, re.compile(r"--|\s[-–]|[-–]\s|—|…|\.\s?\.")),
)
"""What tells a mark in what stands between two words; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class Near:
    """A word by its key, and the mark behind it; `named` as of `kb.sealing.spoken.Word`."""

    key: str
    mark: Mark = Mark.NONE
    named: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands around any place of one document."""

    heard: Heard

    def same_voice(self, one: int, other: int) -> bool:
        """Tell whether one voice says two words."""
        holders, sentences = self.heard.holders, self.heard.sentences
        return sentences[holders[one]].speaker == sentences[holders[other]].speaker

    def gap(self, at: int) -> str:
        """Give what is written between a word and the next one of its sentence."""
        holders, words = self.heard.holders, self.heard.said.words
        inside = at + 1 < len(words) and holders[at + 1] == holders[at]
        text = self.heard.sentences[holders[at]].text
        return text[words[at].end : words[at + 1].start if inside else len(text)]

    def mark(self, at: int) -> Mark:
        """Give the mark behind a word; a sentence that ends with any ends with a stop."""
        holders, words = self.heard.holders, self.heard.said.words
        if not words[at].pause:
            return Mark.NONE
        ends = at + 1 == len(words) or holders[at + 1] != holders[at]
        return Mark.STOP if ends else _mark(self.gap(at))

    def asked(self, at: int) -> bool:
        """Tell whether the sentence that a word stands in is a question."""
        words = self.heard.said.words
        for later in range(at, min(len(words), at + SENTENCE)):
            if self.mark(later) is Mark.STOP:
                return "?" in self.gap(later)
        return False

    def before(self, first: int) -> list[Near]:
        """Give the words of its sentence that lead up to a place, in the same voice."""
        found = list[Near]()
        at = first - 1
        while at >= 0 and len(found) < SENTENCE and self.same_voice(at, first):
            if self.mark(at) is Mark.STOP:
                break
            if not self.heard.said.fillers[at]:
                found.append(self._near(at))
            at -= 1
        return found[::-1]

    def behind(self, last: int) -> list[Near]:
        """Give the words of its sentence that follow a place, in the same voice."""
        return list(self._behind(last)) if self.mark(last - 1) is not Mark.STOP else []

    def _behind(self, last: int) -> Iterator[Near]:
        for at in range(last, min(len(self.heard.said.words), last + CONTEXT)):
            if not self.same_voice(at, last - 1):
                return
            if not self.heard.said.fillers[at]:
                yield self._near(at)
            if self.mark(at) is Mark.STOP:
                return

    def _near(self, at: int) -> Near:
        word = self.heard.said.words[at]
        return Near(word.key, self.mark(at), word.named)


def _mark(gap: str) -> Mark:
    """Give the gravest mark of a gap that is a pause."""
    return next((mark for mark, pattern in _MARKS if pattern.search(gap)), Mark.COMMA)


def unpaused(near: Sequence[Near]) -> list[str]:
    """Give the words that lead up to the end without a pause, whatever mark stands at the end."""
    found = list[str]()
    for each in reversed(near):
        if found and each.mark is not Mark.NONE:
            break
        found.append(each.key)
    return found[::-1]


def leading(near: Sequence[Near]) -> tuple[list[str], bool]:
    """Give the words that lead up to a place without a pause, and whether they end as speech begins.

    An aside before "that" is stepped over ("I doubt, as you do, | that"), and so is the mark before
    what somebody says ("we never say: |").
    """
    found, told = list[str](), _told(near)
    at = len(near) - 1
    while at >= 0 and len(found) < CONTEXT:
        if near[at].mark is not Mark.NONE and (found or not told):
            at = _before_aside(near, at) if found == ["that"] else -1
        found += [near[at].key] if at >= 0 else []
        at -= 1
    return found[::-1], told


def _told(near: Sequence[Near]) -> bool:
    """Tell whether the mark behind the last word opens what somebody says."""
    if not near or near[-1].mark not in (Mark.COMMA, Mark.COLON):
        return bool(near) and near[-1].mark is Mark.OPENING
    keys = [each.key for each in near[-2:]]
    return keys[-1] in SPEECH or (keys[0] in SPEECH and keys[-1] in HEARERS)


def _before_aside(near: Sequence[Near], last: int) -> int:
    """Give the word before what commas set off, -1 where nothing is: "I doubt, as you do, | that"."""
    for at in range(last - 1, max(-1, last - CONTEXT), -1):
        if near[at].mark is not Mark.NONE:
            return at
    return -1


def following(near: Sequence[Near], mark: Mark) -> list[str]:
    """Give the words that follow a place without a pause; `mark` stands behind its last word."""
    found = list[str]()
    for each in near if mark is Mark.NONE else ():
        found.append(each.key)
        if each.mark is not Mark.NONE:
            break
    return found
