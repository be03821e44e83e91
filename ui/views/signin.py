"""What stands before all pages where people sign in: the way in, and the word to those who may not."""

import time

import streamlit as st

from ui import identity, widgets
from ui.signin import Gate, Standing

_SAID = {
    Standing.OUT: "Sign in to go on.",
    Standing.EXPIRED: "Your last sign-in was too long ago. Sign in again to go on.",
}


def admitted(gate: Gate | None) -> bool:
    """Tell whether the visitor may see the pages; draw the way in for whoever may not, yet."""
    widgets.guard(gate)
    if gate is None:
        return True
    claims = st.user.to_dict()
    standing = gate.standing(claims, time.time())
    if standing is Standing.IN:
        return True
    st.title("Soundproof")
    if standing is Standing.STRANGER:
        st.text(
            f"{identity.of(claims) or 'Whoever you are'}: nobody of that name may come in here."
        )
        st.button("Sign out", on_click=st.logout)
    else:
        st.text(_SAID[standing])
        st.button("Sign in", type="primary", on_click=st.login)
    return False
