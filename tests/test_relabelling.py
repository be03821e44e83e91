"""Speakers renamed: turns of a label and single lines, everywhere they are shown, and back again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb import export, passages, speakers
from kb.errors import NamingError, NotFoundError
from kb.indexes import Indexes
from kb.library import SqlLibrary
from kb.models import (
    Entry,
    Filters,
    Origin,
    Passage,
    Person,
    Role,
    Segment,
    Tier,
    Transcript,
    Unit,
    Word,
)
from kb.relabelling import Relabelling
from kb.speakers import Renaming
from tests.fakes import FakeEmbedder, FakeVectorIndex, FakeWordIndex
from tests.samples import CLOSED, COSTS, LEAKS, entry, episode, notes, transcript
from tests.test_jobs import DATABASES, Clock, a_library

ONE, TWO, ADA = "Speaker 1", "Speaker 2", "Ada Byron"
TALK = entry(
    replace(
        episode("A talk", "The Night Desk"),
        people=(
            Person("Mara Quill", Role.HOST),
            Person(ONE, Role.SPEAKER),
            Person(TWO, Role.SPEAKER),
        ),
    ),
    {
        Tier.NOTES: notes("A talk about drawers"),
        Tier.TRANSCRIPT: transcript(
            (ONE, "Where do you keep the cases? In a drawer, I suppose."),
            (TWO, "In a drawer. Yes."),
            (ONE, "Yes. And who has the key?"),
            (None, "Somebody coughs."),
            (TWO, "Nobody has it."),
        ),
    },
)
ID = TALK.episode.id


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library, its indexes, and what was said of its speakers."""

    library: SqlLibrary
    indexes: Indexes
    relabelling: Relabelling

    def said(self) -> list[tuple[str | None, str]]:
        found = self.library.passages_of(ID, unit=Unit.SENTENCE, tier=Tier.TRANSCRIPT)
        return [(each.speaker, each.text) for each in found]

    def by(self, speaker: str | None) -> list[str]:
        return [text for who, text in self.said() if who == speaker]


@pytest.fixture(params=DATABASES)
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    with a_library(request.param, tmp_path) as library:
        for each in (LEAKS, COSTS, CLOSED, TALK):
            library.save(each)
        indexes = Indexes(library, FakeEmbedder(), FakeWordIndex(), FakeVectorIndex())
        list(indexes.catch_up())
        yield Shelf(library, indexes, Relabelling(library, now=Clock()))


def bare(found: Sequence[Passage]) -> list[Passage]:
    return [replace(each, speaker=None, turn=0) for each in found]


# A label


def test_all_turns_of_a_label_get_the_name_and_nothing_else_changes(shelf: Shelf) -> None:
    before = shelf.library.passages_of(ID)

    made = shelf.relabelling.rename(ID, TWO, ADA, person="Mara")

    assert shelf.by(ADA) == ["In a drawer.", "Yes.", "Nobody has it."]
    assert shelf.by(TWO) == []
    assert bare(shelf.library.passages_of(ID)) == bare(before)
    assert made == Renaming(1, ADA, TWO, person="Mara", noted=1000.0)
    assert shelf.relabelling.all(ID) == (made,)


def test_the_name_reaches_people_filters_indexes_and_exports(shelf: Shelf) -> None:
    shelf.relabelling.rename(ID, TWO, ADA)

    assert {ADA, ONE} <= shelf.library.people()
    assert TWO not in shelf.library.people()
    named = [each.name for each in shelf.library.episode(ID).people]
    assert named == ["Mara Quill", ONE, ADA]
    scope = shelf.library.scope(Filters(person="Ada"))
    assert (scope.episodes, scope.speakers) == (frozenset({ID}), frozenset({ADA, None}))
    with pytest.raises(NotFoundError, match="No person called 'Speaker 2'"):
        shelf.library.scope(Filters(person=TWO))
    assert list(shelf.indexes.catch_up()) == [ID]
    found = shelf.indexes.words.search(
        {"key": 1.0, "nobody": 1.0}, limit=9, scope=scope, unit=Unit.SENTENCE
    )
    assert [each.passage_id for each in found] == [f"{ID}/transcript/s7"]
    text = export.FORMATS["txt"](shelf.library.episode(ID), shelf.relabelling.transcript(ID))
    assert f"{ADA}: In a drawer. Yes.\n" in text


def test_nothing_is_embedded_anew_for_a_name(shelf: Shelf) -> None:
    embedder = shelf.indexes.embedder
    assert isinstance(embedder, FakeEmbedder)
    before = embedder.embedded

    shelf.relabelling.rename(ID, TWO, ADA)
    list(shelf.indexes.catch_up())

    assert embedder.embedded == before


def test_a_citation_made_before_shows_the_new_name(shelf: Shelf) -> None:
    cited = next(each for each in shelf.library.passages_of(ID) if each.text.startswith("Nobody"))
    shelf.relabelling.rename_line(ID, 0, "Bo Li")

    shelf.relabelling.rename(ID, TWO, ADA)

    now = shelf.library.passages([cited.id])[cited.id]
    assert (now.text, now.first, now.span, now.speaker) == (
        cited.text,
        cited.first,
        cited.span,
        ADA,
    )


def test_two_labels_can_be_one_person(shelf: Shelf) -> None:
    shelf.relabelling.rename(ID, TWO, ADA)
    shelf.relabelling.rename(ID, ONE, ADA)

    assert shelf.relabelling.labels(ID) == {ADA: 7, None: 1}
    assert [each.name for each in shelf.library.episode(ID).people] == ["Mara Quill", ADA]


def test_turns_without_a_label_can_be_named(shelf: Shelf) -> None:
    shelf.relabelling.rename(ID, None, "Cy Young")

    assert shelf.by("Cy Young") == ["Somebody coughs."]


def test_a_host_who_is_said_to_be_there_stays_there(shelf: Shelf) -> None:
    shelf.relabelling.rename(ID, ONE, "mara quill")

    assert [each.name for each in shelf.library.episode(ID).people] == ["Mara Quill", TWO]


# A line


def test_one_line_is_given_to_somebody_else(shelf: Shelf) -> None:
    before = shelf.library.passages_of(ID, unit=Unit.SENTENCE)

    shelf.relabelling.rename_line(ID, 1, ADA)

    assert shelf.by(ADA) == ["In a drawer, I suppose."]
    assert bare(shelf.library.passages_of(ID, unit=Unit.SENTENCE)) == bare(before)
    windows = shelf.library.passages_of(ID, unit=Unit.WINDOW, tier=Tier.TRANSCRIPT)
    assert ("Where do you keep the cases?", ONE) in {(each.text, each.speaker) for each in windows}


@pytest.mark.parametrize("line", [3, 4])
def test_of_two_lines_with_the_same_words_the_one_that_is_meant_is_taken(
    shelf: Shelf, line: int
) -> None:
    shelf.relabelling.rename_line(ID, line, ADA)

    assert [n for n, (who, _) in enumerate(shelf.said()) if who == ADA] == [line]


def test_a_line_is_found_at_its_second(shelf: Shelf) -> None:
    assert shelf.relabelling.line_at(ID, 25.0) == 7
    with pytest.raises(NotFoundError, match="Nothing is said"):
        shelf.relabelling.line_at(ID, 3600)


def test_without_times_the_line_s_number_tells_two_alike_apart(shelf: Shelf) -> None:
    turns = tuple(Segment("Yes.", who) for who in (ONE, TWO) * 3)
    shelf.library.save(
        entry(TALK.episode, {Tier.TRANSCRIPT: Transcript(turns, Origin("file", "a.txt"))})
    )

    shelf.relabelling.rename_line(ID, 4, ADA)

    assert [who for who, _ in shelf.said()] == [ONE, TWO, ONE, TWO, ADA, TWO]


# Kept


def test_names_outlive_adding_the_episode_again(shelf: Shelf) -> None:
    shelf.relabelling.rename(ID, TWO, ADA)
    shelf.relabelling.rename_line(ID, 1, ADA)
    before, revisions = shelf.said(), shelf.library.revisions()

    assert not shelf.library.save(TALK)

    assert (shelf.said(), shelf.library.revisions()) == (before, revisions)


def test_what_was_read_and_is_saved_again_keeps_the_names_it_came_with(shelf: Shelf) -> None:
    shelf.relabelling.rename(ID, TWO, ADA)
    shelf.library.save(replace(TALK, episode=shelf.library.episode(ID)))

    shelf.relabelling.undo(ID, 1)

    assert shelf.library.episode(ID) == TALK.episode


def test_names_and_lines_outlive_a_new_transcript(shelf: Shelf) -> None:
    shelf.relabelling.rename(ID, TWO, ADA)
    shelf.relabelling.rename_line(ID, 5, "Bo Li")  # "And who has the key?"
    heard_anew = transcript(
        (ONE, "Welcome back. Where do you keep the cases?"),
        (TWO, "In a drawer, yes."),
        (ONE, "And who has the key?"),
    )

    shelf.library.save(entry(TALK.episode, {Tier.TRANSCRIPT: heard_anew}))

    assert shelf.by(ADA) == ["In a drawer, yes."]
    assert shelf.by("Bo Li") == ["And who has the key?"]


def test_a_line_whose_words_are_gone_changes_nothing(shelf: Shelf) -> None:
    shelf.relabelling.rename_line(ID, 5, "Bo Li")

    shelf.library.save(entry(TALK.episode, {Tier.TRANSCRIPT: transcript((ONE, "Only this."))}))

    assert shelf.said() == [(ONE, "Only this.")]
    assert len(shelf.relabelling.all(ID)) == 1


def test_renamings_go_with_their_episode(shelf: Shelf) -> None:
    shelf.relabelling.rename(ID, TWO, ADA)
    shelf.library.delete(ID)
    shelf.library.save(TALK)

    assert shelf.relabelling.all(ID) == ()
    assert TWO in shelf.library.people()


# Undone


def test_undoing_restores_what_was_there_before(shelf: Shelf) -> None:
    passages_before, names = shelf.library.passages_of(ID), shelf.library.names()
    shelf.relabelling.rename(ID, TWO, ADA)
    shelf.relabelling.rename_line(ID, 0, "Bo Li")

    assert shelf.relabelling.undo(ID, 1).name == ADA
    assert (shelf.by(ADA), shelf.by("Bo Li")) == ([], ["Where do you keep the cases?"])
    shelf.relabelling.undo(ID, 2)

    assert shelf.library.passages_of(ID) == passages_before
    assert shelf.library.episode(ID) == TALK.episode
    assert shelf.library.names() == names
    assert not shelf.library.save(TALK)


def test_a_renaming_can_be_taken_back_though_the_transcript_is_gone(shelf: Shelf) -> None:
    shelf.relabelling.rename(ID, TWO, ADA)
    shelf.library.save(entry(TALK.episode, {Tier.NOTES: TALK.documents[Tier.NOTES]}))

    shelf.relabelling.undo(ID, 1)

    assert shelf.relabelling.all(ID) == ()
    assert {each.name for each in shelf.library.episode(ID).people} == {"Mara Quill", ONE, TWO}


def test_later_renamings_stand_on_earlier_ones(shelf: Shelf) -> None:
    shelf.relabelling.rename(ID, TWO, "Adda")
    shelf.relabelling.rename(ID, "Adda", ADA)
    assert shelf.by(ADA)

    shelf.relabelling.undo(ID, 1)

    assert shelf.by(TWO)
    assert not shelf.by(ADA)


def test_numbers_are_not_used_twice_while_others_stand(shelf: Shelf) -> None:
    shelf.relabelling.rename(ID, TWO, ADA)
    shelf.relabelling.rename(ID, ONE, "Bo Li")
    shelf.relabelling.undo(ID, 1)

    assert shelf.relabelling.rename(ID, TWO, ADA).number == 3


# What makes no sense


def test_what_is_not_there_is_not_found(shelf: Shelf) -> None:
    with pytest.raises(NotFoundError, match="No episode nowhere"):
        shelf.relabelling.rename("nowhere", ONE, ADA)
    with pytest.raises(NotFoundError, match="Nobody is labelled Speaker 9") as caught:
        shelf.relabelling.rename(ID, "Speaker 9", ADA)
    assert caught.value.hint == "The labels are: Speaker 1, Speaker 2."
    with pytest.raises(NotFoundError, match="no transcript"):
        shelf.relabelling.rename(CLOSED.episode.id, ONE, ADA)
    with pytest.raises(NotFoundError, match="no transcript"):
        shelf.relabelling.transcript(CLOSED.episode.id)
    for line in (-1, 8):
        with pytest.raises(NotFoundError, match=f"no line {line}"):
            shelf.relabelling.rename_line(ID, line, ADA)
    with pytest.raises(NotFoundError, match="number 1"):
        shelf.relabelling.undo(ID, 1)


@pytest.mark.parametrize("name", ["", "  ", "A\x07da", "A\nda", "A" * 10_000, ONE])
def test_a_name_that_is_none_is_refused(shelf: Shelf, name: str) -> None:
    with pytest.raises(NamingError):
        shelf.relabelling.rename(ID, ONE, name)
    with pytest.raises(NamingError):
        shelf.relabelling.rename_line(ID, 0, name)
    assert shelf.relabelling.all(ID) == ()


# For any transcript


def segments() -> st.SearchStrategy[list[Segment]]:
    says = st.lists(
        st.sampled_from(["Yes.", "no", "I see", "Well. ", "3.5 points?", "and\nthen", " "])
    )
    turn = st.tuples(st.sampled_from([ONE, TWO, None]), says)
    return st.lists(turn, min_size=1, max_size=6).map(
        lambda turns: [spoken(n, who, " ".join(said)) for n, (who, said) in enumerate(turns)]
    )


def spoken(number: int, who: str | None, text: str) -> Segment:
    start, parts = 10.0 * number, text.split()
    pace = 10 / max(len(parts), 1)
    ticks = [start + pace * n for n in range(len(parts))]
    times = tuple(Word(part, at, at + pace / 2) for part, at in zip(parts, ticks, strict=True))
    return Segment(text, who, start, start + 10, words=times if number % 2 else ())


@settings(max_examples=60)
@given(segments(), st.data())
def test_renaming_moves_no_sentence(turns: list[Segment], data: st.DataObject) -> None:
    raw = Transcript(tuple(turns), Origin("file", "a.vtt"))
    cut = passages.cut(ID, Tier.TRANSCRIPT, turns)
    said = [each for each in cut if each.unit is Unit.SENTENCE]
    renamings = [Renaming(1, ADA, TWO)]
    if said:
        line = data.draw(st.sampled_from(said))
        shown = ADA if line.speaker == TWO else line.speaker
        renamings.append(Renaming(2, "Bo Li", shown, speakers.place(line), line.text))
    whole = Entry(TALK.episode, {Tier.TRANSCRIPT: raw}, cut)

    now = [
        each for each in speakers.renamed(whole, renamings).passages if each.unit is Unit.SENTENCE
    ]

    assert [(each.id, each.text) for each in now] == [(each.id, each.text) for each in said]
    for new, old in zip(now, said, strict=True):
        assert (new.span.start, new.span.end) == pytest.approx(
            (old.span.start, old.span.end), abs=0.02
        )
        assert new.speaker in ("Bo Li", ADA if old.speaker == TWO else old.speaker)
    assert sum(each.speaker == "Bo Li" for each in now) == bool(said)
    words = [
        word for each in speakers.transcript(raw, renamings).segments for word in each.text.split()
    ]
    assert words == [word for each in turns for word in each.text.split()]
