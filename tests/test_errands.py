"""What is done beside the pages: in turn, told of whatever becomes of it, and ended with the process."""

import subprocess
import sys
from threading import Barrier, Event

import pytest

from tests.conftest import ROOT
from ui.errands import Errands

_HELD = """
from threading import Event
from ui.errands import Errands
began = Event()
Errands("test", at_once=1).begin(lambda: (began.set(), Event().wait()))
assert began.wait(20)
print("over")
"""


def test_what_was_begun_is_done_in_turn() -> None:
    errands, done = Errands("test", at_once=1), list[int]()
    for number in range(20):
        errands.begin(lambda number=number: done.append(number))  # type: ignore[misc]
    errands.settle()

    assert done == list(range(20))


def test_so_many_are_done_at_once() -> None:
    errands, meet = Errands("test", at_once=3), Barrier(3, timeout=10)
    doing = [errands.begin(meet.wait) for _ in range(3)]

    assert {each.result(10) for each in doing} == {0, 1, 2}


def test_a_fault_is_told_to_whoever_asks_and_the_next_is_done() -> None:
    errands = Errands("test", at_once=1)
    broken, whole = errands.begin(lambda: 1 // 0), errands.begin(lambda: 1)
    errands.settle()

    with pytest.raises(ZeroDivisionError):
        broken.result()
    assert whole.result() == 1


def test_something_can_be_begun_after_all_was_settled() -> None:
    errands, done = Errands("test", at_once=1), Event()
    errands.settle()
    errands.begin(done.set)
    errands.settle()

    assert done.is_set()


def test_a_process_ends_while_something_is_under_way() -> None:
    program = [sys.executable, "-c", _HELD]

    ended = subprocess.run(program, cwd=ROOT, check=True, timeout=30, stdout=subprocess.PIPE)

    assert ended.stdout == b"over\n"
