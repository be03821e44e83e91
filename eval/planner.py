"""How many votes are still needed."""

from __future__ import annotations

import math

from scipy import special

CHANCE = 0.8
"""With so many votes the difference shows with this probability, if it is what it looks like now."""
MOST = 1_000_000
"""Nobody gives more."""


def needed(
    gap: float, error: float, votes: int, critical: float, *, chance: float = CHANCE
) -> int | None:
    """Give the votes still needed until a gap is separated, None for more than anyone gives.

    The standard error shrinks with the root of the votes, as long as they go on to be spread over
    contestants, and over new questions, as they have been. `critical` is the t to be reached.

    >>> needed(30, 25, 400, 1.96), needed(50, 25, 400, 1.96), needed(0, 25, 400, 1.96)
    (1781, 0, None)
    """
    if gap and abs(gap) >= critical * error:
        return 0
    reach = critical + float(special.ndtri(chance))
    if not abs(gap) * math.sqrt(MOST / votes) > reach * error:
        return None
    return max(1, math.ceil(votes * (reach * error / gap) ** 2) - votes)
