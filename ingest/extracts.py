"""The brief that needs no model: sentences that were said, chosen by rule. Fewer rather than padded."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from ingest.matter import Case, Matter, Pick, Picks, describes, said, speaks
from kb import sentences, sponsors
from kb.models import Passage
from kb.text import clock

NAME = "extractive 2"
"""Changes with what is chosen."""
_SENTENCES, _WORDS = 3, 90
"""Of an overview, at most."""
_THEMES, _CASES, _OBSERVATIONS = 5, 3, 5
_TOPICS = 12
_REACH = 30
"""Sentences after a problem in which what is done about it, or worth, is looked for."""
_APART = 8
"""Sentences between two observations, at least."""
_ENDING = 0.12
"""Share of an episode that is its end."""
_CLOSING = 20

_PROBLEM = re.compile(
    r"\b(?:the (?:\w+ )?(?:problem|challenge|issue|bottleneck|difficulty)s? (?:is|are|was|were|with|that|"
    r"here)|(?:biggest|main|real|hardest|key) (?:problem|challenge|bottleneck|issue|barrier|obstacle)s?|"
    r"struggl\w+ (?:to|with)|pain points?|bottlenecks?|fails? to|can['’]t (?:afford|scale|trust)|"
    r"(?:is|are|was|it['’]s) (?:(?:really|very|still|so|too|extremely|quite) )*(?:hard|difficult|"
    r"expensive|slow|broken|painful|costly) (?:to|for|because)|lack(?:s|ed|ing)? (?:of )?\w+)\b",
    re.IGNORECASE,
)
_SOLUTION = re.compile(
    r"\b(?:we (?:built|build|created|developed|launched|designed|solved?|offer|open[- ]sourced)|"
    r"(?:the|our|their) (?:solution|approach|platform|product|answer)\b|"
    r"(?:lets?|allows?|enables?|helps?) (?:you|people|companies|developers|teams|users|them|us)\b|"
    r"makes? it (?:\w+ )?(?:possible|easy|easier|simple|simpler|cheaper|faster)|solv(?:es|ed|ing) )",
    re.IGNORECASE,
)
_OPPORTUNITY = re.compile(
    r"\b(?:(?:huge|big|growing|whole|new|massive|enormous|biggest|real) (?:\w+ )?(?:market|opportunit\w+)|"
    r"the (?:\w+ )?market (?:is|for|will|size)|billions?\b|demand for|business model|"
    r"(?:companies|enterprises|businesses|organi[sz]ations|every company|customers) "
    r"(?:(?:will|are going to|really|now|already) )*(?:need|want|pay|spend|invest|adopt)|"
    r"in the next (?:few|couple(?: of)?|\w+) (?:years|months|decade)|investors?\b|adoption\b)",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\$ ?\d|\d[\d,.]* ?(?:%|percent\b|x\b|times\b|million|billion|trillion|thousand|hundred|years\b|"
    r"hours\b|days\b|weeks\b|months\b|people\b|dollars\b|tokens\b|parameters\b|gigabytes\b|users\b)|"
    r"\b(?:surpris\w+|it turns out|turned out|counter-?intuitive\w*|contrary to|misconceptions?|"
    r"most people (?:think|don['’]t|believe|assume)|unexpected\w*|ironic\w*|in reality|nobody|"
    r"(?:a|one|two) (?:thousand|million|billion|hundred|third|quarter)|(?:half|twice|double) (?:of|as|the))\b",
    re.IGNORECASE,
)


def picks(matter: Matter) -> Picks:
    """Choose a brief's sentences from an episode's words; from notes alone no quotes."""
    if not matter.heard:
        return Picks(" ".join(_described(matter)), topics=tuple(_chapters(matter)))
    topics = tuple(_topics(matter))
    cases = tuple(_cases(matter))
    taken = frozenset(each.first for case in cases for each in case.parts)
    themes = _themes(matter, taken)
    taken |= {each.sentence.first for each in themes}
    observations = _observations(matter, taken)
    taken |= {each.sentence.first for each in observations}
    return Picks(
        _overview(matter, taken), _conclusion(matter, taken), topics, themes, cases, observations
    )


def _overview(matter: Matter, taken: frozenset[int]) -> str:
    """Give what the episode says of itself, else its most telling sentence."""
    described = " ".join(_described(matter))
    return described or _quoted(matter, matter.best(matter.sentences, but=taken))


def _described(matter: Matter) -> Iterator[str]:
    """Yield the first sentences that describe the episode, as many as an overview takes."""
    words = 0
    for text in islice(_descriptions(matter), _SENTENCES):
        words += len(text.split())
        if words > _WORDS:
            return
        yield text


def _descriptions(matter: Matter) -> Iterator[str]:
    """Yield the sentences of summary and notes that describe the episode, each once."""
    whole = " ".join(matter.episode.summary.split())
    summary = (whole[start:end] for start, end in sentences.spans(whole))
    lines = (" ".join(each.text.split()) for each in matter.notes)
    yield from dict.fromkeys(text for text in (*summary, *lines) if describes(text))


def _conclusion(matter: Matter, taken: frozenset[int]) -> str:
    count = len(matter.sentences)
    closing = matter.sentences[-max(int(count * _ENDING), min(_CLOSING, count // 2), 1) :]
    return _quoted(matter, matter.best(closing, but=taken))


def _quoted(matter: Matter, best: Sequence[Passage]) -> str:
    return next((said(each) for each in best if matter.quotable(each)), "")


def _topics(matter: Matter) -> Iterator[Pick]:
    """Yield the chapters, or the stretches between which the terms change."""
    chapters = list(_chapters(matter))
    if chapters:
        yield from chapters
        return
    for stretch in matter.stretches if matter.stretches[1:] else ():
        title = matter.salience.title([each.text for each in stretch])
        start = stretch[0].span.start
        if title:
            yield Pick(title, stretch[0], "" if start is None else f"From {clock(start)}.")


def _chapters(matter: Matter) -> Iterator[Pick]:
    titled = [each for each in matter.episode.chapters if each.title.strip()]
    unpaid = [each for each in titled if not sponsors.titled(each.title)]
    for each in unpaid[:_TOPICS]:
        yield Pick(each.title, matter.sentences[0], f"From {clock(each.start)}.")


def _themes(matter: Matter, taken: frozenset[int]) -> tuple[Pick, ...]:
    """Give the most telling sentence of each stretch, in the order in which they were said."""
    found = [best for each in matter.stretches if (best := _first(matter, each, taken))]
    found.sort(key=lambda each: -matter.salience.score(each.text))
    return _in_order(matter, found[:_THEMES])


def _observations(matter: Matter, taken: frozenset[int]) -> tuple[Pick, ...]:
    """Give what is counted or surprising, the most telling of it, from all over the episode."""
    chosen = list[Passage]()
    told = [each for each in matter.unpaid if _TOLD.search(each.text)]
    for each in matter.best(told, but=taken):
        if len(chosen) == _OBSERVATIONS:
            break
        apart = all(abs(each.first - other.first) >= _APART for other in chosen)
        if apart and _worth(matter, each):
            chosen.append(each)
    return _in_order(matter, chosen)


def _cases(matter: Matter) -> Iterator[Case]:
    """Yield problems with what is done about them, or what that is worth, said soon after."""
    spoken = [each for each in matter.unpaid if speaks(each.text)]
    at = {each.first: n for n, each in enumerate(spoken)}
    taken, count = set[int](), 0
    for problem in matter.ranked([each for each in spoken if _PROBLEM.search(each.text)]):
        if problem.first in taken or count == _CASES or not _worth(matter, problem):
            continue
        after = spoken[at[problem.first] + 1 : at[problem.first] + _REACH]
        near = [each for each in after if each.first - problem.first < _REACH]
        case = _case(matter, problem, [each for each in near if each.first not in taken])
        if case is not None:
            count += 1
            taken.update(range(problem.first - _REACH, problem.first + _REACH))
            yield case


def _case(matter: Matter, problem: Passage, after: Sequence[Passage]) -> Case | None:
    solution = _strongest(matter, [each for each in after if _SOLUTION.search(each.text)])
    rest = [each for each in after if each != solution and _OPPORTUNITY.search(each.text)]
    opportunity = _strongest(matter, rest)
    if solution is None and opportunity is None:
        return None
    parts = [each for each in (problem, solution, opportunity) if each]
    return Case(_title(matter, parts), problem, solution, opportunity)


def _strongest(matter: Matter, found: Sequence[Passage]) -> Passage | None:
    return next((each for each in matter.ranked(found) if _worth(matter, each)), None)


def _first(matter: Matter, within: Sequence[Passage], taken: frozenset[int]) -> Passage | None:
    """Give the most telling sentence that is about the episode's subject and passes the seal."""
    return _strongest(matter, matter.best(within, but=taken))


def _worth(matter: Matter, sentence: Passage) -> bool:
    return matter.salience.score(sentence.text) > 0 and matter.quotable(sentence)


def _title(matter: Matter, sentences: Sequence[Passage]) -> str:
    """Name what is said as its chapter is named, else by its terms."""
    return matter.chapter(sentences[0]) or _terms(matter, sentences)


def _terms(matter: Matter, sentences: Sequence[Passage]) -> str:
    return matter.salience.title([each.text for each in sentences])


def _in_order(matter: Matter, chosen: Sequence[Passage]) -> tuple[Pick, ...]:
    """Give sentences as they were said, one of a chapter under its title, the others by their terms."""
    picks = list[Pick]()
    for each in sorted(chosen, key=lambda each: each.first):
        title = _title(matter, [each])
        again = any(other.title == title for other in picks)
        picks.append(Pick(_terms(matter, [each]) if again else title, each))
    return tuple(picks)
