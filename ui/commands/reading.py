"""`soundproof list`, `soundproof show` and `soundproof export`."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kb.errors import NotFoundError
from kb.models import Episode, Filters, Tier
from ui.commands.common import EMPTY, Json, Show, WithPerson, give, house, one, say, write

if TYPE_CHECKING:
    from ui.wiring import House

verbs = typer.Typer()


class Format(StrEnum):
    """Formats that a transcript can be exported in."""

    VTT = "vtt"
    SRT = "srt"
    JSON = "json"
    MD = "md"
    TXT = "txt"


@verbs.command("list")
def list_episodes(*, show: Show = None, person: WithPerson = None, json: Json = False) -> None:
    """List the episodes, newest first."""
    from ui import printing  # noqa: PLC0415 - heavy: see the budget of --help

    episodes = house().library.episodes(Filters(show=show, person=person))
    if not episodes and not json:
        say(EMPTY)
        return
    give(printing.as_json(episodes) if json else "\n".join(map(printing.line, episodes)))


@verbs.command("show")
def show_episode(
    episode: Annotated[str, typer.Argument(help="Its id, or how the id begins.")],
    *,
    brief: Annotated[bool, typer.Option("--brief", help="Print the brief.")] = False,
    json: Json = False,
) -> None:
    """Show an episode: people, chapters, summary, warnings."""
    from ui import printing  # noqa: PLC0415 - heavy: see the budget of --help

    here = house()
    held = one(here, episode)
    if brief:
        give(_brief(here, held))
    else:
        give(printing.as_json(held) if json else "\n".join(printing.episode(held)))


@verbs.command()
def export(
    episode: Annotated[str, typer.Argument(help="Its id, or how the id begins.")],
    *,
    format: Annotated[Format, typer.Option(help="What to write.")] = Format.MD,  # noqa: A002
    out: Annotated[Path | None, typer.Option(help="File to write; else stdout.")] = None,
) -> None:
    """Write an episode's transcript as WebVTT, SRT, JSON, Markdown or text."""
    from kb import export as exports  # noqa: PLC0415 - heavy: see the budget of --help

    here = house()
    held = one(here, episode)
    written = exports.FORMATS[format.value](held, here.relabelling.transcript(held.id))
    if out is None:
        give(written)
    else:
        write(out, written)


def _brief(here: "House", held: Episode) -> str:
    from kb import briefs  # noqa: PLC0415 - heavy: see the budget of --help
    from kb.models import Brief  # noqa: PLC0415
    from ui import printing_briefs  # noqa: PLC0415

    brief = here.library.document(held.id, Tier.BRIEF)
    if not isinstance(brief, Brief):
        raise NotFoundError(
            f"{held.title} has no brief",
            hint="Make one: soundproof brief ID; or add one: soundproof add FILE --to ID",
        )
    variants = here.corrections.variants(held.id)
    return briefs.to_markdown(
        brief, printing_briefs.seals(here.library, held, brief, variants), held
    )
