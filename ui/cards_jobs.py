"""Jobs and workers as plain blocks to draw."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kb.jobs import State
from kb.text import clock
from ui.places import Place
from ui.printing import many
from ui.sheet import Act, Task

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from kb.jobs import Job

RETRY, CANCEL = "retry", "cancel"
_TONES = {
    State.WAITING: "",
    State.RUNNING: "busy",
    State.DONE: "good",
    State.FAILED: "bad",
    State.CANCELLED: "",
}


def task(job: Job) -> Task:
    """Show a job: where it stands, how long it takes, why it failed, what can be done."""
    verb, text = (RETRY, "Try again") if job.state.over else (CANCEL, "Cancel")
    done = job.state is State.DONE
    return Task(
        title=job.title,
        state=job.state.value.capitalize(),
        tone=_TONES[job.state],
        meta=" · ".join(_standing(job)),
        share=job.fraction or 0.0 if job.state is State.RUNNING else None,
        notes=tuple(filter(None, (job.reason, job.hint))),
        acts=() if done else (Act(f"{verb} {job.id}", text),),
        query=f"library{Place(job.episode_id).query}" if done and job.episode_id else "",
        query_text="Open the episode",
    )


def _standing(job: Job) -> Iterator[str]:
    if job.state is State.RUNNING:
        yield job.step if job.fraction is None else f"{job.step} {job.fraction:.0%}"
        if job.seconds_left is not None:
            yield f"{clock(job.seconds_left)} left"
    if job.attempt > 1:
        yield f"attempt {job.attempt}"
    yield f"queued {datetime.fromtimestamp(job.created, UTC).astimezone():%d %B %H:%M}".lstrip("0")


def workers(beats: Mapping[str, int], gone: Collection[str]) -> str:
    """Say who is at work; those `gone` have given no sign of life for a while."""
    living = [each for each in beats if each not in gone]
    what = "other" if living else "worker"
    lost = f" {many(len(gone), what)} gave no sign of life for a while." if gone else ""
    if not living:
        return f"No worker is at work: soundproof worker.{lost}"
    verb = "is" if len(living) == 1 else "are"
    return f"{many(len(living), 'worker')} {verb} at work.{lost}"
