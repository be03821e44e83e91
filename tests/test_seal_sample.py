"""The sample brief against a transcript that holds its pieces, somewhere."""

from pathlib import Path

import pytest

from kb import briefs
from kb.briefs import Claimed
from kb.models import Origin, QuoteStatus
from kb.seal import Record
from tests.test_seal import talk


@pytest.fixture(scope="module")
def quotes(shared: Path) -> tuple[Claimed, ...]:
    text = next((shared / "data/seeds").glob("003_*.txt")).read_text("utf-8")
    return briefs.quotes(briefs.parse(text, Origin("file", "003")))


def test_stitched_quotes_are_found_as_such_and_the_others_verbatim(
    quotes: tuple[Claimed, ...],
) -> None:
    pieces = [piece for quote in quotes for piece in reversed(quote.pieces)]
    said = [each for piece in pieces for each in (piece, "And then it rained.")]
    record = Record.of(talk(*said, speaker="Jonathan"))

    sealed = {quote: record.check(quote.text) for quote in quotes}

    stitched = [quote for quote in quotes if len(quote.pieces) > 1]
    assert len(stitched) == 2
    for quote in quotes:
        expected = QuoteStatus.STITCHED if quote in stitched else QuoteStatus.VERBATIM
        assert sealed[quote].status is expected, quote.text
    for quote in stitched:
        assert [piece.claim for piece in sealed[quote].pieces] == list(quote.pieces)


def test_without_a_transcript_every_one_is_unchecked(quotes: tuple[Claimed, ...]) -> None:
    empty = Record.of(())

    assert {empty.check(quote.text).status for quote in quotes} == {QuoteStatus.UNCHECKED}
