"""Downloads from servers that misbehave: all bytes right, or an error that says what is wrong."""

import gzip
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path

import pytest

from ingest.partial import SUFFIXES
from kb.errors import FetchError, PassingFetchError
from tests.loopback import Net, Reply, Route, Server

AUDIO = bytes(range(256)) * 4096  # 1 MiB
NEW = AUDIO[::-1]
TAG = {"ETag": '"v1"'}
TAGGED = Reply(AUDIO, headers=TAG)
HALF = Reply(AUDIO[:300_000], headers=TAG, length=len(AUDIO))
DATED = formatdate(1_700_000_000, usegmt=True)
AT_ONCE = {"Last-Modified": DATED, "Date": DATED}
SETTLED = {"Last-Modified": DATED, "Date": formatdate(1_700_000_060, usegmt=True)}


def quiet(fraction: float) -> None:
    del fraction


def part(start: int, stop: int, **also: str) -> dict[str, str]:
    """Give the headers of bytes from `start` to before `stop`."""
    return TAG | {"Content-Range": f"bytes {start}-{stop - 1}/{len(AUDIO)}"} | also


def pieces(most: int, *, cut: bool = False) -> Route:
    """Serve ranges of at most so many bytes; with `cut` they promise all and break off."""

    def answer(headers: Mapping[str, str]) -> Reply:
        found = re.fullmatch(r"bytes=(\d+)-", headers.get("range", ""))
        start = int(found[1]) if found else 0
        body = AUDIO[start : start + most]
        length = len(AUDIO) - start if cut else len(body)
        if not found:
            return Reply(body, headers=TAG, length=len(AUDIO))
        return Reply(body, status=206, headers=part(start, start + length), length=length)

    return answer


@dataclass(frozen=True)
class Right:
    """What a server does that ends well; `asked` is how many requests that takes."""

    does: str
    replies: Sequence[Reply] | Route
    asked: int
    content: bytes = field(default=AUDIO, repr=False)


@dataclass(frozen=True)
class Wrong:
    """What a server does that cannot end well, and what the error says of it."""

    does: str
    replies: Sequence[Reply] | Route
    says: str
    passing: bool = True


def resumed(status: int, body: bytes, headers: Mapping[str, str], **more: object) -> list[Reply]:
    """Break off, go on in some way, and in the end give all."""
    return [HALF, Reply(body, status, headers, **more), TAGGED]  # type: ignore[arg-type]


REST = AUDIO[300_000:]
RIGHT = [
    Right("has no Range", [HALF, TAGGED], 2),
    Right("drops once", resumed(206, REST, part(300_000, len(AUDIO))), 2),
    Right("drops again and again", pieces(100_000, cut=True), 11),
    Right("gives less than was asked", [HALF, Reply(REST[:700_000], 206, part(300_000, 10**6)),
          Reply(AUDIO[10**6:], 206, part(10**6, len(AUDIO)))], 3),
    Right("gives no length", [Reply(AUDIO, framed="closed")], 1),
    Right("gives no length and is reset", [
        Reply(AUDIO[:300_000], headers=TAG, framed="closed", whole=False),
        Reply(REST, 206, part(300_000, len(AUDIO)))], 2),
    Right("gives chunks", [Reply(AUDIO, framed="chunked")], 1),
    Right("gives chunks and breaks off", [
        Reply(AUDIO[:300_000], headers=TAG, framed="chunked", whole=False),
        Reply(REST, 206, part(300_000, len(AUDIO)), framed="chunked")], 2),
    Right("gives chunks and another length", [
        Reply(AUDIO, headers={"Content-Length": "5"}, framed="chunked")], 1),
    Right("ends with a stray line", [Reply(AUDIO + b"\r\n", length=len(AUDIO))], 1),
    Right("has a new file, and says so", [HALF, Reply(NEW, headers={"ETag": '"v2"'})], 2, NEW),
    Right("has a new file, and goes on with it",
          [HALF, Reply(NEW[300_000:], 206, part(300_000, len(AUDIO), ETag='"v2"')),
           Reply(NEW, headers={"ETag": '"v2"'})], 3, NEW),
    Right("has a new file of another length under the old tag",
          [HALF, Reply(b"!" * 5, 206, TAG | {"Content-Range": "bytes 300000-300004/300005"}),
           Reply(NEW, headers={"ETag": '"v2"'})], 3, NEW),
    Right("answers 416", resumed(416, b"", {}), 3),
    Right("answers 416 and says it was all", resumed(416, b"", {"Content-Range": "bytes */300000"}),
          3),
    Right("goes on from the start", resumed(206, AUDIO, part(0, len(AUDIO))), 3),
    Right("goes on further on", resumed(206, REST[9:], part(300_009, len(AUDIO))), 3),
    Right("goes on and does not say where", resumed(206, REST, TAG), 3),
    Right("goes on with more than its range", resumed(206, REST, part(300_000, 300_009)), 3),
    Right("goes on with less than its range", resumed(206, REST[:9], part(300_000, len(AUDIO))), 3),
    Right("goes on past its own end",
          [Reply(AUDIO[:300_000], headers=TAG, framed="chunked", whole=False),
           Reply(REST, 206, TAG | {"Content-Range": "bytes 300000-1048575/300009"}), TAGGED], 3),
    Right("goes on with nonsense", resumed(206, REST, TAG | {"Content-Range": "bytes ٣-٤/٥"}), 3),
    Right("has a weak tag", [Reply(AUDIO[:9], headers={"ETag": 'W/"1"'}, length=99), TAGGED], 2),
    Right("has a tag in letters of its own",
          [Reply(AUDIO[:9], headers={"ETag": '"é"'}, length=99), TAGGED], 2),
    Right("has a date that is fresh", [Reply(AUDIO[:9], headers=AT_ONCE, length=99), TAGGED], 2),
    Right("has a date that has settled",
          [Reply(AUDIO[:300_000], headers=SETTLED, length=len(AUDIO)),
           Reply(REST, 206, SETTLED | {"Content-Range": "bytes 300000-1048575/*"})], 2),
    Right("is empty at first", [Reply(b""), TAGGED], 2),
    Right("is busy for a moment", [Reply(status=503), TAGGED], 2),
    Right("is busy for seven seconds", [Reply(status=429, headers={"Retry-After": "7"}), TAGGED], 2),
    Right("sends five redirects", [*[Reply(status=302, headers={"Location": "/a.mp3"})] * 5, TAGGED],
          6),
]  # fmt: skip
WRONG = [
    Wrong("is always empty", [Reply(b"")], "is empty"),
    Wrong("always drops at the same byte", [Reply(AUDIO[:9], length=99)], "could not be fetched"),
    Wrong("always breaks off its chunks", [Reply(AUDIO[:9], framed="chunked", whole=False)],
          "could not be fetched"),
    Wrong("is always reset", [Reply(AUDIO[:9], framed="closed", whole=False)],
          "could not be fetched"),
    Wrong("gives crumbs", pieces(1000), "came in too small a piece"),
    Wrong("sends more than it says", [Reply(AUDIO, length=300_000)], "sends more than", passing=False),
    Wrong("sends a little more than it says", [Reply(AUDIO, length=len(AUDIO) - 1)],
          "sends more than", passing=False),
    Wrong("goes on in chunks with more than its range",
          [HALF, Reply(REST, 206, part(300_000, 300_009), framed="chunked")],
          "is longer than it says", passing=False),
    Wrong("gives two lengths",
          [Reply(AUDIO, headers={"Content-Length": "5"})], "could not be fetched"),
    Wrong("gives a length past all bounds", [Reply(b"", length=10**19)], "larger", passing=False),
    Wrong("gives a length that is no number",
          [Reply(AUDIO, headers={"Content-Length": "-5"}, framed="closed")], "could not be fetched"),
    Wrong("packs what was asked for as it is",
          [Reply(gzip.compress(AUDIO), headers={"Content-Encoding": "gzip"})], "compressed",
          passing=False),
    Wrong("gives a part that nobody asked for",
          [Reply(AUDIO, 206, part(0, len(AUDIO)))], "answered 206", passing=False),
    Wrong("sends a sixth redirect", [Reply(status=302, headers={"Location": "/a.mp3"})],
          "more than 5 redirects", passing=False),
    Wrong("redirects inside", [Reply(status=302, headers={"Location": "http://10.0.0.1/a.mp3"})],
          "not a public address", passing=False),
    Wrong("stays busy", [Reply(status=503)], "answered 503"),
    Wrong("wants an hour of rest", [Reply(status=429, headers={"Retry-After": "3600"})],
          "asked to be left alone"),
    Wrong("has taken it down", [HALF, Reply(status=410)], "answered 410", passing=False),
    Wrong("is too large", [Reply(b"x" * 3_000_001)], "larger than 3,000,000", passing=False),
    Wrong("is too large and does not say so", [Reply(b"x" * 3_000_001, framed="closed")],
          "larger than 3,000,000", passing=False),
    Wrong("falls silent", [Reply(AUDIO[:5], drip=1)], "could not be fetched"),
]  # fmt: skip


def behave(server: Server, replies: Sequence[Reply] | Route) -> str:
    if callable(replies):
        server.routes["/a.mp3"] = replies
        return server.url("/a.mp3")
    return server.says("/a.mp3", *replies)


def finished(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.suffix not in SUFFIXES]


def test_the_table_has_no_doubles() -> None:
    names = [case.does for case in RIGHT] + [case.does for case in WRONG]
    assert len(names) == len(set(names)) >= 50


@pytest.mark.parametrize("case", RIGHT, ids=lambda case: case.does)
def test_all_bytes_are_right_from_a_server_that(
    net: Net, server: Server, tmp_path: Path, case: Right
) -> None:
    url = behave(server, case.replies)

    path = net.fetcher(allow=[server.host]).download(url, tmp_path, report=quiet)

    assert path.read_bytes() == case.content
    assert path.name == f"{hashlib.sha256(case.content).hexdigest()}.mp3"
    assert list(tmp_path.iterdir()) == [path]
    assert len(server.seen) == case.asked


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.does)
def test_an_error_says_what_is_wrong_with_a_server_that(
    net: Net, server: Server, tmp_path: Path, case: Wrong
) -> None:
    url = behave(server, case.replies)
    fetcher = net.fetcher(allow=[server.host], limit=3_000_000, idle_seconds=0.2)

    with pytest.raises(FetchError, match=case.says) as caught:
        fetcher.download(url, tmp_path, report=quiet)

    assert isinstance(caught.value, PassingFetchError) == case.passing
    assert caught.value.hint
    assert finished(tmp_path) == []
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 400_000


def test_a_server_that_drips_for_ever_is_given_up_at_the_deadline(
    net: Net, server: Server, tmp_path: Path
) -> None:
    url = server.says("/a.mp3", Reply(AUDIO[:100], drip=0.1))

    with pytest.raises(PassingFetchError, match="longer than it may"):
        net.fetcher(allow=[server.host], text_seconds=0.4).download(url, tmp_path, report=quiet)

    assert net.slept == [], "there is no time left to try again in"


def test_what_is_all_here_is_not_asked_for_again(net: Net, server: Server, tmp_path: Path) -> None:
    url = server.says("/a.mp3", HALF, Reply(status=404))
    fetcher = net.fetcher(allow=[server.host])
    with pytest.raises(FetchError):
        fetcher.download(url, tmp_path, report=quiet)
    (data,) = tmp_path.glob("*.part")
    data.write_bytes(AUDIO)  # as if killed between the last byte and the lasting name

    path = fetcher.download(url, tmp_path, report=quiet)

    assert path.read_bytes() == AUDIO
    assert len(server.seen) == 2


@pytest.mark.parametrize("note", ["", '"v1"', '"v1"\n', '"v1"\n10485', "é\n9\n", "x\ny\n"])
def test_a_note_that_is_cut_off_or_damaged_says_nothing(
    net: Net, server: Server, tmp_path: Path, note: str
) -> None:
    url = server.says("/a.mp3", HALF, Reply(status=404), TAGGED)
    fetcher = net.fetcher(allow=[server.host])
    with pytest.raises(FetchError):
        fetcher.download(url, tmp_path, report=quiet)
    (path,) = tmp_path.glob("*.etag")
    path.write_text(note, "utf-8")

    assert fetcher.download(url, tmp_path, report=quiet).read_bytes() == AUDIO
    assert "range" not in server.seen[-1][1]


def test_no_finished_file_is_called_like_one_on_its_way(
    net: Net, server: Server, tmp_path: Path
) -> None:
    for suffix in SUFFIXES:
        url = server.says(f"/a{suffix}", TAGGED)

        assert net.fetcher(allow=[server.host]).download(url, tmp_path, report=quiet).suffix == ""
