"""What every embedder keeps to; ONNX Runtime and torch must give the same vectors."""

from pathlib import Path

import numpy as np
import pytest

from kb.errors import WeightsError
from kb.ports import Embedder
from kb.settings import Settings
from tests.fakes import FakeEmbedder
from ui.wiring import House

# The adapters are imported late, as in ui.wiring: torch takes seconds.
# ruff: noqa: PLC0415

_REAL = (pytest.mark.models, pytest.mark.slow)

NEAR = "A test set that leaked measures memory."
FAR = "The wholesale price of onions fell."
QUESTION = "What does a test set that leaked measure?"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def real(runtime: str, home: Path) -> Embedder:
    """Make an embedder as the settings would, from packaged weights, or skip."""
    settings = Settings.model_validate(
        {"home": home, "offline": True, "embedder_runtime": runtime, "device": "cpu"}
    )
    try:
        return House(settings).embedder
    except WeightsError:
        pytest.skip("no weights of MiniLM: install the extra `offline`")


@pytest.fixture(
    scope="session",
    params=["fake", *(pytest.param(each, marks=_REAL) for each in ("onnx", "torch"))],
)
def embedder(request: pytest.FixtureRequest, home: Path) -> Embedder:
    return FakeEmbedder() if request.param == "fake" else real(request.param, home)


def test_vectors_have_length_one_and_the_dimension_told(embedder: Embedder) -> None:
    vectors = embedder.embed([NEAR, FAR, ""])

    assert vectors.dtype == np.float32
    assert vectors.shape == (3, embedder.dimension)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-3)


def test_a_question_is_nearer_to_its_answer_than_to_another(embedder: Embedder) -> None:
    near, far, question = embedder.embed([NEAR, FAR, QUESTION])

    assert near @ question > far @ question + 0.2


def test_each_text_has_the_same_vector_in_any_company(embedder: Embedder) -> None:
    texts = [NEAR, FAR, "Yes.", QUESTION * 9, *(f"Number {n}" for n in range(33))]

    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts[:4]])

    assert np.sum(together[:4] * alone, axis=1).min() > 0.9999


def test_nothing_embeds_to_nothing(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_long_and_strange_texts_do_no_harm(embedder: Embedder) -> None:
    vectors = embedder.embed(["word " * 2_000, "日本 🎙 \0", "\n"])

    assert np.isfinite(vectors).all()


@pytest.mark.slow
@pytest.mark.models
def test_onnx_and_torch_give_the_same_vectors_under_the_same_name(home: Path) -> None:
    onnx, torch = real("onnx", home), real("torch", home)
    texts = [NEAR, FAR, QUESTION, "word " * 400, "Ion Stoica?", "3.50 dollars"]

    assert onnx.name == torch.name
    assert np.sum(onnx.embed(texts) * torch.embed(texts), axis=1).min() > 0.9999


@pytest.mark.slow
@pytest.mark.models
def test_a_damaged_graph_is_a_clear_error(home: Path, tmp_path: Path) -> None:
    from kb.adapters.onnx import OnnxEmbedder

    real("onnx", home)
    [graph] = (home / "models").glob("*.onnx")
    cut = tmp_path / graph.name
    cut.write_bytes(graph.read_bytes()[:100_000])

    with pytest.raises(WeightsError, match="damaged") as refusal:
        OnnxEmbedder("minilm", cut, tmp_path / "tokenizer.json", threads=1)
    assert f"Delete {cut}" in refusal.value.hint


@pytest.mark.models
def test_a_model_that_is_not_here_is_a_clear_error_when_offline(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, embedder="no-one/no-such-model", offline=True)

    with pytest.raises(WeightsError, match="no-such-model is not here") as refusal:
        _ = House(settings).embedder
    assert "offline" in refusal.value.hint
