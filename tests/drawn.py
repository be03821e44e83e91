"""A page drawn without a browser over a copy of the sample library, and what it shows."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests import sample_house, sample_work

VOTER = "test@example.com"
"""Who is signed in where a page is drawn without a browser."""
_SCRIPT = """
from pathlib import Path
from kb.errors import SoundproofError
from tests import sample_work
from ui import widgets
from ui.views import {view}
try:
    house = sample_work.house(Path({folder!r}), workers={workers!r})
    {before}
    {view}.show(house)
except SoundproofError as error:  # as ui/app.py does
    widgets.failed(error)
"""


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with arena, votes, verdicts and jobs, to be copied."""
    folder = tmp_path_factory.mktemp("sample")
    sample_work.fill(folder)
    sample_work.library(folder).close()
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Iterator[Path]:
    """Give a copy of the sample, with somebody at the machine who has done nothing yet."""
    copy = tmp_path / "sample"
    shutil.copytree(filled, copy)
    yield copy
    sample_work.library(copy).close()


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Path]:
    """Give a folder whose library holds nothing."""
    yield tmp_path
    sample_work.library(tmp_path).close()


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    """Give a folder whose library holds the sample episodes alone, of which nothing is cached."""
    st.cache_data.clear()
    sample_house.fill(sample_work.library(tmp_path))
    return tmp_path


def drawn(
    view: str,
    folder: Path,
    *,
    workers: tuple[str, ...] = ("desk",),
    address: Mapping[str, str] | None = None,
    before: str = "pass",
) -> AppTest:
    """Draw a page; `address` are the parameters in its address, `before` a statement to run first."""
    script = _SCRIPT.format(view=view, folder=str(folder), workers=workers, before=before)
    page = AppTest.from_string(script)
    for name, value in (address or {}).items():
        page.query_params[name] = value
    page.run(timeout=20)
    assert not page.exception
    return page


def data(page: AppTest, key: str) -> Any:  # noqa: ANN401 - JSON
    """Give what a component draws."""
    return json.loads(page.get_by_key(key).proto.json)


def blocks(page: AppTest, key: str) -> list[Any]:
    """Give the blocks of a sheet."""
    found: list[Any] = data(page, key)["blocks"]
    return found


def texts(page: AppTest) -> list[str]:
    """Give the plain texts of a page."""
    return [element.value for element in page.text]


def press(page: AppTest, label: str) -> None:
    """Press the first button that is labelled so."""
    next(button for button in page.button if button.label == label).click().run(timeout=20)
    assert not page.exception


def everything(page: AppTest) -> str:
    """Give all that was sent to draw the page, the address and what the session keeps."""
    sent = " ".join(str(element.proto) for element in page.main if hasattr(element, "proto"))
    drawn_by_us = " ".join(each.proto.json for each in page.get("bidi_component"))
    return " ".join([sent, drawn_by_us, str(dict(page.query_params)), str(page.session_state)])
