"""Sentences of the library -> numbered citations, with time, speaker and link from the library alone."""

from collections.abc import Callable

from kb import links
from kb.models import Citation, Episode, Health, Passage
from kb.seal import joined


def number(
    run: tuple[Passage, ...], citations: list[Citation], episode: Callable[[str], Episode]
) -> int:
    """Give the number of the citation for sentences that follow one another, adding it if it is new.

    `episode` gives the episode of an id.
    """
    for citation in citations:
        if citation.passage_id == run[0].id and citation.last == run[-1].last:
            return citation.number
    citations.append(cite(len(citations) + 1, run, episode(run[0].span.episode_id)))
    return len(citations)


def cite(number: int, run: tuple[Passage, ...], episode: Episode) -> Citation:
    """Cite sentences that follow one another."""
    first, span = run[0], joined([each.span for each in run])
    return Citation(
        number=number,
        passage_id=first.id,
        span=span,
        tier=first.tier,
        text=" ".join(each.text for each in run),
        first=first.first,
        last=run[-1].last,
        episode_title=episode.title,
        show_title=episode.show.title,
        speaker=first.speaker,
        line=first.line,
        link=links.outside(episode, span),
        suspect=episode.health is Health.SUSPECT,
    )
