"""The page Arena in a real browser: nothing of the contestants is sent before the vote, and one vote."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, WebSocket, expect

from eval.models import Ballot, Choice, Vote
from eval.polls import Polls
from tests import sample_work
from tests.e2e.conftest import Site, one_look, opened
from tests.e2e.player import near
from ui import identity

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture
def polls(site: Site) -> Iterator[Polls]:
    library = sample_work.library(site.folder)
    yield Polls(library)
    library.close()
    sample_work.library.cache_clear()


def mine(polls: Polls) -> list[Ballot]:
    return [each for each in polls.ballots.ballots() if each.voter_id == identity.here()]


def come(page: Page) -> None:
    """Open the page and leave what was judged before."""
    page.goto("/arena")
    expect(page.get_by_role("button", name="A is better")).to_be_visible(timeout=30_000)


def battle(page: Page) -> str:
    page.wait_for_url(re.compile("battle="))
    return page.url.partition("battle=")[2].partition("&")[0]


def test_a_vote_by_key_is_stored_told_in_words_and_stays_one(page: Page, polls: Polls) -> None:
    before = len(mine(polls))
    come(page)
    judged = battle(page)
    page.keyboard.press("1")

    told = page.get_by_role("heading", name=re.compile("^You chose the left answer, A: "))
    expect(told).to_be_visible()
    expect(told).to_be_in_viewport()
    assert [each.battle_id for each in mine(polls)[before:]] == [judged]

    page.reload()
    expect(told).to_be_visible(timeout=30_000)
    page.keyboard.press("2")
    page.keyboard.press("1")
    expect(told).to_be_visible()
    assert len(mine(polls)) == before + 1

    page.get_by_role("button", name="Next battle").click()
    expect(page.get_by_role("button", name="A is better")).to_be_visible()
    assert battle(page) != judged
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@one_look
def test_a_reload_before_the_vote_shows_the_same_battle(page: Page) -> None:
    come(page)
    drawn, question = battle(page), page.get_by_role("heading", level=2).first.inner_text()

    page.reload()

    expect(page.get_by_role("heading", level=2).first).to_have_text(question, timeout=30_000)
    assert battle(page) == drawn


@one_look
def test_a_citation_of_a_side_is_heard_at_its_second(page: Page) -> None:
    come(page)
    chip = page.get_by_role("link", name="Source 1:").first
    minutes, seconds = str(chip.get_attribute("aria-label")).rpartition(" ")[2].split(":")

    chip.click()

    page.wait_for_function(near(1.5), arg=60 * int(minutes) + int(seconds))
    expect(page.locator(".line.marked")).to_be_visible()
    expect(page.get_by_role("button", name="A is better")).to_be_visible()


@one_look
def test_a_reason_may_hold_figures_that_are_no_votes(page: Page, polls: Polls) -> None:
    before = len(mine(polls))
    come(page)
    page.get_by_text("Say more with your vote").click()
    page.get_by_label("Your reason").press_sequentially("Only 2 of 4 talks say so, 1 twice")
    page.get_by_role("button", name="B is better").click()

    expect(page.get_by_role("button", name="Next battle")).to_be_visible()
    [vote] = mine(polls)[before:]
    assert vote.winner is Choice.B
    assert vote.reasons == ("Only 2 of 4 talks say so, 1 twice",)


@one_look
def test_two_tabs_and_a_double_click_cast_one_vote(
    page: Page, browser: Browser, site: Site, polls: Polls
) -> None:
    come(page)
    before = len(mine(polls))
    with opened(browser, site.address, "desktop-light") as other:
        come(other)
        assert battle(other) == battle(page)
        page.get_by_role("button", name="A tie").dblclick()
        expect(page.get_by_text("You called it a tie.")).to_be_visible()

        other.get_by_role("button", name="A is better").click()

        expect(other.get_by_text("You called it a tie.")).to_be_visible()
    assert [each.winner for each in mine(polls)[before:]] == [Choice.TIE]


def test_by_keyboard_alone(page: Page, polls: Polls) -> None:
    before = len(mine(polls))
    come(page)
    button = page.get_by_role("button", name="Both bad")
    for _ in range(60):
        page.keyboard.press("Tab")
        if button.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.press("Enter")

    expect(page.get_by_text("You found both answers bad.")).to_be_visible()
    assert len(mine(polls)) == before + 1


@one_look
def test_in_twenty_battles_nothing_that_is_sent_before_the_vote_names_a_contestant(
    page: Page, polls: Polls
) -> None:
    seen, traffic = set[str](), _recorded(page)
    for _ in range(20):
        come(page)
        judged = battle(page)
        page.get_by_role("link", name="Source 1:").first.click()
        expect(page.locator(".line.marked")).to_be_visible()
        seen.add(judged)
        # Stored past the page: it goes on to the next battle without having been told a name.
        polls.ballots.cast(Vote(identity.here(), judged, Choice.TIE))
    said = b" ".join(traffic)
    assert len(seen) == 20
    assert all(each.encode() in said for each in seen)
    assert said.count(b"What is heard here is ") >= 20  # what components draw is looked at too
    assert [word for word in sample_work.SECRETS if word.encode() in said] == []


def _recorded(page: Page) -> list[bytes]:
    """Keep all that the browser is sent: what is fetched, and what comes by the socket."""
    kept = list[bytes]()

    def fetched(request: Request) -> None:
        kept.append(request.url.encode())
        response = request.response()
        if response and response.ok and "/audio/" not in request.url:
            kept.append(response.body())

    def sent(payload: bytes | str) -> None:
        kept.append(payload if isinstance(payload, bytes) else payload.encode())

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", sent)

    page.on("websocket", listen)
    page.on("requestfinished", fetched)
    return kept
