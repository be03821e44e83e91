"""The two components of our own, the citations and the player, and what else every page shows.

Anything heard or fetched reaches the page as `st.text` or as a component's data, whose script
sets `textContent`: Streamlit reads Markdown in most other places, and Markdown can fetch images.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from urllib.parse import parse_qsl

import streamlit as st
from streamlit.components.v2 import component

from kb.errors import SoundproofError
from ui import cards, places
from ui.places import Page, Place

ASSETS = Path(__file__).parent / "assets"
QUESTION = "q"
"""Key of the question: of its widget and in the address."""

_PLACE = ("ep", "t", "at")
_PLAYS = "plays"


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


_citations = component(
    "soundproof_citations",
    html='<div class="claims"></div><ul class="cards"></ul>',
    css=_asset("citations.css"),
    js=_asset("citations.js"),
)
_player = component(
    "soundproof_player",
    html=_asset("player.html"),
    css=_asset("player.css"),
    js=_asset("player.js"),
)


def citations(
    key: str,
    *,
    lines: Sequence[cards.Line] = (),
    remarks: Sequence[str] = (),
    listed: Sequence[cards.Card] = (),
    plain: bool = False,
) -> None:
    """Draw claims with their chips, remarks, then cards; following any of their links moves the page."""
    _citations(
        key=key,
        data={
            "claims": [asdict(line) for line in lines],
            "remarks": list(remarks),
            "cards": [asdict(card) for card in listed],
            "plain": plain,
        },
        on_followed_change=lambda: _follow(st.session_state[key].followed),
    )


def _follow(query: str) -> None:
    params = dict(parse_qsl(query.removeprefix("?")))
    if QUESTION in params:
        st.session_state[QUESTION] = params[QUESTION]
    if "ep" in params:
        close()
        st.query_params.update({name: params[name] for name in _PLACE if name in params})
        # Each click is a new cue, so that the same citation can be heard again.
        st.session_state[_PLAYS] = st.session_state.get(_PLAYS, 0) + 1


def close() -> None:
    """Leave the open episode."""
    for name in _PLACE:
        if name in st.query_params:
            del st.query_params[name]


def place() -> Place | None:
    """Give the place that the address names."""
    found = places.read(st.query_params.to_dict())
    if found is None:
        st.session_state[_PLAYS] = 0
    return found


def player(page: Page, *, chapters: bool = False) -> None:
    """Draw an episode's player and lines; it goes on playing while the page is drawn anew."""
    drawn = cards.player(page, chapters=chapters)
    plays: int = st.session_state.get(_PLAYS, 0)
    cue = f"{plays} {page.episode.id} {page.tier} {drawn.first} {drawn.last} {drawn.seconds}"
    asked_for = plays > 0 and page.marked is not None
    _player(key="player", data={**asdict(drawn), "cue": cue, "play": asked_for})


def failed(error: SoundproofError) -> None:
    """Say what happened and what to do."""
    with st.container(border=True):
        st.text(str(error), width="stretch")
        st.text(error.hint, width="stretch")


def empty() -> None:
    """Say how the first episode gets in."""
    st.subheader("Nothing to ask about yet", anchor=False)
    st.markdown("Add a recording, a transcript, show notes or a feed, then come back:")
    st.code("soundproof add talk.mp3\nsoundproof add https://example.org/feed.xml", language=None)
