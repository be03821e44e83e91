"""What is on its way into the library, and what is in it, as plain text to draw."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kb.jobs import State
from ui import cards, cards_jobs
from ui.intake import Stage
from ui.printing import many
from ui.sheet import Block, Heading, Task

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kb.jobs import Job
    from kb.models import Episode, Hit
    from ui.intake import Look

_LATELY = 600.0
"""Seconds for which what is done stays on the page, counted from the newest news of any job."""
_MOST = 6
_TONES = {Stage.LOOKING: "busy", Stage.QUEUED: "good", Stage.FAILED: "bad"}


def work(looks: Collection[Look], jobs: Sequence[Job]) -> list[Block]:
    """Show what is looked at and what the worker does; retry and cancel are the Jobs page's."""
    newest = max((job.updated for job in jobs), default=0.0)
    recent = [job for job in jobs if not job.state.over or _news(job, newest)][:_MOST]
    seen = [each for each in looks if each.stage is not Stage.QUEUED or not each.found]
    tasks = [*map(_look, seen), *(replace(cards_jobs.task(job), acts=()) for job in recent)]
    return [Heading("On its way", small=True), *tasks] if tasks else []


def _news(job: Job, newest: float) -> bool:
    return job.state is not State.CANCELLED and newest - job.updated < _LATELY


def _look(look: Look) -> Task:
    said = {
        Stage.LOOKING: "Finding out what is there",
        Stage.QUEUED: f"{many(look.found, 'episode')} queued",
        Stage.FAILED: "",
    }
    return Task(
        title=look.origin,
        state=look.stage.value.capitalize(),
        tone=_TONES[look.stage],
        meta=said[look.stage],
        notes=tuple(filter(None, (look.reason, look.hint))),
    )


def looking(looks: Collection[Look]) -> bool:
    """Tell whether anything that was given is still being looked at."""
    return any(each.stage is Stage.LOOKING for each in looks)


def named(episodes: Sequence[Episode], words: str) -> list[Episode]:
    """Give the episodes whose title, show or people have all the words."""
    wanted = words.casefold().split()
    return [each for each in episodes if all(word in _names(each) for word in wanted)]


def _names(episode: Episode) -> str:
    people = " ".join(person.name for person in episode.people)
    return f"{episode.title} {episode.show.title} {people}".casefold()


def heard(hit: Hit) -> cards.Card:
    """Show a found passage; it opens on the page of its episode."""
    card = cards.near(hit)
    return replace(card, query=f"episode{card.query}")
