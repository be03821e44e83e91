"""`soundproof reindex`, `delete`, `verify`, `backup` and `restore`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kb.models import Episode, Filters
from ui.commands.common import FAILED, PARTLY, Json, Yes, agreed, give, house, one, say

if TYPE_CHECKING:
    from ui.wiring import House

_SHOWN = 12
"""Episodes named before the question whether to delete them."""

verbs = typer.Typer()


@verbs.command()
def reindex() -> None:
    """Make both indexes anew from the library."""
    from ui import printing  # noqa: PLC0415 - heavy: see the budget of --help

    here = house()
    total = len(here.library.revisions())
    for number, _ in enumerate(here.indexes.rebuild(), 1):
        say(f"Indexed {number} of {total}")
    give(f"Indexed {printing.many(total, 'episode')}.")


@verbs.command()
def delete(
    episodes: Annotated[
        list[str] | None, typer.Argument(help="Their ids, or how the ids begin.")
    ] = None,
    *,
    show: Annotated[str | None, typer.Option(help="All episodes of this show.")] = None,
    yes: Yes = False,
) -> None:
    """Delete episodes: audio, words, vectors and all that was made of them."""
    from kb import keeping  # noqa: PLC0415 - heavy: see the budget of --help
    from ui import printing  # noqa: PLC0415

    here = house()
    chosen = _chosen(here, episodes or [], show)
    for each in chosen[:_SHOWN]:
        say(printing.line(each))
    if len(chosen) > _SHOWN:
        say(f"and {len(chosen) - _SHOWN} more")
    agreed(
        f"Delete {printing.many(len(chosen), 'episode')}, and all that was made of them?", yes=yes
    )
    removed = keeping.delete(here.library, here.library.artefacts, chosen)
    freed = f"{printing.many(removed.files, 'file')} of {printing.size(removed.bytes)}"
    give(f"Deleted {printing.many(len(removed.episodes), 'episode')} and {freed}.")
    here.catch_up()


@verbs.command()
def verify(
    *,
    mend: Annotated[bool, typer.Option("--mend", help="Make anew what can be.")] = False,
    json: Json = False,
) -> None:
    """Compare library, files and indexes, and name or mend what is wrong."""
    from kb.verify import Verifier  # noqa: PLC0415 - heavy: see the budget of --help
    from ui import printing  # noqa: PLC0415

    here = house()
    verifier = Verifier(here.library, here.library.artefacts, lambda: here.indexes, mend=mend)
    faults = list(verifier.run())
    held = printing.many(len(here.library.revisions()), "episode")
    well = f"All is well: {held}, their files and both indexes."
    lines = "\n".join(map(printing.fault, faults)) or well
    give(printing.as_json(faults) if json else lines)
    if any(each.harm and not each.mended for each in faults):
        raise typer.Exit(FAILED)


@verbs.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Archive to write: a .tar file.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write library and files into one archive that restores on any machine."""
    from kb import backup as backups  # noqa: PLC0415 - heavy: see the budget of --help
    from ui import printing  # noqa: PLC0415

    here = house()
    made = backups.write(here.library, here.library.artefacts, file, force=force)
    size = printing.size(file.stat().st_size)
    what = (
        f"{printing.many(made.episodes, 'episode')}, {printing.many(len(made.artefacts), 'file')}"
    )
    give(f"Backed up {what}: {file}, {size}.")
    if made.missing:
        say(f"{len(made.missing)} files were missing or damaged; soundproof verify names them.")
        raise typer.Exit(PARTLY)


@verbs.command()
def restore(
    file: Annotated[Path, typer.Argument(help="Archive that `soundproof backup` wrote.")],
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Replace what the library here holds.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Fill an empty library from an archive."""
    from kb import backup as backups  # noqa: PLC0415 - heavy: see the budget of --help
    from ui import printing  # noqa: PLC0415

    here = house()
    if force and not backups.is_empty(here.library):
        held = len(here.library.revisions())
        agreed(f"Replace the {held} episodes in {here.settings.home} by the archive's?", yes=yes)
    made = backups.restore(here.library, here.library.artefacts, file, force=force)
    what = (
        f"{printing.many(made.episodes, 'episode')}, {printing.many(len(made.artefacts), 'file')}"
    )
    give(f"Restored {what}.")
    say("The indexes are made at the first question, or now: soundproof reindex")


def _chosen(here: "House", ids: Sequence[str], show: str | None) -> Sequence[Episode]:
    if bool(ids) == (show is not None):
        raise typer.BadParameter("Name episodes, or a show with --show.")
    if show is not None:
        return here.library.episodes(Filters(show=show))
    return list({each.id: each for each in (one(here, wanted) for wanted in ids)}.values())
