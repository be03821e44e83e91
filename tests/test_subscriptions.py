"""The followed shows: what is noted of their feeds, and what a feed no longer lists."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from kb import identity
from kb.errors import NotFoundError
from kb.library import SqlLibrary
from kb.models import Entry, Episode, Show
from kb.subscriptions import Subscription, Subscriptions
from tests.test_jobs import DATABASES, Clock, a_library

TIDE, NEW = "https://tide.example/feed.xml", "https://new.example/feed.xml"
SHOW = Show("tide", "The Tide", TIDE)
TODAY = date(2024, 6, 1)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library and the shows that are followed there."""

    library: SqlLibrary
    subscriptions: Subscriptions
    clock: Clock


@pytest.fixture(params=DATABASES)
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    clock = Clock()
    with a_library(request.param, tmp_path) as library:
        yield Shelf(library, Subscriptions(library, now=clock), clock)


# Following


def test_a_followed_feed_is_known_by_its_address_alone_until_it_was_read(shelf: Shelf) -> None:
    assert shelf.subscriptions.follow(TIDE, latest=3)

    assert shelf.subscriptions.all() == [
        Subscription(url=TIDE, title="", show_id="", latest=3, added=1000)
    ]


def test_following_twice_is_following_once(shelf: Shelf) -> None:
    shelf.subscriptions.follow(TIDE, title="The Tide", latest=3)

    assert not shelf.subscriptions.follow(TIDE, latest=9)
    assert [(each.title, each.latest) for each in shelf.subscriptions.all()] == [("The Tide", 3)]


@pytest.mark.parametrize("wanted", [TIDE, "The Tide", "the TIDE"])
def test_a_show_is_named_by_its_address_or_title(shelf: Shelf, wanted: str) -> None:
    shelf.subscriptions.follow(TIDE, title="The Tide")
    shelf.subscriptions.follow(NEW, title="The New")
    shelf.subscriptions.note_offers(TIDE, {"one": "1"})
    shelf.subscriptions.note_offers(NEW, {"one": "2"})

    assert shelf.subscriptions.subscription(wanted).url == TIDE
    assert shelf.subscriptions.unfollow(wanted).url == TIDE

    assert [each.url for each in shelf.subscriptions.all()] == [NEW]
    assert shelf.subscriptions.offers(TIDE) == {}
    assert shelf.subscriptions.offers(NEW) == {"one": "2"}


@pytest.mark.parametrize("wanted", ["", "Tide", "https://tide.example"])
def test_a_show_that_is_not_followed_cannot_be_left(shelf: Shelf, wanted: str) -> None:
    shelf.subscriptions.follow(TIDE)  # not read yet, so of no title

    with pytest.raises(NotFoundError, match="is not followed") as refusal:
        shelf.subscriptions.unfollow(wanted)
    assert refusal.value.hint
    assert len(shelf.subscriptions.all()) == 1


def test_of_two_shows_with_one_title_neither_is_meant(shelf: Shelf) -> None:
    shelf.subscriptions.follow(TIDE, title="The Tide")
    shelf.subscriptions.follow(NEW, title="The Tide")

    with pytest.raises(NotFoundError, match="more than one"):
        shelf.subscriptions.unfollow("The Tide")
    assert shelf.subscriptions.unfollow(NEW).url == NEW


def test_followed_shows_are_listed_by_title(shelf: Shelf) -> None:
    for url, title in ((TIDE, "Zebra"), (NEW, "Ant"), ("https://a.example", "Zebra")):
        shelf.subscriptions.follow(url, title=title)

    assert [each.url for each in shelf.subscriptions.all()] == [NEW, "https://a.example", TIDE]


# What feeds listed


def test_what_was_done_with_an_item_is_noted_and_noted_anew(shelf: Shelf) -> None:
    shelf.subscriptions.follow(TIDE)
    shelf.subscriptions.note_offers(TIDE, {"one": "1", "two": ""})
    shelf.subscriptions.note_offers(TIDE, {"two": "2"})
    shelf.subscriptions.note_offers(TIDE, {})

    assert shelf.subscriptions.offers(TIDE) == {"one": "1", "two": "2"}
    assert shelf.subscriptions.offers(NEW) == {}


def test_a_reading_is_noted_and_forgets_the_failures_before(shelf: Shelf) -> None:
    shelf.subscriptions.follow(TIDE)
    shelf.clock.time = 2000
    shelf.subscriptions.note_failed(TIDE, "It answered 500")
    shelf.subscriptions.note_failed(TIDE, "It answered 404")
    failed = shelf.subscriptions.subscription(TIDE)
    shelf.clock.time = 3000
    shelf.subscriptions.note_checked(TIDE, "nothing new", SHOW)

    assert (failed.failures, failed.outcome, failed.checked) == (2, "It answered 404", 2000)
    assert failed.show_id == ""
    assert shelf.subscriptions.subscription(TIDE) == Subscription(
        TIDE, "The Tide", "tide", 5, 1000, checked=3000, outcome="nothing new", failures=0
    )


def test_what_a_feed_listed_goes_with_it_when_it_moves(shelf: Shelf) -> None:
    shelf.subscriptions.follow(TIDE, title="The Tide", latest=7)
    shelf.subscriptions.note_offers(TIDE, {"one": "1"})

    assert shelf.subscriptions.move(TIDE, to=NEW)

    assert [(each.url, each.latest) for each in shelf.subscriptions.all()] == [(NEW, 7)]
    assert shelf.subscriptions.offers(NEW) == {"one": "1"}
    assert shelf.subscriptions.offers(TIDE) == {}


def test_a_feed_that_moves_to_one_that_is_followed_is_followed_once(shelf: Shelf) -> None:
    shelf.subscriptions.follow(TIDE, latest=7)
    shelf.subscriptions.follow(NEW, latest=2)
    shelf.subscriptions.note_offers(TIDE, {"one": "1", "two": "1"})
    shelf.subscriptions.note_offers(NEW, {"one": "2"})

    assert not shelf.subscriptions.move(TIDE, to=NEW)

    assert [(each.url, each.latest) for each in shelf.subscriptions.all()] == [(NEW, 2)]
    assert shelf.subscriptions.offers(NEW) == {"one": "2"}
    assert shelf.subscriptions.offers(TIDE) == {}


# What a feed no longer lists


def aired(number: int, *, show: Show = SHOW, key: str = "", undated: bool = False) -> Episode:
    """Give the episode of that day in January."""
    known = key or f"guid:{show.id}|{number}"
    return Episode(
        id=identity.episode_id(known, f"Talk {number}"),
        key=known,
        title=f"Talk {number}",
        show=show,
        published=None if undated else date(2024, 1, number),
    )


def put(shelf: Shelf, *episodes: Episode, also: tuple[str, ...] = ()) -> None:
    for each in episodes:
        shelf.library.save(Entry(each, {}, (), also))


def listed(*numbers: int) -> frozenset[str]:
    return frozenset(f"guid:tide|{number}" for number in numbers)


def note(shelf: Shelf, keys: frozenset[str], oldest: int | None, *, day: date = TODAY) -> int:
    since = None if oldest is None else date(2024, 1, oldest)
    return shelf.subscriptions.note_withdrawn(SHOW, keys, oldest=since, day=day)


def withdrawn(shelf: Shelf, episode: Episode) -> date | None:
    return shelf.library.episode(episode.id).withdrawn


def test_an_episode_that_is_missing_among_younger_ones_was_withdrawn(shelf: Shelf) -> None:
    put(shelf, aired(3), aired(4), aired(5))

    assert note(shelf, listed(3, 5), 3) == 1

    assert [withdrawn(shelf, aired(n)) for n in (3, 4, 5)] == [None, TODAY, None]


def test_the_newest_can_be_withdrawn_too(shelf: Shelf) -> None:
    put(shelf, aired(3), aired(4))

    assert note(shelf, listed(3), 3) == 1
    assert withdrawn(shelf, aired(4)) == TODAY


@pytest.mark.parametrize("oldest", [2, 3, None])
def test_an_episode_that_scrolled_off_was_not_withdrawn(shelf: Shelf, oldest: int | None) -> None:
    put(shelf, aired(1), aired(2), aired(5, undated=True))

    assert note(shelf, listed(3), oldest) == 0
    assert {withdrawn(shelf, each) for each in (aired(1), aired(2), aired(5))} == {None}


def test_the_day_on_which_it_was_first_missed_stays(shelf: Shelf) -> None:
    put(shelf, aired(3), aired(4))
    note(shelf, listed(3), 3)

    assert note(shelf, listed(3), 3, day=date(2024, 7, 1)) == 0
    assert withdrawn(shelf, aired(4)) == TODAY


@pytest.mark.parametrize("oldest", [3, None])
def test_an_episode_that_comes_back_is_not_withdrawn_any_more(
    shelf: Shelf, oldest: int | None
) -> None:
    put(shelf, aired(3), aired(4))
    note(shelf, listed(3), 3)

    assert note(shelf, listed(3, 4), oldest) == 0
    assert withdrawn(shelf, aired(4)) is None


def test_an_episode_with_a_new_guid_is_listed_still(shelf: Shelf) -> None:
    put(shelf, aired(4), also=("guid:tide|four",))
    put(shelf, aired(5))

    assert note(shelf, frozenset({"guid:tide|3", "guid:tide|four"}), 3) == 1
    assert withdrawn(shelf, aired(4)) is None
    assert withdrawn(shelf, aired(5)) == TODAY


def test_other_shows_and_files_are_left_alone(shelf: Shelf) -> None:
    other = Show("tide-2", "The Tide 2")
    others = (
        aired(4, show=other),
        aired(5, key="audio:" + "ab" * 32),
        aired(6, key="document:tide|talk-6"),
        aired(7, key="guid:tide-2|7"),
        aired(8, key="enclosure:https://cdn.example/8.mp3|Talk 8"),
    )
    put(shelf, *others)

    assert note(shelf, listed(3), 3) == 0
    assert {withdrawn(shelf, each) for each in others} == {None}


def test_an_alias_of_another_show_lists_nothing_here(shelf: Shelf) -> None:
    elsewhere = replace(aired(9, show=Show("other", "Other")), withdrawn=TODAY)
    put(shelf, elsewhere, also=("guid:tide|3",))

    assert note(shelf, listed(3), 3) == 0
    assert withdrawn(shelf, elsewhere) == TODAY


def test_a_feed_may_list_more_than_a_statement_can_hold(shelf: Shelf) -> None:
    put(shelf, aired(4), aired(5))
    many = frozenset(f"guid:tide|{number}" for number in range(5, 40_000))

    assert note(shelf, many, 3) == 1
    assert withdrawn(shelf, aired(4)) == TODAY
