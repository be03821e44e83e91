"""Which adapters serve the ports, by the settings; `ui.wiring` puts them together.

Everything heavy is imported late, when it is needed.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from kb.errors import IndexOwnedError, SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.ports import Transcriber
    from kb.adapters.llama_model import Server
    from kb.adapters.sentence_transformers import SentenceTransformerEmbedder
    from kb.artefacts import ArtefactStore
    from kb.ports import Briefer, Embedder, VectorIndex
    from kb.settings import Settings

_MINILM = "sentence-transformers/all-MiniLM-L6-v2"
_MINILM_REVISION = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"


class Engines:
    """The adapters of the settings; nothing is opened or loaded before it is asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        if settings.offline:
            os.environ["HF_HUB_OFFLINE"] = "1"

    @property
    def models(self) -> Path:
        """Folder of weights that were joined, downloaded or converted."""
        return self.settings.home / "models"

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder of the settings: ONNX for MiniLM on a CPU, else sentence-transformers."""
        settings = self.settings
        onnx = settings.embedder_runtime == "onnx" or (
            settings.embedder_runtime == "auto"
            and settings.embedder == _MINILM
            and settings.device != "cuda"
        )
        return self._onnx() if onnx else self._torch()

    def ear(self, *, device_index: int = 0) -> Transcriber:
        """Give a speech recogniser of the settings, on that GPU where there are several."""
        settings = self.settings
        engine: type[FasterWhisper | OpenAIWhisper]
        if settings.whisper_engine == "openai-whisper":
            from ingest.adapters.openai_whisper import OpenAIWhisper

            engine = OpenAIWhisper
        else:
            from ingest.adapters.faster_whisper import FasterWhisper

            engine = FasterWhisper
        return engine(
            settings.whisper_model,
            cache=self.models,
            device=settings.device,
            threads=settings.threads,
            offline=settings.offline,
            language=settings.language,
            device_index=device_index,
        )

    def artefacts(self) -> ArtefactStore | None:
        """Give the files' place where it is not beside the library."""
        if not self.settings.artefacts_url:
            return None
        from kb.adapters.fsspec import RemoteArtefacts

        return RemoteArtefacts(self.settings.artefacts_url, self.settings.home / "artefacts-here")

    def server(self, model: str) -> Server:
        """Say how a language model is reached.

        Raises:
            SettingsError: none is named.
        """
        settings = self.settings
        if not model:
            raise SettingsError(
                "A language model is asked for, but none is named",
                hint="Set SOUNDPROOF_LLM_MODEL; to write without one, SOUNDPROOF_WRITER=extractive.",
            )
        return {
            "url": settings.llm_url,
            "model": model,
            "api_key": settings.llm_api_key.get_secret_value(),
            "context_window": settings.llm_context_window,
            "timeout": settings.llm_timeout,
        }

    def reader(self) -> Briefer:
        """Give the language model of the settings as what reads for briefs."""
        from kb.adapters.llama_briefer import LlamaBriefer

        return LlamaBriefer(**self.server(self.settings.llm_model))

    def _onnx(self) -> Embedder:
        from kb import weights
        from kb.adapters.onnx import OnnxEmbedder
        from kb.identity import slug

        settings = self.settings
        graph = self.models / f"{slug(settings.embedder)}.onnx"
        folder = weights.locate(settings.embedder, self.models)
        tokenizer = folder / "tokenizer.json" if folder else graph.with_suffix(".tokenizer.json")
        if not graph.exists() or not tokenizer.exists():
            self._torch().to_onnx(graph, graph.with_suffix(".tokenizer.json"))
        threads = settings.threads or os.cpu_count() or 1
        return OnnxEmbedder(settings.embedder, graph, tokenizer, threads=threads)

    def _torch(self) -> SentenceTransformerEmbedder:
        from kb import weights
        from kb.adapters.sentence_transformers import SentenceTransformerEmbedder

        settings = self.settings
        return SentenceTransformerEmbedder(
            settings.embedder,
            weights.locate(settings.embedder, self.models) or settings.embedder,
            revision=_MINILM_REVISION if settings.embedder == _MINILM else None,
            device=settings.device,
            offline=settings.offline,
        )

    def vector_index(self) -> VectorIndex:
        """Open Chroma, or scan the saved vectors where another process will not share it."""
        from kb.adapters.chroma import ChromaIndex
        from kb.adapters.exact import ExactIndex
        from kb.indexes import EMBEDDED

        embedder = self.embedder
        try:
            return ChromaIndex(
                self.settings.home / "chroma",
                embedder=f"{embedder.name}-{EMBEDDED}",
                dimension=embedder.dimension,
                url=self.settings.chroma_url,
            )
        except IndexOwnedError:
            return ExactIndex()


def gpus() -> int:
    """Count the CUDA devices that the speech engine can use."""
    from ingest.adapters.faster_whisper import gpus as count

    return count()
