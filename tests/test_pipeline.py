"""The road: walked twice it changes nothing, broken off it is taken up."""

import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from ingest import audio
from ingest.finding import Given
from ingest.pipeline import Added, Failed, Pipeline
from ingest.ports import Found, Heard, Progress, Window
from ingest.sources.media import Recording
from ingest.sources.shownotes import ShowNotes
from ingest.sources.transcripts import KINDS
from kb.errors import (
    AudioError,
    DocumentError,
    FetchError,
    NotFoundError,
    SourceError,
    WeightsError,
)
from kb.models import Filters, Tier, Transcript
from tests.fakes import FakeEmbedder, FakeLibrary
from tests.fakes_ingest import FakeFetcher, FakeSource, FakeTranscriber
from tests.samples import episode

pytestmark = pytest.mark.slow  # recordings are heard and kept

VTT = """WEBVTT

00:00.000 --> 00:03.000
<v Mara Quill>Everybody shows a benchmark.

00:03.000 --> 00:06.000
<v Jonas Feld>We threw ours away.
"""
NOTES = "Show notes\n\n(0:00) Benchmarks\n(0:03) The bin\n\nLinks:\nhttps://lathe.example\n"


@dataclass(slots=True)
class Listener:
    """A transcriber that counts what it hears and stops at a given window."""

    name: str = "listener"
    stops_at: int = 99
    heard: list[float] = field(default_factory=list[float])

    def transcribe(self, window: Window, *, hints: Sequence[str] = ()) -> Heard:
        if len(self.heard) == self.stops_at:
            raise WeightsError("The weights are gone", hint="Bring them back.")
        self.heard.append(window.start)
        return FakeTranscriber().transcribe(window, hints=hints)


class Road:
    """A pipeline over a fake library."""

    def __init__(self, folder: Path) -> None:
        self.library, self.embedder = FakeLibrary(folder / "library"), FakeEmbedder()
        self.listener = Listener()
        self.pipeline = Pipeline(
            library=self.library,
            sources=(ShowNotes(), *KINDS, Recording()),
            fetcher=FakeFetcher(),
            transcriber=lambda: self.listener,
            embedder=lambda: self.embedder,
            downloads=folder / "downloads",
        )

    def walk(self, path: Path | str, given: Given | None = None) -> list[Progress | Added | Failed]:
        return list(self.pipeline.add(str(path), given=given))

    def add(self, path: Path, given: Given | None = None) -> Added:
        [added] = [news for news in self.walk(path, given) if isinstance(news, Added)]
        return added


@pytest.fixture
def road(tmp_path: Path) -> Road:
    return Road(tmp_path)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def recording(path: Path, *, seconds: float = 3) -> Path:
    """Write a tone as a wav file."""
    times = np.arange(int(seconds * 16_000)) / 16_000
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes((8_000 * np.sin(2_000 * times)).astype("<i2").tobytes())
    return path


@pytest.fixture
def short_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio, "windows", partial(audio.windows, seconds=2))


def test_a_transcript_becomes_an_episode_with_passages(road: Road, tmp_path: Path) -> None:
    added = road.add(write(tmp_path / "talk.vtt", VTT))

    assert added.changed
    assert added.episode.tiers == (Tier.TRANSCRIPT,)
    passages = road.library.passages_of(added.episode.id)
    assert {each.speaker for each in passages} == {"Mara Quill", "Jonas Feld"}
    assert road.library.episode(added.episode.id) == added.episode


def test_a_recording_becomes_words_with_times(road: Road, tmp_path: Path) -> None:
    added = road.add(recording(tmp_path / "talk.wav"))

    transcript = road.library.document(added.episode.id, Tier.TRANSCRIPT)
    assert isinstance(transcript, Transcript)
    assert transcript.origin.detail == "listener"
    assert [each.text for each in transcript.segments] == ["Evals come first.", "Then the model!"]
    assert added.episode.duration == pytest.approx(3, abs=0.01)
    for kept in (added.episode.audio, added.episode.playback):
        assert kept is not None
        assert road.library.artefacts.path(kept).stat().st_size > 0


@pytest.mark.usefixtures("short_windows")
def test_windows_are_put_together_at_their_own_times(road: Road, tmp_path: Path) -> None:
    added = road.add(recording(tmp_path / "talk.wav", seconds=5))

    transcript = road.library.document(added.episode.id, Tier.TRANSCRIPT)
    assert isinstance(transcript, Transcript)
    starts = [word.start for each in transcript.segments for word in each.words]
    assert starts == sorted(starts)
    assert starts[-1] > 4


@pytest.mark.parametrize("kind", ["vtt", "wav"])
def test_adding_twice_changes_nothing(road: Road, tmp_path: Path, kind: str) -> None:
    path = recording(tmp_path / "talk.wav") if kind == "wav" else write(tmp_path / "talk.vtt", VTT)
    first = road.add(path)
    files = sorted(road.library.artefacts.folder.iterdir())
    embedded, heard = road.embedder.embedded, list(road.listener.heard)

    second = road.add(path)

    assert second == Added(first.episode, changed=False)
    assert road.library.revisions() == {first.episode.id: 1}
    assert sorted(road.library.artefacts.folder.iterdir()) == files
    assert (road.embedder.embedded, road.listener.heard) == (embedded, heard)


@pytest.mark.usefixtures("short_windows")
def test_what_was_heard_before_a_failure_is_not_heard_again(road: Road, tmp_path: Path) -> None:
    path = recording(tmp_path / "talk.wav", seconds=7)
    road.listener = Listener(stops_at=2)
    with pytest.raises(WeightsError):
        road.walk(path)
    before = list(road.listener.heard)
    assert road.library.revisions() == {}

    road.listener = Listener()
    added = road.add(path)

    assert added.changed
    assert len(before) == 2
    assert not set(before) & set(road.listener.heard)
    assert len(road.listener.heard) >= 1


def test_another_transcriber_hears_for_itself(road: Road, tmp_path: Path) -> None:
    path = recording(tmp_path / "talk.wav")
    first = road.add(path)
    road.library.delete(first.episode.id)
    road.listener = Listener(name="a better one")

    road.add(path)

    assert road.listener.heard == [0.0]


def test_notes_are_laid_to_an_episode(road: Road, tmp_path: Path) -> None:
    talk = road.add(write(tmp_path / "talk.vtt", VTT)).episode

    added = road.add(write(tmp_path / "notes.txt", NOTES), Given(to=talk.id))

    assert added.episode.id == talk.id
    assert added.episode.tiers == (Tier.NOTES, Tier.TRANSCRIPT)
    assert {each.tier for each in road.library.passages_of(talk.id)} == set(added.episode.tiers)
    assert len(road.library.revisions()) == 1


def test_audio_laid_to_an_episode_with_a_transcript_is_kept_but_not_heard(
    road: Road, tmp_path: Path
) -> None:
    talk = road.add(write(tmp_path / "talk.vtt", VTT)).episode

    added = road.add(recording(tmp_path / "talk.wav"), Given(to=talk.id))

    assert added.episode.audio is not None
    assert road.listener.heard == []
    assert added.episode.tiers == (Tier.TRANSCRIPT,)


def test_laying_to_an_episode_that_is_not_there_is_an_error(road: Road, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        road.walk(write(tmp_path / "talk.vtt", VTT), Given(to="no-such-id"))


def test_a_person_may_give_title_and_show(road: Road, tmp_path: Path) -> None:
    given = Given(title="Away with it", show="The Night Desk")

    added = road.add(recording(tmp_path / "rec001.wav"), given)

    assert (added.episode.title, added.episode.show.title) == ("Away with it", "The Night Desk")
    assert added.episode.id.startswith("away-with-it-")


def test_news_tells_of_each_step_and_how_far_it_is(road: Road, tmp_path: Path) -> None:
    news = road.walk(recording(tmp_path / "talk.wav"))

    steps = [each.step for each in news if isinstance(each, Progress)]
    assert list(dict.fromkeys(steps)) == ["read", "check", "transcribe", "index", "save"]
    fractions = [n.fraction for n in news if isinstance(n, Progress) and n.fraction is not None]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0, 1)


ADDRESS = "https://cdn.example/talk.wav?sig=1"


def over_the_network(road: Road, pages: dict[str, bytes], *titles: str) -> Pipeline:
    """Give a pipeline whose source finds an episode of each title at `ADDRESS`."""
    found = tuple(Found(episode(title, "The Night Desk"), media=ADDRESS) for title in titles)
    return replace(
        road.pipeline, sources=(FakeSource(found, remote=True),), fetcher=FakeFetcher(pages)
    )


def test_audio_is_fetched_once_and_the_download_is_cleared_away(road: Road, tmp_path: Path) -> None:
    sound = recording(tmp_path / "talk.wav").read_bytes()

    first = list(over_the_network(road, {ADDRESS: sound}, "One").add("https://feed.example"))
    second = list(over_the_network(road, {}, "One", "Two").add("https://feed.example"))

    assert sum(isinstance(news, Added) for news in (*first, *second)) == 3
    assert list((tmp_path / "downloads").iterdir()) == []
    assert len({each.audio for each in road.library.episodes(Filters())}) == 1


def test_an_address_that_cannot_be_reached_leaves_no_episode(road: Road) -> None:
    news = list(over_the_network(road, {}, "One").add("https://feed.example"))

    (failed,) = (each for each in news if isinstance(each, Failed))
    assert failed.title == "One"
    assert isinstance(failed.error, FetchError)
    assert "cannot be reached" in str(failed.error)
    assert road.library.revisions() == {}


def test_no_more_of_a_feed_is_added_than_was_asked_for(road: Road, tmp_path: Path) -> None:
    sound = recording(tmp_path / "talk.wav").read_bytes()
    pipeline = over_the_network(road, {ADDRESS: sound}, "One", "Two", "Three")

    news = list(pipeline.add("https://feed.example", latest=2))

    assert [each.episode.title for each in news if isinstance(each, Added)] == ["One", "Two"]


def bad_files(folder: Path) -> Iterator[tuple[Path, type[SourceError], str]]:
    yield folder / "gone.vtt", SourceError, "cannot be read: no such file"
    yield folder, SourceError, "is a folder"
    yield write(folder / "empty.mp3", ""), SourceError, "is empty"
    yield write(folder / "broken.vtt", "WEBVTT\n\n00:09 -> oops\nx"), DocumentError, "broken.vtt"
    (folder / "data.xyz").write_bytes(bytes(range(256)) * 9)
    yield folder / "data.xyz", SourceError, "nothing that can be read"


def test_what_cannot_be_read_is_a_clear_error_and_leaves_no_episode(
    road: Road, tmp_path: Path
) -> None:
    (failed,) = road.walk(write(tmp_path / "fake.mp3", "not sound " * 99))[1:]
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, AudioError)
    assert "fake.mp3" in str(failed.error)
    for path, kind, message in bad_files(tmp_path):
        with pytest.raises(kind, match=message) as refusal:
            road.walk(path)
        assert refusal.value.hint
    assert road.library.episodes(Filters()) == []


def test_a_recording_with_nothing_said_is_an_episode_without_passages(
    road: Road, tmp_path: Path
) -> None:
    road.listener = Listener()
    path = tmp_path / "silence.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 16_000 * 3))

    added = road.add(path)

    assert road.library.passages_of(added.episode.id) == []
    assert not road.add(path).changed
