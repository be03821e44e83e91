"""Take the pictures of docs/: `python -m tests.e2e.pictures [VIEW ...]`, of the sample library.

Each view has one in each theme: docs/screenshot-arena.png, docs/screenshot-arena-dark.png.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.conftest import ROOT
from tests.e2e.conftest import CHROMIUM, FLAGS, opened, sample_site
from tests.e2e.views import VIEWS, View


def _first(page: Page) -> None:
    page.mouse.move(0, 0)


SHOWN = {
    "ask": VIEWS["answer"],
    "library": VIEWS["library"],
    "episode": VIEWS["episode"],
    "drafts": VIEWS["drafts"],
    "arena": View("/arena", VIEWS["arena"].drawn, _first),
    "board": View("/board", VIEWS["board"].drawn, _first),
    "jobs": VIEWS["jobs"],
}
"""The views that docs show, each with what is to be seen of it."""


def main(names: Sequence[str]) -> str | None:
    """Take the pictures of some views, of all where none is named; say what is wrong with a name."""
    unknown = set(names) - SHOWN.keys()
    if unknown:
        return f"No such view: {', '.join(sorted(unknown))}; there are {', '.join(SHOWN)}"
    with (
        tempfile.TemporaryDirectory() as folder,
        sample_site(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name in names or SHOWN:
            for theme, ending in (("light", ""), ("dark", "-dark")):
                with opened(browser, site.address, f"desktop-{theme}") as page:
                    SHOWN[name].show(page)
                    page.screenshot(path=ROOT / "docs" / f"screenshot-{name}{ending}.png")
        browser.close()
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
