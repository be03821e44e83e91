"""A library with something to draft of: three shows, one guest on all of them, a sponsor, a critic."""

import atexit
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from kb.adapters.extractive_drafter import ExtractiveDrafter
from kb.drafting.desk import Desk
from kb.drafting.making import Asked, Drafting
from kb.drafting.proof import Proof
from kb.drafts import Draft, Kind, Line, Order, Section
from kb.errors import WriterError
from kb.indexes import Indexes
from kb.library import SqlLibrary
from kb.models import Entry, Passage, Person, Role, Tier, Unit
from kb.ports import Library
from kb.search import Search
from tests.fakes import FakeEmbedder, FakeLibrary, FakeVectorIndex, FakeWordIndex
from tests.fakes_drafts import FakeDrafter
from tests.samples import ALL, JONAS, LEAKS, entry, episode, transcript

FORTY = "We wrote 40 new cases every month at Lathe."
DRAWER = "We kept them in a drawer."
QUESTION = "How does a held-out benchmark of new cases help Lathe?"
ANA, TEO = "Ana Brook", "Teo Marsh"


def guest(show: str, title: str, *turns: tuple[str | None, str]) -> Entry:
    """Give an episode of a show on which Jonas Feld speaks."""
    talk = episode(title, show, published=date(2026, 5, 4))
    people = (Person(JONAS, Role.GUEST, "Head of evaluation at Lathe"),)
    linked = replace(
        talk,
        people=people,
        link="https://podcasts.example/ep",
        audio_url=f"https://cdn.example/{talk.id}.mp3",
    )
    return entry(linked, {Tier.TRANSCRIPT: transcript(*turns)})


SPONSORED = guest(
    "Held Out",
    "The benchmark in the drawer",
    (ANA, "This episode is brought to you by Vexel Cloud."),
    (ANA, "Vexel Cloud runs every benchmark of new cases, go to vexel.com and use code HELD."),
    (ANA, "Let's get back to the show and to the benchmark of new cases."),
    (JONAS, "The problem is that a public benchmark is broken and hard to trust for new cases."),
    (JONAS, "At Lathe we built a held-out benchmark with new cases instead of the public one."),
    (ANA, "Held-out benchmarks of new cases grew fast and customers trust the results more."),
)
AGAINST = guest(
    "Second Look",
    "What a drawer cannot do",
    (TEO, "But a held-out benchmark of new cases fails, and the risk is that nobody can check it."),
    (JONAS, "A held-out benchmark of new cases helps Lathe, and it doubled our revenue in 2025."),
)
DRAFTED = (*ALL, SPONSORED, AGAINST)


@dataclass(frozen=True, slots=True)
class Drafted:
    """The library with its indexes, and what makes and keeps drafts."""

    library: SqlLibrary
    search: Search
    proof: Proof
    desk: Desk

    def drafting(self, drafter: FakeDrafter | None = None) -> Drafting:
        """Give what makes drafts, in verbatim sentences unless another drafter is given."""
        plain = ExtractiveDrafter()
        return Drafting(self.proof, drafter or plain, plain, lambda: self.search)

    def draft(self, kind: Kind = Kind.THESIS, text: str = QUESTION, **asked: object) -> Draft:
        """Draft without a model."""
        wanted = Asked(text, **asked)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
        return self.drafting().draft(kind, wanted)

    def passage(self, text: str) -> Passage:
        """Give the sentence of these words."""
        return sentence(self.library, text)

    def of(self, *texts: str, cited: Sequence[str] = (FORTY, DRAWER), own: bool = False) -> Draft:
        """Read sentences that cite these."""
        return read(self.proof, *texts, cited=cited, own=own)


def sentence(library: Library, text: str) -> Passage:
    """Give the sentence of these words."""
    held = (library.passages_of(each.episode.id, unit=Unit.SENTENCE) for each in DRAFTED)
    return next(each for passages in held for each in passages if each.text == text)


def read(
    proof: Proof, *texts: str, cited: Sequence[str] = (FORTY, DRAWER), own: bool = False
) -> Draft:
    """Check sentences that cite these."""
    places = () if own else tuple(sentence(proof.library, each) for each in cited)
    lines = tuple(Line(text, places, own=own) for text in texts)
    blank = Draft(Kind.THESIS, "Drawers", (), ())
    return proof.read(blank, [Section("Evidence for", lines)])


def remembered(folder: Path) -> Proof:
    """Give what checks drafts against the same episodes in memory."""
    library = FakeLibrary(folder)
    for each in DRAFTED:
        library.save(each)
    return Proof(library)


def drafted(folder: Path, entries: Sequence[Entry] = DRAFTED) -> Drafted:
    """Make a library in a folder and fill it."""
    made = opened(folder)
    for each in entries:
        made.library.save(each)
    return made


def opened(folder: Path) -> Drafted:
    """Open the library of a folder, with empty indexes."""
    library = SqlLibrary(f"sqlite:///{folder / 'library.sqlite'}", folder)
    search = Search(Indexes(library, FakeEmbedder(), FakeWordIndex(), FakeVectorIndex()))
    proof = Proof(library)
    return Drafted(library, search, proof, Desk(library, proof))


@cache
def _template() -> Path:
    """Make the library once; every test gets a copy of its own."""
    folder = Path(tempfile.mkdtemp(prefix="drafts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    drafted(folder).library.close()
    return folder


def copied(folder: Path) -> Drafted:
    """Give a filled library in a folder, without the half second that it takes to make one."""
    shutil.copytree(_template(), folder, dirs_exist_ok=True)
    return opened(folder)


def writes(*lines: str, part: str = "Evidence for", numbers: int = 1) -> FakeDrafter:
    """Give a drafter that writes these, each resting on the first excerpts' sentences."""

    def made(order: Order) -> tuple[Section, ...]:
        cited = tuple(one for each in order.excerpts[:numbers] for one in each.sentences)
        return (Section(part, tuple(Line(text, cited) for text in lines)),)

    return FakeDrafter(made)


def fails(message: str) -> FakeDrafter:
    """Give a drafter whose model failed."""
    return FakeDrafter(failure=WriterError(message, hint="Try a larger model."))


def marked(said: str) -> list[str]:
    """Give words between every kind of quotation marks, or in a block quote."""
    return [
        f'"{said}"',
        f"“{said}”",
        f"«{said}»",
        f"« {said} »",
        f"»{said}«",
        f"„{said}“",
        f"”{said}”",
        f"‹{said}›",
        f"'{said}'",
        f"‘{said}’",
        f"`{said}`",
        f"``{said}''",
        f",,{said}''",
        f"「{said}」",
        f"＂{said}＂",
        f"❝{said}❞",
        f"⟪{said}⟫",
        f"❮{said}❯",
        f"⹂{said}⹃",
        f"⸂{said}⸃",
        f"״{said}״",
        f"׳{said}׳",
        f"ʺ{said}ʺ",
        f"ˮ{said}ˮ",
        f"ʻ{said}ʼ",
        f"〃{said}〃",
        f"&quot;{said}&quot;",
        f"&ldquo;{said}&rdquo;",
        f"&amp;quot;{said}&amp;quot;",
        f"> {said}",
        f"&gt; {said}",
        f"<q>{said}</q>",
        f'\u202e"{said}"\u202c',
        f"『{said}』",
        f"〝{said}〞",
        f"⸉{said}⸊",
        f"ߵ{said}ߵ",
        f"&#34;{said}&#x22;",
    ]


TALK = LEAKS.episode.id
