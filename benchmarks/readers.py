"""Twenty people who read at once: whether a search stays quick, nothing fails, and memory stays flat.

Adds the transcripts of the shared development corpus (or takes a library that has them), starts
`soundproof serve` on loopback, and gives each reader a token. Each reads at a person's pace: a
search, a thought of two seconds or so, the episode that came first, another thought; every eighth
time a question instead. The load is bounded: nobody sends before the answer is there.

python -m benchmarks.readers [--seconds N] [--readers N] [HOME]   HOME: a library folder to keep or take up
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, median, quantiles
from typing import TYPE_CHECKING

import httpx

from benchmarks import report, retrieval
from benchmarks.report import Figure
from eval import suites
from kb.keys import Keys
from kb.settings import Settings
from tests.e2e.serving import PROGRAM, free_port
from ui.wiring import House

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEED = 2026
BAR_MS, FLAT = 300, 1.05
_THINKS = 2.0
"""Seconds between two requests of a reader, on average."""
_EIGHTH = 8
_WARM = 5.0
"""Seconds at the start that count for nothing: models and indexes are being opened."""


@dataclass
class Notes:
    """What all readers saw: seconds by kind of request, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list[str])
    memory: list[float] = field(default_factory=list[float])

    def figures(self) -> Iterator[Figure]:
        """Give the figures, with their bars."""
        searches = [1_000 * each for each in self.seconds["search"]]
        yield Figure("requests", sum(map(len, self.seconds.values())))
        yield Figure("requests that failed", len(self.faults), at_most=0)
        yield Figure("search: ms, 95th percentile", quantiles(searches, n=20)[-1], at_most=BAR_MS)
        yield Figure("search: ms, median", median(searches))
        for kind in sorted(self.seconds.keys() - {"search"}):
            yield Figure(f"{kind}: ms, median", 1_000 * median(self.seconds[kind]))
        fifth = max(1, len(self.memory) // 5)
        early, late = fmean(self.memory[fifth : 2 * fifth]), fmean(self.memory[-fifth:])
        yield Figure("memory, last fifth to second", late / early, at_most=FLAT)
        yield Figure("memory at the end, MB", late)


@dataclass(frozen=True)
class Reader:
    """One person, with a token and questions of their own."""

    client: httpx.Client
    questions: Sequence[str]
    chance: random.Random
    notes: Notes
    warm: float

    def read(self, until: float) -> None:
        """Read until the time is over."""
        turn = 0
        while time.monotonic() < until:
            turn += 1
            question = self.chance.choice(self.questions)
            if turn % _EIGHTH == 0:
                self._timed("ask", "POST", "/ask", json={"question": question})
            else:
                self._look(question)
            self._think()

    def _look(self, question: str) -> None:
        found = self._timed("search", "GET", "/search", params={"q": question})
        if found is not None and (items := found.json()["items"]):
            self._think()
            path = f"/episodes/{items[0]['episode']['id']}/passages"
            self._timed("passages", "GET", path)

    def _timed(self, kind: str, method: str, path: str, **sent: object) -> httpx.Response | None:
        began = time.monotonic()
        try:
            answer = self.client.request(method, path, **sent)  # type: ignore[arg-type]
            answer.raise_for_status()
        except httpx.HTTPError as error:
            self.notes.faults.append(f"{kind}: {error}")
            return None
        if began > self.warm:
            self.notes.seconds[kind].append(time.monotonic() - began)
        return answer

    def _think(self) -> None:
        time.sleep(self.chance.expovariate(1 / _THINKS))


def measure(home: Path, questions: Sequence[str], *, readers: int, seconds: float) -> Notes:
    """Serve the library to so many readers for so long."""
    keys, drawn = Keys(House(Settings(home=home, offline=True)).library), random.Random(SEED)  # noqa: S311 - a draw, no secret
    held = sum(each.name.startswith("reader") for each in keys.all())
    tokens = [keys.make(f"reader {held + n}") for n in range(readers)]
    port = free_port()
    environment = os.environ | {"SOUNDPROOF_HOME": str(home), "SOUNDPROOF_OFFLINE": "1"}
    command = [*PROGRAM, "serve", "--port", str(port)]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, env=environment, cwd=report.ROOT
    ) as server:
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base)
            clients = [
                httpx.Client(
                    base_url=f"{base}/api/v1",
                    headers={"authorization": f"Bearer {token}"},
                    timeout=60,
                )
                for token in tokens
            ]
            return _read(server.pid, clients, questions, drawn, seconds)
        finally:
            server.terminate()


def _read(
    pid: int,
    clients: Sequence[httpx.Client],
    questions: Sequence[str],
    drawn: random.Random,
    seconds: float,
) -> Notes:
    notes, now = Notes(), time.monotonic()
    until = now + _WARM + seconds
    chances = [random.Random(drawn.random()) for _ in clients]  # noqa: S311 - draws, no secrets
    people = [
        Reader(client, questions, chance, notes, now + _WARM)
        for client, chance in zip(clients, chances, strict=True)
    ]
    threads = [threading.Thread(target=each.read, args=(until,)) for each in people]
    for thread in threads:
        thread.start()
    while time.monotonic() < until:
        time.sleep(min(1.0, max(0.0, until - time.monotonic())))
        if time.monotonic() > now + _WARM:
            notes.memory.append(_resident(pid))
    for thread, client in zip(threads, clients, strict=True):
        thread.join()
        client.close()
    return notes


def _resident(pid: int) -> float:
    """Give a process's memory in MB."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1_000 for line in lines if line.startswith("VmRSS"))


def _wait(base: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{base}/healthz").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The server did not start.")


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.readers")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("home", nargs="?", type=Path, help="a library folder to keep or take up")
    given = parser.parse_args()
    corpus = report.SHARED / "data/corpus"
    if not corpus.is_dir():
        print(f"{corpus} is missing: set SOUNDPROOF_SHARED to the folder of shared data.")
        return 1
    with tempfile.TemporaryDirectory() as temporary:
        home = given.home or Path(temporary)
        house = House(Settings(home=home, offline=True))
        retrieval.add_all(house, corpus / "text/dev/manifest.json")
        episodes = len(house.library.revisions())
        house.library.close()
        asked = [each.text for each in suites.read(corpus / "qa/dev.jsonl").questions]
        notes = measure(home, asked, readers=given.readers, seconds=given.seconds)
    for fault in notes.faults[:5]:
        print(fault)
    return report.publish(
        "readers",
        list(notes.figures()),
        packages=("fastapi", "uvicorn", "streamlit"),
        seed=SEED,
        details=f"{given.readers} readers for {given.seconds:g} seconds on {episodes} episodes, each "
        f"with a token, a request every {_THINKS:g} s on average. The readers and what they read "
        "share the machine.",
    )


if __name__ == "__main__":
    sys.exit(main())
