"""How a benchmark tells its result: figures beside their bars, and all it takes to repeat it.

figures = [Figure("real clips, WER %", 8.4, at_most=10.0)]
sys.exit(report.publish("wer", figures, packages=("faster-whisper",)))
"""

from __future__ import annotations

import os
import platform
import shlex
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SOUNDPROOF_SHARED", ROOT.parent / "shared"))


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value, with the bar it must reach where it has one."""

    name: str
    measured: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def bar(self) -> str:
        """Say the bar in words.

        >>> Figure("WER %", 8.4, at_most=10).bar
        'at most 10'
        """
        if self.at_most is not None:
            return f"at most {self.at_most:g}"
        return "" if self.at_least is None else f"at least {self.at_least:g}"

    @property
    def missed(self) -> bool:
        """Tell whether the bar is missed; what is not a number misses every bar.

        >>> [Figure("WER %", value, at_most=10).missed for value in (10, 11, float("nan"))]
        [False, True, True]
        """
        reached = (self.at_most is None or self.measured <= self.at_most) and (
            self.at_least is None or self.measured >= self.at_least
        )
        return not reached


def publish(
    name: str,
    figures: Sequence[Figure],
    *,
    packages: Sequence[str] = (),
    seed: int | None = None,
    details: str = "",
) -> int:
    """Print the report, write it to results/NAME.md, and give the exit code: 1 if a bar is missed.

    `details` is Markdown put below the figures.
    """
    text = "\n".join(
        [f"# {name}", "", *_table(figures), "", *_setting(packages, seed), "", details]
    )
    print(text)
    results = ROOT / "benchmarks" / "results"
    results.mkdir(parents=True, exist_ok=True)
    (results / f"{name}.md").write_text(f"{text.strip()}\n", encoding="utf-8")
    return int(any(figure.missed for figure in figures))


def _table(figures: Sequence[Figure]) -> list[str]:
    rows = [
        f"| {figure.name} | {figure.measured:.4g} | {figure.bar} |"
        f" {'MISSED' if figure.missed else 'reached' if figure.bar else ''} |"
        for figure in figures
    ]
    return ["| figure | measured | bar | |", "|---|---|---|---|", *rows]


def _setting(packages: Sequence[str], seed: int | None) -> list[str]:
    """Say what it takes to repeat this, without a path of this machine."""
    script, *arguments = (Path(word).name for word in sys.argv)
    command = shlex.join(["python", "-m", f"benchmarks.{Path(script).stem}", *arguments])
    versions = [f"Python {platform.python_version()}", *(f"{p} {version(p)}" for p in packages)]
    return [
        f"* Command: `{command}`",
        f"* Machine: {_processor()}, {os.cpu_count()} cores, {platform.system()}",
        f"* Versions: {', '.join(versions)}",
        f"* Seed: {'none: nothing is drawn' if seed is None else seed}",
        f"* Day: {datetime.now(UTC):%Y-%m-%d}",
    ]


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
