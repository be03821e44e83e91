"""What is watched, over the API: theses that are kept, the radar, predictions and their outcomes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kb.keys import Keys
from kb.models import Person, Role, Tier
from tests import api_house
from tests.api_house import problem
from tests.samples import entry, episode, transcript

ION, MARA = "Ion Stoica", "Mara Quill"
STATEMENT = "Warehouse robots replace human pickers"
EARLY = entry(
    replace(
        episode("Robots at work", "The Night Desk", published=date(2024, 3, 9)),
        people=(Person(ION, Role.GUEST, "CEO of Ostrel"),),
    ),
    {
        Tier.TRANSCRIPT: transcript(
            (ION, "There is a company called Ostrel in the valley. Ostrel serves 3 million users."),
            (ION, "Every warehouse sees its robots replace the human pickers in the end."),
            (MARA, "Next year most of it will be over, I think."),
        )
    },
)
LATE = entry(
    episode("Hands at work", "Second Opinion", published=date(2025, 6, 1)),
    {
        Tier.TRANSCRIPT: transcript(
            (None, "I met the CEO of Vell and she was kind."),
            (None, "A warehouse robot does not replace human pickers by itself."),
        )
    },
)


@pytest.fixture
def ada(tmp_path: Path) -> Iterator[TestClient]:
    """Give a program of Ada's over two talks."""
    here = api_house.empty(tmp_path)
    for each in (EARLY, LATE):
        here.library.save(each)
    yield api_house.client(here, token=Keys(here.library).make("ada"))
    here.library.close()


@pytest.fixture
def watched(ada: TestClient) -> TestClient:
    """Give Ada a thesis that was brought up to date."""
    made = ada.post("/theses", json={"title": "Robots", "statement": STATEMENT})
    assert (made.status_code, made.json()["person"]) == (201, "ada")
    assert len(ada.post("/theses/robots/update").json()["attached"]) == 2
    return ada


def items(web: TestClient, path: str, **given: Any) -> list[Any]:  # noqa: ANN401
    told: list[Any] = web.get(path, params=given).json()["items"]
    return told


def test_how_a_thesis_stands_is_told_with_its_best_counter_evidence(watched: TestClient) -> None:
    [kept] = items(watched, "/theses")
    told = watched.get(f"/theses/{kept['id']}").json()

    assert kept["statement"] == told["thesis"]["statement"] == STATEMENT
    assert told["counter"] == told["opposing"][0]["attachment"]["passage_id"]
    assert (told["newest"], told["supporting"][0]["passage"]["speaker"]) == ("2024-03-09", ION)


def test_an_update_reads_only_what_is_new(watched: TestClient) -> None:
    assert watched.post("/theses/robots/update").json()["read"] == 0


def test_a_person_judges_a_passage_and_what_is_rejected_stays_away(watched: TestClient) -> None:
    passage = watched.get("/theses/robots").json()["counter"]
    judged = {"passage": passage, "stance": "rejected", "why": "off topic"}

    said = watched.put("/theses/robots/passages", json=judged).json()

    assert (said["source"], said["why"]) == ("ada", "off topic")
    assert watched.get("/theses/robots").json()["opposing"] == []


def test_a_thesis_is_deleted(watched: TestClient) -> None:
    assert watched.delete("/theses/robots").json()["title"] == "Robots"
    assert items(watched, "/theses") == []


def test_theses_that_make_no_sense_are_refused(watched: TestClient) -> None:
    problem(watched.get("/theses/whales"), 404)
    problem(watched.post("/theses", json={"title": "Robots", "statement": STATEMENT}), 409)
    problem(watched.post("/theses", json={"title": "Robots"}), 422)
    unknown = {"passage": "nowhere/transcript/s0", "stance": "for"}
    problem(watched.put("/theses/robots/passages", json=unknown), 404)
    problem(watched.put("/theses/robots/passages", json=unknown | {"stance": "perhaps"}), 422)


def test_the_radar_begins_with_who_was_named_last(ada: TestClient) -> None:
    told = items(ada, "/radar")

    assert [each["name"] for each in told] == ["Vell", "Ostrel"]
    assert (told[1]["speaker"], told[1]["mentioned_as"]) == (ION, ["own employer"])
    assert items(ada, "/radar", since="2025-01-01") == told[:1]
    assert items(ada, "/radar", known=["VELL Inc.", "Google"]) == told[1:]


def test_the_radar_comes_a_page_at_a_time(ada: TestClient) -> None:
    first = ada.get("/radar", params={"limit": 1}).json()
    second = ada.get("/radar", params={"limit": 1, "cursor": first["next"]}).json()

    assert [each["name"] for each in (*first["items"], *second["items"])] == ["Vell", "Ostrel"]
    assert second["next"] is None


def test_predictions_and_figures_come_with_what_plays_them(ada: TestClient) -> None:
    [said] = items(ada, "/predictions")
    [figure] = items(ada, "/predictions", kind="figure")

    assert (said["statement"]["due"], said["statement"]["speaker"]) == ("2025-12-31", MARA)
    assert said["clip"] == f"?ep={EARLY.episode.id}&t=12"
    assert figure["statement"]["figures"] == [{"said": "3 million", "of": "users"}]
    assert items(ada, "/predictions", person=ION) == []


def test_a_person_settles_what_is_due(ada: TestClient) -> None:
    [due] = items(ada, "/predictions/due", by="2026-01-01")
    path = f"/predictions/{due['statement']['id']}/outcome"

    settled = ada.put(path, json={"outcome": "did not", "note": "see the report"}).json()

    assert (settled["marking"]["person"], settled["marking"]["outcome"]) == ("ada", "did not")
    assert items(ada, "/predictions/due", by="2026-01-01") == []
    problem(ada.put(path, json={"outcome": "maybe"}), 422)
    problem(ada.put("/predictions/none/outcome", json={"outcome": "partly"}), 404)


def test_nothing_is_due_before_its_day(ada: TestClient) -> None:
    assert items(ada, "/predictions/due", by="2025-12-30") == []
