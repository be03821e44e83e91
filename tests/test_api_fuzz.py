"""Whatever is sent to the API, it answers as its page says, and never with a fault of its own."""

# schemathesis leaves some of its types open:
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kb.keys import Keys
from tests import api_house, arena_house
from tests.api_house import ApiHouse
from ui.api import service

_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
_HEALTH = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
_PHASES = (Phase.explicit, Phase.generate)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHouse]:
    here = api_house.filled(tmp_path_factory.mktemp("fuzzed"))
    arena_house.fill(here.library)
    yield here
    here.dispatcher.close()
    here.library.close()


def _operations() -> list[str]:
    described = service.build(ApiHouse.__new__(ApiHouse), closed=False).openapi()["paths"]
    return [f"{method.upper()} {path}" for path, methods in described.items() for method in methods]


def _token(house: ApiHouse) -> str:
    keys = Keys(house.library)
    return keys.make(f"fuzz{len(keys.all())}")


def _fuzz(house: ApiHouse, operation: str, examples: int) -> None:
    """Send an operation so many requests, most of them odd."""
    method, path = operation.split()
    shown = {"Authorization": f"Bearer {_token(house)}"}
    schema = schemathesis.openapi.from_asgi("/openapi.json", service.build(house, closed=False))
    api = schema[path][method]

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=_PHASES,
        suppress_health_check=[*_HEALTH],
    )
    @given(case=st.data())
    def holds(case: st.DataObject) -> None:
        drawn = case.draw(api.as_strategy())
        drawn.call_and_validate(checks=_CHECKS, headers=shown)

    holds()


@pytest.mark.parametrize(
    "operation", ["GET /episodes", "GET /search", "PUT /arena/battles/{battle_id}/vote"]
)
def test_a_few_odd_requests_are_answered_as_the_page_says(house: ApiHouse, operation: str) -> None:
    _fuzz(house, operation, 3)


@pytest.mark.slow
@pytest.mark.parametrize("operation", _operations())
def test_many_odd_requests_are_answered_as_the_page_says(house: ApiHouse, operation: str) -> None:
    _fuzz(house, operation, 60)


def test_the_fuzz_sees_a_fault(tmp_path: Path) -> None:
    class Broken(ApiHouse):
        def suggestions(self) -> tuple[str, ...]:
            raise RuntimeError("broken")

    here = Broken(api_house.filled(tmp_path).settings)
    with pytest.raises(RuntimeError, match="broken"):
        _fuzz(here, "GET /suggestions", 1)
