"""Sentences of the library -> numbered citations, with time, speaker and link from the library alone."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from kb import links, seal
from kb.models import Citation, Episode, Health, Passage


def runs(sentences: Iterable[Passage]) -> Iterator[tuple[Passage, ...]]:
    """Yield the stretches of sentences that follow one another in one document, each once."""
    single = {each.id: each for each in sentences}.values()
    ordered = sorted(single, key=lambda each: (each.span.episode_id, each.tier, each.first))
    numbered = enumerate(ordered)
    for _, group in groupby(
        numbered, key=lambda pair: (pair[1].span.episode_id, pair[1].tier, pair[1].first - pair[0])
    ):
        yield tuple(passage for _, passage in group)


def cite(number: int, run: tuple[Passage, ...], episode: Episode) -> Citation:
    """Cite sentences that follow one another."""
    first, span = run[0], seal.joined([each.span for each in run])
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
