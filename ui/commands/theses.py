"""`soundproof thesis`: theses that are kept and watched."""

from typing import Annotated

import typer

from ui import identity
from ui.commands.common import By, Json, Yes, agreed, give, house, say

verbs = typer.Typer(
    help="Keep theses; new episodes attach what speaks for and against them.",
    no_args_is_help=True,
)

_NONE = 'No thesis is kept. Keep one: soundproof thesis new "TITLE" "STATEMENT"'
_Thesis = Annotated[str, typer.Argument(help="Its title or id, or how the id begins.")]
_Passage = Annotated[str, typer.Argument(help="The passage's id, as `thesis show` prints it.")]
_Why = Annotated[str, typer.Option(help="Why you say so.")]


@verbs.command()
def new(
    title: Annotated[str, typer.Argument(help="What to call it.")],
    statement: Annotated[str, typer.Argument(help="What it says, in a sentence.")],
    *,
    by: By = "",
    json: Json = False,
) -> None:
    """Keep a thesis; `update` then reads the episodes for it."""
    from ui import printing_insight as printing  # noqa: PLC0415 - heavy: see the budget of --help

    made = house().theses.new(title, statement, person=by or identity.here())
    give(printing.as_json([made]) if json else printing.thesis(made))
    say(f"Read the episodes for it: soundproof thesis update {made.id}")


@verbs.command("list")
def list_theses(*, json: Json = False) -> None:
    """List the kept theses."""
    from ui import printing_insight as printing  # noqa: PLC0415 - heavy: see the budget of --help

    kept = house().theses.all()
    if json:
        give(printing.as_json(kept))
    elif kept:
        give("\n".join(map(printing.thesis, kept)))
    else:
        say(_NONE)


@verbs.command()
def show(thesis: _Thesis, *, json: Json = False) -> None:
    """Show how a thesis stands: voices for and against, the best counter-evidence, its age."""
    from kb.insight.dates import today  # noqa: PLC0415 - heavy: see the budget of --help
    from ui import printing_insight as printing  # noqa: PLC0415

    found = house().theses.standing(thesis)
    lines = printing.standing_json(found, today()) if json else None
    give(lines or "\n".join(printing.standing(found, today())))


@verbs.command()
def update(
    thesis: Annotated[
        str | None, typer.Argument(help="Only this one; all if none is given.")
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Read the episodes that are new since, and attach what speaks for or against."""
    from ui import printing_insight as printing  # noqa: PLC0415 - heavy: see the budget of --help

    theses = house().theses
    wanted = [theses.thesis(thesis)] if thesis else theses.all()
    done = [theses.update(each.id) for each in wanted]
    if json:
        give(printing.as_json(done))
    elif done:
        give("\n".join(line for each in done for line in printing.updated(each)))
    else:
        say(_NONE)


@verbs.command()
def attach(
    thesis: _Thesis,
    passage: _Passage,
    *,
    stance: Annotated[
        str, typer.Option("--as", metavar="STANCE", help="for, against or context.")
    ] = "for",
    why: _Why = "",
    by: By = "",
) -> None:
    """Say what a passage is to a thesis; what was suggested or said before gives way."""
    from kb.insight.stances import Stance  # noqa: PLC0415 - heavy: see the budget of --help
    from ui import printing_insight as printing  # noqa: PLC0415

    known = [each.value for each in Stance if each is not Stance.REJECTED]
    if stance not in known:
        raise typer.BadParameter(f"{stance} is no stance; there are {', '.join(known)}.")
    made = house().theses.judge(
        thesis, passage, Stance(stance), person=by or identity.here(), why=why
    )
    give(printing.attachment(made))


@verbs.command()
def reject(thesis: _Thesis, passage: _Passage, *, why: _Why = "", by: By = "") -> None:
    """Take a passage off a thesis; it is not suggested again."""
    from kb.insight.stances import Stance  # noqa: PLC0415 - heavy: see the budget of --help
    from ui import printing_insight as printing  # noqa: PLC0415

    made = house().theses.judge(
        thesis, passage, Stance.REJECTED, person=by or identity.here(), why=why
    )
    give(printing.attachment(made))


@verbs.command()
def delete(thesis: _Thesis, *, yes: Yes = False) -> None:
    """Delete a thesis and what was attached to it; the episodes stay."""
    theses = house().theses
    held = theses.thesis(thesis)
    agreed(f"Delete the thesis {held.title!r} and all that is attached to it?", yes=yes)
    theses.delete(held.id)
    give(f"Deleted: {held.title}")
