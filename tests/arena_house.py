"""An arena of invented pieces, and a voter to be killed.

`python -m tests.arena_house DATABASE HOME VOTER` votes until nothing is left, and says of each vote
that it is stored before it asks for the reveal. With `--wait` it waits for a line before each step.
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from eval.arena import Arena, NothingLeft
from eval.ballots import Ballots
from eval.models import Choice, Contestant, Duel, Item, Piece, Vote
from kb.errors import LibraryError
from kb.library import SqlLibrary
from kb.models import Citation, Claim, Mark, Span, Tier

WORDS, MEANING, HYBRID = (
    Contestant(name, (("search", name),)) for name in ("words", "meaning", "hybrid")
)
CONTESTANTS = (WORDS, MEANING, HYBRID)


def citation(number: int, place: str, text: str = "It was so.") -> Citation:
    """Give a citation of a place, `episode/second`."""
    episode, _, second = place.partition("/")
    return Citation(
        number=number,
        passage_id=f"{episode}/transcript/{second}",
        span=Span(episode, float(second), float(second) + 0.1),
        tier=Tier.TRANSCRIPT,
        text=text,
        first=0,
        last=0,
        episode_title=f"The talk {episode}",
        show_title="The Tide",
        speaker="Mara Quill",
    )


def piece(*claims: str, places: Sequence[str] = ("talk/1",), mark: Mark = Mark.QUOTED) -> Piece:
    """Give a piece whose every claim rests on all of those places."""
    numbers = tuple(range(1, len(places) + 1))
    return Piece(
        tuple(Claim(text, mark, numbers) for text in claims),
        tuple(citation(n, place, f"Said at {place}.") for n, place in enumerate(places, 1)),
    )


def item(number: int) -> Item:
    """Give one of many questions."""
    return Item(f"q{number:02}", f"What was said of tide {number}?")


def fill(
    library: SqlLibrary, items: int = 3, contestants: Iterable[Contestant] = CONTESTANTS
) -> Ballots:
    """Register contestants and freeze a piece of each on every item, cited from a talk of its own."""
    ballots = Ballots(library)
    for number, contestant in enumerate(contestants, 1):
        ballots.register(contestant)
        for n in range(items):
            places = (f"talk{n}/{number}", f"talk{n}/{number + 10}")
            made = piece(f"Answer number {number} to question {n}.", places=places)
            ballots.freeze(item(n), contestant.name, made)
    return ballots


def judge(
    ballots: Ballots, duel: Duel, voter: str, choice: Choice = Choice.A, *, reasons: str = ""
) -> Vote:
    """Cast a vote on a duel."""
    return ballots.cast(Vote(voter, duel.id, choice, reasons=tuple(reasons.split())))


def drawn(arena: Arena, voter: str = "ana", *, leader: str | None = None) -> Duel:
    """Draw a battle where one is left."""
    duel = arena.draw(voter, leader=leader)
    assert isinstance(duel, Duel)
    return duel


def main(database: str, home: str, voter: str, *, wait: bool) -> None:
    """Vote until nothing is left."""
    library, random = SqlLibrary(database, Path(home)), Random()  # noqa: S311 - no secret
    arena, ballots = Arena(library, random=random), Ballots(library)
    _say("ready", wait=wait)
    while not isinstance(duel := arena.draw(voter), NothingLeft):
        given = random.choice(list(Choice))
        try:
            ballots.cast(Vote(voter, duel.id, given))
        except LibraryError:  # another tab was faster
            continue
        _say(f"stored {duel.id} {given}", wait=wait)
        assert ballots.reveal(voter, duel.id).duel == duel
    library.close()


def _say(line: str, *, wait: bool) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
    if wait:
        sys.stdin.readline()


if __name__ == "__main__":
    main(*sys.argv[1:4], wait="--wait" in sys.argv)
