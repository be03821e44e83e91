"""What is told after a vote: who, how they differ, whether the citations stand, what moved."""

from pathlib import Path

import pytest

from eval.models import Choice, Contestant, Item, Piece, Vote
from eval.polls import Polls
from eval.reveal import Check, Difference, Move, differences, moves, reveal
from kb.errors import LibraryError
from kb.models import Citation, Claim, Mark, Tier, Unit
from tests.arena_house import drawn
from tests.kept_house import Kept
from tests.samples import LEAKS
from tests.test_tally import season

ONE = Contestant("one", (("read", "16"), ("writer", "extractive")))
TWO = Contestant("two", (("model", "llama"), ("read", "16"), ("writer", "model")))


def cited(kept: Kept, *, text: str | None = None) -> Piece:
    """Give a piece that cites a sentence of the library, or says that it holds another text."""
    sentence = kept.library.passages_of(LEAKS.episode.id, unit=Unit.SENTENCE, tier=Tier.TRANSCRIPT)[
        0
    ]
    citation = Citation(
        1, sentence.id, sentence.span, Tier.TRANSCRIPT, text or sentence.text, 0, 0, "t", "s"
    )
    return Piece((Claim(sentence.text, Mark.QUOTED, (1,)),), (citation,))


@pytest.fixture
def polls(kept: Kept) -> Polls:
    polls = Polls(kept.library)
    for contestant, text in ((ONE, None), (TWO, "Nobody ever said this sentence here.")):
        polls.ballots.register(contestant)
        polls.ballots.freeze(Item("q1", "What?"), contestant.name, cited(kept, text=text))
    return polls


def test_nothing_is_told_before_the_vote(polls: Polls) -> None:
    duel = drawn(polls.arena())

    with pytest.raises(LibraryError, match="ana has not judged"):
        reveal(polls, "ana", duel.id)


def test_who_made_what_and_which_citations_stand(polls: Polls) -> None:
    duel = drawn(polls.arena())
    polls.ballots.cast(Vote("ana", duel.id, Choice.A))

    told = reveal(polls, "ana", duel.id)

    checks = dict(zip((told.battle.a, told.battle.b), told.checks, strict=True))
    assert checks == {"one": Check(1, 1), "two": Check(0, 1)}
    assert [each.setting for each in told.differences] == ["model", "writer"]
    assert {each.name: each.before for each in told.moves} == {"one": None, "two": None}


def test_differences_are_of_settings_that_differ() -> None:
    assert differences(ONE, TWO) == (
        Difference("model", "", "llama"),
        Difference("writer", "extractive", "model"),
    )


def test_a_vote_for_one_lifts_it_and_lowers_another() -> None:
    votes = season(60)
    [vote] = [each for each in season(62) if each not in votes][1:]

    moved = {each.name: each for each in moves(votes, [*votes, vote])}

    won, lost = (
        (vote.model_a, vote.model_b) if vote.winner is Choice.A else (vote.model_b, vote.model_a)
    )
    if vote.winner in (Choice.A, Choice.B):
        assert rise(moved[won]) > 0 > rise(moved[lost])


def rise(move: Move) -> float:
    assert move.before is not None
    return move.after - move.before


def test_what_was_left_out_moves_nothing(polls: Polls, tmp_path: Path) -> None:
    del tmp_path
    duel = drawn(polls.arena())
    polls.ballots.cast(Vote("ana", duel.id, Choice.A))
    polls.exclusions.exclude("ana", by="Mara", why="a test account")

    assert polls.counted() == []
    assert reveal(polls, "ana", duel.id).moves == ()
