"""What is held against a draft by rules, and that a draft does not pass by losing its point."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from kb.drafting import critic
from kb.drafting.critic import RuleCritic
from kb.drafts import Draft, Heading, Kind, Objection, Part
from kb.errors import SettingsError
from kb.models import Claim, Mark
from tests import draft_house
from tests.draft_house import AGAINST, DRAWER, FORTY, Drafted
from tests.fakes_drafts import FakeCritic

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drafted]:
    made = draft_house.copied(tmp_path_factory.mktemp("house"))
    yield made
    made.library.close()


def objections(house: Drafted, draft: Draft, today: date = TODAY) -> list[str]:
    return [each.what for each in RuleCritic(house.library, today).objections(draft)]


def said(house: Drafted, *claims: Claim) -> Draft:
    """Give a draft of claims over one citation."""
    draft = house.of(f"“{FORTY}”", cited=[FORTY])
    return replace(draft, parts=(Part(Heading.AGAINST, claims),))


def test_nothing_is_held_against_two_free_voices_with_evidence_against(house: Drafted) -> None:
    [against] = [each.text for each in AGAINST.passages if each.text.startswith("But a held")][:1]
    draft = house.of(f"“{against}”", f"“{DRAWER}”", cited=[against, DRAWER])

    assert (
        objections(house, replace(draft, parts=(replace(draft.parts[0], title=Heading.AGAINST),)))
        == []
    )


@pytest.mark.parametrize(
    ("claim", "what"),
    [
        (Claim("So.", Mark.UNSUPPORTED, (1,), why="not there"), "Nothing carries it: not there"),
        (Claim("It is the only way.", Mark.OWN_VIEW), "“the only” is more than its sources say."),
        (Claim("It grows by 40 percent.", Mark.OWN_VIEW), "It gives a number without a source."),
    ],
)
def test_a_sentence_is_objected_to(house: Drafted, claim: Claim, what: str) -> None:
    found = RuleCritic(house.library, TODAY).objections(said(house, claim))

    assert Objection(what, 1) in found


def test_a_doubt_that_was_dropped_is_objected_to(house: Drafted) -> None:
    draft = said(house, Claim("It is cheaper.", Mark.SUPPORTED, (1,)))
    doubted = replace(draft.citations[0], text="It may well be cheaper, I think.")
    draft = replace(draft, citations=(doubted,))
    kept = replace(draft, parts=(Part("", (Claim("It may be cheaper.", Mark.SUPPORTED, (1,)),)),))

    assert "Its source is less sure than it is." in objections(house, draft)
    assert "Its source is less sure than it is." not in objections(house, kept)


def test_somebody_else_s_words_may_be_as_grand_as_they_are(house: Drafted) -> None:
    grand = Claim("“Everybody shows a benchmark.”", Mark.QUOTED, (1,))

    assert not [each for each in objections(house, said(house, grand)) if "more than" in each]


def test_one_voice_is_objected_to(house: Drafted) -> None:
    assert "All of it rests on one voice." in objections(house, house.of(f"“{FORTY}”"))


def test_one_guest_on_three_shows_is_one_voice(house: Drafted) -> None:
    texts = [
        FORTY,
        "At Lathe we built a held-out benchmark with new cases instead of the public one.",
        "A held-out benchmark of new cases helps Lathe, and it doubled our revenue in 2025.",
    ]
    draft = house.of(*(f"“{each}”" for each in texts), cited=texts)

    assert "All of it rests on one voice." in objections(house, draft)


def test_a_thesis_without_evidence_against_is_objected_to(house: Drafted) -> None:
    assert "It gives no evidence against." in objections(house, house.of(f"“{FORTY}”"))


def test_old_evidence_is_objected_to(house: Drafted) -> None:
    draft = house.of(f"“{FORTY}”")

    assert any("3 years old" in each for each in objections(house, draft, date(2028, 11, 22)))
    assert not any("years old" in each for each in objections(house, draft))


def test_a_draft_that_cites_nothing_is_objected_to(house: Drafted) -> None:
    draft = house.of("Drawers are a moat.", own=True)

    assert "Nothing in it cites anything." in objections(house, draft)


def test_a_post_without_a_link_and_one_that_is_too_long_are_objected_to(house: Drafted) -> None:
    draft = house.of(f"“{FORTY}”")
    bare = replace(draft.citations[0], link=None)
    long = Claim("so " * 120, Mark.OWN_VIEW)
    posts = (Part("Post 1", draft.claims), Part("Post 2", (long,)))

    found = objections(house, Draft(Kind.POST, "", posts, (bare,)))

    assert "Post 1 has no link." in found
    assert any(each.startswith("Post 2 has 360") for each in found)


def test_a_blog_post_that_is_too_long_is_objected_to(house: Drafted) -> None:
    long = Claim("so " * 501, Mark.OWN_VIEW)

    found = objections(house, Draft(Kind.BLOG, "", (Part("", (long,)),), ()))

    assert "It has 501 words; 500 are allowed." in found


def test_the_model_that_wrote_a_draft_may_not_judge_it(house: Drafted) -> None:
    draft = replace(house.of(f"“{FORTY}”"), writer="openai fake critic")

    with pytest.raises(SettingsError, match="may not judge it"):
        critic.review(FakeCritic(), draft, most=1)


@pytest.mark.parametrize(
    ("told", "most", "passed"),
    [((), 1, True), ((), 2, False), ((Objection("No."),), 1, False)],
    ids=["well", "a point was lost", "objected to"],
)
def test_a_draft_passes_with_no_objection_and_all_its_points(
    house: Drafted, told: tuple[Objection, ...], most: int, *, passed: bool
) -> None:
    review = critic.review(FakeCritic(told), house.of(f"“{FORTY}”"), most=most)

    assert review.passed is passed
    assert (review.points, review.most) == (1, most)
