"""Values kept among the library's files under the recipe that made them, so none is made twice."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from kb.ports import Library

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Memo(Generic[_T]):
    """What a library remembers of one kind of value, as JSON."""

    library: Library
    kind: TypeAdapter[_T]

    def recall(self, recipe: str) -> _T | None:
        """Give what the recipe once made; None where it is not kept, or is damaged on disk."""
        sha256 = self.library.recall(recipe)
        if sha256 is None:
            return None
        try:
            return self.kind.validate_json(self.library.artefacts.path(sha256).read_bytes())
        except ValidationError:
            return None

    def remember(self, recipe: str, value: _T) -> _T:
        """Keep what the recipe made, and give it as it will be read."""
        content = self.kind.dump_json(value)
        self.library.remember(recipe, self.library.artefacts.put(content))
        return self.kind.validate_json(content)
