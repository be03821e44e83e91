"""The page Board in a real browser: a vote shows on it, its toggles answer, its votes can be taken away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from eval import export
from eval.polls import Polls
from tests import sample_work
from tests.e2e.conftest import Site, one_look, sample_site

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a sample library of this file's own: each look casts votes, and battles are bounded."""
    with sample_site(tmp_path_factory.mktemp("board")) as served:
        yield served


@pytest.fixture(scope="module")
def address(site: Site) -> str:
    return site.address


def come(page: Page) -> None:
    page.goto("/board")
    expect(page.get_by_role("button", name="Board as HTML")).to_be_visible(timeout=30_000)


def votes(page: Page) -> int:
    return int(page.get_by_text(" questions, ").inner_text().split()[0])


def test_the_board_fits_the_screen_and_tells_each_interval(
    page: Page, look: str, pictures: Path
) -> None:
    come(page)
    for contestant in sample_work.CONTESTANTS:
        row = page.get_by_role("row", name=contestant.name).first
        expect(row).to_contain_text(" to ")
    page.screenshot(path=pictures / f"{look}-board.png")

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_vote_is_on_the_board_at_once(page: Page) -> None:
    come(page)
    before = votes(page)
    # A control is in no rating, so the vote may be one that the board does not count.
    for _ in range(3):
        page.goto("/arena")
        page.get_by_role("button", name="A is better").click(timeout=30_000)
        expect(page.get_by_role("button", name="Next battle")).to_be_visible()
        page.get_by_role("button", name="Next battle").click()
        expect(page.get_by_role("button", name="A is better")).to_be_visible()

    come(page)

    assert before < votes(page) <= before + 3


@one_look
def test_style_judge_and_both_can_be_asked_for(page: Page) -> None:
    come(page)
    page.get_by_text("Style left aside").click()
    expect(page.get_by_role("table").first).to_be_visible()
    page.get_by_text("People and judge", exact=True).click()
    expect(page.get_by_role("table", name="Preference by people")).to_be_visible()
    page.get_by_text("Judge", exact=True).click()
    expect(page.get_by_role("row", name="agrees with people")).to_be_visible()


@one_look
def test_votes_can_be_taken_away_and_read_again(page: Page, site: Site) -> None:
    come(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Votes as CSV").click()

    text = Path(taken.value.path()).read_text("utf-8")
    found = export.parse(text, "csv")
    library = sample_work.library(site.folder)
    sample_work.library.cache_clear()
    known = Polls(library).ballots.ballots()
    library.close()
    assert found == known
