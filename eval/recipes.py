"""What a contestant is made of, as its settings say it and as the answer path takes it."""

from dataclasses import asdict, dataclass, fields

from eval.models import Contestant
from kb.ask import READ
from kb.errors import SettingsError
from kb.search import HYBRID, Mix

EXTRACTIVE, MODEL = "extractive", "model"
_SEARCH = "search."


@dataclass(frozen=True, slots=True)
class Recipe:
    """A way of answering: all that, changed, may change an answer.

    `read` is the number of passages that the writer sees; `writer` is `extractive` or `model`, which
    has a `model`'s name and the hash of its `prompt`; `reranker` is "" for none.
    """

    mix: Mix = HYBRID
    read: int = READ
    writer: str = EXTRACTIVE
    model: str = ""
    prompt: str = ""
    reranker: str = ""
    embedder: str = ""


def contestant(name: str, recipe: Recipe) -> Contestant:
    """Give a recipe a name.

    >>> dict(contestant("words", Recipe(Mix(meaning=0))).settings)["search.meaning"]
    '0.0'
    """
    search = {f"{_SEARCH}{side}": repr(float(w)) for side, w in asdict(recipe.mix).items()}
    rest = {each.name: str(getattr(recipe, each.name)) for each in fields(recipe)[1:]}
    return Contestant(name, tuple(sorted((search | rest).items())))


def recipe(made: Contestant) -> Recipe:
    """Read a contestant's settings.

    Raises:
        SettingsError: another version made it, with settings that this one does not know.
    """
    settings = dict(made.settings)
    try:
        mix = Mix(**{each.name: float(settings.pop(_SEARCH + each.name)) for each in fields(Mix)})
        read = int(settings.pop("read"))
        return Recipe(mix, read, **settings)
    except (KeyError, ValueError, TypeError) as error:
        raise SettingsError(
            f"The contestant {made.name} has settings that this version does not know",
            hint="It stays on the board; to battle on, register one anew: soundproof arena new",
        ) from error


def shipped(model: str) -> dict[str, Recipe]:
    """Give the ways of answering that ship; with a language model where one is named."""
    plain = {
        "hybrid": Recipe(),
        "words only": Recipe(Mix(meaning=0, sentence=0)),
        "meaning only": Recipe(Mix(words=0, named=0)),
    }
    return plain | ({"hybrid + model": Recipe(writer=MODEL, model=model)} if model else {})
