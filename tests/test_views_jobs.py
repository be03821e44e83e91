"""The page Jobs, without a browser: every state, who is at work, and when it looks again."""

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from kb.errors import SourceError
from kb.jobs import Jobs, State
from tests import drawn, sample_work
from tests.drawn import blocks
from tests.sample_house import HOSTILE
from ui import cards_jobs
from ui.views import jobs as view

bare, filled, folder = drawn.bare, drawn.filled, drawn.folder


def jobs(folder: Path, *, workers: tuple[str, ...] = ("desk",)) -> AppTest:
    return drawn.drawn("jobs", folder, workers=workers)


def task(page: AppTest, title: str) -> Any:  # noqa: ANN401 - JSON
    [found] = [each for each in blocks(page, "jobs") if each.get("title") == title]
    return found


def test_a_running_job_tells_step_share_and_time_left(folder: Path) -> None:
    shown = task(jobs(folder), "The running talk")

    assert (shown["state"], shown["share"]) == ("Running", 0.4)
    assert shown["meta"].startswith("transcribe 40% · 3:00 left · queued ")
    assert [each["said"] for each in shown["acts"]] == ["cancel running-1"]


def test_a_failed_job_says_why_and_what_to_do(folder: Path) -> None:
    shown = task(jobs(folder), "The failed talk")

    assert shown["notes"][0] == "The audio ends at 14:56, the feed says 30:02"
    assert shown["notes"][1].startswith("Try again later")
    assert [each["said"] for each in shown["acts"]] == ["retry failed-1"]


def test_a_job_that_is_done_leads_to_its_episode(folder: Path) -> None:
    shown = task(jobs(folder), "The done talk")

    assert shown["query"].endswith("?ep=evals-1")
    assert shown["acts"] == []


def test_the_states_can_be_looked_at_one_by_one(folder: Path) -> None:
    page = jobs(folder)
    page.segmented_control[0].set_value(State.FAILED).run()

    assert [each["title"] for each in blocks(page, "jobs")[1:]] == ["The failed talk"]


def test_the_page_looks_again_only_while_something_is_in_hand(folder: Path) -> None:
    house = sample_work.house(folder)
    assert view.pace(house) == 1.0

    house.jobs.cancel("running-1")
    assert view.pace(house) == 1.0
    house.jobs.cancel("waiting-1")

    assert view.pace(house) is None


def test_the_buttons_do_what_they_say(folder: Path) -> None:
    drawn.drawn("jobs", folder, before="jobs.act(house, 'retry failed-1')")
    page = drawn.drawn("jobs", folder, before="jobs.act(house, 'cancel running-1')")

    assert task(page, "The failed talk")["state"] == "Waiting"
    assert "attempt 2" in task(page, "The failed talk")["meta"]
    assert task(page, "The running talk")["state"] == "Cancelled"


def test_a_button_that_comes_too_late_says_so(folder: Path) -> None:
    page = drawn.drawn("jobs", folder, before="jobs.act(house, 'cancel done-1')")

    assert blocks(page, "jobs")[0]["texts"][0] == "The done talk is done already"


def test_an_empty_queue_and_no_worker_are_said(bare: Path) -> None:
    [said] = blocks(jobs(bare, workers=()), "jobs")

    assert said["texts"][0] == "No worker is at work: soundproof worker."
    assert said["texts"][1].startswith("Nothing was queued yet")


def test_workers_that_are_gone_are_no_workers() -> None:
    beats = {"a": 3, "b": 4, "c": 5}

    assert cards_jobs.workers(beats, ()) == "3 workers are at work."
    assert cards_jobs.workers(beats, ["c"]) == (
        "2 workers are at work. 1 other gave no sign of life for a while."
    )
    assert cards_jobs.workers({"a": 3}, ["a"]) == (
        "No worker is at work: soundproof worker. 1 worker gave no sign of life for a while."
    )


def test_hostile_titles_and_reasons_are_shown_as_written(bare: Path) -> None:
    rows = Jobs(sample_work.library(bare))
    rows.open("bad-1", parcel="p", origin=HOSTILE, title=HOSTILE)
    rows.begin("bad-1", "fetch")
    rows.fail("bad-1", SourceError(HOSTILE, hint=HOSTILE))

    page = jobs(bare)

    assert task(page, HOSTILE)["notes"] == [HOSTILE, HOSTILE]
    markup = [each.value for kind in (page.markdown, page.caption) for each in kind]
    assert not any("canary" in each for each in markup)
