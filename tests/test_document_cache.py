"""Documents from the network, kept for the next time they are asked for."""

from pathlib import Path

import pytest

from ingest.document_cache import DocumentCache
from ingest.ports import Kept
from kb.ports import Library
from tests.fakes import FakeLibrary

FEED = "https://tide.example/feed.xml"
KEPT = Kept(b"<rss/>", FEED, '"abc"', "Mon, 01 Jan 2024 08:00:00 GMT")


@pytest.fixture
def library(tmp_path: Path) -> FakeLibrary:
    return FakeLibrary(tmp_path / "files")


@pytest.fixture
def cache(library: Library) -> DocumentCache:
    return DocumentCache(library)


def only_file(library: FakeLibrary, content: bytes) -> Path:
    (path,) = (each for each in library.artefacts.folder.iterdir() if content in each.read_bytes())
    return path


def test_what_was_never_fetched_is_not_known(cache: DocumentCache) -> None:
    assert cache.recall(FEED) is None


@pytest.mark.parametrize("kept", [KEPT, Kept(b"", FEED), Kept(b"\xff\0", "https://new.example/")])
def test_a_document_is_given_back_with_its_validators(cache: DocumentCache, kept: Kept) -> None:
    cache.remember(FEED, kept)

    assert cache.recall(FEED) == kept
    assert cache.recall(FEED + "?page=2") is None


def test_the_next_document_takes_the_place_of_the_one_before(cache: DocumentCache) -> None:
    cache.remember(FEED, KEPT)
    cache.remember(FEED, Kept(b"<rss>new</rss>", FEED, '"def"'))

    assert cache.recall(FEED) == Kept(b"<rss>new</rss>", FEED, '"def"')


def test_two_addresses_may_hold_the_same(cache: DocumentCache) -> None:
    other = Kept(KEPT.content, "https://other.example", '"x"')
    cache.remember(FEED, KEPT)
    cache.remember("https://other.example", other)

    assert (cache.recall(FEED), cache.recall("https://other.example")) == (KEPT, other)


def test_a_document_that_is_gone_is_not_known(cache: DocumentCache, library: FakeLibrary) -> None:
    cache.remember(FEED, KEPT)
    only_file(library, b"<rss/>").unlink()

    assert cache.recall(FEED) is None


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[1]"])
def test_a_damaged_card_is_not_known_and_can_be_written_anew(
    cache: DocumentCache, library: FakeLibrary, content: bytes
) -> None:
    cache.remember(FEED, KEPT)
    only_file(library, b'"etag"').write_bytes(content)

    assert cache.recall(FEED) is None
    cache.remember(FEED, KEPT)
    assert cache.recall(FEED) == KEPT


def test_a_card_is_written_after_its_document(library: FakeLibrary) -> None:
    """What a kill between the two leaves is a document without a card, never the reverse."""

    class Killed(FakeLibrary):
        def remember(self, recipe: str, sha256: str) -> None:
            if recipe.startswith("card|"):
                raise KeyboardInterrupt
            super().remember(recipe, sha256)

    killed = Killed(library.artefacts.folder)
    with pytest.raises(KeyboardInterrupt):
        DocumentCache(killed).remember(FEED, KEPT)

    assert only_file(library, b"<rss/>").read_bytes() == KEPT.content
    assert DocumentCache(killed).recall(FEED) is None
