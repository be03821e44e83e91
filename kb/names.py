"""Names as people write and hear them: folding, and matching a name to a spelling of it."""

import re
import unicodedata


def fold(text: str) -> str:
    """Fold case, accents and punctuation away: what two spellings of a name share.

    >>> fold("Patrick A. Chase"), fold("Zoë")
    ('patrick a chase', 'zoe')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def matches(wanted: str, name: str) -> bool:
    """Tell whether every word of `wanted` is a word of `name`.

    >>> matches("stoica", "Ion Stoica"), matches("ion s", "Ion Stoica")
    (True, False)
    """
    words = fold(wanted).split()
    return bool(words) and set(words) <= set(fold(name).split())
