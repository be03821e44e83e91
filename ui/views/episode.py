"""Episode: its player and words, and beside them people, names, brief and exports."""

from functools import partial

import streamlit as st

from kb import export, versions
from kb.errors import NotFoundError
from kb.models import Brief, Episode, Tier
from ui import cards, cards_episode, places, printing_briefs, widgets
from ui.places import Page, Place
from ui.ports import House
from ui.views import naming, wishes

_LATEST = 10
_TABS = ("About", "Speakers", "Names", "Brief", "Export")


def show(house: House) -> None:
    """Draw the page."""
    place = widgets.place()
    if place is None:
        _choose(house)
        return
    try:
        page = places.turn_to(house.library, place)
    except NotFoundError as error:
        widgets.failed(error)
        _choose(house)
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _player(house, place, page)
    with right:
        _beside(house, page.episode)


def _choose(house: House) -> None:
    episodes = house.floor.stock().episodes
    if not episodes:
        widgets.empty()
        return
    st.caption("The newest episodes; the library has them all.")
    listed = [cards.shelved(each) for each in episodes[:_LATEST]]
    widgets.citations("latest", listed=listed)


def _player(house: House, place: Place, opened: Page) -> None:
    episode = opened.episode
    tiers = sorted(episode.tiers, key=lambda tier: tier.strength, reverse=True)
    chosen = opened.tier
    if len(tiers) > 1:
        chosen = st.segmented_control(
            "Document",
            tiers,
            default=opened.tier,
            format_func=lambda tier: cards.TIERS[tier],
            label_visibility="collapsed",
            key=f"document-{episode.id}",
        )
    renames = chosen is Tier.TRANSCRIPT
    widgets.player(
        opened if chosen is opened.tier else places.turn_to(house.library, place, chosen),
        chapters=True,
        elsewhere=False,
        misheard=house.corrections.misheard(episode.id),
        rename=naming.ask_about if renames else None,
    )
    naming.dialog(house, episode)


def _beside(house: House, episode: Episode) -> None:
    draws = (_about, naming.speakers, naming.names, _brief, _exports)
    tabs = st.tabs(list(_TABS), on_change="rerun", key="episode-tabs")
    for tab, draw in zip(tabs, draws, strict=True):
        if tab.open:
            with tab:
                draw(house, episode)


def _about(house: House, episode: Episode) -> None:
    st.text(episode.summary or episode.title, width="stretch")
    for person in episode.people:
        st.text(cards_episode.person(person), width="stretch")
    for remark in cards.remarks(episode):
        st.text(f"Note: {remark}", width="stretch")
    kept = versions.of(house.library, episode.id)
    if kept:
        st.caption("Versions")
        st.text("\n".join(map(cards_episode.version, kept)), width="stretch")


def _brief(house: House, episode: Episode) -> None:
    held = house.library.document(episode.id, Tier.BRIEF)
    if not isinstance(held, Brief):
        _unbriefed(house, episode)
        return
    variants = house.corrections.variants(episode.id)
    seals = printing_briefs.seals(house.library, episode, held, variants)
    misheard = house.corrections.misheard(episode.id)
    for number, (heading, lines) in enumerate(cards_episode.brief(held, seals, misheard)):
        widgets.citations(f"brief-{number}", title=heading, lines=lines)


def _unbriefed(house: House, episode: Episode) -> None:
    bench, name = house.floor.bench, f"brief-{episode.id}"
    st.text("This episode has no brief yet.", width="stretch")
    st.button(
        "Make its brief",
        key="make-brief",
        disabled=wishes.waiting(name),
        on_click=widgets.acting(wishes.wish),
        args=(name, partial(bench.brief, episode.id)),
    )
    wishes.watch(bench, name, "Making the brief…")


def _exports(house: House, episode: Episode) -> None:
    if Tier.TRANSCRIPT not in episode.tiers:
        st.text("There is no transcript to export.", width="stretch")
        return
    transcript = house.relabelling.transcript(episode.id)
    for name, title in cards_episode.formats(transcript).items():
        st.download_button(
            f"{title} (.{name})",
            export.FORMATS[name](episode, transcript),
            f"{episode.id}.{name}",
            on_click="ignore",
            key=f"export-{name}",
        )
