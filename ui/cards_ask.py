"""An answer with its sources, and what stands below it, as plain text to draw."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from kb import names
from kb.models import Answer
from kb.renewal import Renewed
from kb.steps import Steps
from ui import cards
from ui.printing import many

Misheard = Callable[[str], Mapping[str, str]]
"""What corrections say of an episode: what was heard, folded, and the name that was meant."""


def steps(done: Steps) -> str:
    """Say what was done for an answer.

    >>> steps(Steps(searched=212, read=11, checked=1))
    'Searched 212 episodes, read 11 passages, checked 1 statement.'
    """
    searched, read = many(done.searched, "episode"), many(done.read, "passage")
    return f"Searched {searched}, read {read}, checked {many(done.checked, 'statement')}."


def verdict(answer: Answer) -> tuple[str, ...]:
    """Say in a line that an answer is none, and why."""
    return (f"Not on the record. {answer.reason}",) if answer.abstained else ()


def lines(answer: Answer, misheard: Misheard) -> list[cards.Line]:
    """Show the claims; a corrected name stands in brackets behind what was heard."""
    drawn = list[cards.Line]()
    for claim in answer.claims:
        cited = (answer.citations[number - 1].span.episode_id for number in claim.citations)
        held = {word: name for each in cited for word, name in misheard(each).items()}
        line = cards.line(claim, answer)
        drawn.append(replace(line, text=names.labelled(claim.text, held)) if line.quoted else line)
    return drawn


def sources(now: Renewed, misheard: Misheard) -> list[cards.Card]:
    """Show what an answer cites, and where it is none, what came closest."""
    answer = now.answer
    shown = [
        (each.span.episode_id, cards.source(each, lost=each.number in now.lost))
        for each in answer.citations
    ]
    if answer.abstained:
        shown += [(each.episode.id, cards.near(each)) for each in answer.nearest]
    return [
        replace(card, text=names.labelled(card.text, misheard(episode_id)))
        for episode_id, card in shown
    ]
