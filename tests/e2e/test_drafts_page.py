"""Drafts in a real browser: a thesis with an unsupported sentence marked, and its export."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.test_app import ask, turn_to

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

QUESTION = "Why throw a benchmark away?"
FALSE = "Jonas said: “A benchmark that leaked into training measures skill alone.”"


def test_a_thesis_is_made_its_false_quote_marked_and_kept_out_of_the_export(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    pick = page.get_by_role("button", name="Use in a draft").first
    pick.click(timeout=30_000)
    expect(pick).to_have_attribute("aria-pressed", "true")
    turn_to(page, "Drafts")
    expect(page.get_by_text("Chosen passages")).to_be_visible(timeout=30_000)
    page.get_by_role("textbox", name="Question").fill(QUESTION)
    page.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_text("sentences can be published")).to_be_visible(timeout=60_000)
    marks = page.locator(".mark")
    expect(marks.filter(has_text="Quoted").first).to_be_visible()

    page.get_by_text("Add a sentence").click()
    page.get_by_role("textbox", name="Sentence").fill(FALSE)
    page.get_by_role("button", name="Add", exact=True).click()

    expect(marks.filter(has_text="Unsupported").first).to_be_visible(timeout=30_000)
    expect(page.locator("s").first).to_contain_text("measures skill alone")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as Markdown").click()
    written = download.value.path().read_text("utf-8")
    assert "measures memory" in written
    assert "measures skill alone" not in written
    assert "## Receipts" in written


def test_a_sentence_is_edited_and_checked_at_once(page: Page) -> None:
    page.goto("/drafts")
    page.get_by_role("textbox", name="Question").fill(QUESTION, timeout=30_000)
    page.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_text("sentences can be published")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Edit: No problem was named").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Sentence").fill("We think that leaks are the problem.")
    dialog.get_by_role("textbox", name="Sentence").press("Tab")
    dialog.get_by_role("button", name="Save").click()

    edited = page.locator(".claim", has_text="We think that leaks are the problem.")
    expect(edited.locator(".mark")).to_have_text("◇ Own view", timeout=30_000)


def test_nothing_keeps_anybody_out(page: Page) -> None:
    page.goto("/drafts")
    page.get_by_role("textbox", name="Question").fill(QUESTION, timeout=30_000)
    assert violations(page) == []
    page.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_text("sentences can be published")).to_be_visible(timeout=60_000)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
