"""Who says which line: a transcript's own labels with what people said of them laid over.

The raw transcript stays as it is. Renaming changes no sentence's number, words or times, so that a
citation made before still finds its place: turns stay cut where the transcript cut them, and a line
that is given to somebody else becomes a turn of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from kb import anchors, passages, sentences
from kb.models import Entry, Passage, Person, Role, Segment, Tier, Transcript, Unit, Word
from kb.seal import folded, places

_NEAR = 30.0
"""Seconds (sentences, where there are no times) within which a line is looked for first."""


@dataclass(frozen=True, slots=True)
class Renaming:
    """What a person said of a speaker: of all turns of a label, or of the one line `words`.

    `speaker` is the label as it was shown then, None for unlabelled turns. `start` is where the
    line stood: in seconds, or its sentence's number where the transcript has no times.
    """

    number: int
    name: str
    speaker: str | None = None
    start: float | None = None
    words: str = ""
    person: str = ""
    noted: float = 0.0


@dataclass(frozen=True, slots=True)
class _Piece:
    """A segment with the speaker who is shown for it."""

    segment: Segment
    shown: str | None

    @property
    def turn(self) -> tuple[str | None, str | None]:
        """Give what pieces of one turn share."""
        return self.segment.speaker, self.shown


def transcript(raw: Transcript, renamings: Sequence[Renaming]) -> Transcript:
    """Give a transcript with its speakers as they are shown, to read and to export."""
    pieces = _renamed(raw, renamings)
    return replace(raw, segments=tuple(replace(p.segment, speaker=p.shown) for p in pieces))


def renamed(entry: Entry, renamings: Sequence[Renaming]) -> Entry:
    """Give an episode with its transcript cut anew, each passage under the speaker shown for it."""
    raw = entry.documents.get(Tier.TRANSCRIPT)
    if not isinstance(raw, Transcript):
        return entry
    held = entry.passages
    at = next((n for n, each in enumerate(held) if each.tier is Tier.TRANSCRIPT), len(held))
    after = (each for each in held[at:] if each.tier is not Tier.TRANSCRIPT)
    cut = _cut(entry.episode.id, _renamed(raw, renamings))
    return replace(entry, passages=(*held[:at], *cut, *after))


def people(known: Sequence[Person], renamings: Sequence[Renaming]) -> tuple[Person, ...]:
    """Give an episode's people with renamed labels under their names, each once.

    Hosts and guests are whom the publisher says: only those known by a label alone are renamed.
    """
    if not renamings:
        return tuple(known)
    found = dict[str, Person]()
    for each in known:
        name = each.name if each.role is not Role.SPEAKER else _named(each.name, renamings)
        found.setdefault(name.casefold(), replace(each, name=name))
    return tuple(found.values())


def place(sentence: Passage) -> float:
    """Give where a sentence stands: its second, else its number."""
    return sentence.first if sentence.span.start is None else sentence.span.start


def _named(label: str, renamings: Sequence[Renaming]) -> str:
    for each in renamings:
        if not each.words and each.speaker == label:
            label = each.name
    return label


def _renamed(raw: Transcript, renamings: Sequence[Renaming]) -> list[_Piece]:
    """Lay renamings over the raw labels, in the order in which they were made."""
    pieces = [_Piece(each, each.speaker) for each in raw.segments if each.text.strip()]
    for each in renamings:
        if each.words:
            pieces = _with_line(pieces, each)
        else:
            known, name = each.speaker, each.name
            pieces = [replace(p, shown=name) if p.shown == known else p for p in pieces]
    return pieces


def _cut(episode_id: str, pieces: Sequence[_Piece]) -> tuple[Passage, ...]:
    """Cut pieces into passages; what was one turn in the transcript is at most one here."""
    turns = list(dict.fromkeys(piece.turn for piece in pieces))
    marked = [replace(each.segment, speaker=str(turns.index(each.turn))) for each in pieces]
    cut = passages.cut(episode_id, Tier.TRANSCRIPT, marked)
    return tuple(replace(each, speaker=turns[int(str(each.speaker))][1]) for each in cut)


def _with_line(pieces: Sequence[_Piece], renaming: Renaming) -> list[_Piece]:
    """Give one line to its speaker; where its words are gone, everything stays."""
    said = [each for each in _cut("", pieces) if each.unit is Unit.SENTENCE]
    found = _found(renaming.words, said, renaming)
    found = found or _found(anchors.anchor(renaming.words), said, renaming)
    if not found:
        return list(pieces)
    return list(_given(pieces, found[0].first, found[-1].last, renaming.name))


def _found(words: str, said: Sequence[Passage], renaming: Renaming) -> Sequence[Passage]:
    """Give the sentences in which a line's words stand: near ones first, then whole ones."""
    wanted, start = folded(words), renaming.start or 0.0

    def fit(run: Sequence[Passage]) -> tuple[bool, bool, bool, float]:
        away = abs(place(run[0]) - start)
        heard = [word for each in run for word in folded(each.text)]
        return away > _NEAR, run[0].speaker != renaming.speaker, heard != wanted, away

    return min(places(words, said), key=fit, default=())


def _given(pieces: Sequence[_Piece], first: int, last: int, name: str) -> Iterator[_Piece]:
    """Yield the pieces, those of the sentences from `first` to `last` under another name."""
    number = 0
    for _, group in groupby(pieces, key=lambda piece: piece.turn):
        turn = list(group)
        spans = list(sentences.spans(" ".join(each.segment.text for each in turn)))
        inside = [n for n in range(len(spans)) if first <= number + n <= last]
        number += len(spans)
        if inside:
            yield from _taken(turn, spans[inside[0]][0], spans[inside[-1]][1], name)
        else:
            yield from turn


def _taken(turn: Sequence[_Piece], start: int, end: int, name: str) -> Iterator[_Piece]:
    """Yield a turn's pieces, cut at two characters of its text, what is between them renamed."""
    at = 0
    for piece in turn:
        length = len(piece.segment.text)
        cuts = sorted({0, length, *(min(max(each - at, 0), length) for each in (start, end))})
        for first, last in pairwise(cuts):
            part = _part(piece.segment, first, last)
            if part is not None:
                yield _Piece(part, name if start <= at + first < end else piece.shown)
        at += length + 1


def _part(segment: Segment, first: int, last: int) -> Segment | None:
    """Give a segment's characters from `first` to `last` with their words and times."""
    text, length = segment.text[first:last], len(segment.text)
    if not text.strip():
        return None
    if (first, last) == (0, length):
        return segment
    if first > 0:
        first += len(text) - len(text.lstrip())
    if last < length:
        last -= len(text) - len(text.rstrip())
    text = segment.text[first:last]
    words = tuple(word for at, word in _placed(segment) if first <= at < last)
    if segment.start is None or segment.end is None:
        return replace(segment, text=text, words=words)
    pace = (segment.end - segment.start) / length
    start = words[0].start if words else segment.start + pace * first
    end = words[-1].end if words else segment.start + pace * last
    return replace(segment, text=text, words=words, start=start, end=end)


def _placed(segment: Segment) -> Iterator[tuple[int, Word]]:
    """Yield each word with the character at which it stands."""
    at = 0
    for word in segment.words:
        found = segment.text.find(word.text, at)
        at = max(at, found)
        yield at, word
        at += len(word.text) if found >= 0 else 0
