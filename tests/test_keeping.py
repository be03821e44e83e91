"""Deletion: all that hangs on an episode goes, and nothing that another needs."""

import hashlib
from pathlib import Path

import sqlalchemy as sa

from kb import keeping, schema
from kb.jobs import Jobs
from kb.models import Filters
from tests import kept_house
from tests.kept_house import Kept
from tests.samples import CLOSED, COSTS, LEAKS


def delete(kept: Kept, *ids: str) -> keeping.Removed:
    chosen = [kept.library.episode(each) for each in ids]
    return keeping.delete(kept.library, kept.library.artefacts, chosen)


def rows(kept: Kept, table: sa.Table) -> int:
    with kept.library.reading() as db:
        return int(db.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def test_every_column_that_names_an_artefact_is_known() -> None:
    known = {column for _, column in keeping.NAMING.values()} | {schema.derivations.c.sha256}
    hashes = {
        column
        for table in schema.metadata.tables.values()
        for column in table.c
        if column.name in ("audio", "playback", "sha256")
    }
    assert hashes == known


def test_an_episode_goes_with_all_that_was_made_of_it(kept: Kept, tmp_path: Path) -> None:
    alone = kept_house.sqlite(tmp_path / "alone")
    kept_house.heard(alone, COSTS, b"a talk about costs")
    alone.library.save(CLOSED)
    list(alone.indexes.catch_up())
    before = kept.files

    removed = delete(kept, LEAKS.episode.id)
    list(kept.indexes.catch_up())

    assert kept.files == alone.files
    assert removed.files == len(before - kept.files) > 5
    assert removed.bytes > 0
    assert {each.id for each in kept.library.episodes(Filters())} == {
        COSTS.episode.id,
        CLOSED.episode.id,
    }
    assert kept.indexes.words.held() == kept.indexes.meaning.held() == kept.library.revisions()
    alone.library.close()


def test_the_last_one_leaves_nothing(kept: Kept) -> None:
    delete(kept, *kept_house.IDS)

    assert kept.files == set()
    left = {name for name, table in schema.metadata.tables.items() if rows(kept, table)}
    assert left == {"counter"}


def test_what_two_episodes_share_stays_for_the_other(tmp_path: Path) -> None:
    kept = kept_house.sqlite(tmp_path)
    kept_house.heard(kept, LEAKS, b"one recording")
    kept_house.heard(kept, COSTS, b"one recording")
    audio = str(kept.library.episode(COSTS.episode.id).audio)

    delete(kept, LEAKS.episode.id)

    assert kept.library.artefacts.path(audio).read_bytes() == b"one recording"
    assert kept.library.recall(f"heard|{audio}|30.00|fake") is not None
    assert kept.library.recall(f"playback|{audio}") is not None
    kept.library.close()


def test_what_an_unfinished_add_has_made_stays(kept: Kept) -> None:
    audio = kept.put(b"still being heard")
    kept.library.remember(f"heard|{audio}|0.00|fake", kept.put(b"the first words"))

    delete(kept, *kept_house.IDS)

    assert len(kept.files) == 2
    assert kept.library.recall(f"heard|{audio}|0.00|fake") is not None


def test_earlier_versions_go_too(kept: Kept) -> None:
    kept_house.heard(kept, LEAKS, b"the talk again, with other adverts")

    delete(kept, *kept_house.IDS)

    assert kept.files == set()


def test_its_job_goes_and_those_of_others_stay(kept: Kept) -> None:
    jobs = Jobs(kept.library)
    for name, episode_id in (("one", LEAKS.episode.id), ("two", COSTS.episode.id)):
        parcel = kept.put(name.encode())
        jobs.open(name, parcel=parcel, origin=f"{name}.mp3", title=name)
        jobs.finish(name, episode_id)

    delete(kept, LEAKS.episode.id)

    [left] = jobs.jobs()
    assert left.id == "two"
    assert left.parcel in kept.files
    assert hashlib.sha256(b"one").hexdigest() not in kept.files


def test_a_recording_that_a_job_brought_along_stays(kept: Kept) -> None:
    audio = kept.library.episode(LEAKS.episode.id).audio
    parcel = kept.put(f'{{"media":"sha256:{audio}"}}'.encode())
    Jobs(kept.library).open("again", parcel=parcel, origin="talk.mp3", title="Again")

    delete(kept, *kept_house.IDS)

    assert {parcel, str(audio)} <= kept.files


def test_a_silent_window_that_an_unfinished_add_heard_too_stays(kept: Kept) -> None:
    silence, audio = kept.put(b"nothing"), kept.put(b"still being heard")
    for recording in (audio, kept.library.episode(LEAKS.episode.id).audio):
        kept.library.remember(f"heard|{recording}|60.00|fake", silence)

    delete(kept, *kept_house.IDS)

    assert kept.files == {audio, silence}
    assert kept.library.recall(f"heard|{audio}|60.00|fake") == silence
    assert rows(kept, schema.derivations) == 1


def test_a_deletion_is_a_change_of_the_library(kept: Kept) -> None:
    before = kept.library.revision()

    delete(kept, LEAKS.episode.id)

    assert kept.library.revision() > before
