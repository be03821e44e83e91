"""`soundproof arena export`, `import`, `audit`, `judge` and `calibrate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kb.errors import SettingsError, WriterError
from ui.commands.common import FAILED, PARTLY, Json, complain, give, house, say

if TYPE_CHECKING:
    from eval.runs import Run

verbs = typer.Typer()


@verbs.command("export")
def export_votes(
    file: Annotated[Path, typer.Argument(help="File to write: .csv or .jsonl.")],
) -> None:
    """Write all votes for other programs, and for a recount."""
    from eval import export  # noqa: PLC0415 - heavy: see the budget of --help
    from ui import printing  # noqa: PLC0415

    ballots = house().polls.ballots.ballots()
    export.save(ballots, file)
    give(f"Wrote {printing.many(len(ballots), 'vote')}: {file}")


@verbs.command("import")
def import_votes(
    file: Annotated[Path, typer.Argument(help="Votes that `soundproof arena export` wrote.")],
) -> None:
    """Take in votes that were cast elsewhere: all of a file, or nothing."""
    from eval import export  # noqa: PLC0415 - heavy: see the budget of --help
    from eval.taking import take  # noqa: PLC0415
    from ui import printing  # noqa: PLC0415

    ballots = export.read(file)
    new = take(house().library, ballots)
    give(f"Took in {printing.many(new, 'new vote')} of {len(ballots)}.")


@verbs.command()
def audit(
    *,
    exclude: Annotated[
        str | None, typer.Option(help="Leave this voter out of the board.", metavar="VOTER")
    ] = None,
    readmit: Annotated[
        str | None, typer.Option(help="Let this voter back in.", metavar="VOTER")
    ] = None,
    by: Annotated[str, typer.Option(help="Who decides that.")] = "",
    why: Annotated[str, typer.Option(help="For what reason.")] = "",
    json: Json = False,
) -> None:
    """Look for voters that look wrong; nobody is left out unless a named person says so."""
    from eval import audit as audits  # noqa: PLC0415 - heavy: see the budget of --help
    from eval import pieces  # noqa: PLC0415
    from eval.tally import strengths  # noqa: PLC0415
    from ui import printing_arena as printing  # noqa: PLC0415

    here = house().polls
    if exclude is not None:
        done = here.exclusions.exclude(exclude, by=by, why=why)
        give(f"{'Left out' if done else 'Left out already'}: {exclude}")
    if readmit is not None:
        done = here.exclusions.readmit(readmit, by=by, why=why)
        give(f"{'Let in again' if done else 'Was not left out'}: {readmit}")
    if exclude is not None or readmit is not None:
        return
    ballots = here.ballots.ballots()
    found = audits.audit(ballots, strengths, intact=pieces.intact(ballots))
    if json:
        give(printing.as_json(found))
        return
    for each in found:
        give("\n".join(printing.audited(each)))
    if not found:
        say("Nobody has voted yet: soundproof arena vote")
    for decision in here.exclusions.all():
        state = "left out" if decision.excluded else "let in again"
        give(f"{decision.voter} was {state} by {decision.person}: {decision.why}")


@verbs.command()
def judge(
    *,
    most: Annotated[int, typer.Option(min=0, help="Ask about so many pairs at most.")] = 1_000,
    json: Json = False,
) -> None:
    """Let the language model judge in both orders, and set it beside people."""
    from eval.agreement import agreement  # noqa: PLC0415 - heavy: see the budget of --help
    from eval.fusion import preferences  # noqa: PLC0415
    from ui import printing_arena as printing  # noqa: PLC0415

    failed = _judge(most)
    here = house().polls
    verdicts, ballots = here.verdicts.all(), here.counted()
    names = dict.fromkeys(each.judge for each in verdicts)
    own = {name: [each for each in verdicts if each.judge == name] for name in names}
    told = [(name, agreement(of, ballots), preferences(ballots, of)) for name, of in own.items()]
    if json:
        give(printing.as_json([(name, beside, [*both.items()]) for name, beside, both in told]))
    for name, beside, both in () if json else told:
        give("\n".join([*printing.agreement(name, beside), *printing.fused(both)]))
    if not verdicts and not failed:
        say("There is nothing to judge yet: soundproof arena battles QUESTIONS")
    if failed:
        raise typer.Exit(PARTLY if verdicts else FAILED)


def _judge(most: int) -> int:
    """Ask the judge about the pairs that it has not judged; give of how many it said nothing."""
    from itertools import islice  # noqa: PLC0415

    from rich.console import Console  # noqa: PLC0415
    from rich.progress import track  # noqa: PLC0415

    from eval import judge as judging  # noqa: PLC0415

    if not most:
        return 0
    here, failed = house(), 0
    by, bar = here.judge(), Console(stderr=True)
    due = list(islice(here.polls.arena().set_before(by.name), most))
    for battle in track(due, "Judging", console=bar, transient=True):
        try:
            here.polls.verdicts.note(judging.judge(by, battle))
        except WriterError as error:
            failed += 1
            complain(error)
    return failed


@verbs.command()
def calibrate(
    runs: Annotated[list[Path], typer.Argument(help="Runs kept by `soundproof eval run --out`.")],
    *,
    json: Json = False,
) -> None:
    """Tell how well each measure foretells what people vote."""
    from eval import calibrate as calibrating  # noqa: PLC0415 - heavy: see the budget of --help
    from eval import runs as kept  # noqa: PLC0415
    from ui import printing_arena as printing  # noqa: PLC0415

    loaded = [kept.load(each) for each in runs]
    _check_same(loaded)
    scores = {(line.id, run.contestant): line.scores for run in loaded for line in run.lines}
    ballots = house().polls.counted()
    found = calibrating.calibrate(scores, ballots)
    if json or found:
        give(printing.as_json(found) if json else "\n".join(printing.foretold(found)))
    else:
        say("No vote is on a question of these runs: battles and runs are to share a question set.")


def _check_same(runs: "list[Run]") -> None:
    """Insist that runs are of the contestants that the arena knows by those names."""
    known = {each.name: each.fingerprint for each in house().polls.ballots.contestants()}
    for each in runs:
        if known.get(each.contestant, each.fingerprint) != each.fingerprint:
            raise SettingsError(
                f"The run of {each.contestant} is of another way of answering than the arena's",
                hint="Run it anew: soundproof eval run SUITE --contestant NAME --out FILE",
            )
