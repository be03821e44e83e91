"""Library: add an episode, watch it land, and find what is there by title, person or words."""

from collections.abc import Sequence

import streamlit as st

from ingest.finding import Given
from kb.errors import SoundproofError
from kb.models import Episode, Filters, Hit
from ui import cards, cards_library, widgets
from ui.intake import MOST_MB
from ui.ports import House

_EVERY = 1.0
"""Seconds between two looks while something is in hand."""
_PAGE = 25
_PASSAGES = 8
_MANY = 100
"""Episodes of a feed that can be added at once here."""
_POLLED = "library-polled"


def show(house: House) -> None:
    """Draw the page; an episode that the address names has a page of its own."""
    if widgets.place():
        widgets.turn_to("episode", st.query_params.to_dict())
        st.rerun()
    revision = house.library.revision()
    episodes = house.floor.stock().episodes
    if not episodes:
        st.subheader("Nothing here yet", anchor=False)
        st.text("Add a recording, a transcript, show notes or a feed.", width="stretch")
    with st.expander("Add an episode", expanded=not episodes):
        _add(house)
    _work(house)
    if episodes:
        _shelf(episodes, revision, house)


# Adding


def _add(house: House) -> None:
    address, file, text = st.tabs(["Address", "File", "Text"])
    try:
        with address:
            _by_address(house)
        with file:
            _by_file(house)
        with text:
            _by_text(house)
    except SoundproofError as error:
        widgets.failed(error)


def _by_address(house: House) -> None:
    with st.form("address", border=False, clear_on_submit=True):
        url = st.text_input(
            "Address of a feed, an episode or a recording", placeholder="https://…", key="add-url"
        )
        latest = st.number_input("Of a feed: the newest", 1, _MANY, 5, key="add-latest")
        if st.form_submit_button("Add", key="add-address"):
            house.floor.intake.address(url or "", Given(), latest=int(latest))


def _by_file(house: House) -> None:
    with st.form("file", border=False, clear_on_submit=True):
        files = st.file_uploader(
            "Recordings, transcripts, notes or briefs",
            accept_multiple_files=True,
            max_upload_size=MOST_MB,
            key="add-files",
        )
        given = _given("file", "of a single file: several keep their own")
        if st.form_submit_button("Add", key="add-file"):
            house.floor.intake.files([(each.name, each) for each in files], given)


def _by_text(house: House) -> None:
    with st.form("text", border=False, clear_on_submit=False):
        text = st.text_area("A transcript or show notes", height=160, key="add-text")
        given = _given("text", "needed for a text")
        if st.form_submit_button("Add", key="add-pasted"):
            house.floor.intake.text(text or "", given)


def _given(key: str, when: str) -> Given:
    first, second = st.columns(2)
    title = first.text_input("Title", placeholder=when, key=f"add-title-{key}")
    show = second.text_input("Show", placeholder="if you like", key=f"add-show-{key}")
    return Given((title or "").strip() or None, (show or "").strip() or None)


# What is on its way


def _work(house: House) -> None:
    busy = _busy(house)
    st.session_state[_POLLED] = busy
    widgets.fragment(_live, every=_EVERY if busy else None)(house)


def _live(house: House) -> None:
    # A fragment is drawn again by itself, outside the page's own care for errors.
    try:
        widgets.sheet(
            "work", cards_library.work(house.floor.intake.looks(), house.jobs.jobs(limit=_PAGE))
        )
        over = bool(st.session_state[_POLLED]) and not _busy(house)
    except SoundproofError as error:
        widgets.failed(error)
        return
    if over:
        st.rerun()  # what landed is on the shelf


def _busy(house: House) -> bool:
    in_hand = any(not each.state.over for each in house.jobs.jobs(limit=1))
    return in_hand or cards_library.looking(house.floor.intake.looks())


# What is there


def _shelf(episodes: Sequence[Episode], revision: int, house: House) -> None:
    words = st.text_input(
        "Search titles, people and words",
        type="search",
        placeholder="Search titles, people and words",
        label_visibility="collapsed",
        key="library-words",
    )
    wanted = (words or "").strip()
    found = cards_library.named(episodes, wanted)
    told = f"Episodes: {len(found)} of {len(episodes)}" if wanted else f"Episodes: {len(found)}"
    st.caption(told)
    pages = max(1, -(-len(found) // _PAGE))
    page = st.pagination(pages, key="library-page") if pages > 1 else 1
    shown = found[(page - 1) * _PAGE : page * _PAGE]
    widgets.citations("episodes", listed=[cards.shelved(each) for each in shown])
    if wanted:
        with st.spinner("Searching what was said…"):
            hits = _said(wanted, revision, house)
        st.caption("Said in episodes" if hits else "Nobody says anything like it.")
        listed = [cards_library.heard(hit) for hit in hits]
        widgets.citations("passages", listed=listed)


@st.cache_data(show_spinner=False, max_entries=64)
def _said(words: str, revision: int, _house: House) -> list[Hit]:
    """Search once for each state of the library."""
    del revision
    return _house.find(words, Filters(), limit=_PASSAGES)
