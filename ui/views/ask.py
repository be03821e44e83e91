"""Ask: a question, the answer with its sources beside it, and the player at the second."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from kb.errors import NotFoundError
from kb.models import Answer, Episode, Filters, Tier
from ui import cards, places, widgets
from ui.ports import House

_EARLIEST = date(2000, 1, 1)
"""Before podcasts; Streamlit would offer no more than the last ten years."""


def show(house: House) -> None:
    """Draw the page."""
    episodes = house.library.episodes(Filters())
    if not episodes:
        widgets.empty()
        return
    question, filters = _form(episodes)
    # Columns and player keep their places in every run, so that what plays is never taken down.
    left, right = st.columns([3, 2], gap="medium")
    with right:
        opened, beside = st.container(), st.container()
    with opened:
        _open(house)
    with left:
        if not question:
            _suggest(house)
            return
        with st.spinner("Searching the library…"):
            answer = _answer(question, filters, house.library.revisions(), house)
        _draw(answer)
    with beside:
        _sources(answer)


def _open(house: House) -> None:
    if place := widgets.place():
        try:
            widgets.player(places.turn_to(house.library, place))
        except NotFoundError as error:
            widgets.failed(error)


def _form(episodes: list[Episode]) -> tuple[str, Filters]:
    with st.form("ask", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            question = st.text_input(
                "Question",
                key=widgets.QUESTION,
                bind="query-params",
                placeholder="What do you want to know?",
                label_visibility="collapsed",
            )
            st.form_submit_button("Ask")
        with st.expander("Filters"):
            filters = _filters(episodes)
    return (question or "").strip(), filters


def _filters(episodes: list[Episode]) -> Filters:
    shows = {episode.show.id: episode.show.title for episode in episodes}
    people = sorted({person.name for episode in episodes for person in episode.people})
    first, second = st.columns(2)
    show = first.selectbox(
        "Show", sorted(shows), None, format_func=lambda key: shows[key], placeholder="Any show"
    )
    person = second.selectbox("Person", people, None, placeholder="Anyone")
    since = first.date_input("From", None, _EARLIEST, format="YYYY-MM-DD")
    until = second.date_input("Until", None, _EARLIEST, format="YYYY-MM-DD")
    tiers = st.segmented_control(
        "Evidence",
        list(reversed(Tier)),
        format_func=lambda tier: cards.TIERS[tier],
        selection_mode="multi",
    )
    return Filters(show, person, since, until, frozenset(tiers))


def _suggest(house: House) -> None:
    st.subheader("Ask your podcasts", anchor=False)
    st.text("Every sentence of the answer can be played.", width="stretch")
    listed = [cards.suggestion(question) for question in house.suggestions()]
    widgets.citations("suggestions", listed=listed, plain=True)


@st.cache_data(show_spinner=False, max_entries=64)
def _answer(question: str, filters: Filters, revisions: Mapping[str, int], _house: House) -> Answer:
    """Answer a question once for each state of the library, not at every click on the page."""
    del revisions
    return _house.ask(question, filters)


def _draw(answer: Answer) -> None:
    if answer.abstained:
        st.subheader("Not on the record", anchor=False)
        st.text(answer.reason, width="stretch")
    lines = [cards.line(claim, answer) for claim in answer.claims]
    if lines or answer.remarks:
        widgets.citations("claims", lines=lines, remarks=answer.remarks)


def _sources(answer: Answer) -> None:
    listed = [cards.source(citation) for citation in answer.citations]
    listed += [cards.near(hit) for hit in answer.nearest]
    if listed:
        st.caption("Came closest" if answer.abstained else "Sources")
        widgets.citations("sources", listed=listed)
