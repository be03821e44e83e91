"""Arena: two answers without their makers, a vote that is stored, then who made what."""

import streamlit as st

from eval import reveal
from eval.arena import NothingLeft
from eval.ballots import choice
from eval.models import Choice, Duel, Objection, Vote
from ui import cards_arena, widgets
from ui.ports import House
from ui.sheet import Heading, Lines

BATTLE = "battle"
"""The battle in the address: once judged, it is told there again after a reload."""

_SAID = "arena-said"
_TOGGLE, _BY_KEY = "arena-toggle", "arena-by-key"
_WORDS = {
    Choice.A: "A is better",
    Choice.B: "B is better",
    Choice.TIE: "A tie",
    Choice.BOTH_BAD: "Both bad",
}
_READS = {Choice.A: "A", Choice.B: "B", Choice.TIE: "A tie", Choice.BOTH_BAD: "Neither"}


def show(house: House) -> None:
    """Draw the page."""
    voter = widgets.person()
    # The vote is stored at the top of the run, before anything else of it is drawn.
    _cast(house, voter)
    battle = st.query_params.get(BATTLE, "")
    stands = house.polls.ballots.vote(voter, battle) if battle else None
    if stands is not None:
        _told(house, voter, battle, stands.choice)
        return
    drawn = house.polls.arena().draw(voter)
    if isinstance(drawn, NothingLeft):
        done = f"You have judged everything there is: {drawn.battles} battles."
        widgets.sheet("arena-done", [Heading(done), Lines(("The board says what came of it.",))])
        return
    st.query_params[BATTLE] = drawn.id
    _asked(house, drawn)


def _asked(house: House, duel: Duel) -> None:
    asked = "Which answer does its evidence support better?"
    widgets.sheet("arena-question", [Heading(duel.item.text, arrive=True), Lines((asked,))])
    _sides(duel)
    by_key = bool(st.session_state.get(_BY_KEY, True))
    with st.container(horizontal=True, key="arena-votes"):
        for key, (given, words) in enumerate(_WORDS.items(), 1):
            st.button(
                words,
                key=f"vote-{given.name}-{duel.id}",
                on_click=widgets.acting(_say),
                args=(duel.id, given.value),
                shortcut=str(key) if by_key else None,
            )
    _more(duel)
    # A key by itself may be pressed by mistake, or by what types for somebody: it can be turned off.
    st.toggle(
        "Vote with the keys 1 to 4", value=by_key, key=_TOGGLE, on_change=widgets.acting(_turn)
    )
    widgets.opened(house.library)


def _sides(duel: Duel, names: tuple[str, str] = ("", "")) -> None:
    """Draw the answers beside each other, with who made them once that may be told."""
    sides = ((Choice.A, duel.a), (Choice.B, duel.b))
    for column, name, (side, piece) in zip(st.columns(2, gap="medium"), names, sides, strict=True):
        with column:
            title = ": ".join(filter(None, (f"Answer {side.upper()}", name)))
            widgets.sheet(f"arena-title-{side}", [Heading(title, small=True)])
            widgets.citations(
                f"arena-{side}",
                lines=cards_arena.claims(piece),
                remarks=[piece.reason] if piece.reason else (),
                listed=cards_arena.evidence(piece),
            )


def _more(duel: Duel) -> None:
    """Offer what may be said with the vote; it is stored with it, so it comes first."""
    with st.expander("Say more with your vote (optional)"):
        st.segmented_control(
            "Which reads better?",
            list(Choice),
            format_func=_READS.__getitem__,
            key=f"reads-{duel.id}",
        )
        st.multiselect(
            "Citations that do not support what they stand behind",
            cards_arena.citation_names(duel),
            key=f"wrong-{duel.id}",
            placeholder="None",
        )
        st.text_input("Your reason", key=f"why-{duel.id}")


def _turn() -> None:
    """Remember the toggle, whose own state ends with the page that shows it."""
    st.session_state[_BY_KEY] = st.session_state[_TOGGLE]


def _say(battle: str, given: str) -> None:
    """Note what was pressed; what else was said is read now, as its widgets are gone in the next run."""
    state = st.session_state
    st.query_params[BATTLE] = battle
    state[_SAID] = (
        given,
        state.get(f"reads-{battle}"),
        tuple(state.get(f"wrong-{battle}", ())),
        state.get(f"why-{battle}", ""),
    )


def _cast(house: House, voter: str) -> None:
    said = st.session_state.pop(_SAID, None)
    battle = st.query_params.get(BATTLE, "")
    if said is None or house.polls.ballots.vote(voter, battle) is not None:
        return  # what was said of it in another tab stands
    given, reads, wrong, why = said
    house.polls.ballots.cast(
        Vote(
            voter=voter,
            battle_id=battle,
            choice=choice(given),
            reading=reads,
            reasons=tuple(filter(None, [why.strip()])),
            objections=tuple(Objection(Choice(each[0]), int(each[1:])) for each in wrong),
        )
    )


def _told(house: House, voter: str, battle: str, given: Choice) -> None:
    told = reveal.reveal(house.polls, voter, battle)
    said = cards_arena.chosen(told, given)
    widgets.sheet("arena-chosen", [Heading(said, arrive=True), Lines(("Your vote is stored.",))])
    by_key = bool(st.session_state.get(_BY_KEY, True))
    st.button(
        "Next battle",
        on_click=widgets.acting(_next),
        key="arena-next",
        shortcut="n" if by_key else None,
        type="primary",
    )
    widgets.sheet("arena-reveal", cards_arena.reveal(told))
    widgets.sheet("arena-question", [Heading(told.battle.duel.item.text)])
    _sides(told.battle.duel, (told.battle.a, told.battle.b))
    widgets.opened(house.library)


def _next() -> None:
    widgets.close()
    del st.query_params[BATTLE]
