"""`soundproof names`: what was misheard, and who speaks."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from kb.errors import NotFoundError
from ui import identity
from ui.commands.common import By, InEpisode, Json, give, house, one, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.corrections import Correction, State
    from ui.wiring import House

verbs = typer.Typer(
    help="Put names right that were misheard, and say who speaks.", no_args_is_help=True
)

_NONE = 'No correction is known. Make one: soundproof names correct "HEARD" "NAME"'
_DECIDE = "Say of each: soundproof names accept or reject HEARD NAME --episode ID"
_Episode = Annotated[str, typer.Argument(help="Its id, or how the id begins.")]
_Heard = Annotated[str, typer.Argument(help="The word or words as they were heard.")]
_Name = Annotated[str, typer.Argument(help="The name that was meant.")]


@verbs.command("list")
def list_corrections(
    *,
    state: Annotated[
        str | None,
        typer.Option(help="Only suggested, accepted or rejected.", metavar="STATE"),
    ] = None,
    episode: InEpisode = None,
    json: Json = False,
) -> None:
    """List corrections, with the passages that show what is suggested."""
    here = house()
    found = here.corrections.all(state=_state(state), episode_id=_id(here, episode) or None)
    _print(found, json=json)
    if not found and not json:
        say(_NONE)


@verbs.command()
def correct(heard: _Heard, name: _Name, *, episode: InEpisode = None, by: By = "") -> None:
    """Correct a name, everywhere or in one episode; the words stay, the name is found."""
    here = house()
    made = here.corrections.correct(
        heard, name, episode_id=_id(here, episode), person=by or identity.here()
    )
    _print([made], json=False)


@verbs.command()
def suggest(*, json: Json = False) -> None:
    """Look for names that were probably misheard; the sure ones are corrected at once."""
    from kb import mishearings  # noqa: PLC0415 - heavy: see the budget of --help

    here = house()
    found = here.corrections.suggest(mishearings.found(here.library))
    _print(found, json=json)
    if not json:
        say(_DECIDE if found else "Nothing new was found.")


@verbs.command()
def accept(heard: _Heard, name: _Name, *, episode: InEpisode = None, by: By = "") -> None:
    """Let a suggestion hold, or a correction that was rejected."""
    here = house()
    held = here.corrections.accept(
        heard, name, episode_id=_id(here, episode), person=by or identity.here()
    )
    _print([held], json=False)


@verbs.command()
def reject(heard: _Heard, name: _Name, *, episode: InEpisode = None, by: By = "") -> None:
    """Refuse a suggestion, or undo a correction: all is as it was before."""
    here = house()
    gone = here.corrections.reject(
        heard, name, episode_id=_id(here, episode), person=by or identity.here()
    )
    _print([gone], json=False)


@verbs.command()
def speakers(episode: _Episode, *, json: Json = False) -> None:
    """List who speaks in an episode, and what people said of it."""
    from ui import printing_names as printing  # noqa: PLC0415 - heavy: see the budget of --help

    here = house()
    held = one(here, episode)
    labels, said = here.relabelling.labels(held.id), here.relabelling.all(held.id)
    if json:
        give(printing.speakers_as_json(labels, said))
    else:
        give("\n".join(printing.speakers(labels, said)))


@verbs.command()
def speaker(
    episode: _Episode,
    label: Annotated[str, typer.Argument(help='The speaker as shown now; "" for no label.')],
    name: Annotated[str, typer.Argument(help="Who it is.")],
    *,
    by: By = "",
) -> None:
    """Rename a speaker in all turns of an episode."""
    here = house()
    held = one(here, episode)
    made = here.relabelling.rename(held.id, label or None, name, person=by or identity.here())
    lines = here.relabelling.labels(held.id)[made.name]
    give(f"{made.name} speaks in {lines} lines of {held.title} (undo: number {made.number})")


@verbs.command()
def line(
    episode: _Episode,
    name: Annotated[str, typer.Argument(help="Who says it.")],
    *,
    at: Annotated[str, typer.Option(help="When it is said, such as 12:34.")] = "",
    number: Annotated[
        int | None, typer.Option("--line", help="Its sentence's number, from 0.")
    ] = None,
    by: By = "",
) -> None:
    """Give one line of an episode to another speaker."""
    if bool(at) is (number is not None):
        raise typer.BadParameter("Give one of the two", param_hint="--at, --line")
    here = house()
    held = one(here, episode)
    first = here.relabelling.line_at(held.id, _seconds(at)) if number is None else number
    made = here.relabelling.rename_line(held.id, first, name, person=by or identity.here())
    give(f"{made.name}: {made.words} (undo: number {made.number})")


@verbs.command()
def undo(
    episode: _Episode,
    number: Annotated[int, typer.Argument(help="The number, as `names speakers` prints it.")],
) -> None:
    """Take back what was said of a speaker or a line."""
    here = house()
    held = one(here, episode)
    gone = here.relabelling.undo(held.id, number)
    give(f"Taken back: {gone.name} is {gone.words or gone.speaker or 'who has no label'}")


def _print(found: "Sequence[Correction]", *, json: bool) -> None:
    from ui import printing_names as printing  # noqa: PLC0415

    if json:
        give(printing.as_json(found))
    elif found:
        give("\n".join(map(printing.correction, found)))


def _id(here: "House", episode: str | None) -> str:
    """Give the id of the episode that is meant, "" for all of them."""
    return "" if episode is None else one(here, episode).id


def _seconds(text: str) -> float:
    from ingest import timecodes  # noqa: PLC0415

    if not re.fullmatch(timecodes.CLOCK, text):
        raise NotFoundError(f"{text} is no time", hint="Say it as 12:34 or 1:02:03.")
    return timecodes.seconds(text)


def _state(wanted: str | None) -> "State | None":
    from kb.corrections import State  # noqa: PLC0415

    if wanted is None:
        return None
    if wanted not in list(State):
        raise typer.BadParameter(f"{wanted} is no state; there are {', '.join(State)}.")
    return State(wanted)
