"""`soundproof doctor`, `ui`, `serve`, `mcp` and `token`."""

import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from json import dumps
from typing import TYPE_CHECKING, Annotated

import typer

from kb.errors import SettingsError
from ui.commands.common import FAILED, Json, give, house, say

if TYPE_CHECKING:
    from kb.keys import Key
    from kb.settings import Settings

verbs = typer.Typer()
tokens = typer.Typer(help="Who may use the API.", no_args_is_help=True)
verbs.add_typer(tokens, name="token")

Port = Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")]


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
    port: Port = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Run no worker beside it.")
    ] = False,
) -> None:
    """Serve the app on this machine and open it in a browser."""
    _serve(None, port, browser=not no_browser and _has_screen(), worker=not no_worker)


@verbs.command()
def serve(
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Port = None,
    worker: Annotated[bool, typer.Option("--worker", help="Run a worker beside it.")] = False,
) -> None:
    """Serve the app and the API to others, who sign in; workers run elsewhere."""
    _serve(host, port, browser=False, worker=worker)


@verbs.command()
def mcp() -> None:
    """Serve the library to an assistant, over stdin and stdout; it can change nothing."""
    try:
        from ui import mcp as assistants  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise SettingsError(
            "Assistants need the package mcp", hint='pip install -e ".[assistants]"'
        ) from error

    assistants.serve(house())


@tokens.command("new")
def new_token(
    name: Annotated[str, typer.Argument(help="Whose it is: a person or a program.")],
) -> None:
    """Make a token and print it, this once: it is not kept."""
    from kb.keys import Keys  # noqa: PLC0415 - heavy: see the budget of --help

    token = Keys(house().library).make(name)
    say(f"A token for {name}. It is shown now and never again:")
    give(token)


@tokens.command("list")
def list_tokens(*, json: Json = False) -> None:
    """List who holds a token, or held one."""
    from kb.keys import Keys  # noqa: PLC0415 - heavy: see the budget of --help

    held = Keys(house().library).all()
    if not held and not json:
        say("Nobody holds a token. Make one: soundproof token new NAME")
        return
    if json:
        give(dumps([asdict(each) for each in held], indent=2))
    else:
        give("\n".join(map(_line, held)))


@tokens.command()
def revoke(
    name: Annotated[str, typer.Argument(help="Whose token is worthless from now on.")],
) -> None:
    """Make a token worthless, at once and for good."""
    from kb.keys import Keys  # noqa: PLC0415 - heavy: see the budget of --help

    gone = Keys(house().library).revoke(name)
    give(f"Revoked: {gone.name}")


def _line(key: "Key") -> str:
    made = datetime.fromtimestamp(key.created, UTC).astimezone()
    return f"{key.name} · since {made:%Y-%m-%d}{' · revoked' if key.revoked else ''}"


def _serve(host: str | None, port: int | None, *, browser: bool, worker: bool) -> None:
    from ui import asgi  # noqa: PLC0415 - heavy: see the budget of --help
    from ui.beside import Beside  # noqa: PLC0415

    settings = _placed(house().settings, host, port)
    asgi.serve(
        settings,
        beside=Beside() if worker else None,
        ready=lambda: _greet(settings, browser=browser),
    )


def _placed(settings: "Settings", host: str | None, port: int | None) -> "Settings":
    given = {"ui_host": host, "ui_port": port}
    return settings.model_copy(
        update={name: value for name, value in given.items() if value is not None}
    )


def _greet(settings: "Settings", *, browser: bool) -> None:
    from ui import signin  # noqa: PLC0415 - heavy: see the budget of --help

    address = signin.address(settings)
    say(f"Soundproof listens on {address} (stop with Ctrl-C)")
    if browser:
        import webbrowser  # noqa: PLC0415

        webbrowser.open(address)


def _has_screen() -> bool:
    """Tell whether a browser would be seen: not over ssh, not in a container."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
