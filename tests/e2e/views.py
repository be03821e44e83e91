"""Every view of the app as a person meets it: the way there, and what shows that it is drawn.

`test_accessibility` looks at each, `pictures` takes a picture of some.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import settled

_LONG = 30_000
QUESTION = "Why throw a benchmark away?"


@dataclass(frozen=True, slots=True)
class View:
    """A page at an address; `drawn` finds what is there last, `then` goes on from there."""

    address: str
    drawn: Callable[[Page], Locator]
    then: Callable[[Page], None] = lambda _: None

    def show(self, page: Page) -> None:
        """Go there, and wait until it stands."""
        page.goto(self.address)
        expect(self.drawn(page)).to_be_visible(timeout=_LONG)
        self.then(page)
        settled(page)


def _vote(page: Page) -> None:
    page.get_by_role("button", name="A is better").click()
    expect(page.get_by_role("button", name="Next battle")).to_be_visible()


def _more(page: Page) -> None:
    page.get_by_text("Say more with your vote").click()
    expect(page.get_by_label("Your reason")).to_be_visible()


def _listen(page: Page) -> None:
    page.get_by_role("link", name="Source 1:").first.click()
    expect(page.locator(".line.marked")).to_be_visible()


def _unfold(page: Page) -> None:
    for title in ("Pair by pair", "What sways a vote", "Audit of the voters"):
        page.get_by_text(title, exact=True).click()
    expect(page.get_by_role("table", name="Voters, least likely honest first")).to_be_visible()


def _fused(page: Page) -> None:
    page.get_by_text("People and judge", exact=True).click()
    expect(page.get_by_role("table", name="Preference by people")).to_be_visible()


def _ballot(page: Page) -> Locator:
    return page.get_by_role("button", name="A is better")


def _whole_board(page: Page) -> Locator:
    return page.get_by_role("button", name="Board as HTML")


VIEWS: Mapping[str, View] = {
    "ask": View("/", lambda page: page.get_by_role("link", name=QUESTION)),
    "answer": View(
        f"/?q={QUESTION}", lambda page: page.get_by_role("link", name="Source 1:").first, _listen
    ),
    "library": View("/library", lambda page: page.get_by_text("Open weights, closed books").first),
    "episode": View("/episode?ep=evals-1&t=246", lambda page: page.locator(".line.marked").first),
    "drafts": View("/drafts", lambda page: page.get_by_role("button").last),
    "arena": View("/arena", _ballot, _more),
    "listening": View("/arena", _ballot, _listen),
    "reveal": View("/arena", _ballot, _vote),
    "board": View("/board", _whole_board, _unfold),
    "fused": View("/board", _whole_board, _fused),
    "jobs": View("/jobs", lambda page: page.get_by_text("The failed talk")),
}
