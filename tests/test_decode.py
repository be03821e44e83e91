"""Tags between joined recordings, by their own lengths."""

import pytest

from ingest import decode

_ID3 = b"ID3\x04\x00\x00\x00\x00\x01\x00" + bytes(128)
_TAG = b"TAG" + bytes(125)
_APE = b"APETAGEX" + bytes(4) + (64).to_bytes(4, "little") + bytes(16) + bytes(64)


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (b"", 0),
        (b"\xff\xfb\x90\x00", 0),
        (_ID3 + b"\xff\xfb", 138),
        (_TAG + _ID3 + b"\xff\xfb", 266),
        (_APE + b"\xff\xfb", 96),
        (b"ID3\x04", 0),
        (b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f", 10 + 2**28 - 1),
    ],
)
def test_tags_are_counted_as_far_as_they_say_they_go(content: bytes, size: int) -> None:
    assert decode.tags(content) == size
