"""Values under their recipes: given back as they were kept, or made anew."""

from pydantic import TypeAdapter

from ingest.estimate import Speed
from ingest.memo import Memo
from tests.kept_house import Kept

FAST = Speed(audio=60.0, took=2.5)


def test_what_was_remembered_is_recalled_and_nothing_else(kept: Kept) -> None:
    memo = Memo(kept.library, TypeAdapter(Speed))

    assert memo.remember("speed|fast", FAST) == FAST
    assert memo.recall("speed|fast") == FAST
    assert memo.recall("speed|slow") is None


def test_what_is_damaged_on_disk_counts_as_not_kept(kept: Kept) -> None:
    memo = Memo(kept.library, TypeAdapter(Speed))
    memo.remember("speed|fast", FAST)
    sha256 = kept.library.recall("speed|fast")
    assert sha256 is not None
    kept.library.artefacts.path(sha256).write_bytes(b'{"audio":')

    assert memo.recall("speed|fast") is None
