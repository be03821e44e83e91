"""Contestants: what they are is in their settings, and nowhere else."""

import pytest

from eval import recipes
from eval.models import Contestant
from eval.recipes import MODEL, Recipe, contestant, shipped
from kb.errors import SettingsError
from kb.search import Mix


@pytest.mark.parametrize(
    "recipe",
    [
        *shipped("llama-8b").values(),
        Recipe(Mix(0.1, 0.2, 0.30000000000000004), 7, MODEL, "llama-8b", "ab12"),
    ],
)
def test_a_recipe_is_read_back_from_its_settings(recipe: Recipe) -> None:
    assert recipes.recipe(contestant("one", recipe)) == recipe


def test_the_one_with_a_model_ships_where_a_model_is_named() -> None:
    assert list(shipped("")) == ["hybrid", "words only", "meaning only"]
    assert list(shipped("llama-8b")) == [*shipped(""), "hybrid + model"]


def test_what_a_contestant_is_does_not_hang_on_its_name() -> None:
    one, other = contestant("one", Recipe()), contestant("other", Recipe())

    assert one.fingerprint == other.fingerprint


def test_every_setting_that_may_change_an_answer_changes_the_fingerprint() -> None:
    changed = [
        *(Mix(words=2), Mix(meaning=2), Mix(sentence=2), Mix(named=2)),
    ]
    made = [
        Recipe(),
        *(Recipe(mix) for mix in changed),
        *(Recipe(read=8), Recipe(writer=MODEL), Recipe(model="m"), Recipe(prompt="p")),
        *(Recipe(reranker="r"), Recipe(embedder="e")),
    ]

    assert len({contestant("one", each).fingerprint for each in made}) == len(made)


@pytest.mark.parametrize(
    "changed",
    [("read", "many"), ("search.words", "much"), ("temperature", "1")],
)
def test_settings_of_another_version_are_an_error_that_keeps_it_on_the_board(
    changed: tuple[str, str],
) -> None:
    settings = dict(contestant("one", Recipe()).settings) | {changed[0]: changed[1]}

    with pytest.raises(SettingsError, match="one has settings") as caught:
        recipes.recipe(Contestant("one", tuple(sorted(settings.items()))))
    assert "stays on the board" in caught.value.hint


def test_a_setting_that_is_missing_is_an_error() -> None:
    without = tuple(each for each in contestant("one", Recipe()).settings if each[0] != "read")

    with pytest.raises(SettingsError):
        recipes.recipe(Contestant("one", without))


@pytest.mark.parametrize(
    ("name", "settings"), [(" ", ()), ("one", (("b", "1"), ("a", "2"))), ("one", (("a", "1"),) * 2)]
)
def test_a_contestant_is_whole(name: str, settings: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(ValueError, match=r"name|sorted"):
        Contestant(name, settings)
