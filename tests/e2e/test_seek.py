"""Seeking in a real browser: what sounds after a jump is what was recorded at that second.

The recording is a sweep: its pitch tells the second. It is read back from what the browser decodes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from ingest import audio
from kb import passages
from kb.artefacts import FolderArtefacts
from kb.models import Entry, Episode, Origin, Segment, Show, Tier, Transcript
from tests import sample_work
from tests.e2e.conftest import opened, sample_site
from tests.e2e.player import AUDIO

# PyAV's stubs leave Packet's type argument open:
# pyright: reportUnknownMemberType=false

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SECONDS, STEP = 660, 10
"""Past ten minutes a browser that counts a variable rate as constant is seconds wrong."""
BAR = 0.5
_RATE = 24_000
_LOWEST, _RISE = 300, 5
"""Pitch at the start, and how much it rises in a second, in Hz."""
POSITIONS = (1, 5, 12, 20, 29, 37, 44, 51, 58, 64)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a recording is written; `options` are the encoder's."""

    name: str
    format: str
    codec: str
    options: tuple[tuple[str, str], ...] = ()
    rate: int = 64_000


ENCODINGS = (
    Encoding("cbr.mp3", "mp3", "libmp3lame"),
    Encoding("vbr.mp3", "mp3", "libmp3lame", (("flags", "+qscale"), ("global_quality", "590"))),
    Encoding("aac.m4a", "mp4", "aac"),
    Encoding("opus.ogg", "ogg", "libopus"),
    Encoding("whole.wav", "wav", "pcm_s16le"),
)


def _sweep(first: int, seconds: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Give seconds of the sweep; loud ones and soft ones take turns, so that a rate can vary."""
    times = first + np.arange(seconds * _RATE, dtype=np.float64) / _RATE
    loud = np.where(np.floor(times / 30) % 2 == 0, 0.5, 0.05)
    phase = 2 * np.pi * (_LOWEST * times + _RISE / 2 * np.square(times))
    return (loud * np.sin(phase)).astype(np.float32)


def _written(path: Path, how: Encoding) -> Path:
    with av.open(str(path), "w", format=how.format) as container:
        stream = container.add_stream(
            how.codec, rate=_RATE, layout="mono", options=dict(how.options)
        )
        assert isinstance(stream, av.AudioStream)
        if not how.options:
            stream.bit_rate = how.rate
        for second in range(SECONDS):
            piece = _sweep(second, 1)[np.newaxis]
            frame = av.AudioFrame.from_ndarray(piece, format="flt", layout="mono")
            frame.sample_rate, frame.pts = _RATE, second * _RATE
            frame.time_base = Fraction(1, _RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _entry(how: Encoding, playback: str) -> Entry:
    """Give an episode with a line every ten seconds."""
    segments = tuple(
        Segment(f"Line {n} is said here.", f"Voice {n % 2}", n * STEP, n * STEP + STEP)
        for n in range(SECONDS // STEP)
    )
    made = how.name.replace(".", "-")
    episode = Episode(made, made, how.name, Show("sweeps", "Sweeps"), playback=playback)
    cut = passages.cut(made, Tier.TRANSCRIPT, segments)
    transcript = Transcript(segments, Origin("file", how.name))
    return Entry(episode, {Tier.TRANSCRIPT: transcript}, cut)


@pytest.fixture(scope="module")
def sweeps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve an episode in each encoding, with the copy that ingest makes, and give the address."""
    folder, work = tmp_path_factory.mktemp("sweeps"), tmp_path_factory.mktemp("encoded")
    artefacts, library = FolderArtefacts(folder / "artefacts"), sample_work.library(folder)
    for how in ENCODINGS:
        copy = work / f"{how.name}.webm"
        audio.playback(_written(work / how.name, how), copy)
        entry = _entry(how, artefacts.put_file(copy))
        library.save(entry)
    with sample_site(folder) as site:
        yield site.address


@pytest.mark.parametrize("how", ENCODINGS, ids=lambda how: how.name)
def test_a_jump_is_heard_where_it_leads(browser: Browser, sweeps: str, how: Encoding) -> None:
    with opened(browser, sweeps, "desktop-light") as page:
        page.goto(f"/episode?ep={how.name.replace('.', '-')}")
        expect(page.locator(".turn").first).to_be_visible(timeout=30_000)
        found = [_jumped(page, line) for line in POSITIONS]

    errors = [max(abs(at - line * STEP), abs(off)) for line, (at, off) in found]
    assert max(errors) <= BAR, list(zip(POSITIONS, errors, strict=True))


def _jumped(page: Page, line: int) -> tuple[int, tuple[float, float]]:
    """Jump to a line; give it with where the player then stood, and how far off the sound was."""
    page.locator(".turn .at").nth(line).click()
    landed, off = page.evaluate(_HEARD, [_LOWEST, _RISE])
    return line, (landed, off)


_SOUND = """
  const until = async (test) => { while (!test()) await new Promise((go) => setTimeout(go, 10)); };
  await until(() => !audio.seeking && audio.readyState > 2);
  const landed = audio.currentTime;
  if (!window.ear) {
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 16384, smoothingTimeConstant: 0 });
    context.createMediaElementSource(audio).connect(analyser).connect(context.destination);
    window.ear = { context, analyser };
  }
  const { context, analyser } = window.ear;
  await context.resume();
  await audio.play();
  const began = audio.currentTime;
  await until(() => audio.currentTime > began + 1);
  const power = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(power);
  const now = audio.currentTime;
  const peak = power.indexOf(Math.max(...power));
  const [left, top, right] = [power[peak - 1], power[peak], power[peak + 1]];
  const exact = peak + (left - right) / (2 * (left - 2 * top + right));
  const pitch = exact * context.sampleRate / analyser.fftSize;
  const heard = (pitch - lowest) / rise + analyser.fftSize / context.sampleRate / 2;
  audio.pause();
  return [landed, heard - now];
"""
_HEARD = f"async ([lowest, rise]) => {{ {AUDIO} {_SOUND} }}"
