"""`soundproof draft`: theses and posts whose every sentence is checked."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kb.errors import SourceError
from ui import identity
from ui.commands import common
from ui.commands.common import FAILED, PARTLY, Json, Show, Since, Until, Yes, give, house, say

if TYPE_CHECKING:
    from kb.drafting.desk import Kept
    from kb.drafting.making import Asked
    from kb.drafts import Kind, Style
    from kb.models import Passage
    from ui.wiring import House

verbs = typer.Typer(
    help="Draft theses and posts; every sentence is checked against what was said.",
    no_args_is_help=True,
)

Question = Annotated[
    str | None, typer.Argument(help="What it is to be about; or --passage.", show_default=False)
]
Passages = Annotated[
    list[str] | None,
    typer.Option("--passage", metavar="ID", help="Of this passage: an id, or a permalink."),
]
Titled = Annotated[str, typer.Option("--title", help="What to call it; the question if not given.")]
Id = Annotated[str, typer.Argument(help="The draft's id, or how it begins.", metavar="DRAFT")]
Cited = Annotated[
    list[str] | None,
    typer.Option("--cite", metavar="ID", help="It rests on this passage: an id, or a permalink."),
]


@verbs.command()
def thesis(
    question: Question = None,
    *,
    passage: Passages = None,
    title: Titled = "",
    show: Show = None,
    since: Since = None,
    until: Until = None,
    json: Json = False,
) -> None:
    """Draft an investment thesis: evidence for and against, voices counted, interests named."""
    from kb.drafting.making import Asked  # noqa: PLC0415 - heavy: see the budget of --help
    from kb.drafts import Kind  # noqa: PLC0415

    here = house()
    filters = common.filters(show, None, since=since, until=until, tier=None, episode=None)
    asked = Asked(question or "", tuple(passage or ()), title, filters)
    _keep(here, Kind.THESIS, asked, None, json=json)


@verbs.command()
def post(
    question: Question = None,
    *,
    passage: Passages = None,
    title: Titled = "",
    blog: Annotated[
        bool, typer.Option("--blog", help="One post of at most 500 words, for a blog.")
    ] = False,
    style: Annotated[
        list[Path] | None,
        typer.Option(
            "--style", metavar="FILE", help="A text of your own to write like; for --blog."
        ),
    ] = None,
    show: Show = None,
    since: Since = None,
    until: Until = None,
    json: Json = False,
) -> None:
    """Draft short posts of at most 280 characters with their links, or a post for a blog."""
    from kb.drafting.making import Asked  # noqa: PLC0415 - heavy: see the budget of --help
    from kb.drafts import Kind  # noqa: PLC0415

    if style and not blog:
        raise SourceError("A style is kept to in blog posts alone", hint="Add --blog.")
    measured, here = _style(style or []), house()
    filters = common.filters(show, None, since=since, until=until, tier=None, episode=None)
    asked = Asked(question or "", tuple(passage or ()), title, filters)
    _keep(here, Kind.BLOG if blog else Kind.POST, asked, measured, json=json)


@verbs.command("list")
def list_(*, json: Json = False) -> None:
    """List the drafts, the last changed first."""
    from ui import printing_drafts as printing  # noqa: PLC0415 - heavy: see the budget of --help

    titles = house().desk.all()
    lines = "\n".join(map(printing.title, titles)) or "No drafts. Make one: soundproof draft thesis"
    give(printing.as_json(titles) if json else lines)


@verbs.command()
def show(draft: Id, *, json: Json = False) -> None:
    """Show a draft, checked against the library as it is now."""
    _print(house().desk.open(draft), json=json)


@verbs.command()
def check(draft: Id, *, json: Json = False) -> None:
    """Say which sentences nothing carries, and why; ends with 1 while there are any."""
    from kb.drafting.receipts import share  # noqa: PLC0415 - heavy: see the budget of --help
    from ui import printing_drafts as printing  # noqa: PLC0415 - heavy: see the budget of --help

    kept = house().desk.open(draft)
    faults = list(printing.faults(kept.draft))
    told = "\n".join((*faults, share(kept.draft)))
    give(printing.as_json(kept) if json else told)
    if faults:
        raise typer.Exit(FAILED)


@verbs.command()
def critic(draft: Id, *, json: Json = False) -> None:
    """Let a critic object: another model than the writer's, or rules; ends with 1 if it does."""
    from kb.drafting.critic import review  # noqa: PLC0415 - heavy: see the budget of --help
    from ui import printing_drafts as printing  # noqa: PLC0415

    here = house()
    kept = here.desk.open(draft)
    told = review(here.critic(), kept.draft, most=kept.points)
    give(printing.as_json(told) if json else "\n".join(printing.review(told)))
    if not told.passed:
        raise typer.Exit(FAILED)


@verbs.command()
def edit(
    draft: Id,
    *,
    sentence: Annotated[
        int | None, typer.Option(min=1, help="Which one; without it, one is added.")
    ] = None,
    text: Annotated[
        str | None, typer.Option(help="The new words; your own view unless they cite something.")
    ] = None,
    cite: Cited = None,
    part: Annotated[str, typer.Option(help="Where one is added: the part's title.")] = "",
    delete: Annotated[bool, typer.Option("--delete", help="Take the sentence out.")] = False,
    fewer: Annotated[
        bool, typer.Option("--fewer", help="Although the draft then makes fewer points.")
    ] = False,
    json: Json = False,
) -> None:
    """Change, add or take out a sentence; the draft is checked anew at once."""
    from kb.drafting.desk import Edit  # noqa: PLC0415 - heavy: see the budget of --help

    if delete == bool(text or cite) or (sentence is None and not text):
        raise SourceError(
            "It is not clear what to change",
            hint="Give --text or --cite, or --sentence N --delete.",
        )
    here = house()
    cited = _cited(here, cite)
    if sentence is None:
        kept = here.desk.add(draft, text or "", cited or (), part=part)
    else:
        change = Edit(sentence, "" if delete else text, cited)
        kept = here.desk.edit(draft, change, fewer=fewer)
    _print(kept, json=json)


@verbs.command()
def export(
    draft: Id,
    *,
    out: Annotated[
        Path | None, typer.Option(help="The file to write; stdout if not given.")
    ] = None,
) -> None:
    """Write a draft as Markdown with receipts; what nobody said does not leave."""
    from kb.drafting import receipts  # noqa: PLC0415 - heavy: see the budget of --help
    from ui.printing import many  # noqa: PLC0415

    here = house()
    made = receipts.markdown(here.desk.open(draft).draft, here.proof)
    if out is None:
        give(made.text)
    else:
        common.write(out, made.text)
    if made.left_out:
        say(f"Left out: {many(made.left_out, 'sentence')} with a quote that nobody said.")
        raise typer.Exit(PARTLY)


@verbs.command()
def delete(draft: Id, *, yes: Yes = False) -> None:
    """Delete a draft for good."""
    desk = house().desk
    found = desk.named(draft)
    common.agreed(f"Delete {found.title}?", yes=yes)
    desk.delete(found.id)
    give(f"Deleted {found.title}")


def _keep(
    here: "House", kind: "Kind", asked: "Asked", style: "Style | None", *, json: bool
) -> None:
    """Make a draft, keep it and print it."""
    who = identity.here()
    _print(here.desk.keep(here.drafting.draft(kind, asked, style=style), who), json=json)


def _print(kept: "Kept", *, json: bool) -> None:
    from ui import printing_drafts as printing  # noqa: PLC0415 - heavy: see the budget of --help

    give(printing.as_json(kept) if json else "\n".join(printing.draft(kept)))


def _cited(here: "House", named: list[str] | None) -> "tuple[Passage, ...] | None":
    from kb.drafting.evidence import Evidence  # noqa: PLC0415 - heavy: see the budget of --help

    return Evidence(here.library).cited(named) if named else None


def _style(files: list[Path]) -> "Style | None":
    from kb.drafting.style import measured  # noqa: PLC0415 - heavy: see the budget of --help

    return measured([_read(each) for each in files]) if files else None


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"{file} cannot be read as a text", hint="Give a text file in UTF-8."
        ) from error
