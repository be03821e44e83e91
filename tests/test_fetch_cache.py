"""Documents that are kept: asked for only where they changed, and told where they moved."""

from collections.abc import Iterator, Mapping

import pytest

from ingest.fetch import GuardedFetcher
from ingest.ports import Fetched, Kept
from kb.errors import FetchError
from tests.fakes_ingest import FakeHttpCache
from tests.loopback import Net, Reply, Route, Server, serving

DATE = "Tue, 14 Nov 2023 22:13:20 GMT"
BOTH = {"ETag": 'W/"v1"', "Last-Modified": DATE}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as script:
        yield script


@pytest.fixture
def cache() -> FakeHttpCache:
    return FakeHttpCache()


@pytest.fixture
def fetcher(server: Server, cache: FakeHttpCache) -> GuardedFetcher:
    return Net(server.port).fetcher(allow=[server.host], cache=cache)


def conditional(body: bytes, tag: str) -> Route:
    """Serve a document, or 304 to those who have it."""

    def answer(headers: Mapping[str, str]) -> Reply:
        same = headers.get("if-none-match") == tag
        return Reply(status=304) if same else Reply(body, headers={"ETag": tag})

    return answer


def moves(server: Server, *steps: tuple[int, str]) -> None:
    """Redirect from /0 to /1 and so on."""
    for number, (status, location) in enumerate(steps):
        server.says(f"/{number}", Reply(status=status, headers={"Location": location}))


def test_a_document_that_did_not_change_is_not_sent_again(
    fetcher: GuardedFetcher, server: Server
) -> None:
    url = server.url("/feed.xml")
    server.routes["/feed.xml"] = conditional(b"<rss/>", '"v1"')

    assert fetcher.get(url) == Fetched(b"<rss/>", url, changed=True)
    assert fetcher.get(url) == Fetched(b"<rss/>", url, changed=False)


def test_both_validators_are_sent_back_as_they_came(
    fetcher: GuardedFetcher, server: Server, cache: FakeHttpCache
) -> None:
    url = server.says("/feed.xml", Reply(b"<rss/>", headers=BOTH))

    fetcher.get(url)
    fetcher.get(url)

    assert cache.held[url] == Kept(b"<rss/>", url, 'W/"v1"', DATE)
    first, second = (headers for _, headers in server.seen)
    assert not {"if-none-match", "if-modified-since"} & first.keys()
    assert (second["if-none-match"], second["if-modified-since"]) == ('W/"v1"', DATE)


def test_a_document_that_changed_replaces_the_copy(
    fetcher: GuardedFetcher, server: Server, cache: FakeHttpCache
) -> None:
    server.routes["/feed.xml"] = conditional(b"old", '"v1"')
    url = server.url("/feed.xml")
    fetcher.get(url)
    server.routes["/feed.xml"] = conditional(b"new", '"v2"')

    assert fetcher.get(url) == Fetched(b"new", url, changed=True)
    assert cache.held[url].etag == '"v2"'


@pytest.mark.parametrize("headers", [{}, BOTH])
def test_the_same_bytes_sent_again_are_no_change(
    fetcher: GuardedFetcher, server: Server, headers: dict[str, str]
) -> None:
    url = server.says("/feed.xml", Reply(b"<rss/>", headers=headers))

    assert [fetcher.get(url).changed for _ in range(2)] == [True, False]


def test_without_a_cache_everything_is_new(server: Server) -> None:
    fetcher = Net(server.port).fetcher(allow=[server.host])
    url = server.says("/feed.xml", Reply(b"<rss/>", headers=BOTH))

    assert [fetcher.get(url).changed for _ in range(2)] == [True, True]
    assert "if-none-match" not in server.seen[-1][1]


def test_a_validator_that_cannot_be_sent_back_is_not_kept(
    fetcher: GuardedFetcher, server: Server, cache: FakeHttpCache
) -> None:
    url = server.says("/feed.xml", Reply(b"<rss/>", headers={"ETag": '"é"'}))

    assert [fetcher.get(url).changed for _ in range(2)] == [True, False]
    assert cache.held[url].etag == ""


def test_not_modified_is_refused_where_nothing_was_asked(
    fetcher: GuardedFetcher, server: Server
) -> None:
    with pytest.raises(FetchError, match="answered 304"):
        fetcher.get(server.says("/feed.xml", Reply(status=304)))


def test_a_copy_larger_than_the_limit_is_not_given(fetcher: GuardedFetcher, server: Server) -> None:
    url = server.says("/feed.xml", Reply(b"x" * 101, headers=BOTH))
    fetcher.get(url)

    with pytest.raises(FetchError, match="larger than 100"):
        fetcher.get(url, limit=100)


def test_a_failed_fetch_leaves_the_copy_alone(
    fetcher: GuardedFetcher, server: Server, cache: FakeHttpCache
) -> None:
    url = server.says("/feed.xml", Reply(b"<rss/>", headers=BOTH), Reply(b"<r", length=6))
    fetcher.get(url)

    with pytest.raises(FetchError):
        fetcher.get(url)

    assert cache.held[url].content == b"<rss/>"


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        ([301], "/1"),
        ([308], "/1"),
        ([302], "/0"),
        ([303], "/0"),
        ([307], "/0"),
        ([301, 308, 301], "/3"),
        ([301, 302, 301], "/1"),
        ([302, 301], "/0"),
    ],
)
def test_only_permanent_redirects_from_the_start_tell_a_new_address(
    fetcher: GuardedFetcher, server: Server, statuses: list[int], told: str
) -> None:
    moves(server, *((status, f"/{n + 1}") for n, status in enumerate(statuses)))
    server.says(f"/{len(statuses)}", Reply(b"here"))

    assert fetcher.get(server.url("/0")) == Fetched(b"here", server.url(told))


def test_an_address_that_did_not_move_is_given_as_it_was_asked(
    fetcher: GuardedFetcher, server: Server
) -> None:
    url = server.says("/feed", Reply(b"here")) + "?a=%7e#top"

    assert fetcher.get(url).url == url


def test_after_a_move_the_new_address_is_asked_only_for_changes(
    fetcher: GuardedFetcher, server: Server
) -> None:
    moves(server, (301, "/1"))
    server.routes["/1"] = conditional(b"here", '"v1"')

    moved = fetcher.get(server.url("/0")).url

    assert fetcher.get(moved) == Fetched(b"here", server.url("/1"), changed=False)
    assert fetcher.get(server.url("/0")) == Fetched(b"here", server.url("/1"), changed=False)


def test_a_redirect_that_turned_confirms_no_copy_of_what_was_elsewhere(
    fetcher: GuardedFetcher, server: Server
) -> None:
    server.routes["/old"] = conditional(b"old", '"1"')
    server.routes["/new"] = conditional(b"new", '"1"')
    moves(server, (302, "/old"))
    fetcher.get(server.url("/0"))
    moves(server, (302, "/new"))

    assert fetcher.get(server.url("/0")) == Fetched(b"new", server.url("/0"), changed=True)
