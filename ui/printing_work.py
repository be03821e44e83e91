"""Jobs, followed shows and estimates as lines of text, for the command line."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from ingest.estimate import Estimate
from kb.jobs import Job, State
from kb.subscriptions import Subscription
from kb.text import clock
from ui.printing import many, size

_INDENT = "    "
_MINUTE, _HOUR = 60, 3600


def job(one: Job) -> str:
    """Print a job in two lines."""
    return f"{one.id}\n{_INDENT}{one.title} · {' · '.join(_standing(one))}"


def job_in_full(one: Job) -> Iterator[str]:
    """Print all that is known of a job."""
    yield one.title
    yield f"{_INDENT}{' · '.join(_standing(one))}"
    yield f"{_INDENT}id: {one.id}"
    yield f"{_INDENT}from: {one.origin}"
    yield f"{_INDENT}queued {_moment(one.created)}, attempt {one.attempt}"
    if one.episode_id:
        yield f"{_INDENT}episode: {one.episode_id}"
    if one.hint:
        yield f"Hint: {one.hint}"


def subscription(one: Subscription) -> str:
    """Print a followed show in two lines."""
    when = "never read" if one.checked is None else f"read {_moment(one.checked)}"
    often = "once" if one.failures == 1 else f"{one.failures} times"
    state = f"failed {often}: {one.outcome}" if one.failures else one.outcome
    return f"{one.title or one.url}\n{_INDENT}{one.url} · {' · '.join(filter(None, [when, state]))}"


def estimate(made: Estimate) -> Iterator[str]:
    """Say what adding will take."""
    here = f", {made.known} of them in the library already" if made.known else ""
    yield f"{many(made.episodes, 'episode')}{here}"
    if not made.heard:
        yield f"{_INDENT}nothing to transcribe"
    else:
        more = f", and {made.unknown} of unknown length" if made.unknown else ""
        yield f"{_INDENT}{made.heard} to transcribe: {made.hours:.1f} hours of audio{more}"
        took = "unknown until this machine has heard its first episode"
        yield f"{_INDENT}time here: {took if made.seconds is None else lasting(made.seconds)}"
    yield f"{_INDENT}disk: about {size(round(made.disk))}"
    yield f"{_INDENT}language model: none is asked"


def lasting(seconds: float) -> str:
    """Say a length of time as people do.

    >>> lasting(20), lasting(600), lasting(9_000)
    ('under a minute', 'about 10 minutes', 'about 2.5 hours')
    """
    if seconds < _MINUTE:
        return "under a minute"
    if seconds < 2 * _HOUR:
        minutes = round(seconds / _MINUTE)
        return f"about {minutes} minute{'s' if minutes != 1 else ''}"
    return f"about {seconds / _HOUR:.1f} hours"


def as_json(values: Sequence[Job] | Sequence[Subscription] | Sequence[Estimate]) -> str:
    """Print values as JSON."""
    return json.dumps([asdict(each) for each in values], ensure_ascii=False, indent=2)


def _standing(one: Job) -> Iterator[str]:
    yield one.state.value
    if one.state is State.RUNNING:
        share = "" if one.fraction is None else f" {one.fraction:.0%}"
        yield f"{one.step}{share}"
        if one.seconds_left is not None:
            yield f"{clock(one.seconds_left)} left"
    if one.reason:
        yield one.reason


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%Y-%m-%d %H:%M")
