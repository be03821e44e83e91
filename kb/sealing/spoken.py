"""A text as spoken words: one tokenizer for what was heard and for what is claimed of it.

Case, punctuation, dashes and marks fold away; contractions are written out ("don't" is "do not"),
numbers get one key however they are written (`kb.sealing.numbers`), hesitations and repetitions are known
for fillers. What is told in the rules' tables is English; other languages are compared word by word.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kb.sealing import numbers
from kb.sealing.reversals import NEGATIONS, closed

_MARKS = "".join(
    chr(code) for code in range(0x300, 0x1100) if unicodedata.category(chr(code))[0] == "M"
)
_LETTER = rf"(?:[^\W\d_]|[{_MARKS}])"
_TOKEN = re.compile(
    rf"\[(?i:unintell|inaud|crosst|indist)[^\[\]]*\]|[A-Za-z]\.(?:[A-Za-z]\.)+(?!\w)|[CcFf]#|[Cc]\+\+|(?i:uh-(?:huh|uh|oh)|mm-hmm)(?!\w)"
    r"|(?<!\w)[A-Za-z]2[A-Za-z](?!\w)|(?<![\w/.,])[1-9]/[1-9]0?(?![\w/])|(?:1\d|2[0-3]):[0-5]\d(?![\d:])"
    r"|[<>≤≥~≈](?=\s?[-−$€£¥]?\d)|(?<=\d)\^(?=\d)"
    rf"|{_LETTER}+(?:['’ʼ`´]{_LETTER}+)*|\d+(?:[.,]\d+)*|[%$€£¥°&+=]"
)
_STAGE = re.compile(
    r"\\?\[(?i:laugh\w*|laughter|applause|music|chuckl\w*|sic|sighs?|pauses?|\d+:[\d:.]+)\\?\]"
    r"|\((?i:laugh(?:s|ter|ing)?|applause|music|chuckles?)\)"
)
_NOTED = re.compile(r"\\?\[[\d.]+\\?\]")
"""A number in brackets: a note in what was heard, an insertion in a claim."""
_PAUSE = re.compile(r"[^\w\s'’&%$+=#/-]|--|\s-|-\s|\n\s*\n")
_CLOSING = re.compile(r"[.?!…%)]*")
_STOP = re.compile(r"(?<!\.)[.?!:;](?!\.)|\n")

_CONTRACTED = {
    "cannot": ("can", "not"), "can't": ("can", "not"), "won't": ("will", "not"),
    "shan't": ("shall", "not"), "gonna": ("going", "to"), "wanna": ("want", "to"),
    "gotta": ("got", "to"), "kinda": ("kind", "of"), "sorta": ("sort", "of"),
    "lemme": ("let", "me"), "gimme": ("give", "me"), "dunno": ("do", "not", "know"),
    "let's": ("let", "us"), "y'all": ("you", "all"), "i'm": ("i", "am"), "im": ("i", "am"),
    "alright": ("all", "right"), "'cause": ("because",), "cuz": ("because",),
    "'em": ("them",), "till": ("until",), "til": ("until",), "ok": ("okay",), "o.k.": ("okay",),
    "vs": ("versus",), "mr": ("mister",), "dr": ("doctor",), "&": ("and",), "+": ("plus",),
    "=": ("equals",), "<": ("less", "than"), ">": ("more", "than"), "≤": ("at", "most"),
    "≥": ("at", "least"), "~": ("about",), "≈": ("about",), "dont": ("do", "not"), "doesnt": ("does", "not"), "didnt": ("did", "not"),
    "isnt": ("is", "not"), "wasnt": ("was", "not"), "cant": ("can", "not"), "wont": ("will", "not"),
}  # fmt: skip
_ENDINGS = {
    "n't": "not", "'re": "are", "'ve": "have", "'ll": "will", "'m": "am", "'s": "'s", "'d": "'d"
}  # fmt: skip
UNHEARD = "unheard"
"""What stands for words that whoever wrote the transcript did not make out."""
HESITATIONS = closed("um umm uh uhh uhm erm er ah hmm hm mm mhm eh")
_ASIDES = (("you", "know"), ("i", "mean"), ("like",), ("sort", "of"), ("kind", "of"))
_CLEAR = (("you", "know"), ("i", "mean"))
"""Asides that are one without commas too, after words that no clause of their own can follow."""
_OPENERS = closed(
    "the a an is was are were 's of in with for on at very just really my our your their we i they"
    " he she it can will would could should so and but because"
)
_SET = closed("the a an my our your their is are was were 's really very")
"""Openers after which they are one without any pause."""
_PREPOSITIONS = closed(
    "of after before behind to from in on at by with for than over under above below between inside"
)
_PHRASE = 3
"""Longest phrase whose repetition is a stumble."""


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word: what is compared, and where it stands.

    `key` is what it is compared by, `written` the folded token it belongs to, which runs from `start`
    to `end` in its text and may hold several words ("don't"): the first of them `opens` it, the last
    one `closes` it. `pause` tells that punctuation follows, `stop` that a sentence ends there;
    `named` that it is spelled like a name.
    """

    key: str
    written: str
    start: int
    end: int
    opens: bool
    closes: bool
    pause: bool
    stop: bool
    named: bool


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int
    glued: bool
    gap: str
    """What stands between it and the next token."""


def words(text: str, *, heard: bool = False) -> list[Word]:
    """Give the spoken words of a text; stage directions such as [laughter] are none.

    `heard` tells that it is a record, in which a number in brackets is a note.

    >>> [word.key for word in words("“It’s 3.5 points—don't ask,” she said.")]
    ['it', "'s", '#3.5', 'points', 'do', 'not', 'ask', 'she', 'said']
    """
    tokens = _tokens(_blanked(text, heard=heard))
    shouted = text.isupper()
    found, at, opening = list[Word](), 0, True
    keys = [token.text for token in tokens]
    glued = [token.glued for token in tokens]
    while at < len(tokens):
        token = tokens[at]
        end, parts = at + 1, _parts(token.text)
        if numbers.is_digits(token.text.lstrip("-'")) or token.text in numbers.STARTS:
            number = numbers.read(keys[: _until_pause(tokens, at)], at, glued)
            if number:
                end, parts = number[0], (number[1],)
        last = tokens[end - 1]
        pause, stop = _silence(last.gap)
        written = token.text if end == at + 1 else " ".join(keys[at:end])
        spelled = text[token.start : last.end]
        named = not shouted and _is_named(spelled, opening=opening)
        for number_of, part in enumerate(parts):
            closing = number_of == len(parts) - 1
            found.append(
                Word(
                    part, written, token.start, last.end, number_of == 0, closing,
                    closing and pause, closing and stop, named,
                )
            )  # fmt: skip
        at, opening = end, stop
    return _ranged(found)


def _ranged(found: list[Word]) -> list[Word]:
    """Give the first of two numbers the unit of the second: "five to ten percent"."""
    for at in range(len(found) - 2):
        key, between, other = (word.key for word in found[at : at + 3])
        if key[0] == "#" and between in ("to", "or") and other[0] == "#":
            found[at] = replace(found[at], key=numbers.shared(key, other))
    return found


def close(text: str, end: int) -> int:
    """Give where a run of words ends with the marks that close it.

    >>> "It works (mostly). Yes"[: close("It works (mostly). Yes", 16)]
    'It works (mostly).'
    """
    closing = _CLOSING.match(text, end)
    return closing.end() if closing else end


def _blanked(text: str, *, heard: bool) -> str:
    """Give the text with spaces where stage directions stand."""
    if "[" not in text and "(" not in text:
        return text
    for noted in (_STAGE, _NOTED) if heard else (_STAGE,):
        text = noted.sub(lambda match: " " * len(match.group()), text)
    return text


def _tokens(text: str) -> list[_Token]:
    matches = list(_TOKEN.finditer(text))
    found = list[_Token]()
    before = -1
    for at, match in enumerate(matches):
        start, end = match.span()
        after = matches[at + 1].start() if at + 1 < len(matches) else len(text)
        folded = _folded(match.group())
        if start and (folded[0].isdigit() or folded in numbers.SIGNS):
            folded = _marked(text, start) + folded
        elif start and text[start - 1] in "'’‘" and f"'{folded}" in _CONTRACTED:
            folded = f"'{folded}"
        found.append(_Token(folded, start, end, start == before, text[end:after]))
        before = end
    return found


def _marked(text: str, start: int) -> str:
    """Give the sign of a figure: ' for a year such as '23, - for what is below zero."""
    sign, ahead = text[start - 1], text[start - 2] if start > 1 else " "
    alone = not ahead.isalnum()
    if sign in "'’‘" and alone and re.match(r"\d\d(?!\d)", text[start : start + 3]):
        return "'"
    return "-" if sign in "-−–" and ahead in " (\n$€£¥" else ""


@cache
def _folded(token: str) -> str:
    if token.startswith("["):
        return UNHEARD
    plain = unicodedata.normalize("NFKC", token).casefold()
    for mark in "’ʼ`´":
        plain = plain.replace(mark, "'")
    return plain.replace(".", "") if plain[:1].isalpha() else plain


@cache
def _parts(token: str) -> tuple[str, ...]:
    """Write a contraction out."""
    known = _CONTRACTED.get(token)
    if known is not None:
        return known
    if len(token) == len("b2b") and token[1] == "2":
        return token[0], "to", token[2]
    for ending, full in _ENDINGS.items():
        if token.endswith(ending) and len(token) > len(ending):
            return (*_parts(token[: -len(ending)]), full)
    return (token.replace("'", ""),) if not token.startswith("'") else (token,)


def _until_pause(tokens: Sequence[_Token], at: int) -> int:
    """Give where the run of tokens without a pause ends."""
    while at < len(tokens) and not _silence(tokens[at].gap)[0]:
        at += 1
    return at + 1


@cache
def _silence(gap: str) -> tuple[bool, bool]:
    """Tell whether there is a pause between two tokens, and whether a sentence ends."""
    if gap in ("", " ", "-"):
        return False, False
    return _PAUSE.search(gap) is not None, _STOP.search(gap) is not None


def _is_named(spelled: str, *, opening: bool) -> bool:
    """Tell whether a word is spelled like a name: a capital where no sentence begins, or within."""
    if spelled[1:] != spelled[1:].lower():
        return True
    return not opening and spelled[:1].isupper() and spelled[:2] not in ("I", "I'", "I’")


def fillers(said: Sequence[Word]) -> list[bool]:
    """Tell of each word whether it may be left out: hesitations, asides, stumbles.

    "you know", "I mean", "like", "sort of" are asides where pauses set them off.

    >>> said = words("It was, um, it was, like, a- a mess, you know; I know what you know.")
    >>> [word.key for word, filler in zip(said, fillers(said)) if filler]
    ['it', 'was', 'um', 'like', 'a', 'you', 'know']
    """
    keys = [word.key for word in said]
    left_out = [word.key in HESITATIONS and not _measure(said, at) for at, word in enumerate(said)]
    for at, word in enumerate(said):
        for aside in _ASIDES:
            if word.key == aside[0] and _is_aside(said, keys, at, aside):
                left_out[at : at + len(aside)] = [True] * len(aside)
    spoken = [at for at, filler in enumerate(left_out) if not filler]
    for at in _stumbles([said[at] for at in spoken]):
        left_out[spoken[at]] = True
    return left_out


def _measure(said: Sequence[Word], at: int) -> bool:
    """Tell whether "mm" is a measure."""
    return said[at].key == "mm" and at > 0 and said[at - 1].key.startswith("#")


def _is_aside(said: Sequence[Word], keys: Sequence[str], at: int, aside: tuple[str, ...]) -> bool:
    end = at + len(aside)
    if tuple(keys[at:end]) != aside:
        return False
    follows = keys[end] if end < len(keys) else ""
    precedes = keys[at - 1] if at else ""
    left, right = at == 0 or said[at - 1].pause, said[end - 1].pause
    if aside not in _CLEAR:
        return left and right and at > 0 and end < len(keys) and not follows.startswith("#")
    if left and right:
        return True
    clause = follows in ("what", "that", "how", "who", "why")
    paused = right or (left and not clause)
    return precedes in _OPENERS and (paused or (precedes in _SET and not clause))


def _stumbles(said: Sequence[Word]) -> Iterator[int]:
    """Yield the words that are said again at once: never what denies or counts, nor a new sentence."""
    keys = [word.key for word in said]
    for length in range(1, _PHRASE + 1):
        for start, (key, again) in enumerate(zip(keys, keys[length:], strict=False)):
            if key != again:
                continue
            phrase = keys[start : start + length]
            kept = any(word in NEGATIONS or word[0] == "#" for word in phrase)
            kept = kept or any(word.stop for word in said[start : start + length])
            kept = kept or (_nested(phrase) and not said[start + length - 1].pause)
            if not kept and phrase == keys[start + length : start + 2 * length]:
                yield from range(start, start + length)


def _nested(phrase: Sequence[str]) -> bool:
    """Tell whether a phrase may be meant twice: "a copy of a copy of"."""
    small = _PREPOSITIONS | _OPENERS
    return bool(_PREPOSITIONS & set(phrase)) and not small >= set(phrase)
