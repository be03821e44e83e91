"""`soundproof ask` and `soundproof search`."""

from typing import Annotated

import typer

from ui.commands import common
from ui.commands.common import (
    EMPTY,
    InEpisode,
    Json,
    Show,
    Since,
    Tiers,
    Until,
    WithPerson,
    give,
    house,
    say,
)

Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=200, help="How many passages.")]

verbs = typer.Typer()


@verbs.command()
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
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print Markdown with linked sources.")
    ] = False,
    json: Json = False,
) -> None:
    """Answer a question with citations to the second, or say that it is not on the record."""
    from kb import markdown as written  # noqa: PLC0415 - heavy: see the budget of --help
    from ui import printing  # noqa: PLC0415

    filters = common.filters(show, person, since=since, until=until, tier=tier, episode=episode)
    here = house()
    if question is None:
        if not here.library.revisions():
            say(EMPTY)
            return
        say("Ask something, for example:")
        give("\n".join(here.suggestions()))
        return
    answer = here.ask(question, filters)
    if markdown:
        give(written.answer(answer))
    else:
        give(printing.as_json(answer) if json else "\n".join(printing.answer(answer)))


@verbs.command()
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
    from ui import printing  # noqa: PLC0415 - heavy: see the budget of --help

    filters = common.filters(show, person, since=since, until=until, tier=tier, episode=episode)
    hits = house().find(words, filters, limit=limit)
    lines = (line for hit in hits for line in printing.passage(hit))
    give(printing.as_json(hits) if json else "\n".join(lines) or "Nothing was found.")
