"""Inputs and expectations of other feed readers: where we differ, docs/feeds.md says why."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from ingest.ports import Found
from ingest.sources import chapters, documents
from ingest.sources.feed import FeedSource
from ingest.sources.feed_xml import Feed, Item, parse
from kb.errors import DocumentError
from kb.models import Person, Role
from tests.conftest import ROOT
from tests.fakes_ingest import FakeFetcher

AT = "https://feeds.example/tests/data/"
EVERYTHING = 10**6

Fields = dict[str, object]
"""Names of fields and what is in them: "" or () for nothing."""


def told() -> list[list[str]]:
    """Give the rows of the table of differences."""
    page = (ROOT / "docs" / "feeds.md").read_text("utf-8")
    table = page.partition("| input | field |")[2].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table if row]


def known(suite: str) -> set[tuple[str, str]]:
    """Give input and field of each difference that is told of a suite."""
    rows = {(cells[0].strip("`"), cells[1]) for cells in told()}
    return {(name, field) for name, field in rows if name.startswith(suite)}


def loaded(path: Path) -> Mapping[str, object]:
    """Read an expectation: one of them was saved in Latin-1."""
    content = path.read_bytes()
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return cast("Mapping[str, object]", json.loads(text))


def dicts(fields: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    return cast("list[Mapping[str, object]]", fields.get(name) or [])


def squeezed(text: object) -> str:
    return " ".join(str(text or "").split())


def here(address: object) -> str:
    """Put an address where we serve the feed; no web address is none."""
    return documents.web(str(address or "").strip().replace("file://tests/data/", AT)) or ""


def ours(path: Path, latest: int = EVERYTHING) -> tuple[Feed, list[tuple[Item, Found]]]:
    """Read a feed as from the web, where nothing but itself can be fetched."""
    feed = parse(path.read_bytes(), path.name)
    if not feed.items:
        return feed, []
    source = FeedSource(FakeFetcher({AT + path.name: b""}), parse=lambda _content, _name: feed)
    listing = source.listing(AT + path.name, latest=latest)
    return feed, [(item, source.found(listing, item)) for item in listing.items]


def differences(theirs: Mapping[str, Fields], mine: Mapping[str, Fields]) -> Iterator[str]:
    """Give the fields that differ, of episodes by guid; `episodes` where there are others."""
    if theirs.keys() != mine.keys():
        yield "guid" if len(theirs) == len(mine) else "episodes"
    for guid in theirs.keys() & mine.keys():
        yield from (name for name, value in theirs[guid].items() if mine[guid][name] != value)


# podcastparser


def their_podcast_episode(episode: Mapping[str, object]) -> Fields:
    enclosures = dicts(episode, "enclosures")
    heard = [each for each in enclosures if not str(each["mime_type"]).startswith("image/")]
    said = cast("float", episode["published"])
    return {
        "title": squeezed(episode["title"]),
        "enclosure": here(heard[0]["url"]) if heard else "",
        "duration": episode["total_time"],
        "link": here(episode["link"]),
        "day": datetime.fromtimestamp(said, UTC).date() if said else None,
        "chapters": [(each["start"], each["title"]) for each in dicts(episode, "chapters")],
        "people": [(each["name"], each["role"]) for each in dicts(episode, "persons")],
        "transcripts": [episode["transcript_url"]] if "transcript_url" in episode else [],
        "chapters file": episode.get("chapters_json_url", ""),
    }


def our_podcast_episode(item: Item, found: Found) -> Fields:
    episode = found.episode
    return {
        "title": episode.title,
        "enclosure": episode.audio_url or "",
        "duration": episode.duration or 0,
        "link": episode.link or "",
        "day": episode.published,
        "chapters": [(each.start, each.title) for each in episode.chapters],
        "people": [(each.name, each.role) for each in episode.people],
        "transcripts": [each.href for each in item.extras.transcripts],
        "chapters file": item.extras.chapters_href,
    }


def podcastparser(path: Path) -> Iterator[str]:
    expected = loaded(path.with_suffix(".json"))
    settings = path.with_suffix(".param.json")
    latest = loaded(settings).get("max_episodes") if settings.exists() else None
    feed, found = ours(path, cast("int", latest or EVERYTHING))
    if squeezed(expected["title"]) != (feed.title or path.stem):
        yield "title of the show"
    if expected.get("paged_feed_next", "") != feed.older:
        yield "next page"
    if expected.get("new_url", "") != feed.moved:
        yield "new address"
    theirs = {
        here(each["guid"]) or str(each["guid"]): their_podcast_episode(each)
        for each in dicts(expected, "episodes")
    }
    mine = {
        item.guid or found.episode.link or item.enclosure: our_podcast_episode(item, found)
        for item, found in found
    }
    yield from differences(theirs, {place_of(guid, theirs): mine[guid] for guid in mine})


def place_of(guid: str, theirs: Mapping[str, Fields]) -> str:
    """Give a guid as they write it: they make an address of one that is a permalink."""
    return AT + guid if AT + guid in theirs else guid


def test_podcastparser_s_inputs_are_read_as_expected_or_a_row_says_why_not(shared: Path) -> None:
    inputs = sorted((shared / "data/feeds/podcastparser/tests/data").glob("*.rss"))

    differing = {
        (f"podcastparser/{path.stem}", field) for path in inputs for field in podcastparser(path)
    }

    assert len(inputs) == 70
    assert differing == known("podcastparser/")


# rss-parser


def seconds(clock: object) -> float:
    total = 0.0
    for part in str(clock or "0").split(":"):
        total = total * 60 + float(part)
    return total


def their_name(item: Mapping[str, object]) -> str:
    names = (item.get(name) for name in ("guid", "id", "rdf:about", "link", "title"))
    return squeezed(next(filter(None, names), ""))


def their_item(item: Mapping[str, object]) -> Fields:
    enclosure = cast("Mapping[str, object]", item.get("enclosure") or {})
    itunes = cast("Mapping[str, object]", item.get("itunes") or {})
    return {
        "title": squeezed(item.get("title")) or "Untitled episode",
        "enclosure": here(enclosure.get("url")),
        "duration": seconds(itunes.get("duration")),
        "link": here(item.get("link")),
        "day": str(item.get("isoDate") or "")[:10],
    }


def our_item(found: Found) -> Fields:
    episode = found.episode
    return {
        "title": episode.title,
        "enclosure": episode.audio_url or "",
        "duration": episode.duration or 0,
        "link": episode.link or "",
        "day": str(episode.published or ""),
    }


def rss_parser(path: Path, expected: Mapping[str, object]) -> Iterator[str]:
    feed, found = ours(path)
    pages = cast("Mapping[str, object]", expected.get("paginationLinks") or {})
    if squeezed(expected.get("title")) != feed.title:
        yield "title of the show"
    if "next" in pages and pages["next"] != feed.older:
        yield "next page"
    theirs = {their_name(each): their_item(each) for each in dicts(expected, "items")}
    mine = {item.guid or found.episode.link or item.title: our_item(found) for item, found in found}
    yield from differences(theirs, mine)


@pytest.mark.slow
def test_rss_parser_s_inputs_are_read_as_expected_or_a_row_says_why_not(shared: Path) -> None:
    folder = shared / "data/feeds/rss-parser/test"
    outputs = {path.stem: loaded(path) for path in (folder / "output").glob("*.json")}
    inputs = [path for path in (folder / "input").iterdir() if path.stem in outputs]

    differing = {
        (f"rss-parser/{path.stem}", field)
        for path in inputs
        for field in rss_parser(path, cast("Mapping[str, object]", outputs[path.stem]["feed"]))
    }

    assert len(inputs) == 28
    assert differing == known("rss-parser/")


def test_rss_parser_s_inputs_without_expectation_are_read_or_refused(shared: Path) -> None:
    folder = shared / "data/feeds/rss-parser/test/input"

    feed, found = ours(folder / "itunes-missing-image.rss")

    assert feed.title.startswith("Taverncast")
    assert found
    with pytest.raises(DocumentError, match="is no feed"):
        parse((folder / "unrecognized.rss").read_bytes(), "unrecognized.rss")


def test_every_difference_is_told_whole() -> None:
    rows = told()

    assert rows
    assert all(len(cells) == 5 and all(cells) for cells in rows)
    assert len({(cells[0], cells[1]) for cells in rows}) == len(rows)


# The podcast namespace


def test_the_namespace_s_example_is_read_as_its_tags_say(shared: Path) -> None:
    feed, found = ours(shared / "data/feeds/podcast-namespace/example.xml")

    assert feed.title == "Podcasting 2.0 Namespace Example", "not that of the live item"
    assert (feed.guid, feed.language) == ("y0ur-gu1d-g035-h3r3", "en-US")
    assert [item.guid for item, _ in found] == [f"https://example.com/ep000{n}" for n in (3, 2, 1)]
    assert [found.media for _, found in found] == [
        f"https://example.com/file-0{n}.mp3" for n in (3, 2, 1)
    ]
    assert [item.extras.chapters_href for item, _ in found] == [
        f"https://example.com/ep{n}_chapters.json" for n in (3, 2, 1)
    ]
    item, newest = found[0]
    assert newest.episode.title == "Episode 3 - The Future"
    assert newest.episode.people == (
        Person("Adam Curry", Role.HOST),
        Person("Dave Jones", Role.GUEST),
        Person("Becky Smith", Role.MENTIONED, "cover art designer"),
    )
    assert [(link.href, link.kind, link.language) for link in item.extras.transcripts] == [
        ("https://example.com/ep3/transcript.txt", "text/plain", ""),
        ("https://example.com/episode1/transcript.vtt", "text/vtt", "es"),
    ]


@pytest.mark.parametrize("name", ["example", "exampleComplex"])
def test_the_namespace_s_chapters_are_read(shared: Path, name: str) -> None:
    path = shared / f"data/feeds/podcast-namespace/docs/examples/chapters/{name}.json"
    listed = dicts(loaded(path), "chapters")

    marks = chapters.from_json(path.read_bytes())

    assert [(mark.start, mark.title) for mark in marks] == [
        (each["startTime"], squeezed(each["title"]))
        for each in listed
        if each.get("toc") is not False
    ]
    assert len(marks) > 5


WORDS = {
    "example.json": ("application/json", "Darth Vader", "father"),
    "example.vtt": ("text/vtt", "Sarah", "podcast trailer"),
    "example.srt": ("application/x-subrip", "Travis", "rookie"),
    "example.html": ("text/html", "Travis", "rookie mistakes"),
}


@pytest.mark.parametrize("name", WORDS)
def test_the_namespace_s_transcripts_are_read_with_their_speakers(shared: Path, name: str) -> None:
    kind, speaker, words = WORDS[name]
    content = (
        shared / "data/feeds/podcast-namespace/docs/examples/transcripts" / name
    ).read_bytes()
    feed = f"""<rss xmlns:p="https://podcastindex.org/namespace/1.0"><channel><title>Show</title><item>
        <guid>1</guid><p:transcript url="{name}" type="{kind}"/></item></channel></rss>"""
    source = FeedSource(FakeFetcher({AT + "feed": feed.encode(), AT + name: content}), parse=parse)

    (found,) = source.read(AT + "feed", latest=1)

    assert found.transcript is not None, found.episode.warnings
    assert found.transcript.origin.kind == "publisher"
    assert speaker in {segment.speaker for segment in found.transcript.segments}
    assert words in re.sub(r"\s+", " ", " ".join(part.text for part in found.transcript.segments))
