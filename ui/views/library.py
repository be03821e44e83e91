"""Library: the episodes, and one of them with its player, chapters and documents."""

import streamlit as st

from kb.models import Episode, Filters, Person
from ui import cards, places, widgets
from ui.places import Place
from ui.ports import House


def show(house: House) -> None:
    """Draw the page."""
    episodes = house.library.episodes(Filters())
    if not episodes:
        widgets.empty()
    elif place := widgets.place():
        _episode(house, place)
    else:
        _list(episodes)


def _list(episodes: list[Episode]) -> None:
    wanted = st.text_input(
        "Search titles", type="search", placeholder="Search titles", label_visibility="collapsed"
    )
    words = (wanted or "").casefold().split()
    found = [each for each in episodes if all(word in each.title.casefold() for word in words)]
    st.caption(f"Episodes: {len(found)} of {len(episodes)}" if words else f"Episodes: {len(found)}")
    widgets.citations("episodes", listed=[cards.shelved(episode) for episode in found])
    with st.expander("Add an episode"):
        st.code("soundproof add talk.mp3", language=None)


def _episode(house: House, place: Place) -> None:
    st.button("← All episodes", on_click=widgets.close, type="tertiary")
    episode = house.library.episode(place.episode_id)
    tiers = sorted(episode.tiers, key=lambda tier: tier.strength, reverse=True)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _about(episode)
    with right:
        page = places.turn_to(house.library, place)
        if len(tiers) > 1:
            chosen = st.segmented_control(
                "Document",
                tiers,
                default=page.tier,
                format_func=lambda tier: cards.TIERS[tier],
                label_visibility="collapsed",
            )
            page = places.turn_to(house.library, place, chosen)
        widgets.player(page, chapters=True)


def _about(episode: Episode) -> None:
    st.text(episode.summary or episode.title, width="stretch")
    for person in episode.people:
        st.text(_person(person), width="stretch")
    for remark in cards.remarks(episode):
        st.text(f"Note: {remark}", width="stretch")


def _person(person: Person) -> str:
    return " · ".join(filter(None, (person.name, person.role.value, person.about)))
