"""Fixtures that several test modules share."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of shared data, or skip: the project's own tests do without it."""
    folder = Path(os.environ.get("SOUNDPROOF_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip("no shared data here: set SOUNDPROOF_SHARED to its folder")
    return folder


@pytest.fixture(scope="session")
def examples() -> Path:
    """Give the folder of our own example episodes."""
    return ROOT / "examples"
