"""`soundproof jobs list`, `show`, `retry` and `cancel`."""

from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.common import Json, give, house, say

if TYPE_CHECKING:
    from kb.jobs import State

verbs = typer.Typer(help="Look at the queue, and at what became of each job.", no_args_is_help=True)

_Job = Annotated[str, typer.Argument(help="Its id, or how the id begins.")]


@verbs.command("list")
def list_jobs(
    *,
    state: Annotated[
        str | None,
        typer.Option(help="Only waiting, running, done, failed or cancelled.", metavar="STATE"),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many jobs.")] = 50,
    json: Json = False,
) -> None:
    """List jobs: those in hand first, then the newest."""
    from ui import printing_work as printing  # noqa: PLC0415 - heavy: see the budget of --help

    here = house()
    found = here.jobs.jobs(state=_state(state), limit=limit)
    if json:
        give(printing.as_json(found))
    elif found:
        give("\n".join(map(printing.job, found)))
        if any(not each.state.over for each in found) and not here.roll.beats():
            say("No worker is at work: soundproof worker")
    else:
        say("No jobs. Queue something: soundproof add FILE-OR-ADDRESS --later")


@verbs.command()
def show(job: _Job, *, json: Json = False) -> None:
    """Show a job: step, share done, time left, or why it failed."""
    from ui import printing_work as printing  # noqa: PLC0415

    found = house().jobs.job(job)
    give(printing.as_json([found]) if json else "\n".join(printing.job_in_full(found)))


@verbs.command()
def retry(job: _Job) -> None:
    """Let a job that failed, was cancelled or is done begin again."""
    again = house().dispatcher.retry(job)
    give(f"Queued again: {again.title} (attempt {again.attempt})")


@verbs.command()
def cancel(job: _Job) -> None:
    """Take a job off the queue; what it made so far is kept for a retry."""
    gone = house().dispatcher.cancel(job)
    give(f"Cancelled: {gone.title}")


def _state(wanted: str | None) -> "State | None":
    from kb.jobs import State  # noqa: PLC0415

    if wanted is None:
        return None
    if wanted not in list(State):
        raise typer.BadParameter(f"{wanted} is no state; there are {', '.join(State)}.")
    return State(wanted)
