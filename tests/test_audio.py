"""Audio: opened as data, decoded in windows, and honest about what is missing."""

# PyAV's stubs leave Packet's type argument open:
# pyright: reportUnknownMemberType=false

import tracemalloc
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import audio
from ingest.ports import SAMPLE_RATE
from kb.errors import AudioError
from kb.models import Health
from tests.recordings import FORMATS, Samples, record, tone

pytestmark = pytest.mark.slow  # every test starts processes


def heard(path: Path) -> Samples:
    return np.concatenate([window.samples for window in audio.windows(path)])


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_decodes_to_its_full_length_at_sixteen_kilohertz(
    tmp_path: Path, name: str
) -> None:
    path = record(tmp_path / name, tone(3))

    samples = heard(path)

    assert samples.dtype == np.float32
    assert len(samples) / SAMPLE_RATE == pytest.approx(3, abs=0.1)
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(0.3 / np.sqrt(2), rel=0.1)
    assert audio.survey(path).health is Health.OK


def test_probe_reads_length_codec_and_tags(tmp_path: Path) -> None:
    tags = {"title": "Evals at scale", "artist": "Ada & Ben", "album": "The Log"}
    path = record(tmp_path / "talk.mp3", tone(2), tags=tags)

    facts = audio.probe(path)

    assert facts.seconds == pytest.approx(2, abs=0.1)
    assert (facts.title, facts.artist, facts.album) == ("Evals at scale", "Ada & Ben", "The Log")
    assert facts.codec.startswith("mp3")


def test_probe_reads_chapters_in_order(tmp_path: Path) -> None:
    path = tmp_path / "talk.m4a"
    second = Fraction(1, 1)
    with av.open(str(path), "w", format="mp4") as container:
        container.set_chapters(
            [
                {
                    "id": 1,
                    "start": 0,
                    "end": 1,
                    "time_base": second,
                    "metadata": {"title": "Hello"},
                },
                {
                    "id": 2,
                    "start": 1,
                    "end": 2,
                    "time_base": second,
                    "metadata": {"title": "Evals"},
                },
            ]
        )
        stream = container.add_stream("aac", rate=48_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(tone(2)[np.newaxis], format="flt", layout="mono")
        frame.sample_rate, frame.pts = 48_000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))

    chapters = audio.probe(path).chapters

    assert [(chapter.title, chapter.start) for chapter in chapters] == [("Hello", 0), ("Evals", 1)]


def test_windows_meet_without_a_gap_and_no_sample_is_lost(tmp_path: Path) -> None:
    path = record(tmp_path / "talk.flac", tone(25))

    found = list(audio.windows(path, seconds=10))

    assert len(found) >= 3
    assert [window.start for window in found] == pytest.approx(
        np.cumsum([0, *(len(window.samples) / SAMPLE_RATE for window in found[:-1])])
    )
    assert sum(len(window.samples) for window in found) == 25 * SAMPLE_RATE
    assert all(len(window.samples) <= 10 * SAMPLE_RATE for window in found)


def test_a_window_ends_in_the_pause_not_in_the_word(tmp_path: Path) -> None:
    pause = np.zeros(int(0.6 * 48_000), np.float32)
    path = record(tmp_path / "talk.wav", np.concatenate([tone(7), pause, tone(6)]))

    first, second = audio.windows(path, seconds=10)

    assert 7 < second.start < 7.6
    assert len(first.samples) == second.start * SAMPLE_RATE


def test_cuts_are_the_same_every_time(tmp_path: Path) -> None:
    path = record(
        tmp_path / "talk.mp3", tone(20) * np.linspace(0, 1, 20 * 48_000, dtype=np.float32)
    )

    starts = [[window.start for window in audio.windows(path, seconds=6)] for _ in range(2)]

    assert starts[0] == starts[1]


@given(st.integers(1, 40_000))
def test_a_cut_always_moves_forward(length: int) -> None:
    assert 0 < audio.quietest(np.ones(length, np.float32)) <= length


def test_an_hour_is_never_held_at_once(tmp_path: Path) -> None:
    path = record(tmp_path / "talk.flac", np.zeros(3600 * 4800, np.float32))  # six minutes
    whole = 360 * SAMPLE_RATE * 4

    tracemalloc.start()
    for _ in audio.windows(path, seconds=10):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < whole / 4


def test_a_change_of_channels_and_rate_midway_is_followed(tmp_path: Path) -> None:
    advert = tmp_path / "advert.mp3"
    with av.open(str(advert), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=22_050, layout="stereo")
        sound = np.zeros((1, 2 * 22_050 * 2), np.int16)
        frame = av.AudioFrame.from_ndarray(sound, format="s16", layout="stereo")
        frame.sample_rate = 22_050
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    talk = record(tmp_path / "talk.mp3", tone(3))
    joined = tmp_path / "joined.mp3"
    joined.write_bytes(advert.read_bytes() + talk.read_bytes())

    assert len(heard(joined)) / SAMPLE_RATE == pytest.approx(5, abs=0.3)


@pytest.mark.parametrize("name", ["talk.mp3", "talk.ogg", "talk.wav"])
def test_a_cut_off_file_gives_what_is_there_and_says_where_it_ends(
    tmp_path: Path, name: str
) -> None:
    whole = record(tmp_path / name, tone(20)).read_bytes()
    path = tmp_path / f"cut-{name}"
    path.write_bytes(whole[: len(whole) // 2])

    assert 8 < len(heard(path)) / SAMPLE_RATE < 12
    found = audio.survey(path)
    assert found.health is Health.SUSPECT
    ends = "the file says 0:20" if name == "talk.mp3" else "the file breaks off before its end"
    assert found.reasons[-1].endswith(ends)


@pytest.mark.parametrize("name", ["talk.mp3", "talk.m4a", "talk.webm", "talk.ogg", "talk.flac"])
def test_a_hole_in_the_middle_is_named_and_filled(tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(0).random(20 * 48_000, dtype=np.float32)
    path = record(tmp_path / name, tone(20) * noise)
    content = path.read_bytes()
    middle, hole = len(content) // 2, len(content) // 10
    path.write_bytes(content[:middle] + bytes(hole) + content[middle + hole :])

    found = audio.survey(path)

    [reason] = found.reasons
    assert reason.startswith("audio is damaged in one place, near 0:")
    assert reason.endswith(" s were replaced by silence")
    assert found.health is Health.SUSPECT
    assert found.seconds == pytest.approx(20, abs=0.1)
    assert len(heard(path)) == found.seconds * SAMPLE_RATE
    [(start, end)] = found.silences
    assert 7 < start < 11 < end < 16


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"Just some words, not sound.\n" * 200, "is not audio that can be read"),
        (b"\x89PNG\r\n\x1a\n" + bytes(4000), "is not audio that can be read"),
        (bytes(100_000), r"Nothing in talk\.mp3 can be decoded"),
    ],
)
def test_what_is_not_audio_is_refused_with_a_hint(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "talk.mp3"
    path.write_bytes(content)

    with pytest.raises(AudioError, match=message) as refusal:
        heard(path)
    assert refusal.value.hint


def test_where_nothing_can_be_decoded_the_verdict_is_failed(tmp_path: Path) -> None:
    path = tmp_path / "talk.mp3"
    path.write_bytes(bytes(100_000))

    found = audio.survey(path)

    assert (found.health, found.seconds) == (Health.FAILED, 0)
    assert found.reasons[0] == "nothing in it can be decoded"


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"gone\.mp3 is not there"):
        audio.probe(tmp_path / "gone.mp3")
    with pytest.raises(AudioError, match="cannot be read"):
        audio.probe(tmp_path)


def test_a_header_with_no_sound_behind_it_is_an_error_for_every_reader(tmp_path: Path) -> None:
    path = record(tmp_path / "talk.wav", tone(1))
    path.write_bytes(path.read_bytes()[:44])

    with pytest.raises(AudioError):
        list(audio.windows(path))
    with pytest.raises(AudioError):
        audio.survey(path)
    with pytest.raises(AudioError):
        audio.playback(path, tmp_path / "copy.webm")
    assert list(tmp_path.iterdir()) == [path]


def test_a_film_without_sound_holds_no_audio(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8))
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))

    with pytest.raises(AudioError, match="holds no audio"):
        audio.probe(path)


_HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:3,\n{secret}\n#EXT-X-ENDLIST\n"
_PLAYLISTS = {
    "hls": _HLS,
    "hls with a file address": _HLS.replace("{secret}", "file:{secret}"),
    "concat": "ffconcat version 1.0\nfile '{secret}'\n",
    "dash": (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"'
        ' mediaPresentationDuration="PT3S" profiles="urn:mpeg:dash:profile:isoff-main:2011">'
        '<Period><AdaptationSet contentType="audio"><Representation id="1" bandwidth="1">'
        "<BaseURL>{secret}</BaseURL></Representation></AdaptationSet></Period></MPD>"
    ),
    "session description": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
}


@pytest.mark.parametrize("disguise", ["talk.mp3", "talk.m3u8", "talk.wav", "%d.png"])
@pytest.mark.parametrize("kind", _PLAYLISTS)
def test_a_playlist_in_disguise_leads_nowhere(tmp_path: Path, kind: str, disguise: str) -> None:
    secret = record(tmp_path / "talk.wav", tone(3)).rename(tmp_path / "secret.wav")
    path = tmp_path / disguise
    path.write_text(_PLAYLISTS[kind].format(secret=secret))

    with pytest.raises(AudioError, match="is not audio that can be read"):
        heard(path)


@pytest.mark.parametrize("name", ["talk.mp3", "talk.m4a", "talk.wav"])
def test_the_playback_copy_is_small_whole_and_on_the_same_clock(tmp_path: Path, name: str) -> None:
    pause = np.zeros(48_000, np.float32)
    path = record(tmp_path / name, np.concatenate([tone(4), pause, tone(4)]))
    copy = tmp_path / "copy.webm"

    audio.playback(path, copy)

    assert audio.probe(copy).codec == "opus"
    assert copy.stat().st_size * 8 / 9 < 64_000
    assert abs(len(heard(copy)) - len(heard(path))) < 0.05 * SAMPLE_RATE
    assert _loud_again(heard(copy)) == pytest.approx(_loud_again(heard(path)), abs=0.05)
    assert not list(tmp_path.glob("*.part"))


def _loud_again(samples: Samples) -> float:
    """Give the second at which the sound comes back after the pause."""
    silent = 4.5 * SAMPLE_RATE
    return float(np.argmax(np.abs(samples[int(silent) :]) > 0.1) + silent) / SAMPLE_RATE


def test_the_same_audio_gives_the_same_copy(tmp_path: Path) -> None:
    path = record(tmp_path / "talk.mp3", tone(3))
    one, other = tmp_path / "one.webm", tmp_path / "other.webm"

    audio.playback(path, one)
    audio.playback(path, other)

    assert one.read_bytes() == other.read_bytes()


def test_a_copy_is_not_copied_again_with_loss(tmp_path: Path) -> None:
    path = record(tmp_path / "talk.mp3", tone(3))
    one, other = tmp_path / "one.webm", tmp_path / "other.webm"
    audio.playback(path, one)

    audio.playback(one, other)

    assert one.read_bytes() == other.read_bytes()
