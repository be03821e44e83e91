"""What is wrong is found, and what can be made anew is mended."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from kb.errors import WeightsError
from kb.indexes import Indexes
from kb.library import SqlLibrary
from kb.models import Tier
from kb.verify import Fault, Verifier
from tests import kept_house
from tests.fakes import FakeVectorIndex, FakeWordIndex
from tests.kept_house import Kept
from tests.samples import COSTS, LEAKS

ID = LEAKS.episode.id


def faults(kept: Kept, *, mend: bool = False) -> list[Fault]:
    library = kept.library
    return list(Verifier(library, library.artefacts, lambda: kept.indexes, mend=mend).run())


def mended(kept: Kept) -> None:
    """Check that there is something to mend, that it is mended, and that nothing is left."""
    assert faults(kept)
    assert all(each.mended for each in faults(kept, mend=True))
    assert faults(kept) == []


def words(kept: Kept) -> FakeWordIndex:
    assert isinstance(kept.indexes.words, FakeWordIndex)
    return kept.indexes.words


def meaning(kept: Kept) -> FakeVectorIndex:
    assert isinstance(kept.indexes.meaning, FakeVectorIndex)
    return kept.indexes.meaning


def test_where_all_is_well_nothing_is_said(kept: Kept) -> None:
    assert faults(kept) == []
    assert faults(kept, mend=True) == []


# Files


@pytest.mark.parametrize(
    ("column", "part"), [("audio", "The audio"), ("playback", "The playback copy")]
)
@pytest.mark.parametrize("state", ["damaged", "missing"])
def test_a_recording_that_is_spoilt_is_told_with_what_to_do(
    kept: Kept, column: str, part: str, state: str
) -> None:
    sha256 = getattr(kept.library.episode(ID), column)
    if state == "damaged":
        kept.damage(sha256)
    else:
        kept.library.artefacts.remove(sha256)

    for mend in (False, True):
        [fault] = faults(kept, mend=mend)
        assert fault.what == f"{part} of {ID} is {state}"
        assert f"soundproof delete {ID}" in fault.mend
        assert not fault.mended


def test_a_spoilt_document_is_told_once(kept: Kept) -> None:
    before = kept.files
    kept.library.save(kept_house.with_notes(LEAKS, "Other notes"))
    list(kept.indexes.catch_up())
    [notes] = [
        name
        for name in kept.files - before
        if b"Other notes" in kept.library.artefacts.path(name).read_bytes()
    ]
    kept.damage(notes)

    [fault] = [each for each in faults(kept, mend=True) if each.harm]

    assert fault.what == f"A document of {ID} is damaged"


def test_a_document_that_cannot_be_read_is_told(kept: Kept) -> None:
    strange = kept.put(b'{"segments": 7}')
    with kept.library.writing() as db:
        db.exec_driver_sql(
            f"UPDATE documents SET sha256 = '{strange}'"  # noqa: S608 - a hash
            f" WHERE episode_id = '{ID}' AND tier = '{Tier.NOTES.value}'"
        )

    [fault] = [each for each in faults(kept) if each.harm]

    assert fault.what == f"The notes of {ID} is damaged on disk"


@pytest.mark.parametrize("state", ["damaged", "missing"])
def test_what_was_made_once_is_made_anew(kept: Kept, state: str) -> None:
    audio = kept.library.episode(ID).audio
    heard = kept.library.recall(f"heard|{audio}|30.00|fake")
    assert heard is not None
    if state == "damaged":
        kept.damage(heard)
    else:
        kept.library.artefacts.remove(heard)

    mended(kept)
    assert kept.library.recall(f"heard|{audio}|30.00|fake") is None


def test_saved_vectors_that_are_damaged_are_made_anew(kept: Kept) -> None:
    for name in kept.files:
        if kept.library.artefacts.path(name).read_bytes().startswith(b"\x93NUMPY"):
            kept.damage(name)

    mended(kept)

    whole = [kept.library.artefacts.path(name).read_bytes() for name in kept.files]
    assert sum(each.startswith(np.lib.format.MAGIC_PREFIX) for each in whole) == 3
    assert len(list(kept.indexes.rebuild())) == 3


def test_files_that_nothing_needs_only_take_room_and_go_when_they_are_old(kept: Kept) -> None:
    orphan = kept.library.artefacts.path(kept.put(b"nobody's"))
    killed = orphan.with_name(".part-abc123")
    killed.write_bytes(b"hal")
    assert faults(kept) == []

    for each in (orphan, killed):
        kept_house.age(each)

    assert [each.harm for each in faults(kept)] == [False, False]
    mended(kept)
    assert not orphan.exists()
    assert not killed.exists()


def test_what_an_unfinished_add_has_made_is_needed(kept: Kept) -> None:
    audio = kept.put(b"still being heard")
    window = kept.put(b"the first words")
    kept.library.remember(f"heard|{audio}|0.00|fake", window)
    for each in (audio, window):
        kept_house.age(kept.library.artefacts.path(each))

    assert faults(kept, mend=True) == []
    assert {audio, window} <= kept.files


# Indexes


def test_an_index_that_is_behind_is_brought_level(kept: Kept) -> None:
    words(kept).remove(ID)
    meaning(kept).revisions[ID] = 0

    assert [each.what.split(" is ")[0] for each in faults(kept)] == [
        "The word index",
        "The vector index",
    ]
    mended(kept)


def test_passages_that_an_index_lost_without_a_word_are_missed(kept: Kept) -> None:
    lost, *_ = [each for each in meaning(kept).rows if each.startswith(ID)]
    del meaning(kept).rows[lost]
    words(kept).texts[COSTS.episode.id] = words(kept).texts[COSTS.episode.id][:-1]

    mended(kept)
    assert lost in meaning(kept).rows


def test_what_an_index_has_too_much_is_taken_out(kept: Kept) -> None:
    kept.library.delete(ID)

    assert any("vector index" in each.what for each in faults(kept))
    faults(kept, mend=True)
    assert ID not in words(kept).held()
    assert ID not in meaning(kept).held()


def test_without_a_model_the_rest_is_still_looked_at(kept: Kept) -> None:
    def no_model() -> Indexes:
        raise WeightsError("The weights are not here", hint="Fetch them.")

    kept.damage(str(kept.library.episode(ID).audio))
    verifier = Verifier(kept.library, kept.library.artefacts, no_model)

    first, second = verifier.run()

    assert "audio" in first.what
    assert second == Fault(
        "The indexes cannot be looked at: The weights are not here", "Fetch them."
    )


# The database


def test_a_row_that_belongs_to_no_other_is_told_and_nothing_else_is_done(kept: Kept) -> None:
    with sqlite3.connect(kept.folder / "library.sqlite") as db:
        db.execute("INSERT INTO names VALUES ('nobody', 'Nobody', 1)")
    db.close()

    [fault] = faults(kept, mend=True)

    assert fault.what == "1 rows of the database belong to no other"
    assert "restore" in fault.mend


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    kept = kept_house.sqlite(tmp_path)
    kept_house.fill(kept)
    kept.library.close()
    file = tmp_path / "library.sqlite"
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = db.execute("PRAGMA page_size").fetchone()[0]
        root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'passages'").fetchone()[
            0
        ]
    db.close()
    whole = bytearray(file.read_bytes())
    whole[(root - 1) * size : root * size] = b"\xff" * size
    file.write_bytes(whole)

    library = SqlLibrary(f"sqlite:///{file}", tmp_path)
    found = list(Verifier(library, library.artefacts, lambda: kept.indexes).run())
    library.close()

    assert found
    assert all("restore" in each.mend for each in found)
