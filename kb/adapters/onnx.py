"""Sentence embeddings by ONNX Runtime: no torch on the path of a question."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as faults
from tokenizers import Tokenizer

from kb.errors import WeightsError

_BATCH = 32
_TOKENS = 256
"""MiniLM was trained on 256 tokens at most and reads no further."""
_DAMAGED = (faults.Fail, faults.InvalidGraph, faults.InvalidProtobuf, faults.NoSuchFile)


class OnnxEmbedder:
    """A BERT-like model whose graph ends in the pooled unit vector (see `to_onnx`)."""

    def __init__(self, name: str, model: Path, tokenizer: Path, *, threads: int) -> None:
        """Load a graph and its tokenizer.

        Raises:
            WeightsError: a file is damaged.
        """
        self._name = name
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(model), options)
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
        except (*_DAMAGED, OSError, RuntimeError, ValueError) as error:
            raise WeightsError(
                f"{model.name} cannot be loaded: it is damaged",
                hint=f"Delete {model} and run the command again: it is made anew.",
            ) from error
        self._tokenizer.enable_truncation(_TOKENS)
        self._tokenizer.enable_padding()
        self._dimension = int(self._session.get_outputs()[0].shape[1])

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimension(self) -> int:
        return self._dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed in batches of texts of like length, so that little is spent on padding."""
        vectors = np.empty((len(texts), self._dimension), np.float32)
        by_length = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        for start in range(0, len(texts), _BATCH):
            batch = by_length[start : start + _BATCH]
            encoded = self._tokenizer.encode_batch([texts[n] for n in batch])
            inputs = {
                "input_ids": np.array([each.ids for each in encoded], np.int64),
                "attention_mask": np.array([each.attention_mask for each in encoded], np.int64),
            }
            vectors[batch] = self._session.run(None, inputs)[0]
        return vectors
