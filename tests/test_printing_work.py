"""Jobs, followed shows and estimates as people and machines read them."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ingest.estimate import Estimate
from kb.jobs import Job, State
from kb.subscriptions import Subscription
from tests.samples import JOB
from ui import printing_work

RUNNING = replace(JOB, state=State.RUNNING, step="hear", started=0, updated=100)
FAILED = replace(JOB, state=State.FAILED, attempt=2, reason="It is no audio", hint="Tell them.")
SHOW = Subscription("https://tide.example/feed.xml", "The Tide", "tide", 5, added=0)
WORK = Estimate(12, 2, 10, 9.5, 0, 5400, 7.2e8)


@pytest.fixture(autouse=True)
def greenwich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("job", "standing"),
    [
        (JOB, "waiting"),
        (replace(JOB, step="fetch", reason="It answered 503"), "waiting · It answered 503"),
        (RUNNING, "running · hear"),
        (replace(RUNNING, fraction=0.0), "running · hear 0%"),
        (replace(RUNNING, fraction=0.25), "running · hear 25% · 5:00 left"),
        (replace(RUNNING, fraction=1.0), "running · hear 100% · 0:00 left"),
        (replace(JOB, state=State.DONE, fraction=1.0), "done"),
        (FAILED, "failed · It is no audio"),
        (replace(JOB, state=State.CANCELLED, fraction=0.5), "cancelled"),
    ],
)
def test_a_job_is_two_lines(job: Job, standing: str) -> None:
    assert printing_work.job(job) == f"talk-1\n    Talk · {standing}"


def test_a_job_in_full_says_where_from_and_what_to_do() -> None:
    assert list(printing_work.job_in_full(FAILED)) == [
        "Talk",
        "    failed · It is no audio",
        "    id: talk-1",
        "    from: https://cdn.example/1.mp3",
        "    queued 1970-01-01 00:00, attempt 2",
        "Hint: Tell them.",
    ]


def test_a_job_that_is_done_names_its_episode() -> None:
    done = replace(JOB, state=State.DONE, episode_id="talk-99")

    assert list(printing_work.job_in_full(done))[-1] == "    episode: talk-99"


@pytest.mark.parametrize(
    ("show", "line"),
    [
        (SHOW, "never read"),
        (replace(SHOW, checked=60, outcome="nothing new"), "read 1970-01-01 00:01 · nothing new"),
        (
            replace(SHOW, checked=60, outcome="It answered 404", failures=3),
            "read 1970-01-01 00:01 · failed 3 times: It answered 404",
        ),
        (
            replace(SHOW, checked=60, outcome="It answered 404", failures=1),
            "read 1970-01-01 00:01 · failed once: It answered 404",
        ),
    ],
)
def test_a_followed_show_is_two_lines(show: Subscription, line: str) -> None:
    assert printing_work.subscription(show) == f"The Tide\n    {SHOW.url} · {line}"


def test_a_show_that_was_never_read_is_called_by_its_address() -> None:
    assert printing_work.subscription(replace(SHOW, title="")).startswith(f"{SHOW.url}\n")


def test_an_estimate_says_all_that_it_takes() -> None:
    assert list(printing_work.estimate(WORK)) == [
        "12 episodes, 2 of them in the library already",
        "    10 to transcribe: 9.5 hours of audio",
        "    time here: about 90 minutes",
        "    disk: about 720.0 MB",
        "    language model: none is asked",
    ]


def test_an_estimate_says_what_it_does_not_know() -> None:
    lines = list(printing_work.estimate(replace(WORK, known=0, unknown=3, seconds=None)))

    assert lines[:3] == [
        "12 episodes",
        "    10 to transcribe: 9.5 hours of audio, and 3 of unknown length",
        "    time here: unknown until this machine has heard its first episode",
    ]


def test_an_estimate_of_a_document_has_nothing_to_transcribe() -> None:
    assert list(printing_work.estimate(Estimate(1, 0, 0, 0, 0, None, 3e6))) == [
        "1 episode",
        "    nothing to transcribe",
        "    disk: about 3.0 MB",
        "    language model: none is asked",
    ]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "under a minute"),
        (59.9, "under a minute"),
        (60, "about 1 minute"),
        (7199, "about 120 minutes"),
        (7200, "about 2.0 hours"),
        (360_000, "about 100.0 hours"),
    ],
)
def test_lengths_of_time_are_said_as_people_do(seconds: float, said: str) -> None:
    assert printing_work.lasting(seconds) == said


def test_machines_get_every_value() -> None:
    (job,) = json.loads(printing_work.as_json([FAILED]))
    (show,) = json.loads(printing_work.as_json([replace(SHOW, title="Tür & Tor")]))
    (work,) = json.loads(printing_work.as_json([WORK]))

    assert (job["state"], job["attempt"], job["episode_id"]) == ("failed", 2, None)
    assert (show["title"], show["checked"]) == ("Tür & Tor", None)
    assert (work["seconds"], work["hours"]) == (5400, 9.5)
    assert printing_work.as_json(list[Job]()) == "[]"
