"""A judge asked in both orders: what it says of the pieces, and what only of their places."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import product

import pytest

from eval import judge
from eval.judge import ModelJudge, Verdict
from eval.models import Battle, Choice, Duel, Item, Kind, Piece
from kb.errors import WriterError
from kb.models import Citation, Claim, Mark, Span, Tier


def citation(number: int, text: str, *, start: float | None = 49) -> Citation:
    end = None if start is None else start + 6
    return Citation(
        number=number,
        passage_id=f"leaks/transcript/s{number}",
        span=Span("leaks", start, end),
        tier=Tier.TRANSCRIPT,
        text=text,
        first=number,
        last=number,
        episode_title="Evaluations that nobody leaked",
        show_title="The Night Desk",
        speaker="Jonas Feld" if start is not None else None,
        link="https://podcasts.example/leaks#t=49",
    )


def piece(text: str, *cited: str) -> Piece:
    citations = tuple(citation(n, each) for n, each in enumerate(cited, 1))
    numbers = tuple(each.number for each in citations)
    return Piece((Claim(text, Mark.SUPPORTED, numbers),), citations)


GOOD = piece("They wrote 40 cases a month.", "We wrote 40 new cases every month.")
POOR = piece("They wrote many cases.", "The wholesale price of onions fell as well.")
SILENT = Piece((), (), "The model found no answer in what was said.")
DUEL = Duel("b1", Item("q1", "How many cases did they write?"), GOOD, POOR)


def battle(duel: Duel = DUEL, *, a: str = "hybrid", b: str = "words only") -> Battle:
    return Battle(duel, a, b, Kind.PLAIN, "mara", 0.25, 0.0)


@dataclass(slots=True)
class FakeJudge:
    """A `Judge` that follows a rule and keeps the duels it was shown."""

    rule: Callable[[Duel], Choice]
    name: str = "scripted"
    shown: list[Duel] = field(default_factory=list[Duel])

    def prefers(self, duel: Duel) -> Choice:
        self.shown.append(duel)
        return self.rule(duel)


@dataclass(slots=True)
class FakeReader:
    """A `Reader` that always says the same and keeps what it read."""

    says: str = "a"
    name: str = "parrot"
    read: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])

    def compare(self, subject: str, a: str, b: str) -> str:
        self.read.append((subject, a, b))
        return self.says


def likes(wanted: Piece) -> Callable[[Duel], Choice]:
    return lambda duel: Choice.A if duel.a == wanted else Choice.B


def verdict(straight: Choice = Choice.A, crossed: Choice = Choice.A) -> Verdict:
    return Verdict("scripted", "b1", "q1", "hybrid", "words only", straight, crossed)


# Both orders


def test_a_judge_is_asked_in_both_orders() -> None:
    by = FakeJudge(likes(GOOD))

    judge.judge(by, battle())

    assert by.shown == [DUEL, replace(DUEL, a=POOR, b=GOOD)]


def test_a_judge_that_looks_at_the_pieces_says_the_same_in_both_orders() -> None:
    said = judge.judge(FakeJudge(likes(POOR)), battle())

    assert said == Verdict("scripted", "b1", "q1", "hybrid", "words only", Choice.B, Choice.B)
    assert (said.score, said.flipped, said.slots) == (-1, False, (1, 2))


@pytest.mark.parametrize(("slot", "first"), [(Choice.A, 2), (Choice.B, 0)])
def test_a_judge_that_looks_at_the_place_flips_and_prefers_neither(
    slot: Choice, first: int
) -> None:
    said = judge.judge(FakeJudge(lambda _: slot), battle())

    assert said.flipped
    assert (said.score, said.slots) == (0, (first, 2))


@pytest.mark.parametrize(
    ("straight", "crossed", "score"),
    [
        (Choice.A, Choice.A, 1),
        (Choice.A, Choice.TIE, 0.5),
        (Choice.TIE, Choice.B, -0.5),
        (Choice.A, Choice.B, 0),
        (Choice.TIE, Choice.TIE, 0),
        (Choice.BOTH_BAD, Choice.A, 0.5),
        (Choice.BOTH_BAD, Choice.BOTH_BAD, 0),
    ],
)
def test_a_verdict_is_the_mean_of_both_answers(
    straight: Choice, crossed: Choice, score: float
) -> None:
    assert verdict(straight, crossed).score == score


@pytest.mark.parametrize(("straight", "crossed"), list(product(Choice, repeat=2)))
def test_a_verdict_with_the_sides_exchanged_is_the_opposite(
    straight: Choice, crossed: Choice
) -> None:
    said, turned = verdict(straight, crossed), verdict(crossed.swapped, straight.swapped)

    assert turned.score == -said.score
    assert turned.flipped == said.flipped
    assert turned.slots[1] == said.slots[1]


def test_only_a_side_counts_as_choosing_a_slot() -> None:
    assert verdict(Choice.TIE, Choice.B).slots == (1, 1)
    assert verdict(Choice.TIE, Choice.BOTH_BAD).slots == (0, 0)


def test_two_contestants_are_judged_once_on_an_item_and_never_on_planted_pieces() -> None:
    by = FakeJudge(likes(GOOD))
    again = battle(replace(DUEL, id="b2", a=POOR, b=GOOD), a="words only", b="hybrid")
    other = battle(replace(DUEL, id="b3", item=Item("q2", "And why?")))
    control = replace(battle(replace(DUEL, id="b4", item=Item("q3", "Who?"))), kind=Kind.CONTROL)

    said = [each.battle_id for each in judge.judged(by, [battle(), again, other, control])]

    assert said == ["b1", "b3"]


def test_a_judge_that_fails_half_way_gives_no_verdict() -> None:
    def rule(duel: Duel) -> Choice:
        if duel.a == POOR:
            raise WriterError("gone", hint="Try again.")
        return Choice.A

    with pytest.raises(WriterError, match="gone"):
        judge.judge(FakeJudge(rule), battle())


# What a model gets to read


@pytest.mark.parametrize("choice", Choice)
def test_what_a_model_says_is_a_choice(choice: Choice) -> None:
    assert ModelJudge(FakeReader(choice.value)).prefers(DUEL) is choice


def test_a_model_that_says_something_else_is_not_believed() -> None:
    with pytest.raises(ValueError, match="left"):
        ModelJudge(FakeReader("left")).prefers(DUEL)


def test_a_model_reads_the_question_and_both_pieces_with_what_they_cite() -> None:
    reader = FakeReader()

    judge.judge(ModelJudge(reader), battle())

    subject = "How many cases did they write?"
    a, b = judge.sheet(GOOD), judge.sheet(POOR)
    assert reader.read == [(subject, a, b), (subject, b, a)]
    assert ModelJudge(reader).name == "parrot"


def test_a_sheet_holds_claims_with_their_numbers_and_what_the_numbers_cite() -> None:
    both = Piece(
        (Claim("Forty.", Mark.SUPPORTED, (1, 2)), Claim("My view.", Mark.OWN_VIEW)),
        (citation(1, "40 new cases."), citation(2, "Cases a month", start=None)),
    )

    assert judge.sheet(both).splitlines() == [
        "Forty. [1] [2]",
        "My view.",
        "Sources:",
        "[1] Jonas Feld, Evaluations that nobody leaked, 0:49: “40 new cases.”",
        "[2] Evaluations that nobody leaked: “Cases a month”",
    ]


def test_a_sheet_does_not_tell_who_gives_no_answer() -> None:
    assert judge.sheet(SILENT) == "(It gives no answer.)"


def test_nothing_that_a_model_reads_tells_who_made_it() -> None:
    reader = FakeReader()

    judge.judge(ModelJudge(reader), battle(replace(DUEL, b=SILENT)))

    read = " ".join(text for each in reader.read for text in each)
    assert not [name for name in ("hybrid", "words only", "mara", "b1", "model") if name in read]
