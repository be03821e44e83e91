"""Who speaks and what was meant: speakers renamed, names corrected, each change undone again."""

import streamlit as st

from kb.corrections import Correction, State
from kb.errors import NotFoundError
from kb.models import Episode, Passage, Tier, Unit
from ui import cards_episode, widgets
from ui.ports import House

_LINE = "naming-line"
_ALL, _ONE = "All turns of this speaker", "Only the line"
_HERE, _EVERYWHERE = "This episode", "Everywhere"


# Speakers


def ask_about(line: str) -> None:
    """Have a speaker's name asked for, at a line of the transcript."""
    st.session_state[_LINE] = int(line)


def dialog(house: House, episode: Episode) -> None:
    """Ask for the name of the speaker of the line that a person chose."""
    first: int | None = st.session_state.pop(_LINE, None)
    turn = _turn(house, episode, first) if first is not None else []
    if turn:
        widgets.dialog("Who says this?", _asked)(house, episode, turn)


def _turn(house: House, episode: Episode, first: int) -> list[Passage]:
    said = house.library.passages_of(episode.id, unit=Unit.SENTENCE, tier=Tier.TRANSCRIPT)
    turns = {each.first: each.turn for each in said}
    return [each for each in said if each.turn == turns.get(first)]


def _asked(house: House, episode: Episode, turn: list[Passage]) -> None:
    line = st.selectbox("Line", turn, format_func=cards_episode.said)
    name = st.text_input("Name of the speaker", line.speaker or "", key="naming-name")
    scope = st.radio("Rename", [_ALL, _ONE], key="naming-scope")
    if not st.button("Rename", type="primary", key="naming-save"):
        return
    relabelling, person = house.relabelling, widgets.person()
    if widgets.tried(
        lambda: (
            relabelling.rename(episode.id, line.speaker, name or "", person=person)
            if scope == _ALL
            else relabelling.rename_line(episode.id, line.first, name or "", person=person)
        )
    ):
        st.rerun()


def speakers(house: House, episode: Episode) -> None:
    """Draw who speaks, and take a new name for all turns of one."""
    try:
        labels = house.relabelling.labels(episode.id)
    except NotFoundError as error:
        widgets.failed(error)
        return
    with st.form("speakers", border=False):
        label = st.selectbox("Speaker", list(labels), format_func=cards_episode.speaker)
        name = st.text_input("New name", key="speakers-name")
        sent = st.form_submit_button("Rename all turns")
    st.caption("One line alone: “Rename” beside it in the transcript.")
    if sent and widgets.tried(
        lambda: house.relabelling.rename(episode.id, label, name or "", person=widgets.person())
    ):
        st.rerun()
    for each in house.relabelling.all(episode.id):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(cards_episode.renaming(each), width="stretch")
            if st.button("Undo", key=f"undo-{episode.id}-{each.number}"):
                house.relabelling.undo(episode.id, each.number)
                st.rerun()


# Names


def names(house: House, episode: Episode) -> None:
    """Draw the corrections of an episode, suggestions first, and take a new one."""
    known = house.corrections.all(episode_id=episode.id)
    for state, title in (
        (State.SUGGESTED, "Suggested"),
        (State.ACCEPTED, "Corrected"),
        (State.REJECTED, "Rejected"),
    ):
        found = [each for each in known if each.state is state]
        if found:
            st.caption(title)
        for each in found:
            _decide(house, episode, each)
    with st.form("correction", border=False, clear_on_submit=True):
        heard = st.text_input("What was heard", key="correct-heard")
        meant = st.text_input("What was meant", key="correct-meant")
        scope = st.radio("Where", [_HERE, _EVERYWHERE], horizontal=True, key="correct-where")
        sent = st.form_submit_button("Correct")
    where = episode.id if scope == _HERE else ""
    if sent and widgets.tried(
        lambda: house.corrections.correct(
            heard or "", meant or "", episode_id=where, person=widgets.person()
        )
    ):
        st.rerun()


def _decide(house: House, episode: Episode, each: Correction) -> None:
    corrections, person = house.corrections, widgets.person()
    key = " ".join(each.place)
    with st.container(border=True):
        st.text(cards_episode.correction(each), width="stretch")
        if each.evidence:
            listed = cards_episode.evidence(each, episode.id)
            widgets.citations(f"shown-{key}", listed=listed, plain=True)
        with st.container(horizontal=True):
            accepts = each.state is not State.ACCEPTED and st.button("Accept", key=f"accept-{key}")
            rejects = each.state is not State.REJECTED and st.button("Reject", key=f"reject-{key}")
    act = corrections.accept if accepts else corrections.reject
    if (accepts or rejects) and widgets.tried(
        lambda: act(each.heard, each.name, episode_id=each.episode_id, person=person)
    ):
        st.rerun()
