"""What is suggested as misheard, what is sure, and what is left alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.sources.manifest import Manifest
from kb import mishearings, passages
from kb.corrections import Correction, State
from kb.models import Entry, Notes, Person, Role, Tier, Transcript
from tests.fakes import FakeLibrary
from tests.samples import INES, JONAS, MARA, entry, episode, notes, transcript

Turn = tuple[str | None, str]


def talk(
    title: str, *turns: Turn, told: tuple[str, ...] = (), people: tuple[str, ...] = ()
) -> Entry:
    """Give an episode of those turns, with lines of notes and guests where they are given."""
    held = replace(
        episode(title, "The Night Desk"), people=tuple(Person(each, Role.GUEST) for each in people)
    )
    documents: dict[Tier, Transcript | Notes] = {Tier.TRANSCRIPT: transcript(*turns)}
    if told:
        documents[Tier.NOTES] = notes(*told)
    return entry(held, documents)


def suggested(folder: Path, *entries: Entry) -> list[tuple[str, str, State]]:
    return [(each.heard, each.name, each.state) for each in found(folder, *entries)]


def found(folder: Path, *entries: Entry) -> list[Correction]:
    library = FakeLibrary(folder)
    for each in entries:
        library.save(each)
    return list(mishearings.found(library))


SAID_TWICE: tuple[Turn, ...] = (
    (JONAS, "We asked Demetrios. Then Demetrios came."),
    (JONAS, "And Demetrios stayed, and Demetrios sang."),
)


def test_a_long_name_that_the_same_speaker_says_otherwise_is_sure(tmp_path: Path) -> None:
    wrong = talk("One", *SAID_TWICE, (JONAS, "I like what Demetrius says."))

    assert suggested(tmp_path, wrong) == [("demetrius", "Demetrios", State.ACCEPTED)]


def test_the_evidence_is_the_passages_with_their_times(tmp_path: Path) -> None:
    wrong = talk("One", *SAID_TWICE, (JONAS, "I like what Demetrius says."))

    (only,) = found(tmp_path, wrong)

    shown = [(each.text, each.start) for each in only.evidence]
    assert shown == [("I like what Demetrius says.", 12.0), ("We asked Demetrios.", 0.0)]
    assert only.episode_id == wrong.episode.id
    assert only.source == "it sounds alike; the same speaker says both"


def test_a_name_that_the_notes_tell_and_nobody_says_is_sure_when_it_is_long(tmp_path: Path) -> None:
    told = ("We meet Ghodsi at home", "Why Ghodsi builds")

    wrong = talk("One", (MARA, "We ask Ghodsee."), told=told)

    assert suggested(tmp_path, wrong) == [("ghodsee", "Ghodsi", State.ACCEPTED)]


def test_a_short_name_that_the_notes_tell_is_suggested(tmp_path: Path) -> None:
    told = ("What is TAO", "How TAO learns")

    wrong = talk("One", (MARA, "That just gives Tau more data."), told=told)

    assert suggested(tmp_path, wrong) == [("tau", "TAO", State.SUGGESTED)]


def test_a_name_told_once_may_be_the_notes_own_slip(tmp_path: Path) -> None:
    turns: tuple[Turn, ...] = ((MARA, "I ride a Peloton. She rides a Peloton."),)

    assert suggested(tmp_path, talk("One", *turns, told=("About Peleton",))) == []
    assert suggested(tmp_path, talk("One", *turns, (MARA, "My Peloton!"), told=("A Peleton", "Two Peleton"))) == []  # fmt: skip


def test_the_rest_of_a_person_s_name_beside_it_speaks_for_it(tmp_path: Path) -> None:
    wrong = talk("One", (MARA, "Here is Jonathan Frankel."), people=("Jonathan Frankle",))

    assert ("frankel", "Frankle", State.ACCEPTED) in suggested(tmp_path, wrong)


def test_somebody_else_of_a_like_name_is_left_alone(tmp_path: Path) -> None:
    other = talk("One", (MARA, "I read Milton Frankel."), people=("Jonathan Frankle",))

    assert suggested(tmp_path, other) == []


def test_a_short_name_between_the_same_words_elsewhere_is_suggested(tmp_path: Path) -> None:
    often = talk("One", *[(JONAS, "They train Llama 3 and then Llama 3 again.")] * 4)
    wrong = talk("Two", (MARA, "We search for Lama 3 there."))

    assert suggested(tmp_path, often, wrong) == [("lama", "Llama", State.SUGGESTED)]


def test_a_name_heard_as_two_words_is_suggested_and_sure_with_a_signal(tmp_path: Path) -> None:
    said = (JONAS, "We asked Databricks, and Databricks paid.")

    by_another = talk("One", said, (MARA, "Did data Bricks pay?"))
    by_the_same = talk("Two", said, (JONAS, "Did Data Bricks pay?"))

    assert suggested(tmp_path, by_another) == [("data bricks", "Databricks", State.SUGGESTED)]
    assert suggested(tmp_path, by_the_same) == [("data bricks", "Databricks", State.ACCEPTED)]


@pytest.mark.parametrize(
    "turns",
    [
        pytest.param(((JONAS, "She is fond of Demetrius and Demetrios."),), id="side by side"),
        pytest.param(((JONAS, "Call it Demetriosis."),), id="a form of the name"),
        pytest.param(((JONAS, "A demetrius is a coin. We bought a Demetrius."),), id="a word"),
        pytest.param(((INES, "We saw Demetrius."),) * 6, id="said too often"),
        pytest.param(((JONAS, "The DEMETRIUS project."),), id="letters"),
    ],
)
def test_what_speaks_against_it_is_heard(tmp_path: Path, turns: tuple[Turn, ...]) -> None:
    assert suggested(tmp_path, talk("One", *SAID_TWICE, *turns)) == []


def test_a_name_of_its_own_is_left_alone(tmp_path: Path) -> None:
    named = talk("Two", (INES, "Nothing."), people=("Demetrius Li",))

    wrong = talk("One", *SAID_TWICE, (JONAS, "I like what Demetrius says."))

    assert suggested(tmp_path, named, wrong) == []


def test_short_words_that_merely_sound_alike_are_left_alone(tmp_path: Path) -> None:
    turns: tuple[Turn, ...] = (
        (JONAS, "So Bun is fast, and Bun is small, and we like Bun and GPT-4."),
        (JONAS, "The term is by Ben Hammersley. And we like GPT-5."),
        (MARA, "As Nick Nisi says."),
        (MARA, "It is NickNisi there, and NickNisi here."),
    )

    assert suggested(tmp_path, talk("One", *turns, people=("Nick Nisi",))) == []


def test_an_empty_library_and_one_without_transcripts_suggest_nothing(tmp_path: Path) -> None:
    only_notes = entry(episode("One", "Desk"), {Tier.NOTES: notes("What TAO is")})

    assert suggested(tmp_path) == suggested(tmp_path, only_notes) == []


@pytest.mark.slow
def test_few_suggestions_come_from_real_episodes_and_they_are_right(
    tmp_path: Path, shared: Path
) -> None:
    """All were looked at by hand: of 27 one is wrong, an "open AI" that is no company's."""
    manifest = shared / "data/corpus/text/dev/manifest.json"
    if not manifest.is_file():
        pytest.skip("no dev corpus among the shared data")
    entries = list[Entry]()
    for each in Manifest().read(str(manifest), latest=1):
        documents: dict[Tier, Transcript | Notes] = {}
        if each.notes:
            documents[Tier.NOTES] = each.notes
        if each.transcript:
            documents[Tier.TRANSCRIPT] = each.transcript
        cut = [
            passage
            for tier, document in documents.items()
            for passage in passages.cut(each.episode.id, tier, document.segments)
        ]
        entries.append(Entry(each.episode, documents, tuple(cut)))

    right = {
        ("open ai", "OpenAI"),
        ("chat gpt", "ChatGPT"),
        ("tensor board", "TensorBoard"),
        ("ml commons", "MLCommons"),
        ("dev rel", "DevRel"),
        ("lance db", "LanceDB"),
        ("pork bun", "Porkbun"),
        ("demetrius", "Demetrios"),
        ("barat", "Bharat"),
        ("lama", "Llama"),
    }
    made = suggested(tmp_path, *entries)

    assert {(heard, name) for heard, name, _ in made} <= right
    assert ("lama", "Llama", State.SUGGESTED) in made
    assert ("demetrius", "Demetrios", State.ACCEPTED) in made
