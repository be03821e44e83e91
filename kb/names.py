"""Names as people write and hear them: folding, matching, and a ledger that mends misspelt ones."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import jellyfish

_TOKEN = re.compile(r"(?<!\w)[A-Za-z](?:[\w&'’.-]*\w)?")
_CAPITAL = re.compile(r"[A-Z]|\w+[A-Z]")
_WORD = re.compile(r"\w+(?:['’.,]\w+)*")
_JOINT = r"[\s'’-]+"
_SHORTEST = 3
_LONG = 7
"""Letters from which two may differ instead of one."""


def fold(text: str) -> str:
    """Fold case, accents and punctuation away: what two spellings of a name share.

    >>> fold("Patrick A. Chase"), fold("Zoë")
    ('patrick a chase', 'zoe')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def matches(wanted: str, name: str) -> bool:
    """Tell whether every word of `wanted` is a word of `name`.

    >>> matches("stoica", "Ion Stoica"), matches("ion s", "Ion Stoica")
    (True, False)
    """
    words = fold(wanted).split()
    return bool(words) and set(words) <= set(fold(name).split())


def spelled(text: str) -> Counter[str]:
    """Count the capitalised words of a text that do not merely begin its sentence.

    A compound counts whole and by its parts.

    >>> sorted(spelled("Today TAO met Ion Stoica. He spoke of LMArena's votes."))
    ['Ion', 'LMArena', 'Stoica', 'TAO']
    """
    found = Counter[str]()
    for match in _TOKEN.finditer(text):
        word = re.sub(r"['’]s$", "", match.group())
        before = text[: match.start()].rstrip(" \"'“‘(")
        opens = not before or before.endswith((".", "!", "?", ":"))
        if (
            word[:2] not in ("I'", "I’")
            and len(word) >= _SHORTEST
            and _CAPITAL.match(word if not opens else word[1:])
        ):
            found.update(
                {
                    word,
                    *(
                        part
                        for part in word.split("-")
                        if _CAPITAL.match(part[:_SHORTEST]) and len(part) >= _SHORTEST
                    ),
                }
            )
    return found


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `name` is what was meant, "" where the words stand as they were heard."""

    text: str
    name: str = ""


def pieces(text: str, misheard: Mapping[str, str]) -> Iterator[Piece]:
    """Part a text into what stands as heard and what a correction names otherwise.

    `misheard` maps what was heard, folded as `key` folds, to the name. Whole words are found in any
    case; a name that is there already is left alone.

    >>> list(pieces("It gives Tau's rival TAO data.", {"tau": "TAO"}))[:2]
    [Piece(text='It gives ', name=''), Piece(text='Tau', name='TAO')]
    """
    at = 0
    for match in _finder(tuple(sorted(misheard.items()))).finditer(text) if misheard else ():
        name = misheard.get(key(match.group()))
        if name is not None:
            yield from [Piece(text[at : match.start()])] if at < match.start() else []
            yield Piece(match.group(), name)
            at = match.end()
    if at < len(text):
        yield Piece(text[at:])


def labelled(text: str, misheard: Mapping[str, str]) -> str:
    """Put each name in brackets behind what was heard for it: the words stay, the name is found.

    >>> labelled("Data bricks' own Tau", {"data bricks": "Databricks", "tau": "TAO"})
    "Data bricks [Databricks]' own Tau [TAO]"
    """
    parts = pieces(text, misheard)
    return "".join(f"{each.text} [{each.name}]" if each.name else each.text for each in parts)


def key(words: str) -> str:
    """Fold what was heard as corrections hold it: words in small letters, a space between them.

    >>> key(" Data-Bricks "), key("Zoë's"), key("?!")
    ('data bricks', 'zoë s', '')
    """
    plain = unicodedata.normalize("NFKC", words).casefold().replace("’", "'").replace("'", " ")
    return " ".join(_WORD.findall(plain))


@lru_cache(maxsize=64)
def _finder(misheard: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    """Give what finds heard words and the names themselves, the longest first."""
    wanted = {*(heard for heard, _ in misheard), *(key(name) for _, name in misheard)} - {""}
    longest_first = sorted(wanted, key=lambda words: (-len(words), words))
    either = "|".join(_JOINT.join(map(re.escape, words.split())) for words in longest_first)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Ledger:
    """The names that a library holds with how often each occurs; mends what a question misspells."""

    counts: Mapping[str, int]

    @cached_property
    def _folded(self) -> Mapping[str, list[str]]:
        """Give each folded name's spellings, the most frequent first."""
        spellings = defaultdict[str, list[str]](list)
        for name in sorted(self.counts, key=lambda name: (-self.counts[name], name)):
            spellings[fold(name)].append(name)
        return spellings

    @cached_property
    def _sounds(self) -> Mapping[str, list[str]]:
        sounds = defaultdict[str, list[str]](list)
        for folded in self._folded:
            sounds[jellyfish.metaphone(folded)].append(folded)
        return sounds

    def knows(self, word: str) -> bool:
        """Tell whether the library holds the name, in whatever case."""
        return fold(word) in self._folded

    def alike(self, word: str, *, by_sound: bool = False) -> tuple[str, ...]:
        """Give the names that sound the same or are a slip of the pen away, best first.

        >>> ledger = Ledger({"Stoica": 9, "Databricks": 5, "TAO": 3})
        >>> (
        ...     ledger.alike("Stoyca"),
        ...     ledger.alike("Tau"),
        ...     ledger.alike("Databrix"),
        ...     ledger.alike("Rust"),
        ... )
        (('Stoica',), ('TAO',), ('Databricks',), ())
        """
        folded = fold(word)
        sounding = set(self._sounds.get(jellyfish.metaphone(folded), ()))
        close = {name for name in sounding if _near(folded, name, slack=True)}
        if not by_sound:
            close |= {name for name in self._folded if _near(folded, name)}
        best = sorted(
            close - {folded},
            key=lambda name: (
                jellyfish.damerau_levenshtein_distance(folded, name),
                -self.counts[self._folded[name][0]],
                name,
            ),
        )
        return tuple(self._folded[name][0] for name in best)


def _near(a: str, b: str, *, slack: bool = False) -> bool:
    """Tell whether two folded words are a slip apart; sound-alikes may differ in one letter more."""
    shorter = min(len(a), len(b))
    allowed = 2 if shorter >= _LONG else 1 if shorter > _SHORTEST else 0
    allowed += slack
    if abs(len(a) - len(b)) > allowed or (a[:1] != b[:1] and not slack):
        return False
    return jellyfish.damerau_levenshtein_distance(a, b) <= allowed


def words(name: str) -> list[str]:
    """Give the words of a person's name that are long enough to recognise.

    >>> words("Ali F. Ghodsi")
    ['Ali', 'Ghodsi']
    """
    return [word for word in _TOKEN.findall(name) if len(word) >= _SHORTEST]
