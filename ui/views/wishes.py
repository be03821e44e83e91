"""What is made beside a page: wished for once, and looked at until it is there."""

from collections.abc import Callable

import streamlit as st

from kb.errors import SoundproofError
from ui import widgets
from ui.bench import Bench

_EVERY = 1.0
"""Seconds between two looks."""


def wish(name: str, begin: Callable[[], int]) -> None:
    """Have something begun, and remember its number in this session under a name."""
    st.session_state[name] = begin()


def waiting(name: str) -> bool:
    """Tell whether something was wished for under this name."""
    return name in st.session_state


def watch(
    bench: Bench, name: str, saying: str, then: Callable[[str], object] = lambda _: None
) -> None:
    """Draw what becomes of a wish; `then` is told the id of what was made, and the page drawn anew."""
    if not waiting(name):
        return
    outcome = bench.outcome(st.session_state[name])
    if outcome is None:
        widgets.fragment(_look, every=_EVERY)(bench, name, saying)
        return
    del st.session_state[name]
    if not outcome.made:
        widgets.failed(SoundproofError(outcome.reason, hint=outcome.hint))
        return
    then(outcome.made)
    st.rerun()


def _look(bench: Bench, name: str, saying: str) -> None:
    if bench.outcome(st.session_state[name]) is not None:
        st.rerun()
    st.text(saying, width="stretch")
