"""Corrections of names: laid over the words by word, kept, undone, and felt where one searches."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kb import backup, names
from kb.corrections import Correction, Corrections, Shown, State
from kb.errors import NamingError, NotFoundError
from kb.indexes import Indexes
from kb.library import SqlLibrary
from kb.models import Entry, Filters, Tier
from kb.search import Search
from tests.fakes import FakeEmbedder, FakeVectorIndex, FakeWordIndex
from tests.samples import ALL, CLOSED, COSTS, INES, JONAS, LEAKS, MARA, entry, episode, transcript
from tests.test_jobs import DATABASES, Clock, a_library

TUNING = entry(
    episode("Tuning without labels", "The Night Desk"),
    {
        Tier.TRANSCRIPT: transcript(
            (MARA, "What does more traffic do?"),
            (JONAS, "It gives Tau more data. Tau's costs stay where they were."),
            (MARA, "And data bricks pays for it?"),
        )
    },
)
OTHER = entry(
    episode("Greek letters", "Second Opinion"),
    {Tier.TRANSCRIPT: transcript((INES, "The letter tau comes after sigma."))},
)
HERE, THERE = TUNING.episode.id, OTHER.episode.id


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library, its indexes and its corrections."""

    library: SqlLibrary
    indexes: Indexes
    corrections: Corrections

    def caught_up(self) -> list[str]:
        return list(self.indexes.catch_up())

    def found(self, question: str) -> list[str]:
        """Give the texts that a search by words alone finds."""
        search = Search(self.indexes)
        for _ in self.indexes.catch_up():
            pass
        asked = search.understand(question)
        scope = self.library.scope(Filters())
        unit = TUNING.passages[0].unit
        found = self.indexes.words.search(asked.terms, limit=9, scope=scope, unit=unit)
        held = self.library.passages(each.passage_id for each in found)
        return [held[each.passage_id].text for each in found]


def shelved(library: SqlLibrary) -> Shelf:
    indexes = Indexes(library, FakeEmbedder(), FakeWordIndex(), FakeVectorIndex())
    return Shelf(library, indexes, Corrections(library, now=Clock()))


@pytest.fixture(params=DATABASES)
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    with a_library(request.param, tmp_path) as library:
        for each in (*ALL, TUNING, OTHER):
            library.save(each)
        made = shelved(library)
        made.caught_up()
        yield made


# One correction mends library, index and what is made of them


def test_a_correction_makes_the_name_findable_and_leaves_the_words(shelf: Shelf) -> None:
    assert not shelf.found("What is said of Adaptation?")

    shelf.corrections.correct("Tau", "Adaptation", episode_id=HERE)

    assert "It gives Tau more data." in shelf.found("What is said of Adaptation?")[0]
    assert shelf.library.passages_of(HERE) == list(TUNING.passages)


def test_the_meaning_is_that_of_the_name_too(shelf: Shelf) -> None:
    asked = shelf.indexes.embedder.embed(["TAO"])[0]
    sentence = next(each.id for each in TUNING.passages if each.text.startswith("It gives"))
    before = shelf.indexes.meaning.similarity(asked, [sentence])[sentence]

    shelf.corrections.correct("tau", "TAO", episode_id=HERE)
    shelf.caught_up()

    assert before == 0 < shelf.indexes.meaning.similarity(asked, [sentence])[sentence]


def test_only_episodes_that_have_the_word_are_indexed_anew(shelf: Shelf) -> None:
    before = shelf.library.revisions()

    shelf.corrections.correct("Tau", "TAO")

    assert sorted(shelf.caught_up()) == sorted([HERE, THERE])
    now = shelf.library.revisions()
    assert {each for each in now if now[each] != before[each]} == {HERE, THERE}


def test_a_correction_for_one_episode_leaves_the_others(shelf: Shelf) -> None:
    shelf.corrections.correct("Tau", "TAO", episode_id=HERE)

    assert shelf.caught_up() == [HERE]
    assert (shelf.library.misheard(HERE), shelf.library.misheard(THERE)) == ({"tau": "TAO"}, {})


def test_the_library_counts_the_name_that_was_meant(shelf: Shelf) -> None:
    shelf.corrections.correct("Tau", "TAO", episode_id=HERE)

    assert shelf.library.names()["TAO"] == 2
    assert shelf.library.mentions(["TAO"]) == {HERE: 2}


def test_a_question_for_a_misspelt_name_is_mended_to_the_corrected_one(shelf: Shelf) -> None:
    search = Search(shelf.indexes)
    assert search.understand("What about Databrix?").mended == "What about Databricks?"
    shelf.corrections.correct("data bricks", "Lakehouse")

    assert search.understand("What about Lakehause?").mended == "What about Lakehouse?"


def test_a_name_heard_as_two_words_is_found(shelf: Shelf) -> None:
    shelf.corrections.correct("Data Bricks", "Databricks")

    assert "And data bricks pays for it?" in shelf.found("Who pays Databricks?")
    assert shelf.library.mentions(["Databricks"]) == {LEAKS.episode.id: 1, HERE: 1}


def test_the_seal_is_told_both_sides_folded(shelf: Shelf) -> None:
    shelf.corrections.correct("Tau", "TAO 2.0!")

    assert shelf.corrections.variants(HERE) == {"tau": "tao 2.0"}


# Undone, kept, and still there after


def test_undoing_restores_what_was_there_before(shelf: Shelf) -> None:
    names_before, texts = shelf.library.names(), dict(texts_of(shelf))
    shelf.corrections.correct("Tau", "TAO")
    shelf.caught_up()
    assert texts_of(shelf) != texts

    undone = shelf.corrections.reject("Tau", "TAO")

    assert undone.state is State.REJECTED
    assert sorted(shelf.caught_up()) == sorted([HERE, THERE])
    assert shelf.library.names() == names_before
    assert texts_of(shelf) == texts


def texts_of(shelf: Shelf) -> dict[str, list[str]]:
    assert isinstance(shelf.indexes.words, FakeWordIndex)
    return {key: [each.text for each in held] for key, held in shelf.indexes.words.texts.items()}


def test_what_was_undone_can_be_accepted_again(shelf: Shelf) -> None:
    shelf.corrections.correct("Tau", "TAO", person="Mara")
    shelf.corrections.reject("tau", "tao")

    again = shelf.corrections.accept("Tau", "TAO", person="Ines")

    assert (again.state, again.source) == (State.ACCEPTED, "Ines")
    assert shelf.library.misheard(HERE) == {"tau": "TAO"}


def test_what_holds_everywhere_can_be_rejected_for_one_episode(shelf: Shelf) -> None:
    shelf.corrections.correct("Tau", "TAO")

    shelf.corrections.reject("Tau", "TAO", episode_id=THERE)

    assert (shelf.library.misheard(HERE), shelf.library.misheard(THERE)) == ({"tau": "TAO"}, {})
    assert shelf.library.mentions(["TAO"]) == {HERE: 2}


def test_what_holds_for_one_episode_goes_before_what_holds_everywhere(shelf: Shelf) -> None:
    shelf.corrections.correct("Tau", "TAO")
    shelf.corrections.correct("Tau", "Tao Lin", episode_id=THERE)

    assert shelf.library.misheard(THERE) == {"tau": "Tao Lin"}
    assert shelf.library.misheard(HERE) == {"tau": "TAO"}


def test_a_correction_outlives_a_new_transcript(shelf: Shelf) -> None:
    shelf.corrections.correct("Tau", "TAO", episode_id=HERE)
    heard_anew = transcript((JONAS, "Well, it just gives tau more data."))
    shelf.library.save(entry(TUNING.episode, {Tier.TRANSCRIPT: heard_anew}))

    assert shelf.library.mentions(["TAO"]) == {HERE: 1}
    assert shelf.found("TAO") == ["Well, it just gives tau more data."]


def test_a_correction_reaches_an_episode_that_comes_later(shelf: Shelf) -> None:
    shelf.corrections.correct("Tau", "TAO")
    later = replace(OTHER.episode, id="later-1", key="document:later")
    shelf.library.save(Entry(later, {}, entry(later, OTHER.documents).passages))

    assert shelf.library.mentions(["TAO"])["later-1"] == 1


def test_adding_the_same_episode_again_changes_nothing(shelf: Shelf) -> None:
    shelf.corrections.correct("Tau", "TAO")
    before = shelf.library.revisions()

    assert not shelf.library.save(TUNING)
    assert shelf.library.revisions() == before


def test_corrections_come_back_from_a_backup(shelf: Shelf, tmp_path: Path) -> None:
    made = shelf.corrections.correct("Tau", "TAO", person="Mara")
    archive = tmp_path / "all.tar"
    backup.write(shelf.library, shelf.library.artefacts, archive, force=False)
    with a_library("sqlite", tmp_path / "other") as library:
        backup.restore(library, library.artefacts, archive, force=False)

        assert Corrections(library).all() == [made]
        assert library.mentions(["TAO"]) == {HERE: 2, THERE: 1}


def test_corrections_are_listed_with_those_that_hold_everywhere(shelf: Shelf) -> None:
    shelf.corrections.correct("Tau", "TAO", episode_id=THERE)
    shelf.corrections.correct("data bricks", "Databricks")
    shelf.corrections.correct("sigma", "Sigma AI", episode_id=THERE)
    shelf.corrections.reject("sigma", "Sigma AI", episode_id=THERE)

    listed = shelf.corrections.all(episode_id=HERE)
    assert [each.name for each in listed] == ["Databricks"]
    listed = shelf.corrections.all(episode_id=THERE, state=State.REJECTED)
    assert [(each.heard, each.source, each.noted) for each in listed] == [
        ("sigma", "a person", 1000.0)
    ]


# Suggestions


SUGGESTED = Correction(
    "tau", "TAO", HERE, source="sounds alike", evidence=(Shown("p", "It gives Tau", 6.0),)
)


def test_a_suggestion_changes_nothing_until_somebody_accepts_it(shelf: Shelf) -> None:
    before = shelf.library.revisions()
    assert shelf.corrections.suggest([SUGGESTED]) == [replace(SUGGESTED, noted=1000.0)]
    assert (shelf.library.misheard(HERE), shelf.library.revisions()) == ({}, before)

    accepted = shelf.corrections.accept("Tau", "TAO", episode_id=HERE)

    assert accepted.evidence == SUGGESTED.evidence
    assert shelf.corrections.correct("Tau", "TAO", episode_id=HERE).evidence == SUGGESTED.evidence
    assert shelf.library.misheard(HERE) == {"tau": "TAO"}


def test_a_suggestion_that_comes_accepted_holds_unless_it_is_against_another(shelf: Shelf) -> None:
    sure = replace(SUGGESTED, state=State.ACCEPTED)
    shelf.corrections.correct("TAO", "Tower", episode_id=HERE)

    assert [each.state for each in shelf.corrections.suggest([sure])] == [State.SUGGESTED]
    shelf.corrections.reject("TAO", "Tower", episode_id=HERE)
    assert [each.state for each in shelf.corrections.suggest([sure])] == [State.ACCEPTED]


@pytest.mark.parametrize("everywhere", [True, False])
def test_what_a_person_decided_is_not_suggested_again(shelf: Shelf, everywhere: bool) -> None:  # noqa: FBT001
    shelf.corrections.correct("Tau", "TAO", episode_id="" if everywhere else HERE)
    shelf.corrections.reject("Tau", "TAO", episode_id="" if everywhere else HERE)

    assert shelf.corrections.suggest([replace(SUGGESTED, state=State.ACCEPTED)]) == []
    assert shelf.library.misheard(HERE) == {}


# What makes no sense


@pytest.mark.parametrize(
    ("heard", "name", "why"),
    [
        ("", "TAO", "empty"),
        ("Tau", "  ", "empty"),
        ("Tau", "?!", "has letters"),
        ("Tau", "TAU!", "same words"),
        ("the", "Thea", "too common"),
        ("Tau", "T" * 10_000, "10000 letters"),
        ("T" * 10_000, "TAO", "10000 letters"),
        ("Tau", "TA\nO", "control"),
        ("Tau", "TA\u202eO", "control"),
        ("T\x00au", "TAO", "control"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(
    shelf: Shelf, heard: str, name: str, why: str
) -> None:
    with pytest.raises(NamingError, match=why):
        shelf.corrections.correct(heard, name)
    assert shelf.corrections.all() == []


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (("TAO", "Tau"), "circle"),
        (("TAO", "Tower"), "circle"),
        (("Dao", "tau"), "circle"),
        (("tau", "Dao"), "corrected to TAO already"),
    ],
)
@pytest.mark.parametrize("episode_id", ["", HERE])
def test_corrections_do_not_run_in_a_circle(
    shelf: Shelf, second: tuple[str, str], why: str, episode_id: str
) -> None:
    shelf.corrections.correct("Tau", "TAO", episode_id=episode_id)

    with pytest.raises(NamingError, match=why):
        shelf.corrections.correct(*second, episode_id=episode_id)
    assert len(shelf.corrections.all()) == 1


def test_a_circle_through_two_scopes_is_seen(shelf: Shelf) -> None:
    shelf.corrections.correct("Tau", "TAO")

    with pytest.raises(NamingError, match="circle"):
        shelf.corrections.correct("TAO", "Tau", episode_id=HERE)
    shelf.corrections.reject("Tau", "TAO")
    shelf.corrections.correct("Tau", "TAO", episode_id=THERE)
    shelf.corrections.correct("TAO", "Tau", episode_id=HERE)


def test_what_is_not_there_is_not_found(shelf: Shelf) -> None:
    with pytest.raises(NotFoundError, match="No episode nowhere"):
        shelf.corrections.correct("Tau", "TAO", episode_id="nowhere")
    with pytest.raises(NotFoundError, match="No correction of Tau to TAO"):
        shelf.corrections.accept("Tau", "TAO")
    with pytest.raises(NotFoundError, match="No correction of Tau to TAO"):
        shelf.corrections.reject("Tau", "TAO", episode_id=HERE)


def test_a_word_that_nobody_said_can_be_corrected_in_advance(shelf: Shelf) -> None:
    before = shelf.library.revisions()

    shelf.corrections.correct("Kwen", "Qwen")

    assert shelf.library.revisions() == before
    assert names.labelled("Kwen 3", shelf.library.misheard(CLOSED.episode.id)) == "Kwen [Qwen] 3"
    assert COSTS.episode.id not in shelf.library.mentions(["Qwen"])
