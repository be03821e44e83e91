"""Speaker labels in text: `**Name:** text`, `**Name**: text`, `Name: text`, `Name (03:23): text`."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.timecodes import CLOCK

_BOLD = re.compile(r"[\"“]?\*\*(?P<name>[^*:]{1,60}?)\s*(?::\s*\*\*|\*\*\s*:)\s*(?P<text>.*)")
_PLAIN = re.compile(
    rf"(?P<name>[^\W\d_][^:,;!?\[\]()\"“”*]{{0,39}}?)(?P<mark>\s*[\[(]{CLOCK}[\])])?\s*:(?:\s+(?P<text>.*)|$)"
)
_CAPTION = re.compile(rf"(?P<name>[^\W\d_][^:,;!?\[\]()*]{{0,39}}?)\s+(?P<mark>{CLOCK})")
_WORDS = 5
_RARE = 50  # paragraphs to a plain label: fewer labels than that are turns of phrase
_PARTICLE = re.compile("al|bin|da|de[lnr]?|d[iu]|el|l[ae]|san|te[nr]|van|von|y")

_NOT_SPEAKER = re.compile(
    r"ad( break)?|ads|advertisement|break|intro|jingle|midroll|music|outro|sponsors?|transcript",
    re.IGNORECASE,
)
"""Labels of a stretch that nobody in particular speaks."""

_NOT_LABEL = re.compile(
    r"audio|chapters?|(co-?)?hosts?|date|duration|episode|example|fact|guests?|links?|notes?|ps|quote"
    r"|resources?|show|sources?|summary|tags?|tip|title|update|url|warning",
    re.IGNORECASE,
)
"""Words before a colon that name no speaker: the colon is part of the text."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the head of a line, and the text after it.

    `mark` is a time that stood beside the name, in square brackets; `bold` says that markup set it
    off, so that it cannot be meant otherwise.
    """

    name: str
    text: str
    mark: str = ""
    bold: bool = False

    @property
    def speaker(self) -> str | None:
        """Give the speaker; None for a break, music or the like."""
        return None if _NOT_SPEAKER.fullmatch(self.name) else self.name


def read(line: str) -> Label | None:
    """Read what may be the label of a line; `believed` decides.

    >>> read("**Ada Byron:** Hello.")
    Label(name='Ada Byron', text='Hello.', mark='', bold=True)
    >>> read("Ada Byron (03:23): Hello.")
    Label(name='Ada Byron', text='Hello.', mark='[03:23]', bold=False)
    >>> read("Here is the thing: nothing.")
    """
    bold = _BOLD.fullmatch(line)
    if bold and not _NOT_LABEL.fullmatch(bold["name"].strip()):
        return Label(bold["name"].strip(), bold["text"], bold=True)
    found = _PLAIN.fullmatch(line) or _CAPTION.fullmatch(line)
    if not found or not like_a_name(found["name"]):
        return None
    time = (found["mark"] or "").strip(" []()\t")
    return Label(found["name"], found.groupdict().get("text") or "", f"[{time}]" if time else "")


def believed(labels: Iterable[Label | None]) -> frozenset[str]:
    """Give the names that are speakers, from the label (or None) of every paragraph.

    Where there are bold labels, they are. Plain ones are where every paragraph has one, where they
    come with a time, or twice in a text where labels are common; then also a full name that comes
    once.
    """
    every = list(labels)
    found = [label for label in every if label]
    bold = frozenset(label.name for label in found if label.bold)
    if bold or len(found) == len(every):
        return bold or frozenset(label.name for label in found)
    counts = Counter(label.name for label in found)
    common = len(found) * _RARE >= len(every)
    often = {label.name for label in found if label.mark or (common and counts[label.name] > 1)}
    return frozenset(name for name in counts if name in often or (often and " " in name))


def like_a_name(text: str) -> bool:
    """Tell whether a text may be somebody's name: a few words, none in lower case.

    >>> like_a_name("Guido van Rossum"), like_a_name("In other words"), like_a_name("Note")
    (True, False, False)
    """
    words = text.split()
    if not 0 < len(words) <= _WORDS or _NOT_LABEL.fullmatch(text):
        return False
    return all(not word[0].islower() or _PARTICLE.fullmatch(word) for word in words)
