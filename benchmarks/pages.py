"""How quick the app feels: first contentful paint, a citation until it sounds, a vote until it is told.

In Debian's chromium against the sample library, everything warm, medians of five.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from benchmarks import report
from benchmarks.report import Figure
from tests.e2e.conftest import CHROMIUM, FLAGS, opened, sample_site
from tests.e2e.views import QUESTION, VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

TIMES = 5
PAINT, SOUND, VOTE = 1.0, 0.6, 0.3
"""Seconds, each at most."""
_PAINTED = """() => new Promise((told) => {
  const look = (list) => list.getEntriesByName("first-contentful-paint")[0]?.startTime;
  new PerformanceObserver((list) => look(list) && told(look(list)))
    .observe({type: "paint", buffered: true});
})"""
_ALL = """
  const all = (root) => [...root.querySelectorAll("*")].flatMap(
    (each) => each.shadowRoot ? [each, ...all(each.shadowRoot)] : [each]);
"""
_SOUND = f"""() => {{ {_ALL}
  return new Promise((told) => {{
    const begun = performance.now();
    const sounding = () => all(document).some((each) =>
      each.tagName === "AUDIO" && !each.paused && each.readyState > 2 && each.currentTime > 0);
    const look = () => sounding() ? told(performance.now() - begun) : setTimeout(look, 5);
    all(document).find((each) => each.classList?.contains("chip")).click();
    look();
  }});
}}"""
_VOTE = f"""() => {{ {_ALL}
  return new Promise((told) => {{
    const begun = performance.now();
    const shown = () => all(document).some((each) =>
      each.classList?.contains("heading") && each.textContent.startsWith("You chose the left"));
    const look = () => shown() ? told(performance.now() - begun) : setTimeout(look, 5);
    [...document.querySelectorAll("button")]
      .find((each) => each.textContent.startsWith("A is better")).click();
    look();
  }});
}}"""


def main() -> int:
    """Measure, and give the exit code: 1 if a bar is missed."""
    with (
        tempfile.TemporaryDirectory() as folder,
        sample_site(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with opened(browser, site.address, "desktop-light") as page:
            for view in VIEWS.values():
                view.show(page)
            figures = [
                *(
                    Figure(
                        f"first contentful paint of {name}, s",
                        _five(paint, page, name),
                        at_most=PAINT,
                    )
                    for name in ("ask", "library", "episode", "arena", "board", "jobs")
                ),
                Figure(
                    "a citation clicked until it sounds, s", _five(sound, page, ""), at_most=SOUND
                ),
                Figure("a vote until it is told, s", _five(vote, page, ""), at_most=VOTE),
            ]
        browser.close()
    return report.publish("pages", figures, packages=("streamlit", "playwright"))


def _five(measure: Callable[[Page, str], float], page: Page, name: str) -> float:
    return median(measure(page, name) for _ in range(TIMES))


def paint(page: Page, name: str) -> float:
    """Open a view anew and give the seconds until something of it is painted."""
    page.goto("about:blank")
    page.goto(VIEWS[name].address)
    return float(page.evaluate(_PAINTED)) / 1000


def sound(page: Page, _name: str) -> float:
    """Click a citation of an answer and give the seconds until the audio runs."""
    page.goto(f"/?q={QUESTION}")
    VIEWS["answer"].drawn(page).wait_for()
    _settle(page)
    return float(page.evaluate(_SOUND)) / 1000


def vote(page: Page, _name: str) -> float:
    """Vote on a battle and give the seconds until it is stored and told."""
    page.goto("/arena")
    VIEWS["arena"].drawn(page).wait_for()
    _settle(page)
    return float(page.evaluate(_VOTE)) / 1000


def _settle(page: Page) -> None:
    """Let the page come to rest, as a person does who reads first."""
    page.wait_for_load_state("networkidle")
    time.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
