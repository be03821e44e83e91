"""Drafts that are kept: opened against the library, edited and sealed anew, never damaged in silence."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from kb import schema
from kb.drafting.desk import Desk, Edit, Kept
from kb.drafting.proof import LOST
from kb.drafts import Kind
from kb.errors import LibraryError, NotFoundError, SourceError
from kb.models import Mark, Tier
from tests import draft_house
from tests.draft_house import DRAWER, FORTY, Drafted
from tests.samples import JONAS, LEAKS, MARA, entry, transcript


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Drafted]:
    made = draft_house.copied(tmp_path)
    yield made
    made.library.close()


@pytest.fixture
def kept(house: Drafted) -> Kept:
    return house.desk.keep(house.of(f"“{FORTY}”", f"“{DRAWER}”", cited=[FORTY, DRAWER]), "ana")


def test_what_is_kept_is_opened_as_it_was(house: Drafted, kept: Kept) -> None:
    opened = house.desk.open(kept.id[:3])

    assert opened == kept
    assert opened.person == "ana"


def test_drafts_are_listed_the_last_changed_first(house: Drafted, kept: Kept) -> None:
    other = house.desk.keep(house.draft(Kind.POST), "ben")
    house.desk.edit(kept.id, Edit(1, f"“{DRAWER}”"))

    assert [each.id for each in house.desk.all()] == [kept.id, other.id]


@pytest.mark.parametrize("wanted", ["", "%", "zz", "_"])
def test_a_draft_that_is_not_there_is_told(house: Drafted, kept: Kept, wanted: str) -> None:
    del kept
    with pytest.raises(NotFoundError, match="No drafts begin"):
        house.desk.open(wanted)


def test_a_deleted_draft_is_gone(house: Drafted, kept: Kept) -> None:
    house.desk.delete(kept.id)

    assert house.desk.all() == []


@pytest.mark.parametrize("content", ["", "{}", '{"draft": {"kind": "novel"}, "points": 1}', "null"])
def test_a_damaged_draft_is_told_and_can_be_deleted(
    house: Drafted, kept: Kept, content: str
) -> None:
    with house.library.writing() as db:
        db.execute(sa.update(schema.drafts).values(content=content))

    with pytest.raises(LibraryError, match="damaged"):
        house.desk.open(kept.id)
    house.desk.delete(house.desk.named(kept.id).id)
    assert house.desk.all() == []


# The library moves on


def test_a_deleted_episode_leaves_its_citations_lost(house: Drafted, kept: Kept) -> None:
    house.library.delete(LEAKS.episode.id)

    draft = house.desk.open(kept.id).draft

    assert {claim.mark for claim in draft.claims} == {Mark.UNSUPPORTED}
    assert [each.text for each in draft.citations] == [
        each.text for each in kept.draft.citations for _ in draft.claims
    ]
    assert house.proof.lost(draft) == {each.number for each in draft.citations}


def test_an_episode_that_comes_back_is_found_again(house: Drafted, kept: Kept) -> None:
    house.library.delete(LEAKS.episode.id)
    house.desk.add(kept.id, "Drawers are a moat.", (), part="Evidence for")
    house.library.save(LEAKS)

    draft = house.desk.open(kept.id).draft

    assert [claim.mark for claim in draft.claims] == [Mark.QUOTED, Mark.QUOTED, Mark.OWN_VIEW]
    assert len(draft.citations) == 1


def test_words_that_moved_are_found_where_they_stand_now(house: Drafted, kept: Kept) -> None:
    said = transcript((MARA, "Welcome to the show, everybody."), (JONAS, f"{FORTY} {DRAWER}"))
    house.library.save(entry(LEAKS.episode, {Tier.TRANSCRIPT: said}))

    draft = house.desk.open(kept.id).draft

    assert {claim.mark for claim in draft.claims} == {Mark.QUOTED}
    assert draft.citations[0].span.start == 6


def test_words_that_were_heard_otherwise_since_are_lost(house: Drafted, kept: Kept) -> None:
    heard = FORTY.replace("40", "14")
    said = transcript((MARA, "Welcome to the show, everybody."), (JONAS, f"{heard} {DRAWER}"))
    house.library.save(entry(LEAKS.episode, {Tier.TRANSCRIPT: said}))

    draft = house.desk.open(kept.id).draft

    assert draft.claims[0].mark is Mark.UNSUPPORTED
    assert draft.claims[0].why


# Edits


def test_what_is_typed_without_a_source_is_an_own_view(house: Drafted, kept: Kept) -> None:
    edited = house.desk.edit(
        kept.id, Edit(2, "Drawers are a moat. They are cheap.", ()), fewer=True
    )

    assert [claim.mark for claim in edited.draft.claims] == [
        Mark.QUOTED,
        Mark.OWN_VIEW,
        Mark.OWN_VIEW,
    ]
    assert house.desk.open(kept.id) == edited


def test_a_quote_is_sealed_as_soon_as_it_is_typed(house: Drafted, kept: Kept) -> None:
    false = house.desk.edit(kept.id, Edit(2, "“We kept them in a museum of ours.”"))
    true = house.desk.edit(kept.id, Edit(2, f'"{DRAWER}"'))

    assert false.draft.claims[1].mark is Mark.UNSUPPORTED
    assert true.draft.claims[1].mark is Mark.QUOTED
    assert true.draft.claims[1].text == f"“{DRAWER}”"


def test_a_real_quote_that_cites_nothing_is_cited(house: Drafted, kept: Kept) -> None:
    added = house.desk.add(
        kept.id, "He says “A benchmark that leaked into training”.", (), part="New"
    )

    claim = added.draft.parts[-1].claims[0]
    assert claim.mark is Mark.OWN_VIEW
    assert "leaked into training" in added.draft.citations[claim.citations[0] - 1].text


def test_other_sources_are_weighed_at_once(house: Drafted, kept: Kept) -> None:
    place = (house.passage("The answer was no."),)

    edited = house.desk.edit(kept.id, Edit(1, "They asked Quokka twice.", place))

    assert edited.draft.claims[0].mark is Mark.UNSUPPORTED


@pytest.mark.parametrize("edit", [Edit(2, ""), Edit(2, "It is so.", ())], ids=["out", "own view"])
def test_a_draft_may_not_pass_by_losing_its_point(house: Drafted, kept: Kept, edit: Edit) -> None:
    with pytest.raises(SourceError, match="1 of 2 points would be left"):
        house.desk.edit(kept.id, edit)

    assert house.desk.open(kept.id) == kept
    assert house.desk.edit(kept.id, edit, fewer=True).points == 2


@pytest.mark.parametrize("sentence", [0, 3, -1])
def test_a_sentence_that_is_not_there_is_told(house: Drafted, kept: Kept, sentence: int) -> None:
    with pytest.raises(NotFoundError, match="no sentence"):
        house.desk.edit(kept.id, Edit(sentence, "So."))


def test_a_post_that_would_be_too_long_is_refused(house: Drafted) -> None:
    post = house.desk.keep(house.draft(Kind.POST), "ana")

    with pytest.raises(SourceError, match="280 are allowed"):
        house.desk.edit(post.id, Edit(1, "Lathe wrote new cases. " * 20))
    assert house.desk.open(post.id) == post


def test_a_blog_post_that_would_be_too_long_is_refused(house: Drafted) -> None:
    blog = house.desk.keep(house.draft(Kind.BLOG), "ana")

    with pytest.raises(SourceError, match="500 are allowed"):
        house.desk.add(blog.id, "It is so. " * 200, (), part="More")


# Two at once


@dataclass(frozen=True, slots=True)
class Stale(Desk):
    """A desk on which a draft lies as it was opened before somebody else changed it."""

    opened: Kept

    def open(self, wanted: str) -> Kept:
        del wanted
        return self.opened


def test_an_edit_that_came_between_is_not_lost(house: Drafted, kept: Kept) -> None:
    stale = house.desk.open(kept.id)
    house.desk.edit(kept.id, Edit(2, f"“{FORTY}”"))

    with pytest.raises(LibraryError, match="changed by somebody else") as refusal:
        Stale(house.library, house.proof, stale).edit(kept.id, Edit(1, f"“{DRAWER}”"))

    assert "Open it again" in refusal.value.hint
    assert [each.text for each in house.desk.open(kept.id).draft.claims] == [f"“{FORTY}”"] * 2


def test_an_edit_of_a_draft_that_was_deleted_meanwhile_is_told(house: Drafted, kept: Kept) -> None:
    stale = house.desk.open(kept.id)
    house.desk.delete(kept.id)

    with pytest.raises(NotFoundError, match="No drafts begin"):
        Stale(house.library, house.proof, stale).edit(kept.id, Edit(1, f"“{DRAWER}”"))


def test_edits_that_follow_one_another_quickly_are_all_kept(house: Drafted, kept: Kept) -> None:
    ahead = time.time() + 3_600  # a clock that was put back since
    with house.library.writing() as db:
        db.execute(sa.update(schema.drafts).values(updated=ahead))

    first = house.desk.edit(kept.id, Edit(1, f"“{DRAWER}”"))
    second = house.desk.edit(kept.id, Edit(2, f"“{FORTY}”"))

    assert ahead < first.updated < second.updated
    assert house.desk.open(kept.id) == second


def test_what_is_lost_says_so(house: Drafted) -> None:
    kept = house.desk.keep(house.of("Lathe wrote 40 new cases.", cited=[FORTY]), "ana")
    house.library.delete(LEAKS.episode.id)

    assert house.desk.open(kept.id).draft.claims[0].why == LOST
