"""Drafts: a thesis or a post from a question or chosen passages, each sentence with its mark."""

import streamlit as st

from kb.drafting.making import Asked
from kb.drafting.style import measured
from kb.drafts import Kind
from kb.errors import NotFoundError, SoundproofError
from ui import cards, cards_drafts, places, widgets
from ui.ports import House
from ui.views import drafting

_EVERY = 1.0
"""Seconds between two looks while a draft is being made."""
_WISH = "draft-wish"
_MAKING = "Making the draft…"


def show(house: House) -> None:
    """Draw the page: one draft where the address names it, else those that are kept."""
    left, right = st.columns([3, 2], gap="medium")
    with right:
        opened, beside = st.container(), st.container()
    with opened:
        _open(house)
    wanted = st.query_params.get("draft")
    with left:
        shown = drafting.draft(house, wanted) if wanted else _desk(house)
    if shown:
        with beside:
            st.caption("Sources" if wanted else "Chosen passages")
            widgets.citations("draft-sources", listed=shown)


def _open(house: House) -> None:
    place = widgets.place()
    if place is None:
        return
    try:
        page = places.turn_to(house.library, place)
        widgets.player(page, misheard=house.corrections.misheard(page.episode.id))
    except NotFoundError as error:
        widgets.failed(error)


def _desk(house: House) -> list[cards.Card]:
    """Draw what can be asked for and what is kept; give the chosen passages."""
    if not house.library.revisions():
        widgets.empty()
        return []
    chosen = drafting.chosen(house)
    _wish(house, few=not chosen)
    _making(house)
    titles = house.desk.all()
    st.subheader("Kept drafts", anchor=False)
    if not titles:
        st.text("None yet.", width="stretch")
    widgets.citations("drafts", listed=cards_drafts.shelf(titles))
    return chosen


def _wish(house: House, *, few: bool) -> None:
    st.subheader("Make a draft", anchor=False)
    if few:
        st.text("Ask a question, or choose passages with “Use in a draft”.", width="stretch")
    with st.form("draft", border=False):
        kind = st.segmented_control(
            "What it is to be",
            list(Kind),
            default=Kind.THESIS,
            format_func=lambda each: cards_drafts.KINDS[each],
            required=True,
        )
        question = st.text_input("Question", key="draft-question")
        title = st.text_input("Title", key="draft-title", placeholder="the question, if not given")
        with st.expander("House style, for blog posts"):
            sample = st.text_area("Texts of your own, to write like", key="draft-style")
        sent = st.form_submit_button("Make the draft", type="primary")
    if sent:
        try:
            asked = Asked(question or "", tuple(widgets.picked()), title or "")
            style = measured([sample]) if sample and kind is Kind.BLOG else None
            made = house.floor.bench.begin(Kind(kind), asked, person=widgets.person(), style=style)
            st.session_state[_WISH] = made
        except SoundproofError as error:
            widgets.failed(error)


def _making(house: House) -> None:
    if _WISH in st.session_state:
        widgets.fragment(_wait, every=_EVERY)(house)


def _wait(house: House) -> None:
    number: int | None = st.session_state.get(_WISH)
    outcome = house.floor.bench.outcome(number) if number is not None else None
    if outcome is None:
        st.text(_MAKING, width="stretch")
        return
    if outcome.draft_id:
        del st.session_state[_WISH]
        widgets.clear_picked()
        widgets.turn_to("drafts", {"draft": outcome.draft_id})
        st.rerun()
    with st.container(border=True):
        st.text(outcome.reason, width="stretch")
        st.text(outcome.hint, width="stretch")
