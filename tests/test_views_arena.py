"""The page Arena, without a browser: what is drawn before a vote, what after, and that it is one."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from eval.models import Ballot, Choice, Contestant, Duel, Objection, Vote
from eval.polls import Polls
from tests import drawn, sample_work
from tests.drawn import VOTER, blocks, data, everything
from tests.sample_house import HOSTILE

pytestmark = pytest.mark.slow  # every test draws a whole page

bare, filled, folder = drawn.bare, drawn.filled, drawn.folder


def polls(folder: Path) -> Polls:
    return Polls(sample_work.library(folder))


def mine(folder: Path) -> list[Ballot]:
    return [each for each in polls(folder).ballots.ballots() if each.voter_id == VOTER]


def arena(folder: Path, **address: str) -> AppTest:
    return drawn.drawn("arena", folder, address=address)


def open_battle(folder: Path) -> Duel:
    found = polls(folder).arena().draw(VOTER)
    assert isinstance(found, Duel)
    return found


def press(page: AppTest, words: str) -> AppTest:
    [button] = [each for each in page.button if each.label == words]
    return button.click().run()


def test_a_battle_shows_the_question_and_two_answers_with_their_citations(folder: Path) -> None:
    page = arena(folder)
    duel = open_battle(folder)

    assert blocks(page, "arena-question")[0]["text"] == duel.item.text
    for key, piece in (("arena-a", duel.a), ("arena-b", duel.b)):
        shown = data(page, key)
        assert [each["text"] for each in shown["claims"]] == [each.text for each in piece.claims]
        assert [each["number"] for each in shown["cards"]] == [
            each.number for each in piece.citations
        ]
        assert {each["pick"] for each in shown["cards"]} == {""}
        assert shown["claims"][0]["chips"][0]["query"].startswith("?ep=evals-1&t=")
    assert [each.label for each in page.button] == [
        "A is better",
        "B is better",
        "A tie",
        "Both bad",
    ]


def test_nothing_before_the_vote_says_who_made_what(folder: Path) -> None:
    seen = set[str]()
    for _ in range(4):
        page = arena(folder)
        told = everything(page)
        assert [word for word in sample_work.SECRETS if word in told] == []
        duel = open_battle(folder)
        assert duel.id in told
        seen.add(duel.id)
        polls(folder).ballots.cast(Vote(VOTER, duel.id, Choice.TIE))
    assert len(seen) == 4


def test_what_is_searched_for_names_would_find_them(folder: Path) -> None:
    told = everything(press(arena(folder), "A is better"))

    assert any(word in told for word in sample_work.SECRETS)


@pytest.mark.parametrize(
    ("words", "choice", "said"),
    [
        ("A is better", Choice.A, "You chose the left answer, A: {a}."),
        ("B is better", Choice.B, "You chose the right answer, B: {b}."),
        ("A tie", Choice.TIE, "You called it a tie."),
        ("Both bad", Choice.BOTH_BAD, "You found both answers bad."),
    ],
)
def test_a_vote_is_stored_and_the_chosen_side_is_said(
    folder: Path, words: str, choice: Choice, said: str
) -> None:
    page = press(arena(folder), words)

    [vote] = mine(folder)
    assert vote.winner is choice
    assert vote.seconds is not None
    chosen = blocks(page, "arena-chosen")[0]["text"]
    assert chosen == said.format(a=vote.model_a, b=vote.model_b)
    assert blocks(page, "arena-reveal")[0]["caption"] == "Who answered"
    assert "stand word for word" in blocks(page, "arena-reveal")[0]["head"][2]


def test_a_reload_shows_the_open_battle_again(folder: Path) -> None:
    first, second = arena(folder), arena(folder)

    assert first.query_params["battle"] == second.query_params["battle"]
    assert data(first, "arena-a") == data(second, "arena-a")


def test_after_the_vote_a_reload_tells_it_again_and_offers_no_second(folder: Path) -> None:
    page = press(arena(folder), "B is better")
    battle = page.query_params["battle"]

    again = arena(folder, battle=battle)

    assert [each.label for each in again.button] == ["Next battle"]
    assert blocks(again, "arena-chosen") == blocks(page, "arena-chosen")
    assert len(mine(folder)) == 1


def test_what_was_said_in_another_tab_stands(folder: Path) -> None:
    page = arena(folder)
    polls(folder).ballots.cast(Vote(VOTER, open_battle(folder).id, Choice.BOTH_BAD))

    told = press(page, "A is better")

    assert [each.winner for each in mine(folder)] == [Choice.BOTH_BAD]
    assert blocks(told, "arena-chosen")[0]["text"] == "You found both answers bad."


def test_the_next_battle_is_another_one(folder: Path) -> None:
    page = press(arena(folder), "A tie")
    before = page.query_params["battle"]

    page = press(page, "Next battle")

    assert page.query_params["battle"] != before
    assert len(page.button) == 4


def test_what_else_is_said_is_stored_with_the_vote(folder: Path) -> None:
    page, duel = arena(folder), open_battle(folder)
    page.segmented_control(key=f"reads-{duel.id}").set_value(Choice.TIE)
    page.multiselect(key=f"wrong-{duel.id}").set_value(["b1"])
    page.text_input(key=f"why-{duel.id}").set_value("  It cites another talk ")
    page.run()

    press(page, "A is better")

    vote = polls(folder).ballots.vote(VOTER, duel.id)
    assert vote is not None
    assert (vote.choice, vote.reading) == (Choice.A, Choice.TIE)
    assert vote.reasons == ("It cites another talk",)
    assert vote.objections == (Objection(Choice.B, 1),)


def test_the_keys_can_be_turned_off_and_stay_off(folder: Path) -> None:
    page = arena(folder)
    assert [each.proto.shortcut for each in page.button] == ["1", "2", "3", "4"]

    page.toggle[0].set_value(False).run()
    assert [each.proto.shortcut for each in page.button] == [""] * 4

    page = press(press(page, "A tie"), "Next battle")
    assert [each.proto.shortcut for each in page.button] == [""] * 4


def test_a_battle_of_somebody_else_is_not_told(folder: Path) -> None:
    [*_, other] = [each for each in polls(folder).ballots.ballots() if each.voter_id == "ana"]

    page = arena(folder, battle=other.battle_id)

    assert page.query_params["battle"] != other.battle_id
    assert len(page.button) == 4


def test_who_has_judged_everything_is_told_so(folder: Path) -> None:
    sample_work.fill_votes(polls(folder), (VOTER,), most=200)

    page = arena(folder)

    assert blocks(page, "arena-done")[0]["text"].startswith("You have judged everything there is: ")


def test_an_arena_without_contestants_says_what_to_do(bare: Path) -> None:
    texts = [each.value for each in arena(bare).text]

    assert texts[0] == "The arena has fewer than two contestants"
    assert "soundproof arena new" in texts[1]


def test_hostile_questions_and_names_are_shown_as_written(bare: Path) -> None:
    sample_work.fill_arena(bare, texts=(HOSTILE,), extra=Contestant(HOSTILE, (("x", HOSTILE),)))

    page = arena(bare)
    assert blocks(page, "arena-question")[0]["text"] == HOSTILE
    page = press(page, "A is better")

    markup = [each.value for kind in (page.markdown, page.caption, page.subheader) for each in kind]
    assert not any("canary" in each for each in markup)
