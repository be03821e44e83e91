"""The pages of the app and the one house behind them."""

from collections.abc import Callable

import streamlit as st

from kb.errors import SoundproofError
from ui import widgets, wiring
from ui.ports import House
from ui.views import ask, library


def main(house: Callable[[], House]) -> None:
    """Open the house and draw the page that the address names; known errors are said there."""
    icon = str(widgets.ASSETS / "icon.svg")
    st.set_page_config("Soundproof", icon, layout="wide")
    st.html(widgets.ASSETS / "app.css")
    st.logo(icon)
    pages = [
        st.Page(lambda: ask.show(house()), title="Ask", url_path="ask", default=True),
        st.Page(lambda: library.show(house()), title="Library", url_path="library"),
    ]
    page = st.navigation(pages, position="top")
    try:
        page.run()
    except SoundproofError as error:
        widgets.failed(error)


@st.cache_resource(show_spinner=False)
def _house() -> House:
    # mypy knows that a cached property is one; pyright does not.
    return wiring.house()  # pyright: ignore[reportReturnType]


if __name__ == "__main__":
    main(_house)
