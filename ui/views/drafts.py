"""Drafts: a thesis or a post from a question or chosen passages, each sentence with its mark."""

from functools import partial

import streamlit as st

from kb.drafting.making import Asked
from kb.drafting.style import measured
from kb.drafts import Kind
from kb.errors import SoundproofError
from ui import cards, cards_drafts, widgets
from ui.ports import House
from ui.views import drafting, wishes

_WISH = "draft-wish"


def show(house: House) -> None:
    """Draw the page: one draft where the address names it, else those that are kept."""
    left, right = st.columns([3, 2], gap="medium")
    with right:
        opened, beside = st.container(), st.container()
    with opened:
        widgets.opened(house.library, house.corrections.misheard)
    wanted = st.query_params.get("draft")
    with left:
        shown = drafting.draft(house, wanted) if wanted else _desk(house)
    if shown:
        with beside:
            st.caption("Sources" if wanted else "Chosen passages")
            widgets.citations("draft-sources", listed=shown)


def _desk(house: House) -> list[cards.Card]:
    """Draw what can be asked for and what is kept; give the chosen passages."""
    if not house.library.revisions():
        widgets.empty()
        return []
    chosen = drafting.chosen(house)
    _wish(house, few=not chosen)
    wishes.watch(house.floor.bench, _WISH, "Making the draft…", _open)
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
            draft = house.floor.bench.draft
            begin = partial(draft, Kind(kind), asked, person=widgets.person(), style=style)
            wishes.wish(_WISH, begin)
        except SoundproofError as error:
            widgets.failed(error)


def _open(draft_id: str) -> None:
    widgets.clear_picked()
    widgets.turn_to("drafts", {"draft": draft_id})
