"""A house for the tests of the API: the record and the queue are real, models and network are fakes."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from fastapi.testclient import TestClient

from kb.indexes import Indexes
from kb.settings import Settings
from tests import samples
from tests.fakes import FakeEmbedder, FakeVectorIndex, FakeWordIndex
from tests.fakes_ingest import FakeFetcher
from ui.api import service
from ui.wiring import House

BASE = "http://127.0.0.1:8501"


class Answer(Protocol):
    """What a program gets back."""

    @property
    def status_code(self) -> int: ...

    @property
    def text(self) -> str: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    def json(self) -> Any: ...  # noqa: ANN401


class ApiHouse(House):
    """A house of invented episodes that reaches no model and no network."""

    @cached_property
    def embedder(self) -> FakeEmbedder:
        return FakeEmbedder()

    @cached_property
    def indexes(self) -> Indexes:
        return Indexes(self.library, self.embedder, FakeWordIndex(), FakeVectorIndex())

    @cached_property
    def fetcher(self) -> FakeFetcher:
        return FakeFetcher()


def empty(folder: Path) -> ApiHouse:
    """Give a house without an episode."""
    return ApiHouse(Settings(home=folder, offline=True))


def filled(folder: Path) -> ApiHouse:
    """Give a house with three episodes."""
    here = empty(folder)
    for each in samples.ALL:
        here.library.save(each)
    return here


def client(here: House, *, closed: bool = False, token: str = "") -> TestClient:
    """Give a program that speaks to the API of a house."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return TestClient(
        service.build(here, closed=closed),
        base_url=BASE,
        headers=headers,
        raise_server_exceptions=False,
    )


def problem(answer: Answer, status: int) -> str:
    """Check that an answer is a problem as RFC 9457 has it, and give its detail."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert "Traceback" not in answer.text
    return str(told["detail"])
