"""The board as one HTML file: whole by itself, and with nothing in it that a name could do."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from eval.models import Ballot, Choice
from eval.tally import Tally, tally
from tests.test_tally import season
from ui import printing_arena, report

HOSTILE = '<img src="https://canary.example/x.png" onerror=alert(1)>'


class Tags(HTMLParser):
    """Collects the tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found = list[tuple[str, list[str]]]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [name for name, _ in attrs]))


def named(ballot: Ballot, name: str) -> Ballot:
    a, b = (name if each == "words" else each for each in (ballot.model_a, ballot.model_b))
    return replace(ballot, model_a=a, model_b=b)


@pytest.fixture(scope="module")
def told() -> Tally:
    bad = [replace(each, winner=Choice.BOTH_BAD, item_id=HOSTILE) for each in season(3)]
    return tally([*(named(each, HOSTILE) for each in season(60)), *bad], {"nobody"})


def test_a_name_is_text_and_nothing_else(told: Tally) -> None:
    tags = Tags(report.html(told, made=HOSTILE)).found

    assert not [tag for tag, _ in tags if tag in ("img", "script", "link", "iframe")]
    assert not [name for _, names in tags for name in names if name.startswith("on")]


def test_the_page_asks_nobody_for_anything(told: Tally) -> None:
    page = re.sub(r"&lt;.*?&gt;", "", report.html(told, made="now"))

    assert "http" not in page
    assert not re.search(r"url\(|@import|\bsrc=|\bhref=", page)


def test_every_contestant_has_its_interval_and_its_row(told: Tally) -> None:
    page = report.html(told, made="now")

    charts = page.count("<svg")
    assert charts == 2  # the board, and with style left aside
    assert page.count('class="reach"') == charts * len(told.board.ratings)
    for each in told.board.ratings:
        assert f"{each.points.low:.0f} to {each.points.high:.0f}" in page


def test_the_terminal_tells_of_open_questions_once(told: Tally) -> None:
    lines = "\n".join(printing_arena.tally(told))

    assert lines.count(f"{HOSTILE}: both bad in 3 of 3 votes") == 1
    assert lines.count("95 % intervals") == 2
