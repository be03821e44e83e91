"""Answers made by hand over the invented episodes, and somebody who gives them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.models import Contestant
from kb import seal
from kb.models import Answer, Citation, Claim, Entry, Hit, Mark, Tier
from tests.fakes import FakeLibrary
from tests.samples import ALL, COSTS, LEAKS

FORTY, DRAWER = "We wrote 40 new cases every month at Lathe.", "We kept them in a drawer."
PRICE = "Each label cost us 3.50 dollars in March."


def library(folder: Path) -> FakeLibrary:
    """Give a library with all invented episodes."""
    made = FakeLibrary(folder)
    for each in ALL:
        made.save(each)
    return made


def hit(entry: Entry, place: str) -> Hit:
    """Give a passage as it is found, by the end of its id: `w4-5` is sentences 4 and 5 of the talk."""
    wanted = f"{entry.episode.id}/{Tier.TRANSCRIPT}/{place}"
    [found] = [each for each in entry.passages if each.id == wanted]
    return Hit(found, entry.episode, 1.0)


def citation(number: int, entry: Entry, *sentences: int) -> Citation:
    """Cite sentences of a talk that follow one another."""
    cited = [hit(entry, f"s{n}").passage for n in sentences]
    first = cited[0]
    return Citation(
        number,
        first.id,
        seal.joined([each.span for each in cited]),
        Tier.TRANSCRIPT,
        " ".join(each.text for each in cited),
        sentences[0],
        sentences[-1],
        entry.episode.title,
        entry.episode.show.title,
        speaker=first.speaker,
    )


def answer(*citations: Citation, claims: Sequence[Claim] = ()) -> Answer:
    """Answer in the words that are cited, or in other ones."""
    quoted = [Claim(each.text, Mark.QUOTED, (each.number,)) for each in citations]
    return Answer("What?", tuple(claims or quoted), citations)


def refusal() -> Answer:
    """Answer that it is not on the record."""
    return Answer("What?", (), (), reason="Nobody speaks of this.")


RIGHT = answer(citation(1, LEAKS, 4, 5))
WRONG = answer(citation(1, COSTS, 2))
FAKE = Contestant("fake", (("read", "16"),))


@dataclass(frozen=True, slots=True)
class FakeAnswerer:
    """Finds and answers what it was told to, by question; refuses anything else."""

    contestant: Contestant = FAKE
    hits: Mapping[str, Sequence[Hit]] = field(default_factory=dict[str, Sequence[Hit]])
    answers: Mapping[str, Answer] = field(default_factory=dict[str, Answer])

    def find(self, question: str, *, limit: int) -> Sequence[Hit]:
        return self.hits.get(question, ())[:limit]

    def answer(self, question: str) -> Answer:
        return self.answers.get(question, refusal())
