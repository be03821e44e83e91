"""What a question asks for: its words, its names, and the kind of answer it wants."""

import re
from collections.abc import Collection, Iterator

from kb import names
from kb.models import Name, Question, Want
from kb.names import Ledger

_TOKEN = re.compile(r"[A-Za-z0-9][\w&'’.+#-]*[\w+#]|[A-Za-z0-9]")
_COMMON = frozenset(
    [
        "a",
        "about",
        "after",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "anyone",
        "are",
        "as",
        "at",
        "be",
        "been",
        "before",
        "being",
        "between",
        "both",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "done",
        "each",
        "either",
        "every",
        "far",
        "few",
        "for",
        "from",
        "gave",
        "get",
        "give",
        "gives",
        "go",
        "had",
        "has",
        "have",
        "he",
        "her",
        "here",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "itself",
        "just",
        "let",
        "like",
        "make",
        "many",
        "may",
        "me",
        "might",
        "more",
        "most",
        "much",
        "must",
        "my",
        "no",
        "nor",
        "not",
        "of",
        "off",
        "on",
        "once",
        "one",
        "only",
        "or",
        "other",
        "our",
        "out",
        "over",
        "own",
        "per",
        "put",
        "quite quote",
        "rather",
        "recall",
        "remember",
        "said",
        "same",
        "say",
        "says",
        "she",
        "should",
        "since",
        "so",
        "some",
        "somebody",
        "someone",
        "something",
        "such",
        "talk",
        "talks",
        "tell",
        "tells",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "thing",
        "things",
        "this",
        "those",
        "through",
        "to",
        "too",
        "under",
        "until",
        "up",
        "upon",
        "us",
        "very",
        "was",
        "we",
        "well",
        "were",
        "what",
        "when",
        "where",
        "whether",
        "which",
        "while",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "without",
        "would",
        "you",
        "your",
    ]
)
_DEMONYM = re.compile(r"[A-Z][a-z]*(?:ican|ean|ese|ish|[lrst]ian)|German|French|Dutch|Greek|Swiss")
"""Adjectives of a people are capitalised, but the country may be meant by another word."""
_WANTS = {
    Want.MOMENT: re.compile(
        r"\b(?:at what|at which|which|what) (?:minute|time|second|timestamp|chapter)\b"
        r"|^when in the\b|\bwhen (?:in|during) (?:the|this|that) (?:show|episode|talk|podcast)\b"
        r"|\bhow far in\b|\btimestamp\b",
        re.IGNORECASE,
    ),
    Want.NUMBER: re.compile(
        r"\b(?:how (?:many|much|few|often|long|big|large|tiny|quickly|fast)|by how|what (?:share|"
        r"size|score|sums?|percentage|fraction|number|price|exact score)|which (?:two )?(?:sums?|"
        r"numbers?|figures?))\b|\bwhat did .+ (?:pay|cost)\b",
        re.IGNORECASE,
    ),
    Want.OWN_WORDS: re.compile(
        r"\b(?:own|exact|his|her|their) words\b|^quote\b|\bverbatim\b|\bword for word\b",
        re.IGNORECASE,
    ),
    Want.HOST: re.compile(
        r"\bwho (?:hosts|is the host|are the hosts|presents|is hosting|co-hosts)\b", re.IGNORECASE
    ),
}
_ALIKE_WEIGHT = 0.7
"""Weight of a spelling that the library has for a name that the question spells otherwise."""


def read(text: str, ledger: Ledger, people: Collection[str]) -> Question:
    """Understand a question with the names that a library knows.

    >>> ledger = Ledger({"Stoica": 4, "Ion": 4, "Databricks": 2})
    >>> asked = read("How many labels does Ion Stoyca need?", ledger, {"Ion Stoica"})
    >>> asked.mended, sorted(asked.terms), [name.person for name in asked.names]
    ('How many labels does Ion Stoica need?', ['Ion', 'Stoica', 'labels', 'need'], [True, True])
    """
    mended = _mended(text, ledger)
    known = {word for person in people for word in names.fold(person).split()}
    found = tuple(_names(text, mended, ledger, known))
    terms = {word: 1.0 for word in _bare_words(mended) if not is_common(word)}
    for name in found:
        terms |= {each: _ALIKE_WEIGHT for each in name.spellings if each not in terms}
    wants = frozenset(want for want, pattern in _WANTS.items() if pattern.search(text))
    return Question(text, mended, terms, found, wants)


def is_common(word: str) -> bool:
    """Tell whether a word says nothing about what a question is after."""
    return word.lower() in _COMMON


def content(text: str) -> list[str]:
    """Give the words of a text that are not common, folded."""
    found = (names.fold(word) for word in _TOKEN.findall(text) if not is_common(word))
    return [word for word in found if word]


def _mended(text: str, ledger: Ledger) -> str:
    """Put the library's spelling where a capitalised word is none that it knows."""
    first = _TOKEN.search(text)

    def mend(match: re.Match[str]) -> str:
        word = _bare(match.group())
        opens = first is not None and match.start() == first.start()
        if opens or not word[:1].isupper() or is_common(word) or ledger.knows(word):
            return match.group()
        return next(iter(ledger.alike(word)), word) + match.group()[len(word) :]

    return _TOKEN.sub(mend, text)


def _names(text: str, mended: str, ledger: Ledger, known: Collection[str]) -> Iterator[Name]:
    """Yield the capitalised words; a sentence's first counts where it names a known person."""
    asked = dict(zip(_bare_words(mended), _bare_words(text), strict=False))
    opening = [word for word in _bare_words(mended)[:1] if names.fold(word) in known]
    for word in dict.fromkeys((*names.spelled(mended), *opening)):
        if not is_common(word) and not _DEMONYM.fullmatch(word):
            spellings = (word, *ledger.alike(word, by_sound=ledger.knows(word))[:3])
            yield Name(asked.get(word, word), spellings, names.fold(word) in known)


def _bare_words(text: str) -> list[str]:
    return [_bare(word) for word in _TOKEN.findall(text)]


def _bare(word: str) -> str:
    """Drop a genitive.

    >>> _bare("Meta's"), _bare("Databricks'")
    ('Meta', 'Databricks')
    """
    return re.sub(r"['’]s?$", "", word)
