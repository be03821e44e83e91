"""How the writer without a model chooses what to show."""

from pathlib import Path

import pytest

from kb.adapters.extractive import ExtractiveWriter
from kb.models import Hit, Question, Tier, Unit, Want, Written
from kb.questions import content
from tests import samples
from tests.fakes import FakeLibrary

ASKED = "Glad to be here. So how long does a careful check of two answers take?"
TOLD = "One careful check of two answers takes us eleven minutes. We timed it all spring."


def written(
    folder: Path, *turns: tuple[str | None, str], wants: frozenset[Want] = frozenset()
) -> Written:
    """Answer from the first window of a transcript."""
    library = FakeLibrary(folder)
    said = samples.entry(
        samples.episode("Slow Checks", "The Bench"), {Tier.TRANSCRIPT: samples.transcript(*turns)}
    )
    library.save(said)
    window = next(each for each in said.passages if each.unit is Unit.WINDOW)
    text = "How long does a careful check take?"
    question = Question(text, text, dict.fromkeys(content(text), 1.0), wants=wants)
    hit = Hit(window, said.episode, score=3.0, words=2.0, meaning=0.6)
    return ExtractiveWriter(library).write(question, [hit])


def test_without_labels_it_starts_after_the_question(tmp_path: Path) -> None:
    answer = written(tmp_path, (None, f"{ASKED} {TOLD}"))

    assert [each.text for each in answer.statements] == [TOLD]


def test_from_a_labelled_question_it_goes_to_the_reply(tmp_path: Path) -> None:
    answer = written(
        tmp_path, ("Ana", "So how long does a careful check of two answers take?"), ("Bo", TOLD)
    )

    assert [each.text for each in answer.statements] == [TOLD]


def test_it_stops_before_the_next_question(tmp_path: Path) -> None:
    answer = written(tmp_path, (None, f"{TOLD} And what does that cost?"))

    assert [each.text for each in answer.statements] == [TOLD]


@pytest.mark.parametrize("want", [Want.NUMBER, Want.HOST])
def test_it_refuses_where_the_kind_of_answer_is_missing(tmp_path: Path, want: Want) -> None:
    answer = written(
        tmp_path, ("Bo", "A careful check takes us as long as it takes."), wants=frozenset({want})
    )

    assert not answer.statements
    assert answer.reason
