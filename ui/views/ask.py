"""Ask: a conversation, each answer with its sources beside it, and the player at the second."""

from collections.abc import Sequence
from datetime import date
from functools import cache

import streamlit as st

from kb import markdown, renewal
from kb.models import Answer, Filters, Tier
from kb.renewal import Renewed
from kb.steps import Asked
from ui import cards, cards_ask, talk, widgets
from ui.cards_ask import Misheard
from ui.ports import House
from ui.stock import Stock
from ui.talk import Plain, Turn

_EARLIEST = date(2000, 1, 1)
"""Before podcasts; Streamlit would offer no more than the last ten years."""
_TALK = "talk"


def show(house: House) -> None:
    """Draw the page."""
    revision = house.library.revision()
    stock = house.floor.stock()
    if not stock.episodes:
        widgets.empty()
        return
    question, filters, sent = _form(stock)
    # Columns and player keep their places in every run, so that what plays is never taken down.
    left, right = st.columns([3, 2], gap="medium")
    with right:
        opened, beside = st.container(), st.container()
    with opened:
        widgets.opened(house.library, house.corrections.misheard)
    turns = _turns()
    misheard = cache(house.corrections.misheard)
    if question:
        with left:
            before, turns = turns, talk.said(turns, Turn(question, filters, revision), again=sent)
            with st.spinner("Searching the library…"):
                anew = sent or turns != before
                asked, now = _answer(turns[-1], revision, house, anew=anew)
            st.session_state[_TALK] = [turn.plain for turn in turns]
            _draw(asked, now, misheard)
        with beside:
            _sources(now, misheard)
        turns = turns[:-1]
    else:
        with left:
            _suggest(house)
    _earlier(turns, revision, house, misheard, unfold=not question)


def _turns() -> tuple[Turn, ...]:
    kept: list[Plain] = st.session_state.get(_TALK, [])
    return tuple(map(Turn.of, kept))


def _form(stock: Stock) -> tuple[str, Filters, bool]:
    with st.form("ask", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            question = st.text_input(
                "Question",
                key=widgets.QUESTION,
                bind="query-params",
                placeholder="What do you want to know?",
                label_visibility="collapsed",
            )
            sent = st.form_submit_button("Ask")
        with st.expander("Filters"):
            filters = _filters(stock)
    return (question or "").strip(), filters, sent


def _filters(stock: Stock) -> Filters:
    first, second = st.columns(2)
    show = first.selectbox(
        "Show",
        sorted(stock.shows),
        None,
        format_func=lambda key: stock.shows[key],
        placeholder="Any show",
    )
    person = second.selectbox(
        "Person",
        stock.people,
        None,
        placeholder="Anyone: choose or type a name" if stock.others else "Anyone",
        accept_new_options=stock.others,
    )
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


def _answer(
    turn: Turn, revision: int, house: House, *, anew: bool = False
) -> tuple[Asked, Renewed]:
    """Give what was answered then, and the same with its citations as they are now."""
    asked = house.floor.asked(turn.question, turn.filters, turn.revision, anew=anew)
    return asked, _renewed(asked.answer, revision, house)


@st.cache_data(show_spinner=False, max_entries=256)
def _renewed(answer: Answer, revision: int, _house: House) -> Renewed:
    """Look the citations up once for each state of the library."""
    del revision
    return renewal.renewed(answer, _house.library)


def _draw(asked: Asked, now: Renewed, misheard: Misheard) -> None:
    answer = now.answer
    if answer.abstained:
        st.subheader("Not on the record", anchor=False)
        st.text(answer.reason, width="stretch")
    widgets.citations(
        "claims",
        lines=cards_ask.lines(answer, misheard),
        remarks=answer.remarks,
        copy=markdown.answer(answer, home=widgets.home()),
    )
    st.caption(cards_ask.steps(asked.steps))


def _sources(now: Renewed, misheard: Misheard) -> None:
    if listed := cards_ask.sources(now, misheard):
        st.caption("Came closest" if now.answer.abstained else "Sources")
        widgets.citations("sources", listed=listed)


def _earlier(
    turns: Sequence[Turn], revision: int, house: House, misheard: Misheard, *, unfold: bool
) -> None:
    """Draw what was asked before, newest first; `unfold` opens the newest."""
    if not turns:
        return
    st.subheader("Earlier", anchor=False)
    for number, turn in reversed(list(enumerate(turns))):
        _, now = _answer(turn, revision, house)
        widgets.citations(
            f"earlier-{number}",
            title=turn.question,
            folded=not (unfold and number == len(turns) - 1),
            lines=cards_ask.lines(now.answer, misheard),
            remarks=(*cards_ask.verdict(now.answer), *now.answer.remarks),
            listed=cards_ask.sources(now, misheard),
        )
