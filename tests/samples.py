"""Invented episodes, small enough to know by heart."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from kb import identity, passages
from kb.jobs import Job, State
from kb.models import (
    Brief,
    Chapter,
    Entry,
    Episode,
    Notes,
    Origin,
    Person,
    Role,
    Segment,
    Show,
    Tier,
    Transcript,
)

Documents = Mapping[Tier, Transcript | Notes | Brief]
SECONDS = 6.0
"""Length of every turn."""


def transcript(*turns: tuple[str | None, str]) -> Transcript:
    """Give a timed transcript of (speaker, text) turns."""
    segments = tuple(
        Segment(text, speaker, n * SECONDS, (n + 1) * SECONDS)
        for n, (speaker, text) in enumerate(turns)
    )
    return Transcript(segments, Origin("file", "talk.vtt"), "en")


def notes(*lines: str) -> Notes:
    """Give show notes, line by line."""
    segments = tuple(Segment(line, line=n) for n, line in enumerate(lines, 1))
    return Notes(segments, Origin("file", "notes.txt"))


def entry(episode: Episode, documents: Documents) -> Entry:
    """Cut the documents as the pipeline does."""
    held = replace(episode, tiers=tuple(tier for tier in Tier if tier in documents))
    cut = [
        passage
        for tier, document in documents.items()
        for passage in passages.cut(held.id, tier, document.segments)
    ]
    return Entry(held, documents, tuple(cut))


def episode(title: str, show: str, *, published: date | None = None) -> Episode:
    """Give an episode with its identity worked out."""
    key = identity.document_key(show, title)
    return Episode(
        id=identity.episode_id(key, title),
        key=key,
        title=title,
        show=Show(identity.slug(show), show),
        published=published,
    )


MARA, JONAS, INES = "Mara Quill", "Jonas Feld", "Ines Okafor"

LEAKS = entry(
    replace(
        episode("Evaluations that nobody leaked", "The Night Desk", published=date(2025, 3, 9)),
        link="https://podcasts.example/leaks",
        audio_url="https://cdn.example/leaks.mp3",
        duration=36.0,
        summary="Why a test set belongs in a drawer.",
        people=(Person(MARA, Role.HOST), Person(JONAS, Role.GUEST, "Head of evaluation at Lathe")),
        chapters=(Chapter("The leak", 0, 18), Chapter("The drawer", 18)),
        warnings=("two minutes are silent",),
    ),
    {
        Tier.TRANSCRIPT: transcript(
            (MARA, "Everybody shows a benchmark, and nobody shows the failures."),
            (JONAS, "A benchmark that leaked into training measures memory. We threw ours away."),
            (MARA, "So what did you do instead of the old test?"),
            (JONAS, "We wrote 40 new cases every month at Lathe. We kept them in a drawer."),
            (MARA, "And did Databricks ever ask for them?"),
            (JONAS, "They asked twice. The answer was no."),
        ),
        Tier.NOTES: notes("Jonas Feld on leaks", "- The drawer method", "- Forty cases a month"),
    },
)
COSTS = entry(
    replace(
        episode("What a label costs", "Second Opinion", published=date(2024, 11, 20)),
        people=(Person(INES, Role.GUEST),),
    ),
    {
        Tier.TRANSCRIPT: transcript(
            (INES, "Each label cost us 3.50 dollars in March. By June it was half of that."),
            (None, "The wholesale price of onions fell as well."),
            (INES, "Labels are not getting cheaper by themselves. Somebody at Lathe pays."),
        )
    },
)
CLOSED = entry(
    episode("Closed books", "The Night Desk"),
    {Tier.NOTES: notes("Why the subnet keeps its books closed", "- Tokens for validators")},
)
ALL = (LEAKS, COSTS, CLOSED)

JOB = Job(
    id="talk-1",
    parcel="ab" * 32,
    origin="https://cdn.example/1.mp3",
    title="Talk",
    state=State.WAITING,
    step="",
    fraction=None,
    attempt=1,
    reason="",
    hint="",
    episode_id=None,
    created=0,
    started=None,
    updated=0,
)
