"""kill -9 at any moment, run again: nothing is lost and nothing is there twice."""

import hashlib
import random
import subprocess
import sys
import time
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from kb import schema
from kb.adapters.chroma import ChromaIndex
from kb.models import Scope
from tests.conftest import ROOT
from tests.e2e import walk
from tests.fakes import FakeEmbedder

pytestmark = pytest.mark.slow

_RANDOM = random.Random(2026)  # noqa: S311 - moments, not secrets
_MOMENTS = [_RANDOM.uniform(0.01, 1.0) for _ in range(10)]
"""Shares of the way at which the process is killed."""


@pytest.fixture(scope="module")
def origins(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Give three transcripts and a recording of some windows."""
    folder = tmp_path_factory.mktemp("origins")
    for number in range(3):
        cues = [
            f"{n // 60:02}:{n % 60:02}.000 --> {n // 60:02}:{n % 60:02}.900\n"
            f"<v {'Ada' if n % 3 else 'Ben'}>Benchmark {number} failed {n} times. We kept it.\n"
            for n in range(150)
        ]
        text = f"WEBVTT - Talk {number}\n\n" + "\n".join(cues)
        (folder / f"talk{number}.vtt").write_text(text)
    times = np.arange(20 * 16_000) / 16_000
    with wave.open(str(folder / "talk.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes((8_000 * np.sin(2_000 * times)).astype("<i2").tobytes())
    return sorted(map(str, folder.iterdir()))


def begun(home: Path, origins: list[str]) -> subprocess.Popen[str]:
    """Start the walk and wait until its imports are done."""
    command = [sys.executable, "-m", "tests.e2e.walk", str(home), *origins]
    walking = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert walking.stdout is not None
    assert walking.stdout.readline() == "ready\n"
    return walking


def finished(home: Path, origins: list[str]) -> float:
    """Walk to the end and give the seconds that took."""
    with begun(home, origins) as walking:
        start = time.monotonic()
        assert walking.communicate(timeout=120)[0] == "done\n"
        return time.monotonic() - start


def state(home: Path) -> dict[str, Any]:
    """Give all rows, and what the indexes hold and find."""
    engine = sa.create_engine(f"sqlite:///{home / 'library.sqlite'}")
    with engine.connect() as db:
        rows: dict[str, Any] = {
            name: sorted(map(repr, db.execute(sa.select(*_steady(table))).all()))
            for name, table in schema.metadata.tables.items()
        }
    engine.dispose()
    # How quickly it was heard may differ; what was heard may not.
    rows["derivations"] = [each for each in rows["derivations"] if "speed|" not in each]
    indexes = walk.opened(home)
    assert isinstance(indexes.meaning, ChromaIndex)
    ids = [
        each.id
        for episode in indexes.library.revisions()
        for each in indexes.library.passages_of(episode)
    ]
    question = FakeEmbedder().embed(["Benchmark failed"])[0]
    similar = indexes.meaning.similarity(question, ids)
    rows["meaning"] = sorted((key, round(value, 4)) for key, value in similar.items())
    terms = {"benchmark": 1.0, "kept": 1.0, "evals": 1.0, "model": 1.0}
    for unit, collection in indexes.meaning._collections.items():  # noqa: SLF001  # pyright: ignore[reportPrivateUsage, reportUnknownVariableType, reportUnknownMemberType]
        rows[f"count {unit}"] = collection.count()  # pyright: ignore[reportUnknownMemberType]
        found = indexes.words.search(terms, limit=5_000, scope=Scope(), unit=unit)
        rows[f"words {unit}"] = sorted(score.passage_id for score in found)
    assert len(similar) == len(ids) == rows["count sentence"] + rows["count window"]
    rows["held"] = [dict(indexes.words.held()), dict(indexes.meaning.held())]
    indexes.meaning.close()
    return rows


def _steady(table: sa.Table) -> list[sa.Column[Any]]:
    """Give the columns that do not tell when something was done."""
    return [column for column in table.columns if column.name != "noted"]


def damaged(home: Path) -> list[Path]:
    """Give the kept files that are not what their name says."""
    kept = [path for path in (home / "artefacts").rglob("*") if len(path.name) == 64]
    return [path for path in kept if hashlib.sha256(path.read_bytes()).hexdigest() != path.name]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, origins: list[str]) -> tuple[Path, float]:
    """Give a home that was made in one go, and the seconds it took."""
    home = tmp_path_factory.mktemp("undisturbed")
    return home, finished(home, origins)


@pytest.mark.parametrize("moment", _MOMENTS, ids="{:.2f}".format)
def test_after_a_kill_the_same_command_ends_where_it_would_have(
    tmp_path: Path, undisturbed: tuple[Path, float], origins: list[str], moment: float
) -> None:
    home, seconds = undisturbed
    with begun(tmp_path, origins) as walking:
        time.sleep(moment * seconds)
        walking.kill()
    assert damaged(tmp_path) == []

    finished(tmp_path, origins)

    assert state(tmp_path) == state(home)
    assert damaged(tmp_path) == []


def test_walking_again_changes_nothing(undisturbed: tuple[Path, float], origins: list[str]) -> None:
    home, _ = undisturbed
    before = state(home)

    finished(home, origins)

    assert state(home) == before
