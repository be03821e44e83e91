"""Whether the ten-thousandth episode goes in as quickly as the thousandth.

Writes transcripts of 250 to 400 words (invented words, a subject each, two speakers), adds them by the
road that `soundproof add FILE...` takes, fifty files a command, and brings the indexes level after
each fifty. Prints episodes a second, and how much longer the last tenth took than the first.

The default embedder hashes words into 384 dimensions: what is measured is the road, the library and
the indexes, whose cost could grow, and not the model, whose cost cannot and would hide it.

python -m benchmarks.ingest_rate [--episodes N] [--embedder hashing|minilm] [--home FOLDER]
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
BAR = 1.3
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


class HashingHouse(House):
    """The house as it is, but for the model."""

    @cached_property
    def embedder(self) -> Embedder:
        """Hash instead of embedding."""
        return HashingEmbedder()


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


def figures(seconds: Sequence[tuple[float, float, float]], count: int) -> Iterator[Figure]:
    """Give the rates at 1,000 and at the end, and the last tenth against the first."""
    tenth, warm = max(1, count // 10 // COMMAND), min(WARM // COMMAND, len(seconds) - 1)
    parts = 1_000 * np.array(seconds) / COMMAND
    wall = parts[:, :2].sum(axis=1)
    first, last = slice(warm, warm + tenth), slice(-tenth, None)
    thousandth = wall[max(warm, 1_000 // COMMAND - tenth) : 1_000 // COMMAND]
    if len(thousandth):
        yield Figure("episodes/s at 1,000", 1_000 / float(thousandth.mean()))
    yield Figure(f"episodes/s at {count:,}", 1_000 / float(wall[last].mean()))
    ratio = float(wall[last].mean() / wall[first].mean())
    yield Figure("time an episode, last tenth / first", ratio, at_most=BAR)
    for told, values in (
        ("road and library", parts[:, 0]),
        ("indexes", parts[:, 1]),
        ("CPU of both", parts[:, 2]),
    ):
        yield Figure(f"{told}, ms an episode, first tenth", float(values[first].mean()))
        yield Figure(f"{told}, ms an episode, last tenth", float(values[last].mean()))
    for share in (5, 95):
        spread = float(np.percentile(wall[warm:], share))
        yield Figure(f"ms an episode, {share}th percentile of the commands", spread)


def landed(house: House, count: int) -> Iterator[Figure]:
    """Count what is there: a rate of work that was not done is none."""
    revisions = house.library.revisions()
    yield Figure("episodes in the library", len(revisions), at_least=count)
    held = [house.indexes.words.held(), house.indexes.meaning.held()]
    yield Figure("of them level in both indexes", count * (held == [revisions] * 2), at_least=count)
    counts = house.indexes.meaning.counts()
    yield Figure("passages in the vector index", sum(counts.values()))
    found = 0
    some = sorted(revisions)[:: max(1, count // 100)]
    for episode_id in some:
        windows = house.library.passages_of(episode_id, unit=Unit.WINDOW)
        vector = house.embedder.embed(
            [f"{house.library.episode(episode_id).title}. {windows[0].text}"]
        )[0]
        nearest = house.indexes.meaning.nearest(vector, limit=1, scope=Scope(), unit=Unit.WINDOW)
        found += [score.passage_id for score in nearest] == [windows[0].id]
    yield Figure("episodes found by their own first words", found / len(some), at_least=0.98)


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest_rate")
    parser.add_argument("--episodes", type=int, default=10_000)
    parser.add_argument("--embedder", choices=["hashing", "minilm"], default="hashing")
    parser.add_argument("--home", type=Path, help="an empty folder to keep the library in")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or Path(folder) / "home"
        settings = Settings(home=home, offline=True)
        house = (House if given.embedder == "minilm" else HashingHouse)(settings)
        sources = Path(folder) / "sources"
        sources.mkdir()
        files = write_transcripts(sources, given.episodes)
        seconds = list(add_all(house, files))
        return report.publish(
            "ingest_rate"
            if given.episodes == parser.get_default("episodes")
            else "ingest_rate_few",
            [*figures(seconds, given.episodes), *landed(house, given.episodes)],
            packages=("chromadb", "tantivy", "sqlalchemy", "numpy"),
            seed=SEED,
            details=f"Embedder: {house.embedder.name}, {house.embedder.dimension} dimensions. "
            f"{COMMAND} files a command; the first {WARM} episodes count for nothing.",
        )


if __name__ == "__main__":
    sys.exit(main())
