"""The library in a real browser, over the real app: an episode is added and lands."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import violations

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

TALK = """Ada: We publish the weights of every model that we train.
Ben: And who pays for the {animal}?
Ada: The subnet pays for the {animal}, every single week.
"""
ANIMALS = {
    "desktop-light": "aardvark",
    "desktop-dark": "badger",
    "phone-light": "capybara",
    "phone-dark": "dormouse",
}


@pytest.mark.models
def test_an_episode_that_is_added_lands_while_one_watches(own_page: Page, look: str) -> None:
    page, animal = own_page, ANIMALS[look]
    title = f"Who pays for the {animal}"
    page.goto("/library")
    page.get_by_text("Add an episode").click(timeout=60_000)
    page.get_by_role("tab", name="Text").click()
    page.get_by_role("textbox", name="A transcript or show notes").fill(TALK.format(animal=animal))
    panel = page.get_by_role("tabpanel").filter(has_text="A transcript or show notes")
    panel.get_by_role("textbox", name="Title").fill(title)
    panel.get_by_role("button", name="Add").click()

    expect(page.locator(".task", has_text=title).first).to_be_visible(timeout=30_000)
    expect(page.locator(".task", has_text=title).locator(".badge", has_text="Done")).to_be_visible(
        timeout=120_000
    )
    card = page.locator(".card", has_text=title)
    expect(card).to_be_visible(timeout=30_000)

    search = page.get_by_label("Search titles, people and words")
    search.fill(f"the subnet pays for the {animal}")
    search.press("Enter")
    passage = page.locator(".card", has_text=f"The subnet pays for the {animal}").first
    expect(passage).to_be_visible(timeout=60_000)
    passage.locator(".title").click()
    expect(page.locator(".line.marked").first).to_contain_text(animal, timeout=30_000)


def test_what_is_no_address_is_refused_and_says_why(page: Page) -> None:
    page.goto("/library")
    page.get_by_text("Add an episode").click(timeout=30_000)
    box = page.get_by_role("textbox", name="Address of a feed")
    box.fill("/etc/passwd")
    box.press("Enter")

    expect(page.get_by_text("That is not an address")).to_be_visible()


def test_nothing_keeps_anybody_out(page: Page) -> None:
    page.goto("/library")
    expect(page.locator(".card").first).to_be_visible(timeout=30_000)
    assert violations(page) == []
    page.get_by_text("Add an episode").click()
    for name in ("Address", "File", "Text"):
        page.get_by_role("tab", name=name).click()
        page.wait_for_timeout(500)
        assert violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
