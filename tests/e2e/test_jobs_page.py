"""The page Jobs in a real browser: it follows the work, and its buttons do what they say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from kb.errors import SourceError
from kb.jobs import Jobs, State
from tests import sample_work
from tests.e2e.conftest import Site, one_look

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture
def jobs(site: Site) -> Iterator[Jobs]:
    library = sample_work.library(site.folder)
    yield Jobs(library)
    library.close()
    sample_work.library.cache_clear()


def task(page: Page, title: str) -> Locator:
    return page.get_by_role("article").filter(has=page.get_by_role("heading", name=title))


def come(page: Page) -> None:
    page.goto("/jobs")
    expect(task(page, "The failed talk")).to_be_visible(timeout=30_000)


def test_every_job_says_where_it_stands(page: Page, look: str, pictures: Path) -> None:
    come(page)
    failed = task(page, "The failed talk")
    expect(failed).to_contain_text("The audio ends at 14:56, the feed says 30:02")
    expect(task(page, "The running talk").get_by_role("progressbar")).to_be_visible()
    page.screenshot(path=pictures / f"{look}-jobs.png")

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@one_look
def test_the_page_follows_the_work_without_being_touched(page: Page, jobs: Jobs) -> None:
    jobs.open("new-1", parcel="new", origin="https://feeds.example/new", title="The new talk")
    come(page)
    mine = task(page, "The new talk")
    expect(mine).to_contain_text("Waiting")

    jobs.begin("new-1", "transcribe")
    jobs.advance("new-1", 0.25)
    expect(mine).to_contain_text("transcribe 25%")
    page.get_by_role("button", name="Cancel: The new talk").focus()
    jobs.advance("new-1", 0.75)
    expect(mine).to_contain_text("transcribe 75%")
    expect(page.get_by_role("button", name="Cancel: The new talk")).to_be_focused()

    jobs.fail("new-1", SourceError("It holds no speech", hint="Is it music?"))
    expect(mine).to_contain_text("It holds no speech")
    expect(mine).to_contain_text("Is it music?")


@one_look
def test_a_job_is_cancelled_and_tried_again(page: Page, jobs: Jobs) -> None:
    jobs.open("mine-1", parcel="mine", origin="https://feeds.example/mine", title="My talk")
    come(page)
    page.get_by_role("button", name="Cancel: My talk").click()
    expect(task(page, "My talk")).to_contain_text("Cancelled")
    assert jobs.job("mine-1").state is State.CANCELLED

    page.get_by_role("button", name="Try again: My talk").press("Enter")

    expect(task(page, "My talk")).to_contain_text("attempt 2")
    assert jobs.job("mine-1").state is State.WAITING
    jobs.cancel("mine-1")
