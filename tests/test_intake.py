"""What people send to the app: looked at beside the pages, kept under a harmless name, queued."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.finding import Given
from ingest.ports import Found, Progress
from kb.errors import SourceError
from kb.jobs import Job
from kb.models import Episode, Show
from tests.sample_house import FakeTaker
from ui.intake import Intake, Look, Stage, filename

NOTHING = Given()


@dataclass(slots=True)
class FakeFinder:
    """Finds one episode at anything whose name does not say otherwise; notes what it was asked."""

    asked: list[tuple[str, int, Given | None]] = field(
        default_factory=list[tuple[str, int, Given | None]]
    )
    read: list[bytes] = field(default_factory=list[bytes])

    def __call__(
        self, origin: str, *, latest: int = 5, given: Given | None = None
    ) -> Iterator[Progress | Found]:
        self.asked.append((origin, latest, given))
        if "broken" in origin:
            raise SourceError("It is broken", hint="Mend it.")
        if "unforeseen" in origin:
            raise ZeroDivisionError
        yield Progress("read", origin)
        if "://" not in origin:
            self.read.append(Path(origin).read_bytes())
        if "empty" not in origin:
            yield Found(Episode("e", "k", "A talk", Show("s", "S")))


@dataclass(slots=True)
class SlowTaker(FakeTaker):
    """Takes an episode in only once it is told to go on."""

    packing: Event = field(default_factory=Event)
    packed: Event = field(default_factory=Event)

    def send(self, found: Found) -> Job:
        self.packing.set()
        assert self.packed.wait(30)
        return FakeTaker.send(self, found)


@pytest.fixture
def finder() -> FakeFinder:
    return FakeFinder()


@pytest.fixture
def taker() -> FakeTaker:
    return FakeTaker()


@pytest.fixture
def intake(finder: FakeFinder, taker: FakeTaker, tmp_path: Path) -> Intake:
    return Intake(lambda: finder, lambda: taker, tmp_path / "uploads")


def _settled(intake: Intake) -> Look:
    intake.settle()
    return intake.looks()[0]


def test_an_address_is_looked_at_and_its_episodes_are_queued(
    intake: Intake, finder: FakeFinder, taker: FakeTaker
) -> None:
    intake.address("  https://feeds.example/show.xml ", NOTHING, latest=3)
    look = _settled(intake)

    assert (look.stage, look.found) == (Stage.QUEUED, 1)
    assert [each.episode.title for each in taker.taken] == ["A talk"]
    assert finder.asked == [("https://feeds.example/show.xml", 3, NOTHING)]


@pytest.mark.parametrize(
    "address",
    ["", " ", "/etc/passwd", "file:///etc/passwd", "talk.mp3", "https://", "javascript:alert(1)"],
)
def test_only_addresses_of_the_web_are_addresses(
    intake: Intake, finder: FakeFinder, address: str
) -> None:
    with pytest.raises(SourceError, match="not an address"):
        intake.address(address, NOTHING, latest=1)

    assert finder.asked == []


def test_why_nothing_was_queued_is_told(intake: Intake) -> None:
    intake.address("https://a.example/broken", NOTHING, latest=1)

    look = _settled(intake)
    assert (look.stage, look.reason, look.hint) == (Stage.FAILED, "It is broken", "Mend it.")


def test_a_fault_that_nobody_foresaw_is_told_too(intake: Intake) -> None:
    intake.address("https://a.example/unforeseen", NOTHING, latest=1)

    assert _settled(intake).reason == "ZeroDivisionError"


def test_a_feed_without_episodes_says_so(intake: Intake) -> None:
    intake.address("https://a.example/empty", NOTHING, latest=1)

    assert _settled(intake).reason == "There is no episode in it"


def test_a_file_is_read_whole_and_gone_when_it_is_queued(
    intake: Intake, finder: FakeFinder, tmp_path: Path
) -> None:
    intake.file("../../My talk.VTT", io.BytesIO(b"WEBVTT"), NOTHING)
    _settled(intake)

    assert finder.read == [b"WEBVTT"]
    [(origin, _, _)] = finder.asked
    assert Path(origin).name == "My talk.vtt"
    assert Path(origin).is_relative_to(tmp_path / "uploads")
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_file_that_cannot_be_read_is_gone_too(intake: Intake, tmp_path: Path) -> None:
    intake.file("broken.txt", io.BytesIO(b"x"), NOTHING)

    assert _settled(intake).stage is Stage.FAILED
    assert list((tmp_path / "uploads").iterdir()) == []


def test_one_file_takes_the_title_that_was_given_and_several_keep_their_own(
    intake: Intake, finder: FakeFinder
) -> None:
    said = Given(title="A talk", show="A show")
    intake.files([("one.txt", io.BytesIO(b"1"))], said)
    intake.files([("two.txt", io.BytesIO(b"2")), ("three.txt", io.BytesIO(b"3"))], said)
    intake.settle()

    given_ = {Path(origin).name: given for origin, _, given in finder.asked}
    apart = Given(show="A show")
    assert given_ == {"one.txt": said, "two.txt": apart, "three.txt": apart}


def test_who_looks_does_not_wait_for_a_recording_to_be_packed(
    finder: FakeFinder, tmp_path: Path
) -> None:
    taker = SlowTaker()
    intake = Intake(lambda: finder, lambda: taker, tmp_path / "uploads")
    intake.file("a.mp3", io.BytesIO(b"x"), NOTHING)
    assert taker.packing.wait(10)

    looked = Thread(target=intake.looks)
    looked.start()
    looked.join(10)
    waited = looked.is_alive()
    taker.packed.set()
    intake.settle()

    assert not waited
    assert len(taker.taken) == 1


def test_what_a_killed_look_left_is_gone_at_the_next_start(tmp_path: Path) -> None:
    left = tmp_path / "home" / "uploads" / "left"
    left.mkdir(parents=True)
    (left / "talk.mp3").write_bytes(b"x")

    first = _tidied(tmp_path / "home")
    assert not left.exists()

    left.mkdir(parents=True)
    _tidied(tmp_path / "home")
    assert left.exists(), "another server is at work there"
    del first


def test_there_is_nothing_to_tidy_in_a_new_home(tmp_path: Path) -> None:
    _tidied(tmp_path / "home").text("Mara: Hello.\n", Given(title="A talk"))


def _tidied(home: Path) -> Intake:
    intake = Intake(FakeFinder, FakeTaker, home / "uploads")
    intake.tidy()
    return intake


def test_a_pasted_text_is_a_file_of_its_title(intake: Intake, finder: FakeFinder) -> None:
    intake.text("Mara: Hello.\n", Given(title="A talk / two"))
    _settled(intake)

    assert finder.read == [b"Mara: Hello.\n"]


@pytest.mark.parametrize(("text", "title"), [("", "A talk"), ("Hello.", ""), (" \n", "A talk")])
def test_a_pasted_text_needs_a_title_and_words(intake: Intake, text: str, title: str) -> None:
    with pytest.raises(SourceError, match="needs a title and words"):
        intake.text(text, Given(title=title))


def test_a_text_that_is_far_too_long_is_refused(intake: Intake) -> None:
    with pytest.raises(SourceError, match="too long"):
        intake.text("x" * 5_000_001, Given(title="A talk"))


def test_the_newest_looks_come_first_and_old_ones_go(intake: Intake) -> None:
    for number in range(30):
        intake.address(f"https://a.example/{number}", NOTHING, latest=1)
    intake.settle()

    assert [look.number for look in intake.looks()] == list(range(30, 10, -1))


@given(st.text())
def test_a_files_name_is_never_a_path(name: str) -> None:
    made = filename(name)

    assert Path(made).name == made
    assert made.strip(". ")
    assert len(made.encode()) < 255
    assert made.isprintable()
