"""The app in a real browser: ask, follow a citation, hear it at its second."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.conftest import one_look
from tests.e2e.player import SOUNDING, near
from tests.sample_house import HOSTILE

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

QUESTION = "Why throw a benchmark away?"
START, WORDS = 246.0, "A benchmark that leaked into training measures memory."
_NEAR = near(1)


def ask(page: Page, question: str) -> None:
    box = page.get_by_role("textbox", name="Question")
    box.fill(question)
    box.press("Enter")


def heard(page: Page) -> float:
    return float(page.locator("audio").evaluate("audio => audio.currentTime"))


def _paused(page: Page) -> bool:
    return bool(page.locator("audio").evaluate("audio => audio.paused"))


def test_a_citation_opens_the_player_at_its_second_with_the_line_marked(
    page: Page, look: str, pictures: Path
) -> None:
    page.goto("/")
    expect(page.get_by_role("link", name=QUESTION)).to_be_visible(timeout=30_000)
    page.screenshot(path=pictures / f"{look}-1-first.png")
    ask(page, QUESTION)
    chip = page.get_by_role("link", name="Source 1:")
    expect(chip).to_be_visible()
    page.screenshot(path=pictures / f"{look}-2-answer.png", full_page=True)

    chip.click()

    marked = page.locator(".line.marked")
    expect(marked).to_have_text(WORDS)
    expect(marked).to_be_in_viewport()
    page.wait_for_function(_NEAR, arg=START)
    assert heard(page) >= START - 0.05
    page.screenshot(path=pictures / f"{look}-3-player.png")


def test_the_page_is_no_wider_than_the_screen(page: Page, look: str, pictures: Path) -> None:
    page.goto("/episode?ep=evals-1&t=246")
    expect(page.locator(".line.marked")).to_have_text(WORDS, timeout=30_000)
    page.screenshot(path=pictures / f"{look}-4-episode.png", full_page=True)
    page.goto("/library")
    expect(page.get_by_text("Open weights, closed books")).to_be_visible(timeout=30_000)
    page.screenshot(path=pictures / f"{look}-5-library.png")

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_plays_goes_on_while_the_next_question_is_asked(page: Page) -> None:
    page.goto(f"/?q={QUESTION}")
    page.get_by_role("link", name="Source 1:").click(timeout=30_000)
    page.wait_for_function(SOUNDING)
    page.locator("audio").evaluate("audio => { audio.currentTime = 100 }")

    ask(page, "Who keeps the books?")

    expect(page.get_by_text("Not on the record")).to_be_visible()
    assert not _paused(page)
    assert 100 < heard(page) < 120


@one_look
def test_the_same_citation_can_be_heard_again(page: Page) -> None:
    page.goto(f"/?q={QUESTION}")
    chip = page.get_by_role("link", name="Source 1:")
    chip.click(timeout=30_000)
    page.wait_for_function(SOUNDING)
    page.locator("audio").evaluate("audio => { audio.currentTime = 10 }")

    chip.click()

    page.wait_for_function(_NEAR, arg=START)
    expect(chip).to_be_focused()


def test_a_permalink_stands_ready_at_its_second(page: Page) -> None:
    page.goto("/?ep=evals-1&t=246")

    expect(page.locator(".line.marked")).to_have_text(WORDS, timeout=30_000)
    page.wait_for_function(_NEAR, arg=START)
    assert _paused(page)


@one_look
def test_a_chapter_jumps_and_plays(page: Page) -> None:
    page.goto("/episode?ep=evals-1")
    page.get_by_role("link", name="3:00").first.click(timeout=30_000)

    page.wait_for_function(_NEAR, arg=180.0)
    assert not _paused(page)


@one_look
def test_a_suggestion_asks_itself_and_the_address_keeps_the_question(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=QUESTION).click(timeout=30_000)

    expect(page.get_by_role("link", name="Source 1:")).to_be_visible()
    expect(page.get_by_role("textbox", name="Question")).to_have_value(QUESTION)
    page.reload()
    expect(page.get_by_role("link", name="Source 1:")).to_be_visible(timeout=30_000)


@one_look
def test_hostile_titles_are_shown_as_written(page: Page) -> None:
    page.goto("/episode?ep=brief-3")

    expect(page.get_by_role("heading", name=HOSTILE)).to_be_visible(timeout=30_000)
    assert page.locator("img[src*=canary]").count() == 0


@pytest.mark.models
def test_a_real_answer_is_heard_where_its_citation_says(real_page: Page, pictures: Path) -> None:
    real_page.goto("/")
    expect(real_page.locator(".cards.plain .title").first).to_be_visible(timeout=30_000)
    real_page.screenshot(path=pictures / "real-1-first.png")
    ask(real_page, "Why keep an exam around that everybody already aces?")
    chip = real_page.get_by_role("link", name="Source 1:")
    chip.click(timeout=60_000)

    # The example's words about the alarm are spoken from 0:49 to 0:59.
    expect(chip).to_have_attribute("aria-label", re.compile("0:49$"))
    expect(real_page.locator(".line.marked").last).to_contain_text("alarm")
    expect(real_page.locator(".line.marked").first).to_be_in_viewport()
    real_page.wait_for_function(_NEAR, arg=49.3)
    real_page.wait_for_function(SOUNDING)
    real_page.screenshot(path=pictures / "real-2-player.png")


@one_look
def test_an_earlier_link_into_the_library_opens_the_episode(page: Page) -> None:
    page.goto("/library?ep=evals-1&t=246")

    expect(page.locator(".line.marked")).to_have_text(WORDS, timeout=30_000)
    assert "/episode?" in page.url


@one_look
def test_earlier_answers_stay_and_can_be_opened(page: Page) -> None:
    page.goto(f"/?q={QUESTION}")
    expect(page.get_by_role("link", name="Source 1:")).to_be_visible(timeout=30_000)
    ask(page, "Who keeps the books?")
    expect(page.get_by_role("heading", name="Not on the record")).to_be_visible()

    page.locator("summary", has_text=QUESTION).click()

    page.get_by_role("link", name="Source 1:").click()
    expect(page.locator(".line.marked")).to_have_text(WORDS)


@one_look
def test_an_answer_is_copied_as_markdown_with_links(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/?q={QUESTION}")
    page.get_by_role("button", name="Copy as Markdown").click(timeout=30_000)

    expect(page.get_by_text("Copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"[1]({address}/?ep=evals-1&t=246)" in copied


def test_by_keyboard_alone_a_question_is_asked_and_its_citation_heard(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("textbox", name="Question")).to_be_visible(timeout=30_000)
    _tab_to(page, "Question")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Source 1:")).to_be_visible()
    _tab_to(page, "Source 1:")
    page.keyboard.press("Enter")

    page.wait_for_function(_NEAR, arg=START)
    expect(page.locator(".line.marked")).to_have_text(WORDS)
    _tab_to(page, "Use in a draft:")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Use in a draft").first).to_have_attribute(
        "aria-pressed", "true"
    )


def test_nothing_keeps_anybody_out(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("link", name=QUESTION)).to_be_visible(timeout=30_000)
    assert violations(page) == []
    ask(page, QUESTION)
    page.get_by_role("link", name="Source 1:").click(timeout=30_000)
    expect(page.locator(".line.marked")).to_be_visible()
    assert violations(page) == []
    ask(page, "Who keeps the books?")
    expect(page.get_by_role("heading", name="Not on the record")).to_be_visible()
    page.locator("summary", has_text=QUESTION).click()
    assert violations(page) == []


def turn_to(page: Page, name: str) -> None:
    """Go to another page by the menu; on a phone it is behind a button."""
    unfold, fold = (
        page.get_by_test_id(each) for each in ("stExpandSidebarButton", "stSidebarCollapseButton")
    )
    behind = unfold.is_visible()
    if behind:
        unfold.click()
    page.get_by_role("link", name=name, exact=True).click()
    if behind:
        fold.get_by_role("button").click()


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called so, and make sure that one sees it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(_FOCUSED).startswith(name):
            return
    pytest.fail(f"{name} cannot be reached by the keyboard")


_FOCUSED = """() => {
  let element = document.activeElement;
  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element.getAttribute("aria-label") || "";
}"""
