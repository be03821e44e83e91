"""Questions into items, and items into frozen pieces: what a battle is made of."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from eval import pieces, suites
from eval.models import Item
from kb.errors import DocumentError, NotFoundError, SettingsError, SoundproofError, WriterError
from kb.identity import slug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from eval.ballots import Ballots
    from eval.models import Contestant
    from eval.ports import Answerer


@dataclass(frozen=True, slots=True)
class Made:
    """A contestant's turn at an item: its piece was frozen (`new`), was there, or (`error`) failed."""

    contestant: str
    item: Item
    new: bool
    error: SoundproofError | None = None


def items(path: Path) -> list[Item]:
    """Read questions: a question set (.jsonl), or a text file with one in each line.

    Raises:
        NotFoundError: the file cannot be read.
        DocumentError: it is damaged, or holds no question.
    """
    if path.suffix == ".jsonl":
        return [Item(each.id, each.text) for each in suites.read(path).questions]
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise NotFoundError(f"{path} cannot be read", hint="Check the path.") from error
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path.name} is no UTF-8 text", hint="Save it as UTF-8.") from error
    asked = dict.fromkeys(" ".join(line.split()) for line in lines if line.strip())
    if not asked:
        raise DocumentError(f"{path.name} holds no question", hint="Write one in each line.")
    return [Item(_id(text), text) for text in asked]


def freeze(
    ballots: Ballots,
    contestants: Sequence[Contestant],
    asked: Sequence[Item],
    answerer: Callable[[Contestant], Answerer],
) -> Iterator[Made]:
    """Let each contestant answer each question that it has not answered yet; keep what it says.

    All are registered first. Where one fails, the others go on.

    Raises:
        LibraryError: a contestant's name, or an item's id, stands for something else already.
    """
    ballots.enter(asked)
    for each in contestants:
        ballots.register(each)
    for each in contestants:
        missing = [item for item in asked if each.name not in ballots.frozen(item.id)]
        yield from (Made(each.name, item, new=False) for item in asked if item not in missing)
        try:
            at_work = answerer(each) if missing else None
        except SettingsError as error:
            # Made with another embedder or prompt: it stays on the board.
            yield from (Made(each.name, item, new=False, error=error) for item in missing)
            continue
        if at_work is not None:
            yield from (_made(ballots, each.name, item, at_work) for item in missing)


def _made(ballots: Ballots, name: str, item: Item, at_work: Answerer) -> Made:
    try:
        piece = pieces.of(at_work.answer(item.text))
    except WriterError as error:
        return Made(name, item, new=False, error=error)
    return Made(name, item, new=ballots.freeze(item, name, piece))


def _id(text: str) -> str:
    """Name a question by its words.

    >>> _id("Who leaked the test?")
    'who-leaked-the-test-58e9d8'
    """
    return f"{slug(text)[:40]}-{sha256(text.encode()).hexdigest()[:6]}"
