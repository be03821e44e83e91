"""Names over the API: what was misheard is put right, and who speaks is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.keys import Keys
from tests import api_house, samples
from tests.api_house import ApiHouse, problem

LEAKS = samples.LEAKS.episode.id


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ApiHouse]:
    here = api_house.filled(tmp_path)
    yield here
    here.library.close()


def test_a_name_is_corrected_by_whoever_shows_the_token(house: ApiHouse) -> None:
    mara = api_house.client(house, token=Keys(house.library).make("mara"))

    made = mara.post("/names", json={"heard": "Leith", "name": "Lathe"})

    assert (made.status_code, made.json()["source"]) == (201, "mara")
    assert [each["name"] for each in mara.get("/names").json()["items"]] == ["Lathe"]
    assert mara.get("/names", params={"state": "rejected"}).json()["items"] == []
    problem(mara.post("/names", json={"heard": "Leith", "name": "L", "episode": "none"}), 404)


def test_what_was_misheard_is_suggested_and_a_person_decides(house: ApiHouse) -> None:
    mara = api_house.client(house, token=Keys(house.library).make("mara"))
    meant = {"heard": "Leith", "name": "Lathe"}
    mara.post("/names", json=meant)

    assert mara.post("/names/suggestions").json() == {"items": [], "next": None}
    assert mara.post("/names/reject", json=meant).json()["state"] == "rejected"
    assert mara.post("/names/accept", json=meant).json()["state"] == "accepted"
    problem(mara.post("/names/accept", json=meant | {"name": "Lattice"}), 404)


def test_a_speaker_is_renamed_in_all_turns_or_in_one_line(house: ApiHouse) -> None:
    mara = api_house.client(house, token=Keys(house.library).make("mara"))
    path = f"/episodes/{LEAKS}"

    all_turns = mara.post(
        f"{path}/speakers", json={"label": samples.JONAS, "name": "Jonah Field"}
    ).json()
    one_line = mara.post(f"{path}/lines", json={"line": 0, "name": "Ada"}).json()
    told = mara.get(f"{path}/speakers").json()

    assert (all_turns["person"], one_line["words"]) == (
        "mara",
        "Everybody shows a benchmark, and nobody shows the failures.",
    )
    assert {"Jonah Field", "Ada"} <= {each["label"] for each in told["speakers"]}
    assert [each["name"] for each in told["renamed"]] == ["Jonah Field", "Ada"]
    mara.delete(f"{path}/speakers/{all_turns['number']}")
    assert samples.JONAS in [
        each["label"] for each in mara.get(f"{path}/speakers").json()["speakers"]
    ]


def test_speakers_and_lines_that_are_not_there_are_refused(house: ApiHouse) -> None:
    api, path = api_house.client(house), f"/episodes/{LEAKS}"

    problem(api.post(f"{path}/speakers", json={"label": "Nobody", "name": "Ada"}), 404)
    problem(api.post(f"{path}/lines", json={"line": 900, "name": "Ada"}), 404)
    problem(api.delete(f"{path}/speakers/9"), 404)
    problem(api.get("/episodes/none/speakers"), 404)
