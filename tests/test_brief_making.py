"""Briefs made, checked and kept: by rule, and with a model that does well, badly or not at all."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import extracts
from ingest.brief import Briefed, Briefing
from ingest.gathering import Gathering
from ingest.matter import Picks
from ingest.ports import Progress
from kb import briefs
from kb.errors import (
    CutOffError,
    LibraryError,
    NotFoundError,
    PassingWriterError,
    RefusedError,
    TooLongError,
    WriterError,
)
from kb.gists import Gist, Kind, Pitch, Point, Stated, Summary
from kb.models import Origin, QuoteStatus, Tier, Transcript
from tests.brief_talks import DESCRIBED, FIGURE, OPPORTUNITY, PROBLEM, SOLUTION, TALK, matter
from tests.fakes import FakeEmbedder, FakeLibrary
from tests.fakes_ingest import FakeBriefer
from tests.samples import COSTS, MARA, entry, episode, transcript

LINES = [each.text for each in matter().unpaid]


def number(text: str) -> int:
    return LINES.index(text) + 1


GIST = Gist(
    (
        Point(
            Kind.THEME,
            "Picking melons",
            "Robots at Furrow pick 40 percent more melons.",
            (number(FIGURE),),
        ),
        Point(Kind.TOPIC, "Robots", "A robot is too expensive to buy.", (number(PROBLEM),)),
        Point(Kind.OBSERVATION, "The market", "It is 90 billion dollars.", (number(OPPORTUNITY),)),
    ),
    (Pitch("Robots for rent", (number(PROBLEM),), (number(SOLUTION),), ()),),
)
SUMMARY = Summary((Stated("Furrow has a harvest robot that picks melons.", (1,)),), (), (3, 1))


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    held = FakeLibrary(tmp_path)
    held.save(TALK)
    held.save(COSTS)
    return held


def briefing(library: FakeLibrary, briefer: FakeBriefer | None = None) -> Briefing:
    return Briefing(library, FakeEmbedder, lambda _: {}, briefer)


def end(work: Generator[Progress, None, Briefed]) -> Briefed:
    while True:
        try:
            next(work)
        except StopIteration as done:
            made: Briefed = done.value
            return made


def made(
    library: FakeLibrary, briefer: FakeBriefer | None = None, *, force: bool = False
) -> Briefed:
    return end(briefing(library, briefer).brief(TALK.episode.id, force=force))


# Kept


def test_a_brief_is_kept_as_the_episode_s_and_can_be_found_in_its_passages(
    library: FakeLibrary,
) -> None:
    brief = made(library).brief
    assert library.document(TALK.episode.id, Tier.BRIEF) == brief
    assert library.episode(TALK.episode.id).tiers == (Tier.NOTES, Tier.BRIEF, Tier.TRANSCRIPT)
    lines = library.passages_of(TALK.episode.id, tier=Tier.BRIEF)
    assert any(FIGURE in each.text and each.line for each in lines)


def test_what_was_there_stays_word_for_word_and_is_not_embedded_again(tmp_path: Path) -> None:
    library, embedder = FakeLibrary(tmp_path), FakeEmbedder()
    library.save(TALK)
    before = library.passages_of(TALK.episode.id)
    end(Briefing(library, lambda: embedder, lambda _: {}).brief(TALK.episode.id))
    after = library.passages_of(TALK.episode.id)
    assert {each for each in after if each.tier is not Tier.BRIEF} == set(before)
    new = [each for each in after if each.tier is Tier.BRIEF]
    assert embedder.embedded <= len(before) + len(new)
    again = embedder.embedded
    end(Briefing(library, lambda: embedder, lambda _: {}).brief(TALK.episode.id))
    assert embedder.embedded == again


def test_a_second_time_changes_nothing(library: FakeLibrary) -> None:
    assert made(library).changed
    revision = library.revision()
    assert not made(library).changed
    assert library.revision() == revision


def test_an_imported_brief_stays_unless_it_is_to_go(library: FakeLibrary) -> None:
    imported = briefs.parse("**1. Overview:**\nVotes.\n", Origin("file", "brief.md"))
    library.save(entry(TALK.episode, {**TALK.documents, Tier.BRIEF: imported}))
    kept = made(library)
    assert (kept.brief, kept.changed) == (imported, False)
    assert "--force" in kept.remarks[0]
    assert made(library, force=True).brief.origin == Origin("model", extracts.NAME)


@pytest.mark.parametrize("held", [None, transcript(), transcript((MARA, " "))])
def test_an_episode_without_words_is_refused_and_nothing_is_written(
    tmp_path: Path, held: Transcript | None
) -> None:
    library, empty = FakeLibrary(tmp_path), episode("Silence", "The Night Desk")
    library.save(entry(empty, {} if held is None else {Tier.TRANSCRIPT: held}))
    revision = library.revision()
    with pytest.raises(NotFoundError, match="neither transcript nor notes") as refusal:
        end(briefing(library).brief(empty.id))
    assert "Add its audio" in refusal.value.hint
    assert library.revision() == revision


def test_an_unknown_episode_is_a_clear_error(library: FakeLibrary) -> None:
    with pytest.raises(NotFoundError):
        end(briefing(library).brief("nobody"))


# While it is made


def interrupted(
    library: FakeLibrary, change: Callable[[], object], *, always: bool = False
) -> Briefing:
    """Give what makes a brief, whose embedder comes late: something changes before it is here."""
    left = [change] * (100 if always else 1)

    def embedder() -> FakeEmbedder:
        if left:
            left.pop()()
        return FakeEmbedder()

    return Briefing(library, embedder, lambda _: {})


def retitled(library: FakeLibrary, title: str) -> None:
    """Give the talk another title, as a feed that was read again does."""
    held = library.episode(TALK.episode.id)
    library.save(replace(TALK, episode=replace(held, title=title)))


def test_an_episode_that_is_deleted_meanwhile_stays_deleted(library: FakeLibrary) -> None:
    work = interrupted(library, lambda: library.delete(TALK.episode.id)).brief(TALK.episode.id)
    with pytest.raises(NotFoundError):
        end(work)
    assert TALK.episode.id not in library.revisions()


def test_an_episode_that_is_deleted_while_a_model_reads_it_stays_deleted(
    library: FakeLibrary,
) -> None:
    work = briefing(library, FakeBriefer(GIST, SUMMARY)).brief(TALK.episode.id)
    next(work)
    library.delete(TALK.episode.id)
    with pytest.raises(NotFoundError):
        end(work)
    assert TALK.episode.id not in library.revisions()


def test_what_changes_meanwhile_is_kept(library: FakeLibrary) -> None:
    done = end(interrupted(library, lambda: retitled(library, "Anew")).brief(TALK.episode.id))
    held = library.episode(TALK.episode.id)
    assert done.episode == held
    assert (held.title, held.tiers) == ("Anew", (Tier.NOTES, Tier.BRIEF, Tier.TRANSCRIPT))
    assert library.document(held.id, Tier.BRIEF) == done.brief


def test_a_brief_that_is_imported_meanwhile_stays(library: FakeLibrary) -> None:
    imported = briefs.parse("**1. Overview:**\nVotes.\n", Origin("file", "brief.md"))

    def bring() -> None:
        library.save(entry(TALK.episode, {**TALK.documents, Tier.BRIEF: imported}))

    done = end(interrupted(library, bring).brief(TALK.episode.id))
    assert (done.brief, done.changed) == (imported, False)
    assert library.document(TALK.episode.id, Tier.BRIEF) == imported


def test_an_episode_that_changes_all_the_time_is_told(library: FakeLibrary) -> None:
    titles = (f"Title {n}" for n in range(1_000))
    work = interrupted(library, lambda: retitled(library, next(titles)), always=True)
    with pytest.raises(LibraryError, match="over and over"):
        end(work.brief(TALK.episode.id))
    assert library.document(TALK.episode.id, Tier.BRIEF) is None


# With a model


def test_a_model_s_points_stand_on_the_words_it_names(library: FakeLibrary) -> None:
    brief = made(library, FakeBriefer(GIST, SUMMARY)).brief
    [theme], [thesis] = brief.themes, brief.theses
    assert (theme.title, theme.quote) == ("Picking melons", FIGURE)
    assert (thesis.title, thesis.quote) == ("Robots for rent", SOLUTION)
    assert PROBLEM in thesis.problem
    assert brief.origin == Origin("model", "fake briefer")
    sealed = briefs.sealed(brief, matter().record)
    assert all(each.quotable for each in sealed.values())


def test_a_statement_that_its_sentences_do_not_carry_is_left_out(library: FakeLibrary) -> None:
    done = made(library, FakeBriefer(GIST, SUMMARY))
    assert done.brief.observations[0].text == ""
    assert "90 billion" not in briefs.to_markdown(done.brief)
    assert any("rest on nothing" in each for each in done.remarks)


@pytest.mark.parametrize("numbers", [(), (0,), (-1,), (9_999,), (number(PROBLEM) * 10_000,)])
def test_a_point_that_names_no_sentence_is_left_out(
    library: FakeLibrary, numbers: tuple[int, ...]
) -> None:
    gist = Gist((Point(Kind.THEME, "Melons", "They are nice.", numbers),))
    assert made(library, FakeBriefer(gist, SUMMARY)).brief.themes == ()


def test_what_a_model_quotes_all_the_same_is_counted_by_its_seal_and_never_shown(
    library: FakeLibrary,
) -> None:
    said = "“A harvest robot at Furrow picks 90 percent more melons than a tired crew does.”"
    gist = Gist((Point(Kind.THEME, "Picking", f"Ines says: {said}", (number(FIGURE),)),))
    done = made(library, FakeBriefer(gist))
    assert sum(done.quoted.values()) == 1
    assert done.quoted.get(QuoteStatus.VERBATIM, 0) == 0
    assert "90 percent" not in briefs.to_markdown(done.brief)


def test_a_model_that_sums_up_nothing_leaves_that_to_the_rules(library: FakeLibrary) -> None:
    assert made(library, FakeBriefer(GIST, Summary())).brief.overview == DESCRIBED


def test_a_model_that_repeats_itself_is_heard_once(library: FakeLibrary) -> None:
    gist = Gist(GIST.points * 50, GIST.pitches * 50)
    brief = made(library, FakeBriefer(gist, SUMMARY)).brief
    assert len(brief.themes) == 1
    assert len(brief.theses) == 1


def test_sponsor_reads_are_not_given_to_the_model(library: FakeLibrary) -> None:
    briefer = FakeBriefer(GIST, SUMMARY)
    made(library, briefer)
    assert briefer.asked
    assert "Larder" not in "".join(line for lines in briefer.asked for line in lines)


def test_what_the_model_cannot_take_in_is_halved(library: FakeLibrary) -> None:
    briefer = FakeBriefer(Gist(), Summary(), holds=150)
    assert made(library, briefer).brief.origin.detail == "fake briefer"
    read = [lines for lines in briefer.asked if sum(len(e.split()) for e in lines) <= 150]
    assert [line for lines in read for line in lines] == [
        line for lines in _whole(library) for line in lines
    ]


def test_a_reply_that_was_cut_off_is_asked_for_in_halves(library: FakeLibrary) -> None:
    cut = CutOffError("Cut off", hint="Less.")
    briefer = FakeBriefer(Gist(), failures=[cut])
    assert made(library, briefer).brief.origin.detail == "fake briefer"
    assert len(briefer.asked) > 2


def test_a_model_that_is_always_cut_off_is_not_asked_for_ever(library: FakeLibrary) -> None:
    briefer = FakeBriefer(failures=[CutOffError("Cut off", hint="Less.")] * 1_000)
    done = made(library, briefer)
    assert len(briefer.asked) <= 6
    assert "Made by rule instead" in done.remarks[0]


FAILURES = [
    PassingWriterError("It could not be reached", hint="Later."),
    RefusedError("It refuses", hint="Another."),
    WriterError("It did not answer in the form", hint="Larger."),
    TooLongError("Too long", hint="Halve it."),
]


@pytest.mark.parametrize("failure", FAILURES, ids=str)
def test_where_the_model_fails_rules_stand_in_and_say_so(
    library: FakeLibrary, failure: WriterError
) -> None:
    done = made(library, FakeBriefer(failures=[failure] * 100))
    ruled = made(library, force=True)
    assert done.remarks == (f"{failure}. {failure.hint} Made by rule instead.",)
    assert str(failure) in done.brief.origin.detail
    assert done.brief.themes == ruled.brief.themes


def test_a_failure_that_would_come_again_is_not_asked_for_again(library: FakeLibrary) -> None:
    briefer = FakeBriefer(failures=[FAILURES[1]] * 100)
    made(library, briefer)
    assert len(briefer.asked) == 1


def test_one_stretch_in_many_that_fails_is_left_out_and_told(library: FakeLibrary) -> None:
    briefer = FakeBriefer(Gist(), failures=[FAILURES[2]], room=150)
    done = made(library, briefer)
    assert done.brief.origin.detail == "fake briefer"
    assert done.remarks[0].startswith("1 of ")


def test_an_interrupted_reading_goes_on_where_it_was(library: FakeLibrary) -> None:
    briefer = FakeBriefer(GIST, SUMMARY, room=150)
    gathering = Gathering(matter(), briefer, library)
    work = gathering.picks()
    next(work)
    next(work)
    work.close()
    assert len(briefer.asked) == 2
    again = FakeBriefer(GIST, SUMMARY, room=150)
    walk(Gathering(matter(), again, library).picks())
    assert not {str(each) for each in briefer.asked} & {str(each) for each in again.asked}


def test_the_tokens_that_it_took_are_told(library: FakeLibrary) -> None:
    briefer = FakeBriefer(GIST, SUMMARY)
    done = made(library, briefer)
    assert done.used.requests == len(briefer.asked) == 2
    assert made(library, briefer).used.requests == 0


def test_another_model_reads_anew(library: FakeLibrary) -> None:
    made(library, FakeBriefer(GIST, SUMMARY))
    other = FakeBriefer(GIST, SUMMARY, name="another")
    made(library, other)
    assert len(other.asked) == 2


def walk(work: Generator[Progress, None, Picks]) -> list[float]:
    """Read to the end, and give the shares that were told."""
    return [news.fraction or 0 for news in work]


def test_progress_is_told_and_rises(library: FakeLibrary) -> None:
    shares = walk(Gathering(matter(), FakeBriefer(room=150), library).picks())
    assert shares == sorted(shares)
    assert shares[-1] > 0.9


def _whole(library: FakeLibrary) -> Sequence[Sequence[str]]:
    briefer = FakeBriefer(name="whole")
    walk(Gathering(matter(), briefer, library).picks())
    return briefer.asked
