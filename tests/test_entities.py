"""Companies and people: told by spelling and the words around them, never guessed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import passages
from kb.insight import entities, spotting, ties
from kb.insight.entities import Kind, Mention
from kb.insight.ties import How
from kb.models import Episode, Passage, Person, Role, Tier, Unit
from tests.samples import LEAKS, transcript

MARA, JONAS = "Mara Quill", "Jonas Feld"
PLAIN = replace(LEAKS.episode, people=(Person(MARA, Role.HOST), Person(JONAS, Role.GUEST)))


def said(*turns: tuple[str | None, str]) -> list[Passage]:
    cut = passages.cut(PLAIN.id, Tier.TRANSCRIPT, transcript(*turns).segments)
    return [each for each in cut if each.unit is Unit.SENTENCE]


def mentions(
    *turns: tuple[str | None, str],
    episode: Episode = PLAIN,
    sponsored: frozenset[int] = frozenset(),
) -> tuple[Mention, ...]:
    return entities.mentions(episode, said(*turns), sponsored=sponsored)


def kinds(*sentences: str) -> dict[str, Kind]:
    return {each.name: each.kind for each in mentions(*((JONAS, text) for text in sentences))}


def roles(*sentences: str) -> dict[str, str]:
    return {each.name: each.mentioned_as for each in mentions(*((JONAS, t) for t in sentences))}


@pytest.mark.parametrize(
    "sentence",
    [
        "She is the CEO of Brightvale and it shows.",
        "There is a company called Brightvale in town.",
        "We talked to companies like Ostrel and Brightvale about it.",
        "They got acquired by Brightvale in March.",
        "Last year Brightvale raised $40 million for this.",
        "I spent a year as an engineer at Brightvale before.",
    ],
)
def test_the_words_around_a_name_make_it_a_company(sentence: str) -> None:
    assert kinds(sentence)["Brightvale"] is Kind.COMPANY


@pytest.mark.parametrize("name", ["Ostrel Labs", "Ostrel Technologies", "Ostrel Inc", "Ostrel.ai"])
def test_an_ending_makes_it_a_company(name: str) -> None:
    found = kinds(f"We looked at Ostrel and then {name} in May.")
    assert Kind.COMPANY in found.values()


def test_what_nothing_tells_is_other() -> None:
    assert kinds("We wrote it in Fortran and then in Julep.") == {
        "Fortran": Kind.OTHER,
        "Julep": Kind.OTHER,
    }


def test_capitals_that_stand_for_kinds_days_places_and_first_words_are_no_names() -> None:
    found = kinds(
        "On Monday the CEO said in Germany that the API and the LLMs are English.",
        "Benchmarks are hard.",
        "Honestly, I'd say benchmarks lie.",
    )
    assert found == {}


def test_a_first_word_counts_where_the_document_writes_it_large_elsewhere() -> None:
    found = mentions((JONAS, "We like Brightvale a lot."), (JONAS, "Brightvale is quick."))
    assert [each.passage.first for each in found] == [0, 1]


def test_a_transcript_without_capitals_gives_nothing() -> None:
    assert mentions((None, "she is the ceo of brightvale and worked at ostrel labs")) == ()


def test_people_are_told_under_their_full_names_with_their_part() -> None:
    found = mentions((JONAS, "As Mara said, it leaks."), (MARA, "Thanks, Jonas Feld."))
    assert [(each.name, each.kind, each.mentioned_as) for each in found] == [
        (MARA, Kind.PERSON, "host"),
        (JONAS, Kind.PERSON, "guest"),
    ]


def test_a_first_name_that_two_bear_is_not_resolved() -> None:
    episode = replace(PLAIN, people=(*PLAIN.people, Person("Mara Stone", Role.GUEST)))
    found = mentions((JONAS, "I asked Mara about it."), episode=episode)
    assert MARA not in {each.name for each in found}


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("We compete with Ostrel every day.", "competitor"),
        ("We have customers like Ostrel today.", "customer"),
        ("They were backed by Ostrel early.", "investor"),
        ("They got acquired by Ostrel then.", "acquirer"),
        ("She is the CTO of Ostrel now.", "employer"),
        ("Take companies like Ostrel here.", "example"),
    ],
)
def test_it_says_what_a_company_was_mentioned_as(sentence: str, role: str) -> None:
    assert roles(sentence)["Ostrel"] == role


def test_the_employer_of_whoever_speaks_is_their_own() -> None:
    assert roles("I am the CEO of Ostrel.", "So Ostrel helps.")["Ostrel"] == "own employer"


def test_the_employer_that_the_source_tells_is_their_own() -> None:
    episode = replace(PLAIN, people=(Person(JONAS, Role.GUEST, "Head of evaluation at Lathe"),))
    found = mentions((MARA, "How does it go at Lathe?"), episode=episode)
    assert [(each.name, each.mentioned_as) for each in found] == [("Lathe", "own employer")]


def test_a_company_in_a_sponsor_read_is_a_sponsor() -> None:
    (found,) = mentions(
        (MARA, "There is a company called Ostrel that we love."), sponsored=frozenset({0})
    )
    assert (found.mentioned_as, found.sponsored) == ("sponsor", True)


def test_the_show_itself_is_no_company() -> None:
    show = PLAIN.show.title.removeprefix("The ")
    episode = replace(PLAIN, show=replace(PLAIN.show, title=show))
    (found,) = mentions((JONAS, f"She is the CEO of {show} as well."), episode=episode)
    assert found.kind is Kind.OTHER


def test_misheard_names_are_told_under_the_right_one() -> None:
    sentences = said((JONAS, "There is a company called Tao here."), (JONAS, "So Tau won."))
    found = entities.mentions(PLAIN, sentences, variants={"tau": "tao"})
    assert [each.name for each in found] == ["Tao", "Tao"]


def test_spellings_of_one_company_are_one() -> None:
    found = kinds("We met Ostrel, Inc. at the CEO of Ostrel Inc today.", "Then Ostrel came.")
    assert len({spotting.key(name) for name in found if name.startswith("Ostrel")}) == 1


@given(st.lists(st.text("abcXYZ .,'’-&?!", max_size=60), max_size=6))
def test_nothing_that_is_said_can_break_it(texts: list[str]) -> None:
    sentences = said(*((JONAS, text) for text in texts))
    for mention in entities.mentions(PLAIN, sentences):
        assert mention.passage in sentences
        assert mention.name


def test_an_empty_document_names_nothing() -> None:
    assert entities.mentions(PLAIN, []) == ()


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ("Partner at Redpoint", [("Redpoint", How.INVESTS)]),
        ("Former COO Github, Founder Bitnami", [("Github", How.LEFT), ("Bitnami", How.FOUNDED)]),
        (
            "Co-Founder of Databricks & LMArena",
            [("Databricks", How.FOUNDED), ("LMArena", How.FOUNDED)],
        ),
        ("Machine learning engineer", []),
        ("", []),
    ],
)
def test_ties_are_read_from_what_a_source_says(about: str, expected: list[object]) -> None:
    assert [(tie.company, tie.how) for tie in ties.stated(about)] == expected


def test_an_introduction_completes_what_the_source_left_out() -> None:
    sentences = said(
        (MARA, "With us is Jonas Feld, who is the CEO of Ostrel."), (MARA, "I am host at Nightly.")
    )
    people = ties.completed(PLAIN, sentences).people
    assert [person.about for person in people] == ["at Nightly", "CEO of Ostrel"]


def test_a_source_goes_before_an_introduction() -> None:
    episode = replace(PLAIN, people=(Person(JONAS, Role.GUEST, "Head at Lathe"),))
    sentences = said((MARA, "With us is Jonas Feld, who is the CEO of Ostrel."))
    assert ties.completed(episode, sentences).people == episode.people
