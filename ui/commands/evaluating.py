"""`soundproof eval run` and `soundproof eval compare`."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.common import FAILED, Json, chosen, give, house, say, write

if TYPE_CHECKING:
    from eval.models import Contestant
    from eval.runs import Run
    from eval.suites import Suite
    from ui.wiring import House

verbs = typer.Typer(help="Score ways of answering on a set of questions.", no_args_is_help=True)

_Called = Annotated[
    list[str] | None,
    typer.Option(help="What the set calls an episode, and its id here.", metavar="NAME=ID"),
]
_DEFAULT = "hybrid"
_A_RUN = "A kept run, or a contestant's name with --suite."


@verbs.command()
def run(
    suite: Annotated[Path, typer.Argument(help="Question set: one JSON object a line.")],
    *,
    contestant: Annotated[
        list[str] | None, typer.Option(help="Who answers; hybrid if not given.", metavar="NAME")
    ] = None,
    json: Json = False,
    out: Annotated[Path | None, typer.Option(help="File to keep the run in.")] = None,
    called: _Called = None,
) -> None:
    """Ask a question set, and score what was found and answered."""
    from eval import runs, suites  # noqa: PLC0415 - heavy: see the budget of --help
    from ui import printing_eval as printing  # noqa: PLC0415

    names = contestant or []
    if len(names) > 1 and (json or out):
        raise typer.BadParameter("--json and --out are for one contestant: name one.")
    known, asked, here = _named(called), suites.read(suite), house()
    made = [
        _tried(here, asked, each, known, json=json) for each in chosen(here, names or [_DEFAULT])
    ]
    if out is not None:
        write(out, runs.written(made[0]))
    if not json:
        give("\n".join(printing.runs(made)))


@verbs.command()
def compare(
    a: Annotated[str, typer.Argument(help=_A_RUN)],
    b: Annotated[str, typer.Argument(help=_A_RUN)],
    *,
    gate: Annotated[
        list[str] | None,
        typer.Option(
            help="Fail where B has less than this over A.", metavar="MEASURE=MIN_DIFFERENCE"
        ),
    ] = None,
    suite: Annotated[Path | None, typer.Option(help="Question set for contestants.")] = None,
    json: Json = False,
    called: _Called = None,
) -> None:
    """Compare two runs of one set; end with 1 where a gate is missed."""
    from eval import compare as comparing  # noqa: PLC0415 - heavy: see the budget of --help
    from ui import printing_eval as printing  # noqa: PLC0415

    gates = [comparing.gate(each) for each in gate or []]
    known, here = _named(called), house()
    first, second = (_run(here, each, suite, known) for each in (a, b))
    found = comparing.compare(first, second)
    missed = comparing.missed(found, gates)
    lines = printing.differences(first, second, found)
    give(printing.as_json(found) if json else "\n".join(lines))
    for each in missed:
        say(f"MISSED  {each.measure}: B must have at least {each.least:+g} over A")
    if missed:
        raise typer.Exit(FAILED)


def _run(here: "House", named: str, suite: Path | None, called: Mapping[str, str]) -> "Run":
    """Load a kept run, or let the contestant of that name make one."""
    from eval import runs, suites  # noqa: PLC0415

    if suite is None or Path(named).exists():
        return runs.load(Path(named))
    asked, [made] = suites.read(suite), chosen(here, [named])
    return _tried(here, asked, made, called, json=False)


def _tried(
    here: "House", asked: "Suite", made: "Contestant", called: Mapping[str, str], *, json: bool
) -> "Run":
    """Let a contestant answer a set; with `json` each line is printed as soon as it is there."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import track  # noqa: PLC0415

    from eval import runs  # noqa: PLC0415

    answerer, tried = here.answerer(made), list[runs.Line]()
    lines = runs.lines(asked, answerer, here.library, called=called)
    bar, total = Console(stderr=True), len(asked.questions)
    for each in track(lines, made.name, total=total, console=bar, transient=True):
        if json:
            give(runs.as_json(each).decode())
        tried.append(each)
    return runs.whole(asked, answerer, tried)


def _named(called: list[str] | None) -> Mapping[str, str]:
    pairs = [each.partition("=") for each in called or []]
    for name, sign, id_ in pairs:
        if not (name and sign and id_):
            raise typer.BadParameter("--called wants NAME=ID: the set's name and the id here.")
    return {name: id_ for name, _, id_ in pairs}
