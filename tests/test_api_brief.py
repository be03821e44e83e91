"""A brief over HTTP: as Markdown and as JSON, its quotes checked whenever it is read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb import briefs
from kb.models import Origin, Tier
from tests import api_house
from tests.api_house import ApiHouse, problem
from tests.samples import JONAS, LEAKS, entry

SAID = "We wrote 40 new cases every month at Lathe."
LIE = SAID.replace("40", "97")
TEXT = f"""**1. Overview:**
**2. Themes:**
1. Cases:
   Quote: "{SAID}"
2. He said "{LIE}":
   Quote: "{LIE}"
"""
ADDRESS = f"/episodes/{LEAKS.episode.id}/brief"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ApiHouse]:
    made = api_house.filled(tmp_path)
    brief = briefs.parse(TEXT, Origin("file", "brief.md"))
    made.library.save(entry(LEAKS.episode, {**LEAKS.documents, Tier.BRIEF: brief}))
    yield made
    made.library.close()


def test_a_brief_leaves_as_markdown_with_its_seals(house: ApiHouse) -> None:
    text = api_house.client(house).get(f"{ADDRESS}.md").text

    assert f'"{SAID}" — {JONAS}, [0:18](https://cdn.example/leaks.mp3#t=18), verbatim' in text
    assert text.count(f'~~"{LIE}"~~') == text.count(LIE) == 2


def test_a_brief_leaves_as_json_with_what_its_quotes_are(house: ApiHouse) -> None:
    told = api_house.client(house).get(ADDRESS).json()

    assert told["brief"]["themes"][0]["quote"] == SAID
    assert {each["claim"]: each["status"] for each in told["quotes"]} == {
        SAID: "verbatim",
        LIE: "altered",
    }


def test_without_a_transcript_its_quotes_are_unchecked(house: ApiHouse) -> None:
    documents = {
        Tier.BRIEF: briefs.parse(TEXT, Origin("file", "brief.md")),
        Tier.NOTES: LEAKS.documents[Tier.NOTES],
    }
    house.library.save(entry(LEAKS.episode, documents))

    told = api_house.client(house).get(ADDRESS).json()

    assert {each["status"] for each in told["quotes"]} == {"unchecked"}


def test_a_brief_is_made_by_rule_and_kept(tmp_path: Path) -> None:
    here = api_house.filled(tmp_path)
    web = api_house.client(here)

    made = web.post(ADDRESS, json={"model": False}).json()

    assert made["changed"]
    assert made["quotes"]
    assert {each["status"] for each in made["quotes"]} == {"verbatim"}
    assert web.get(ADDRESS).json()["brief"]["themes"] == made["brief"]["themes"]
    here.library.close()


def test_an_imported_brief_stays_unless_by_force(house: ApiHouse) -> None:
    web = api_house.client(house)

    assert not web.post(ADDRESS, json={}).json()["changed"]
    assert web.post(ADDRESS, json={"force": True}).json()["changed"]


def test_a_brief_of_nothing_is_refused(house: ApiHouse) -> None:
    web = api_house.client(house)

    problem(web.post("/episodes/none/brief", json={}), 404)
    problem(web.post(ADDRESS, json={"model": "large"}), 422)
