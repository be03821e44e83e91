"""`soundproof add`."""

import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from kb.errors import FetchError, NotFoundError, SourceError
from ui.commands.common import PARTLY, Yes, agreed, complain, give, house, one, say

if TYPE_CHECKING:
    from ingest.finding import Given
    from ingest.pipeline import Added
    from ingest.ports import Found, Progress
    from ui.wiring import House

verbs = typer.Typer()

_EVERYTHING = 1_000_000
_HOURS = 3.0
"""Hours of audio from which on a person is asked before they are transcribed."""
_AN_EPISODES_OWN = (SourceError, FetchError, NotFoundError)
"""Faults that do not hold up the others; whatever else happens would happen to them too."""


@verbs.command()
def add(
    origins: Annotated[list[str], typer.Argument(help="Files or addresses.", show_default=False)],
    *,
    latest: Annotated[int, typer.Option(min=1, help="Of a feed: the newest N episodes.")] = 5,
    everything: Annotated[bool, typer.Option("--all", help="Of a feed: all episodes.")] = False,
    title: Annotated[str | None, typer.Option(help="Title, where the source has none.")] = None,
    show: Annotated[str | None, typer.Option(help="Show, where the source has none.")] = None,
    to: Annotated[
        str | None, typer.Option(help="Lay the document to this episode (id) of the library.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what it would take: hours, time, disk.")
    ] = False,
    later: Annotated[bool, typer.Option("--later", help="Queue it for the worker.")] = False,
    yes: Yes = False,
) -> None:
    """Add whatever you have: audio, transcripts, notes, briefs, feeds, links, pages."""
    from ingest.finding import Given  # noqa: PLC0415 - heavy: see the budget of --help

    here, failed = house(), list[int]()
    given = Given(title=title, show=show, to=to and one(here, to).id)
    with _progress() as report:
        many = _EVERYTHING if everything else latest
        found = list(_found(here, origins, many, given, failed=failed, report=report))
    if dry_run:
        _estimated(here, found, say_it=give)
        done = len(found)
    else:
        _agree(here, found, yes=yes)
        done = _queued(here, found) if later else _landed(here, found, failed)
    if failed:
        raise typer.Exit(PARTLY if done else failed[0])


def _found(
    here: "House",
    origins: Sequence[str],
    latest: int,
    given: "Given",
    *,
    failed: list[int],
    report: Callable[["Progress | Added"], None],
) -> Iterator["Found"]:
    """Find what each origin holds; the status of those that cannot be read goes into `failed`."""
    from ingest.ports import Progress  # noqa: PLC0415

    for origin in origins:
        try:
            for news in here.pipeline.find(origin, latest=latest, given=given):
                if isinstance(news, Progress):
                    report(news)
                else:
                    yield news
        except _AN_EPISODES_OWN as error:
            failed.append(complain(error))


def _agree(here: "House", found: Sequence["Found"], *, yes: bool) -> None:
    """Ask before many hours of work are begun, where somebody is there to answer."""
    if len(found) > 1 and not yes and sys.stdin.isatty():
        hours = _estimated(here, found, say_it=None)
        if hours >= _HOURS:
            _estimated(here, found, say_it=say)
            agreed("Begin?", yes=False)


def _estimated(
    here: "House", found: Sequence["Found"], *, say_it: Callable[[str], None] | None
) -> float:
    """Say what adding will take, and give the hours of audio that have to be heard."""
    from ui import printing_work  # noqa: PLC0415

    made = here.estimate(found)
    if say_it is not None:
        say_it("\n".join(printing_work.estimate(made)))
    return made.hours


def _queued(here: "House", found: Sequence["Found"]) -> int:
    for each in found:
        job = here.dispatcher.send(each)
        give(f"Queued: {job.title}\n    job: {job.id}")
    say("A worker does it: soundproof worker; see how it goes: soundproof jobs list")
    return len(found)


def _landed(here: "House", found: Sequence["Found"], failed: list[int]) -> int:
    """Add one after the other and bring the indexes level; give how many got there."""
    from ingest.pipeline import Added  # noqa: PLC0415

    landed = 0
    with _progress() as report:
        for each in found:
            try:
                for news in here.pipeline.land(each):
                    report(news)
                    landed += isinstance(news, Added)
            except _AN_EPISODES_OWN as error:
                failed.append(complain(error))
        if landed:
            here.catch_up()
    return landed


@contextmanager
def _progress() -> Generator[Callable[["Progress | Added"], None]]:
    """Show a bar to people and nothing to pipes; print each finished episode on stdout."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    from ingest.pipeline import Added  # noqa: PLC0415

    columns = (
        TextColumn("{task.fields[step]:>10}"),
        BarColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", step="", total=None)

        def report(news: "Progress | Added") -> None:
            if isinstance(news, Added):
                said = "Added" if news.changed else "Already here"
                bar.console.print(end="")
                give(f"{said}: {news.episode.title}\n    id: {news.episode.id}")
                for warning in news.episode.warnings:
                    say(f"    ! {warning}")
                return
            total = None if news.fraction is None else 1.0
            bar.update(
                task,
                description=news.message,
                step=news.step,
                total=total,
                completed=news.fraction or 0,
            )

        yield report
