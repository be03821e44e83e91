"""Kept theses, the radar, predictions and figures as lines of text and as JSON."""

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from kb.text import clock
from ui.printing import many, place

if TYPE_CHECKING:
    from kb.insight.predictions import Told
    from kb.insight.radar import Sighting
    from kb.insight.standing import Attachment, Placed, Standing, Watched
    from kb.insight.theses import Updated
    from kb.insight.voices import Voice, Voices

_WIDTH = 96
_INDENT = "    "
_QUIET = 3
"""Months from which it is said that nothing new came."""


def thesis(one: "Watched") -> str:
    """Print a kept thesis in two lines."""
    return f"{one.id}\n{_wrapped(f'{one.title}: {one.statement}', _INDENT)}"


def updated(done: "Updated") -> Iterator[str]:
    """Say what bringing a thesis up to date found."""
    read = many(done.read, "new or changed episode")
    yield f"{done.thesis.title}: read {read}, attached {many(len(done.attached), 'passage')}"
    for each in done.attached:
        yield f"{_INDENT}{each.stance.value:8} {each.passage_id}"


def standing(found: "Standing", today: date) -> Iterator[str]:
    """Print how a thesis stands: voices and age first, then what speaks against it, then for it."""
    yield found.thesis.title
    yield _wrapped(found.thesis.statement, _INDENT)
    yield f"{_INDENT}for:     {_strength(found.voices_for, len(found.supporting))}"
    yield f"{_INDENT}against: {_strength(found.voices_against, len(found.opposing))}"
    yield f"{_INDENT}{age(found, today)}"
    for voice in (*found.voices_for.interested, *found.voices_against.interested):
        yield f"{_INDENT}! {_book(voice)}"
    if found.counter is not None:
        yield "\nBest counter-evidence"
        yield from _placed(found.counter)
    for heading, evidence in (
        ("For", found.supporting),
        ("Against", found.opposing),
        ("Context", found.beside),
    ):
        yield from _listed(heading, evidence)
    for lost in found.lost:
        yield f"\nNot found any more ({lost.stance.value}): {lost.passage_id}"
        yield _wrapped(lost.words, _INDENT)


def age(found: "Standing", today: date) -> str:
    """Say when a thesis was last supported."""
    if not found.supporting:
        return "nothing supports it yet"
    months = found.quiet(today)
    if found.newest is None or months is None:
        return "the episodes that support it have no date"
    since = f"newest support: {found.newest.isoformat()}"
    return f"{since}; nothing new for {months} months" if months >= _QUIET else since


def attachment(one: "Attachment") -> str:
    """Print what a passage now is to a thesis."""
    return f"{one.passage_id}: {one.stance.value} ({_source(one)})"


def sighting(one: "Sighting") -> Iterator[str]:
    """Print a company with who named it first, and how many since."""
    roles = f" · as {', '.join(one.mentioned_as)}" if one.mentioned_as else ""
    day = one.day.isoformat() if one.day else "no date"
    yield f"{day}  {one.name}{roles}"
    who = one.speaker or "an unknown speaker"
    at = f" {clock(one.start)}" if one.start is not None else ""
    yield f"{_INDENT}first by {who} · {one.episode_title} ({one.show}){at}"
    counts = (many(one.voices, "voice"), many(one.shows, "show"), many(one.episodes, "episode"))
    yield f"{_INDENT}{' · '.join(counts)} · {one.passage_id}"


def told(one: "Told") -> Iterator[str]:
    """Print a prediction or figure: what it says, who said it where, what became of it."""
    said = one.statement
    due = f"due {said.due.isoformat()} (“{said.when}”)" if said.due else ""
    when = due or (f"“{said.when}”, from a day nobody knows" if said.when else "")
    numbers = ", ".join(f"{each.said} {each.of}".strip() for each in said.figures)
    yield " · ".join(filter(None, (said.id, when, numbers)))
    yield _wrapped(f"“{said.words}”", _INDENT)
    where = "no time" if said.start is None else clock(said.start)
    who = said.speaker or "an unknown speaker"
    yield f"{_INDENT}{who} · {one.episode.title} ({one.episode.show.title}) · {where}"
    yield f"{_INDENT}{one.clip}"
    if one.marking is not None:
        note = f": {one.marking.note}" if one.marking.note else ""
        yield f"{_INDENT}{one.marking.outcome.value}, says {one.marking.person}{note}"


def standing_json(found: "Standing", today: date) -> str:
    """Print a standing as JSON, with what is worked out of it."""
    counter = found.counter.attachment.passage_id if found.counter else None
    more = {"counter": counter, "newest": found.newest, "quiet_months": found.quiet(today)}
    return _json(asdict(found) | more)


def told_json(found: "Iterable[Told]") -> str:
    """Print predictions and figures as JSON, with the link that plays each."""
    return _json([asdict(each) | {"clip": each.clip} for each in found])


def as_json(
    values: "Sequence[Watched] | Sequence[Updated] | Sequence[Sighting] | Sequence[Attachment]",
) -> str:
    """Print values as JSON."""
    return _json([asdict(each) for each in values])


def _json(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=False, indent=2, default=str)


def _strength(found: "Voices", passages: int) -> str:
    if not passages:
        return "no passage"
    known = [voice for voice in found.voices if voice.known]
    told = [many(len(known), "voice"), f"on {many(len(found.shows), 'show')}"]
    if found.interested:
        told.append(f"{len(found.interested)} talking their book")
    if found.unknown:
        told.append(f"{many(found.unknown, 'episode')} with an unknown speaker")
    return f"{', '.join(told)} ({many(passages, 'passage')})"


def _book(voice: "Voice") -> str:
    return f"{voice.name} {voice.interest}"


def _listed(heading: str, evidence: "Sequence[Placed]") -> Iterator[str]:
    if evidence:
        yield f"\n{heading}"
    for each in evidence:
        yield from _placed(each)


def _placed(one: "Placed") -> Iterator[str]:
    said, episode = one.passage, one.episode
    day = f" · {episode.published.isoformat()}" if episode.published else ""
    who = said.speaker or "an unknown speaker"
    where = place(said.span, said.line)
    yield f"{_INDENT}{where} · {who} · {episode.title} ({episode.show.title}){day}"
    yield _wrapped(said.text, 2 * _INDENT)
    yield f"{2 * _INDENT}{one.attachment.passage_id} · {_source(one.attachment)}"


def _source(one: "Attachment") -> str:
    by = "suggested by rule" if one.suggested else f"says {one.source}"
    return f"{by}: {one.why}" if one.why else by


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)
