"""The brief by rule: sentences that were said, and none rather than a poor one."""

from dataclasses import replace

import pytest

from ingest import extracts
from ingest.brief import POST, assemble
from ingest.matter import speaks, tells
from kb import briefs, quotations
from kb.models import Brief, Entry, QuoteStatus, Segment, Tier
from tests.brief_talks import (
    CHAPTERS,
    DESCRIBED,
    FIGURE,
    OPPORTUNITY,
    PROBLEM,
    READ,
    SOLUTION,
    TALK,
    matter,
)
from tests.samples import ALL, COSTS, INES, entry, transcript


def made(held: Entry = TALK) -> Brief:
    subject = matter(held)
    return assemble(subject, extracts.picks(subject), extracts.NAME)


def test_the_episode_says_itself_what_it_is_about() -> None:
    assert made().overview == DESCRIBED


def test_without_a_description_its_most_telling_sentence_does() -> None:
    heard = entry(TALK.episode, {Tier.TRANSCRIPT: TALK.documents[Tier.TRANSCRIPT]})
    [said] = quotations.found(made(heard).overview)
    assert matter(heard).record.check(said.text).quotable


def test_a_problem_with_what_is_done_about_it_is_a_thesis() -> None:
    [thesis] = made().theses
    assert PROBLEM in thesis.problem
    assert SOLUTION in thesis.solution
    assert OPPORTUNITY in thesis.opportunity
    assert thesis.problem.endswith(f"— {INES}")
    assert thesis.companies == "Furrow"


def test_what_is_counted_is_an_observation() -> None:
    assert [each.quote for each in made().observations] == [FIGURE]


def test_what_is_quoted_goes_by_the_title_of_its_chapter_and_by_its_terms_the_second_time() -> None:
    held = replace(TALK, episode=replace(TALK.episode, chapters=CHAPTERS))
    by_terms = [each.title for each in made().themes]
    themes, [case] = made(held).themes, made(held).theses

    assert {each.title for each in themes} & {"Robots that pick", "Silos that burn"}
    assert len({each.title for each in themes}) == len(themes) == len(by_terms)
    assert case.title == "Robots that pick"


@pytest.mark.parametrize("title", ["Intro", "Chapter 3", "Q&A", "Cold open", " "])
def test_a_chapter_that_tells_no_subject_names_nothing(title: str) -> None:
    chapters = (replace(CHAPTERS[0], title=title),)
    held = replace(TALK, episode=replace(TALK.episode, chapters=chapters))

    assert [each.title for each in made(held).themes] == [each.title for each in made().themes]


def test_chapters_are_the_topics_and_a_sponsor_s_is_none() -> None:
    held = replace(TALK, episode=replace(TALK.episode, chapters=CHAPTERS))
    topics = made(held).topics
    assert [each.title for each in topics] == ["Robots that pick", "Silos that burn"]
    assert [each.text for each in topics] == ["From 0:00.", "From 2:24."]


def test_a_sponsor_is_named_as_one_and_is_in_no_other_section() -> None:
    brief = made()
    [larder] = [each for each in brief.entities if each.name == "Larder"]
    assert larder.mentioned_as.startswith("sponsor")
    rest = briefs.to_markdown(replace(brief, entities=()))
    assert "Larder" not in rest
    assert not any(line in rest for line in READ)


def test_people_and_companies_are_named_with_what_they_are_and_by_whom() -> None:
    named = {each.name: each.mentioned_as for each in made().entities}
    assert named["Furrow"].startswith("own employer; named by Ines Okafor")
    assert named["Ines Okafor"] == "guest; named by Mara Quill"


def test_a_given_name_alone_is_the_one_person_s_who_has_it() -> None:
    said = (
        "Then Leo Hartman said that melons bruise, and Leo was right about that.",
        "So I asked Leo Hartman and Ada Brook what a cold finger costs.",
        "I believe that Leo told me twice, and that Ada told me once.",
        "Ada Marsh and Leo met in the field behind the old barn.",
    )
    turns = [*((each.speaker, each.text) for each in _segments()), *((INES, text) for text in said)]
    held = entry(TALK.episode, {Tier.TRANSCRIPT: transcript(*turns)})

    named = {each.name for each in made(held).entities}

    assert "Leo Hartman" in named
    assert "Leo" not in named


def test_a_short_post_is_a_quote_its_speaker_and_a_link_to_the_second() -> None:
    posts = made().posts
    assert f"“{FIGURE}” — {INES} https://cdn.example/robots.mp3#t=120" in posts
    assert all(len(each) <= POST for each in posts)


def test_a_quote_too_long_for_a_post_is_in_none() -> None:
    long = FIGURE.replace("tired crew", f"crew of {'extraordinarily ' * 18}tired people")
    turns = [(each.speaker, each.text.replace(FIGURE, long)) for each in _segments()]
    brief = made(entry(TALK.episode, {Tier.TRANSCRIPT: transcript(*turns)}))
    assert [each.quote for each in brief.observations] == [long]
    assert not any(long in each for each in brief.posts)


def test_every_quote_that_is_shown_was_said_so() -> None:
    brief = made()
    sealed = briefs.sealed(brief, matter().record)
    assert len(sealed) >= 5
    assert {each.status for each in sealed.values()} == {QuoteStatus.VERBATIM}


def test_it_reads_back_from_its_markdown_and_its_lines_can_be_cited() -> None:
    brief = made()
    lines = briefs.to_markdown(brief).split("\n")
    assert briefs.parse("\n".join(lines), brief.origin) == brief
    assert brief.segments
    assert all(each.text == lines[(each.line or 0) - 1].strip() for each in brief.segments)


def test_it_comes_out_the_same_every_time() -> None:
    assert made() == made()


@pytest.mark.parametrize("held", ALL, ids=lambda held: held.episode.title)
def test_what_is_too_short_for_a_section_says_so_instead_of_padding(held: Entry) -> None:
    brief = made(held)
    assert (brief.themes, brief.observations) == ((), ())
    text = briefs.to_markdown(brief)
    assert text.count("Nothing in this episode") >= 4
    assert "Nothing in this episode" not in "".join(each.text for each in brief.segments)


def test_notes_are_nobody_s_words_to_quote() -> None:
    brief = made(entry(TALK.episode, {Tier.NOTES: TALK.documents[Tier.NOTES]}))
    assert brief.overview == DESCRIBED
    assert briefs.quotes(brief) == ()
    assert brief.posts == ()


def test_a_transcript_without_speakers_gives_quotes_of_nobody() -> None:
    turns = [(None, each.text) for each in _segments()]
    brief = made(entry(TALK.episode, {Tier.TRANSCRIPT: transcript(*turns)}))
    assert brief.theses
    assert "—" not in "".join((brief.theses[0].problem, *brief.posts))


def test_a_transcript_without_times_gives_posts_that_link_to_the_episode() -> None:
    bare = [replace(each, start=None, end=None) for each in _segments()]
    document = replace(COSTS.documents[Tier.TRANSCRIPT], segments=tuple(bare))
    brief = made(entry(TALK.episode, {Tier.TRANSCRIPT: document}))
    assert brief.posts
    assert all(each.endswith(" https://cdn.example/robots.mp3") for each in brief.posts)


@pytest.mark.parametrize(
    "text",
    [
        "And it was the best harvest that anybody in the valley ever had.",
        "Why would a farm in the valley ever buy a robot?",
        "Too short.",
        "Welcome to the show, everybody in the valley who grows melons.",
        "He said “buy no robots” to everybody in the valley that year.",
        "This sentence goes on in the valley and then it just trails off…",
        "see the whole list of robots at https://furrow.example/robots.",
        " ".join(["Robots"] * 60) + ".",
    ],
)
def test_some_sentences_cannot_stand_alone(text: str) -> None:
    assert not tells(text)


def test_a_sentence_that_leans_can_still_be_quoted() -> None:
    leaning = "And it is the best harvest that anybody had."
    assert speaks(leaning)
    assert not tells(leaning)


def _segments() -> tuple[Segment, ...]:
    return TALK.documents[Tier.TRANSCRIPT].segments
