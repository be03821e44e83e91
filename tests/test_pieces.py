"""What is kept of a piece, what a voter sees of it, and how a control is made of it."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import pieces
from eval.models import STYLE, Ballot, Choice, Kind, Piece
from kb import drafts
from kb.drafts import Draft, Part
from kb.errors import LibraryError
from kb.models import Answer, Claim, Mark, Span
from tests.arena_house import citation, piece

QUOTED = piece("It was so.", places=("talk/1", "talk/2"))
ABSTAINED = Piece((), (), "No figure is given in anything that comes near.")


def test_a_piece_has_the_words_of_an_answer_and_not_its_writer() -> None:
    answer = Answer(
        "Why?", QUOTED.claims, QUOTED.citations, writer="extractive", remarks=("Searched.",)
    )

    assert pieces.of(answer) == QUOTED
    assert "extractive" not in pieces.dumped(pieces.of(answer))


def test_a_draft_makes_a_piece_as_an_answer_does() -> None:
    draft = Draft(drafts.Kind.POST, "Tides", (Part("", QUOTED.claims),), QUOTED.citations)

    assert pieces.of(draft) == QUOTED


def test_an_abstention_keeps_its_reason() -> None:
    answer = Answer("How many?", (), (), reason=ABSTAINED.reason)

    assert pieces.of(answer) == ABSTAINED


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4),
    st.floats(0, 1e6),
    st.sampled_from(Mark),
)
def test_a_piece_is_read_back_to_the_last_bit(texts: list[str], start: float, mark: Mark) -> None:
    span = Span("talk", start, start + 1 / 3)
    cited = replace(citation(1, "talk/1"), span=span, line=3, link="https://a.example/#t=1")
    whole = Piece(tuple(Claim(each, mark, (1,)) for each in texts), (cited,), "" if texts else "no")

    assert pieces.loaded(pieces.dumped(whole)) == whole


@pytest.mark.parametrize("text", ["", "{}", '{"claims": [], "citations": [{}], "reason": ""}'])
def test_a_damaged_piece_is_told(text: str) -> None:
    with pytest.raises(LibraryError, match="damaged"):
        pieces.loaded(text)


def test_a_voter_sees_no_reason_that_would_tell_the_writer() -> None:
    assert pieces.blind(ABSTAINED).reason == pieces.NO_ANSWER
    assert pieces.blind(piece(" It was so.\n")) == piece("It was so.", mark=Mark.SUPPORTED)


def test_a_voter_sees_no_mark_that_would_tell_the_writer() -> None:
    quoted, worded = piece("It was so."), piece("It was so.", mark=Mark.SUPPORTED)

    assert quoted != worded
    assert pieces.blind(quoted) == pieces.blind(worded)


def test_a_voter_sees_no_check_that_would_tell_the_writer() -> None:
    passed = piece("It was so.")
    [claim] = passed.claims
    failed = replace(passed, claims=(replace(claim, why="The cited words do not carry “90”."),))

    assert pieces.blind(failed) == pieces.blind(passed)


# What may sway


def test_pieces_that_are_alike_sway_nobody() -> None:
    assert pieces.style(QUOTED, QUOTED) == (0.0,) * len(STYLE)


def test_what_may_sway_is_counted_side_by_side() -> None:
    rich = Piece(
        (
            Claim("- one **bold** word\n- and a second item", Mark.SUPPORTED, (1, 2)),
            Claim("so it was", Mark.QUOTED, (2,)),
            Claim("perhaps", Mark.UNSUPPORTED, (2, 3)),
        ),
        tuple(citation(n, f"talk/{n}") for n in (1, 2, 3)),
    )

    # 13 words, 2 list items and a bold one, citations 1 and 2 behind what passed, 3 behind what did not.
    counts = (13, 3, 2, 1, 1)
    assert pieces.style(rich, ABSTAINED) == tuple(n / (n + 1) for n in counts)
    assert pieces.style(ABSTAINED, rich) == tuple(-n / (n + 1) for n in counts)


@given(*[st.lists(st.sampled_from(["one two", "- **three**", ""]), max_size=5)] * 2)
def test_exchanging_the_sides_turns_every_covariate_round(a: list[str], b: list[str]) -> None:
    there, back = pieces.style(piece(*a), piece(*b)), pieces.style(piece(*b), piece(*a))

    assert there == tuple(-each for each in back)
    assert all(-1 < each < 1 for each in there)


# Controls


def test_a_control_keeps_words_and_numbers_and_cites_other_talks() -> None:
    pool = pieces.strangers(QUOTED, [piece("Else.", places=("sea/1", "sea/2", "talk/3"))])

    spoilt = pieces.shuffled(QUOTED, pool, Random(1))  # noqa: S311 - a fixed shuffle

    assert spoilt.claims == QUOTED.claims
    assert [each.number for each in spoilt.citations] == [1, 2]
    assert {each.span.episode_id for each in spoilt.citations} == {"sea"}
    assert len({each.passage_id for each in spoilt.citations}) == 2


def test_where_other_talks_are_too_few_other_places_will_do() -> None:
    others = [piece("Else.", places=("sea/1", "talk/3", "talk/1"))]

    pool = pieces.strangers(QUOTED, others)

    assert {each.passage_id for each in pool} == {"sea/transcript/1", "talk/transcript/3"}


@pytest.mark.parametrize(
    ("spoilt", "others"),
    [
        (QUOTED, []),
        (QUOTED, [piece("Else.", places=("sea/1",))]),
        (QUOTED, [QUOTED]),
        (ABSTAINED, [piece("Else.", places=("sea/1",))]),
    ],
    ids=["nothing else", "too little", "the same places", "nothing to spoil"],
)
def test_what_cannot_be_spoilt_makes_no_control(spoilt: Piece, others: list[Piece]) -> None:
    assert pieces.strangers(spoilt, others) == ()


def test_the_intact_side_of_a_control_is_known_from_its_ballot() -> None:
    spoilt = pieces.shuffled_name("hybrid")
    on_a = Ballot(spoilt, "hybrid", Choice.A, "q", "ana", "one", Kind.CONTROL)
    on_b = Ballot("hybrid", spoilt, Choice.A, "q", "ana", "two", Kind.CONTROL)
    plain = Ballot("hybrid", "words", Choice.A, "q", "ana", "three")

    assert pieces.intact([on_a, on_b, plain]) == {"one": Choice.B, "two": Choice.A}
