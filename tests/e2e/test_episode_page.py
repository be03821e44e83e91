"""The page of an episode in a real browser, over the real app: names put right, seen everywhere."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.conftest import one_look
from tests.e2e.player import SOUNDING
from tests.e2e.test_app import ask, heard, turn_to

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
real = pytest.mark.models

QUESTION = "Why keep an exam around that everybody already aces?"


def _episode(page: Page) -> None:
    """Follow the first citation of an answer to the page of its episode."""
    page.goto("/")
    expect(page.get_by_role("textbox", name="Question")).to_be_visible(timeout=60_000)
    ask(page, QUESTION)
    page.get_by_role("link", name="Source 1:").click(timeout=60_000)
    page.get_by_role("link", name="All of this episode").click()
    expect(page.get_by_role("tab", name="Speakers")).to_be_visible(timeout=30_000)


def _tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


@real
def test_a_renamed_speaker_is_renamed_in_an_old_answer(own_page: Page, look: str) -> None:
    page, name = own_page, f"Host {look}"
    _episode(page)
    turn = page.locator(".turn", has=page.locator(".marked")).first
    before, _, _ = turn.locator(".who").inner_text().partition(" 0:")
    turn.locator(".naming").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name of the speaker").fill(name)
    dialog.get_by_role("textbox", name="Name of the speaker").press("Tab")
    dialog.get_by_role("button", name="Rename").click()
    expect(turn.locator(".who")).to_contain_text(name, timeout=30_000)
    expect(page.locator(".who", has_text=before)).to_have_count(0)

    turn_to(page, "Ask")

    expect(page.locator(".by").first).to_have_text(name, timeout=30_000)
    expect(page.locator(".card .meta").first).to_contain_text(name)


@real
def test_a_corrected_name_stands_behind_what_was_heard_until_it_is_rejected(
    own_page: Page, look: str
) -> None:
    page, name = own_page, f"ALARUM {look}"
    _episode(page)
    _tab(page, "Names")
    page.get_by_role("textbox", name="What was heard").fill("alarm")
    page.get_by_role("textbox", name="What was meant").fill(name)
    page.get_by_role("button", name="Correct").click()

    corrected = page.locator(".line", has_text=f"[{name}]")
    expect(corrected.first).to_be_visible(timeout=30_000)

    page.get_by_role("button", name="Reject").first.click()

    expect(corrected).to_have_count(0, timeout=30_000)


@one_look
def test_the_transcript_follows_and_lets_a_reader_go(page: Page) -> None:
    page.goto("/episode?ep=evals-1&t=246")
    expect(page.locator(".line.marked")).to_be_visible(timeout=30_000)
    audio, lines = page.locator("audio"), page.locator(".lines")
    audio.evaluate("audio => { audio.muted = true; audio.currentTime = 30; return audio.play() }")
    page.wait_for_function(SOUNDING)

    expect(page.locator(".line.now")).to_be_in_viewport()
    lines.hover()
    page.mouse.wheel(0, 3000)
    page.wait_for_timeout(300)
    gone = lines.evaluate("lines => lines.scrollTop")
    audio.evaluate("audio => { audio.currentTime = 120 }")
    page.wait_for_timeout(800)
    assert lines.evaluate("lines => lines.scrollTop") == gone

    page.get_by_role("button", name="Follow the audio").click()
    expect(page.locator(".line.now")).to_be_in_viewport()
    assert heard(page) >= 120


@one_look
def test_a_brief_is_made_at_a_press(page: Page) -> None:
    page.goto("/episode?ep=tao-2")
    page.get_by_role("tab", name="Brief").click(timeout=30_000)
    page.get_by_role("button", name="Make its brief").click()

    expect(page.get_by_role("heading", name="1. Podcast Overview")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Make its brief")).to_have_count(0)


def test_nothing_keeps_anybody_out(page: Page) -> None:
    page.goto("/episode?ep=evals-1&t=246")
    expect(page.locator(".line.marked")).to_be_visible(timeout=30_000)
    for name in ("About", "Speakers", "Names", "Brief", "Export"):
        _tab(page, name)
        page.wait_for_timeout(700)
        assert violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
