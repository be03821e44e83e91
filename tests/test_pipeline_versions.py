"""Identity and versions on the road: what rotates, changes, breaks off or fails on its way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from ingest.pipeline import Added, Failed, Pipeline
from ingest.ports import Found, Head, Heard, Progress, Window
from ingest.sources.media import Recording
from kb import schema
from kb.errors import AudioError
from kb.identity import episode_id
from kb.library import SqlLibrary
from kb.models import Episode, Filters, Health, Origin, Show, Tier, Transcript, Unit
from tests.fakes import FakeEmbedder
from tests.fakes_ingest import FakeFetcher, FakeSource, FakeTranscriber
from tests.quick_audio import install, wav
from tests.samples import transcript
from tests.test_library import opened, sqlite_url

FEED = "https://tide.example/feed.xml"
ONE, TWO, MOVED = (f"https://cdn.example/{name}.wav" for name in ("1", "2", "moved"))
TIDE = Show("tide", "The Tide", FEED)
SAID = replace(transcript(("Ada", "The publisher wrote this.")), origin=Origin("publisher", "x"))


@dataclass(frozen=True, slots=True)
class Web(FakeFetcher):
    """A network that tells what was looked at, and downloads each address to its own place."""

    asked: list[str] = field(default_factory=list[str])

    def peek(self, url: str) -> Head:
        self.asked.append(f"peek {url}")
        return FakeFetcher.peek(self, url)

    def download(self, url: str, folder: Path, *, report: object) -> Path:
        del report
        self.asked.append(f"get {url}")
        return FakeFetcher.download(self, url, folder, report=lambda _: None)


@dataclass(slots=True)
class Listener:
    """A transcriber that hears how long and how loud a window is."""

    name: str = "listener"
    heard: int = 0

    def transcribe(self, window: Window, *, hints: Sequence[str] = ()) -> Heard:
        self.heard += 1
        text = f"It lasts {len(window.samples)} samples. They add up to {window.samples[:99].sum():.0f}."
        return FakeTranscriber(text).transcribe(window, hints=hints)


def talk(number: int = 1, *, media: str = ONE, seconds: float | None = None) -> Found:
    """Give a found episode whose audio is at that address."""
    key, title = f"guid:tide|{number}", f"Talk {number}"
    episode = Episode(
        id=episode_id(key, title),
        key=key,
        title=title,
        show=TIDE,
        published=date(2024, 1, number),
        duration=seconds,
        audio_url=media.removeprefix("none:"),
    )
    return Found(episode, media=media)


class Road:
    """A pipeline over a library in SQLite."""

    def __init__(self, library: SqlLibrary, folder: Path) -> None:
        self.library, self.folder, self.listener = library, folder, Listener()
        self.pages = dict[str, bytes]()
        self.asked = list[str]()

    def walk(self, *found: Found) -> list[Added | Failed]:
        """Add what a feed was found to hold; give the ends of its episodes."""
        return [
            news
            for news in self.pipeline(FakeSource(found, remote=True)).add(FEED, latest=99)
            if not isinstance(news, Progress)
        ]

    def pipeline(self, *sources: FakeSource | Recording) -> Pipeline:
        return Pipeline(
            library=self.library,
            sources=sources,
            fetcher=Web(self.pages, self.asked),
            transcriber=lambda: self.listener,
            embedder=FakeEmbedder,
            downloads=self.folder / "downloads",
        )

    def add(self, found: Found) -> Added:
        (added,) = self.walk(found)
        assert isinstance(added, Added), added
        return added

    def rows(self, *columns: sa.Column[str]) -> list[tuple[str, ...]]:
        with self.library.reading() as db:
            return sorted(tuple(map(str, row)) for row in db.execute(sa.select(*columns)))

    def versions(self, kind: str) -> int:
        table = schema.versions
        return sum(row[0] == kind for row in self.rows(table.c.kind, table.c.sha256))

    def whole(self) -> Mapping[str, object]:
        """Give all rows but their times and revisions, and every vector."""
        tables = (schema.episodes, schema.aliases, schema.versions, schema.passages, schema.names)
        left_out = {"noted", "revision", "digest"}
        rows = {
            table.name: self.rows(*(c for c in table.c if c.name not in left_out))
            for table in (*tables, schema.documents, schema.people, schema.chapters, schema.shows)
        }
        recipes = schema.derivations.c
        vectors = {
            recipe: self.library.artefacts.path(sha256).read_bytes()
            for recipe, sha256 in self.rows(recipes.recipe, recipes.sha256)
            if recipe.startswith(("vectors", "embedded"))
        }
        return rows | {"vectors": vectors}


@pytest.fixture
def road(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Road]:
    install(monkeypatch, window=2)
    with opened(sqlite_url(tmp_path), tmp_path) as library:
        yield Road(library, tmp_path)


def spoken(road: Road, added: Added) -> Transcript:
    document = road.library.document(added.episode.id, Tier.TRANSCRIPT)
    assert isinstance(document, Transcript)
    return document


# Addresses that rotate, and audio that changes


def test_a_signed_address_that_rotates_is_not_asked_again(road: Road) -> None:
    road.pages[ONE + "?sig=1"] = wav(3)
    first = road.add(talk(media=ONE + "?sig=1"))
    road.asked.clear()

    again = road.add(talk(media=ONE + "?sig=2"))

    assert road.asked == []
    assert again.episode.audio == first.episode.audio
    assert (road.versions("audio"), road.listener.heard) == (1, 2)


def test_another_address_of_the_same_length_is_only_looked_at(road: Road) -> None:
    road.pages |= {ONE: wav(3), MOVED: wav(3)}
    first = road.add(talk())
    road.asked.clear()

    again = road.add(talk(media=MOVED))

    assert road.asked == [f"peek {MOVED}"]
    assert again.episode.audio == first.episode.audio
    assert again.episode.audio_url == MOVED


def test_an_address_that_cannot_be_looked_at_loses_nothing(road: Road) -> None:
    road.pages[ONE] = wav(3)
    first = road.add(talk())

    assert road.add(talk(media=MOVED)).episode.audio == first.episode.audio


def test_other_audio_is_a_new_version_and_heard_anew(road: Road) -> None:
    road.pages |= {ONE: wav(3), MOVED: wav(5, pitch=400)}
    first = road.add(talk())
    before = spoken(road, first)

    second = road.add(talk(media=MOVED))

    assert second.changed
    assert second.episode.id == first.episode.id
    assert second.episode.audio != first.episode.audio
    assert second.episode.duration == pytest.approx(5)
    assert spoken(road, second).basis == second.episode.audio
    assert spoken(road, second).segments != before.segments
    assert (road.versions("audio"), road.versions("transcript")) == (2, 2)
    passages = road.library.passages_of(second.episode.id, unit=Unit.SENTENCE)
    assert {each.text for each in passages} == {each.text for each in spoken(road, second).segments}


def test_a_publishers_transcript_stays_with_other_audio(road: Road) -> None:
    road.pages |= {ONE: wav(3), MOVED: wav(5)}
    road.add(replace(talk(), transcript=SAID))

    second = road.add(talk(media=MOVED))

    assert spoken(road, second) == SAID
    assert (road.versions("audio"), road.versions("transcript")) == (2, 1)
    assert road.listener.heard == 0


def test_a_publishers_transcript_takes_the_place_of_what_was_heard(road: Road) -> None:
    road.pages[ONE] = wav(3)
    road.add(talk())

    assert spoken(road, road.add(replace(talk(), transcript=SAID))) == SAID
    assert road.versions("transcript") == 2


def test_audio_that_is_gone_from_the_disk_is_fetched_again(road: Road) -> None:
    road.pages[ONE] = wav(3)
    first = road.add(talk())
    road.library.artefacts.path(str(first.episode.audio)).unlink()

    assert road.add(talk()) == Added(first.episode, changed=False)
    assert road.asked == [f"get {ONE}"] * 2


# Damage


def test_an_episode_that_fails_does_not_stop_the_next(road: Road) -> None:
    road.pages[TWO] = wav(3)

    first, second = road.walk(talk(1), talk(2, media=TWO))

    assert isinstance(first, Failed)
    assert first.title == "Talk 1"
    assert isinstance(second, Added)


def test_an_error_page_is_refused_and_fetched_again_by_the_next_try(road: Road) -> None:
    page = b"<html>Not found</html>"
    road.pages[ONE] = page
    (failed,) = road.walk(talk())
    kept = [path.read_bytes() for path in (road.folder / "artefacts").rglob("*") if path.is_file()]
    road.pages[ONE] = wav(3)

    assert isinstance(failed, Failed)
    assert isinstance(failed.error, AudioError)
    assert page not in kept
    assert list((road.folder / "downloads").iterdir()) == []
    assert road.add(talk()).changed


def test_audio_that_is_not_whole_is_kept_with_a_warning(road: Road) -> None:
    road.pages[ONE] = wav(3)

    episode = road.add(talk(seconds=10)).episode

    assert episode.health is Health.SUSPECT
    assert episode.warnings == ("3 s of 10 s",)
    assert road.library.episode(episode.id) == episode


def test_audio_that_failed_is_never_indexed_and_is_fetched_again(road: Road) -> None:
    road.pages[ONE] = wav(3)
    (failed,) = road.walk(talk(seconds=100))

    assert isinstance(failed, Failed)
    assert "cannot be used: 3 s of 100 s" in str(failed.error)
    assert road.library.episodes(Filters()) == []
    assert road.listener.heard == 0
    road.pages[ONE] = wav(100)
    assert road.add(talk(seconds=100)).episode.health is Health.OK


def test_a_failed_new_version_leaves_the_episode_as_it_was(road: Road) -> None:
    road.pages |= {ONE: wav(30), MOVED: wav(1)}
    first = road.add(talk(seconds=30))

    (failed,) = road.walk(talk(media=MOVED, seconds=30))

    assert isinstance(failed, Failed)
    assert road.library.episode(first.episode.id) == first.episode


def test_a_warning_goes_with_the_recording_that_it_is_about(road: Road) -> None:
    road.pages |= {ONE: wav(3), MOVED: wav(10)}
    road.add(talk(seconds=10))

    episode = road.add(talk(media=MOVED, seconds=10)).episode

    assert (episode.health, episode.warnings) == (Health.OK, ())


def test_a_recording_that_was_not_whole_is_mended_at_its_own_address(road: Road) -> None:
    road.pages[ONE] = wav(3)
    road.add(talk(seconds=10))
    road.asked.clear()
    same = road.add(talk(seconds=10))
    looked = list(road.asked)
    road.pages[ONE] = wav(10)

    mended = road.add(talk(seconds=10)).episode

    assert (same.changed, set(looked)) == (False, {f"peek {ONE}"})
    assert (mended.health, mended.warnings, mended.duration) == (Health.OK, (), 10)
    road.asked.clear()
    assert not road.add(talk(seconds=10)).changed
    assert road.asked == []


def test_what_a_feed_promised_counts_though_its_file_is_added_by_hand(road: Road) -> None:
    road.pages[ONE] = wav(3)
    first = road.add(talk(seconds=10))
    (road.folder / "mine.wav").write_bytes(wav(3))

    news = list(road.pipeline(Recording()).add(str(road.folder / "mine.wav")))

    assert news[-1] == Added(first.episode, changed=False)


# The same whatever the order


def feed(*numbers: int) -> list[Found]:
    return [talk(n, media=f"https://cdn.example/{n}.wav", seconds=n + 2) for n in numbers]


def house(folder: Path, *readings: Sequence[Found], cut: int = 0) -> Mapping[str, object]:
    """Walk a road of its own; `cut` bytes of each recording are there at the first reading."""
    folder.mkdir()
    with opened(sqlite_url(folder), folder) as library:
        road = Road(library, folder)
        sounds = {f"https://cdn.example/{n}.wav": wav(n + 2, pitch=300 + n) for n in (1, 2, 3)}
        for number, reading in enumerate(readings):
            short = cut if number == 0 else 0
            road.pages = {url: sound[: short or None] for url, sound in sounds.items()}
            road.walk(*reading)
        return road.whole()


@pytest.fixture
def straight(road: Road) -> Mapping[str, object]:
    found = house(road.folder / "straight", feed(1, 2, 3))
    assert len(found["episodes"]) == 3  # type: ignore[arg-type] # rows
    assert found["vectors"]
    return found


def test_twice_is_the_same_as_once(road: Road, straight: Mapping[str, object]) -> None:
    assert house(road.folder / "other", feed(1, 2, 3), feed(1, 2, 3)) == straight


def test_the_order_makes_no_difference(road: Road, straight: Mapping[str, object]) -> None:
    assert house(road.folder / "other", feed(3, 1), feed(2, 3)) == straight


def test_a_feed_cut_off_and_then_whole_is_the_same(
    road: Road, straight: Mapping[str, object]
) -> None:
    assert house(road.folder / "other", feed(1), feed(1, 2, 3)) == straight


@pytest.mark.parametrize("cut", [1, 40, 3_000])
def test_audio_cut_off_and_then_whole_is_the_same(
    road: Road, straight: Mapping[str, object], cut: int
) -> None:
    assert house(road.folder / "other", feed(1, 2, 3), feed(1, 2, 3), cut=cut) == straight


def test_silence_is_an_episode_without_words(road: Road) -> None:
    road.pages[ONE] = wav(3, pitch=0)
    assert not np.frombuffer(wav(3, pitch=0)[44:], "<i2").any()

    added = road.add(talk())

    assert spoken(road, added).segments == ()
