"""A draft in hand: its sentences with their marks, edited, criticised and exported."""

import streamlit as st

from kb.drafting import critic, receipts
from kb.drafting.desk import Edit, Kept
from kb.drafting.evidence import Evidence
from kb.errors import NotFoundError, SoundproofError
from kb.models import Passage
from ui import cards, cards_drafts, widgets
from ui.ports import House

_SENTENCE = "draft-sentence"
_KEEP, _OWN, _CHOSEN = "Keep its sources", "None: it is my own view", "The passages I chose"


def draft(house: House, wanted: str) -> list[cards.Card]:
    """Draw a kept draft, and give its sources."""
    st.button("← All drafts", on_click=widgets.acting(_close), type="tertiary")
    try:
        kept = house.desk.open(wanted)
    except SoundproofError as error:
        widgets.failed(error)
        return []
    made = kept.draft
    about = f"{cards_drafts.KINDS[made.kind]} · {kept.person} · {made.writer}"
    told = (about, *made.remarks, cards_drafts.share(made))
    widgets.citations("draft-title", title=made.title, remarks=told)
    for number, (title, lines) in enumerate(cards_drafts.parts(made)):
        widgets.citations(f"part-{number}", title=title, lines=lines, edit=_ask_about)
    _dialog(house, kept)
    _add(house, kept)
    _ways_out(house, kept)
    return cards_drafts.sources(made, house.desk.proof.lost(made))


def chosen(house: House) -> list[cards.Card]:
    """Give the passages that were chosen for the next draft."""
    evidence, found = Evidence(house.library), list[cards.Card]()
    for query in widgets.picked():
        try:
            for each in evidence.chosen([query]):
                found.append(cards_drafts.chosen(query, each.sentences, each.episode.title))
        except NotFoundError:
            found.append(cards_drafts.gone(query))
    return found


def _close() -> None:
    st.query_params.clear()


# Sentences


def _ask_about(sentence: str) -> None:
    st.session_state[_SENTENCE] = int(sentence)


def _dialog(house: House, kept: Kept) -> None:
    number: int | None = st.session_state.pop(_SENTENCE, None)
    if number is not None and number <= len(kept.draft.claims):
        widgets.dialog(f"Sentence {number}", _edit, wide=True)(house, kept, number)


def _edit(house: House, kept: Kept, number: int) -> None:
    claim = kept.draft.claims[number - 1]
    text = st.text_area("Sentence", claim.text, key=f"edit-{kept.id}-{number}")
    offered = [_KEEP, _OWN, *([_CHOSEN] if widgets.picked() else [])]
    sources = st.radio("It rests on", offered, key="edit-sources")
    fewer = st.checkbox("Even if the draft then makes fewer points", key="edit-fewer")
    with st.container(horizontal=True):
        saves = st.button("Save", type="primary", key="edit-save")
        drops = st.button("Take it out", key="edit-drop")
    words = "" if drops else text or ""
    if (saves or drops) and widgets.tried(
        lambda: house.desk.edit(kept.id, Edit(number, words, _cited(house, sources)), fewer=fewer)
    ):
        st.rerun()


def _cited(house: House, sources: str | None) -> tuple[Passage, ...] | None:
    if sources == _CHOSEN:
        return Evidence(house.library).cited(widgets.picked())
    return () if sources == _OWN else None


def _add(house: House, kept: Kept) -> None:
    titles = list(dict.fromkeys(part.title for part in kept.draft.parts))
    with (
        st.expander("Add a sentence"),
        st.form("add-sentence", border=False, clear_on_submit=True),
    ):
        part = st.selectbox("Part", titles) if titles else ""
        text = st.text_area("Sentence", key="add-sentence-text")
        sources = st.radio("It rests on", [_OWN, _CHOSEN], key="add-sentence-sources")
        sent = st.form_submit_button("Add")
    words = text or ""
    if (
        sent
        and words.strip()
        and widgets.tried(
            lambda: house.desk.add(kept.id, words, _cited(house, sources) or (), part=part or "")
        )
    ):
        st.rerun()


# Ways out


def _ways_out(house: House, kept: Kept) -> None:
    made = receipts.markdown(kept.draft, house.desk.proof)
    with st.container(horizontal=True):
        st.download_button(
            "Export as Markdown", made.text, f"{kept.id}.md", "text/markdown", on_click="ignore"
        )
        criticised = st.button("Let a critic object")
        with st.popover("Delete"):
            st.text("The draft is gone for good then.")
            if st.button("Delete this draft", key="delete-draft"):
                house.desk.delete(kept.id)
                _close()
                st.rerun()
    if made.left_out:
        st.text(
            f"Sentences that an export leaves out, for a quote that nobody said: {made.left_out}",
            width="stretch",
        )
    if criticised:
        _criticised(house, kept)


def _criticised(house: House, kept: Kept) -> None:
    try:
        with st.spinner("Reading it…"):
            told = critic.review(house.critic(), kept.draft, most=kept.points)
    except SoundproofError as error:
        widgets.failed(error)
        return
    for line in cards_drafts.review(told):
        st.text(line, width="stretch")
