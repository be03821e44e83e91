"""Jobs: the work in hand, why something failed, and what can be done about it."""

import time

import streamlit as st

from kb.errors import SoundproofError
from kb.jobs import State
from kb.roll import Watch
from ui import cards_jobs, widgets
from ui.ports import House
from ui.sheet import Block, Lines

_EVERY = 1.0
"""Seconds between two looks while something runs."""
_PATIENCE = 30.0
"""A worker that gave no sign of life for so many seconds is counted as gone, as workers do."""
_MOST = 100
_LOOKING = "jobs-looking"
_FAULT = "jobs-fault"


def show(house: House) -> None:
    """Draw the page; it looks again each second as long as something is in hand."""
    looking = st.session_state[_LOOKING] = pace(house)
    widgets.fragment(_live, every=looking)(house)


def pace(house: House) -> float | None:
    """Give the seconds between two looks; None where nothing is in hand and nothing will change."""
    in_hand = any(not each.state.over for each in house.jobs.jobs(limit=1))
    return _EVERY if in_hand else None


def _live(house: House) -> None:
    # A fragment is drawn again by itself, outside the page's own care for errors.
    try:
        _draw(house)
    except SoundproofError as error:
        widgets.failed(error)
    if pace(house) != st.session_state[_LOOKING]:
        st.rerun()


def _draw(house: House) -> None:
    beats = house.roll.beats()
    wanted = st.segmented_control(
        "State", list(State), format_func=str.capitalize, key="jobs-state"
    )
    found = house.jobs.jobs(state=wanted, limit=_MOST)
    said = [cards_jobs.workers(beats, _watch().gone(beats))]
    if not found:
        said.append("No such job." if wanted else "Nothing was queued yet: add an episode.")
    fault = st.session_state.pop(_FAULT, ())
    blocks: list[Block] = [Lines((*fault, *said)), *map(cards_jobs.task, found)]
    widgets.sheet("jobs", blocks, act=lambda pressed: act(house, pressed))


def act(house: House, pressed: str) -> None:
    """Do what a button stands for; where that cannot be done any more, the page says so next."""
    verb, _, job = pressed.partition(" ")
    try:
        house.dispatcher.retry(job) if verb == cards_jobs.RETRY else house.dispatcher.cancel(job)
    except SoundproofError as error:  # it stands otherwise by now
        st.session_state[_FAULT] = (str(error), error.hint)


@st.cache_resource(show_spinner=False)
def _watch() -> Watch:
    """Give the notes on which workers live: they grow old only while somebody looks."""
    return Watch(time.monotonic, _PATIENCE)
