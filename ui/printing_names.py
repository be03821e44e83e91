"""Corrections of names and renamed speakers as lines of text and JSON, for the command line."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from kb.corrections import Correction, Shown
from kb.speakers import Renaming
from kb.text import clock
from ui.printing import many

_INDENT = "    "


def correction(one: Correction) -> str:
    """Print a correction with what shows it."""
    where = f"in {one.episode_id}" if one.episode_id else "everywhere"
    first = f"{one.heard} -> {one.name} · {one.state}, {where} · {one.source}"
    return "\n".join((first, *map(_shown, one.evidence)))


def speakers(labels: Mapping[str | None, int], said: Sequence[Renaming]) -> Iterator[str]:
    """Print who speaks and in how many lines, and what people said of it."""
    for label, count in labels.items():
        yield f"{label or '(no label)'} · {many(count, 'line')}"
    if said:
        yield "\nRenamed"
    for each in said:
        what = f"“{each.words}”" if each.words else f"all turns of {each.speaker or '(no label)'}"
        by = f" · {each.person}" if each.person else ""
        yield f"{_INDENT}{each.number}: {what} -> {each.name}{by}"


def as_json(found: Sequence[Correction]) -> str:
    """Print corrections as JSON."""
    return json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=2)


def speakers_as_json(labels: Mapping[str | None, int], said: Sequence[Renaming]) -> str:
    """Print who speaks and what people said of it as JSON."""
    plain = {
        "speakers": [{"label": label, "lines": count} for label, count in labels.items()],
        "renamed": [asdict(each) for each in said],
    }
    return json.dumps(plain, ensure_ascii=False, indent=2)


def _shown(passage: Shown) -> str:
    at = "no time" if passage.start is None else clock(passage.start)
    return f"{_INDENT}{at}  {passage.text}"
