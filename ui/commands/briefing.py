"""`soundproof brief` and `soundproof seal`."""

import errno
import sys
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kb.errors import LibraryError, NotFoundError
from kb.models import Filters
from ui.commands.common import EMPTY, PARTLY, Json, complain, give, house, one, say, write

if TYPE_CHECKING:
    from ingest.brief import Briefed, Briefing
    from ingest.ports import Progress
    from kb.models import Quote
    from ui.wiring import House

verbs = typer.Typer()


@verbs.command()
def brief(
    episode: Annotated[
        str | None, typer.Argument(help="Its id, or how the id begins.", show_default=False)
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Of every episode.")] = False,
    modelled: Annotated[
        bool | None,
        typer.Option("--model/--extractive", help="Read by the language model, or chosen by rule."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an imported brief.")] = False,
    json: Json = False,
    out: Annotated[Path | None, typer.Option(help="File to write; else stdout.")] = None,
) -> None:
    """Make an episode's brief of seven sections, keep it, and print it with its seals."""
    if (episode is None) is not everything:
        raise typer.BadParameter("Give one episode, or --all", param_hint="EPISODE")
    if everything and (json or out):
        raise typer.BadParameter("They are for one episode", param_hint="--json, --out")
    here = house()
    briefing = here.briefer if modelled is None else here.briefing(modelled=modelled)
    if episode is None:
        _all(here, briefing, force=force)
        return
    made = _made(briefing.brief(one(here, episode).id, force=force))
    here.catch_up()
    text = _as_json(here, made) if json else _markdown(here, made)
    if out is None:
        give(text)
    else:
        write(out, text)


@verbs.command()
def seal(
    text: Annotated[
        str, typer.Argument(help="A quote, a text with quotes in it, or a file that holds one.")
    ],
    *,
    episode: Annotated[str, typer.Option("--episode", help="Its id, or how the id begins.")],
    speaker: Annotated[str | None, typer.Option(help="Who is said to have said it.")] = None,
    json: Json = False,
) -> None:
    """Check quotes against what was heard, word for word."""
    from kb import quotations  # noqa: PLC0415 - heavy: see the budget of --help
    from kb.models import Tier, Unit  # noqa: PLC0415
    from kb.seal import Record  # noqa: PLC0415
    from ui import printing_seals  # noqa: PLC0415

    here = house()
    held = one(here, episode)
    said = _text(text)
    claims = [each.text for each in quotations.found(said)]
    if not claims:
        say("There are no quotes in it: all of it is checked as one.")
        claims = [said.strip()]
    heard = here.library.passages_of(held.id, unit=Unit.SENTENCE, tier=Tier.TRANSCRIPT)
    record = Record.of(heard, variants=here.corrections.variants(held.id))
    sealed = [record.check(each, speaker=speaker) for each in claims]
    if json:
        give(printing_seals.as_json(sealed, held))
    else:
        give("\n".join(printing_seals.lines(sealed, held)))
    if not all(each.quotable for each in sealed):
        raise typer.Exit(PARTLY)


def _text(text: str) -> str:
    """Give a file's text where one of that name is there, else the text itself.

    Raises:
        LibraryError: the file cannot be read as text.
    """
    try:
        file = Path(text)
        return file.read_text("utf-8") if file.is_file() else text
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            return text  # longer than any file's name: no file is meant
        raise LibraryError(
            f"{text[:60]} cannot be read as text", hint="Give a text file, or the quote itself."
        ) from error


def _all(here: "House", briefing: "Briefing", *, force: bool) -> None:
    """Brief every episode; one that holds nothing to brief does not hold up the others."""
    from ui import printing_briefs  # noqa: PLC0415 - heavy: see the budget of --help

    episodes, failed = here.library.episodes(Filters()), 0
    if not episodes:
        say(EMPTY)
    for each in episodes:
        try:
            made = _made(briefing.brief(each.id, force=force))
        except NotFoundError as error:
            failed = complain(error)
            continue
        give(printing_briefs.line(made, _seals(here, made)))
        _aside(made)
    here.catch_up()
    if failed:
        raise typer.Exit(PARTLY if len(episodes) > 1 else failed)


def _made(work: Generator["Progress", None, "Briefed"]) -> "Briefed":
    """Walk to the end, telling people how far it is."""
    while True:
        try:
            news = next(work)
        except StopIteration as done:
            made: Briefed = done.value
            return made
        if sys.stderr.isatty():
            say(f"{news.message}: {news.fraction or 0:.0%} read")


def _markdown(here: "House", made: "Briefed") -> str:
    from kb import briefs  # noqa: PLC0415

    _aside(made)
    return briefs.to_markdown(made.brief, _seals(here, made), made.episode)


def _as_json(here: "House", made: "Briefed") -> str:
    from ui import printing_briefs  # noqa: PLC0415

    return printing_briefs.as_json(made, _seals(here, made))


def _aside(made: "Briefed") -> None:
    from ui import printing_briefs  # noqa: PLC0415

    for each in printing_briefs.asides(made):
        say(f"({each})")


def _seals(here: "House", made: "Briefed") -> "dict[str, Quote]":
    from ui import printing_briefs  # noqa: PLC0415

    variants = here.corrections.variants(made.episode.id)
    return printing_briefs.seals(here.library, made.episode, made.brief, variants)
