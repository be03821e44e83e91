"""What is in the library, taken stock of once for each of its states, for every page."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from kb.library import SqlLibrary
from kb.models import Entry, Episode, Filters, Person, Role
from tests import sample_house
from tests.sample_house import EVALS
from tests.sample_work import WorkingHouse
from ui import stock
from ui.once import Once


class Watched(SqlLibrary):
    """A library that counts how often all its episodes are read."""

    reads = 0

    def episodes(self, filters: Filters) -> list[Episode]:
        self.reads += 1
        return super().episodes(filters)


HELD: list[WorkingHouse] = []
"""The house that the drawn pages look at."""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Watched]:
    st.cache_data.clear()
    opened = Watched(f"sqlite:///{tmp_path / 'library.sqlite'}", tmp_path)
    sample_house.fill(opened)
    HELD[:] = [WorkingHouse(opened)]
    yield opened
    opened.close()


def page(view: str) -> AppTest:
    script = f"from tests import test_stock; from ui.views import {view}; {view}.show(test_stock.HELD[0])"
    shown = AppTest.from_string(script).run(timeout=20)
    assert not shown.exception
    return shown


def crowd(library: SqlLibrary, names: int) -> None:
    """Save an episode of each of so many people, who all meet in another one."""
    people = tuple(Person(f"Guest {n:03}", Role.GUEST) for n in range(names))
    for n, each in enumerate((*((one,) for one in people), people)):
        episode = replace(EVALS, id=f"crowd-{n}", key=f"crowd|{n}", people=each, tiers=())
        library.save(Entry(episode, {}, ()))


def test_the_same_is_made_once_and_anew_when_the_library_changes() -> None:
    revision, made = [7], count()
    once = Once(lambda: revision[0], lambda: next(made))

    assert [once(), once()] == [0, 0]
    revision[0] = 8
    assert [once(), once()] == [1, 1]


def test_what_changes_while_it_is_made_has_it_made_again() -> None:
    revision, made = [7], count()

    def slowly() -> int:
        revision[0] = 8
        return next(made)

    once = Once(lambda: revision[0], slowly)

    assert [once(), once(), once()] == [0, 1, 1]


def test_many_threads_have_it_made_once() -> None:
    made = count()

    def slowly() -> int:
        time.sleep(0.02)
        return next(made)

    once = Once(lambda: 7, slowly)
    with ThreadPoolExecutor(8) as pool:
        given = [pool.submit(once) for _ in range(64)]

    assert {each.result() for each in given} == {0}


def test_stock_has_episodes_newest_first_their_shows_and_people(library: Watched) -> None:
    taken = stock.taken(library)

    assert taken.episodes == tuple(library.episodes(Filters()))
    assert taken.shows == {"night-desk": "The Night Desk"}
    assert taken.people == ("Jonas Feld", "Mara Quill")
    assert not taken.others


@pytest.mark.slow
def test_of_very_many_people_those_in_most_episodes_are_offered(library: Watched) -> None:
    crowd(library, stock.NAMED + 20)
    sample_house.fill(
        library
    )  # Jonas Feld and Mara Quill are in one episode, everybody else in two

    taken = stock.taken(library)

    assert len(taken.people) == stock.NAMED
    assert list(taken.people) == sorted(taken.people)
    assert not {"Jonas Feld", "Mara Quill"} & set(taken.people)
    assert taken.others


@pytest.mark.slow
def test_the_pages_read_the_episodes_once_for_all(library: Watched) -> None:
    for view in ("ask", "library", "episode", "ask"):
        page(view).run()
    assert library.reads == 1

    library.delete("tao-2")
    page("library")
    assert library.reads == 2


def test_a_person_who_is_not_offered_can_be_typed(
    library: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not page("ask").selectbox[1].proto.accept_new_options

    monkeypatch.setattr(stock, "NAMED", 1)
    library.delete("tao-2")
    shown = page("ask").selectbox[1]
    assert (shown.proto.accept_new_options, shown.options) == (True, ["Jonas Feld"])
