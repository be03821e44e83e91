"""Capitalised names in a document's sentences, with where they stand; no model, only spelling.

A transcript without capitals gives none: nothing is guessed.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from kb.insight.commonplace import CALENDAR, GENERIC, PLACES, PLAIN
from kb.models import Passage
from kb.names import fold

_CAPITAL = (
    r"(?:[A-Z][\w&’'+-]*|[a-z]{1,4}[A-Z]\w*)(?:\.(?:ai|AI|io|com|dev|co|org|net|js|app|so)\b)?"
)
_RUN = re.compile(
    rf"(?<![\w@/.'’#-]){_CAPITAL}(?:(?: of (?:the )?| & | de | van | von | )(?={_CAPITAL}){_CAPITAL}){{0,4}}"
)
_LOWER = re.compile(r"(?<![\w'’-])[a-z]{2,}\b")
_POSSESSIVE = re.compile(r"['’]s?$")
_OPENS = re.compile(r"(?:^|[.!?…:]|--|[\"“”‘(]|, ['\"“])\s*[\"“'‘(]*$")
_SPOKEN = re.compile(r"I(?:['’].*)?$")
_ENDINGS = re.compile(
    r"(?:,? (?:inc|corp|corporation|llc|ltd|limited|gmbh|plc|co|labs)\b\.?)+$", re.IGNORECASE
)
_DOMAIN = re.compile(r"\.(?:ai|io|com|dev|co|org|net|app|so)$")
_ACRONYM = re.compile(r"[A-Z]{2,5}s?|[A-Z]\w?|[A-Z]+\d+\w*")
_NO_NAMES = PLACES | CALENDAR | GENERIC
_TRAIL = re.compile(r"-[a-z]\w*$")
_OF = ("University", "Institute", "Bank", "School", "College", "Department", "House", "State")


@dataclass(frozen=True, slots=True)
class Spot:
    """A name where it stands: characters `start` to `end` of a sentence.

    `opens` is True where it merely begins the sentence: its capital says nothing.
    """

    name: str
    passage: Passage
    start: int
    end: int
    opens: bool = False

    @property
    def before(self) -> str:
        """The words that lead up to it."""
        return self.passage.text[max(0, self.start - 90) : self.start]

    @property
    def after(self) -> str:
        """The words that follow it."""
        return self.passage.text[self.end : self.end + 60]


def key(name: str) -> str:
    """Fold a name to what its spellings share: no case, spaces, "Inc." or ".com".

    >>> key("Prediction Guard, Inc."), key("Open AI"), key("OpenAI"), key("Cohere.ai")
    ('predictionguard', 'openai', 'openai', 'cohere')
    """
    bare = _DOMAIN.sub("", name.strip())
    shorter = _ENDINGS.sub("", bare)
    return fold(shorter or bare).replace(" ", "")


def acronym(name: str) -> bool:
    """Tell whether a name is mere capitals, such as API, LLM or GPT4.

    >>> acronym("LLMs"), acronym("GPT4"), acronym("IBM"), acronym("LMArena")
    (True, True, True, False)
    """
    return _ACRONYM.fullmatch(name) is not None


def spots(sentences: Sequence[Passage]) -> list[Spot]:
    """Find the names in a document's sentences, in order.

    What only begins a sentence counts where the document writes it with a capital elsewhere, or
    hardly ever without.
    """
    seen = _Seen(tuple(sentences))
    return [spot for sentence in sentences for spot in seen.spots(sentence)]


@dataclass(frozen=True)
class _Seen:
    """How a document writes its words."""

    sentences: tuple[Passage, ...]

    @cached_property
    def small(self) -> Counter[str]:
        """How often each word is written small."""
        return Counter(
            word for sentence in self.sentences for word in _LOWER.findall(sentence.text)
        )

    @cached_property
    def large(self) -> Counter[str]:
        """How often each word has a capital that it does not owe to its place."""
        return Counter(
            word.lower()
            for sentence in self.sentences
            for run in _RUN.finditer(sentence.text)
            for n, word in enumerate(run.group().split())
            if n or not _opens(sentence.text, run.start())
        )

    def spots(self, sentence: Passage) -> Iterator[Spot]:
        for run in _RUN.finditer(sentence.text):
            for start, end in _pieces(run.group(), run.start()):
                spot = self._trimmed(sentence, start, end)
                if spot is not None:
                    yield spot

    def _trimmed(self, sentence: Passage, start: int, end: int) -> Spot | None:
        """Take away plain words at both ends; None where nothing is left."""
        words = [
            (m.start() + start, m.group()) for m in re.finditer(r"\S+", sentence.text[start:end])
        ]
        while words and self._plain(words[0][1], opens=_opens(sentence.text, words[0][0])):
            words = words[1:]
        while words and self._plain(words[-1][1], opens=False):
            words = words[:-1]
        if not words:
            return None
        first, last = words[0][0], words[-1][0] + len(words[-1][1])
        name = _TRAIL.sub("", _POSSESSIVE.sub("", sentence.text[first:last]))
        if self._weak(words) or _low(name) in _NO_NAMES:
            return None
        opens = _opens(sentence.text, first)
        return Spot(name, sentence, first, first + len(name), opens) if len(name) > 1 else None

    def _plain(self, word: str, *, opens: bool) -> bool:
        low = _low(word)
        if _SPOKEN.match(word) or low in PLAIN or "'" in low or "’" in low or not low[0].isalpha():
            return True
        if low in ("of", "the", "&", "de", "van", "von"):
            return True
        return opens and word[1:].islower() and not self.large[low] and self.small[low] > 0

    def _weak(self, words: Sequence[tuple[int, str]]) -> bool:
        """Tell whether a lone word is no name: a day, a place, or mostly written small."""
        if len(words) > 1:
            return all(_low(word) in _NO_NAMES for _, word in words)
        low = _low(words[0][1])
        return low in _NO_NAMES or self.small[low] > self.large[low]


def _low(word: str) -> str:
    return _POSSESSIVE.sub("", word).lower()


def _pieces(run: str, at: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a run: it breaks at a possessive, and at "of" where that joins no name."""
    start = 0
    for joint in re.finditer(r"(?<=['’]s) | of (?:the )?|(?<=s['’]) | (?=I['’]?\b)", run):
        before = run[start : joint.start()].split()
        if "of" in joint.group() and before and before[-1] in _OF:
            continue
        yield at + start, at + joint.start()
        start = joint.end()
    yield at + start, at + len(run)


def _opens(text: str, at: int) -> bool:
    return _OPENS.search(text[max(0, at - 6) : at]) is not None if at else True
