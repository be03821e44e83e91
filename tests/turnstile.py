"""A gate that tests shut while somebody is inside, and a page in parts that stands behind it."""

from collections.abc import Mapping

import streamlit as st

from ui import widgets
from ui.signin import Gate, Standing
from ui.views import signin

SECRET, DONE = "What is inside", list[str]()
"""What the page shows, and what its button did."""


class Turnstile(Gate):
    """Lets everybody in until it is shut; then each sign-in was too long ago."""

    shut = False

    def standing(self, claims: Mapping[str, object], now: float) -> Standing:
        del claims, now
        return Standing.EXPIRED if type(self).shut else Standing.IN


def page() -> None:
    """Draw a page with a part that is drawn again by itself, and a button."""
    if signin.admitted(Turnstile(frozenset(), hours=1)):
        st.button("Do it", on_click=widgets.acting(DONE.append), args=("done",))
        widgets.fragment(_part, every=1.0)()


def _part() -> None:
    st.text(SECRET)
