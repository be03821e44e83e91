"""Typed sentences -> plain words with one kind of quotation mark: what is checked is what is shown.

Entities, invisible characters, block quotes and every script's quotation marks are brought to
“…” (‘…’ within) before anything is looked for, so that none of them hides a quote from the seal.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kb import sentences
from kb.quotations import FEWEST
from kb.seal import folded
from kb.sealing.reversals import closed

_JOINT = "\x1f"
"""Stands between sentences while they are read as one text; `\\s` matches it."""
_ROUNDS = 3
_BLANK = dict.fromkeys(map(ord, "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"), " ")
"""Characters that show nothing although Unicode calls them letters or marks."""
_BLOCK = re.compile(rf"(^|[\n{_JOINT}])[ \t]*>[> \t]*([^\n{_JOINT}]*)")
_TAG = re.compile(rf"<(/?)(?:q|blockquote|cite)\b[^>{_JOINT}]{{0,200}}>", re.IGNORECASE)
_TEX = ((re.compile(r"``|(?<!\S),,(?=\w)"), "“"), (re.compile(r"''"), "”"))
_SINGLE = "'‘’‚‛❛❜`´׳ʻʼʹ′ߴ"
_SINGLES = re.compile(
    rf"(?<!\w)[{_SINGLE}](?=\S)((?:(?!(?<=\S)[{_SINGLE}](?!\w)).){{1,400}}?\S?)[{_SINGLE}](?!\w)",
    re.DOTALL,
)
_OPENS, _CLOSES = "„‟「『〈《〝❝⟪❮⹂", "」』〉》〞〟❞⟫❯⹃"
_EITHER = '"“”«»‹›＂″״ʺˮ〃ߵ'
_LEFT = _SINGLE + _EITHER + _OPENS + _CLOSES
"""Marks that are read by rules of their own."""
_GERSHAYIM = "״"
_INCHES = '"″＂'
_BEFORE = "([{-–—:…/“‘"
_BETWEEN = 3
"""Words that split a quotation in two."""
_LISTED = closed(
    "and or but nor then as versus says said say writes wrote adds added asks asked told tells"
)
"""Words between two quotations that are two."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A sentence as it is shown, and what in it stands between quotation marks.

    `beside` are for each quote the words before it and those behind it, as far as the next quote.
    `loose` tells whether a mark is opened and not closed in it, or the other way round.
    """

    text: str
    quotes: tuple[str, ...] = ()
    loose: bool = False
    beside: tuple[tuple[str, str], ...] = ()


def plain(texts: Sequence[str]) -> list[Plain]:
    r"""Read sentences that follow one another; a quotation may run over several.

    >>> [each.text for each in plain(["He said &quot;we never", "did\u200b it&quot; once."])]
    ['He said “we never', 'did it” once.']
    >>> plain(["«We kept it in a drawer», he said."])[0].quotes
    ('We kept it in a drawer',)
    """
    scan = _Scan(_bare(_JOINT.join(_visible(text.replace(_JOINT, " ")) for text in texts)))
    scan.run()
    return list(scan.sentences()) if texts else []


def split(text: str) -> list[str]:
    """Cut typed text into sentences, none of them within a quotation.

    >>> split("He said “We left. We came back.” That was it.")
    ['He said “We left. We came back.”', 'That was it.']
    """
    whole = " ".join(_one(text).split())
    found, start = list[str](), 0
    for _, end in sentences.spans(whole):
        piece = whole[start:end].strip()
        if piece.count("“") <= piece.count("”"):
            found.append(piece)
            start = end
    return [*found, *filter(None, [whole[start:].strip()])]


def _one(text: str) -> str:
    [made] = plain([text])
    return made.text


def _visible(text: str) -> str:
    """Undo entities and take out what shows nothing."""
    for _ in range(_ROUNDS):
        text = html.unescape(text)
    kept = (
        " " if each in "\t\r\f\v" else each
        for each in unicodedata.normalize("NFC", text).translate(_BLANK)
        if each in "\n\t\r\f\v" or unicodedata.category(each) not in ("Cf", "Cc", "Cs", "Co", "Cn")
    )
    return "".join(kept)


def _bare(text: str) -> str:
    """Give every way of marking a quotation as marks."""
    text = _BLOCK.sub(lambda at: f"{at[1]}“{at[2]}”" if at[2].strip() else at[1], text)
    text = _TAG.sub(lambda tag: "”" if tag[1] else "“", text)
    for pattern, mark in _TEX:
        text = pattern.sub(mark, text)
    return _SINGLES.sub(_paired, text)


def _opening(mark: str) -> bool:
    """Tell whether a mark opens by its form: those of ours, and whatever Unicode knows as one."""
    return mark in _OPENS or (mark not in _LEFT and unicodedata.category(mark) == "Pi")


def _closing(mark: str) -> bool:
    return mark in _CLOSES or (mark not in _LEFT and unicodedata.category(mark) == "Pf")


def _paired(found: re.Match[str]) -> str:
    return f"“{found[1]}”" if len(folded(found[1])) >= FEWEST else found[0]


@dataclass(slots=True)
class _Scan:
    """One pass over a text that counts how deep it stands in quotations."""

    text: str
    depth: int = 0
    made: list[str] = field(default_factory=list[str])
    ranges: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    began: int = 0

    def run(self) -> None:
        for at, each in enumerate(self.text):
            if (_opening(each) or _closing(each) or each in _EITHER) and not self._abbreviates(at):
                self._mark(at)
            else:
                self.made.append(each)
        if self.depth:
            self.ranges.append((self.began, len(self.made)))

    def _abbreviates(self, at: int) -> bool:
        """Tell whether a mark stands in a Hebrew abbreviation, between its letters."""
        beside = (self.text[at - 1 : at], self.text[at + 1 : at + 2])
        return self.text[at] == _GERSHAYIM and all("א" <= each <= "ת" for each in beside)

    def _mark(self, at: int) -> None:
        if not self.depth and self.text[at - 1 : at].isdigit() and self.text[at] in _INCHES:
            self.made.append("″")  # inches
        elif self._opens(at):
            self.depth += 1
            if self.depth == 1:
                self.began = len(self.made)
            self.made.append("“" if self.depth == 1 else "‘")
        else:
            self._close()

    def _close(self) -> None:
        self.made.append("”" if self.depth <= 1 else "’")
        if self.depth <= 1:
            began = self.began if self.depth else 0
            self.ranges.append((began, len(self.made)))
        self.depth = max(self.depth - 1, 0)

    def _opens(self, at: int) -> bool:
        """Tell which way a mark looks: by its form where that says it, else by what is around it."""
        mark = self.text[at]
        if mark not in _EITHER:
            return _opening(mark)
        before, after = self.text[at - 1 : at] if at else "", self.text[at + 1 : at + 2]
        free_before = not before or before.isspace() or before in _BEFORE
        free_after = not after or after.isspace()
        if free_before != free_after:
            return free_before
        return not self.depth

    def sentences(self) -> Iterator[Plain]:
        """Cut at the joints; each sentence has its share of every quotation."""
        whole, start = "".join(self.made), 0
        ranges = _mended(whole, self.ranges)
        for piece in whole.split(_JOINT):
            end = start + len(piece)
            inside = [
                (max(a, start), min(b, end))
                for a, b in ranges
                if a < end and start < b and folded(whole[max(a, start) : min(b, end)])
            ]
            loose = any(
                a < end
                and start < b
                and (a < start or b > end or whole[a] != "“" or whole[b - 1] != "”")
                for a, b in ranges
            )
            yield Plain(
                _spaced(piece),
                tuple(_spaced(_INNER.sub(" ", whole[a:b])) for a, b in inside),
                loose,
                tuple(_beside(whole, inside, start, end)),
            )
            start = end + 1


_INNER = re.compile("[“”]")


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _beside(
    whole: str, inside: Sequence[tuple[int, int]], start: int, end: int
) -> Iterator[tuple[str, str]]:
    """Yield what stands before and behind each quotation of a sentence, up to its neighbours."""
    edges = [start, *(edge for each in inside for edge in each), end]
    for at in range(0, len(edges) - 2, 2):
        yield (
            _spaced(whole[edges[at] : edges[at + 1]]),
            _spaced(whole[edges[at + 2] : edges[at + 3]]),
        )


def _mended(whole: str, ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join quotations that few words split: together they say what none of them says."""
    made = list[tuple[int, int]]()
    for start, end in ranges:
        if made and _split(whole, made[-1], (start, end)):
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
    return made


def _split(whole: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Tell whether two quotations are one, cut so small that neither could be told to be false.

    A list of two, and two around who said so, are not; each of these is looked for by itself.
    """
    between = whole[one[1] : other[0]]
    words = folded(between)
    listed = not _LISTED.isdisjoint(words) and not any(map(str.isdigit, between))
    if other[0] < one[1] or _JOINT in between or len(words) > _BETWEEN or listed:
        return False
    return min(len(folded(whole[a:b])) for a, b in (one, other)) < FEWEST
