"""Word error rate and speed of Whisper on our examples and on the shared recordings.

python -m benchmarks.wer [MODEL] [--engine openai-whisper]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict, cast

import jiwer
import numpy as np
import webvtt
from whisper_normalizer.english import (  # pyright: ignore[reportMissingTypeStubs]
    EnglishTextNormalizer,
)

from benchmarks import report
from benchmarks.report import ROOT, SHARED, Figure
from ingest import audio
from ingest.ports import SAMPLE_RATE, Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.ports import Transcriber

Kind = Literal["real", "synthesized", "example"]
_BARS: dict[Kind, float] = {"real": 10.0, "synthesized": 2.5, "example": 2.5}
"""Highest pooled word error rate in percent; they hold for the model `base`."""
_plain = EnglishTextNormalizer()


class Listed(TypedDict):
    """A recording of the manifest, as far as it matters here."""

    file: str
    kind: str
    ref: NotRequired[str | None]


@dataclass(frozen=True, slots=True)
class Recording:
    """Audio, and what is said in it."""

    path: Path
    kind: Kind
    reference: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a transcriber made of one recording; `cpu` in seconds over all threads."""

    name: str
    kind: Kind
    words: int
    wrong: int
    missing: int
    seconds: float
    cpu: float


def recordings() -> Iterator[Recording]:
    """Give each recording that has a reference; the shared ones where they are at hand."""
    for path in sorted((ROOT / "examples").glob("*.opus")):
        captions = webvtt.from_string(path.with_suffix(".vtt").read_text("utf-8")).captions
        yield Recording(path, "example", " ".join(caption.text for caption in captions))
    folder = SHARED / "data" / "audio"
    manifest = folder / "manifest.json"
    listed = manifest.read_text("utf-8") if manifest.is_file() else "[]"
    for entry in cast("list[Listed]", json.loads(listed)):
        if spoken := entry.get("ref"):
            kind: Kind = "synthesized" if entry["kind"].startswith("tts") else "real"
            yield Recording(folder / entry["file"], kind, (folder / spoken).read_text("utf-8"))


def measure(transcriber: Transcriber, recording: Recording) -> Result:
    """Transcribe one recording and compare."""
    windows = list(audio.windows(recording.path))
    started = time.process_time()
    heard = [segment for window in windows for segment in transcriber.transcribe(window).segments]
    cpu = time.process_time() - started
    reference = _plain(recording.reference)
    compared = jiwer.process_words(reference, _plain(" ".join(s.text for s in heard)))
    return Result(
        name=recording.path.stem,
        kind=recording.kind,
        words=len(reference.split()),
        wrong=compared.substitutions + compared.deletions + compared.insertions,
        missing=compared.deletions,
        seconds=sum(len(window.samples) for window in windows) / SAMPLE_RATE,
        cpu=cpu,
    )


def figures(results: list[Result], *, bars: bool) -> Iterator[Figure]:
    """Pool by kind: errors over words, CPU seconds over audio seconds."""
    for kind, bar in _BARS.items():
        some = [result for result in results if result.kind == kind]
        if some:
            rate = 100 * sum(r.wrong for r in some) / sum(r.words for r in some)
            yield Figure(f"{kind}: word error rate, %", rate, at_most=bar if bars else None)
    speed = sum(r.cpu for r in results) / sum(r.seconds for r in results)
    yield Figure("CPU seconds per second of audio", speed)
    long = [result for result in results if result.seconds > 60]  # noqa: PLR2004
    worst = max((100 * result.missing / result.words for result in long), default=0.0)
    yield Figure(
        "most words missing from a file over 60 s, %", worst, at_most=2.0 if bars else None
    )


def _details(results: list[Result]) -> str:
    rows = [
        f"| {r.name} | {r.kind} | {r.seconds:.0f} | {r.words} | {100 * r.wrong / r.words:.1f} |"
        f" {100 * r.missing / r.words:.1f} | {r.cpu / r.seconds:.3f} |"
        for r in results
    ]
    head = "| recording | kind | seconds | words | WER % | missing % | CPU-RTF |"
    return "\n".join([head, "|---|---|---|---|---|---|---|", *rows])


def _transcriber(engine: str, model: str) -> Transcriber:
    # Late: each of the two libraries takes seconds.
    cache = ROOT / ".soundproof" / "weights"
    if engine == "faster-whisper":
        from ingest.adapters.faster_whisper import FasterWhisper  # noqa: PLC0415

        return FasterWhisper(model, cache=cache, device="cpu", threads=1, language="en")
    from ingest.adapters.openai_whisper import OpenAIWhisper  # noqa: PLC0415

    return OpenAIWhisper(model, cache=cache, device="cpu", threads=1, language="en")


def main() -> int:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description="Measure Whisper's word error rate.")
    parser.add_argument("model", nargs="?", default="base")
    parser.add_argument(
        "--engine", choices=("faster-whisper", "openai-whisper"), default="faster-whisper"
    )
    chosen = parser.parse_args()
    started = time.perf_counter()
    transcriber = _transcriber(chosen.engine, chosen.model)
    imported = time.perf_counter()
    transcriber.transcribe(Window(0, np.zeros(SAMPLE_RATE, np.float32)))
    loaded = time.perf_counter()
    results = [measure(transcriber, recording) for recording in recordings()]
    usual = chosen.model == "base" and chosen.engine == "faster-whisper"
    return report.publish(
        "wer" if usual else f"wer-{chosen.engine}-{Path(chosen.model).stem}",
        [
            *figures(results, bars=usual),
            Figure("seconds to import the engine", imported - started),
            Figure("seconds to find, check and load the model", loaded - imported),
        ],
        packages=(chosen.engine, "jiwer", "whisper-normalizer"),
        details=f"{transcriber.name}, one thread.\n\n{_details(results)}",
    )


if __name__ == "__main__":
    sys.exit(main())
