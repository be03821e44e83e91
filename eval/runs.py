"""A contestant on a question set: each question scored, kept as JSON, read back strictly."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from eval import means, measures, suites
from eval.means import Mean
from eval.measures import Record, Tried
from eval.ports import Answerer
from eval.suites import Asked, Roster, Suite
from kb.errors import DocumentError, SourceError
from kb.models import Answer, Hit, Mark, Span
from kb.ports import Library
from kb.text import fault

DEPTH = 60
"""Passages to look through: as a rule more than `RETURNED` words."""
RETURNED = 2_000
"""Words of passages that are kept."""

Scored = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of an episode, called what its manifest or the set calls it; times where it has them."""

    episode: str
    start: float | None
    end: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one question; `cluster` is shared by questions on the same episodes."""

    id: str
    refused: bool
    answer: str
    citations: tuple[Stretch, ...]
    passages: tuple[Stretch, ...]
    cluster: str
    scores: Mapping[str, Scored]


@dataclass(frozen=True, slots=True)
class Run:
    """A contestant's lines on a set, with all that says which contestant and which set."""

    contestant: str
    fingerprint: str
    settings: Mapping[str, str]
    suite: str
    digest: str
    lines: tuple[Line, ...] = field(repr=False)

    @property
    def measures(self) -> list[str]:
        """Name the measures that some question was scored by, in the order in which they are shown."""
        return [name for name in measures.NAMES if any(name in each.scores for each in self.lines)]

    def mean(self, measure: str) -> Mean:
        """Average a measure over the questions that ask for it."""
        lines = [each for each in self.lines if measure in each.scores]
        return means.share(
            [each.scores[measure] for each in lines], [each.cluster for each in lines]
        )


def lines(
    suite: Suite,
    answerer: Answerer,
    library: Library,
    *,
    called: Mapping[str, str] | None = None,
) -> Iterator[Line]:
    """Ask a set, one question after the other; for `called` see `eval.suites.roster`.

    Raises:
        NotFoundError: the set, or `called`, names an episode that is not in the library.
        WriterError: the contestant's model failed.
    """
    known = suites.roster(library, called=called)
    suite, record = suites.settled(suite, known), Record(library)
    clusters = means.clusters([(each.id, each.episodes) for each in suite.questions])
    for asked in suite.questions:
        tried = attempt(asked, answerer)
        yield Line(
            asked.id,
            tried.answer.abstained,
            shown(tried.answer),
            tuple(_stretch(each.span, each.text, known) for each in tried.answer.citations),
            tuple(_passages(tried.hits, known)),
            clusters[asked.id],
            measures.score(tried, record),
        )


def attempt(asked: Asked, answerer: Answerer) -> Tried:
    """Let a contestant find and answer."""
    hits = answerer.find(asked.text, limit=DEPTH)
    return Tried(asked, tuple(hits), answerer.answer(asked.text))


def whole(suite: Suite, answerer: Answerer, tried: Sequence[Line]) -> Run:
    """Put the lines of a contestant together."""
    made = answerer.contestant
    settings = dict(made.settings)
    return Run(made.name, made.fingerprint, settings, suite.name, suite.digest, tuple(tried))


def shown(answer: Answer) -> str:
    """Write an answer as text, a claim a line; whoever is quoted is named before the words."""
    speakers = {each.number: each.speaker for each in answer.citations}
    said = list[str]()
    for claim in answer.claims:
        who = speakers.get(claim.citations[0]) if claim.citations else None
        named = who and claim.mark is Mark.QUOTED
        said.append(f"{who}: {claim.text}" if named else claim.text)
    return "\n".join(said)


def written(run: Run) -> str:
    """Write a run as JSON, for `load`."""
    return _adapter().dump_json(run, indent=1).decode() + "\n"


def load(path: Path) -> Run:
    """Read a kept run.

    Raises:
        SourceError: the file cannot be read.
        DocumentError: it is no kept run, or a damaged one.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read: {(error.strerror or 'unknown').lower()}",
            hint="Keep a run first: soundproof eval run SUITE --out FILE",
        ) from error
    try:
        return _adapter().validate_json(content)
    except ValidationError as error:
        raise DocumentError(
            f"{path.name} is no kept run: {fault(error)}",
            hint="Make it anew: soundproof eval run SUITE --out FILE",
        ) from error


def as_json(line: Line) -> bytes:
    """Write what a contestant gave for a question, for a scorer of one's own: one line of JSON."""
    return TypeAdapter(dict[str, object]).dump_json(
        {key: value for key, value in asdict(line).items() if key not in ("cluster", "scores")}
    )


@cache
def _adapter() -> TypeAdapter[Run]:
    return TypeAdapter(Run)


def _passages(hits: Sequence[Hit], known: Roster) -> Iterator[Stretch]:
    """Give what was found up to `RETURNED` words in all; the last one is cut to fit."""
    left = RETURNED
    for hit in hits:
        ends = [each.end() for each in re.finditer(r"\S+", hit.passage.text)][:left]
        if not ends:
            return
        left -= len(ends)
        yield _stretch(hit.passage.span, hit.passage.text[: ends[-1]], known)


def _stretch(span: Span, text: str, known: Roster) -> Stretch:
    return Stretch(known.names.get(span.episode_id, span.episode_id), span.start, span.end, text)
