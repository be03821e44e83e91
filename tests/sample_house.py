"""A small invented library behind the `House` port, for the tests of what people see."""

import io
import math
import wave
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest.brief import Briefing
from ingest.finding import Given
from ingest.ports import Found, Progress
from kb import passages
from kb.adapters.extractive_drafter import ExtractiveDrafter
from kb.artefacts import FolderArtefacts
from kb.corrections import Corrections
from kb.drafting.critic import RuleCritic
from kb.drafting.desk import Desk
from kb.drafting.making import Drafting
from kb.drafting.proof import Proof
from kb.errors import SourceError
from kb.indexes import Indexes
from kb.jobs import Job, State
from kb.library import SqlLibrary
from kb.models import (
    Answer,
    Brief,
    Chapter,
    Citation,
    Claim,
    Entry,
    Episode,
    Filters,
    Hit,
    Mark,
    Notes,
    Origin,
    Passage,
    Person,
    Role,
    Segment,
    Show,
    Tier,
    Transcript,
    Unit,
)
from kb.relabelling import Relabelling
from kb.search import Search
from kb.steps import Asked, Steps
from tests.fakes import FakeEmbedder, FakeVectorIndex, FakeWordIndex
from ui import stock
from ui.bench import Bench
from ui.intake import Intake
from ui.once import Once
from ui.stock import Stock

HOSTILE = "![x](https://canary.example/title.png) <img src=https://canary.example/html.png>"
SECONDS = 6
TURNS = 60

_SHOW = Show("night-desk", "The Night Desk")
_TALK = [
    ("Mara Quill", "Everybody shows a benchmark, and nobody shows the failures."),
    ("Jonas Feld", "A benchmark that leaked into training measures memory. We threw ours away."),
    ("Mara Quill", "So what did you do instead of the old test?"),
    ("Jonas Feld", "We wrote forty new cases every month, and we kept them in a drawer."),
]


def _segments() -> tuple[Segment, ...]:
    return tuple(
        Segment(text, speaker, start=n * SECONDS, end=(n + 1) * SECONDS - 0.5)
        for n in range(TURNS)
        for speaker, text in [_TALK[n % len(_TALK)]]
    )


def _episode(key: str, title: str, **more: object) -> Episode:
    return Episode(key, f"document:night-desk|{key}", title, _SHOW, **more)  # type: ignore[arg-type]


EVALS = _episode(
    "evals-1",
    "Evaluations that nobody leaked",
    published=date(2025, 3, 9),
    duration=360.0,
    summary="Why a test set belongs in a drawer.",
    people=(
        Person("Jonas Feld", Role.GUEST, "Head of evaluation at Lathe"),
        Person("Mara Quill", Role.HOST),
    ),
    chapters=(Chapter("The leak", 0), Chapter("The drawer", 180)),
    tiers=(Tier.NOTES, Tier.TRANSCRIPT),
)
UNHEARD = _episode(
    "tao-2",
    "Open weights, closed books",
    published=date(2024, 11, 20),
    link="https://podcasts.example/tao-2",
    tiers=(Tier.TRANSCRIPT,),
)
BRIEFED = _episode("brief-3", HOSTILE, tiers=(Tier.BRIEF,), link="https://podcasts.example/3")

DOCUMENTS: Mapping[tuple[str, Tier], tuple[Segment, ...]] = {
    ("evals-1", Tier.TRANSCRIPT): _segments(),
    ("evals-1", Tier.NOTES): (
        Segment("(0:00) The leak", start=0, end=180, line=1),
        Segment("(3:00) The drawer", start=180, end=360, line=2),
    ),
    ("tao-2", Tier.TRANSCRIPT): (
        Segment("We publish the weights. We keep the books.", "Ada", 864, 873, exact=False),
        Segment("And the subnet pays for it.", "Ben", 873, 880, exact=False),
    ),
    ("brief-3", Tier.BRIEF): (
        Segment("Overview", line=1),
        Segment(f"The guest argues for open tests. {HOSTILE}", line=2),
    ),
}


_ORIGIN = Origin("file", "sample")


def _documents(episode_id: str) -> Mapping[Tier, Transcript | Notes | Brief]:
    """Make an episode's documents of its segments."""
    made: dict[Tier, Transcript | Notes | Brief] = {}
    for (owner, tier), segments in DOCUMENTS.items():
        if owner != episode_id:
            continue
        if tier is Tier.TRANSCRIPT:
            made[tier] = Transcript(segments, _ORIGIN, "en")
        elif tier is Tier.NOTES:
            made[tier] = Notes(segments, _ORIGIN)
        else:
            text = segments[1].text
            made[tier] = Brief(text, (), "", (), (), (), (), (), (), segments, _ORIGIN)
    return made


def fill(library: SqlLibrary, playback: str | None = None) -> SqlLibrary:
    """Save the sample's episodes, oldest first."""
    for episode in (BRIEFED, UNHEARD, replace(EVALS, playback=playback)):
        documents = _documents(episode.id)
        cut = [
            passage
            for tier, document in documents.items()
            for passage in passages.cut(episode.id, tier, document.segments)
        ]
        library.save(Entry(episode, documents, tuple(cut)))
    return library


@cache
def _folder() -> TemporaryDirectory[str]:
    """Make the folder of the libraries that nobody writes to; it goes with the process."""
    return TemporaryDirectory(prefix="soundproof-sample-")


@cache
def _shelf(name: str, playback: str | None = None, *, filled: bool = True) -> SqlLibrary:
    folder = Path(_folder().name) / name
    folder.mkdir()
    opened = SqlLibrary(f"sqlite:///{folder / 'library.sqlite'}", folder)
    return fill(opened, playback) if filled else opened


@dataclass(slots=True)
class FakeTaker:
    """A `Taker` that notes what it was given."""

    taken: list[Found] = field(default_factory=list[Found])

    def send(self, found: Found) -> Job:
        self.taken.append(found)
        return _job(found.episode.title)


def _job(title: str) -> Job:
    return Job(title, "", "", title, State.WAITING, "", None, 1, "", "", None, 0.0, None, 0.0)


def find_nothing(
    origin: str, *, latest: int = 5, given: Given | None = None
) -> Iterator[Progress | Found]:
    """Stand in for a pipeline that knows no source."""
    del latest, given
    raise SourceError(f"{origin} is nothing that can be read", hint="Try another address.")


@dataclass(frozen=True, slots=True)
class FakeHouse:
    """A `House` that knows two answers: about benchmarks, and about books (not on the record)."""

    library: SqlLibrary

    @property
    def relabelling(self) -> Relabelling:
        return Relabelling(self.library)

    @property
    def corrections(self) -> Corrections:
        return Corrections(self.library)

    @property
    def desk(self) -> Desk:
        return Desk(self.library, _proof(self.library))

    def critic(self) -> RuleCritic:
        return RuleCritic(self.library)

    @property
    def floor(self) -> "FakeFloor":
        return _floor(self)

    def find(self, words: str, filters: Filters, *, limit: int) -> list[Hit]:
        hits = [
            Hit(passage, episode, 1.0)
            for episode in self.library.episodes(filters)
            for passage in self.library.passages_of(episode.id, unit=Unit.SENTENCE)
            if words.casefold() in passage.text.casefold()
        ]
        return hits[:limit]

    def suggestions(self) -> tuple[str, ...]:
        return ("Why throw a benchmark away?", "Who keeps the books?", HOSTILE)

    def ask(self, question: str, filters: Filters) -> Answer:
        if "benchmark" not in question or filters.person == "Mara Quill":
            near = _passage("tao-2", Tier.TRANSCRIPT, 1)
            return Answer(
                question,
                (),
                (),
                nearest=(Hit(near, UNHEARD, 0.3),),
                reason=f"Nobody in the library speaks of this. {HOSTILE}",
            )
        return Answer(
            question,
            (
                Claim(_passage("evals-1", Tier.TRANSCRIPT, 51).text, Mark.QUOTED, (1,)),
                Claim("New cases were written every month.", Mark.SUPPORTED, (2, 3)),
                Claim("This may hold elsewhere too.", Mark.UNSUPPORTED),
            ),
            (
                _citation(1, EVALS, Tier.TRANSCRIPT, 51),
                _citation(2, UNHEARD, Tier.TRANSCRIPT, 0),
                _citation(3, BRIEFED, Tier.BRIEF, 1),
            ),
            remarks=("One statement of the model had no source and was left out.",),
        )


def _passage(episode_id: str, tier: Tier, number: int) -> Passage:
    segments = DOCUMENTS[episode_id, tier]
    sentences = passages.cut(episode_id, tier, segments)
    return next(s for s in sentences if s.unit is Unit.SENTENCE and s.first == number)


def _citation(number: int, episode: Episode, tier: Tier, sentence: int) -> Citation:
    passage = _passage(episode.id, tier, sentence)
    return Citation(
        number,
        passage.id,
        passage.span,
        tier,
        passage.text,
        passage.first,
        passage.last,
        episode.title,
        episode.show.title,
        speaker=passage.speaker,
        line=passage.line,
        link=episode.link,
    )


@dataclass(frozen=True, slots=True)
class FakeFloor:
    """A `Floor` over the sample: it takes in nothing, and drafts from what is there."""

    house: FakeHouse
    intake: Intake
    bench: Bench
    stock: Once[Stock]

    def asked(self, question: str, filters: Filters, revision: int, *, anew: bool) -> Asked:
        del revision, anew
        answer = self.house.ask(question, filters)
        return Asked(answer, Steps(3, 12, len(answer.claims)))


@cache
def _floor(house: FakeHouse) -> FakeFloor:
    drafting = _drafting(house.library)
    intake = Intake(lambda: find_nothing, FakeTaker, Path(_folder().name) / "uploads")
    library = house.library
    briefing = Briefing(library, FakeEmbedder, Corrections(library).variants)
    bench = Bench(
        drafting=lambda: drafting,
        desk=lambda: house.desk,
        briefing=lambda: briefing,
        landed=lambda: None,
    )
    return FakeFloor(house, intake, bench, Once(library.revision, lambda: stock.taken(library)))


def _proof(library: SqlLibrary) -> Proof:
    return Proof(library, Corrections(library).variants)


def _drafting(library: SqlLibrary) -> Drafting:
    """Draft without a model, over indexes in memory."""
    indexes = Indexes(library, FakeEmbedder(), FakeWordIndex(), FakeVectorIndex())
    plain = ExtractiveDrafter()
    return Drafting(_proof(library), plain, plain, lambda: Search(indexes))


def house(playback: str | None = None) -> FakeHouse:
    """Give the whole sample; `playback` is the hash of the first episode's audio."""
    return FakeHouse(_shelf(f"sample-{playback}", playback))


def fresh_house(folder: Path, playback: str | None = None) -> FakeHouse:
    """Give a sample of its own, for tests that change it."""
    folder.mkdir(parents=True, exist_ok=True)
    opened = SqlLibrary(f"sqlite:///{folder / 'library.sqlite'}", folder)
    return FakeHouse(fill(opened, playback))


def empty_house() -> FakeHouse:
    """Give a house without an episode."""
    return FakeHouse(_shelf("empty", filled=False))


def keep_audio(folder: Path) -> str:
    """Keep six minutes of a quiet tone under `folder` and give its hash."""
    rate, sound = 8000, io.BytesIO()
    second = bytes(int(128 + 20 * math.sin(2 * math.pi * 200 * n / rate)) for n in range(rate))
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(rate)
        file.writeframes(second * 360)
    return FolderArtefacts(folder).put(sound.getvalue())
