"""Accessibility of a page as it stands: what axe-core finds against WCAG 2.2, levels A and AA."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page, expect

_SCRIPT = files("axe_playwright_python") / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")
_RUN = """(tags) => axe.run(document, {
  runOnly: {type: "tag", values: tags}, rules: {"target-size": {enabled: true}},
  resultTypes: ["violations"],
})"""


def settled(page: Page) -> None:
    """Wait until nothing is drawn anew: Streamlit fades what it is about to, colours are true after."""
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=30_000)
    expect(page.locator("[data-stale=true]")).to_have_count(0, timeout=30_000)
    page.evaluate("document.fonts.ready.then(() => null)")
    page.wait_for_timeout(400)


def violations(page: Page) -> list[str]:
    """Give each broken rule with the element that breaks it; what shadow roots hold is looked at too.

    The script comes by the debugger, which the page's Content-Security-Policy does not stop.
    """
    settled(page)
    page.evaluate(_SCRIPT.read_text("utf-8"))
    return list(_told(page.evaluate(_RUN, list(TAGS))))


def _told(found: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    for rule in found["violations"]:
        for node in rule["nodes"]:
            yield f"{rule['id']} {node['target']} {node['html'][:160]}"
