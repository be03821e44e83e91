"""The pages of the app and the one house behind them."""

from collections.abc import Callable

import streamlit as st

from kb import settings
from kb.errors import SoundproofError
from ui import signin as guard
from ui import widgets, wiring
from ui.ports import House
from ui.signin import Gate
from ui.views import arena, ask, board, drafts, episode, jobs, library, signin


def main(house: Callable[[], House], gate: Gate | None = None) -> None:
    """Open the house and draw the page that the address names; known errors are said there.

    Where there is a gate, whoever it does not let in gets the way in, and no page.
    """
    icon = str(widgets.ASSETS / "icon.svg")
    st.set_page_config("Soundproof", icon, layout="wide")
    st.html(widgets.ASSETS / "app.css")
    st.logo(icon)
    if not signin.admitted(gate):
        return
    pages = [
        st.Page(lambda: ask.show(house()), title="Ask", url_path="ask", default=True),
        st.Page(lambda: library.show(house()), title="Library", url_path="library"),
        st.Page(lambda: episode.show(house()), title="Episode", url_path="episode"),
        st.Page(lambda: drafts.show(house()), title="Drafts", url_path="drafts"),
        st.Page(lambda: arena.show(house()), title="Arena", url_path="arena"),
        st.Page(lambda: board.show(house()), title="Board", url_path="board"),
        st.Page(lambda: jobs.show(house()), title="Jobs", url_path="jobs"),
    ]
    page = st.navigation(pages, position="top")
    turned = widgets.turned()
    if turned:
        to, place = turned
        st.switch_page(next(each for each in pages if each.url_path == to), query_params=place)
    try:
        page.run()
    except SoundproofError as error:
        widgets.failed(error)


@st.cache_resource(show_spinner=False)
def _house() -> House:
    # mypy knows that a cached property is one; pyright does not.
    return wiring.house()  # pyright: ignore[reportReturnType]


@st.cache_resource(show_spinner=False)
def _gate() -> Gate | None:
    return guard.gate(settings.load())


if __name__ == "__main__":
    main(_house, _gate())
