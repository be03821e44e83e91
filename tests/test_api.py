"""The API: the same answers as the command line, errors as problems, pages, tags and tokens."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kb.errors import SoundproofError
from kb.keys import Keys
from kb.models import Entry, Filters, Tier
from tests import api_house, samples
from tests.api_house import ApiHouse, problem
from ui.api import paging, problems

LEAKS, COSTS, CLOSED = (each.episode.id for each in samples.ALL)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHouse]:
    """Give a house that no test changes."""
    here = api_house.filled(tmp_path_factory.mktemp("shelf"))
    yield here
    here.library.close()


@pytest.fixture(scope="module")
def api(shelf: ApiHouse) -> TestClient:
    return api_house.client(shelf)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ApiHouse]:
    """Give a house that a test has for itself."""
    here = api_house.filled(tmp_path)
    yield here
    here.library.close()


@pytest.fixture
def own(house: ApiHouse) -> TestClient:
    return api_house.client(house)


# Reading


def test_an_answer_has_claims_citations_and_says_whether_it_abstained(api: TestClient) -> None:
    told = api.post("/ask", json={"question": "How much did a label cost in March?"}).json()

    assert not told["abstained"]
    assert "3.50 dollars" in told["claims"][0]["text"]
    assert told["citations"][0]["span"]["episode_id"] == COSTS


def test_what_nobody_said_is_not_on_the_record(api: TestClient) -> None:
    told = api.post("/ask", json={"question": "What does Zanzibar export?"}).json()

    assert told["abstained"]
    assert told["claims"] == []
    assert told["reason"]


def test_an_answer_is_the_one_that_the_house_gives(shelf: ApiHouse, api: TestClient) -> None:
    question = "How much did a label cost?"

    told = api.post("/ask", json={"question": question, "show": "Second Opinion"}).json()

    made = shelf.ask(question, Filters(show="Second Opinion"))
    assert [each["text"] for each in told["claims"]] == [each.text for each in made.claims]


def test_a_search_gives_the_best_first_within_its_filters(api: TestClient) -> None:
    found = api.get("/search", params={"q": "benchmark", "limit": 2}).json()["items"]
    others = api.get("/search", params={"q": "benchmark", "person": "Ines"}).json()["items"]

    assert found[0]["episode"]["id"] == LEAKS
    assert len(found) <= 2
    assert found[0]["score"] >= found[-1]["score"]
    assert {each["episode"]["id"] for each in others} == {COSTS}


def test_episodes_come_newest_first_and_filtered(api: TestClient) -> None:
    everything = api.get("/episodes").json()["items"]
    dated = api.get("/episodes", params={"since": "2025-01-01"}).json()["items"]

    assert [each["id"] for each in everything] == [LEAKS, COSTS, CLOSED]
    assert [each["id"] for each in dated] == [LEAKS]


def test_an_episode_is_told_whole(api: TestClient) -> None:
    told = api.get(f"/episodes/{LEAKS}").json()

    assert told["people"][1]["name"] == "Jonas Feld"
    assert told["chapters"][0] == {"title": "The leak", "start": 0, "end": 18}
    assert told["published"] == "2025-03-09"


@pytest.mark.parametrize(
    ("format_", "kind", "begins"),
    [
        ("vtt", "text/vtt", "WEBVTT"),
        ("srt", "text/plain", "1\n00:00:00,000"),
        ("json", "application/json", "{"),
        ("md", "text/markdown", "# Evaluations"),
        ("txt", "text/plain", "Mara Quill: Everybody"),
    ],
)
def test_a_transcript_comes_in_every_format(
    api: TestClient, format_: str, kind: str, begins: str
) -> None:
    answer = api.get(f"/episodes/{LEAKS}/transcript", params={"format": format_})

    assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
    assert answer.text.startswith(begins)


def test_a_renamed_speaker_is_renamed_in_the_transcript(house: ApiHouse, own: TestClient) -> None:
    house.relabelling.rename(LEAKS, samples.JONAS, "Zora Renamed")

    for format_ in ("vtt", "srt", "json", "md", "txt"):
        told = own.get(f"/episodes/{LEAKS}/transcript", params={"format": format_}).text
        assert "Zora Renamed" in told, format_
        assert f"{samples.JONAS}:" not in told, format_


def test_an_unknown_format_names_the_known(api: TestClient) -> None:
    answer = api.get(f"/episodes/{LEAKS}/transcript", params={"format": "doc"})

    problem(answer, 404)
    assert "vtt" in answer.json()["hint"]


def test_a_quote_is_checked_against_what_was_said(api: TestClient) -> None:
    def checked(quote: str) -> str:
        return str(api.post(f"/episodes/{LEAKS}/quotes", json={"quote": quote}).json()["status"])

    assert checked("We threw ours away.") == "verbatim"
    assert checked("We kept ours for years and years.") != "verbatim"


def test_a_quote_of_an_episode_without_words_stays_unchecked(api: TestClient) -> None:
    answer = api.post(f"/episodes/{CLOSED}/quotes", json={"quote": "Closed books."})

    assert answer.json()["status"] == "unchecked"


def test_passages_are_those_of_the_document_asked_for(api: TestClient) -> None:
    notes = api.get(f"/episodes/{LEAKS}/passages", params={"tier": "notes"}).json()["items"]

    assert {each["tier"] for each in notes} == {"notes"}
    assert notes[0]["text"] == "Jonas Feld on leaks"


def test_suggestions_are_none_in_an_empty_library(tmp_path: Path) -> None:
    api = api_house.client(api_house.empty(tmp_path))

    assert api.get("/suggestions").json() == {"items": [], "next": None}
    problem(api.post("/ask", json={"question": "Who?"}), 409)


def test_there_is_no_draft_that_nobody_made(api: TestClient) -> None:
    assert api.get("/drafts").json() == []
    problem(api.get("/drafts/none"), 404)


# Pages


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
def test_pages_give_each_passage_once_and_in_order(api: TestClient, limit: int) -> None:
    whole = api.get(f"/episodes/{LEAKS}/passages", params={"limit": 200}).json()["items"]
    path, seen, cursor = f"/episodes/{LEAKS}/passages", list[str](), None

    while True:
        asked = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        told = api.get(path, params=asked).json()
        seen += [each["id"] for each in told["items"]]
        cursor = told["next"]
        if cursor is None:
            break

    assert seen == [each["id"] for each in whole]


@pytest.mark.parametrize("letter", ["検", "Ж", "\U0001f399", "\x01", '"', "a"])
def test_long_titles_and_addresses_have_their_place_in_a_cursor(
    house: ApiHouse, own: TestClient, letter: str
) -> None:
    for number in range(5):
        episode = replace(
            samples.LEAKS.episode,
            id=f"long-{number}",
            key=f"k{number}",
            title=f"{letter * 500}{number}",
        )
        house.library.save(Entry(episode, {}, ()))
        feed = f"https://feeds.example/{'x' * 1900}{number}"
        assert own.post("/shows", json={"url": feed, "title": letter * 500}).status_code == 201

    for path, count in (("/episodes", 8), ("/shows", 5)):
        whole = own.get(path, params={"limit": 200}).json()["items"]
        assert len(whole) == count
        assert _walked(own, path) == whole


def test_the_longest_cursor_is_read(api: TestClient) -> None:
    longest = [(str(number), *["\x01" * 500] * 3) for number in range(2)]
    cursor = paging.page(longest, lambda each: each, cursor=None, limit=1).next

    answer = api.get("/episodes", params={"cursor": cursor})

    assert "none of this list's" in problem(answer, 422)


def _walked(api: TestClient, path: str) -> list[object]:
    """Give a list, one thing a page."""
    seen, cursor = list[object](), ""
    while True:
        told = api.get(path, params={"limit": 1} | ({"cursor": cursor} if cursor else {}))
        assert told.status_code == 200, told.text
        seen += told.json()["items"]
        cursor = told.json()["next"]
        if cursor is None:
            return seen


def test_a_page_goes_on_where_the_last_thing_seen_was_deleted(own: TestClient) -> None:
    first = own.get("/episodes", params={"limit": 1}).json()

    own.delete(f"/episodes/{LEAKS}")

    rest = own.get("/episodes", params={"cursor": first["next"]}).json()["items"]
    assert [each["id"] for each in rest] == [COSTS, CLOSED]


@pytest.mark.parametrize("cursor", ["", "x", "bnVsbA==", "WzFd", "W1tdXQ==", "é", "eyJhIjoxfQ=="])
def test_a_cursor_of_another_kind_is_refused(api: TestClient, cursor: str) -> None:
    answer = api.get("/episodes", params={"cursor": cursor})

    assert "cursor" in problem(answer, 422)


# Problems


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/episodes/none", 404),
        ("GET", "/episodes/none/transcript", 404),
        ("GET", f"/episodes/{CLOSED}/transcript", 404),
        ("GET", f"/episodes/{LEAKS}/brief", 404),
        ("GET", "/jobs/none", 404),
        ("POST", "/jobs/none/retry", 404),
        ("DELETE", "/shows?feed=none", 404),
        ("PUT", "/episodes", 405),
        ("PATCH", "/ask", 405),
        ("GET", "/search", 422),
        ("GET", "/search?q=", 422),
        ("GET", "/search?q=a&limit=0", 422),
        ("GET", "/search?q=a&limit=201", 422),
        ("GET", "/search?q=a&tier=gossip", 422),
        ("GET", "/episodes?since=yesterday", 422),
        ("GET", "/episodes?show=none", 404),
        ("POST", "/arena/battles", 409),
    ],
)
def test_every_refusal_is_a_problem(api: TestClient, method: str, path: str, status: int) -> None:
    problem(api.request(method, path), status)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"{}",
        b'{"question": ""}',
        b'{"question": 1}',
        b'{"question": "a", "model": "x"}',
        b'{"question": "\\ud800"}',
    ],
)
def test_a_body_that_makes_no_sense_says_where(api: TestClient, body: bytes) -> None:
    answer = api.post("/ask", content=body, headers={"content-type": "application/json"})

    problem(answer, 422)
    assert answer.json()["faults"]


def test_a_question_is_not_a_form(api: TestClient) -> None:
    problem(api.post("/ask", data={"question": "Who?"}), 422)


def test_a_body_that_is_too_long_is_not_read(api: TestClient) -> None:
    problem(api.post("/ask", json={"question": "x" * 300_000}), 413)


def test_an_unexpected_fault_tells_nothing_of_itself(shelf: ApiHouse) -> None:
    class Broken(ApiHouse):
        def find(self, *_: object, **__: object) -> list[object]:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
            raise RuntimeError("secret path /home/ada")

    answer = api_house.client(Broken(shelf.settings)).get("/search", params={"q": "a"})

    problem(answer, 500)
    assert "ada" not in answer.text


def _kinds(of: type[SoundproofError]) -> Iterator[type[SoundproofError]]:
    yield of
    for each in of.__subclasses__():
        yield from _kinds(each)


@pytest.mark.parametrize("kind", sorted(set(_kinds(SoundproofError)), key=str))
def test_every_known_error_has_a_status(kind: type[SoundproofError]) -> None:
    assert problems.status(kind("It is so", hint="Do this.")) >= 400


# Tags


@pytest.mark.parametrize("path", ["/episodes", f"/episodes/{LEAKS}", "/search?q=label", "/shows"])
def test_what_has_not_changed_is_not_sent_again(api: TestClient, path: str) -> None:
    first = api.get(path)
    again = api.get(path, headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_what_has_changed_is_sent(house: ApiHouse, own: TestClient) -> None:
    first = own.get("/episodes")
    house.library.delete(CLOSED)

    again = own.get("/episodes", headers={"if-none-match": first.headers["etag"]})

    assert again.status_code == 200
    assert len(again.json()["items"]) == 2


# Changing


def test_a_deleted_episode_is_gone_from_every_list(own: TestClient) -> None:
    assert own.delete(f"/episodes/{COSTS}").status_code == 200

    problem(own.get(f"/episodes/{COSTS}"), 404)
    problem(own.delete(f"/episodes/{COSTS}"), 404)
    found = own.get("/search", params={"q": "label dollars"}).json()["items"]
    assert COSTS not in {each["episode"]["id"] for each in found}


def test_an_id_that_is_cut_short_deletes_nothing(own: TestClient) -> None:
    problem(own.delete(f"/episodes/{COSTS[:-1]}"), 404)

    assert own.get(f"/episodes/{COSTS}").status_code == 200


@pytest.mark.parametrize(
    "url", ["/etc/passwd", "file:///etc/passwd", "talk.mp3", "ftp://a.example/x", "", "http://"]
)
def test_only_addresses_are_added_never_paths(api: TestClient, url: str) -> None:
    problem(api.post("/jobs", json={"url": url}), 422)


def test_a_show_is_followed_once_and_let_go(own: TestClient) -> None:
    feed = "https://feeds.example/desk.xml"

    assert own.post("/shows", json={"url": feed, "title": "Desk"}).json() == {
        "url": feed,
        "new": True,
    }
    assert not own.post("/shows", json={"url": feed}).json()["new"]
    assert [each["title"] for each in own.get("/shows").json()["items"]] == ["Desk"]
    assert own.delete("/shows", params={"feed": "desk"}).json()["url"] == feed
    assert own.get("/shows").json()["items"] == []


# Tokens


def test_without_any_token_this_machine_needs_none(api: TestClient) -> None:
    assert api.get("/episodes").status_code == 200


def test_as_soon_as_there_is_one_everybody_shows_theirs(house: ApiHouse) -> None:
    token = Keys(house.library).make("mara")

    answer = api_house.client(house).get("/episodes")

    assert "token" in problem(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert api_house.client(house, token=token).get("/episodes").status_code == 200


def test_on_a_public_address_a_token_is_always_needed(house: ApiHouse) -> None:
    problem(api_house.client(house, closed=True).get("/episodes"), 401)
    token = Keys(house.library).make("mara")

    assert api_house.client(house, closed=True, token=token).get("/episodes").is_success
    Keys(house.library).revoke("mara")
    problem(api_house.client(house, closed=True, token=token).get("/episodes"), 401)


@pytest.mark.parametrize("header", ["Bearer", "Bearer  ", "Bearer wrong", "Basic bWFyYTp4", "x"])
@pytest.mark.parametrize("closed", [False, True])
def test_a_wrong_token_is_worse_than_none(shelf: ApiHouse, header: str, *, closed: bool) -> None:
    api = api_house.client(shelf, closed=closed)

    problem(api.get("/episodes", headers={"authorization": header}), 401)


def test_no_resource_forgets_to_ask_for_a_token(shelf: ApiHouse) -> None:
    api = api_house.client(shelf, closed=True)
    described = api.get("/openapi.json").json()["paths"]

    for path, methods in described.items():
        for method in methods:
            called = path.replace("{", "").replace("}", "")
            assert api.request(method, called).status_code == 401, (method, path)
    assert len(described) > 15


# The page


def test_the_page_names_every_resource_and_loads_nothing(api: TestClient) -> None:
    page = api.get("/docs")

    assert page.headers["content-type"].startswith("text/html")
    for path in api.get("/openapi.json").json()["paths"]:
        assert path in page.text
    for loads in ("<script", "src=", "http://", "https://", "@import", "url("):
        assert loads not in page.text


def test_every_tier_and_format_is_in_the_description(api: TestClient) -> None:
    text = api.get("/openapi.json").text

    assert all(f'"{tier.value}"' in text for tier in Tier)
    assert "HTTPBearer" in text
