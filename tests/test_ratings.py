"""The board: who answers better, how surely, and what cannot be told yet."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.arena_worlds import World, never_lost, truth
from eval import ratings
from eval.board import BoardError, Method
from eval.columns import Columns
from kb.errors import SourceError

LADDER = (0.9, 0.3, -0.3, -0.9)


def drawn(world: World, seed: int = 6) -> Columns:
    return world.draw(np.random.default_rng(seed))


def votes(*rows: tuple[str, str, str, str]) -> Columns:
    a, b, winner, item = zip(*rows, strict=True)
    return Columns(a, b, winner, item)


def wins(a: str, b: str, count: int, *, apart: int = 10) -> list[tuple[str, str, str, str]]:
    return [(a, b, "a", f"question {n % apart}") for n in range(count)]


# Ratings


def test_the_better_stand_higher_around_a_thousand() -> None:
    world = World(LADDER, 4000, 400)

    board = ratings.rate(drawn(world))

    assert tuple(each.name for each in board.ratings) == world.names
    points = [each.points for each in board.ratings]
    assert sum(each.value for each in points) == pytest.approx(4000)
    true = [1000 + ratings.POINTS * value for value in truth(world).values()]
    assert [each.value for each in points] == pytest.approx(true, abs=25)
    assert all(each.low < each.value < each.high for each in points)


def test_four_hundred_points_are_odds_of_ten_to_one() -> None:
    assert 10 ** (ratings.POINTS * np.log(10) / 400) == pytest.approx(10)


def test_a_board_counts_what_it_was_made_of() -> None:
    board = ratings.rate(
        votes(
            ("x", "y", "a", "1"),
            ("x", "y", "tie", "1"),
            ("y", "x", "both bad", "2"),
            ("y", "x", "b", "3"),
        )
    )

    assert (board.votes, board.items, board.both_bad) == (3, 2, 1)
    record = board.rating("y").record
    assert (record.wins, record.losses, record.ties, record.both_bad) == (0, 2, 1, 1)
    assert (record.votes, record.items) == (3, 2)


def test_both_bad_moves_no_rating_and_lists_its_questions() -> None:
    plain = drawn(World(LADDER, 300, 60))
    bad = [("question 7", 3), ("question 2", 1)]
    more = Columns(
        [*plain.model_a, *["contestant 00"] * 4],
        [*plain.model_b, *["contestant 03"] * 4],
        [*plain.winner, *["both bad"] * 4],
        [*plain.item, *(item for item, times in bad for _ in range(times))],
    )

    before, after = ratings.rate(plain), ratings.rate(more)

    assert [each.points for each in before.ratings] == [each.points for each in after.ratings]
    assert [(each.item, each.both_bad) for each in after.unanswered] == bad
    assert after.unanswered[0].votes == 3 + list(plain.item).count("question 7")
    assert before.unanswered == ()


def test_one_with_both_bad_votes_alone_has_no_rating() -> None:
    board = ratings.rate(votes(("x", "y", "a", "1"), ("a", "x", "both bad", "1")))

    assert board.unrated == ("a",)
    assert [each.name for each in board.ratings] == ["x", "y"]
    assert board.rating("x").record.both_bad == 1


def test_the_same_votes_make_the_same_board() -> None:
    columns = drawn(World(LADDER, 300, 20))

    assert ratings.rate(columns) == ratings.rate(columns)


def test_shares_are_those_of_wins_with_ties_halved() -> None:
    world = World((0.4, -0.4), 20_000, 20_000, spread=0, position=0.5)

    board = ratings.rate(drawn(world))

    record = board.ratings[0].record
    assert board.shares[0][1] == pytest.approx(
        (record.wins + record.ties / 2) / record.votes, abs=0.01
    )
    assert board.ratings[0].share == board.shares[0][1]
    assert board.shares[0][0] == 0.5
    assert board.surely[0][1] > 0.999


# Warming up, unbeaten, winless


def test_an_unbeaten_contestant_has_a_finite_rating_and_an_interval() -> None:
    for items in (60, 20):
        points = ratings.rate(never_lost(items)).rating("unbeaten").points

        assert np.isfinite([points.low, points.value, points.high]).all()
        assert 0 < points.high - points.low < 1500
        assert points.value > 1200


def test_one_always_shown_first_that_always_won_owes_it_to_itself() -> None:
    board = ratings.rate(votes(*wins("x", "y", 1000, apart=50)))

    assert board.pairs[0].separated
    assert board.rating("x").points.value > 1300


def test_a_winless_contestant_is_as_uncertain_as_an_unbeaten_one() -> None:
    rows = never_lost(60)
    turned = replace(rows, winner=[{"a": "b", "b": "a"}[each] for each in rows.winner])

    up, down = (ratings.rate(each).rating("unbeaten").points for each in (rows, turned))

    assert down.value == pytest.approx(2000 - up.value)
    assert down.high - down.low == pytest.approx(up.high - up.low)


@pytest.mark.parametrize(
    ("count", "items", "warming"), [(15, 10, False), (14, 10, True), (40, 9, True)]
)
def test_few_votes_or_questions_are_a_warming_up(count: int, items: int, *, warming: bool) -> None:
    board = ratings.rate(votes(*wins("x", "y", count, apart=items)))

    assert [each.warming for each in board.ratings] == [warming] * 2
    assert (board.ratings[0].best is None) == warming
    assert not (warming and board.pairs[0].separated)


def test_votes_that_balance_on_every_question_have_an_interval_too() -> None:
    rounds = [("x", "y", "a"), ("y", "x", "a"), ("y", "z", "a"), ("z", "x", "a")]
    board = ratings.rate(
        votes(*((a, b, won, f"question {n}") for n in range(20) for a, b, won in rounds))
    )

    assert all(each.points.high - each.points.low > 50 for each in board.ratings)
    assert all(each.gap.high - each.gap.low > 50 and not each.separated for each in board.pairs)


def test_ties_alone_make_equals_that_may_differ() -> None:
    board = ratings.rate(votes(*(("x", "y", "tie", f"question {n}") for n in range(40))))

    (pair,) = board.pairs
    assert pair.gap.value == pytest.approx(0, abs=1e-6)
    assert pair.gap.high > 10
    assert not pair.separated


def test_one_question_tells_nothing_of_others() -> None:
    board = ratings.rate(votes(*wins("x", "y", 30, apart=1)))

    assert board.method == Method.PRIOR
    assert board.rating("x").points.low < 1000


# Tiers


def test_the_clearly_better_are_a_tier_of_their_own() -> None:
    board = ratings.rate(drawn(World((1.0, 1.0, -1.0, -1.0), 2000, 200)))

    assert [each.tier for each in board.ratings] == [1, 1, 2, 2]
    assert sum(each.best or 0 for each in board.ratings) == pytest.approx(1)
    assert all((each.best or 0) < 0.01 for each in board.ratings[2:])
    upper, lower = board.ratings[0].name, board.ratings[3].name
    assert board.pair(lower, upper).separated
    assert board.pair(upper, lower).needed == 0


def test_equals_share_a_tier_and_need_more_votes() -> None:
    board = ratings.rate(drawn(World((0.05, 0.0, -0.05), 300, 60)))

    assert {each.tier for each in board.ratings} == {1}
    assert all(each.needed is None or each.needed > 0 for each in board.pairs)
    assert board.critical > 1.96


def test_whoever_warms_up_is_in_no_tier() -> None:
    columns = drawn(World(LADDER, 600, 60))
    more = votes(
        *zip(columns.model_a, columns.model_b, columns.winner, columns.item, strict=True),
        ("newcomer", "contestant 00", "a", "question 1"),
    )

    newcomer = ratings.rate(more).rating("newcomer")

    assert (newcomer.tier, newcomer.best, newcomer.warming) == (None, None, True)


# What sways a vote


def test_a_planted_position_effect_is_found() -> None:
    board = ratings.rate(drawn(World((0.2, -0.2), 20_000, 20_000, spread=0, position=0.4)))

    (position,) = board.coefficients
    assert position.name == "position"
    assert position.value.low < 0.4 < position.value.high
    assert position.value.value == pytest.approx(0.4, abs=0.05)


def test_style_is_told_apart_from_being_better() -> None:
    world = World((0.4, 0.0, -0.4), 20_000, 100, spread=0, style=(0.3, 0.0))
    columns = drawn(world)

    raw = ratings.rate(columns)
    controlled = ratings.rate(columns, controlled=True, names=("words", "quotes"))

    assert (raw.controlled, controlled.controlled) == (False, True)
    assert [each.name for each in controlled.coefficients] == ["position", "words", "quotes"]
    _, words, quotes = (each.value for each in controlled.coefficients)
    assert words.value == pytest.approx(0.3, abs=0.05)
    assert quotes.low < 0 < quotes.high
    true = 1000 + ratings.POINTS * 0.4
    assert raw.ratings[0].points.value > true + 10
    assert controlled.ratings[0].points.value == pytest.approx(true, abs=10)


def test_a_covariate_that_never_differs_is_left_out() -> None:
    columns = drawn(World((0.4, -0.4), 100, 50, style=(0.3, 0.0)))
    assert columns.style is not None
    flat = replace(columns, style=columns.style * [1, 0])

    board = ratings.rate(flat, controlled=True, names=("words", "quotes"))

    assert [each.name for each in board.coefficients] == ["position", "words"]


def test_the_style_that_is_asked_for_has_to_be_known() -> None:
    columns = drawn(World((0.4, -0.4), 100, 50))

    with pytest.raises(BoardError, match="do not have the style"):
        ratings.rate(columns, controlled=True)


# No board


def test_the_parts_of_a_disconnected_board_are_named() -> None:
    columns = votes(
        ("a", "c", "a", "1"), ("b", "d", "a", "1"), ("e", "c", "tie", "2"), ("f", "g", "a", "2")
    )

    with pytest.raises(BoardError, match=r"3 parts that never met: a, c, e \| b, d \| f, g"):
        ratings.rate(columns)


def test_both_bad_connects_nobody() -> None:
    with pytest.raises(BoardError, match=r"a, b \| c, d"):
        ratings.rate(votes(("a", "b", "a", "1"), ("c", "d", "a", "1"), ("a", "c", "both bad", "1")))


def test_a_long_chain_is_one_board() -> None:
    names = [f"{n:02}" for n in range(30)]
    chain = zip(names[1:], names, strict=False)

    board = ratings.rate(votes(*((a, b, "a", "1") for a, b in chain)))

    assert board.ratings[0].name == "29"


@pytest.mark.parametrize(
    ("columns", "have"),
    [
        (Columns([], [], [], []), "nobody has"),
        (votes(("x", "y", "both bad", "1")), "nobody has"),
    ],
)
def test_a_board_takes_two(columns: Columns, have: str) -> None:
    with pytest.raises(BoardError, match=have) as caught:
        ratings.rate(columns)

    assert "soundproof arena battles" in caught.value.hint


def test_an_unknown_winner_makes_no_board() -> None:
    with pytest.raises(SourceError, match="winner is 'c'"):
        ratings.rate(votes(("x", "y", "c", "1")))


def test_whoever_is_not_on_the_board_is_named() -> None:
    board = ratings.rate(votes(("x", "y", "a", "1")))

    with pytest.raises(BoardError, match="no rating of z") as caught:
        board.rating("z")
    assert caught.value.hint == "It has: x, y."
    with pytest.raises(BoardError, match="the pair of x and x"):
        board.pair("x", "x")


# Coverage: a small version of what the benchmark measures


@pytest.mark.slow
@pytest.mark.parametrize(("count", "items"), [(100, 100), (300, 15)])
def test_intervals_hold_the_true_difference_as_often_as_they_say(count: int, items: int) -> None:
    world = World(LADDER, count, items)
    true, random = truth(world), np.random.default_rng(8)

    held = [
        pair.gap.low <= ratings.POINTS * (true[pair.higher] - true[pair.lower]) <= pair.gap.high
        for _ in range(120)
        for pair in ratings.rate(world.draw(random)).pairs
    ]

    assert 0.91 < np.mean(held) < 0.98
