"""No view breaks a rule of WCAG 2.2, A or AA, that axe-core can see; on both screens, in both themes."""

import pytest
from playwright.sync_api import Page

from tests.e2e import axe
from tests.e2e.views import VIEWS

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

KNOWN: frozenset[str] = frozenset()
"""Rules that Streamlit itself breaks where nothing of ours can mend it, each with its reason."""

FURTHER = frozenset({"ask", "answer", "library", "episode", "drafts"})
"""Views whose own files look at them like this, in all their states: `nothing_keeps_anybody_out`."""


@pytest.mark.parametrize("view", [view for view in VIEWS if view not in FURTHER])
def test_a_view_can_be_used_by_everybody(page: Page, view: str) -> None:
    VIEWS[view].show(page)

    found = axe.violations(page)

    assert [each for each in found if each.split()[0] not in KNOWN] == []


@pytest.mark.parametrize("look", ["desktop-light"], indirect=True)
def test_what_is_looked_with_sees_into_components(page: Page) -> None:
    VIEWS["jobs"].show(page)
    page.locator(".sheet").first.evaluate(
        "sheet => sheet.append(document.createElement('button'), new Image())"
    )

    rules = {each.split()[0] for each in axe.violations(page)}

    assert {"button-name", "image-alt"} <= rules
