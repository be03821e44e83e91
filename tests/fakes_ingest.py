"""Fakes of the ports in `ingest.ports`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest import heard
from ingest.ports import SAMPLE_RATE, Heard, Window
from kb.models import Word


@dataclass(frozen=True, slots=True)
class FakeTranscriber:
    """Hears its text, evenly spoken, in every window that is not silent."""

    text: str = "Evals come first. Then the model!"
    name: str = "fake transcriber"

    def transcribe(self, window: Window, *, hints: Sequence[str] = ()) -> Heard:
        del hints
        if not window.samples.any():
            return Heard(())
        words = self.text.split()
        times = np.linspace(0, len(window.samples) / SAMPLE_RATE, len(words) + 1).tolist()
        spoken = tuple(
            Word(f" {word}", start, end)
            for word, start, end in zip(words, times, times[1:], strict=False)
        )
        stretch = heard.Stretch(spoken, silence=0, confidence=0, repetition=1)
        return Heard(heard.segments([stretch]), "en")
