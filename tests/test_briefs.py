"""The seven-section brief, in and out."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb import briefs
from kb.errors import DocumentError
from kb.models import Brief, Entity, Idea, Origin, Theme, Thesis

HERE = Path(__file__).parent / "data"
ORIGIN = Origin("file", "brief.md")

words = st.builds(
    "{}{}".format, st.sampled_from("abXY“("), st.text("acX'“”\"&,()%$…-0129", max_size=6)
)
line = st.lists(words, min_size=1, max_size=6).map(" ".join)
maybe = st.just("") | line
name = st.lists(st.text("abX&", min_size=1, max_size=5), min_size=1, max_size=3).map(" ".join)
url = st.sampled_from(["", "https://paper.example/a?b=c#d"])

themes = st.lists(st.builds(Theme, line, maybe, maybe), max_size=4).map(tuple)
some_brief = st.builds(
    Brief,
    overview=maybe,
    topics=st.lists(st.builds(Theme, line, maybe), max_size=3).map(tuple),
    conclusion=maybe,
    themes=themes,
    theses=st.lists(st.builds(Thesis, line, maybe, maybe, maybe, maybe, maybe), max_size=3).map(
        tuple
    ),
    observations=themes,
    entities=st.lists(st.builds(Entity, name, maybe, url), max_size=4).map(tuple),
    posts=st.lists(line, max_size=3).map(tuple),
    ideas=st.lists(st.builds(Idea, line, maybe, maybe), max_size=3).map(tuple),
    segments=st.just(()),
    origin=st.just(ORIGIN),
)


@pytest.fixture
def text() -> str:
    return (HERE / "brief.md").read_text(encoding="utf-8")


def test_the_seven_sections_are_read(text: str) -> None:
    brief = briefs.parse(text, ORIGIN)
    assert (brief.overview, brief.conclusion) == ("Bo Li counts votes.", "Count twice.")
    assert brief.themes == (Theme("Counting", "Counting is slow.", "Twenty votes, not ninety."),)
    assert brief.theses == (
        Thesis(
            title="Ballot makers",
            problem="Ballots are dear.",
            solution="Print them.",
            quote="Ballots are dear.",
            opportunity="Invest in paper.",
            companies="Paper & Sons",
        ),
    )
    assert brief.observations == (Theme("Paper", "", "Twenty votes, not ninety."),)
    assert brief.posts == ('"Ballots are dear." Are they? https://arena.example/3',)
    assert brief.ideas == (Idea("Why Paper: Again", "Paper lasts.", "Paper lasts."),)


def test_a_topic_may_stand_on_one_line_and_mangled_letters_are_repaired(text: str) -> None:
    assert briefs.parse(text, ORIGIN).topics == (
        Theme("Votes", "Votes come first. He’s sure."),
        Theme("Judges", "they come second."),
    )


def test_an_entity_keeps_its_address_and_what_it_was_mentioned_as(text: str) -> None:
    assert briefs.parse(text, ORIGIN).entities == (
        Entity("Paper & Sons", "Sponsor of the podcast", "https://paper.example/"),
        Entity("Inkwell", "bought by Paper & Sons; Bo's first firm"),
    )


def test_a_quote_within_a_post_counts_too_and_each_has_its_lines(text: str) -> None:
    found = briefs.quotes(briefs.parse(text, ORIGIN))
    assert [each.text for each in found] == [
        "Twenty votes, not ninety.",
        "Ballots are dear.",
        "Paper lasts.",
    ]
    lines = text.split("\n")
    assert len(found[1].lines) == 2
    assert all(each.text in lines[line - 1] for each in found for line in each.lines)


def test_a_stitched_quote_is_told_in_its_pieces() -> None:
    post = 'Why a “vote” counts: "They count votes,, and then they judge." Read on.'
    brief = briefs.parse(f"**6. Twitter Post Suggestions:**\n\n1. {post}\n", ORIGIN)
    assert briefs.quotes(brief) == (
        briefs.Claimed(
            "They count votes,, and then they judge.",
            (3,),
            ("They count votes", "and then they judge."),
        ),
    )


def test_every_line_of_content_can_be_cited_by_its_number(text: str) -> None:
    lines = text.split("\n")
    segments = briefs.parse(text, ORIGIN).segments
    assert 'Quote: "Twenty votes, not ninety."' in [segment.text for segment in segments]
    for segment in segments:
        assert segment.line
        assert segment.text.replace("’", "â€™") == lines[segment.line - 1].strip()


def test_headings_and_metadata_are_not_content(text: str) -> None:
    said = "\n".join(segment.text for segment in briefs.parse(text, ORIGIN).segments)
    for other in ("Podcast Overview", "Key Topics", "Unknown", "GUESTS", "Show:", "you asked for"):
        assert other not in said


def test_missing_sections_stay_empty() -> None:
    brief = briefs.parse("## 7. Blog ideas\n\n1. Title: “One”\n", ORIGIN)
    assert brief.ideas == (Idea("One", "", ""),)
    assert (brief.overview, brief.themes, brief.posts) == ("", (), ())


def test_bold_item_titles_are_not_taken_for_sections() -> None:
    text = "**2. Key Themes**\n\n1. **Votes:** They count.\n2. **Judges**\n   They too.\n"
    themes = briefs.parse(text, ORIGIN).themes
    assert themes == (Theme("Votes", "They count."), Theme("Judges", "They too."))


def test_what_is_no_brief_is_refused_with_a_hint() -> None:
    with pytest.raises(DocumentError, match=r"brief\.md is no brief") as caught:
        briefs.parse("Only talk.\n1. One\n", ORIGIN)
    assert "**1. Podcast Overview" in caught.value.hint
    assert not briefs.recognised("Only talk.\n1. One\n")


@settings(max_examples=40, deadline=None)
@given(some_brief)
def test_markdown_gives_the_same_brief_back(brief: Brief) -> None:
    again = briefs.parse(briefs.to_markdown(brief), ORIGIN)
    assert replace(again, segments=()) == brief
