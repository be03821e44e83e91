"""Over the API: addresses become jobs, feeds are read, battles are voted on."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.keys import Keys
from kb.settings import Settings
from tests import api_house, arena_house
from tests.api_house import ApiHouse, problem
from tests.fakes_ingest import FakeFetcher

TALK = "https://talks.example/leaks.vtt"
WORDS = b"WEBVTT - The leak\n\n00:01.000 --> 00:05.000\n<v Ada>Nobody shows the failures.\n"


class WebHouse(ApiHouse):
    """A house that reaches one address."""

    @cached_property
    def fetcher(self) -> FakeFetcher:
        return FakeFetcher({TALK: WORDS})


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    here = WebHouse(Settings(home=tmp_path, offline=True))
    yield here
    here.library.close()


@pytest.fixture
def web(house: WebHouse) -> Iterator[TestClient]:
    yield api_house.client(house)
    house.dispatcher.close()


def test_an_address_becomes_a_job_that_can_be_cancelled_and_retried(web: TestClient) -> None:
    added = web.post("/jobs", json={"url": TALK})
    [job] = added.json()["items"]

    assert added.status_code == 202
    assert (job["state"], job["origin"]) == ("waiting", TALK)
    assert web.get(f"/jobs/{job['id']}").json() == job
    problem(web.post(f"/jobs/{job['id']}/retry"), 409)
    assert web.post(f"/jobs/{job['id']}/cancel").json()["state"] == "cancelled"
    problem(web.post(f"/jobs/{job['id']}/cancel"), 409)
    again = web.post(f"/jobs/{job['id']}/retry")
    assert (again.status_code, again.json()["attempt"]) == (202, 2)


def test_the_same_address_twice_is_one_job(web: TestClient) -> None:
    ids = {web.post("/jobs", json={"url": TALK}).json()["items"][0]["id"] for _ in range(2)}

    listed = web.get("/jobs", params={"state": "waiting"}).json()
    assert [each["id"] for each in listed["items"]] == list(ids)
    assert listed["next"] is None


def test_an_address_that_does_not_answer_is_said_and_leaves_no_job(web: TestClient) -> None:
    problem(web.post("/jobs", json={"url": "https://gone.example/page"}), 422)

    assert web.get("/jobs").json()["items"] == []


def test_a_document_for_an_episode_that_is_not_there_is_refused(web: TestClient) -> None:
    problem(web.post("/jobs", json={"url": TALK, "to": "none"}), 404)


def test_a_feed_that_cannot_be_read_is_said_and_noted(web: TestClient) -> None:
    feed = "https://gone.example/feed.xml"
    web.post("/shows", json={"url": feed})

    problem(web.post("/shows/sync", params={"feed": feed}), 422)

    [show] = web.get("/shows").json()["items"]
    assert show["failures"] == 1


# The arena


@pytest.fixture
def mara(house: WebHouse) -> TestClient:
    arena_house.fill(house.library)
    return api_house.client(house, token=Keys(house.library).make("mara"))


def test_a_battle_names_nobody_until_the_vote_is_stored(mara: TestClient) -> None:
    battle = mara.post("/arena/battles")

    names = [each.name for each in arena_house.CONTESTANTS]
    assert not any(name in battle.text for name in (*names, "search", "contestant"))
    told = mara.put(f"/arena/battles/{battle.json()['id']}/vote", json={"choice": "a"}).json()
    assert {told["battle"]["a"], told["battle"]["b"]} <= set(names)
    assert told["battle"]["voter"] == "mara"


def test_a_battle_stays_open_until_it_is_judged(mara: TestClient) -> None:
    first, again = (mara.post("/arena/battles").json()["id"] for _ in range(2))
    mara.put(f"/arena/battles/{first}/vote", json={"choice": "tie"})

    assert first == again
    assert mara.post("/arena/battles").json()["id"] != first


def test_the_same_vote_twice_is_one_and_another_is_refused(
    house: WebHouse, mara: TestClient
) -> None:
    path = f"/arena/battles/{mara.post('/arena/battles').json()['id']}/vote"
    for _ in range(2):
        assert mara.put(path, json={"choice": "b", "reasons": ["sources"]}).status_code == 200

    problem(mara.put(path, json={"choice": "a"}), 409)
    [vote] = house.polls.ballots.ballots()
    assert (vote.voter_id, vote.winner.value) == ("mara", "b")


def test_an_objection_names_a_citation_that_is_there(mara: TestClient) -> None:
    path = f"/arena/battles/{mara.post('/arena/battles').json()['id']}/vote"

    problem(mara.put(path, json={"choice": "a", "wrong": [{"side": "a", "number": 99}]}), 404)
    assert mara.put(path, json={"choice": "a", "wrong": [{"side": "a", "number": 1}]}).is_success


@pytest.mark.parametrize("body", [{}, {"choice": "c"}, {"choice": "a", "voter": "ada"}])
def test_a_vote_says_its_choice_and_not_who_votes(
    mara: TestClient, body: dict[str, object]
) -> None:
    path = f"/arena/battles/{mara.post('/arena/battles').json()['id']}/vote"

    problem(mara.put(path, json=body), 422)


def test_nobody_votes_on_a_battle_that_is_not_there(mara: TestClient) -> None:
    problem(mara.put("/arena/battles/none/vote", json={"choice": "a"}), 404)


def test_the_board_is_told_as_on_the_command_line(mara: TestClient) -> None:
    path = f"/arena/battles/{mara.post('/arena/battles').json()['id']}/vote"
    mara.put(path, json={"choice": "a"})

    answer = mara.get("/arena/board")

    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["board"]["votes"] == 1
