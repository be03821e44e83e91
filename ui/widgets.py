"""The components of our own, citations, player and sheet, and what else every page shows.

Anything heard or fetched reaches the page as `st.text` or as a component's data, whose script
sets `textContent`: Streamlit reads Markdown in most other places, and Markdown can fetch images.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec
from urllib.parse import parse_qsl, urlsplit

import streamlit as st
from streamlit.components.v2 import component

from kb.errors import NotFoundError, SoundproofError
from ui import cards, identity, places
from ui.places import Page, Place
from ui.ports import Shelf
from ui.sheet import Block
from ui.signin import Gate, Standing

ASSETS = Path(__file__).parent / "assets"
QUESTION = "q"
"""Key of the question: of its widget and in the address."""

_PLACE = ("ep", "t", "at", "said")
_PLAYS = "plays"
_PICKED = "picked"
_NEXT = "next"
_GATE = "gate"

_Given = ParamSpec("_Given")


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


_citations = component(
    "soundproof_citations",
    html=_asset("citations.html"),
    css=_asset("citations.css"),
    js=_asset("citations.js"),
)
_player = component(
    "soundproof_player",
    html=_asset("player.html"),
    css=_asset("player.css"),
    js=_asset("player.js"),
)
_sheet = component(
    "soundproof_sheet",
    html='<div class="sheet"></div>',
    css=_asset("sheet.css"),
    js=_asset("sheet.js"),
)


def citations(
    key: str,
    *,
    lines: Sequence[cards.Line] = (),
    remarks: Sequence[str] = (),
    listed: Sequence[cards.Card] = (),
    plain: bool = False,
    title: str = "",
    folded: bool = False,
    copy: str = "",
    edit: Callable[[str], object] | None = None,
) -> None:
    """Draw claims with their chips, remarks, then cards; following any of their links moves the page.

    A `folded` one shows its `title` alone until it is opened. `copy` is Markdown for the clipboard;
    `edit` is told which line a person wants to change.
    """
    _citations(
        key=key,
        data={
            "claims": [asdict(line) for line in lines],
            "remarks": list(remarks),
            "cards": [asdict(card) for card in listed],
            "plain": plain,
            "title": title,
            "folded": folded,
            "copy": copy,
            "picked": picked(),
        },
        on_followed_change=_told(key, "followed", _follow),
        on_picked_change=_told(key, "picked", pick),
        on_edited_change=_told(key, "edited", edit),
    )


def picked() -> list[str]:
    """Give the places that were chosen for a draft, as permalinks."""
    chosen: list[str] = st.session_state.get(_PICKED, [])
    return chosen


def pick(query: str) -> None:
    """Choose a place for a draft, or let it go again."""
    chosen = picked()
    without = [each for each in chosen if each != query]
    st.session_state[_PICKED] = [*chosen, query] if len(without) == len(chosen) else without


def clear_picked() -> None:
    """Let go of all that was chosen for a draft."""
    st.session_state[_PICKED] = []


def _follow(query: str) -> None:
    page, _, address = query.partition("?")
    params = dict(parse_qsl(address))
    if page:
        turn_to(page, params)
        return
    if QUESTION in params:
        st.session_state[QUESTION] = params[QUESTION]
    if "ep" in params:
        close()
        st.query_params.update({name: params[name] for name in _PLACE if name in params})
        # Each click is a new cue, so that the same citation can be heard again.
        st.session_state[_PLAYS] = st.session_state.get(_PLAYS, 0) + 1


def turn_to(page: str, params: Mapping[str, str]) -> None:
    """Have another page shown, at a place; what the session holds stays."""
    st.session_state[_NEXT] = [page, dict(params)]


def turned() -> tuple[str, dict[str, str]] | None:
    """Give the page that is to be shown next, once."""
    told: list[Any] | None = st.session_state.pop(_NEXT, None)
    return (told[0], told[1]) if told else None


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


def opened(shelf: Shelf, misheard: Callable[[str], Mapping[str, str]] = lambda _: {}) -> None:
    """Draw the player where the address names a place; `misheard` gives an episode's corrections."""
    found = place()
    if found is None:
        return
    try:
        page = places.turn_to(shelf, found)
        player(page, misheard=misheard(page.episode.id))
    except NotFoundError as error:
        failed(error)


def player(
    page: Page,
    *,
    chapters: bool = False,
    elsewhere: bool = True,
    misheard: Mapping[str, str] | None = None,
    rename: Callable[[str], object] | None = None,
) -> None:
    """Draw an episode's player and lines; it goes on playing while the page is drawn anew.

    `misheard` are the corrections that hold for it, `elsewhere` offers the episode's own page;
    `rename` is told the number of the first line of the turn whose speaker a person wants to name.
    """
    drawn = cards.player(page, chapters=chapters, misheard=misheard)
    plays: int = st.session_state.get(_PLAYS, 0)
    cue = f"{plays} {page.episode.id} {page.tier} {drawn.first} {drawn.last} {drawn.seconds}"
    asked_for = plays > 0 and page.marked is not None
    here = Place(page.episode.id, page.seconds, page.marked)
    told = {
        "cue": cue,
        "play": asked_for,
        "page": f"episode{here.query}" if elsewhere else "",
        "naming": rename is not None,
    }

    _player(
        key="player",
        data={**asdict(drawn), **told},
        on_followed_change=_told("player", "followed", _follow),
        on_named_change=_told("player", "named", rename),
    )


def sheet(key: str, blocks: Sequence[Block], act: Callable[[str], object] | None = None) -> None:
    """Draw blocks of plain text; `act` is told what the button that was pressed stands for."""
    drawn = {"blocks": [asdict(block) for block in blocks]}
    _sheet(key=key, data=drawn, on_acted_change=_told(key, "acted", act))


def guard(gate: Gate | None) -> None:
    """Have a gate asked, from now on in this session, wherever a page is not drawn whole."""
    st.session_state[_GATE] = gate


def fragment(draw: Callable[_Given, object], *, every: float | None) -> Callable[_Given, None]:
    """Have a part of a page drawn again by itself, every so many seconds where they are given."""
    return st.fragment(_guarded(draw), run_every=every)


def dialog(
    title: str, draw: Callable[_Given, object], *, wide: bool = False
) -> Callable[_Given, None]:
    """Have something asked before the page, in a box of its own."""
    return st.dialog(title, width="large" if wide else "small")(_guarded(draw))


def acting(act: Callable[_Given, object]) -> Callable[_Given, None]:
    """Guard what a widget calls, which is before the page is drawn: it is not done for who is out."""

    @wraps(act)
    def careful(*given: _Given.args, **named: _Given.kwargs) -> None:
        if _let_in():
            act(*given, **named)

    return careful


def _guarded(draw: Callable[_Given, object]) -> Callable[_Given, None]:
    """Guard what is drawn again by itself: for whoever is out the whole page is, with the way in."""

    @wraps(draw)
    def careful(*given: _Given.args, **named: _Given.kwargs) -> None:
        if not _let_in():
            st.rerun()
        draw(*given, **named)

    return careful


def _told(key: str, event: str, act: Callable[[str], object] | None) -> Callable[[], None]:
    """Give what hands on to `act` what a component said."""

    def tell() -> None:
        if act is not None:
            act(getattr(st.session_state[key], event))

    return acting(tell)


def _let_in() -> bool:
    gate: Gate | None = st.session_state.get(_GATE)
    return gate is None or gate.standing(st.user.to_dict(), time.time()) is Standing.IN


def person() -> str:
    """Name whoever looks at the page: votes and drafts carry that name."""
    return identity.person(st.user.to_dict())


def home() -> str:
    """Give the address of the app as the reader's browser has it, "" where that is unknown."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else ""


def tried(act: Callable[[], object]) -> bool:
    """Do something that may be refused; tell whether it was done, and say why not."""
    try:
        act()
    except SoundproofError as error:
        failed(error)
        return False
    return True


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
