"""Measures: what each one is, by known answers, an independent library, and slow twins."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import measures, suites
from eval.measures import NAMES, Record, Tried
from eval.suites import Asked
from kb.models import Answer, Claim, Hit, Mark, Tier
from tests import answers
from tests.answers import RIGHT, WRONG, answer, citation, hit, refusal
from tests.samples import COSTS, LEAKS
from tests.test_suites import SUITE

FORTY, PRICE, BOTH, WEATHER = suites.read(SUITE).questions
HITS = (hit(COSTS, "w0-1"), hit(LEAKS, "w0-0"), hit(LEAKS, "w4-5"), hit(COSTS, "w3-4"))


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(answers.library(tmp_path))


def scored(
    record: Record, asked: Asked, given: Answer = RIGHT, hits: tuple[Hit, ...] = HITS
) -> dict[str, float]:
    return measures.score(Tried(asked, hits, given), record)


def test_all_that_is_scored_has_a_name_in_the_order_of_the_list(record: Record) -> None:
    found = [*scored(record, FORTY), *scored(record, WEATHER)]

    assert set(found) == set(NAMES)
    assert len(set(NAMES)) == len(NAMES)


# What was found


def test_retrieval_is_scored_by_places_and_episodes(record: Record) -> None:
    found = scored(record, FORTY)

    assert found["found within 300"] == found["found within 2,000"] == 1
    assert (found["episode @1"], found["episode @3"]) == (0, 1)
    assert found["recall@5"] == 1
    assert found["MRR"] == pytest.approx(1 / 3)
    assert found["nDCG@10"] == pytest.approx(1 / math.log2(4))


def test_of_two_places_one_may_be_found(record: Record) -> None:
    found = scored(record, BOTH, hits=HITS[:3])

    assert found["recall@5"] == 0.5
    assert found["nDCG@10"] == pytest.approx((1 / 2) / (1 + 1 / math.log2(3)))


def test_nothing_found_is_nothing_scored(record: Record) -> None:
    found = scored(record, FORTY, hits=())

    retrieval = NAMES[: NAMES.index("nDCG@10") + 1]
    assert {found[name] for name in retrieval} == {0}


def test_an_episode_counts_once_in_the_ranks_of_episodes() -> None:
    hits = [hit(LEAKS, "w0-0"), hit(LEAKS, "w4-5"), hit(COSTS, "w0-1")]

    assert measures.episode_rank(PRICE, hits) == 2
    assert measures.episode_rank(PRICE, hits[:2]) == math.inf


@given(st.lists(st.integers(1, 14), min_size=1, max_size=6))
def test_ndcg_lies_between_0_and_1_and_is_1_for_the_best_order_alone(ranks: list[int]) -> None:
    gained = measures.gain(ranks, cut=10)

    assert 0 <= gained <= 1 + 1e-12
    perfect = all(rank <= n for n, rank in enumerate(sorted(ranks), 1))
    assert (gained > 1 - 1e-12) == perfect


@given(st.sets(st.integers(1, 14), min_size=1, max_size=6), st.integers(0, 3))
def test_the_measures_of_ranks_are_those_of_a_known_library(found: set[int], unfound: int) -> None:
    oracle = pytest.importorskip("ir_measures", reason="the extra dev is not installed")
    ranks = [*map(float, found), *[math.inf] * unfound]
    judged = [oracle.Qrel("q", f"d{rank}", 1) for rank in found]
    judged += [oracle.Qrel("q", f"lost{n}", 1) for n in range(unfound)]
    run = [oracle.ScoredDoc("q", f"d{rank}", -rank) for rank in range(1, 15)]

    wanted = oracle.calc_aggregate([oracle.nDCG @ 10, oracle.RR, oracle.R @ 5], judged, run)

    assert measures.gain(ranks, cut=10) == pytest.approx(wanted[oracle.nDCG @ 10])
    assert 1 / min(ranks) == pytest.approx(wanted[oracle.RR])
    recalled = sum(rank <= 5 for rank in ranks) / len(ranks)
    assert recalled == pytest.approx(wanted[oracle.R @ 5])


# What was answered


def test_a_right_answer_cites_the_place_and_holds_what_it_must(record: Record) -> None:
    found = scored(record, FORTY)

    cited = {name: found[name] for name in NAMES if name.startswith("cited")}
    assert cited == {"cited episode": 1, "cited place": 1, "cited IoU": 1}
    assert (found["holds what it must in 300"], found["answerable answered"]) == (1, 1)


def test_a_wrong_answer_does_not(record: Record) -> None:
    found = scored(record, FORTY, WRONG)

    assert (found["cited episode"], found["cited place"], found["cited IoU"]) == (0, 0, 0)
    assert (found["holds what it must in 300"], found["answerable answered"]) == (0, 1)


def test_a_refusal_cites_and_holds_nothing_and_is_not_judged_by_its_sources(
    record: Record,
) -> None:
    found = scored(record, FORTY, refusal())

    assert (found["answerable answered"], found["cited place"]) == (0, 0)
    assert found["holds what it must in 300"] == 0
    assert "quotes exact" not in found
    assert "citations resolve" not in found


def test_what_nobody_knows_is_to_be_refused(record: Record) -> None:
    assert scored(record, WEATHER, refusal()) == {"unanswerable refused": 1}
    answered = scored(record, WEATHER, WRONG)
    assert answered["unanswerable refused"] == 0
    assert "cited place" not in answered
    assert answered["quotes exact"] == 1


def test_a_question_without_groups_is_not_scored_by_them(record: Record) -> None:
    assert "holds what it must in 300" not in scored(record, BOTH)


def test_a_place_near_enough_in_exact_seconds_is_the_place(record: Record) -> None:
    near = answer(citation(1, LEAKS, 7))
    far = answer(
        replace(citation(1, LEAKS, 7), span=replace(RIGHT.citations[0].span, start=40, end=41))
    )

    assert scored(record, FORTY, near)["cited place"] == 1
    assert scored(record, FORTY, near)["cited IoU"] == 0
    assert scored(record, FORTY, far)["cited place"] == 0
    assert not measures.cites(FORTY.places, near, within=None)


def test_only_the_first_shown_words_hold() -> None:
    filler = Claim("word " * 299, Mark.SUPPORTED, (1,))
    late = Claim("Lathe wrote 40", Mark.SUPPORTED, (1,))
    given = replace(RIGHT, claims=(filler, late))

    assert not measures.holds(FORTY, given)
    assert measures.holds(FORTY, given, limit=302)


def test_who_is_cited_is_shown_too() -> None:
    asked = replace(FORTY, must_contain=(("feld",),))

    assert measures.holds(asked, RIGHT)
    assert not measures.holds(asked, answer(replace(RIGHT.citations[0], speaker=None)))


# What an answer stands on


def test_sources_resolve_where_their_words_are_in_the_library(record: Record) -> None:
    good, moved = citation(1, LEAKS, 4, 5), replace(citation(2, LEAKS, 6), passage_id="gone/s6")
    altered = replace(citation(3, LEAKS, 7), text="They asked thrice.")
    other = replace(citation(4, LEAKS, 7), tier=Tier.NOTES)

    found = scored(record, FORTY, answer(good, moved, altered, other))

    assert found["citations resolve"] == found["claims cited"] == 1 / 4
    assert [record.verbatim(each) for each in (good, moved, altered, other)] == [
        *(True, True, False, False)
    ]


def test_a_claim_without_a_source_is_not_cited(record: Record) -> None:
    claims = [Claim("Forty.", Mark.SUPPORTED, (1,)), Claim("I would say so.", Mark.OWN_VIEW)]

    found = scored(record, FORTY, answer(citation(1, LEAKS, 4), claims=claims))

    assert found["claims cited"] == 0.5
    assert "quotes exact" not in found


def test_an_answer_without_sources_is_not_scored_by_them(record: Record) -> None:
    bare = Answer("What?", (Claim("Forty.", Mark.UNSUPPORTED),), ())

    found = scored(record, FORTY, bare)

    assert found["claims cited"] == 0
    assert "citations resolve" not in found


@pytest.mark.parametrize(
    ("said", "exact"),
    [
        ("we wrote 40 NEW cases, every month – at Lathe", 1),
        ("At Lathe. We kept", 1),
        ("We wrote 14 new cases every month at Lathe.", 0),
        ("We wrote new cases every month at Lathe.", 0),
        ("We wrote 40 new case", 0),
        ("Labels are not getting cheaper", 0),
    ],
)
def test_a_quote_is_exact_word_for_word_in_the_document_it_cites(
    record: Record, said: str, exact: float
) -> None:
    claims = [Claim(said, Mark.QUOTED, (1,))]

    found = scored(record, FORTY, answer(citation(1, LEAKS, 4, 5), claims=claims))

    assert found["quotes exact"] == exact
