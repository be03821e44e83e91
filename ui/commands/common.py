"""What the verbs share: two ways to print, statuses, the house, and the options that filter."""

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kb.errors import LibraryError, NotFoundError, SoundproofError
from kb.models import Episode, Filters, Tier

if TYPE_CHECKING:
    from eval.models import Contestant
    from ui.wiring import House

FAILED, PARTLY, NOT_FOUND, INTERRUPTED = 1, 3, 4, 130
EMPTY = "The library is empty. Add an episode: soundproof add FILE-OR-ADDRESS"

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Show = Annotated[str | None, typer.Option(help="Only this show.")]
WithPerson = Annotated[str | None, typer.Option("--person", help="Only what this person says.")]
Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Published on this day or later.")
]
Until = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Published on this day or earlier.")
]
Tiers = Annotated[
    list[Tier] | None, typer.Option("--tier", help="Only notes, briefs or transcripts.")
]
By = Annotated[
    str, typer.Option("--by", help="Who says so; your name on this machine if not given.")
]
InEpisode = Annotated[str | None, typer.Option("--episode", help="Only this episode (id).")]


def give(text: str) -> None:
    """Print a result, on stdout."""
    typer.echo(text)


def say(text: str) -> None:
    """Print what is no result, on stderr."""
    typer.echo(text, err=True)


def write(file: Path, text: str) -> None:
    """Write a file that was asked for, and say so.

    Raises:
        LibraryError: it cannot be written there.
    """
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise LibraryError(
            f"{file} cannot be written: {(error.strerror or 'unknown').lower()}",
            hint="Name a file in a folder that you may write to.",
        ) from error
    say(f"Wrote {file}")


def complain(error: SoundproofError) -> int:
    """Print an error in two lines and give the status it stands for; raise it to those who debug."""
    if os.environ.get("SOUNDPROOF_DEBUG"):
        raise error
    say(f"Error: {error}")
    say(f"Hint: {error.hint}")
    return NOT_FOUND if isinstance(error, NotFoundError) else FAILED


def agreed(question: str, *, yes: bool) -> None:
    """Ask before something is lost; end the command unless the answer is yes."""
    if yes:
        return
    say(f"{question} [y/N]")
    said = sys.stdin.readline().strip().lower()
    if said not in ("y", "yes"):
        say("Nothing was changed. To do it without being asked: --yes")
        raise typer.Exit(FAILED)


def house() -> "House":
    """Give the house of the settings."""
    from ui import wiring  # noqa: PLC0415 - heavy: see the budget of --help

    return wiring.house()


def contestants(here: "House") -> dict[str, "Contestant"]:
    """Give the contestants that can be set to work, by name: what is registered, then what ships.

    One of which only an import's votes are known stands back for what ships under its name.
    """
    registered = [each for each in here.polls.ballots.contestants() if each.settings]
    made = {each.name: each for each in registered}
    known = {each.settings for each in registered}
    ships = (each for each in here.contestants() if each.settings not in known)
    return made | {each.name: each for each in ships if each.name not in made}


def chosen(here: "House", names: Sequence[str]) -> list["Contestant"]:
    """Give the contestants of those names; all where none is named.

    Raises:
        NotFoundError: there is none of a name.
    """
    known = contestants(here)
    for each in names:
        if each not in known:
            raise NotFoundError(
                f"No contestant is called {each}", hint=f"There are: {', '.join(known)}"
            )
    return [known[each] for each in dict.fromkeys(names)] or list(known.values())


def one(here: "House", wanted: str) -> Episode:
    """Give the episode whose id begins so.

    Raises:
        NotFoundError: none does, or several do.
    """
    found = here.library.episodes(Filters(episode=wanted))
    if len(found) > 1:
        raise NotFoundError(
            f"{len(found)} episodes begin with {wanted!r}",
            hint=f"Say more of the id: {', '.join(each.id for each in found[:4])}",
        )
    return found[0]


def filters(
    show: str | None,
    person: str | None,
    *,
    since: datetime | None,
    until: datetime | None,
    tier: list[Tier] | None,
    episode: str | None,
) -> Filters:
    """Make filters of the options that filter."""
    return Filters(
        show=show,
        person=person,
        since=since.date() if since else None,
        until=until.date() if until else None,
        tiers=frozenset(tier or ()),
        episode=episode,
    )
