"""`soundproof arena contestants`, `new`, `battles`, `vote`, `board` and `plan`."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kb.errors import NotFoundError, SettingsError, SourceError
from ui import identity
from ui.commands import arena_care, common
from ui.commands.common import FAILED, PARTLY, Json, complain, give, house, say, write

if TYPE_CHECKING:
    from eval.models import Duel, Objection, Vote
    from ui.wiring import House

verbs = typer.Typer(
    help="Let ways of answering compete: blind battles, votes, a board.", no_args_is_help=True
)
verbs.add_typer(arena_care.verbs)

_KEYS = {"1": "a", "2": "b", "3": "tie", "4": "both bad"}
_ASKED = "Which is better supported by its evidence? 1 A, 2 B, 3 tie, 4 both bad, q to stop: "
_READS = "Which reads better? The same keys, or Enter: "
_WRONG = "Citations that do not support what they stand behind, such as a2 b1, or Enter: "
Voter = Annotated[
    str | None, typer.Option(help="Who votes; your name on this machine if not given.")
]


@verbs.command()
def contestants(*, json: Json = False) -> None:
    """List the ways of answering: what they are made of, and their votes."""
    from ui import printing_arena as printing  # noqa: PLC0415 - heavy: see the budget of --help

    here = house()
    ballots = here.polls.ballots
    registered = ballots.contestants()
    names = {each.name for each in registered}
    voted = Counter(name for each in ballots.ballots() for name in (each.model_a, each.model_b))
    every = [*registered, *(each for each in here.contestants() if each.name not in names)]
    if json:
        give(printing.as_json([(each, each.fingerprint) for each in every]))
        return
    for each in every:
        votes = voted[each.name] if each.name in names else None
        give("\n".join(printing.contestant(each, votes=votes)))


@verbs.command()
def new(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    *,
    words: Annotated[float, typer.Option(min=0, help="Weight of the words.")] = 1.0,
    meaning: Annotated[float, typer.Option(min=0, help="Weight of the meaning.")] = 1.5,
    sentence: Annotated[float, typer.Option(min=0, help="Weight of the best sentence.")] = 0.5,
    named: Annotated[float, typer.Option(min=0, help="Weight of the question's names.")] = 1.5,
    read: Annotated[int, typer.Option(min=1, max=60, help="Passages that the writer sees.")] = 16,
    model: Annotated[
        str, typer.Option(help="Language model that writes; without one, verbatim.")
    ] = "",
) -> None:
    """Register a way of answering; it stays for good."""
    from eval.recipes import EXTRACTIVE, MODEL, Recipe  # noqa: PLC0415 - heavy
    from kb.search import Mix  # noqa: PLC0415

    if not (words or meaning):
        raise SettingsError(
            "Nothing would be found: words and meaning both count nothing",
            hint="Give --words or --meaning a weight.",
        )
    here = house()
    recipe = Recipe(
        Mix(words, meaning, sentence, named), read, MODEL if model else EXTRACTIVE, model
    )
    made = here.contestant(name, recipe)
    for each in here.contestants():
        if each.settings == made.settings and each.name != name:
            raise SettingsError(
                f"{name} is made as {each.name} is, which ships",
                hint="A way of answering has one name, so that its votes stay together.",
            )
    done = here.polls.ballots.register(made)
    give(f"{'Registered' if done else 'Registered already'}: {made.name} · {made.fingerprint}")
    say("It answers with: soundproof arena battles QUESTIONS")


@verbs.command()
def battles(
    questions: Annotated[Path, typer.Argument(help="Question set (.jsonl), or a line each.")],
    *,
    contestant: Annotated[
        list[str] | None, typer.Option(help="Only these contestants.", metavar="NAME")
    ] = None,
) -> None:
    """Let all contestants answer questions, and freeze what they say for battles."""
    from rich.console import Console  # noqa: PLC0415 - heavy: see the budget of --help
    from rich.progress import track  # noqa: PLC0415

    from eval import asking  # noqa: PLC0415
    from ui.printing import many  # noqa: PLC0415

    asked, here = asking.items(questions), house()
    chosen = common.chosen(here, contestant or [])
    turns = asking.freeze(here.polls.ballots, chosen, asked, here.answerer)
    bar, total = Console(stderr=True), len(chosen) * len(asked)
    made = list(track(turns, "Answering", total=total, console=bar, transient=True))
    for each in made:
        if each.error is not None:
            say(f"{each.contestant} on {each.item.id}:")
            complain(each.error)
    failed = sum(each.error is not None for each in made)
    new_ = sum(each.new for each in made)
    give(f"Frozen: {new_} new of {len(made)} pieces, on {many(len(asked), 'question')}.")
    say("Vote on them: soundproof arena vote")
    if failed:
        raise typer.Exit(PARTLY if failed < len(made) else FAILED)


@verbs.command()
def vote(
    *,
    voter: Voter = None,
    focus: Annotated[
        str | None, typer.Option(help="Set this contestant against its challengers.")
    ] = None,
    battle: Annotated[
        str | None, typer.Option(help="Vote on this battle without being asked.", metavar="ID")
    ] = None,
    choice: Annotated[
        str | None, typer.Option(help="With --battle: a, b, tie or both-bad.")
    ] = None,
    reading: Annotated[str | None, typer.Option(help="With --battle: which reads better.")] = None,
    reason: Annotated[list[str] | None, typer.Option(help="With --battle: why.")] = None,
    wrong: Annotated[
        list[str] | None,
        typer.Option(help="With --battle: a citation that does not support, such as a2."),
    ] = None,
    json: Json = False,
) -> None:
    """Judge blind battles, one after the other; who made what is told after each vote."""
    who, here = voter or identity.here(), house()
    if battle is not None:
        if choice is None:
            raise typer.BadParameter("--battle wants --choice: a, b, tie or both-bad.")
        _cast(
            here,
            _vote(
                who, battle, choice, reading=reading or "", wrong=wrong or [], reasons=reason or []
            ),
        )
    elif json:
        _shown(here, who, focus)
    else:
        _asked(here, who, focus)


@verbs.command()
def board(
    *,
    json: Json = False,
    html: Annotated[Path | None, typer.Option(help="Also write it as one HTML file.")] = None,
) -> None:
    """Tell who answers better, how surely, and what cannot be told yet."""
    from eval.tally import tally  # noqa: PLC0415 - heavy: see the budget of --help
    from ui import printing_arena as printing  # noqa: PLC0415

    polls = house().polls
    told = tally(polls.ballots.ballots(), polls.exclusions.excluded())
    give(printing.as_json(told) if json else "\n".join(printing.tally(told)))
    if html is not None:
        from ui import report  # noqa: PLC0415

        made = f"Made by soundproof arena board on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        write(html, report.html(told, made=made))


@verbs.command()
def plan(
    one: Annotated[str, typer.Argument(help="A contestant.")],
    other: Annotated[str, typer.Argument(help="Another.")],
) -> None:
    """Say how many more votes it takes to tell two contestants apart."""
    from eval import ratings  # noqa: PLC0415 - heavy: see the budget of --help
    from eval.columns import Columns  # noqa: PLC0415
    from ui import printing_arena as printing  # noqa: PLC0415

    votes = house().polls.counted()
    give(printing.plan(ratings.rate(Columns.of(votes)).pair(one, other)))


def _duels(here: "House", who: str, focus: str | None) -> Iterator["Duel"]:
    """Draw battle after battle, until nothing is left."""
    from eval.arena import NothingLeft  # noqa: PLC0415

    arena = here.polls.arena()
    while not isinstance(drawn := arena.draw(who, leader=focus), NothingLeft):
        yield drawn
    say(f"{who} has judged everything there is: {drawn.battles} battles.")


def _shown(here: "House", who: str, focus: str | None) -> None:
    from ui import printing_arena as printing  # noqa: PLC0415

    drawn = next(_duels(here, who, focus), None)
    if drawn is not None:
        give(printing.as_json(drawn))


def _asked(here: "House", who: str, focus: str | None) -> None:
    from ui import printing_arena as printing  # noqa: PLC0415

    for drawn in _duels(here, who, focus):
        give("\n".join(printing.duel(drawn)))
        choice = _answer(_ASKED)
        if choice is None:
            return
        reading, wrong = _answer(_READS) or "", _answer(_WRONG) or ""
        try:
            _cast(here, _vote(who, drawn.id, choice, reading=reading, wrong=wrong.split()))
        except (SourceError, NotFoundError) as error:
            complain(error)  # nothing is stored: the same battle is shown again


def _answer(prompt: str) -> str | None:
    """Ask on stderr; None where nobody wants to go on."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    said = line.strip().lower()
    return None if not line or said == "q" else _KEYS.get(said, said)


def _vote(
    who: str,
    battle: str,
    choice: str,
    *,
    reading: str,
    wrong: Sequence[str],
    reasons: Sequence[str] = (),
) -> "Vote":
    from eval import ballots  # noqa: PLC0415
    from eval.models import Vote  # noqa: PLC0415

    return Vote(
        voter=who,
        battle_id=battle,
        choice=ballots.choice(choice),
        reading=ballots.choice(reading) if reading else None,
        reasons=tuple(reasons),
        objections=tuple(map(_objection, wrong)),
    )


def _objection(said: str) -> "Objection":
    from eval.models import Choice, Objection  # noqa: PLC0415

    side, number = said[:1].lower(), said[1:]
    if side not in ("a", "b") or not (number.isascii() and number.isdigit()):
        raise SourceError(
            f"{said!r} names no citation", hint="Say its side and its number, such as a2."
        )
    return Objection(Choice(side), int(number))


def _cast(here: "House", cast: "Vote") -> None:
    """Store a vote, then tell who made what."""
    from eval import reveal  # noqa: PLC0415
    from ui import printing_arena as printing  # noqa: PLC0415

    polls = here.polls
    stands = polls.ballots.cast(cast)
    told = reveal.reveal(polls, cast.voter, cast.battle_id)
    give("\n".join(printing.reveal(told, stands.choice)) + "\n")
