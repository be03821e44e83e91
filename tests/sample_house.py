"""A small invented library behind the `House` port, for the tests of what people see."""

import io
import math
import wave
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kb import passages
from kb.artefacts import FolderArtefacts
from kb.errors import NotFoundError
from kb.models import (
    Answer,
    Chapter,
    Citation,
    Claim,
    Episode,
    Filters,
    Hit,
    Mark,
    Passage,
    Person,
    Role,
    Segment,
    Show,
    Tier,
    Unit,
)

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


@dataclass(frozen=True, slots=True)
class FakeShelf:
    """A `Shelf` over the documents above."""

    shelved: tuple[Episode, ...]

    def revisions(self) -> Mapping[str, int]:
        return {episode.id: 1 for episode in self.shelved}

    def episodes(self, filters: Filters) -> list[Episode]:
        return [each for each in self.shelved if filters.episode in (None, each.id)]

    def episode(self, episode_id: str) -> Episode:
        for episode in self.shelved:
            if episode.id == episode_id:
                return episode
        raise NotFoundError(f"No episode is called {episode_id}", hint="`soundproof list` helps.")

    def passages_of(
        self, episode_id: str, *, unit: Unit | None = None, tier: Tier | None = None
    ) -> list[Passage]:
        return [
            passage
            for (owner, kind), segments in DOCUMENTS.items()
            if owner == episode_id and tier in (None, kind)
            for passage in passages.cut(owner, kind, segments)
            if unit in (None, passage.unit)
        ]


@dataclass(frozen=True, slots=True)
class FakeHouse:
    """A `House` that knows two answers: about benchmarks, and about books (not on the record)."""

    library: FakeShelf

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


def house(playback: str | None = None) -> FakeHouse:
    """Give the whole sample; `playback` is the hash of the first episode's audio."""
    return FakeHouse(FakeShelf((replace(EVALS, playback=playback), UNHEARD, BRIEFED)))


def empty_house() -> FakeHouse:
    """Give a house without an episode."""
    return FakeHouse(FakeShelf(()))


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
