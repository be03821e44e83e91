"""Kept theses: what new episodes attach, who speaks for and against, and how old it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from kb.errors import EmptyLibraryError, NotFoundError, SettingsError
from kb.insight.stances import Stance
from kb.insight.standing import Attachment
from kb.insight.theses import Theses
from kb.models import Entry, Episode, Person, Role, Tier
from kb.search import Search, require_episodes
from tests.kept_house import Kept
from tests.samples import CLOSED, COSTS, LEAKS, entry, episode, transcript

ION, MARA = "Ion Stoica", "Mara Quill"
PICK = "Warehouse robots replace human pickers"
YES = "Every warehouse sees its robots replace the human pickers in the end."
NO = "A warehouse robot does not replace human pickers by itself."


def heard(
    title: str,
    show: str,
    *turns: tuple[str | None, str],
    day: date | None = date(2025, 3, 9),
    people: tuple[Person, ...] = (),
) -> Entry:
    held = replace(episode(title, show, published=day), people=people)
    return entry(held, {Tier.TRANSCRIPT: transcript(*turns)})


@pytest.fixture
def theses(kept: Kept) -> Theses:
    def search() -> Search:
        require_episodes(kept.library.revisions())
        return Search(kept.indexes)

    return Theses(kept.library, search, now=lambda: 1_700_000_000.0)


@pytest.fixture
def watch(kept: Kept, theses: Theses) -> Callable[..., list[Attachment]]:
    """Give what saves episodes, brings the thesis up to date, and tells what it attached."""

    def update(*entries: Entry) -> list[Attachment]:
        if not theses.all():
            theses.new("Robots", PICK, person="ada")
        for each in entries:
            kept.library.save(each)
        return list(theses.update("robots").attached)

    return update


Watch = Callable[..., list[Attachment]]


def test_a_new_episode_attaches_what_speaks_for_and_against(watch: Watch) -> None:
    found = watch(heard("Yes", "A", (ION, YES)), heard("No", "B", (MARA, NO)))
    assert {(each.words, each.stance, each.suggested) for each in found} == {
        (YES, Stance.FOR, True),
        (NO, Stance.AGAINST, True),
    }
    assert all("robot" in each.why for each in found)


def test_only_what_is_new_since_is_read(watch: Watch, theses: Theses) -> None:
    assert len(watch(heard("Yes", "A", (ION, YES)))) == 1
    assert theses.update("robots").read == 0
    watch(heard("No", "B", (MARA, NO)))
    stances = {each.stance for each in theses.attachments("robots")}
    assert stances == {Stance.FOR, Stance.AGAINST}


def test_more_new_episodes_than_a_few_are_searched_at_once(watch: Watch, theses: Theses) -> None:
    many = [
        heard(f"Talk {n}", "A", (ION, YES if n == 30 else f"Onions cost {n}.")) for n in range(50)
    ]
    (found,) = watch(*many)
    assert found.words == YES
    assert theses.thesis("robots").searched > 50


def test_a_thesis_that_nothing_speaks_of_attaches_nothing(theses: Theses) -> None:
    theses.new("Whales", "Whales prefer jazz over opera", person="ada")
    done = theses.update("whales")
    assert (done.read, done.attached) == (3, ())
    standing = theses.standing("whales")
    assert (standing.counter, standing.newest, standing.quiet(date(2026, 1, 1))) == (
        None,
        None,
        None,
    )


def test_a_sponsor_read_never_counts(watch: Watch) -> None:
    read = f"This episode is brought to you by Ostrel. Ostrel knows that {YES[0].lower()}{YES[1:]}"
    assert watch(heard("Paid", "A", (MARA, read), (ION, "Onions."))) == []


def test_one_guest_on_three_shows_is_one_voice(watch: Watch, theses: Theses) -> None:
    watch(*(heard(f"Talk {n}", f"Show {n}", (ION, YES)) for n in range(3)))
    standing = theses.standing("robots")
    assert (len(standing.supporting), len(standing.voices_for.voices)) == (3, 1)
    assert len(standing.voices_for.shows) == 3


def test_who_talks_their_book_is_told_apart(watch: Watch, theses: Theses) -> None:
    founder = (Person(ION, Role.GUEST, "Founder of Ostrel"),)
    ours = f"At Ostrel we saw it. {YES}"
    watch(heard("Yes", "A", (ION, ours), people=founder), heard("So", "B", (MARA, YES)))
    found = theses.standing("robots").voices_for
    assert [voice.name for voice in found.interested] == [ION]
    assert [voice.name for voice in found.independent] == [MARA]


def test_an_introduction_in_another_turn_tells_the_interest(watch: Watch, theses: Theses) -> None:
    talk = heard(
        "Yes", "A",
        (MARA, "With us is Ion Stoica, who is the CEO of Ostrel."), (ION, f"Ostrel tests it. {YES}"),
        people=(Person(ION, Role.GUEST), Person(MARA, Role.HOST)),
    )  # fmt: skip
    watch(talk)
    assert "Ostrel" in theses.standing("robots").voices_for.voices[0].interest


def test_the_best_counter_evidence_has_a_name_and_no_interest(watch: Watch, theses: Theses) -> None:
    founder = (Person(ION, Role.GUEST, "Founder of Ostrel"),)
    watch(
        heard(
            "Sold", "A", (ION, f"At Ostrel we looked. {NO}"), people=founder, day=date(2026, 2, 1)
        ),
        heard("Nameless", "B", (None, NO), day=date(2026, 3, 1)),
        heard("Named", "C", (MARA, NO), day=date(2024, 1, 1)),
    )
    counter = theses.standing("robots").counter
    assert counter is not None
    assert counter.episode.title == "Named"


def test_it_ages_from_the_newest_support(watch: Watch, theses: Theses) -> None:
    watch(
        heard("Old", "A", (ION, YES), day=date(2024, 1, 1)),
        heard("New", "B", (MARA, YES), day=date(2025, 3, 9)),
        heard("Undated", "C", ("Ada", YES), day=None),
        heard("Later but against", "D", ("Ben", NO), day=date(2025, 9, 1)),
    )
    standing = theses.standing("robots")
    assert (standing.newest, standing.quiet(date(2025, 11, 12))) == (date(2025, 3, 9), 8)


def test_what_a_person_rejects_does_not_come_back(watch: Watch, theses: Theses) -> None:
    talk = heard("Yes", "A", (ION, YES))
    (found,) = watch(talk)
    theses.judge("robots", found.passage_id, Stance.REJECTED, person="ada", why="a joke")
    moved = heard("Yes", "A", (MARA, "First of all, hello."), (ION, YES))
    assert watch(moved) == []
    assert theses.standing("robots").supporting == ()


def test_a_person_turns_a_suggestion(watch: Watch, theses: Theses) -> None:
    (found,) = watch(heard("Yes", "A", (ION, YES)))
    theses.judge("robots", found.passage_id, Stance.AGAINST, person="ada", why="irony")
    (placed,) = theses.standing("robots").opposing
    assert (placed.attachment.source, placed.attachment.suggested) == ("ada", False)
    assert theses.standing("robots").supporting == ()


def test_words_are_found_again_after_a_new_transcript(
    watch: Watch, theses: Theses, kept: Kept
) -> None:
    watch(heard("Yes", "A", (ION, YES)))
    kept.library.save(heard("Yes", "A", (MARA, "Hello there."), (MARA, "And welcome."), (ION, YES)))
    (placed,) = theses.standing("robots").supporting
    assert (placed.passage.text, placed.passage.first, placed.passage.speaker) == (YES, 2, ION)


def test_words_that_are_gone_are_told_as_lost(watch: Watch, theses: Theses, kept: Kept) -> None:
    (deleted, changed) = watch(heard("So", "B", (MARA, YES)), heard("Yes", "A", (ION, YES)))
    kept.library.save(heard("Yes", "A", (ION, "Something else altogether.")))
    kept.library.delete(deleted.episode_id)
    standing = theses.standing("robots")
    assert (standing.supporting, set(standing.lost)) == ((), {deleted, changed})


def test_a_person_attaches_what_no_rule_found(kept: Kept, theses: Theses) -> None:
    theses.new("Robots", PICK, person="ada")
    passage = kept.library.passages_of(COSTS.episode.id)[1]
    made = theses.judge("robots", passage.id, Stance.CONTEXT, person="ada")
    assert theses.attachments("robots") == [made]
    assert theses.standing("robots").beside[0].passage == passage


def test_a_deleted_thesis_takes_its_passages_along(watch: Watch, theses: Theses) -> None:
    watch(heard("Yes", "A", (ION, YES)))
    theses.delete("Robots")
    assert (theses.all(), theses.attachments("robots")) == ([], [])


@pytest.mark.parametrize(
    ("title", "statement"),
    [("", PICK), ("Robots", ""), ("Robots", "It is what it is"), ("  ", PICK)],
)
def test_a_thesis_of_nothing_is_refused(theses: Theses, title: str, statement: str) -> None:
    with pytest.raises(SettingsError):
        theses.new(title, statement, person="ada")
    assert theses.all() == []


def test_two_theses_of_one_name_are_refused(theses: Theses) -> None:
    theses.new("Robots", PICK, person="ada")
    with pytest.raises(SettingsError, match="already"):
        theses.new("robots!", PICK, person="ben")


def test_unknown_theses_and_passages_are_named(theses: Theses) -> None:
    theses.new("Robots", PICK, person="ada")
    theses.new("Robots again", PICK, person="ada")
    with pytest.raises(NotFoundError, match="No thesis"):
        theses.thesis("whales")
    with pytest.raises(NotFoundError, match="2 theses"):
        theses.thesis("rob")
    with pytest.raises(NotFoundError, match="No passage"):
        theses.judge("robots", "nowhere/transcript/s0", Stance.FOR, person="ada")


def test_an_empty_library_attaches_nothing(kept: Kept, theses: Theses) -> None:
    for each in (LEAKS, COSTS, CLOSED):
        kept.library.delete(each.episode.id)
    theses.new("Robots", PICK, person="ada")
    assert theses.update("robots").attached == ()
    with pytest.raises(EmptyLibraryError):
        require_episodes(kept.library.revisions())


def test_a_search_that_fails_leaves_the_episodes_to_be_read(kept: Kept) -> None:
    def search() -> Search:
        raise EmptyLibraryError("Nothing is here", hint="Add something.")

    theses = Theses(kept.library, search)
    theses.new("Robots", PICK, person="ada")
    with pytest.raises(EmptyLibraryError):
        theses.update("robots")
    assert theses.thesis("robots").searched == 0


def test_the_episode_of_an_attachment_is_in_its_id(watch: Watch) -> None:
    held: Episode = heard("Yes", "A", (ION, YES)).episode
    (found,) = watch(heard("Yes", "A", (ION, YES)))
    assert found.episode_id == held.id


# Two at once


def meanwhile(kept: Kept, change: Callable[[], object]) -> Theses:
    """Give theses of the same library, in which something changes while they search."""

    def search() -> Search:
        change()
        return Search(kept.indexes)

    return Theses(kept.library, search)


def test_what_a_person_judges_while_it_is_searched_stays(
    kept: Kept, watch: Watch, theses: Theses
) -> None:
    (found,) = watch(heard("Yes", "A", (ION, YES)))
    theses.delete("robots")
    theses.new("Robots", PICK, person="ada")

    def reject() -> None:
        theses.judge("robots", found.passage_id, Stance.REJECTED, person="ada")

    assert meanwhile(kept, reject).update("robots").attached == ()
    (noted,) = theses.attachments("robots")
    assert (noted.stance, noted.source) == (Stance.REJECTED, "ada")


def test_two_updates_at_once_attach_a_passage_once(
    kept: Kept, watch: Watch, theses: Theses
) -> None:
    (found,) = watch(heard("Yes", "A", (ION, YES)))
    theses.delete("robots")
    theses.new("Robots", PICK, person="ada")

    assert meanwhile(kept, lambda: theses.update("robots")).update("robots").attached == ()
    assert theses.attachments("robots") == [found]


def test_a_thesis_that_is_deleted_while_it_is_searched_is_told(
    kept: Kept, watch: Watch, theses: Theses
) -> None:
    watch(heard("Yes", "A", (ION, YES)))
    kept.library.save(heard("No", "B", (MARA, NO)))

    with pytest.raises(NotFoundError, match="deleted meanwhile"):
        meanwhile(kept, lambda: theses.delete("robots")).update("robots")
