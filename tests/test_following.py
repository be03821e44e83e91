"""Followed shows: what is new is sent on its way, once, whatever the feed and the network do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from ingest.following import Follower, Synced
from ingest.ports import Found
from ingest.sources.feed import FeedSource
from ingest.sources.feed_xml import parse
from kb.errors import AudioError, DiskFullError, FetchError, NotFoundError, SourceError
from kb.library import SqlLibrary
from kb.models import Entry
from kb.subscriptions import Subscription, Subscriptions
from tests.test_library import opened, sqlite_url
from tests.test_sources_feed import SHOW, Web
from tests.test_sources_feed_listing import NEW, feed, item

FULL = DiskFullError("The disk is full", hint="Make room.")


@dataclass
class House:
    """A library that follows one feed, and what is sent on its way; `breaks` after so many."""

    library: SqlLibrary
    web: Web = field(default_factory=Web)
    sent: list[Found] = field(default_factory=list[Found])
    breaks: int = 99

    @property
    def subscriptions(self) -> Subscriptions:
        return Subscriptions(self.library)

    def follow(self, url: str = SHOW, *, latest: int = 2) -> None:
        self.subscriptions.follow(url, latest=latest)

    def submit(self, found: Found) -> None:
        if len(self.sent) == self.breaks:
            raise FULL
        self.sent.append(found)

    def sync(self, *items: str, url: str = SHOW, title: str = "Tide") -> list[str]:
        """Read the feed with these items; give the titles that were sent."""
        self.web.pages[url] = feed(*items, head=f"<title>{title}</title>")
        before = len(self.sent)
        self.read(url)
        return [found.episode.title for found in self.sent[before:]]

    def read(self, url: str = SHOW) -> Synced:
        feeds = FeedSource(self.web, parse=parse)
        follower = Follower(self.subscriptions, feeds, self.submit, today=lambda: date(2024, 6, 1))
        return follower.sync(url)

    def land(self) -> None:
        """Let what was sent arrive in the library."""
        for found in self.sent:
            self.library.save(Entry(found.episode, {}, (), found.also))

    def standing(self) -> Subscription:
        (only,) = self.subscriptions.all()
        return only


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(sqlite_url(tmp_path), tmp_path) as library:
        yield House(library)


# What is sent


def test_at_first_the_newest_few_are_sent_and_the_rest_is_passed_over_for_good(
    house: House,
) -> None:
    house.follow(latest=2)

    assert house.sync(*map(item, (1, 2, 3, 4))) == ["Talk 4", "Talk 3"]
    assert house.sync(*map(item, (1, 2, 3, 4))) == []
    assert house.sync(item(1, title="Talk 1 (new sound)"), *map(item, (2, 3, 4))) == []


def test_later_every_new_one_is_sent(house: House) -> None:
    house.follow(latest=1)
    house.sync(item(1))

    assert house.sync(*map(item, range(1, 9))) == [f"Talk {n}" for n in range(8, 1, -1)]


@pytest.mark.parametrize("latest", [0, 5])
def test_a_first_reading_may_take_none_or_all(house: House, latest: int) -> None:
    house.follow(latest=latest)

    assert len(house.sync(*map(item, (1, 2, 3)))) == min(latest, 3)
    assert house.sync(*map(item, (1, 2, 3, 4))) == ["Talk 4"]


def test_an_unchanged_feed_does_nothing(house: House) -> None:
    house.follow()
    house.sync(item(1), item(2))

    assert house.read() == Synced("Tide", 0, "nothing new")
    assert house.standing().outcome == "nothing new"


def test_an_episode_that_changed_is_sent_again_once(house: House) -> None:
    house.follow()
    house.sync(item(1), item(2))

    assert house.sync(item(1), item(2, title="Talk 2, whole")) == ["Talk 2, whole"]
    assert house.sync(item(1), item(2, title="Talk 2, whole")) == []


def test_a_rotating_address_is_no_change(house: House) -> None:
    house.follow()
    house.sync(item(1, query="?sig=1"))

    assert house.sync(item(1, query="?sig=2")) == []


def test_a_show_that_takes_a_new_title_keeps_its_episodes(house: House) -> None:
    house.follow()
    house.sync(item(1), item(2))

    assert house.sync(item(1), item(2), title="The High Tide") == []
    assert (house.standing().title, house.standing().show_id) == ("The High Tide", "tide")


# Broken off


def test_a_first_reading_that_is_broken_off_goes_on(house: House) -> None:
    house.follow(latest=3)
    house.breaks = 1
    with pytest.raises(DiskFullError):
        house.sync(*map(item, (1, 2, 3, 4)))
    house.breaks = 99

    assert house.sync(*map(item, (1, 2, 3, 4))) == ["Talk 3", "Talk 2"]
    assert house.sync(*map(item, (1, 2, 3, 4))) == []
    assert [found.episode.title for found in house.sent] == ["Talk 4", "Talk 3", "Talk 2"]


def test_what_was_sent_before_it_broke_off_is_not_passed_over(house: House) -> None:
    house.follow(latest=2)
    house.breaks = 1
    with pytest.raises(DiskFullError):
        house.sync(item(1), item(2))
    house.breaks = 99

    assert house.sync(*map(item, (1, 2, 3, 4))) == ["Talk 4", "Talk 3"]
    assert house.sync(item(1), item(2, title="Talk 2, whole"), item(3), item(4)) == [
        "Talk 2, whole"
    ]


def test_a_later_reading_that_is_broken_off_goes_on(house: House) -> None:
    house.follow()
    house.sync(item(1))
    house.breaks = 2
    with pytest.raises(DiskFullError):
        house.sync(*map(item, (1, 2, 3)))
    house.breaks = 99

    assert house.sync(*map(item, (1, 2, 3))) == ["Talk 2"]


# Moves


def test_a_feed_that_moves_takes_along_what_it_listed(house: House) -> None:
    house.follow()
    house.sync(item(1), item(2))
    house.web.moved[SHOW] = NEW
    house.web.pages[NEW] = feed(item(1), item(2), item(3))

    synced = house.read()

    assert synced == Synced("Tide", 1, f"1 new or changed episode, moved to {NEW}")
    assert house.standing().url == NEW
    assert house.standing().latest == 2
    assert house.read(NEW) == Synced("Tide", 0, "nothing new")
    with pytest.raises(NotFoundError):
        house.read(SHOW)


def test_a_feed_may_move_before_it_was_ever_read(house: House) -> None:
    house.follow(latest=1)
    house.web.moved[SHOW] = NEW
    house.web.pages[NEW] = feed(item(1), item(2))

    assert house.read().submitted == 1
    assert house.read(NEW).submitted == 0


def test_a_feed_stays_where_it_is_until_its_new_place_can_be_read(house: House) -> None:
    house.follow()
    house.sync(item(1))
    moved = f"<title>Tide</title><itunes:new-feed-url>{NEW}</itunes:new-feed-url>"
    house.web.pages[SHOW] = feed(item(1), head=moved)

    assert house.read() == Synced("Tide", 0, "nothing new")
    assert house.standing().url == SHOW


@pytest.mark.parametrize("taken", [0, 1])
def test_a_feed_that_moves_to_one_that_is_followed_is_left_to_that(
    house: House, taken: int
) -> None:
    house.follow(latest=2)
    house.sync(*map(item, (1, 2, 3)))
    house.follow(NEW, latest=1)
    if not taken:  # it was read before
        house.sync(*map(item, (1, 2, 3)), url=NEW, title="Tide at its new place")
    house.web.pages[NEW] = feed(*map(item, (1, 2, 3)))
    house.web.moved[SHOW] = NEW
    before = len(house.sent)

    synced = house.read()

    assert synced == Synced("Tide", 0, f"followed at {NEW} already")
    assert len(house.sent) == before
    assert (house.standing().url, house.standing().latest) == (NEW, 1)
    assert house.read(NEW).submitted == taken


# Withdrawn


def test_what_the_publisher_withdraws_is_marked_until_it_comes_back(house: House) -> None:
    house.follow(latest=3)
    house.sync(*map(item, (1, 2, 3)))
    house.land()

    house.web.pages[SHOW] = feed(item(1), item(3))
    gone = house.read()
    episode_id = house.sent[1].episode.id
    marked = house.library.episode(episode_id).withdrawn
    house.sync(*map(item, (1, 2, 3)))

    assert gone.outcome == "nothing new, 1 withdrawn by the publisher"
    assert marked == date(2024, 6, 1)
    assert house.library.episode(episode_id).withdrawn is None


def test_what_scrolls_off_is_not_withdrawn(house: House) -> None:
    house.follow(latest=3)
    house.sync(*map(item, (1, 2, 3)))
    house.land()

    house.sync(*map(item, (2, 3, 4)))

    assert {house.library.episode(each.episode.id).withdrawn for each in house.sent[:3]} == {None}


# Failures


def test_a_feed_that_cannot_be_fetched_is_noted_until_it_can(house: House) -> None:
    house.follow()
    house.sync(item(1))
    del house.web.pages[SHOW]
    for _ in range(2):
        with pytest.raises(FetchError, match="404"):
            house.read()
    failed = house.standing()
    house.sync(item(1), item(2))

    assert (failed.failures, failed.title) == (2, "Tide")
    assert "404" in failed.outcome
    assert (house.standing().failures, house.standing().outcome) == (0, "1 new or changed episode")


@pytest.mark.parametrize("page", [b"", b"<html>Not found</html>", b"<rss><channel>", feed()])
def test_a_damaged_feed_is_noted_and_withdraws_nothing(house: House, page: bytes) -> None:
    house.follow()
    house.sync(item(1), item(2))
    house.land()
    house.web.pages[SHOW] = page

    with pytest.raises(SourceError) as refusal:
        house.read()

    assert (house.standing().failures, house.standing().outcome) == (1, str(refusal.value))
    assert {house.library.episode(each.episode.id).withdrawn for each in house.sent} == {None}
    assert house.sync(item(1), item(2)) == []


@pytest.mark.parametrize("error", [FULL, AudioError("talk.mp3 is not audio", hint="Look.")])
def test_what_goes_wrong_while_sending_is_noted_too(
    house: House, monkeypatch: pytest.MonkeyPatch, error: DiskFullError | AudioError
) -> None:
    def refuse(_found: Found) -> None:
        raise error

    house.follow()
    monkeypatch.setattr(house, "submit", refuse)
    with pytest.raises(type(error)):
        house.sync(item(1))

    assert (house.standing().failures, house.standing().outcome) == (1, str(error))
    assert house.standing().checked is not None


def test_a_feed_that_is_not_followed_is_not_read(house: House) -> None:
    with pytest.raises(NotFoundError, match="is not followed"):
        house.read()
    assert house.web.asked == []


def test_what_was_found_is_what_a_reading_of_the_feed_finds(house: House) -> None:
    house.follow(latest=1)
    house.sync(item(1), item(2))

    (direct,) = FeedSource(house.web, parse=parse).read(SHOW, latest=1)
    assert house.sent == [direct]
