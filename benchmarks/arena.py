"""The arena's promises, each held to its bar: intervals, winners, judges, audits, votes, anonymity.

Simulated teams with fixed seeds; known libraries as oracles; real processes for the votes. The whole
table takes some ten minutes on two cores.

python -m benchmarks.arena [--quick]   --quick: a tenth of the simulations, to see that it runs
"""

import argparse
import sys
import time
from itertools import chain

from benchmarks import arena_people, arena_ratings, arena_votes, report
from benchmarks.report import Figure


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.arena")
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    began, figures = time.monotonic(), list[Figure]()
    every = chain(
        arena_ratings.rows(quick=quick), arena_people.rows(quick=quick), arena_votes.rows()
    )
    for figure in every:
        figures.append(figure)
        print(f"{figure.name}: {figure.measured:.4g}", file=sys.stderr)
    figures.append(Figure("minutes", (time.monotonic() - began) / 60))
    return report.publish(
        "arena_quick" if quick else "arena",
        figures,
        packages=("numpy", "scipy", "evalica", "sqlalchemy"),
        seed=arena_ratings.SEED,
        details="A bar with two ends has two rows. The worlds that are simulated are told in"
        " benchmarks/arena_worlds.py and benchmarks/arena_people.py.",
    )


if __name__ == "__main__":
    sys.exit(main())
