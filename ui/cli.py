"""The command line: results on stdout, the rest on stderr.

Exit status: 0 done, 1 failed, 2 misused, 4 not found, 130 interrupted.
"""

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kb.artefacts import FULL, disk_full
from kb.errors import LibraryError, NotFoundError, SoundproofError
from kb.models import Episode, Filters, Tier

if TYPE_CHECKING:
    from ingest.pipeline import Added
    from ingest.ports import Progress
    from ui.wiring import House

app = typer.Typer(
    help="Ask your podcasts; every sentence of the answer can be played.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_FAILED, _NOT_FOUND = 1, 4
_EMPTY = "The library is empty. Add an episode: soundproof add FILE-OR-ADDRESS"


class Format(StrEnum):
    """Formats that a transcript can be exported in."""

    VTT = "vtt"
    SRT = "srt"
    JSON = "json"
    MD = "md"
    TXT = "txt"


Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=200, help="How many passages.")]
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
InEpisode = Annotated[str | None, typer.Option("--episode", help="Only this episode (id).")]


@app.callback()
def options(
    *, debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")] = False
) -> None:
    """Set what holds for every command."""
    if debug:
        os.environ["SOUNDPROOF_DEBUG"] = "1"


@app.command()
def add(
    origins: Annotated[list[str], typer.Argument(help="Files or addresses.", show_default=False)],
    *,
    latest: Annotated[int, typer.Option(min=1, help="Of a feed: the newest N episodes.")] = 5,
    title: Annotated[str | None, typer.Option(help="Title, where the source has none.")] = None,
    show: Annotated[str | None, typer.Option(help="Show, where the source has none.")] = None,
    to: Annotated[
        str | None, typer.Option(help="Lay the document to this episode (id) of the library.")
    ] = None,
) -> None:
    """Add audio, video, transcripts, show notes, briefs, manifests or a podcast feed."""
    from ingest.pipeline import Given  # noqa: PLC0415 - heavy: see the budget of --help

    house = _house()
    given = Given(title=title, show=show, to=to and _one(house, to).id)
    with _progress() as report:
        for origin in origins:
            for news in house.pipeline.add(origin, latest=latest, given=given):
                report(news)
        for _ in house.indexes.catch_up():
            pass


@app.command()
def ask(
    question: Annotated[
        str | None,
        typer.Argument(
            help="In your own words; without one, some are suggested.", show_default=False
        ),
    ] = None,
    *,
    show: Show = None,
    person: WithPerson = None,
    since: Since = None,
    until: Until = None,
    tier: Tiers = None,
    episode: InEpisode = None,
    json: Json = False,
) -> None:
    """Answer a question with citations to the second, or say that it is not on the record."""
    from ui import printing  # noqa: PLC0415

    filters = _filters(show, person, since=since, until=until, tier=tier, episode=episode)
    if question is None:
        house = _house()
        if not house.library.revisions():
            _say(_EMPTY)
            return
        _say("Ask something, for example:")
        _print("\n".join(house.suggestions()))
        return
    answer = _house().ask(question, filters)
    _print(printing.as_json(answer) if json else "\n".join(printing.answer(answer)))


@app.command()
def search(
    words: Annotated[str, typer.Argument(help="Words or a question.", show_default=False)],
    *,
    limit: Limit = 10,
    show: Show = None,
    person: WithPerson = None,
    since: Since = None,
    until: Until = None,
    tier: Tiers = None,
    episode: InEpisode = None,
    json: Json = False,
) -> None:
    """Find passages by words and meaning, best first."""
    from ui import printing  # noqa: PLC0415

    searcher = _house().search
    filters = _filters(show, person, since=since, until=until, tier=tier, episode=episode)
    hits = searcher.find(searcher.understand(words), filters=filters, limit=limit)
    lines = (line for hit in hits for line in printing.passage(hit))
    _print(printing.as_json(hits) if json else "\n".join(lines) or "Nothing was found.")


@app.command("list")
def list_episodes(*, show: Show = None, person: WithPerson = None, json: Json = False) -> None:
    """List the episodes, newest first."""
    from ui import printing  # noqa: PLC0415

    episodes = _house().library.episodes(Filters(show=show, person=person))
    if not episodes and not json:
        _say(_EMPTY)
        return
    _print(printing.as_json(episodes) if json else "\n".join(map(printing.line, episodes)))


@app.command("show")
def show_episode(
    episode: Annotated[str, typer.Argument(help="Its id, or how the id begins.")],
    *,
    brief: Annotated[bool, typer.Option("--brief", help="Print the brief.")] = False,
    json: Json = False,
) -> None:
    """Show an episode: people, chapters, summary, warnings."""
    from ui import printing  # noqa: PLC0415

    house = _house()
    held = _one(house, episode)
    if brief:
        _print(_brief(house, held))
    else:
        _print(printing.as_json(held) if json else "\n".join(printing.episode(held)))


@app.command()
def export(
    episode: Annotated[str, typer.Argument(help="Its id, or how the id begins.")],
    *,
    format: Annotated[Format, typer.Option(help="What to write.")] = Format.MD,  # noqa: A002
    out: Annotated[Path | None, typer.Option(help="File to write; else stdout.")] = None,
) -> None:
    """Write an episode's transcript as WebVTT, SRT, JSON, Markdown or text."""
    from kb import export as exports  # noqa: PLC0415
    from kb.models import Transcript  # noqa: PLC0415

    house = _house()
    held = _one(house, episode)
    transcript = house.library.document(held.id, Tier.TRANSCRIPT)
    if not isinstance(transcript, Transcript):
        raise NotFoundError(
            f"{held.title} has no transcript", hint="Add its audio, or a transcript with --to."
        )
    written = exports.FORMATS[format.value](held, transcript)
    if out is None:
        _print(written)
    else:
        try:
            out.write_text(written, encoding="utf-8")
        except OSError as error:
            raise LibraryError(
                f"{out} cannot be written: {(error.strerror or '').lower()}",
                hint="Name a file in a folder that you may write to.",
            ) from error
        _say(f"Wrote {out}")


@app.command()
def reindex() -> None:
    """Make both indexes anew from the library."""
    house = _house()
    total = len(house.library.revisions())
    for number, _ in enumerate(house.indexes.rebuild(), 1):
        _say(f"Indexed {number} of {total}")
    _print(f"Indexed {total} episodes.")


@app.command()
def doctor(*, json: Json = False) -> None:
    """Tell what is here, what is missing, and the command that mends it."""
    from ui import doctor as checks  # noqa: PLC0415

    findings = checks.examine()
    _print(checks.as_json(findings) if json else "\n".join(map(checks.line, findings)))
    if any(not finding.well for finding in findings):
        raise typer.Exit(_FAILED)


@app.command()
def ui(
    *,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Open the app in a browser on this machine."""
    from ui import asgi  # noqa: PLC0415

    settings = _house().settings
    if port is not None:
        settings = settings.model_copy(update={"ui_port": port})
    _say(f"Soundproof listens on http://{settings.ui_host}:{settings.ui_port} (stop with Ctrl-C)")
    asgi.serve(settings)


def main() -> NoReturn:
    """Run a command, turning known errors into two lines and a status."""
    try:
        app()
    except SoundproofError as error:
        _fail(error)
    except OSError as error:
        # Whatever was being written, and by whatever library: the way out is the same.
        if error.errno not in FULL:
            raise
        _fail(disk_full(error.filename or "the library"))
    sys.exit(0)


def _fail(error: SoundproofError) -> NoReturn:
    if os.environ.get("SOUNDPROOF_DEBUG"):
        raise error
    _say(f"Error: {error}")
    _say(f"Hint: {error.hint}")
    sys.exit(_NOT_FOUND if isinstance(error, NotFoundError) else _FAILED)


def _house() -> "House":
    from ui import wiring  # noqa: PLC0415 - heavy: see the budget of --help

    return wiring.house()


def _one(house: "House", wanted: str) -> Episode:
    found = house.library.episodes(Filters(episode=wanted))
    if len(found) > 1:
        raise NotFoundError(
            f"{len(found)} episodes begin with {wanted!r}",
            hint=f"Say more of the id: {', '.join(each.id for each in found[:4])}",
        )
    return found[0]


def _brief(house: "House", held: Episode) -> str:
    from kb import briefs  # noqa: PLC0415
    from kb.models import Brief  # noqa: PLC0415

    brief = house.library.document(held.id, Tier.BRIEF)
    if not isinstance(brief, Brief):
        raise NotFoundError(
            f"{held.title} has no brief", hint="Add one: soundproof add FILE --to ID"
        )
    return briefs.to_markdown(brief)


def _filters(
    show: str | None,
    person: str | None,
    *,
    since: datetime | None,
    until: datetime | None,
    tier: list[Tier] | None,
    episode: str | None,
) -> Filters:
    return Filters(
        show=show,
        person=person,
        since=since.date() if since else None,
        until=until.date() if until else None,
        tiers=frozenset(tier or ()),
        episode=episode,
    )


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
                _print(f"{said}: {news.episode.title}\n    id: {news.episode.id}")
                for warning in news.episode.warnings:
                    _say(f"    ! {warning}")
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


def _print(text: str) -> None:
    print(text)


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    main()
