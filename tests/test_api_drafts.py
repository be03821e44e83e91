"""Drafts over the API: made, edited, criticised and exported; what nobody said does not leave."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kb.keys import Keys
from tests import api_house, draft_house
from tests.api_house import problem
from tests.draft_house import DRAWER, FORTY, QUESTION
from tests.samples import LEAKS
from ui.api.drafts import LEFT_OUT

FORTY_ID, DRAWER_ID = (f"{LEAKS.episode.id}/transcript/s{n}" for n in (4, 5))
LIE = '"We wrote 97 new cases a month."'


@pytest.fixture
def ada(tmp_path: Path) -> Iterator[TestClient]:
    """Give a program of Ada's over a filled library."""
    draft_house.copied(tmp_path).library.close()
    here = api_house.empty(tmp_path)
    yield api_house.client(here, token=Keys(here.library).make("ada"))
    here.library.close()


def made(web: TestClient, **wanted: object) -> dict[str, Any]:
    answer = web.post("/drafts", json={"kind": "thesis", "passages": [FORTY_ID]} | wanted)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def claims(draft: dict[str, Any]) -> list[dict[str, Any]]:
    return [claim for part in draft["draft"]["parts"] for claim in part["claims"]]


def quoted(draft: dict[str, Any]) -> int:
    """Give the number of the first sentence that quotes."""
    return next(n for n, claim in enumerate(claims(draft), 1) if claim["mark"] == "quoted")


def test_a_thesis_is_made_of_a_question_with_a_mark_on_every_sentence(ada: TestClient) -> None:
    draft = made(ada, question=QUESTION, passages=[])

    assert draft["person"] == "ada"
    assert draft["draft"]["parts"][0]["title"] == "Problem"
    assert {each["mark"] for each in claims(draft)} <= {"quoted", "supported", "own view"}
    assert ada.get(f"/drafts/{draft['id']}").json()["draft"] == draft["draft"]


def test_a_blog_post_keeps_to_the_style_of_samples(ada: TestClient) -> None:
    sample = "Why do I keep tests in a drawer? " + "I think that they leak. " * 20

    draft = made(ada, kind="blog", question=QUESTION, passages=[], samples=[sample])

    assert any("My mind" in each["text"] for each in claims(draft))
    problem(
        ada.post("/drafts", json={"kind": "blog", "question": QUESTION, "samples": ["No."]}), 422
    )


def test_sentences_are_added_changed_and_taken_out(ada: TestClient) -> None:
    address = f"/drafts/{made(ada)['id']}/sentences"

    added = ada.post(address, json={"text": "I like drawers.", "part": "Aside"})
    last = len(claims(added.json()))
    said = {"text": f"“{DRAWER}”", "cited": [DRAWER_ID]}
    changed = ada.patch(f"{address}/{last}", json=said)

    assert (added.status_code, claims(added.json())[-1]["mark"]) == (201, "own view")
    assert claims(changed.json())[-1]["mark"] == "quoted"
    problem(ada.patch(f"{address}/{last}", json={"cited": ["nowhere"]}), 404)
    problem(ada.patch(f"{address}/{last + 1}", json={"text": "There is none."}), 404)


def test_a_point_is_not_lost_by_mistake(ada: TestClient) -> None:
    draft = made(ada)
    address = f"/drafts/{draft['id']}/sentences/{quoted(draft)}"

    problem(ada.patch(address, json={"text": "I like drawers.", "cited": []}), 422)
    problem(ada.delete(address), 422)

    assert len(claims(ada.delete(address, params={"fewer": True}).json())) == len(claims(draft)) - 1


def test_what_nobody_said_is_left_out_and_counted(ada: TestClient) -> None:
    draft = made(ada)
    address = f"/drafts/{draft['id']}"
    before = ada.get(f"{address}/markdown")

    ada.patch(f"{address}/sentences/{quoted(draft)}", json={"text": LIE, "fewer": True})
    after = ada.get(f"{address}/markdown")

    assert before.headers["content-type"] == "text/markdown; charset=utf-8"
    assert (FORTY in before.text, before.headers[LEFT_OUT]) == (True, "0")
    assert ("97" in after.text, after.headers[LEFT_OUT]) == (False, "1")


def test_a_critic_objects_to_what_nothing_carries(ada: TestClient) -> None:
    draft = made(ada)
    address, number = f"/drafts/{draft['id']}", quoted(draft)
    ada.patch(f"{address}/sentences/{number}", json={"text": LIE, "fewer": True})

    told = ada.post(f"{address}/critic").json()

    assert not told["passed"]
    assert number in [each["sentence"] for each in told["objections"]]


def test_a_draft_is_deleted(ada: TestClient) -> None:
    draft = made(ada, title="Cases")

    assert ada.delete(f"/drafts/{draft['id']}").json()["title"] == "Cases"
    assert ada.get("/drafts").json() == []
    problem(ada.delete(f"/drafts/{draft['id']}"), 404)


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"kind": "thesis"}, 422),
        ({"kind": "poem", "question": "Why?"}, 422),
        ({"kind": "thesis", "passages": ["nowhere"]}, 404),
        ({"kind": "post", "question": "What does Zanzibar export?"}, 404),
    ],
)
def test_what_cannot_be_drafted_is_said(
    ada: TestClient, wanted: dict[str, object], status: int
) -> None:
    problem(ada.post("/drafts", json=wanted), status)

    assert ada.get("/drafts").json() == []
