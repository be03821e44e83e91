"""Claims about real transcripts, honest ones and forged ones, made by the rules of docs/evidence.md.

Nothing of the seal is used here: a forger has never read it. Every draw comes from one seed.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from benchmarks import seal_cuts
from ingest.sources.manifest import Manifest
from kb import passages
from kb.models import Tier, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from kb.models import Passage

SHORTEST, LONGEST = 7, 40
"""Words of a sentence that a claim is made of."""
_STUMBLES, _NAMES = 0.2, 0.5
"""How often a word is said twice instead of a filler put in; a name misspelt instead of a homophone."""
_REST, _REPLY, _FAR = 4, 2, 5
"""Words left behind a negation; of the second voice at least; sentences between two places."""
FEWEST = 100
"""Such sentences that an episode has at least."""


def _row(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_HOMOPHONES = (
    "their there", "your you're", "its it's", "to too", "hear here", "week weak", "whole hole",
    "right write", "peace piece", "wait weight", "way weigh", "mail male", "main mane", "sea see",
    "by buy", "made maid", "role roll", "site sight", "steal steel", "sun son", "tail tale",
    "great grate", "meet meat", "plain plane", "brake break", "cell sell", "night knight",
    "principal principle", "rain reign", "whether weather", "where wear", "which witch",
    "would wood", "through threw", "some sum", "road rode", "board bored", "course coarse",
)  # fmt: skip
_MISHEARD = (
    (r"ck", "k"), (r"ph", "f"), (r"([bdfglmnprt])\1", r"\1"), (r"(?<=[a-z])y$", "ie"),
    (r"^C(?=[aourl])", "K"), (r"(?<=[a-z])c(?=[aourl])", "k"), (r"(?<=[aeiou])([lnrt])(?=[aeiou])", r"\1\1"),
)  # fmt: skip
_CONTRACTIONS = (
    ("do not", "don't"), ("does not", "doesn't"), ("did not", "didn't"), ("is not", "isn't"),
    ("was not", "wasn't"), ("cannot", "can't"), ("will not", "won't"), ("it is", "it's"),
    ("that is", "that's"), ("I am", "I'm"), ("you are", "you're"), ("we are", "we're"),
    ("they are", "they're"), ("I have", "I've"), ("we have", "we've"), ("going to", "gonna"),
    ("want to", "wanna"), ("I will", "I'll"), ("would not", "wouldn't"), ("there is", "there's"),
)  # fmt: skip
_FILLERS = ("um,", "uh,", "you know,", "I mean,", "like,", "er,")
_SPELLED = _row("zero one two three four five six seven eight nine ten eleven twelve")
_OPENERS = (
    "not all of", "not every one of", "not a single one of", "not one of", "none of", "few of",
    "very few of", "hardly any of", "neither of", "under no circumstances do", "at no time did",
    "at no point did", "never once did", "no chance that", "no chance", "no way that", "no way",
    "no world in which", "no reason why", "no evidence that", "instead of", "rather than", "no one",
    "a lie that", "wrong that", "impossible that", "unlikely that", "a myth that",
)  # fmt: skip
_COUNTS = _row("two three four five six seven eight nine ten twenty thirty fifty hundred half")
_ANTONYMS = (
    "more less", "always never", "good bad", "better worse", "best worst", "easy hard", "fast slow",
    "faster slower", "big small", "bigger smaller", "high low", "higher lower", "before after",
    "first last", "new old", "open closed", "right wrong", "true false", "everyone nobody",
    "everything nothing", "increase decrease", "cheap expensive", "love hate", "win lose",
    "start stop", "many few", "most least", "up down", "inside outside", "public private",
    "simple complex", "safe dangerous", "strong weak", "possible impossible", "with without",
)  # fmt: skip
_POINTERS = _row(
    "i you he she it we they this that these there what who how when where why and but so because if"
    " i'm you're he's she's it's we're they're that's there's i've we've yeah yes no not or to the a"
    " an in of on my our your his her their all some any"
)
"""Words that "no" denies nothing of: "no, we did" is "no we did"."""
_AUXILIARIES = _row("is are was were can could will would should do does did have has had")
_TURNERS = _row(
    "not never no hardly barely only almost if unless maybe probably might could without except"
    " supposedly sometimes usually some few most many nearly would"
)
_UNITS = (
    "percent points", "minutes hours", "hours days", "days weeks", "weeks months", "months years",
    "seconds minutes", "million billion", "thousand million", "dollars euros", "times percent",
    "people companies",
)  # fmt: skip
_INVENTED = (
    "and that is why we shut the whole thing down last winter",
    "so the board decided to sell the company to its largest rival",
    "which means that nobody will be writing code by hand any more",
    "and frankly I regret every part of that decision today",
    "because the numbers we published back then were simply wrong",
)
_NUMBER = re.compile(r"(?<![\w.,:])(?!0\d)\d+(?![\w.,:]*\d|[a-zA-Z%:])")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")
_WORD = re.compile(r"[\w'’-]+")


@dataclass(frozen=True, slots=True)
class Case:
    """A claim, of which kind, and whether it may be shown as a quote."""

    kind: str
    honest: bool
    claim: str
    episode: str
    made_of: str


@dataclass(frozen=True, slots=True)
class Talk:
    """One episode's sentences, and the names in all of them."""

    id: str
    sentences: tuple[Passage, ...]

    @property
    def usable(self) -> list[Passage]:
        """Give the sentences that are long enough to claim and were said by somebody."""
        return [
            each
            for each in self.sentences
            if each.speaker
            and "[" not in each.text
            and SHORTEST <= len(each.text.split()) <= LONGEST
        ]

    @property
    def said(self) -> str:
        """Give all its plain words between spaces."""
        return f" {' '.join(plain(each.text) for each in self.sentences)} "


def plain(text: str) -> str:
    """Give a text's words in small letters, for telling whether a forgery was said after all."""
    return " ".join(_WORD.findall(text.lower().replace("’", "'")))


def talks(manifest: Path, wanted: int, seed: int) -> list[Talk]:
    """Draw episodes of a corpus and cut them as the library does."""
    found = [
        Talk(each.episode.id, tuple(passage for passage in cut if passage.unit is Unit.SENTENCE))
        for each in Manifest().read(str(manifest), latest=1)
        if each.transcript
        for cut in [passages.cut(each.episode.id, Tier.TRANSCRIPT, each.transcript.segments)]
    ]
    usable = [talk for talk in found if len(talk.usable) >= FEWEST]
    return random.Random(seed).sample(usable, wanted)  # noqa: S311 - draws, not secrets


def cases(talks: Sequence[Talk], each: int, seed: int) -> Iterator[Case]:
    """Make so many cases of each kind, drawn over all talks."""
    draw = random.Random(seed)  # noqa: S311 - draws, not secrets
    for honest, kinds in ((True, HONEST), (False, FORGED)):
        for kind, make in kinds.items():
            yield from _made(kind, make, talks, each, draw, honest=honest)


def _made(
    kind: str,
    make: Callable[[Talk, Passage, random.Random], str | None],
    talks: Sequence[Talk],
    each: int,
    draw: random.Random,
    *,
    honest: bool,
) -> Iterator[Case]:
    pool = [(talk, sentence) for talk in talks for sentence in talk.usable]
    draw.shuffle(pool)
    said = {talk.id: talk.said for talk in talks}
    left = each
    for talk, sentence in pool:
        claim = make(talk, sentence, draw) if left else None
        if claim is None or (
            not honest and said[talk.id].count(f" {plain(claim)} ") > (kind in AS_HEARD)
        ):
            continue
        left -= 1
        yield Case(kind, honest, claim, talk.id, sentence.text)


# Honest claims


def _real(_talk: Talk, sentence: Passage, _draw: random.Random) -> str:
    return sentence.text


def _trimmed(_talk: Talk, sentence: Passage, draw: random.Random) -> str:
    words = sentence.text.split()
    front = draw.randrange(0, len(words) // 3)
    back = draw.randrange(0, len(words) // 3)
    return " ".join(words[front : len(words) - back])


def _filled(_talk: Talk, sentence: Passage, draw: random.Random) -> str:
    """Put fillers in, or say a word twice."""
    words = sentence.text.split()
    for _ in range(draw.randrange(1, 3)):
        at = draw.randrange(1, len(words))
        if draw.random() < _STUMBLES and words[at].isalpha() and words[at].lower() not in _TURNERS:
            words.insert(at, words[at])
        else:
            if words[at - 1][-1].isalnum():
                words[at - 1] += ","
            words.insert(at, draw.choice(_FILLERS))
    return " ".join(words)


def _sounding(_talk: Talk, sentence: Passage, draw: random.Random) -> str | None:
    """Put a homophone for a word, or spell a name as somebody who never read it."""
    swaps = _either(_HOMOPHONES)
    places = [m for m in _WORD.finditer(sentence.text) if m.group().replace("’", "'") in swaps]
    misspelt = [
        (m, wrong)
        for m in _NAME.finditer(sentence.text)
        for pattern, letters in _MISHEARD
        if (wrong := re.sub(pattern, letters, m.group(), count=1)) != m.group()
    ]
    if misspelt and (not places or draw.random() < _NAMES):
        match, wrong = draw.choice(misspelt)
        return _put(sentence.text, match, wrong)
    if not places:
        return None
    match = draw.choice(places)
    return _put(sentence.text, match, swaps[match.group().replace("’", "'")])


def _contracted(_talk: Talk, sentence: Passage, draw: random.Random) -> str | None:
    """Contract what was said in full, or write a contraction out."""
    text = sentence.text.replace("’", "'")
    pairs = [*_CONTRACTIONS, *((b, a) for a, b in _CONTRACTIONS)]
    found = [(m, new) for old, new in pairs for m in re.finditer(rf"\b{re.escape(old)}\b", text)]
    return _put(text, *draw.choice(found)) if found else None


def _dressed(_talk: Talk, sentence: Passage, draw: random.Random) -> str:
    """Change case, punctuation, dashes and marks."""
    text = sentence.text
    changes: list[Callable[[str], str]] = [
        str.lower,
        lambda t: f"“{t}”",
        lambda t: t.rstrip(".!?"),
        lambda t: t.replace("'", "’"),
        lambda t: t.replace(", ", " - ", 1),
        lambda t: t.replace(",", ""),
        lambda t: t.replace(" ", "  ", 2),
        lambda t: t[0].lower() + t[1:] + "...",
    ]
    for change in draw.sample(changes, 3):
        text = change(text)
    return text


def _respelled(_talk: Talk, sentence: Passage, draw: random.Random) -> str | None:
    """Write a figure as a word, or a word as a figure."""
    figures = [m for m in _NUMBER.finditer(sentence.text) if int(m.group()) < len(_SPELLED)]
    spelled = list(
        re.finditer(r"\b(?:two|three|four|five|six|seven|eight|nine|ten)\b", sentence.text)
    )
    if not figures and not spelled:
        return None
    match = draw.choice([*figures, *spelled])
    said = match.group()
    return _put(
        sentence.text, match, _SPELLED[int(said)] if said.isdigit() else str(_SPELLED.index(said))
    )


# Forged claims


def _denied(_talk: Talk, sentence: Passage, draw: random.Random) -> str | None:
    found = list(re.finditer(rf"\b(?:{'|'.join(_AUXILIARIES)})\b(?! not|n't)", sentence.text))
    if not found:
        return None
    match = draw.choice(found)
    return _put(
        sentence.text,
        match,
        f"{match.group()} {draw.choice(['not', 'never', 'hardly', 'no longer'])}",
    )


def _affirmed(_talk: Talk, sentence: Passage, draw: random.Random) -> str | None:
    found = list(re.finditer(r"n['’]t\b| not\b| never\b| no longer\b|(?<= )no ", sentence.text))
    return _put(sentence.text, draw.choice(found), "") if found else None


def _digit(_talk: Talk, sentence: Passage, draw: random.Random) -> str | None:
    found = list(_NUMBER.finditer(sentence.text))
    if not found:
        return None
    match = draw.choice(found)
    value = match.group()
    changed = [value + "0", str(int(value) + 1), str(int(value) * 2), value[::-1], value[:-1]]
    other = [each for each in changed if each and int(each) != int(value)]
    return _put(sentence.text, match, draw.choice(other)) if other else None


def _unit(_talk: Talk, sentence: Passage, draw: random.Random) -> str | None:
    units = _either(_UNITS)
    found = [m for m in _WORD.finditer(sentence.text) if m.group() in units]
    found += list(re.finditer(r"(?<=\d)%", sentence.text))
    if not found:
        return None
    match = draw.choice(found)
    return _put(sentence.text, match, units.get(match.group(), " points"))


def _counted(_talk: Talk, sentence: Passage, draw: random.Random) -> str | None:
    """Put another number word."""
    found = [m for m in _WORD.finditer(sentence.text) if m.group() in _COUNTS]
    if not found:
        return None
    match = draw.choice(found)
    others = [each for each in _COUNTS if each != match.group()]
    return _put(sentence.text, match, draw.choice(others))


def _renamed(talk: Talk, sentence: Passage, draw: random.Random) -> str | None:
    found = list(_NAME.finditer(sentence.text))
    others = [m.group() for each in talk.sentences for m in _NAME.finditer(each.text)]
    if not found:
        return None
    match = draw.choice(found)
    other = [each for each in others if each != match.group()]
    return _put(sentence.text, match, draw.choice(other)) if other else None


def _opposed(_talk: Talk, sentence: Passage, draw: random.Random) -> str | None:
    opposites = _either(_ANTONYMS)
    found = [m for m in _WORD.finditer(sentence.text) if m.group() in opposites]
    if not found:
        return None
    match = draw.choice(found)
    return _put(sentence.text, match, opposites[match.group()])


def _invented(_talk: Talk, sentence: Passage, draw: random.Random) -> str:
    words = sentence.text.rstrip(".!?").split()
    return f"{' '.join(words[: len(words) // 2 + 2])} {draw.choice(_INVENTED)}."


def _dropped(_talk: Talk, sentence: Passage, draw: random.Random) -> str | None:
    """Leave a word out that the meaning hangs on, never the first or the last."""
    words = sentence.text.split()
    places = [at for at, word in enumerate(words[1:-1], 1) if word.lower().strip(",.") in _TURNERS]
    if not places:
        return None
    at = draw.choice(places)
    return " ".join([*words[:at], *words[at + 1 :]])


def _behind(_talk: Talk, sentence: Passage, _draw: random.Random) -> str | None:
    """Begin right behind what denies the rest."""
    match = re.search(
        r"\b(?:(?:don|doesn|didn|isn|wasn|won|can|couldn|wouldn|aren)['’]t|not|never|cannot)"
        r" (?:(?:really|necessarily|think|believe|say|want to|have to|going to|need to) )*(?:that )?",
        sentence.text,
    )
    rest = sentence.text[match.end() :] if match else ""
    return (
        rest
        if len(rest.split()) >= _REST and not rest.startswith(("only", "just", "even", "like"))
        else None
    )


def _opened(_talk: Talk, sentence: Passage, _draw: random.Random) -> str | None:
    """Begin right behind an opener that turns round all that follows."""
    openers = "|".join(_OPENERS)
    match = re.search(rf"(?<!only )(?<!a )\b(?:{openers}) (?=\w)", sentence.text, re.IGNORECASE)
    rest = sentence.text[match.end() :] if match else ""
    return rest if len(rest.split()) >= _REST else None


def _unstopped(_talk: Talk, sentence: Passage, _draw: random.Random) -> str | None:
    """Take away the stop behind a "no" or "never" that stood alone, or put one there."""
    found = re.search(r"\b([Nn]o|[Nn]ever)([.,!]?) (\w+)", sentence.text)
    if not found or found[3].lower() in _POINTERS or not found[3].isalpha():
        return None
    stop = "" if found[2] else "."
    return _put(sentence.text, found, f"{found[1]}{stop} {found[3]}")


def _across(talk: Talk, sentence: Passage, _draw: random.Random) -> str | None:
    """Run two people's words together."""
    for before, behind in pairwise(talk.sentences):
        if before is sentence and behind.speaker and behind.speaker != before.speaker:
            return f"{before.text} {behind.text}" if len(behind.text.split()) > _REPLY else None
    return None


def _spliced(talk: Talk, sentence: Passage, draw: random.Random) -> str | None:
    """Run two pieces from different places together without a mark."""
    other = draw.choice(talk.usable)
    words, more = sentence.text.split(), other.text.split()
    if abs(other.first - sentence.first) < _FAR:
        return None
    return " ".join([*words[: len(words) // 2 + 1], *more[len(more) // 2 :]])


def _elided(_talk: Talk, sentence: Passage, draw: random.Random) -> str | None:
    """Put an ellipsis where what denies, bounds or conditions stood."""
    words = sentence.text.split()
    turning = re.compile(
        r"(?:not|never|no|hardly|if|unless|almost|without|but|\w+n['’]t)[,.]?$", re.IGNORECASE
    )
    places = [at for at, word in enumerate(words[2:-2], 2) if turning.match(word)]
    if not places:
        return None
    at = draw.choice(places)
    start, end = max(2, at - draw.randrange(0, 3)), at + 1 + draw.randrange(0, 3)
    return " ".join([*words[:start], "…", *words[end:]]) if end < len(words) - 1 else None


def _cut(
    make: Callable[[str, random.Random], str | None],
) -> Callable[[Talk, Passage, random.Random], str | None]:
    """Give a cut of a sentence's text as a way to make a claim."""
    return lambda _talk, sentence, draw: make(sentence.text.replace("’", "'"), draw)


def _either(pairs: Sequence[str]) -> dict[str, str]:
    """Map each word of a pair to the other."""
    return {a: b for pair in pairs for a, b in (pair.split(), pair.split()[::-1])}


def _put(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


HONEST = {
    "as heard": _real,
    "trimmed": _trimmed,
    "with fillers": _filled,
    "sound-alikes": _sounding,
    "contractions": _contracted,
    "case and punctuation": _dressed,
    "figures and words": _respelled,
    **{kind: _cut(make) for kind, make in seal_cuts.HONEST.items()},
}
FORGED = {
    "negation put in": _denied,
    "negation taken out": _affirmed,
    "a digit": _digit,
    "a unit": _unit,
    "a number word": _counted,
    "a name": _renamed,
    "an antonym": _opposed,
    "half invented": _invented,
    "a turning word dropped": _dropped,
    "cut behind a negation": _behind,
    "cut behind an opener": _opened,
    "a stop at a negation": _unstopped,
    "across speakers": _across,
    "two places": _spliced,
    "an ellipsis that inverts": _elided,
    **{kind: _cut(make) for kind, make in seal_cuts.FORGED.items()},
}
AS_HEARD = (
    "cut behind a negation",
    "cut behind an opener",
    "a stop at a negation",
    "across speakers",
    *seal_cuts.FORGED,
)
"""Forgeries whose words were all said, one after the other."""
