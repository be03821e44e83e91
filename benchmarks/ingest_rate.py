"""Whether the ten-thousandth episode goes in as quickly as the thousandth.

Writes transcripts of 250 to 400 words (invented words, a subject each, two speakers), adds them by the
road that `soundproof add FILE...` takes, fifty files a command, and brings the indexes level after
each fifty. Prints episodes a second, and how much longer the last ones took than the first ones.

With the real model all through that takes more than an hour. So by default the model embeds the
episodes that are timed, at both ends, and between them words are hashed into as many dimensions, which
fills library and indexes just as much. `--embedder hashing` leaves the model out altogether: what is
then measured is the road and the indexes alone. `--embedder minilm` uses it all through.

python -m benchmarks.ingest_rate [--episodes N] [--embedder ends|hashing|minilm] [--home FOLDER]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import report
from benchmarks.report import Figure
from ingest.pipeline import Added
from kb import names
from kb.indexes import make_vectors
from kb.models import Scope, Unit
from kb.settings import Settings
from ui.wiring import House

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.ports import Embedder, Vectors

SEED = 2026
COMMAND = 50
"""Files that one command adds."""
WARM = 2 * COMMAND
"""Episodes at the start that count for nothing: models and indexes are being opened."""
TIMED = 300
"""Episodes at each end that are timed where the model embeds only those."""
BAR = 1.3
_MANY, _THOUSAND, _BEFORE = 10_000, 1_000, 150
_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
_SUBJECTS, _COMMON, _OWN, _PEOPLE = 300, 2_000, 150, 1_500


@dataclass(frozen=True, slots=True)
class HashingEmbedder:
    """Each word has a direction of its own, drawn from its hash; a text is the sum of its words."""

    name: str = "hashed words"
    dimension: int = 384

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed as a model would: unit vectors, nearer the more words two texts share."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            vectors[row] = sum(map(self._direction, set(names.fold(text).split()) or {""}))
        lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / lengths

    def _direction(self, word: str) -> Vectors:
        known = _DIRECTIONS.get(word)
        if known is None:
            drawn = np.random.default_rng(zlib.crc32(word.encode()))
            known = _DIRECTIONS[word] = drawn.normal(size=self.dimension).astype(np.float32)
        return known


_DIRECTIONS = dict[str, "Vectors"]()


@dataclass(slots=True)
class EndsEmbedder:
    """The model where episodes are timed, hashed words between; one name, for one index."""

    model: Embedder
    timed: bool = True
    name: str = "MiniLM at both ends, hashed words between"
    dimension: int = 384

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed with whichever is due."""
        return (self.model if self.timed else HashingEmbedder()).embed(texts)


class HashingHouse(House):
    """The house as it is, but for the model."""

    @cached_property
    def embedder(self) -> Embedder:
        """Hash instead of embedding."""
        return HashingEmbedder()


class EndsHouse(House):
    """The house with its model at both ends of a long run."""

    @cached_property
    def embedder(self) -> EndsEmbedder:
        """Embed what is timed."""
        return EndsEmbedder(House(self.settings).embedder)


def write_transcripts(folder: Path, count: int) -> list[Path]:
    """Write WebVTT files, the same for the same count."""
    drawn = np.random.default_rng(SEED)
    common = [_word(drawn) for _ in range(_COMMON)]
    people = [f"{_word(drawn).title()} {_word(drawn).title()}" for _ in range(_PEOPLE)]
    subjects = [[_word(drawn) for _ in range(_OWN)] for _ in range(_SUBJECTS)]
    return [
        _write(folder / f"{number:05}.vtt", number, drawn, (common, people, subjects))
        for number in range(count)
    ]


def _write(
    path: Path,
    number: int,
    drawn: np.random.Generator,
    stock: tuple[list[str], list[str], list[list[str]]],
) -> Path:
    common, people, subjects = stock
    subject = subjects[int(drawn.integers(_SUBJECTS))]
    speakers = [people[int(drawn.integers(_PEOPLE))] for _ in range(2)]
    lines, left, second = [f"WEBVTT - {' '.join(subject[:3]).title()} {number}", ""], 0, 0
    wanted = int(drawn.integers(250, 401))
    while left < wanted:
        sentence = _sentence(drawn, common, subject, people)
        left += len(sentence)
        lines += [
            f"{_clock(second)} --> {_clock(second + 5)}",
            f"<v {speakers[int(drawn.integers(2))]}>{' '.join(sentence).capitalize()}.",
            "",
        ]
        second += 5
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _sentence(
    drawn: np.random.Generator, common: list[str], subject: list[str], people: list[str]
) -> list[str]:
    """Draw 6 to 18 words: frequent ones often, some of the subject's own, now and then a name."""
    words = list[str]()
    for kind in drawn.random(int(drawn.integers(6, 19))):
        if kind < 0.03:  # noqa: PLR2004 - a share, and the only place it stands
            words.append(people[int(drawn.integers(_PEOPLE))])
        elif kind < 0.4:  # noqa: PLR2004
            words.append(subject[int(drawn.integers(_OWN))])
        else:
            words.append(common[int(_COMMON * drawn.random() ** 4)])
    return words


def _word(drawn: np.random.Generator) -> str:
    length = int(drawn.integers(2, 5))
    return "".join(_SYLLABLES[int(drawn.integers(len(_SYLLABLES)))] for _ in range(length))


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000"


def add_all(house: House, files: Sequence[Path]) -> Iterator[tuple[float, float, float]]:
    """Add all files, yielding each command's seconds on the road, in the indexes, and of CPU."""
    for start in range(0, len(files), COMMAND):
        if isinstance(house.embedder, EndsEmbedder):
            house.embedder.timed = any(start in span for span in _timed(len(files)))
        began, worked = time.perf_counter(), time.process_time()
        for file in files[start : start + COMMAND]:
            news = [each for each in house.pipeline.add(str(file)) if isinstance(each, Added)]
            if [each.changed for each in news] != [True]:
                raise RuntimeError(f"{file.name} is not one new episode")
        added = time.perf_counter()
        for _ in house.indexes.catch_up():
            pass
        yield added - began, time.perf_counter() - added, time.process_time() - worked
        if sys.stderr.isatty() or start % 1_000 == 0:
            print(f"{start + COMMAND} of {len(files)}", file=sys.stderr)


def _timed(count: int) -> tuple[range, ...]:
    """Give the episodes that are timed: the first, those before the thousandth, the last."""
    first = range(WARM + TIMED)
    return first, range(_THOUSAND - _BEFORE, _THOUSAND), range(count - TIMED, count)


def figures(
    seconds: Sequence[tuple[float, float, float]], count: int, *, timed: int
) -> Iterator[Figure]:
    """Give the rates at both ends, and the last `timed` episodes against the first."""
    many, warm = max(1, timed // COMMAND), min(WARM // COMMAND, len(seconds) - 1)
    parts = 1_000 * np.array(seconds) / COMMAND
    wall = parts[:, :2].sum(axis=1)
    first, last = slice(warm, warm + many), slice(-many, None)
    thousandth = wall[(_THOUSAND - _BEFORE) // COMMAND : _THOUSAND // COMMAND]
    if len(thousandth):
        yield Figure("episodes/s at 1,000", 1_000 / float(thousandth.mean()))
    yield Figure(f"episodes/s at {count:,}", 1_000 / float(wall[last].mean()))
    ratio = float(wall[last].mean() / wall[first].mean())
    yield Figure(f"time an episode, last {timed} / first {timed}", ratio, at_most=BAR)
    for told, values in (
        ("road and library", parts[:, 0]),
        ("indexes", parts[:, 1]),
        ("CPU of both", parts[:, 2]),
    ):
        yield Figure(f"{told}, ms an episode, first {timed}", float(values[first].mean()))
        yield Figure(f"{told}, ms an episode, last {timed}", float(values[last].mean()))
    for told, values in ((f"first {timed}", wall[first]), (f"last {timed}", wall[last])):
        yield Figure(f"ms an episode, spread over commands, {told}", float(values.std()))


def landed(house: House, count: int) -> Iterator[Figure]:
    """Count what is there: a rate of work that was not done is none."""
    revisions = house.library.revisions()
    yield Figure("episodes in the library", len(revisions), at_least=count)
    held = [house.indexes.words.held(), house.indexes.meaning.held()]
    yield Figure("of them level in both indexes", count * (held == [revisions] * 2), at_least=count)
    counts = house.indexes.meaning.counts()
    yield Figure("passages in the vector index", sum(counts.values()))
    some = sorted(revisions)[:: max(1, count // 100)]
    windows = [house.library.passages_of(each, unit=Unit.WINDOW)[0] for each in some]
    found = [
        house.search.find(house.search.understand(each.text), limit=1)[0].episode.id
        for each in windows
    ]
    share = sum(map(str.__eq__, found, some)) / len(some)
    yield Figure("episodes found first by their own first words", share, at_least=0.98)
    yield Figure("their own vector nearest to itself", _recalled(house, some) / len(some))


def _recalled(house: House, ids: Sequence[str]) -> int:
    """Count the episodes whose first window the graph finds again by its very vector."""
    found = 0
    for episode_id in ids:
        episode, every = house.library.episode(episode_id), house.library.passages_of(episode_id)
        row = next(row for row, each in enumerate(every) if each.unit is Unit.WINDOW)
        kept = make_vectors(house.library, house.embedder, episode, every)
        vector = np.load(house.library.artefacts.path(kept))[row].astype(np.float32)
        nearest = house.indexes.meaning.nearest(vector, limit=1, scope=Scope(), unit=Unit.WINDOW)
        found += [score.passage_id for score in nearest] == [every[row].id]
    return found


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest_rate")
    parser.add_argument("--episodes", type=int, default=_MANY)
    parser.add_argument("--embedder", choices=["ends", "hashing", "minilm"], default="ends")
    parser.add_argument("--home", type=Path, help="an empty folder to keep the library in")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or Path(folder) / "home"
        settings = Settings(home=home, offline=True)
        houses = {"ends": EndsHouse, "hashing": HashingHouse, "minilm": House}
        house = houses[given.embedder](settings)
        timed = TIMED if given.embedder == "ends" else max(COMMAND, given.episodes // 10)
        sources = Path(folder) / "sources"
        sources.mkdir()
        files = write_transcripts(sources, given.episodes)
        seconds = list(add_all(house, files))
        return report.publish(
            "ingest_rate" if given.episodes == _MANY else "ingest_rate_few",
            [*figures(seconds, given.episodes, timed=timed), *landed(house, given.episodes)],
            packages=("chromadb", "tantivy", "sqlalchemy", "numpy"),
            seed=SEED,
            details=f"Embedder: {house.embedder.name}, {house.embedder.dimension} dimensions. "
            f"{COMMAND} files a command; the first {WARM} episodes count for nothing.",
        )


if __name__ == "__main__":
    sys.exit(main())
