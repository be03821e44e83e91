"""`soundproof radar`, `predictions` and `outcome`."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ui import identity
from ui.commands.common import EMPTY, By, InEpisode, Json, Show, Since, Until, give, house, say
from ui.commands.common import filters as made_filters

verbs = typer.Typer()

_Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")]
_SaidBy = Annotated[str | None, typer.Option("--person", help="Only what this person said.")]


@verbs.command()
def radar(
    *,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First named on this day or later."),
    ] = None,
    known: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A CSV file of companies to leave out.")
    ] = None,
    limit: _Limit = 50,
    json: Json = False,
) -> None:
    """List companies by first mention: who named them first, and how many voices since."""
    from kb.insight import known as csv  # noqa: PLC0415 - heavy: see the budget of --help
    from ui import printing_insight as printing  # noqa: PLC0415

    leave_out = csv.read(known) if known else frozenset[str]()
    here = house()
    found = here.radar.companies(since=since.date() if since else None, known=leave_out)
    if json:
        give(printing.as_json(found[:limit]))
    elif found:
        _list(map(printing.sighting, found[:limit]), len(found), limit)
    else:
        say("No company is on the radar." if here.library.revisions() else EMPTY)


@verbs.command()
def predictions(
    *,
    due: Annotated[
        bool, typer.Option("--due", help="Those whose day has come, and nobody has settled.")
    ] = False,
    by: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Those whose day comes until then, not settled."),
    ] = None,
    figures: Annotated[
        bool, typer.Option("--figures", help="Figures instead: sentences that give a number.")
    ] = False,
    show: Show = None,
    person: _SaidBy = None,
    since: Since = None,
    until: Until = None,
    episode: InEpisode = None,
    limit: _Limit = 50,
    json: Json = False,
) -> None:
    """List what people said will be by when, word for word, with the link that plays it."""
    from kb.insight.dates import today  # noqa: PLC0415 - heavy: see the budget of --help
    from kb.insight.figures import Kind  # noqa: PLC0415
    from ui import printing_insight as printing  # noqa: PLC0415

    here = house()
    narrowed = made_filters(show, person, since=since, until=until, tier=None, episode=episode)
    if due or by:
        if figures:
            raise typer.BadParameter("Figures are never due: give --figures alone.")
        found = here.predictions.due(by.date() if by else today(), narrowed)
    else:
        kind = Kind.FIGURE if figures else Kind.PREDICTION
        found = here.predictions.all(narrowed, kind=kind)
    if json:
        give(printing.told_json(found[:limit]))
    elif found:
        _list(map(printing.told, found[:limit]), len(found), limit)
    else:
        say("Nothing of the kind was said." if here.library.revisions() else EMPTY)


@verbs.command()
def outcome(
    statement: Annotated[str, typer.Argument(help="Its id, or how the id begins.")],
    became: Annotated[
        str, typer.Argument(metavar="OUTCOME", help="true, false, partly or unclear.")
    ],
    *,
    note: Annotated[str, typer.Option(help="How you know.")] = "",
    by: By = "",
    json: Json = False,
) -> None:
    """Say what became of a prediction; it stays said after a new transcript of the same words."""
    from kb.insight.predictions import Outcome  # noqa: PLC0415 - heavy: see the budget of --help
    from ui import printing_insight as printing  # noqa: PLC0415

    known = {each.name.lower(): each for each in Outcome}
    if became not in known:
        raise typer.BadParameter(f"{became} is no outcome; there are {', '.join(known)}.")
    told = house().predictions.mark(
        statement, known[became], person=by or identity.here(), note=note
    )
    give(printing.told_json([told]) if json else "\n".join(printing.told(told)))


def _list(printed: Iterable[Iterable[str]], count: int, limit: int) -> None:
    """Print the first of what was found, and say how many more there are."""
    give("\n".join(line for lines in printed for line in lines))
    if count > limit:
        say(f"{count - limit} more: --limit {count}")
