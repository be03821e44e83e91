"""`soundproof doctor` and `soundproof ui`."""

from typing import Annotated

import typer

from ui.commands.common import FAILED, Json, give, house, say

verbs = typer.Typer()


@verbs.command()
def doctor(*, json: Json = False) -> None:
    """Tell what is here, what is missing, and the command that mends it."""
    from ui import doctor as checks  # noqa: PLC0415 - heavy: see the budget of --help

    findings = checks.examine()
    give(checks.as_json(findings) if json else "\n".join(map(checks.line, findings)))
    if any(not finding.well for finding in findings):
        raise typer.Exit(FAILED)


@verbs.command()
def ui(
    *,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Open the app in a browser on this machine."""
    from ui import asgi  # noqa: PLC0415 - heavy: see the budget of --help

    settings = house().settings
    if port is not None:
        settings = settings.model_copy(update={"ui_port": port})
    say(f"Soundproof listens on http://{settings.ui_host}:{settings.ui_port} (stop with Ctrl-C)")
    asgi.serve(settings)
