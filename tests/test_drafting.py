"""From passages or a question to a draft: what is in it, what is kept out, what goes wrong."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kb.adapters.extractive_drafter import quoted
from kb.drafting import leanings, posts, style
from kb.drafting.leanings import Leaning
from kb.drafting.making import Asked
from kb.drafting.proof import UNCITED
from kb.drafts import Draft, Heading, Kind, Line, Part, Section
from kb.errors import EmptyLibraryError, NotFoundError, SourceError
from kb.models import Claim, Mark
from tests import draft_house
from tests.draft_house import AGAINST, DRAWER, FORTY, QUESTION, Drafted, fails, writes
from tests.fakes_drafts import FakeDrafter
from tests.samples import JONAS, LEAKS


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drafted]:
    made = draft_house.copied(tmp_path_factory.mktemp("house"))
    yield made
    made.library.close()


def part(draft: Draft, title: str) -> Part:
    [found] = [each for each in draft.parts if each.title == title]
    return found


# Theses


def test_a_thesis_has_all_its_parts_in_order_and_a_mark_on_every_sentence(house: Drafted) -> None:
    draft = house.draft()

    assert [each.title for each in draft.parts] == list(Heading)
    assert draft.publishable == 1
    assert all(claim.mark is not Mark.UNSUPPORTED for claim in draft.claims)
    assert all(claim.citations for claim in draft.claims if claim.mark is Mark.QUOTED)


def test_without_a_model_what_argues_is_verbatim(house: Drafted) -> None:
    draft = house.draft()

    argued = [
        claim
        for each in draft.parts
        if each.title in (Heading.PROBLEM, Heading.SOLUTION, Heading.FOR, Heading.AGAINST)
        for claim in each.claims
    ]
    assert {claim.mark for claim in argued} <= {Mark.QUOTED, Mark.OWN_VIEW}
    assert all(quote.quotable for claim in argued for quote in claim.quotes)


def test_what_speaks_against_is_asked_for_and_found(house: Drafted) -> None:
    [claim] = part(house.draft(), Heading.AGAINST).claims

    assert "the risk is that nobody can check it" in claim.text


def test_where_nothing_speaks_against_the_thesis_says_so(house: Drafted) -> None:
    draft = house.draft(text="", passages=(house.passage(FORTY).id,))

    [claim] = part(draft, Heading.AGAINST).claims
    assert (claim.mark, "none was found" in claim.text) == (Mark.OWN_VIEW, True)


def test_a_company_of_a_sponsor_read_does_not_enter(house: Drafted) -> None:
    draft = house.draft(text="Which cloud runs every benchmark of new cases?")

    assert "Vexel" not in " ".join(claim.text for claim in draft.claims)
    assert "Vexel" not in " ".join(each.text for each in draft.citations)


def test_a_sponsor_read_that_is_chosen_is_refused(house: Drafted) -> None:
    said = "Vexel Cloud runs every benchmark of new cases, go to vexel.com and use code HELD."
    with pytest.raises(NotFoundError, match="bears on this"):
        house.draft(text="", passages=(house.passage(said).id,))


def test_one_guest_on_three_shows_is_one_voice(house: Drafted) -> None:
    said = [
        FORTY,
        "At Lathe we built a held-out benchmark with new cases instead of the public one.",
        "A held-out benchmark of new cases helps Lathe, and it doubled our revenue in 2025.",
    ]
    draft = house.draft(text="", passages=tuple(house.passage(each).id for each in said))

    [claim] = part(draft, Heading.VOICES).claims
    assert claim.text.startswith(f"Of 1 voice on 3 shows ({JONAS}), 0 are not known")
    assert f"{JONAS} talks their book" in part(draft, Heading.BOOK).claims[0].text


def test_one_passage_makes_a_thesis(house: Drafted) -> None:
    draft = house.draft(text="", passages=(house.passage(FORTY).id,), title="Cases")

    assert draft.title == "Cases"
    assert draft.points == 1
    assert draft.citations[0].text == FORTY


def test_a_permalink_names_a_passage(house: Drafted) -> None:
    link = f"https://soundproof.example/?ep={LEAKS.episode.id}&t=19"

    draft = house.draft(text="", passages=(link,))

    assert any(FORTY in each.text for each in draft.citations)


@pytest.mark.parametrize(
    "named", ["nothing/transcript/s1", "?ep=nothing&t=1", f"?ep={LEAKS.episode.id}&t=9999"]
)
def test_a_passage_that_is_not_there_is_told(house: Drafted, named: str) -> None:
    with pytest.raises(NotFoundError):
        house.draft(text="", passages=(named,))


@pytest.mark.parametrize("text", ["xyzzy plugh", "Quokka umbrellas juggle pianos?"])
@pytest.mark.parametrize("kind", Kind)
def test_a_question_that_nothing_bears_on_makes_no_draft(
    house: Drafted, text: str, kind: Kind
) -> None:
    with pytest.raises(NotFoundError, match="Nothing in the library bears on this"):
        house.draft(kind, text)


def test_a_draft_of_nothing_is_refused(house: Drafted) -> None:
    with pytest.raises(SourceError, match="nothing"):
        house.draft(text="  ")


def test_an_empty_library_is_told(tmp_path: Path) -> None:
    with pytest.raises(EmptyLibraryError):
        draft_house.drafted(tmp_path, ()).draft()


# Marks


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        (f"“{FORTY}”", Mark.QUOTED),
        ("Lathe wrote 40 new cases every month.", Mark.SUPPORTED),
        ("Lathe wrote 97 new cases every month.", Mark.UNSUPPORTED),
        ("They wrote new cases for Databricks.", Mark.UNSUPPORTED),
    ],
)
def test_a_sentence_that_cites_is_weighed(house: Drafted, text: str, mark: Mark) -> None:
    [claim] = house.of(text).claims

    assert claim.mark is mark
    assert bool(claim.why) == (mark is Mark.UNSUPPORTED)


def test_a_sentence_of_a_model_that_cites_nothing_is_unsupported(house: Drafted) -> None:
    drafter = FakeDrafter(
        lambda order: (Section("Evidence for", (Line("It is so."), quoted(order.excerpts[0]))),)
    )
    draft = house.drafting(drafter).draft(Kind.THESIS, Asked(QUESTION))

    [claim] = [each for each in draft.claims if each.text == "It is so."]
    assert (claim.mark, claim.why) == (Mark.UNSUPPORTED, UNCITED)
    assert draft.writer == "openai fake"


def test_a_quote_that_stands_elsewhere_is_cited_where_it_stands(house: Drafted) -> None:
    [claim] = house.of(f"“{DRAWER}”", cited=[FORTY]).claims

    assert claim.mark is Mark.QUOTED
    assert claim.citations == (1,)


def test_the_share_counts_every_sentence(house: Drafted) -> None:
    draft = house.of(
        f"“{FORTY}”", "They wrote Zebras.", "They kept Quokkas.", "Lathe wrote 40 new cases."
    )

    assert draft.publishable == 0.5
    assert Draft(Kind.POST, "", (), ()).publishable == 0


# Models


@pytest.mark.parametrize(
    "drafter",
    [
        fails("The model timed out"),
        FakeDrafter(),
        writes("They keep 97 Zebras.", "And 98 Quokkas keep them."),
    ],
    ids=["fails", "says nothing", "invents"],
)
@pytest.mark.parametrize("kind", Kind)
def test_where_a_model_gives_nothing_that_holds_verbatim_sentences_do(
    house: Drafted, drafter: FakeDrafter, kind: Kind
) -> None:
    draft = house.drafting(drafter).draft(kind, Asked(QUESTION))

    assert draft.writer == "extractive"
    assert draft.publishable == 1
    assert any("instead" in remark for remark in draft.remarks)


def test_a_model_that_repeats_itself_is_read_once(house: Drafted) -> None:
    drafter = writes("Lathe wrote new cases.", "Lathe wrote new cases!", "lathe wrote new  cases")

    draft = house.drafting(drafter).draft(Kind.THESIS, Asked(QUESTION))

    assert sum("wrote new cases" in claim.text.lower() for claim in draft.claims) <= 1
    assert "Said twice and left out: 2." in draft.remarks


def test_what_a_model_leaves_empty_is_filled_with_what_was_said(house: Drafted) -> None:
    drafter = writes("A held-out benchmark of new cases helps Lathe.")

    draft = house.drafting(drafter).draft(Kind.THESIS, Asked(QUESTION))

    assert [each.title for each in draft.parts] == list(Heading)
    assert "check it" in part(draft, Heading.AGAINST).claims[0].text


# Posts


def test_every_post_is_short_and_has_its_link_at_the_second(house: Drafted) -> None:
    draft = house.draft(Kind.POST)

    texts = [posts.post(each, draft.citations) for each in draft.parts]
    assert 1 <= len(texts) <= 3
    for text, each in zip(texts, draft.parts, strict=True):
        assert len(text) <= posts.length(text) <= posts.LONGEST
        cited = draft.citations[each.claims[0].citations[0] - 1]
        assert cited.span.start is not None
        assert text.endswith(f"#t={int(cited.span.start)}") == (cited.link is not None)


def test_what_is_too_long_for_one_post_becomes_a_thread(tmp_path: Path) -> None:
    words = " ".join(f"case{n} of the benchmark, which we kept apart" for n in range(9))
    talk = draft_house.guest("Long Show", "Long", (JONAS, f"The held-out benchmark has {words}."))
    house = draft_house.drafted(tmp_path, [talk])

    draft = house.draft(Kind.POST, "held-out benchmark kept apart")

    titles = [each.title for each in draft.parts]
    assert titles[0] == f"Post 1 (1/{len(titles)})"
    assert len(titles) > 1
    assert all(claim.mark is Mark.QUOTED for claim in draft.claims)
    texts = [posts.post(each, draft.citations) for each in draft.parts]
    assert all(posts.length(text) <= posts.LONGEST for text in texts)
    assert all(f"({n}/{len(texts)})" in text for n, text in enumerate(texts, 1))


def test_a_model_s_post_that_is_too_long_is_left_out_and_told(house: Drafted) -> None:
    drafter = FakeDrafter(
        lambda order: (
            Section("Post 1", (Line("Lathe wrote new cases.", order.excerpts[0].sentences),)),
            Section("Post 2", (Line("A held-out benchmark " * 20, order.excerpts[0].sentences),)),
        )
    )
    draft = house.drafting(drafter).draft(Kind.POST, Asked(QUESTION))

    assert "1 sentences were left out: too long for a post." in draft.remarks
    assert [each.number for each in draft.citations] == [1]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a", 1),
        ("é", 1),
        ("“quoted” — so", 13),
        ("日本", 4),
        ("😀", 2),
        ("https://a.de", 23),
    ],
)
def test_a_post_is_counted_as_strictly_as_anybody_counts(text: str, count: int) -> None:
    assert posts.length(text) == count


def test_a_link_that_no_post_can_carry_is_left_out(house: Drafted) -> None:
    draft = house.of(f"“{FORTY}”")
    cited = replace(draft.citations[0], link=f"https://a.example/{'x' * 300}")

    assert "https" not in posts.post(draft.parts[0], [cited])


# Blog posts


SAMPLE = """# Why drawers win

Why do I keep my tests in a drawer? Because I have seen them leak.

## What I do

I write new ones. I keep them. I never show them to anybody, and I tell my friends to do the same.
I think that it works for me.
"""


@pytest.mark.parametrize("samples", [None, [SAMPLE], ["We ship. " * 30]])
def test_a_blog_post_has_at_most_500_words(house: Drafted, samples: list[str] | None) -> None:
    kept = style.measured(samples) if samples else None

    draft = house.drafting().draft(Kind.BLOG, Asked(QUESTION), style=kept)

    assert 0 < posts.words(posts.article(draft)) <= posts.BLOG_WORDS
    assert draft.publishable == 1


def test_a_blog_post_of_a_model_that_is_too_long_is_cut_and_told(house: Drafted) -> None:
    lines = [
        f"Lathe wrote new cases for {'very ' * 30}long {word}." for word in "abcdefghijklmnopqr"
    ]

    draft = house.drafting(writes(*lines, part="")).draft(Kind.BLOG, Asked(QUESTION))

    assert posts.words(posts.article(draft)) <= posts.BLOG_WORDS
    assert any("too long for a blog" in remark for remark in draft.remarks)


def test_a_style_is_measured_on_samples() -> None:
    measured = style.measured([SAMPLE])

    assert (measured.person, measured.opening, measured.headings) == ("I", "question", True)
    assert 7 < measured.words < 12
    assert style.measured(["We ship every day. " * 20]).person == "we"
    assert style.measured(["It ships 9 times. " * 20]).opening == "figure"


def test_a_style_is_kept_to(house: Drafted) -> None:
    mine = style.measured([SAMPLE])
    plain = replace(mine, person="we", opening="statement", headings=False)

    asked = house.drafting().draft(Kind.BLOG, Asked(QUESTION), style=mine)
    told = house.drafting().draft(Kind.BLOG, Asked(QUESTION), style=plain)

    assert asked.claims[0].text == QUESTION
    assert asked.claims[-1].text.startswith("My mind")
    assert told.claims[0].text.startswith("We listened")
    assert told.claims[-1].text.startswith("Our mind")
    assert any(each.title for each in asked.parts)
    assert not any(each.title for each in told.parts)


@pytest.mark.parametrize("text", ["", "Too short.", "# Only\n\n## Headings"])
def test_too_little_to_measure_is_told(text: str) -> None:
    with pytest.raises(SourceError, match="too few"):
        style.measured([text])


# Leanings


@pytest.mark.parametrize(
    ("text", "leaning"),
    [
        ("Labelling is slow and expensive.", Leaning.PROBLEM),
        ("So we built a tool that lets you skip it.", Leaning.SOLUTION),
        ("Revenue grew by 30 percent and customers adopted it.", Leaning.FOR),
        ("However, the risk is that it fails, and I doubt it.", Leaning.AGAINST),
    ],
)
def test_a_sentence_leans_the_way_its_words_do(text: str, leaning: Leaning) -> None:
    counts = {each: leanings.strength(text, each) for each in Leaning}

    assert max(counts, key=lambda each: counts[each]) is leaning


def test_a_claim_of_a_thesis_points_and_a_count_does_not() -> None:
    cited = Claim("So.", Mark.SUPPORTED, (1,))
    own = Claim("I think so.", Mark.OWN_VIEW, (1,))
    parts = (Part(Heading.FOR, (cited, own)), Part(Heading.COMPANIES, (cited,)))

    assert Draft(Kind.THESIS, "", parts, ()).points == 1


def test_all_that_is_drafted_of_the_critic_s_show_can_be_published(house: Drafted) -> None:
    ids = tuple(
        each.id for each in AGAINST.passages if each.text.startswith(("But a held", "A held-out"))
    )

    assert house.draft(text="", passages=ids).publishable == 1
